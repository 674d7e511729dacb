"""An exercise in a notebook: a real IPython shell, driven cell by cell, and once a kernel."""

import atexit
import dataclasses
import json
import os
import subprocess
import sys
import tempfile

import nbformat
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbclient import NotebookClient
from traitlets.config import Config

from mldebt import units
from mldebt.build.source import code_cells, compose
from mldebt.check import Outcome, Status
from mldebt.check.source import marker
from mldebt.lab import exercise, trace
from mldebt.lab.feedback import CourseError, NotYet, box, inline
from mldebt.lab.progress import Progress, course_folder, steps_of

UNIT = units.load("03-keep-the-best")
OPEN = f'from mldebt.lab import exercise\n\nex = exercise("{UNIT.name}")'
GIVEN = 'model_versions = {"v1.0": 0.82, "v1.1": 0.85, "v2.0": 0.88, "v2.1": 0.90, "v3.0": 0.87}\nmax_versions = 3'
RIGHT = f"{marker('q1')}\n{UNIT.solutions['q1']}"
WRONG = RIGHT.replace("reverse=True", "reverse=False")
LETTER = f"{marker('q2')}\n{UNIT.solutions['q2']}"


class Ran:
    """What came of a cell: its text, its HTML, and the error that ended it."""

    def __init__(self, captured, result):
        self.data = [output.data for output in captured.outputs]
        self.text = "\n".join([*(data.get("text/plain", "") for data in self.data), captured.stdout])
        self.html = "\n".join(data.get("text/html", "") for data in self.data)
        self.error = result.error_before_exec or result.error_in_exec
        assert "Traceback" not in self.text or not isinstance(self.error, NotYet | CourseError)


class Notebook:
    """A learner's notebook: cells are run one by one, in a shell that a restart makes anew."""

    def __init__(self):
        self.restart()

    def restart(self):
        InteractiveShell.clear_instance()
        config = Config(HistoryManager={"enabled": False}, InteractiveShell={"colors": "nocolor", "xmode": "Minimal"})
        self.shell = InteractiveShell.instance(config=config)
        atexit.unregister(self.shell.atexit_operations)

    def run(self, *cells):
        for cell in cells:
            with capture_output() as captured:
                result = self.shell.run_cell(cell, store_history=True)
        return Ran(captured, result)

    def check(self, question="q1", ex="ex"):
        """Return what `check()` says."""
        return self.run(f"{ex}.{question}.check()")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder that the exercise lies in, below the learner's course folder."""
    (tmp_path / "exercises").mkdir()
    monkeypatch.chdir(tmp_path / "exercises")
    monkeypatch.delenv("MLDEBT_NO_PROGRESS", raising=False)
    return tmp_path


