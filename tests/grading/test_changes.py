"""What a run changes is said: whose submission it replaces, and that nothing is answered in it."""

import pytest
from classroom import UNIT, hand_in, notebook
from click.testing import CliRunner

from mldebt.check import Outcome, Status
from mldebt.cli import main
from mldebt.grading.changes import Replaced, newest, replaced
from mldebt.grading.collect import HandedIn
from mldebt.grading.gradebook import Gradebook
from mldebt.grading.mark import Ruling
from mldebt.judge.cage import missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls")


def grade(*arguments):
    done = CliRunner().invoke(main, ["grade", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done


def test_what_replaces_what_is_said_and_what_was_handed_out_is_no_submission(tmp_path):
    class_of, book = [f"learner{number}" for number in range(7)], ("--gradebook", tmp_path / "class.db")
    for learner in class_of:
        hand_in(tmp_path / "hw", learner, notebook(comment=learner))
        hand_in(tmp_path / "out", learner, notebook(answers="untouched"))
    first = grade(tmp_path / "hw", *book)
    assert "replace" not in first.stderr
    assert "WARNING" not in first.stderr

    done = grade(tmp_path / "out", *book)
    changed = "; ".join(f"{learner} {UNIT} 2 -> 0" for learner in class_of[:5])
    assert f"7 submissions replace ones graded before; points changed: {changed} and 2 more." in done.stderr
    assert "look like the exercises that were handed out" in done.stderr
    again = grade(tmp_path / "out", *book)
    assert "replace" not in again.stderr

    back = grade(tmp_path / "hw", *book)
    assert f"points changed: learner0 {UNIT} 0 -> 2" in back.stderr
    assert "WARNING" not in back.stderr
    assert back.stdout == first.stdout


def test_two_who_answered_nothing_are_no_mistake_and_equal_points_are_no_change(tmp_path):
    for learner in ("anna", "ben"):
        hand_in(tmp_path / "hw", learner, notebook(answers="untouched"))
    assert "WARNING" not in grade(tmp_path / "hw", "--gradebook", tmp_path / "class.db").stderr
    hand_in(tmp_path / "hw", "anna", notebook(answers={"q1": "max_versions = 30", "q2": None}))
    said = grade(tmp_path / "hw", "--gradebook", tmp_path / "class.db").stderr
    assert "1 submission replaces one graded before; no points changed." in said
    hand_in(tmp_path / "hw", "anna", "no json")
    said = grade(tmp_path / "hw", "--gradebook", tmp_path / "class.db").stderr
    assert f"points changed: anna {UNIT} 0 -> not judged." in said


def test_errors_are_those_of_this_run_and_older_ones_are_named(tmp_path):
    book = ("--gradebook", tmp_path / "class.db")
    hand_in(tmp_path / "hw1", "dan", "no json")
    hand_in(tmp_path / "hw1", "eva", "no json")
    assert grade(tmp_path / "hw1", *book).exit_code == 1
    hand_in(tmp_path / "hw2", "anna", notebook())
    hand_in(tmp_path / "hw2", "eva", notebook(comment="eva"))
    (tmp_path / "hw1" / "dan" / "notes.ipynb").write_text("no json")
    (tmp_path / "hw1" / "eva" / f"{UNIT}.ipynb").unlink()
    assert grade(tmp_path / "hw1", *book).exit_code == 1
    done = grade(tmp_path / "hw2", *book)
    assert done.exit_code == 0
    assert "Error" not in done.stderr
    assert "Still open from earlier: dan notes.ipynb, 02.\n" in done.stderr
    assert "2 files, 2 judged now.\n" in done.stderr
    assert "1 file, 0 judged now, 1 known already.\n" in grade(tmp_path / "hw2" / "anna", *book).stderr


def test_points_by_hand_and_lateness_are_in_the_points_that_changed_and_a_spoilt_run_between_hides_none(tmp_path):
    def record(book, digest, earned, **others):
        said = Status.RIGHT if earned else Status.WRONG
        outcomes = tuple(Outcome(question, said, earned, 1.0, "said") for question in ("q1", "q2"))
        book.record(HandedIn("anna", UNIT, tmp_path / "x.ipynb", digest, **others), "v", True, outcomes)

    with Gradebook(tmp_path / "class.db", "1") as book:
        record(book, "a", 1.0)
        book.rule(Ruling("anna", UNIT, "q1", 0.5, "half"))
        book.rule(Ruling("anna", UNIT, "q1", None, comment="a comment is no points"))
        record(book, "", 0.0, problem="not judged")
        before = newest(book)
        record(book, "b", 0.0, penalty=0.1)
        assert replaced(book, before) == [Replaced("anna", UNIT, 1.5, 0.45)]
        assert replaced(book, newest(book)) == []
