"""Building: units are refused by name when a part is wrong, and notebooks come out the same each time."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from mldebt import build as building
from mldebt import units
from mldebt.build import Target, build, differences, produce, targets
from mldebt.build.attempts import LEAST_RIGHT, read_attempts, try_code, try_stub
from mldebt.build.source import KINDS, answer_cell, compose, read_cells
from mldebt.build.verify import reveals, verify
from mldebt.check import Status
from mldebt.units import UnitError

NAME = "03-keep-the-best"
LESSON = """\
---
title: Small
summary: A small unit.
minutes: 1
---

## One

```{code-cell} ipython3
x = 1
print(x + 1)
```
"""


@pytest.fixture(autouse=True)
def fresh():
    units.load.cache_clear()
    read_cells.cache_clear()


@pytest.fixture
def folder(tmp_path):
    """A folder of units with one copy of a real unit, its lesson made short."""
    return copy_unit(tmp_path / "units")


def copy_unit(folder, name=NAME):
    to = folder / name.replace("-", "_")
    source = units.FOLDER / NAME.replace("-", "_")
    shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    (to / "lesson.md").write_text(LESSON)
    return folder


def part(folder, file):
    return folder / "03_keep_the_best" / file


def swap(path, old, new, count=1):
    text = path.read_text()
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, count))


def line_of(path, text):
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if text in line)


def refused(folder, name=NAME):
    """Compose and verify all units, as a build does first; return what is said."""
    with pytest.raises(UnitError) as info:
        targets(folder)
    message = str(info.value)
    assert "\n" not in message
    return message


# --- what is refused


@pytest.mark.parametrize("file", units.PARTS)
def test_a_missing_part_is_refused_by_name(folder, file):
    part(folder, file).unlink()
    said = refused(folder)
    assert str(part(folder, file)) in said
    assert NAME in said


def test_a_folder_that_holds_no_part_is_no_unit(folder):
    (folder / "07_left_over" / "__pycache__").mkdir(parents=True)
    assert units.names(folder) == [NAME]


def test_an_unknown_unit_is_refused_with_those_that_there_are(folder):
    with pytest.raises(UnitError, match=f"no unit '99-x'; the units are {NAME}"):
        units.load("99-x", folder)


HEADERS = {
    "no header": (LESSON, "## One\n", "must begin with a header"),
    "an open header": ("---\n\n##", "\n##", "must begin with a header"),
    "no title": ("title: Small\n", "", "lacks 'title'"),
    "no minutes": ("minutes: 1\n", "", "lacks 'minutes'"),
    "minutes in words": ("minutes: 1", "minutes: ten", "lesson.md:1 the header's minutes"),
    "a list": ("title: Small\nsummary: A small unit.\nminutes: 1", "- 1", "must begin with a header"),
    "not YAML, third line": ("summary: A small", "summary: A: small", "lesson.md:3 "),
    "not YAML, fourth line": ("minutes: 1", "minutes: [1", "lesson.md:4 "),
    "an extra that is none": (
        "minutes: 1",
        "minutes: 1\nextra: everything",
        "'everything', is no extra of the package",
    ),
    "a debt that nobody names": (
        "minutes: 1",
        "minutes: 1\ndebts: [laziness]",
        "'laziness', which debts.yaml does not",
    ),
    "a control character": ("title: Small", "title: Sm\x00all", "lesson.md"),
}


@pytest.mark.parametrize(("old", "new", "said"), HEADERS.values(), ids=HEADERS)
def test_a_wrong_header_is_refused(folder, old, new, said):
    swap(part(folder, "lesson.md"), old, new)
    assert said in refused(folder)


def test_a_unit_says_at_its_top_what_to_install(folder):
    swap(part(folder, "lesson.md"), "minutes: 1", "minutes: 1\nextra: tables")
    top = compose(units.load(NAME, folder), "lesson")[0].cells[0].source
    assert "**Install first:** this unit also needs pandera." in top
    assert '%pip install -q -c ../constraints.txt -e "..[tables]"' in top


CHECKS = {
    "a syntax error": ("def q1(", "def q1((", "SyntaxError"),
    "an error in a line": ("LIMIT = 3", "LIMIT = 3 / 0", "ZeroDivisionError"),
    "an import of what is not there": ("import ast", "import astonishing", "ModuleNotFoundError"),
}


@pytest.mark.parametrize(("old", "new", "said"), CHECKS.values(), ids=CHECKS)
def test_an_error_in_checks_is_refused_with_its_line(folder, old, new, said):
    path = part(folder, "checks.py")
    swap(path, old, new)
    message = refused(folder)
    assert f"{path}:{line_of(path, new)} " in message
    assert said in message


def test_checks_without_a_question_are_refused(folder):
    part(folder, "checks.py").write_text('"""Nothing."""\n')
    assert "defines no question" in refused(folder)


def test_a_question_without_hints_is_refused(folder):
    path = part(folder, "checks.py")
    path.write_text(re.sub(r"hints=\(.*?\n    \),", "hints=(),", path.read_text(), flags=re.DOTALL))
    assert "q1 has no hint" in refused(folder)


def test_a_quiz_question_that_does_not_exist_is_refused(folder):
    swap(part(folder, "checks.py"), 'in_quiz("typed-list"', 'in_quiz("typed-lost"')
    assert "q2 names 'typed-lost'" in refused(folder)


RULE = "sorted(model_versions.items(), key=lambda item: item[1], reverse=True)"
HINTS = {
    "a statement of the solution": ('"`sorted` takes', f'"Write `ranked = {RULE}`. `sorted` takes', "hint 1 of q1"),
    "in other quotes and spaces": (
        '"Three steps:',
        '"active_models={name:accuracy for name,accuracy in ranked[ : max_versions ]} Three steps:',
        "hint 3 of q1",
    ),
    "the right side of it": ('"`model_versions.items()` gives', f'"`{RULE}` gives', "hint 2 of q1"),
    "the right option": (
        'makes="answer_2"',
        'makes="answer_2", hints=("The better version is never served, and nothing says so.",)',
        "hint 1 of q2",
    ),
    "the right letter": ('makes="answer_2"', 'makes="answer_2", hints=("Look.", "It is {letter}.")', "hint 2 of q2"),
}


@pytest.mark.parametrize(("old", "new", "said"), HINTS.values(), ids=HINTS)
def test_a_hint_that_holds_the_solution_is_refused(folder, old, new, said):
    letter = units.load(NAME).solutions["q2"].split("=")[1].strip()
    swap(part(folder, "checks.py"), old, new.replace("{letter}", letter.replace('"', "'")))
    message = refused(folder)
    assert f"{said} contains the solution" in message


@pytest.mark.parametrize(
    ("hint", "solution", "told"),
    [
        ("Assign 3.", "max_versions = 3", True),
        ("Assign 3. Then run it.", "max_versions = 3", True),
        ("Write `f(x)`. Then run it.", "y = f(x)", True),
        ("Write max_versions=3", "max_versions = 3", True),
        ("This is step 3 of 4: assign a number.", "max_versions = 4", True),
        ("Versions such as v3.0 do not count.", "max_versions = 3", False),
        ("There are 30 of them.", "max_versions = 3", False),
        ("It is 3.5 times as much.", "max_versions = 3", False),
        ("`return sorted( xs )`", "    return sorted(xs)", True),
        ("Use 'a' or \"b\".", "x = 'b'", True),
        ("Return `2 ** flags`.", "def paths(flags):\n    '''Say.'''\n    return 2**flags", True),
        ("`return 2**flags`", "def paths(flags):\n    return 2**flags", True),
        ("`return 2**flags`", "def paths(flags):\n    if flags:\n        return 2**flags\n    return 1", True),
        ("Write `unused += 1`.", "for a in used:\n    if not a:\n        unused += 1", True),
        ("Begin with `seen = set()`.", "def f(xs):\n    seen = set()\n    return g(seen, xs)", False),
        ("Give back `total`.", "def f(xs):\n    total = sum(xs)\n    return total", False),
        ("Begin with `for x in xs:`.", "def f(xs):\n    for x in xs:\n        g(x)", False),
        ("Look at the order.", "", False),
    ],
)
def test_reveals(hint, solution, told):
    assert reveals(hint, solution) is told


def test_a_short_right_option_inside_a_longer_word_is_no_solution(folder):
    """A number's right value is 4, and a hint may speak of 40 rows."""
    quiz = part(folder, "quiz.yaml")
    quiz.write_text(
        quiz.read_text() + "  - {id: n, kind: number, level: easy, ask: 'How many?', steps: [Count the 40 rows.], "
        "remember: Count v4.0., options: [{right: 4, why: counted}]}\n"
    )
    swap(part(folder, "checks.py"), 'in_quiz("typed-list"', 'in_quiz("n"')
    swap(part(folder, "exercise.md"), "typed-list", "n")
    with pytest.raises(UnitError, match=r"q2 has 0 right attempts|no misconception"):
        verify(units.load(NAME, folder))