@pytest.fixture
def notebook(folder, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    hooks = sys.displayhook, sys.excepthook
    made = Notebook()
    made.run(OPEN, GIVEN)
    yield made
    InteractiveShell.clear_instance()
    sys.displayhook, sys.excepthook = hooks


def kept(folder):
    """Return what is kept as right."""
    path = folder / ".mldebt" / "progress" / f"{UNIT.name}.json"
    return json.loads(path.read_text())["right"] if path.exists() else []


def steps(done):
    return f"{done} / {len(steps_of(UNIT.name))} steps"


# --- check


def test_a_right_answer(notebook, folder):
    found = notebook.run(RIGHT, "ex.q1.check()")
    assert found.error is None
    assert "Right. q1, 3 / 3 points." in found.text
    assert steps(1) in found.text
    assert 'data-status="right"' in found.html
    assert UNIT.questions["q1"].praise in found.html
    assert kept(folder) == ["q1"]


def test_a_wrong_answer_is_a_short_message_and_an_exception(notebook, folder):
    found = notebook.run(WRONG, "ex.q1.check()")
    assert isinstance(found.error, NotYet)
    assert "lowest first" in str(found.error)
    assert "For a hint, run `ex.q1.hint()`." in str(found.error)
    assert found.error._render_traceback_() == [str(found.error)]
    assert str(found.error) in found.text
    assert 'data-status="wrong"' in found.html
    assert steps(0) in found.html
    assert kept(folder) == []


@pytest.mark.filterwarnings("ignore:To exit")
@pytest.mark.parametrize(
    ("cell", "said", "line"),
    [
        ("active_models = {n: model_versions[m] for n in 'ab'}", "NameError", "line 2: active_models = {n"),
        ("ranked = 1\nactive_models = ranked[0]", "TypeError", "line 3: active_models = ranked[0]"),
        ("active_models = {", "SyntaxError", "line 2: active_models = {"),
        ("def f():\n    return 1 / 0\nactive_models = f()", "ZeroDivisionError", "line 4: active_models = f()"),
        ("active_models = 1\nraise SystemExit", "SystemExit", "line 3: raise SystemExit"),
        ("def f():\n    return f()\nactive_models = f()", "RecursionError", "line 4: active_models = f()"),
    ],
)
def test_a_broken_answer_is_one_sentence_with_its_line(notebook, cell, said, line):
    notebook.run(RIGHT, f"{marker('q1')}\n{cell}")
    found = notebook.check()
    assert isinstance(found.error, NotYet)
    assert 'data-status="broke"' in found.html
    message, at, _ = str(found.error).split("\n")
    assert said in message
    assert at.startswith(f"Your {line}")


def test_an_interrupted_answer_was_stopped(notebook):
    notebook.run(RIGHT, f"{marker('q1')}\nactive_models = 1\nraise KeyboardInterrupt")
    found = notebook.check()
    assert 'data-status="timed out"' in found.html
    assert "was stopped before it came to an end" in str(found.error)
    assert "Your line 3: raise KeyboardInterrupt" in str(found.error)


def test_a_broken_answer_under_a_time_magic(notebook):
    notebook.run("%%time\nactive_models = 1\nactive_models = 1 / 0")
    found = notebook.check()
    assert "ZeroDivisionError" in str(found.error)
    assert "Your line 3: active_models = 1 / 0" in str(found.error)


def test_a_broken_answer_under_a_capture_magic(notebook):
    found = notebook.run("active_models = 1", "%%capture\nactive_models = 1 / 0", "", "ex.q1.check()")
    assert "ZeroDivisionError" in str(found.error)


@pytest.mark.parametrize("magic", ["%%time\n", "%%capture\n", "%%capture out --no-stderr\n"])
def test_an_answer_under_a_magic(notebook, magic):
    assert notebook.run(magic + RIGHT, "ex.q1.check()").error is None


def test_a_name_that_timeit_threw_away_is_not_there(notebook):
    found = notebook.run("%%timeit -n1 -r1\nactive_models = {}", "ex.q1.check()")
    assert 'data-status="not attempted"' in found.html


def test_magics_and_shell_lines_do_not_disturb(notebook):
    assert notebook.run("%config Application.verbose_crash", "!true", "?str", RIGHT, "ex.q1.check()").error is None
    assert notebook.run(f"x = 1\n%time y = 2\n{RIGHT}", "ex.q1.check()").error is None


def test_what_a_unit_lacks_is_said_when_its_exercise_is_opened(notebook, monkeypatch):
    module = sys.modules[type(exercise(UNIT.name)).__module__]  # its function of the same name hides it
    monkeypatch.setattr(module, "find", lambda name, release: dataclasses.replace(UNIT, extra="tables"))
    monkeypatch.setattr("mldebt.extra._installed", lambda name: False)
    said = notebook.run(OPEN).text
    assert "This unit also needs pandera. Run `%pip install" in said
    assert "[tables]" in said
    monkeypatch.setattr("mldebt.extra._installed", lambda name: True)
    assert "pandera" not in notebook.run(OPEN).text


def test_a_letter_without_quotes(notebook):
    notebook.run(OPEN, GIVEN, f"{marker('q2')}\nanswer_2 = D")
    error = notebook.check("q2").error
    assert "name 'D' is not defined" in str(error)
    assert 'Put the answer in quotes: `answer_2 = "D"`.' in str(error)


def test_two_equals_signs_give_no_value(notebook):
    notebook.run(OPEN, GIVEN, f"{marker('q2')}\nanswer_2 = ...", f"{marker('q2')}\nanswer_2 == 'D'")
    assert str(notebook.check("q2").error).startswith("`==` compares `answer_2` with something.")


def test_a_name_in_capitals(notebook):
    notebook.run(OPEN, GIVEN, f"{marker('q2')}\nANSWER_2 = 'D'")
    assert "Your cell makes `ANSWER_2`; the name asked for is `answer_2`" in str(notebook.check("q2").error)


def test_not_answered(notebook):
    found = notebook.check()
    assert "Not answered yet. q1, 0 / 3 points." in found.text
    assert isinstance(found.error, NotYet)
    assert 'data-status="not attempted"' in found.html


def test_an_answer_may_be_right_wrong_and_right_again(notebook, folder):
    assert notebook.run(RIGHT, "ex.q1.check()").error is None
    assert isinstance(notebook.run(WRONG, "ex.q1.check()").error, NotYet)
    assert kept(folder) == ["q1"], "a question once right stays right"
    assert notebook.run(RIGHT, RIGHT, "ex.q1.check()").error is None


def test_cells_in_any_order(notebook):
    notebook.restart()
    assert isinstance(notebook.run(OPEN, RIGHT, "ex.q1.check()").error, NotYet)
    assert notebook.run(GIVEN, RIGHT, "ex.q1.check()").error is None
    assert notebook.run(GIVEN, OPEN, "ex.q1.check()").error is None


def test_the_answer_before_the_exercise_is_opened(notebook):
    notebook.restart()
    assert notebook.run(GIVEN, RIGHT, OPEN, "ex.q1.check()").error is None


def test_answer_and_check_in_one_cell(notebook):
    assert isinstance(notebook.run(f"{WRONG}\nex.q1.check()").error, NotYet)
    found = notebook.check()
    assert "lowest first" in str(found.error), "the check's own exception is not the answer's"
    assert notebook.run(f"{RIGHT}\nex.q1.check()").error is None
    assert notebook.check().error is None


def test_a_hint_in_the_answers_cell_is_not_used_up_by_checks(notebook):
    notebook.run(f"{RIGHT}\nex.q1.hint()")
    notebook.check()
    assert f"Hint 2 of {len(UNIT.questions['q1'].hints)}" in notebook.run("ex.q1.hint()").text


def test_a_deleted_marker_does_no_harm(notebook):
    assert notebook.run(UNIT.solutions["q1"], "ex.q1.check()").error is None


def test_an_error_is_forgotten_when_the_namespace_is_reset(notebook):
    notebook.run("x = 1", "active_models = 1 / 0", "%reset -f", OPEN, GIVEN, RIGHT)
    assert notebook.check().error is None


def test_the_learners_objects_are_left_alone(notebook):
    notebook.run("import pandas as pd\nframe = pd.DataFrame({'a': [1]})\nlog = []", RIGHT + "\nlog.append(1)")
    before = {name: repr(notebook.shell.user_ns[name]) for name in ("model_versions", "active_models", "log", "frame")}
    for _ in range(3):
        notebook.check()
    assert {name: repr(notebook.shell.user_ns[name]) for name in before} == before


def test_a_check_prints_nothing_of_the_learners_cells(notebook):
    found = notebook.run(RIGHT + "\nprint('LOUD')\ndisplay('LOUDER')", "ex.q1.check()")
    assert "LOUD" not in found.text + found.html


@pytest.mark.parametrize(
    "shadow", ["print = 3", "sorted_ = 1\nlist = [1]", "dict = 5", "str = 'x'\nmax = 1", "exercise = None", "_ = 3"]
)
def test_shadowed_builtins_break_no_check(notebook, shadow):
    assert notebook.run(shadow, RIGHT, "ex.q1.check()").error is None


@pytest.mark.parametrize("given", ["del model_versions", "del max_versions, model_versions", "model_versions = None"])
def test_deleted_given_names_end_in_a_sentence(notebook, given):
    found = notebook.run(RIGHT, given, "ex.q1.check()")
    assert found.error is None or isinstance(found.error, NotYet)


def test_globals_works_as_far_as_it_can(notebook):
    rule = UNIT.solutions["q1"].replace("active_models =", "globals()['active_models'] =")
    assert isinstance(notebook.run(rule, "ex.q1.check()").error, NotYet | None.__class__)


@pytest.mark.parametrize(
    "value",
    [
        "lambda: 1",
        "(n for n in 'ab')",
        "type('<b>bold</b>', (), {})()",
        "open",
        "float('nan')",
        "{float('nan'): 1}",
        "[active_models] if 'active_models' in globals() else []",
        "type('Liar', (), {'__class__': dict})()",
        "type('Mute', (), {'__repr__': lambda self: 1 / 0, '__eq__': lambda self, other: 1 / 0})()",
        "type('Once', (dict,), {'items': None, 'keys': None})(a=1)",
        "{'v2.1': None, 'v2.0': object(), 'v3.0': ...}",
    ],
)
def test_strange_answers_end_in_a_sentence(notebook, value):
    found = notebook.run(f"active_models = {value}", "ex.q1.check()")
    assert isinstance(found.error, NotYet)
    assert "<b>" not in found.html
    found = notebook.run(f"answer_2 = {value}", "ex.q2.check()")
    assert isinstance(found.error, NotYet)
    assert "<b>" not in found.html


def test_what_the_learner_wrote_is_escaped(notebook):
    found = notebook.run("active_models = {}['<script>alert(1)</script><img src=x onerror=y>']", "ex.q1.check()")
    assert "<script" not in found.html
    assert "<img" not in found.html
    assert "&lt;script&gt;" in found.html
    assert "<code>active_models = {}[" in found.html


def test_markup_in_messages():
    assert inline("`a < b` and <b>") == "<code>a &lt; b</code> and &lt;b&gt;"
    assert "javascript:" not in inline("[x](javascript:alert(1))") or "href" not in inline("[x](javascript:alert(1))")
    assert box(["<p>"], '"><script>').count("<script") == 0


# --- the question's own cell, as far as IPython's record tells it (a check that looks at what is printed)


def own(notebook, question="q1"):
    from mldebt.lab.kernel import running

    return running().answer(question)


def test_the_cell_with_the_marker(notebook):
    notebook.run(f"{marker('q1')}\nprint(1)", "print(2)", f"{marker('q2')}\nprint(3)", "ex.q1.hint()")
    assert own(notebook).printed() == "1\n"
    assert own(notebook, "q2").printed() == "3\n"


def test_the_marker_is_gone(notebook):
    notebook.run("print(1)", "ex.q1.check()", f"{marker('q2')}\nprint(3)", "ex.q2.check()", "print(4)")
    assert own(notebook).printed() == "1\n"


def test_the_marker_went_with_the_stub(notebook):
    notebook.run(f"{marker('q1')}\n", "ex.q1.check()", "# Stuck?\n# ex.q1.hint()", "print(1)", "ex.q1.check()")
    assert own(notebook).printed() == "1\n"


def test_an_untouched_notebook_takes_no_other_cell_for_the_answer(notebook):
    from mldebt.check import NotAttemptedError

    notebook.run(
        f"{marker('q1')}\n", "ex.q1.check()", "# Stuck?\n# ex.q1.hint()", f"{marker('q2')}\nx = 1", "ex.q2.check()"
    )
    with pytest.raises(NotAttemptedError):
        own(notebook).printed()


def test_the_judges_own_cell_is_not_the_answer(notebook):
    notebook.run("print(1)", "__import__('mldebt.lab.report').lab")
    assert own(notebook).printed() == "1\n"


# --- hint, solution, names


def test_hints_rise_and_the_last_one_says_so(notebook):
    hints = UNIT.questions["q1"].hints
    for number, hint in enumerate(hints, 1):
        found = notebook.run("ex.q1.hint()")
        assert found.error is None
        assert f"Hint {number} of {len(hints)}. {hint}" in found.text
        assert ("That is the last hint. `ex.q1.solution()`" in found.text) is (number == len(hints))
    assert f"Hint {len(hints)} of {len(hints)}" in notebook.run("ex.q1.hint()").text
    assert "Hint 1 of" in notebook.run("ex.q2.hint()").text


def test_solution_shows_one_that_is_right(notebook, folder):
    found = notebook.run("ex.q1.solution()")
    assert UNIT.solutions["q1"].rstrip() in found.text
    assert "lambda item: item[1]" in found.html
    assert kept(folder) == []
    assert notebook.run(found.text.split("\n\n", 1)[1], "ex.q1.check()").error is None


def test_tab_lists_the_questions(notebook):
    assert completed(notebook, "ex.") == {"q1", "q2"}
    assert completed(notebook, "ex.q1.") == {"check", "hint", "solution"}
    notebook.shell.Completer.use_jedi = False
    assert completed(notebook, "ex.") == {"q1", "q2"}


def completed(notebook, text):
    with provisionalcompleter():
        found = list(notebook.shell.Completer.completions(text, len(text)))
    return {match.text.rsplit(".", 1)[-1] for match in found}


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("ex.q9", "There is no question 'q9' here; there are q1, q2."),
        ("ex.check()", "There is no question 'check' here; there are q1, q2."),
        ("exercise('03-keep-the-bets')", "There is no unit '03-keep-the-bets'. Did you mean '03-keep-the-best'?"),
        ("exercise('03_keep_the_best')", "There is no unit '03_keep_the_best'. Did you mean '03-keep-the-best'?"),
        ("exercise('keep the best')", "Did you mean '03-keep-the-best'?"),
        ("exercise('zzz')", "There is no unit 'zzz'."),
        ("exercise('../03-keep-the-best')", "There is no unit"),
        ("exercise('')", "There is no unit ''."),
        ("exercise(3)", "There is no unit 3."),
        ("exercise(None)", "There is no unit None."),
        ("exercise([])", "There is no unit []."),
    ],
)
def test_what_is_not_there_is_one_sentence(notebook, cell, said):
    found = notebook.run(cell)
    assert isinstance(found.error, CourseError)
    assert said in str(found.error)
    assert found.error._render_traceback_() == [str(found.error)]
    assert "\n" not in str(found.error)


