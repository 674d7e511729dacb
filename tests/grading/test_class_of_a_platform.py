"""`mldebt grade` on what a platform gives out, to what it takes back: each mark and each name arrives."""

import csv
import importlib
import io
import tempfile
import zipfile
from dataclasses import asdict

import pytest
from classroom import UNIT, notebook
from click.testing import CliRunner
from platforms import on_canvas, on_moodle, pack

from mldebt.check import Outcome, Status
from mldebt.cli import main
from mldebt.judge.cage import missing

ROSTER = """learner,name,canvas_id
anna,Anna Abel,101
ben,Ben van der Berg,102
cy,Cy Coe,103
dot,Dot Doe,104
"""
WRONG = {"q1": "max_versions = 30"}


def run(*arguments):
    done = CliRunner().invoke(main, list(map(str, arguments)))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert "Traceback" not in done.output
    return done


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER)
    return path


@pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls")
@pytest.mark.parametrize("platform", ["canvas", "moodle"])
def test_from_the_download_to_the_marks(tmp_path, roster, platform, monkeypatch):
    # A folder of this test's own: other tests grade at the same time, and leave and take theirs in the shared one.
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setenv("TMPDIR", str(scratch))

    def named(name, number, late=False):
        first, _, last = name.partition(" ")
        return on_canvas(f"{last}, {first}", number, number, late) if platform == "canvas" else on_moodle(name, number)

    files = {
        named("Anna Abel", 101): notebook(comment="a"),
        named("Ben van der Berg", 102, late=True): notebook(answers=WRONG, comment="b"),
        named("Some Body", 999): notebook(comment="s"),
    }
    path = pack(tmp_path / "class.zip", [*files.items(), ("../out.ipynb", "{}"), (named("Cy Coe", 103), b"\0")])
    book, feedback = tmp_path / "class.db", tmp_path / "feedback"
    command = ("grade", path, "--gradebook", book, "--roster", roster, "--format", "csv", "--feedback", feedback)
    more = ("--feedback-zip", platform, "--due", "2026-11-30T23:59", "--late", "10%/day")
    done = run(*command, *more)
    assert not list(scratch.iterdir()), "grading leaves nothing behind"
    assert done.exit_code == 1
    stranger = "bodysome_999" if platform == "canvas" else "Some Body_999"
    for line in (
        "4 files, 3 judged now",
        "all lie within an hour: they are taken for those of the download",
        f"Not on the roster, but graded: {stranger} (1).",
        "On the roster, and nothing handed in here: dot (1).",
        f"Error: {path}/../out.ipynb: Its path leads out of the zip.",
        "It is not a notebook: it holds no JSON.",
    ):
        assert line in done.stderr, line
    marks = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        marks.setdefault(row["learner"], []).append((row["outcome"], row["earned"]))
    late = "0.9" if platform == "canvas" else "1"
    assert marks == {
        "anna": [("right", "1")] * 2,
        "ben": [("wrong", "0"), ("right", late)],
        "cy": [("unreadable", "0")] * 2,
        "dot": [("absent", "0")] * 2,
        stranger: [("right", "1")] * 2,
    }
    with zipfile.ZipFile(feedback / f"{UNIT}-{platform}.zip") as back:
        given = {name.split("/")[0] for name in (*files, named("Cy Coe", 103))}
        assert {name.split("/")[0] for name in back.namelist()} == given
    again = run(*command, *more)
    assert again.stdout == done.stdout
    assert "4 files, 0 judged now" in again.stderr
    history = run("mark", "history", book, "ben", UNIT).stdout
    assert history.count("(checks ") == 1, "a second run added a mark, though nothing changed"
    sheet = run("export", book, "--format", platform, "--roster", roster)
    assert f"Error: Not on the roster, left out: {stranger}." in sheet.stderr
    column = UNIT if platform == "canvas" else "Grade"
    name = "Student" if platform == "canvas" else "Full name"
    rows = {row[name]: row for row in csv.DictReader(io.StringIO(sheet.stdout))}
    assert [rows[who][column] for who in ("Anna Abel", "Ben van der Berg", "Cy Coe", "Dot Doe")] == ["2", late, "", ""]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--late", "10%/day"], "--late is for --due; give both."),
        (["--due", "soon"], "'soon' is no date and time; write it as 2026-11-30T23:59."),
        (["--due", "2026-11-30", "--late", "much"], "'much' is no rule for being late"),
        (["--feedback-zip", "canvas"], "--feedback-zip is for --feedback; give both."),
        (["--roster", "gone.csv"], "gone.csv cannot be read"),
    ],
)
def test_a_mistake_is_one_clear_sentence(tmp_path, arguments, said):
    pack(tmp_path / "class.zip", [(f"anna/{UNIT}.ipynb", notebook())])
    done = run("grade", tmp_path / "class.zip", "--gradebook", tmp_path / "x.db", *arguments)
    assert done.exit_code in (1, 2)
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "x.db").exists()


def test_a_corrected_check_says_whose_points_it_changed(tmp_path, monkeypatch):
    version = ["1"]

    class Judges:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

        def judge(self, items):
            for item in items:
                earned = float(version[0] == "2" or item.learner == "cy")
                status = Status.RIGHT if earned else Status.WRONG
                made = Outcome("q1", status, earned, 1.0, "said", None if earned else "no")
                found = {"digest": item.digest, "unit": item.unit, "version": version[0]}
                yield item, found | {"outcomes": [asdict(made)], "notes": [], "work": {}}

    monkeypatch.setattr(importlib.import_module("mldebt.cli.grade"), "_judges", lambda *_: Judges())
    monkeypatch.setattr("mldebt.grading.run.version_of", lambda unit, id: version[0])
    path = pack(tmp_path / "c.zip", [(f"{who}/{UNIT}.ipynb", notebook(comment=who)) for who in ("anna", "ben", "cy")])
    command = ("grade", path, "--gradebook", tmp_path / "class.db")
    assert "Corrected check" not in run(*command).stderr
    run("mark", "set", tmp_path / "class.db", "ben", UNIT, "q1", "0.5", "--reason", "half")
    version[0] = "2"
    said = run(*command).stderr
    assert f"Corrected check: {UNIT}/q1: anna 0 -> 1; ben 0 -> 1, but points given by hand stand." in said
    assert "Corrected check" not in run(*command).stderr