QUIZ = {
    "not YAML": ("lesson:", "lesson: [", "quiz.yaml:"),
    "not YAML, with its line": ("    level: medium", "    level: medium: x", "quiz.yaml:{line} "),
    "a list instead of groups": (None, "- 1\n", "must hold groups"),
    "empty": (None, "", "must hold groups"),
    "a group that is no list": (None, "exercise: 3\n", "in 'exercise', a group of quiz.yaml is a list"),
    "an option without why": (
        '        why: "A typed list has no',
        '        wy: "A typed list has no',
        "'rule-or-result' has an",
    ),
    "an unknown lesson": ("  - id: typed-list\n", "  - id: typed-list\n    lesson: 99-x\n", "names no unit: 99-x"),
}


@pytest.mark.parametrize(("old", "new", "said"), QUIZ.values(), ids=QUIZ)
def test_a_wrong_quiz_is_refused(folder, old, new, said):
    path = part(folder, "quiz.yaml")
    if old is None:
        path.write_text(new)
    else:
        swap(path, old, new)
    message = refused(folder)
    assert "quiz.yaml" in message
    assert said.format(line=line_of(path, new) if "{line}" in said else 0) in message


EXERCISE = {
    "an answer cell too few": (":question: q2", "x = 1", "q2 needs one answer cell (:question: q2) and has 0"),
    "an answer cell too many": (
        "```{code-cell} ipython3\n:question: q2\n```",
        "```{code-cell} ipython3\n:question: q2\n```\n\n```{code-cell} ipython3\n:question: q2\n```",
        "q2 needs one answer cell (:question: q2) and has 2",
    ),
    "an answer cell of no question": (
        "## q2",
        "```{code-cell} ipython3\n:question: q9\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n```\n\n## q2",
        "there is no question 'q9' in checks.py",
    ),
    "no solution": ("### END SOLUTION\n", "", "the answer cell of q1 has no ### BEGIN SOLUTION and ### END SOLUTION"),
    "a solution that is no Python": ("reverse=True)", "reverse=True))", "the solution of q1 is no Python"),
    "a quiz question that is not asked": ("```{quiz} typed-list\n```\n", "", "q2 is not asked"),
    "a quiz question asked in no known form": (
        "```{quiz} typed-list\n```",
        "```{quiz} typed-list\n\n```",
        "q2 is not asked",
    ),
    "a question of the quiz that is not there": (
        "```{quiz} typed-list\n```",
        "```{quiz} typed-list\n```\n\n```{quiz} typed-lost\n```",
        "quiz.yaml holds no question 'typed-lost'",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), EXERCISE.values(), ids=EXERCISE)