def test_an_exercise_looks_like_a_list_of_questions(notebook):
    notebook.run(RIGHT, "ex.q1.check()")
    shown = repr(notebook.shell.user_ns["ex"])
    assert shown.startswith(f"{UNIT.title}: {steps(1)}")
    assert "q1  right" in shown
    assert "q2  not yet" in shown
    assert repr(notebook.shell.user_ns["ex"].q1) == f"q1: {UNIT.questions['q1'].title}"
    assert not hasattr(notebook.shell.user_ns["ex"], "q3")


def test_outside_ipython_it_is_one_sentence(folder):
    code = f"from mldebt.lab import exercise\nexercise({UNIT.name!r})"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert last.endswith("exercise(...) works in a notebook or in IPython, not in a plain Python script.")


def test_two_exercises_in_one_kernel(notebook, folder):
    other = units.load(next(name for name in units.names() if name != UNIT.name))
    answer = f"{marker('q1')}\n{other.answers['q1']}"
    notebook.run(RIGHT, f'second = exercise("{other.name}")')
    assert notebook.check().error is None
    assert other.questions["q1"].hints[0] in notebook.run("second.q1.hint()").text
    for question in other.questions:
        error = notebook.check(question, ex="second").error
        assert isinstance(error, NotYet)
        assert f"second.{question}.hint()" in str(error)
    given = [cell.source for cell in code_cells(other) if not cell.question]
    assert notebook.run(*given, answer, "second.q1.check()").error is None
    assert notebook.check().error is None, "the answers of one exercise are not those of the other"
    assert kept(folder) == ["q1"]


