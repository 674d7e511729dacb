"""The command line: what it says, how it ends, and that no file makes it end with a traceback."""

import functools
import json
import shutil
import subprocess
import sys

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell

import mldebt.build
from mldebt import __version__, units
from mldebt.build.source import compose, read_cells
from mldebt.check import Status
from mldebt.check.source import marker
from mldebt.cli import main
from mldebt.grading.own import REPORT, NotebookError, judge_notebook

UNIT = units.load("03-keep-the-best")
RIGHT = {id: f"{marker(id)}\n{code}" for id, code in UNIT.solutions.items()}


def run(*arguments):
    """Run the command line; nothing it meets may end in a traceback."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    return result


def write(path, *, kind="exercise", answers=None, drop=(), add=None, change=None):
    """Write a notebook of the unit, changed as a learner or a prankster would; return its path."""
    notebook, _ = compose(UNIT, kind)
    grade_id = lambda cell: cell.metadata.get("nbgrader", {}).get("grade_id", "")  # noqa: E731
    notebook.cells = [cell for cell in notebook.cells if not grade_id(cell).endswith(tuple(drop)) or not grade_id(cell)]
    for cell in notebook.cells:
        cell.source = (answers or {}).get(grade_id(cell), cell.source)
    if add is not None:
        notebook.cells.insert(3, new_code_cell(add))
    if change is not None:
        change(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
    return path


# --- help


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["check", "--help"], ["build", "-h"]])
def test_help(arguments):
    result = run(*arguments)
    assert result.exit_code == 0
    assert "Usage: main" in result.output


def test_version():
    assert __version__ in run("--version").output


def test_it_is_a_module_too():
    ended = subprocess.run([sys.executable, "-m", "mldebt", "--help"], capture_output=True, text=True, check=True)
    assert "check" in ended.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "--timeout", "0", "x"],
        ["check", "--jobs", "x", "x"],
        ["build", "--root", "nowhere"],
        ["bulid"],
    ],
)
def test_wrong_use_is_said_by_click(arguments):
    assert run(*arguments).exit_code == 2


# --- files that cannot be judged


def notebook_text(**fields):
    notebook = json.loads(nbformat.writes(compose(UNIT, "exercise")[0]))
    return json.dumps({**notebook, **fields})


UNREADABLE = {
    "not JSON": ("{", "is not a notebook: it holds no JSON"),
    "empty": ("", "is not a notebook: it holds no JSON"),
    "binary": (b"\xff\xfe\x00", "is not a notebook: it holds no JSON"),
    "deep": ("[" * 100_000, "is not a notebook: it holds no JSON"),
    "a number": ("3", "is not a notebook of version 4"),
    "a list": ("[]", "is not a notebook of version 4"),
    "version 3": (
        '{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}',
        "is not a notebook of version 4",
    ),
    "version in words": ('{"nbformat": "4", "cells": []}', "is not a notebook of version 4"),
    "no cells": ('{"nbformat": 4}', "is not a notebook of version 4"),
    "cells is a text": ('{"nbformat": 4, "cells": "x"}', "is not a notebook of version 4"),
    "no metadata": ('{"nbformat": 4, "cells": []}', "names no unit"),
    "metadata is a list": ('{"nbformat": 4, "cells": [], "metadata": []}', "names no unit"),
    "of another course": (notebook_text(metadata={"mldebt": "x"}), "names no unit"),
    "of no unit": (notebook_text(metadata={"mldebt": {"kind": "exercise"}}), "names no unit"),
    "of an unknown unit": (notebook_text(metadata={"mldebt": {"unit": "99-x"}}), "names the unit '99-x'"),
    "of a list of units": (notebook_text(metadata={"mldebt": {"unit": ["99-x"]}}), "names the unit ['99-x']"),
    "of a unit outside": (notebook_text(metadata={"mldebt": {"unit": "../03-keep-the-best"}}), "does not have"),
    "a lesson": (
        notebook_text(metadata={"mldebt": {"unit": UNIT.name, "kind": "lesson"}}),
        f"is a lesson; its exercise is exercises/{UNIT.name}.ipynb",
    ),
    "a cell of no kind": (notebook_text(cells=[{"cell_type": "poem"}]), "is a damaged notebook"),
    "a cell without source": (
        notebook_text(cells=[{"cell_type": "code", "metadata": {}, "id": "a"}]),
        "is a damaged notebook",
    ),
    "a cell that is a number": (notebook_text(cells=[3]), "is a damaged notebook"),
    "a minor version of text": (notebook_text(nbformat_minor="x"), "is a damaged notebook"),
}


@pytest.mark.parametrize(("content", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_judged_is_one_sentence(tmp_path, content, said):
    path = tmp_path / "x.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("check", path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {path} ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize("path", ["nowhere.ipynb", "no/where", "a" * 5000])
def test_a_path_that_is_not_there_is_one_sentence(tmp_path, path):
    result = run("check", tmp_path / path)
    assert result.exit_code == 2
    assert "Error" in result.stderr


def test_an_empty_folder_is_one_sentence(tmp_path):
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "x.ipynb").write_text("{}")
    result = run("check", tmp_path)
    assert result.exit_code == 2
    assert f"{tmp_path} holds no notebook" in result.stderr


def test_a_folder_named_like_a_notebook_and_a_link_to_nowhere(tmp_path):
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "nowhere")
    result = run("check", tmp_path)
    assert result.exit_code == 2
    assert result.stderr.count("Error: ") == 2


# --- notebooks that are judged, whatever they do; all of them run once, side by side


def duplicate(notebook):
    for cell in notebook.cells:
        cell.id = "same"


def without_ids(notebook):
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]


def unmarked(notebook):
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
        cell.source = cell.source.replace(": your answer", "")


def solved(change=None, **more):
    return {"answers": RIGHT, "change": change, **more}


BOTH, NONE = ["right", "right"], ["not attempted", "not attempted"]
FORGED = "class F:\n    check = hint = lambda self: None\n    q1 = q2 = property(lambda self: F())\nex = F()"
CASES = {
    "solved": (solved(), BOTH),
    "untouched": ({}, NONE),
    "solution": ({"kind": "solution"}, BOTH),
    "half": ({"answers": {"q1": RIGHT["q1"]}}, ["right", "not attempted"]),
    "wrong": ({"answers": {**RIGHT, "q1": RIGHT["q1"].replace("reverse=True", "reverse=False")}}, ["wrong", "right"]),
    "broken": ({"answers": {**RIGHT, "q1": "active_models = missing"}}, ["broke", "right"]),
    "syntax": ({"answers": {**RIGHT, "q2": "answer_2 = ("}}, ["right", "broke"]),
    "no-checks": (solved(drop=["-check"]), BOTH),
    "no-setup": (solved(drop=["setup"]), BOTH),
    "no-answers": ({"drop": ["q1", "q2"]}, NONE),
    "ex-is-none": (solved(add="ex = None"), BOTH),
    "forged": ({"add": FORGED}, NONE),
    "same-ids": (solved(duplicate), BOTH),
    "no-ids": (solved(without_ids), BOTH),
    "unmarked": (solved(unmarked), BOTH),
    "timed": ({"answers": {id: f"%%time\n{code}" for id, code in RIGHT.items()}}, BOTH),
    "moves": (solved(add="import os\nos.chdir('/')"), BOTH),
    "raises": (solved(add="raise SystemExit(3)"), BOTH),
    "shadows": (solved(add="import builtins\nprint = display = exercise = None\nbuiltins.print = None"), BOTH),
    "floods": (solved(add="print('x' * 1_000_000)"), BOTH),
    "markup": ({"answers": {**RIGHT, "q1": "active_models = {}['[bold red]x[/] é \\n|']"}}, ["broke", "right"]),
    "endless": (solved(add="while True:\n    pass"), BOTH),
    "endless-answer": ({"answers": {**RIGHT, "q1": f"{RIGHT['q1']}\nwhile True:\n    pass"}}, ["timed out", "right"]),
    "dies": (solved(add="import os\nos._exit(3)"), None),
    "not-json": (None, None),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A learner's folder with all these notebooks, and what one run of `mldebt check` says of them."""
    root = tmp_path_factory.mktemp("course")
    for name, (changes, _) in CASES.items():
        path = root / "exercises" / f"{name}.ipynb"
        if changes is None:
            path.write_text("{")
        else:
            write(path, **changes)
    before = {path: path.read_bytes() for path in root.rglob("*.ipynb")}
    command = [sys.executable, "-m", "mldebt", "check", "exercises", "--timeout", "3"]
    ended = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before, "a check writes nothing"
    return ended