def test_a_wrong_exercise_is_refused(folder, old, new, said):
    path = part(folder, "exercise.md")
    swap(path, old, new)
    message = refused(folder)
    assert str(path) in message
    assert said in message


LOWEST = "## wrong: lowest first -> ascending"
ATTEMPTS = {
    "an unknown question": ("# q2", "# q7", "there is no question 'q7'"),
    "a heading of no known kind": (LOWEST, "## bad: lowest first", "the heading 'bad: lowest first'"),
    "a wrong attempt without misconception": (LOWEST, "## wrong: lowest first", "only a wrong attempt"),
    "a right one with a misconception": (
        "## right: heapq instead of sorted",
        "## right: heapq -> ascending",
        "only a wrong attempt",
    ),
    "an unknown misconception": (LOWEST, "## wrong: lowest first -> descending", "knows no misconception 'descending'"),
}


@pytest.mark.parametrize(("old", "new", "said"), ATTEMPTS.values(), ids=ATTEMPTS)
def test_a_wrong_attempt_is_refused_with_its_line(folder, old, new, said):
    path = part(folder, "attempts.md")
    swap(path, old, new)
    message = refused(folder)
    assert f"{path}:{line_of(path, new)} " in message
    assert said in message


def test_too_few_attempts_are_refused(folder):
    path = part(folder, "attempts.md")
    text = path.read_text()
    head, tail = text.split("# q2", 1)
    for heading in re.findall(r"## right: .*", head)[LEAST_RIGHT - 1 :]:
        head = re.sub(rf"{re.escape(heading)}\n.*?(?=\n## |\Z)", "", head, flags=re.DOTALL)
    path.write_text(head + "# q2" + tail)
    assert f"q1 has {LEAST_RIGHT - 1} right attempts and needs at least {LEAST_RIGHT}" in refused(folder)