def test_the_hint_names_the_exercise_as_the_learner_does(notebook):
    assert "run `mine.q1.hint()`" in str(notebook.run(f'mine = exercise("{UNIT.name}")', "mine.q1.check()").error)
    assert "run `ex.q1.hint()`" in str(notebook.run(f'exercise("{UNIT.name}").q1.check()').error)


# --- progress


def test_progress_is_kept_over_a_restart_and_moves(notebook, folder):
    notebook.run(RIGHT, "ex.q1.check()")
    notebook.restart()
    notebook.run(OPEN, GIVEN)
    found = notebook.run(LETTER, "ex.q2.check()")
    assert found.error is None
    assert steps(1) in found.text
    assert kept(folder) == ["q1", "q2"]
    assert [path.name for path in (folder / ".mldebt" / "progress").iterdir()] == [f"{UNIT.name}.json"]


def test_nothing_is_kept_in_the_folder_of_solutions(notebook, folder, monkeypatch):
    (folder / "solutions").mkdir()
    monkeypatch.chdir(folder / "solutions")
    found = notebook.run(OPEN, RIGHT, "ex.q1.check()")
    assert found.error is None
    assert steps(1) in found.text
    assert not (folder / ".mldebt").exists()


def test_nothing_is_kept_when_a_tool_runs_the_notebook(notebook, folder, monkeypatch):
    monkeypatch.setenv("MLDEBT_NO_PROGRESS", "1")
    assert course_folder() is None
    assert notebook.run(OPEN, RIGHT, "ex.q1.check()").error is None
    assert not (folder / ".mldebt").exists()