@pytest.mark.parametrize("name", [name for name, (_, outcomes) in CASES.items() if outcomes])
def test_outcomes(course, name):
    rows = [[part.strip() for part in line.split("│")[1:-1]] for line in course.stdout.splitlines() if "│" in line]
    found = [row for row in rows if row[0] == f"exercises/{name}.ipynb"]
    assert [row[1] for row in found] == ["q1", "q2"]
    assert [row[2] for row in found] == CASES[name][1]
    assert [row[3] for row in found if row[2] == "right"] == [
        f"{question.points:g} / {question.points:g}"
        for question, row in zip(UNIT.questions.values(), found, strict=True)
        if row[2] == "right"
    ]
    assert all(bool(row[4]) is (row[2] != "right") for row in found)


def test_the_bad_ones_are_named_and_the_others_judged_all_the_same(course):
    assert course.returncode == 2
    errors = course.stderr.strip().splitlines()
    assert len(errors) == 2
    assert any(line.startswith("Error: exercises/dies.ipynb ended its own kernel") for line in errors)
    assert any(line.startswith("Error: exercises/not-json.ipynb is not a notebook") for line in errors)


def test_the_total(course):
    outcomes = [outcome for _, expected in CASES.values() for outcome in expected or []]
    assert f"{outcomes.count('right')} of {len(outcomes)} right" in course.stdout