@pytest.mark.parametrize("end", ["", "\n# q1\n", "\n## right: another\n\n```python\nx = 1\n```\n"])
def test_an_attempt_without_code_is_refused(folder, end):
    path = part(folder, "attempts.md")
    path.write_text(path.read_text() + "\n## right: has no code\n" + end)
    message = refused(folder)
    assert f"{path}:{line_of(path, 'has no code')} the attempt 'right: has no code' has no code under it" in message


def test_code_under_no_attempt_is_refused(folder):
    path = part(folder, "attempts.md")
    path.write_text(path.read_text() + "\n```python\nstray = 1\n```\n")
    assert f"{path}:{line_of(path, 'stray') - 1} code that stands under no attempt" in refused(folder)


def test_a_project_needs_its_step(folder):
    swap(part(folder, "lesson.md"), "minutes: 1", "minutes: 1\nproject: models\nstep: q9")
    assert "names its question as 'step'" in refused(folder)


@pytest.mark.parametrize("code", ["import sys\nsys.exit(3)", "exit()", "raise KeyError('v')", "active_models = ("])
def test_an_attempt_that_ends_itself_is_judged_all_the_same(code):
    outcome = try_code(units.load(NAME), "q1", f"active_models = 1\n{code}")
    assert outcome.status is Status.BROKE
    assert "\n" not in outcome.message


# --- what is composed


def parts(name, kind, folder=units.FOLDER):
    return compose(units.load(name, folder), kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", units.names())
def test_notebooks_are_valid_and_their_cells_have_names_of_their_own(name, kind):
    notebook, origins = parts(name, kind)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids) == len(origins)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", id) for id in ids)
    assert notebook.metadata.mldebt == {"unit": name, "kind": kind}
    assert all(path.is_file() and 1 <= line <= len(path.read_text().splitlines()) for path, line in origins)


@pytest.mark.parametrize("kind", ["exercise", "solution"])
@pytest.mark.parametrize("name", units.names())
def test_answer_and_check_cells_are_what_nbgrader_expects(name, kind):
    unit = units.load(name)
    notebook, _ = parts(name, kind)
    marked = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    assert len(marked) == sum("nbgrader" in cell.metadata for cell in notebook.cells), "a grade_id is there twice"
    assert set(marked) == {"setup", *unit.questions, *(f"{id}-check" for id in unit.questions)}
    for id, cell in marked.items():
        about = cell.metadata.nbgrader
        assert re.fullmatch(r"[a-zA-Z0-9_\-]+", id)
        assert about.schema_version == 3
        assert about.task is False
        assert set(about) - {"points"} == {"grade", "grade_id", "locked", "schema_version", "solution", "task"}
        assert (about.grade, about.solution, about.locked) == (
            id.endswith("-check"),
            id in unit.questions,
            id not in unit.questions,
        )
        assert ("points" in about) is about.grade
        if about.grade:
            assert about.points == unit.questions[id.removesuffix("-check")].points
            assert cell.source == f"ex.{id.removesuffix('-check')}.check()"
    order = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert order[0] == "setup"


