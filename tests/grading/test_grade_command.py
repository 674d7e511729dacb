"""`mldebt grade` on a class: right marks, each kind of trouble by its own name, nothing lost, nothing left behind."""

import contextlib
import csv
import html
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from xml.etree import ElementTree

import psutil
import pytest
from classroom import UNIT, code_cell, hand_in, notebook

from mldebt import units
from mldebt.check import Status
from mldebt.grading import local
from mldebt.grading.collect import HandedIn, collect
from mldebt.grading.local import LocalJudges
from mldebt.grading.page import slug
from mldebt.judge.cage import missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls")

EVIL = "<script>alert(1)</script>\x1b[31m\u202e"
FAIR = {
    "solved": ("right", "right"),
    "untouched": ("not attempted", "not attempted"),
    "wrong": ("wrong", "right"),
    "raises": ("broke", "right"),
    "ends-itself": ("broke", "right"),
    "loops": ("timed out", "right"),
    "=evil()": ("broke", "right"),
    "spoilt": ("unreadable", "unreadable"),
    "late": ("absent", "absent"),
}


def grade(*arguments, **others):
    command = [sys.executable, "-m", "mldebt", "grade", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200, **others)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "submissions"
    answers = {
        "solved": {},
        "untouched": "untouched",
        "wrong": {"q1": "max_versions = 30"},
        "raises": {"q1": "max_versions = 1 / 0"},
        "ends-itself": {"q1": "import os\nmax_versions = 3\nos._exit(0)"},
        "loops": {"q1": "max_versions = 3\nwhile True:\n    pass"},
        "=evil()": {"q1": f"raise ValueError({EVIL!r})"},
    }
    for learner, own in answers.items():
        hand_in(folder, learner, notebook(answers=own))
    hand_in(folder, "spoilt", '{"nbformat": 4, "cells": [')
    hand_in(folder, "late", notebook("01-track-model-versions"), "01-track-model-versions")
    return folder


@pytest.fixture(scope="module")
def graded(folder):
    """Grade the class once; all the tests read what came of it."""
    book = folder.parent / "class.db"
    done = grade(folder, "--gradebook", book, "--format", "csv", "--feedback", folder.parent / "feedback")
    return done, book, folder.parent / "feedback"


def marks(text):
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["unit"] == UNIT:
            found.setdefault(row["learner"], []).append(row["outcome"])
    return {learner: tuple(outcomes) for learner, outcomes in found.items()}


def test_each_kind_of_trouble_has_its_own_name(graded):
    done, _, _ = graded
    assert marks(done.stdout) == {("'=evil()" if learner == "=evil()" else learner): o for learner, o in FAIR.items()}


def test_the_run_says_what_an_instructor_must_look_at(graded):
    done, _, _ = graded
    assert done.returncode == 1
    assert "9 files, 8 judged now, 1 that cannot be judged." in done.stderr
    (error,) = [line for line in done.stderr.splitlines() if line.startswith("Error")]
    assert f"spoilt/{UNIT}.ipynb: It is not a notebook: it holds no JSON." in error


def test_no_control_character_and_no_traceback_reaches_the_instructor(graded):
    done, book, _ = graded
    table = grade(book.parent / "submissions", "--gradebook", book)
    for text in (done.stdout, done.stderr, table.stdout, table.stderr):
        assert "Traceback" not in text
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_a_second_run_judges_nothing_and_says_the_same(graded, folder):
    done, book, _ = graded
    again = grade(folder, "--gradebook", book, "--format", "csv")
    assert again.stdout == done.stdout
    assert "9 files, 0 judged now, 8 known already, 1 that cannot be judged." in again.stderr


def test_the_table_shows_marks_and_counts(graded, folder):
    _, book, _ = graded
    lines = [
        [part.strip() for part in line.split("│")] for line in grade(folder, "--gradebook", book).stdout.splitlines()
    ]
    by_name = {line[1]: line for line in lines if len(line) > 3}
    assert by_name["solved"][2:5] == ["absent", "2 / 2", "2 / 4"]
    assert by_name["spoilt"][3] == "unreadable"
    assert next(line[1:8] for line in lines if line[1:3] == [UNIT, "q1"]) == [UNIT, "q1", "1", "3", "1", "1", "1"]


def test_json_and_junit_say_the_same_as_csv(graded, folder):
    done, book, _ = graded
    rows = json.loads(grade(folder, "--gradebook", book, "--format", "json").stdout)
    assert [row["outcome"] for row in rows] == [row["outcome"] for row in csv.DictReader(io.StringIO(done.stdout))]
    assert all(row["walls"] is True for row in rows)
    top = ElementTree.fromstring(grade(folder, "--gradebook", book, "--format", "junit").stdout)
    assert len(top.findall("testsuite/testcase")) == len(rows)
    kinds = {
        "failure": {"wrong"},
        "error": {"broke", "timed out", "unreadable"},
        "skipped": {"not attempted", "absent"},
    }
    for kind, outcomes in kinds.items():
        count = sum(row["outcome"] in outcomes for row in rows)
        assert len(top.findall(f"testsuite/testcase/{kind}")) == count
        name = kind if kind == "skipped" else f"{kind}s"
        assert sum(int(suite.get(name)) for suite in top) == count


