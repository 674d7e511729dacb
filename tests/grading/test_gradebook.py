"""The gradebook adds, forgets nothing, and is whole at any moment."""

import itertools
import multiprocessing
import random
import signal
import sqlite3
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from mldebt.check import Outcome, Status
from mldebt.grading import by_hand
from mldebt.grading.collect import HandedIn
from mldebt.grading.gradebook import Gradebook, GradebookError
from mldebt.grading.mark import Ruling
from mldebt.grading.run import run
from mldebt.grading.tables import as_csv, as_json, rows
from mldebt.grading.version import version_of

UNIT = "02-set-a-limit"


def item(learner, digest="d", **others):
    return HandedIn(learner, UNIT, Path(f"{learner}/x.ipynb"), digest, **others)


def outcomes(earned=1.0):
    return (Outcome("q1", Status.RIGHT if earned else Status.WRONG, earned, 1.0, "said", None if earned else "no"),)


class Made:
    """Judges that make up a verdict, the same for the same content, and count what they were asked."""

    def __init__(self, seconds=0.0):
        self.asked = []
        self.seconds = seconds

    def judge(self, items):
        for one in items:
            self.asked.append(one.learner)
            time.sleep(self.seconds)
            made = [asdict(outcome) for outcome in outcomes(float(len(one.digest) % 2))]
            yield (
                one,
                {
                    "digest": one.digest,
                    "unit": UNIT,
                    "version": version_of(UNIT),
                    "outcomes": made,
                    "notes": [],
                    "work": {"q1": "x = 1"},
                },
            )


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "class.db", seed="1") as book:
        yield book


def marks(book):
    return {(mark.learner, mark.unit): mark for mark in book.marks()}


def test_a_mark_is_what_was_recorded(book):
    book.record(item("anna", notes=("late",)), "v", True, outcomes(), ("cell 3 was left out",))
    mark = marks(book)["anna", UNIT]
    assert mark.outcomes == outcomes()
    assert mark.notes == ("late", "cell 3 was left out")
    assert mark.walls
    assert mark.file == "anna/x.ipynb"


def test_a_problem_is_recorded_and_replaced_by_what_is_handed_in_later(book):
    book.record(item("anna", problem="unreadable", message="It is empty."))
    assert marks(book)["anna", UNIT].problem == "unreadable"
    book.record(item("anna", "d2"), "v", True, outcomes())
    assert marks(book)["anna", UNIT].problem == ""
    assert [points for _, _, points in book.history("anna", UNIT)] == [None, 1.0]


def test_going_back_to_an_older_file_counts_again_and_history_keeps_all(book):
    for digest, earned in (("a", 1.0), ("b", 0.0), ("a", 1.0)):
        book.record(item("anna", digest), "v", True, outcomes(earned))
    assert marks(book)["anna", UNIT].outcomes[0].earned == 1.0
    assert [points for _, _, points in book.history("anna", UNIT)] == [1.0, 0.0, 1.0]


def test_the_same_again_adds_nothing(book):
    for _ in range(3):
        book.record(item("anna"), "v", True, outcomes())
    assert len(book.history("anna", UNIT)) == 1


def test_unsafe_verdicts_are_marked_and_kept_apart(book):
    book.record(item("anna"), "v", True, outcomes())
    assert not book.knows("d", UNIT, "v", False)
    book.record(item("anna"), "v", False, outcomes())
    assert not marks(book)["anna", UNIT].walls


def test_writing_a_mark_costs_the_same_however_many_there_are(book):
    def steps(learner):
        count = itertools.count()
        book._db.set_progress_handler(lambda: next(count) and None, 10)
        book.record(item(learner, learner), "v", True, outcomes())
        book._db.set_progress_handler(None, 0)
        return next(count)

    steps("first")
    few = steps("one of few")
    for number in range(300):
        book.record(item(f"l{number}", f"d{number}"), "v", True, outcomes())
    assert steps("one of many") < 2 * few


@pytest.mark.parametrize("table", ["verdict", "outcome", "mark", "work", "ruling", "exclusion"])
@pytest.mark.parametrize("change", ["UPDATE {} SET rowid = 9", "DELETE FROM {}"])
def test_nothing_is_ever_overwritten(book, table, change):
    book.record(item("anna"), "v", True, outcomes(), work={"q1": "x = 1"})
    book.rule(Ruling("anna", UNIT, "q1", 0.5, "by hand"))
    book.exclude(["ben"], True, "is anna")
    change = change.format(table).replace("rowid", {"outcome": "place", "work": "source"}.get(table, "id"))
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        book._db.execute(change)
    assert len(marks(book)) == 1


def test_what_was_decided_by_hand_counts_and_the_verdict_stays(book):
    book.record(item("anna"), "v", True, outcomes(0.0))
    assert [row.earned for row in rows(book.marks())] == [0.0]
    book.rule(Ruling("anna", UNIT, "q1", 1.0, "the text was unclear"))
    book.rule(Ruling("anna", UNIT, "q1", None, comment="See me on Monday."))
    (row,) = rows(book.marks())
    assert (row.earned, row.outcome, row.ruling, row.comment) == (
        1,
        "wrong",
        "the text was unclear",
        "See me on Monday.",
    )
    book.rule(Ruling("anna", UNIT, "q1", 0.5, "half of it"))
    (row,) = rows(book.marks())
    assert (row.earned, row.ruling) == (0.5, "half of it")
    assert [ruling.earned for ruling in book.rulings("anna", UNIT)] == [1.0, None, 0.5]