def test_what_the_learner_wrote_is_no_markup_of_the_table(course):
    assert "[bold" in course.stdout


def test_a_check_leaves_the_learners_progress_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path / "exercises" / "x.ipynb", answers=RIGHT)
    monkeypatch.delenv("MLDEBT_NO_PROGRESS", raising=False)
    result = run("check", path, path, tmp_path / "exercises")
    assert result.exit_code == 0
    assert "2 of 2 right, 4 of 4 points." in result.stdout, "a file named twice counts once"
    assert [item.name for item in tmp_path.rglob("*") if item.is_file()] == ["x.ipynb"]


def test_not_right_ends_with_one(tmp_path):
    result = run("check", write(tmp_path / "x.ipynb", drop=["-check"]))
    assert result.exit_code == 1
    assert result.stderr == ""
    assert "0 of 2 right, 0 of 4 points." in result.stdout


def test_a_forged_report_is_one_sentence(tmp_path):
    forge = f"import mldebt.lab.report as r\nr.report = lambda unit: display({{{REPORT!r}: %s}}, raw=True)"
    for content in ("3", "[3]", "[{'status': 'right'}]", "[{'question': 'q1', 'status': 'great'}]"):
        with pytest.raises(NotebookError, match="could not be judged"):
            judge_notebook(write(tmp_path / "x.ipynb", drop=["-check", "q1", "q2"], add=forge % content))


# --- build


@pytest.fixture
def small(tmp_path, monkeypatch):
    """One unit, whose notebooks are marked as run instead of being run."""
    folder = tmp_path / "units"
    shutil.copytree(UNIT.folder, folder / UNIT.folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    compose_all = mldebt.build.targets
    monkeypatch.setattr(mldebt.build, "targets", lambda folder=folder: compose_all(folder))
    for name in ("build", "differences"):
        monkeypatch.setattr(mldebt.build, name, functools.partial(getattr(mldebt.build, name), folder=folder))
    monkeypatch.setattr(mldebt.build, "execute", lambda notebook, folder: notebook)
    root = tmp_path / "root"
    root.mkdir()
    units.load.cache_clear()
    read_cells.cache_clear()
    return root, folder / UNIT.folder.name


def test_build_says_what_it_wrote_and_check_agrees(small):
    root, _ = small
    result = run("build", "--root", root)
    assert result.exit_code == 0
    assert "3 notebooks written." in result.output
    assert f"exercises/{UNIT.name}.ipynb" in result.output
    assert "Nothing has changed." in run("build", "--root", root).output
    units.load.cache_clear()
    assert run("build", "--check", "--root", root).output == "The notebooks are what the units give.\n"


def test_build_check_names_what_differs(small):
    root, _ = small
    run("build", "--root", root)
    (root / "exercises" / f"{UNIT.name}.ipynb").write_text("{}")
    (root / "notebooks" / "99-stray.ipynb").write_text("{}")
    units.load.cache_clear()
    result = run("build", "--check", "--root", root)
    assert result.exit_code == 1
    assert f"exercises/{UNIT.name}.ipynb differs from what 03_keep_the_best gives" in result.stderr
    assert "notebooks/99-stray.ipynb belongs to no unit." in result.stderr
    assert "Run: mldebt build" in result.stderr


@pytest.mark.parametrize("option", [[], ["--check"]])
def test_a_unit_that_is_wrong_is_one_sentence(small, option):
    root, unit = small
    (unit / "quiz.yaml").write_text("lesson: [")
    result = run("build", *option, "--root", root)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {unit / 'quiz.yaml'}:1 ")


def test_a_root_that_cannot_be_written_is_one_sentence(small):
    root, _ = small
    (root / "notebooks").write_text("in the way")
    result = run("build", "--root", root)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert "notebooks" in result.stderr


# --- nbval sees what the learner sees


def nbval(path, option="--nbval-lax"):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", option, "-q", "--rootdir", path.parent, path.name],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("wrong", [False, True])
def test_nbval_passes_a_solved_exercise_and_fails_a_wrong_step(tmp_path, wrong):
    notebook = compose(UNIT, "solution")[0]
    checks = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if wrong:
        answer = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "q1")
        answer.source = answer.source.replace("reverse=True", "reverse=False")
    path = tmp_path / "exercises" / f"{UNIT.name}.ipynb"
    path.parent.mkdir()
    nbformat.write(notebook, path)
    ended = nbval(path)
    if not wrong:
        assert ended.returncode == 0, ended.stdout
        return
    assert ended.returncode == 1
    assert f"1 failed, {len(checks) - 1} passed" in ended.stdout
    assert "ex.q1.check()" in ended.stdout
    assert "lowest first" in ended.stdout


def test_judged_as_data(tmp_path):
    judged = judge_notebook(write(tmp_path / "x.ipynb", answers=RIGHT, drop=["-check"]))
    assert judged.right
    assert [(outcome.question, outcome.status) for outcome in judged.outcomes] == [
        ("q1", Status.RIGHT),
        ("q2", Status.RIGHT),
    ]