@pytest.mark.parametrize("name", units.names())
def test_an_exercise_holds_no_solution_and_no_mark_of_a_right_option(name):
    unit = units.load(name)
    notebook, _ = parts(name, "exercise")
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "BEGIN SOLUTION" not in text
    assert "END SOLUTION" not in text
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            assert unit.solutions[cell.metadata.nbgrader.grade_id].strip() not in cell.source
    for item in unit.quizzes.get("exercise", []):
        for option in [*item.options, *sum(item.gaps, ())]:
            assert option.why not in text
            assert not option.confuses or option.confuses not in text
        assert all(step not in text for step in item.steps)
    assert all(hint not in text for question in unit.questions.values() for hint in question.hints)
    assert all(cell.get("execution_count") is None and not cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize("name", units.names())
def test_an_exercise_untouched_is_not_attempted(name):
    unit = units.load(name)
    assert all(try_stub(unit, id).status is Status.NOT_ATTEMPTED for id in unit.questions)


STUBS = {
    "names": (
        ("a", "b"),
        "### BEGIN SOLUTION\na = 1\nhelp = a\nb = 2\n### END SOLUTION",
        "a = ...\nb = ...\n",
    ),
    "a function": (
        ("f",),
        "### BEGIN SOLUTION\ndef f(x: int, *, by: float = 2.0) -> float:\n    '''Say what it does.'''\n"
        "    return x * by\n### END SOLUTION",
        'def f(x: int, *, by: float=2.0) -> float:\n    """Say what it does."""\n    ...\n',
    ),
    "a function without docstring": (
        ("f",),
        "### BEGIN SOLUTION\ndef f(x):\n    return x\n### END SOLUTION",
        "def f(x):\n    ...\n",
    ),
    "an indented region": (
        ("f",),
        "def f(x):\n    y = x\n    ### BEGIN SOLUTION\n    y += 1\n    ### END SOLUTION\n    return y",
        "def f(x):\n    y = x\n    ...\n    return y\n",
    ),
    "lines before and after": (
        ("a",),
        "import math\n### BEGIN SOLUTION\na = math.pi\n### END SOLUTION\nprint(a)",
        "import math\na = ...\nprint(a)\n",
    ),
    "nothing to name": ((), "### BEGIN SOLUTION\nprint(1)\n### END SOLUTION", "\n"),
    "a comprehension with the name it makes": (
        ("a",),
        "### BEGIN SOLUTION\na = [a for a in range(3)]\n### END SOLUTION",
        "a = ...\n",
    ),
}


@pytest.mark.parametrize(("makes", "cell", "stub"), STUBS.values(), ids=STUBS)
def test_stubs(tmp_path, makes, cell, stub):
    folder = copy_unit(tmp_path)
    swap(
        part(folder, "exercise.md"),
        re.search(r"### BEGIN SOLUTION.*?### END SOLUTION", part(folder, "exercise.md").read_text(), re.DOTALL)[0],
        cell,
    )
    swap(part(folder, "checks.py"), 'makes="active_models"', f"makes={makes!r}")
    unit = units.load(NAME, folder)
    assert answer_cell(unit, "q1", solved=False).rstrip() == f"# q1: your answer\n{stub}".rstrip()
    solved = answer_cell(unit, "q1", solved=True)
    assert "SOLUTION" not in solved
    compile(solved, "solved", "exec")


# --- what is run


def lesson(folder, *cells):
    """Write a lesson of some code cells; return its path."""
    path = part(folder, "lesson.md")
    text = "\n".join(f"\nText.\n\n```{{code-cell}} ipython3\n{cell}\n```\n" for cell in cells)
    path.write_text(LESSON.split("## One", 1)[0] + text)
    return path


def target(folder, kind):
    unit = units.load(NAME, folder)
    return Target(unit, kind, *compose(unit, kind))


ERRORS = {
    "in the second line": (["x = 1", "y = 2\nz = 1 / 0  # here"], "ZeroDivisionError"),
    "in a helper, called later": (["def f():\n    return nothing", "f()  # here"], "NameError"),
    "a syntax error": (["y = 2\nz = = 3  # here"], "SyntaxError"),
    "after options": ([":tags: [a]\n\nx = 1\nraise KeyError(3)  # here"], "KeyError"),
}


@pytest.mark.parametrize(("cells", "said"), ERRORS.values(), ids=ERRORS)
def test_an_error_in_a_lesson_is_named_with_file_and_line(folder, cells, said):
    path = lesson(folder, *cells)
    with pytest.raises(UnitError) as info:
        produce(target(folder, "lesson"))
    assert str(info.value).startswith(f"{path}:{line_of(path, '# here')} {said}")


@pytest.mark.parametrize(
    "cell", ["object()", "print(object())", "class A:\n    def _repr_html_(self):\n        return str(object())\nA()"]
)
def test_an_address_in_an_output_is_refused(folder, cell):
    path = lesson(folder, "x = 1", f"# here\n{cell}")
    with pytest.raises(UnitError, match="holds the address of an object") as info:
        produce(target(folder, "lesson"))
    assert str(info.value).startswith(f"{path}:{line_of(path, '# here')} ")


def test_what_a_slow_cell_prints_is_one_output_and_stays_in_its_place(folder):
    lesson(folder, "import time\nprint(1)\ntime.sleep(0.6)\nprint(2)\ndisplay(3)\nprint(4)")
    notebook = nbformat.reads(produce(target(folder, "lesson")), as_version=4)
    outputs = next(cell.outputs for cell in notebook.cells if "sleep" in cell.source)
    assert [output.get("text") for output in outputs] == ["1\n2\n", None, "4\n"]


def test_a_solution_that_is_not_right_is_refused(folder):
    path = part(folder, "exercise.md")
    swap(path, "reverse=True", "reverse=False")
    with pytest.raises(UnitError) as info:
        produce(target(folder, "solution"))
    assert str(info.value).startswith(f"{path}:")
    assert "NotYet" in str(info.value)


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """The folders of one unit that was built twice, with text whose order hangs on Python's hash seed."""
    units.load.cache_clear()
    read_cells.cache_clear()
    folder = copy_unit(tmp_path_factory.mktemp("units"))
    swap(part(folder, "lesson.md"), "print(x + 1)", "print({'b', 'a', 'c'}, [hash(n) for n in 'ab'])")
    roots = [tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")]
    for root in roots:
        build(root, 2, folder)
    return roots


def test_two_builds_give_the_same_bytes(twice):
    found = [{path.relative_to(root): path.read_bytes() for path in root.rglob("*.ipynb")} for root in twice]
    assert found[0] == found[1]
    assert {str(path) for path in found[0]} == {f"{kind}/{NAME}.ipynb" for kind in KINDS.values()}


@pytest.mark.parametrize("kind", ["notebooks", "solutions"])
def test_what_is_committed_was_run_and_holds_nothing_that_changes(twice, kind):
    text = (twice[0] / kind / f"{NAME}.ipynb").read_text()
    notebook = nbformat.reads(text, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert any(cell.outputs for cell in code)
    assert "widget-view" not in text
    assert "iopub" not in text
    assert "/tmp/" not in text
    assert "widgets" not in notebook.metadata
    assert text.endswith("}\n")


# --- what is run again (with a stand-in for the kernel, which notes what it was given)


@pytest.fixture
def ran(monkeypatch):
    """Notebooks are not run in a kernel but marked as run; the list says which they were."""
    seen = []

    def execute(notebook, folder, **options):
        seen.append(f"{notebook.metadata.mldebt.unit[:2]} {notebook.metadata.mldebt.kind}")
        for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
            cell.execution_count = count
        return notebook

    monkeypatch.setattr(building, "execute", execute)
    return seen


@pytest.fixture
def course(folder, tmp_path, ran):
    """Two units, built into a folder; what comes after sees only what is run anew."""
    copy_unit(folder, "04-second")
    root = tmp_path / "root"
    root.mkdir()
    assert len(rebuild(root, folder)) == 6
    assert sorted(ran) == ["03 lesson", "03 solution", "04 lesson", "04 solution"]
    ran.clear()
    return root, folder


def rebuild(root, folder):
    units.load.cache_clear()
    read_cells.cache_clear()
    return build(root, 2, folder)


def check(root, folder):
    units.load.cache_clear()
    read_cells.cache_clear()
    return list(differences(root, 2, folder))


def test_a_second_build_runs_nothing(course, ran):
    assert rebuild(*course) == []
    assert ran == []


def test_a_touched_unit_is_the_only_one_that_runs(course, ran):
    root, folder = course
    swap(part(folder, "lesson.md"), "x + 1", "x + 2")
    assert rebuild(root, folder) == [Path(f"notebooks/{NAME}.ipynb")]
    assert set(ran) == {"03 lesson", "03 solution"}


def test_a_new_title_runs_what_links_to_it(course, ran):
    root, folder = course
    swap(folder / "04_second" / "lesson.md", "title: Small", "title: Other")
    changed = rebuild(root, folder)
    assert Path(f"solutions/{NAME}.ipynb") in changed
    assert Path("notebooks/04-second.ipynb") in changed


@pytest.mark.parametrize("kind", KINDS.values())
def test_a_notebook_edited_by_hand_is_built_again(course, kind):
    root, folder = course
    path = root / kind / f"{NAME}.ipynb"
    before = path.read_bytes()
    swap(path, "Python 3", "Python 2")
    assert rebuild(root, folder) == [path.relative_to(root)]
    assert path.read_bytes() == before


def test_a_missing_notebook_is_built_again(course):
    root, folder = course
    (root / "exercises" / f"{NAME}.ipynb").unlink()
    assert rebuild(root, folder) == [Path(f"exercises/{NAME}.ipynb")]


@pytest.mark.parametrize("cache", ["", "{", "[]", "null", '{"notebooks/03-keep-the-best.ipynb": 3}'])
def test_a_damaged_cache_costs_time_and_nothing_else(course, ran, cache):
    root, folder = course
    (root / building.CACHE).write_text(cache)
    assert rebuild(root, folder) == []
    assert ran


def test_a_failed_build_keeps_what_was_built_before_it(course, ran):
    root, folder = course
    (folder / "04_second" / "attempts.md").unlink()
    with pytest.raises(UnitError):
        rebuild(root, folder)
    copy = part(folder, "attempts.md").read_text()
    (folder / "04_second" / "attempts.md").write_text(copy)
    assert rebuild(root, folder) == []
    assert ran == []


def test_check_finds_nothing_in_a_fresh_build(course):
    assert check(*course) == []


def test_check_finds_an_output_edited_by_hand(course):
    root, folder = course
    path = root / "notebooks" / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["3\n"]}]
    path.write_text(json.dumps(notebook))
    assert check(root, folder) == [
        f"notebooks/{NAME}.ipynb differs from what 03_keep_the_best gives, first at cell {cell['id']}"
    ]
    assert json.loads(path.read_text()) == notebook, "a check writes nothing"


def test_check_finds_a_missing_a_stray_and_a_broken_notebook(course):
    root, folder = course
    (root / "exercises" / f"{NAME}.ipynb").unlink()
    (root / "solutions" / "04-second.ipynb").write_text("not JSON")
    (root / "notebooks" / "77-left-over.ipynb").write_text("{}")
    assert sorted(check(root, folder)) == [
        f"exercises/{NAME}.ipynb is not there",
        "notebooks/77-left-over.ipynb belongs to no unit",
        "solutions/04-second.ipynb differs from what 04_second gives",
    ]


def test_check_of_an_empty_folder_names_every_notebook(course, tmp_path):
    (tmp_path / "empty").mkdir()
    assert len(check(tmp_path / "empty", course[1])) == 6


def test_the_bank_of_attempts_is_read_in_order():
    found = read_attempts(units.load(NAME))
    assert [attempt.line for attempt in found] == sorted(attempt.line for attempt in found)


# --- guides, which are no units


def test_a_guide_is_built_run_and_checked_beside_the_units(folder, tmp_path):
    (folder.parent / "guides").mkdir()
    source = folder.parent / "guides" / "teach.md"
    source.write_text("# Teach\n\nHow to.\n\n```{code-cell} ipython3\nprint(6 * 7)\n```\n")
    (guide,) = [target for target in targets(folder) if target.source == source]
    assert str(guide.path) == "notebooks/teach.ipynb"
    notebook = nbformat.reads(produce(guide), as_version=4)
    assert notebook.metadata.mldebt == {"guide": "teach", "kind": "guide"}
    assert [cell.id for cell in notebook.cells] == ["teach-00-markdown", "teach-01-code"]
    assert notebook.cells[1].outputs[0].text == "42\n"
    assert units.names(folder) == [NAME]


def test_a_guide_whose_code_fails_is_refused_with_its_line(folder):
    (folder.parent / "guides").mkdir()
    source = folder.parent / "guides" / "teach.md"
    source.write_text("# Teach\n\n```{code-cell} ipython3\nx = 1\nx / 0\n```\n")
    (guide,) = [target for target in targets(folder) if target.source == source]
    with pytest.raises(UnitError, match=r"teach.md:5 ZeroDivisionError"):
        produce(guide)