@pytest.mark.parametrize("name", ["notebooks", "exercises"])
def test_progress_lies_beside_the_folders_of_the_course(folder, monkeypatch, name):
    (folder / name).mkdir(exist_ok=True)
    monkeypatch.chdir(folder / name)
    assert course_folder() == folder
    monkeypatch.chdir(folder)
    assert course_folder() == folder


def no_room(*args, **options):
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("how", ["a file in the way", "no permission"])
def test_a_folder_that_cannot_be_written_is_a_warning(notebook, folder, monkeypatch, how):
    if how == "a file in the way":
        (folder / ".mldebt").write_text("")
    else:
        monkeypatch.setattr(tempfile, "mkstemp", no_room)
    found = notebook.run(RIGHT, "ex.q1.check()")
    assert found.error is None
    assert "Your progress cannot be kept" in found.text
    assert "Your progress cannot be kept" in found.html
    assert steps(1) in found.text, "it counts for as long as the kernel lasts"
    assert "ex" in notebook.run("ex").text or True
    if how == "no permission":
        monkeypatch.undo()
        os.chdir(folder / "exercises")
        found = notebook.run(LETTER, "ex.q2.check()")
        assert "cannot be kept" not in found.text
        assert kept(folder) == ["q1", "q2"]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", "3", '{"right": 3}', '{"right": [3]}', '{"left": []}', "\udcff", "[" * 100_000]
)
def test_damaged_progress_is_set_aside(notebook, folder, content):
    path = folder / ".mldebt" / "progress" / f"{UNIT.name}.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    found = notebook.run(RIGHT, "ex.q1.check()")
    assert found.error is None
    assert "was damaged; it is kept as" in found.text
    assert kept(folder) == ["q1"]
    assert path.with_suffix(".damaged").exists()
    assert "damaged" not in notebook.check().text