class Page(HTMLParser):
    """The tags and addresses of a page, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in ("src", "href", "action")]

    def handle_data(self, data):
        self.text += data


def test_each_learner_gets_pages_of_their_own(graded):
    _, _, feedback = graded
    pages = {path.relative_to(feedback).as_posix(): Page(path.read_text("utf-8")) for path in feedback.rglob("*.html")}
    units_of = dict.fromkeys(FAIR, UNIT) | {"late": "01-track-model-versions"}
    expected = {f"{slug(learner)}/index.html" for learner in FAIR}
    assert set(pages) == expected | {f"{slug(learner)}/{unit}.html" for learner, unit in units_of.items()}
    for name, page in pages.items():
        folder, file = name.split("/")
        links = [f"{unit}.html" for learner, unit in units_of.items() if slug(learner) == folder]
        assert page.addresses == (links if file == "index.html" else ["index.html"])
        assert "script" not in page.tags
        for other in FAIR:
            assert slug(other) == folder or f"Feedback for {other}" not in page.text
    wrong = pages[f"wrong/{UNIT}.html"].text
    assert "Not yet." in wrong
    assert "0 of 1 points" in wrong
    assert "max_versions = 30" in wrong
    assert f"Hint: {units.load(UNIT).questions['q1'].hints[0]}".split("`")[0] in wrong
    assert "Not handed in" in pages["wrong/index.html"].text
    assert "Your notebook was judged without" not in pages[f"ends-itself/{UNIT}.html"].text
    assert "the process ended" in pages[f"ends-itself/{UNIT}.html"].text
    evil = (feedback / slug("=evil()") / f"{UNIT}.html").read_text(encoding="utf-8")
    assert html.escape(EVIL[:25]) in evil
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", evil)


def test_unsafe_is_loud_and_stays_visible(folder, tmp_path):
    one = folder / "solved"
    done = grade(one, "--gradebook", tmp_path / "u.db", "--unsafe", "--format", "csv")
    assert done.returncode == 0
    assert "WARNING: --unsafe: every submission runs with your rights" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["outcome"] for row in rows] == ["right", "right"]
    assert {row["walls"] for row in rows} == {"no"}
    safe = grade(one, "--gradebook", tmp_path / "u.db", "--format", "csv")
    assert {row["walls"] for row in csv.DictReader(io.StringIO(safe.stdout))} == {"yes"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["nowhere", "--gradebook", "x.db"],
            "Error: nowhere is not there; name the folder, or the zip, of the submissions.",
        ),
        ([".", "--gradebook", "x.db"], "Error: . holds no notebook"),
        (["{folder}", "--gradebook", "no/such/folder/x.db"], "The folder no/such/folder is not there; make it first."),
        (["{folder}", "--gradebook", "x.db", "--roster", "x.db"], "x.db would be written over; name another file."),
        (["{folder}", "--gradebook", "x.db", "--format", "xml"], "'xml' is not one of"),
        (["{folder}"], "Missing option '--gradebook'"),
        (["{folder}", "--gradebook", "x.db", "--scheduler", "nonsense:1"], "Error: No scheduler answers at nonsense:1"),
    ],
)
def test_a_mistake_is_one_clear_sentence(folder, tmp_path, arguments, said):
    done = grade(*[part.format(folder=folder / "wrong") for part in arguments], cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_feedback_is_not_written_over_the_submissions(tmp_path):
    archive = tmp_path / f"{UNIT}-canvas.zip"
    archive.write_text("what Canvas sent")
    options = ("--feedback", tmp_path, "--feedback-zip", "canvas")
    done = grade(archive, "--gradebook", tmp_path / "x.db", *options)
    assert done.stderr == f"Error: {archive} would be written over; name another file.\n"
    assert archive.read_text() == "what Canvas sent"


def test_without_a_sandbox_it_refuses_and_says_what_is_missing(folder, tmp_path):
    done = grade(folder / "solved", "--gradebook", tmp_path / "x.db", env={**os.environ, "PATH": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "Error: Grading strangers' notebooks needs bubblewrap, which is not installed (Debian: apt install bubblewrap). "
        "--unsafe grades without a sandbox."
    )


def test_an_ordinary_user_needs_no_privilege(folder, tmp_path):
    # A namespace in which this process has the number of an ordinary user and no capability.
    user = ["bwrap", "--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL", "--dev-bind", "/", "/"]
    command = [sys.executable, "-m", "mldebt", "grade", folder / "wrong", "--gradebook", tmp_path / "x.db"]
    done = subprocess.run([*user, *command, "--format", "csv"], capture_output=True, text=True, check=False)
    assert marks(done.stdout) == {"wrong": FAIR["wrong"]}, done.stderr


def left_over():
    """Return the processes of sandboxes and judges that nobody waits for: not those of tests that run beside this one."""
    found, above = [], os.getppid()
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if "mldebt.room.zygote" in line or "mldebt.grading.clerk" in line:
            with contextlib.suppress(psutil.NoSuchProcess):
                if above == 1 or above not in {parent.pid for parent in process.parents()}:
                    found.append(process)
    return found


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    folder = tmp_path_factory.mktemp("many") / "submissions"
    for number in range(60):
        answers = {"q1": "max_versions = 30"} if number % 3 else {}
        hand_in(folder, f"learner{number:02}", notebook(answers=answers, comment=f"mine {number}"))
    return folder


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_was_ended_goes_on_and_leaves_nothing_running(many, tmp_path, number):
    before = set(left_over())
    book = tmp_path / "class.db"
    command = [sys.executable, "-m", "mldebt", "grade", str(many), "--gradebook", str(book)]
    for seconds in (1.2, 1.6, 2.0):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(seconds)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
        assert "Traceback" not in said
        if process.returncode == -signal.SIGINT:  # Python itself was starting or ending: it has no handler then
            continue
        if number == signal.SIGINT and process.returncode:
            began = said.strip() != "Stopped."
            assert process.returncode == (130 if began else 1)
            assert not began or "the same command goes on from there" in said
    done = grade(many, "--gradebook", book, "--format", "csv")
    assert len(set(marks(done.stdout))) == 60
    whole = grade(many, "--gradebook", tmp_path / "whole.db", "--format", "csv")
    assert done.stdout == whole.stdout
    for _ in range(50):
        if not set(left_over()) - before:
            break
        time.sleep(0.1)
    assert not set(left_over()) - before


def test_a_judge_that_takes_too_long_costs_one_submission(folder, monkeypatch):
    monkeypatch.setattr(local, "PATIENCE", 4.0)
    items = [item for item in collect(folder) if item.learner in ("loops", "solved", "wrong")]
    with LocalJudges(1, "1", unsafe=False) as judges:
        replies = {item.learner: reply for item, reply in judges.judge(items)}
    assert replies["loops"]["problem"] == "not judged"
    assert "Look at it by hand" in replies["loops"]["message"]
    for learner in ("solved", "wrong"):
        assert [outcome["status"] for outcome in replies[learner]["outcomes"]] == list(FAIR[learner])


def test_a_file_that_went_away_is_a_problem_of_its_own(tmp_path):
    with LocalJudges(1, "1", unsafe=False) as judges:
        ((_, reply),) = judges.judge([HandedIn("anna", UNIT, tmp_path / "gone.ipynb", "d")])
    assert reply["problem"] == "unreadable"


def test_only_what_hung_on_a_deadly_cell_is_lost(tmp_path):
    extra = ["import os\nos.kill(os.getpid(), 9)", "helper = 3"]
    hand_in(tmp_path, "anna", notebook(extra=extra, answers={"q1": "max_versions = helper"}))
    done = grade(tmp_path, "--gradebook", tmp_path / "x.db", "--format", "json")
    assert {row["outcome"] for row in json.loads(done.stdout)} == {Status.RIGHT.value}


def test_cells_that_were_moved_copied_emptied_or_deleted(tmp_path):
    data = notebook()
    answers = [cell for cell in data["cells"] if "".join(cell["source"]).startswith("# q")]
    cases = {
        "reversed": data["cells"][::-1],
        "copied": [*data["cells"], *answers],
        "no-checks": [cell for cell in data["cells"] if ".check()" not in "".join(cell["source"])],
        "forged-checks": [code_cell("ex.q1.check = ex.q2.check = lambda: True"), *data["cells"]],
        "only-answers": answers,
        "markdown": [{**cell, "cell_type": "markdown"} if cell is answers[0] else cell for cell in data["cells"]],
        "deleted": [cell for cell in data["cells"] if cell is not answers[0]],
        "emptied": [{**cell, "source": ""} if cell is answers[0] else cell for cell in data["cells"]],
    }
    for name, cells in cases.items():
        hand_in(tmp_path / "in", name, data | {"cells": cells})
    found = marks(grade(tmp_path / "in", "--gradebook", tmp_path / "x.db", "--format", "csv").stdout)
    for name in ("reversed", "copied", "no-checks", "forged-checks", "only-answers"):
        assert found[name] == ("right", "right"), name
    for name in ("markdown", "deleted", "emptied"):
        assert found[name] == ("not attempted", "right"), name


def test_the_command_does_not_wait_for_what_only_writing_notebooks_needs():
    """Nbformat takes a second to import, more than two dozen submissions take to be judged."""
    code = "import sys, mldebt.cli; print([name for name in ('nbformat', 'jsonschema', 'nbclient') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