def test_a_ruling_outlives_another_verdict(book):
    book.record(item("anna"), "v", True, outcomes(0.0))
    book.rule(Ruling("anna", UNIT, "q1", 1.0, "shown to me"))
    book.record(item("anna", "d2"), "w", True, outcomes(0.0))
    assert [row.earned for row in rows(book.marks())] == [1.0]


@pytest.mark.parametrize(
    ("ruling", "said"),
    [
        (
            Ruling("bea", UNIT, "q1", 1.0),
            "there is no learner 'bea', and no --roster to look on; `mldebt mark list` shows",
        ),
        (Ruling("anna", UNIT, "q9", 1.0), "02-set-a-limit has q1, not 'q9'."),
        (Ruling("anna", UNIT, "q1", 1.5), "worth 0 to 1 points, so 1.5 is no mark"),
        (Ruling("anna", UNIT, "q1", -1.0), "is no mark"),
    ],
)
def test_a_ruling_on_nothing_or_beyond_the_points_is_refused(book, ruling, said):
    book.record(item("anna"), "v", True, outcomes())
    with pytest.raises(GradebookError, match=said):
        by_hand.rule(book, ruling)
    assert book.rulings("anna", UNIT) == []


def test_lateness_costs_its_share(book):
    book.record(item("anna", penalty=0.25, handed_in="2026-11-24T10:00:00"), "v", True, outcomes())
    (row,) = rows(book.marks())
    assert (row.earned, row.points, row.penalty) == (0.75, 1.0, 0.25)
    assert marks(book)["anna", UNIT].handed_in == "2026-11-24T10:00:00"


def test_the_seed_stays_with_the_gradebook(tmp_path):
    with Gradebook(tmp_path / "a.db") as first, Gradebook(tmp_path / "b.db") as other:
        assert first.seed != other.seed
        with Gradebook(tmp_path / "a.db") as again:
            assert again.seed == first.seed


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be looked at" * 50, b"SQLite format 3\0junk"]
)
def test_a_file_that_is_no_gradebook_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(GradebookError, match=r"notes\.txt cannot be used as a gradebook"):
        Gradebook(path)
    assert path.read_bytes() == content


def test_a_database_of_something_else_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE grade (id)")
    with pytest.raises(GradebookError, match="something else"):
        Gradebook(tmp_path / "other.db")


def test_a_second_run_judges_nothing_and_changes_no_byte(book):
    items = [item(f"l{n}", f"digest{n}") for n in range(5)]
    judges = Made()
    assert run(items, book, lambda: judges) == 5
    before = book.path.read_bytes()
    assert run(items, book, lambda: judges) == 0
    assert len(judges.asked) == 5
    assert book.path.read_bytes() == before


def test_a_changed_check_regrades_only_its_unit(book, monkeypatch):
    other = [replace(item(f"l{n}", f"other{n}"), unit="01-track-model-versions") for n in range(3)]
    items = [item(f"l{n}", f"digest{n}") for n in range(3)]
    versions = {UNIT: "1", "01-track-model-versions": "1"}
    monkeypatch.setattr("mldebt.grading.run.version_of", lambda unit, id: versions[unit])

    class Versioned(Made):
        def judge(self, items):
            for one, reply in super().judge(items):
                yield one, reply | {"unit": one.unit, "version": versions[one.unit]}

    judges = Versioned()
    assert run([*items, *other], book, lambda: judges) == 6
    versions[UNIT] = "2"
    assert run([*items, *other], book, lambda: judges) == 3
    assert len(book.history("l0", UNIT)) == 2
    assert len(book.history("l0", "01-track-model-versions")) == 1


def test_a_file_that_was_not_judged_is_tried_again(book):
    class Failing(Made):
        def judge(self, items):
            for one in items:
                yield one, {"problem": "not judged", "message": "the judge ended"}

    assert run([item("anna")], book, Failing) == 1
    assert marks(book)["anna", UNIT].problem == "not judged"
    assert run([item("anna")], book, Made) == 1
    assert marks(book)["anna", UNIT].problem == ""


def _graded(path, items):
    with Gradebook(path, seed="1") as book:
        run(items, book, lambda: Made(0.0005))


def test_killed_at_a_hundred_moments_it_loses_nothing_and_does_nothing_twice(tmp_path):
    items = [item(f"learner{n:03}", "d" * (n + 1)) for n in range(400)]
    items += [item(f"spoilt{n}", problem="unreadable", message="It is empty.") for n in range(20)]
    fork, draw = multiprocessing.get_context("fork"), random.Random(3)
    path, killed, seen = tmp_path / "killed.db", 0, 0
    for moment in itertools.count():
        process = fork.Process(target=_graded, args=(path, items))
        process.start()
        # The first hundred runs end at a moment of their own, some before the file is whole; the last one ends itself.
        process.join(draw.uniform(0, 0.03) if moment < 100 else None)
        if process.is_alive():
            process.kill()
            process.join()
        killed += process.exitcode == -signal.SIGKILL
        if path.exists() and path.stat().st_size:
            with Gradebook(path, seed="1") as book:
                now = len(list(book.marks()))
                assert now >= seen
                seen = now
        if moment == 100:
            break
    assert killed >= 90
    _graded(tmp_path / "whole.db", items)
    with Gradebook(path) as one, Gradebook(tmp_path / "whole.db") as other:
        for write in (as_csv, as_json):
            assert write(rows(one.marks())) == write(rows(other.marks()))
        for table in ("verdict", "outcome", "mark"):
            assert [book._db.execute(f"SELECT count(*) FROM {table}").fetchone() for book in (one, other)] == [
                (len(items) if table == "mark" else 400,)
            ] * 2
        assert one._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