def test_damaged_progress_that_cannot_be_moved_is_a_warning(folder, monkeypatch):
    path = folder / ".mldebt" / "progress" / f"{UNIT.name}.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    monkeypatch.setattr("pathlib.Path.replace", no_room)
    progress = Progress(folder)
    assert progress.right(UNIT.name) == set()
    assert "damaged" in progress.take_warning()


def test_reset_forgets_one_unit(folder):
    progress = Progress(folder)
    progress.record(UNIT.name, Outcome("q1", Status.RIGHT, 1, 1, ""))
    progress.record("other", Outcome("q1", Status.RIGHT, 1, 1, ""))
    progress.record(UNIT.name, Outcome("q2", Status.WRONG, 0, 1, ""))
    assert Progress(folder).right(UNIT.name) == {"q1"}
    progress.reset(UNIT.name)
    progress.reset(UNIT.name)
    assert progress.right(UNIT.name) == Progress(folder).right(UNIT.name) == set()
    assert progress.right("other") == {"q1"}


def test_progress_of_two_kernels_is_one(folder):
    one, two = Progress(folder), Progress(folder)
    one.record(UNIT.name, Outcome("q1", Status.RIGHT, 1, 1, ""))
    two.record(UNIT.name, Outcome("q2", Status.RIGHT, 1, 1, ""))
    assert one.right(UNIT.name) == two.right(UNIT.name) == {"q1", "q2"}


def test_a_unit_that_is_being_written_stops_no_other(notebook, monkeypatch):
    header, other = units.header, next(name for name in units.names() if name != UNIT.name)

    def broken(name, *more):
        if name == other:
            raise units.UnitError("half")
        return header(name, *more)

    monkeypatch.setattr(units, "header", broken)
    assert notebook.run(RIGHT, "ex.q1.check()").error is None


def test_deleted_progress_is_gone(folder):
    progress = Progress(folder)
    progress.record(UNIT.name, Outcome("q1", Status.RIGHT, 1, 1, ""))
    (folder / ".mldebt" / "progress" / f"{UNIT.name}.json").unlink()
    assert progress.right(UNIT.name) == set()


# --- the trace


def test_a_trace_shows_what_each_line_makes():
    found = trace("limit = 2\nkept = []\nfor n in range(limit):\n    kept.append(n)\ntext = '<b>'", other=1)
    assert [(step.line, step.values) for step in found.steps] == [
        (1, {"limit": "2"}),
        (2, {"kept": "[]"}),
        (3, {"n": "0"}),
        (4, {"kept": "[0]"}),
        (3, {"n": "1"}),
        (4, {"kept": "[0, 1]"}),
        (3, {}),
        (5, {"text": "'<b>'"}),
    ]
    assert "<b>" not in found._repr_html_()
    assert repr(found).startswith("1. line 1: limit = 2\n     limit = 2\n")


@pytest.mark.parametrize("code", ["", "# nothing", "\n\n"])
def test_a_trace_of_nothing_has_no_steps(code):
    assert trace(code).steps == []


def test_a_trace_lets_errors_through_and_ends_tracing():
    before = sys.gettrace()
    with pytest.raises(ZeroDivisionError):
        trace("x = 1 / 0")
    assert sys.gettrace() is before


# --- in a kernel


def test_a_kernel_runs_an_exercise_and_keeps_its_progress(folder, monkeypatch):
    """nbclient sends plain execute_requests without cell ids, as VS Code does."""
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    notebook, _ = compose(UNIT, "exercise")
    answers = {"q1": RIGHT, "q2": f"{marker('q2')}\nanswer_2 = '<script>alert(1)</script>'"}
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    client = NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": str(folder / "exercises")}})
    client.execute()
    said = {
        cell.metadata.nbgrader.grade_id: cell.outputs
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    assert [output.output_type for output in said["q1-check"]] == ["display_data"]
    shown, error = said["q2-check"]
    assert (error.output_type, error.ename) == ("error", "NotYet")
    assert error.traceback == [error.evalue]
    assert "Answer with one letter" in error.evalue
    assert "<script" not in shown.data["text/html"]
    assert kept(folder) == ["q1"]
    nbformat.validate(notebook)


def test_exercise_needs_a_shell(folder):
    InteractiveShell.clear_instance()
    with pytest.raises(CourseError):
        exercise(UNIT.name)


def test_a_rerun_finds_the_files_beside_the_notebook_and_leaves_none(notebook, folder):
    (folder / "exercises" / "reverse.txt").write_text("yes")
    code = (
        f"{marker('q1')}\nopen('seen.txt', 'w').write('x')\nhighest_first = open('reverse.txt').read() == 'yes'\n"
        "ranked = sorted(model_versions.items(), key=lambda item: item[1], reverse=highest_first)\n"
        "active_models = {name: accuracy for name, accuracy in ranked[:max_versions]}"
    )
    notebook.run(code)
    (folder / "exercises" / "seen.txt").unlink()
    assert notebook.run("ex.q1.check()").text.startswith("Right.")
    assert not (folder / "exercises" / "seen.txt").exists()
