"""What the report counts is what is there: computed here by other means, on a class whose answers are known."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from made import CHOSEN, LEARNERS, everything, hand_in, outcome, reported

from mldebt import units
from mldebt.check import Status
from mldebt.grading.gradebook import Gradebook
from mldebt.grading.mark import Ruling
from mldebt.report import measures, read
from mldebt.report.interval import fisher, wilson
from mldebt.report.read import frame
from mldebt.variant import ANOTHER

UNIT = "03-keep-the-best"


@pytest.fixture(scope="module")
def known():
    return everything()


@pytest.fixture
def book(tmp_path, known):
    return reported(tmp_path, known)


def points_of(known):
    """Return a matrix of points, learners by questions, and the questions."""
    asked = [(unit, question) for unit in CHOSEN for question in units.load(unit).questions]
    matrix = np.array([[known[learner, unit][0][q].earned for unit, q in asked] for learner in LEARNERS])
    return matrix, asked


def test_the_class_is_worth_measuring(known):
    statuses = Counter(o.status for outcomes, _ in known.values() for o in outcomes.values())
    assert min(statuses[s] for s in (Status.RIGHT, Status.WRONG, Status.BROKE, Status.NOT_ATTEMPTED)) >= 2


def test_discrimination_is_the_correlation_with_the_total_without_the_question(book, known):
    matrix, asked = points_of(known)
    found = measures.by_question(book.rows)
    assert set(found.index) == set(asked)
    for at, key in enumerate(asked):
        rest = np.delete(matrix, at, axis=1).sum(axis=1)
        assert found.loc[key, "discrimination"] == pytest.approx(np.corrcoef(matrix[:, at], rest)[0, 1])
        # the total with it would be another number
        assert found.loc[key, "discrimination"] < np.corrcoef(matrix[:, at], matrix.sum(axis=1))[0, 1]


def test_shares_and_difficulties(book, known):
    matrix, asked = points_of(known)
    most = np.array([units.load(unit).questions[q].points for unit, q in asked])
    found = measures.by_question(book.rows).loc[asked]
    assert list(found["all points"]) == list((matrix == most).sum(axis=0))
    assert list(found["difficulty"]) == pytest.approx(list((matrix / most).mean(axis=0)))
    assert list(measures.shares(book.rows)["all"]) == pytest.approx(list(matrix.sum(axis=1) / most.sum()))


def test_partial_points_count_in_the_difficulty_and_not_as_right(tmp_path):
    half = {("a", UNIT): ({"q1": outcome(UNIT, "q1", Status.WRONG, "ties", earned=1.5), "q2": outcome(UNIT, "q2")}, {})}
    row = measures.by_question(reported(tmp_path, half).rows).loc[(UNIT, "q1")]
    assert (row["all points"], row["difficulty"]) == (0, 0.5)


def test_outcomes_and_misconceptions_are_counted_with_names(book, known):
    told = Counter()
    who = {}
    for (learner, unit), (outcomes, _) in known.items():
        for o in outcomes.values():
            if o.misconception:
                told[unit, o.question, o.misconception] += 1
                who.setdefault((unit, o.question, o.misconception), []).append(learner)
    found = measures.misconceptions(book.rows)
    assert {
        tuple(key): n for *key, n in found[["unit", "question", "misconception", "count"]].itertuples(index=False)
    } == told
    for line in found.itertuples():
        assert line.learners == sorted(who[line.unit, line.question, line.misconception])
        assert line.message == units.load(line.unit).questions[line.question].misconceptions[line.misconception]
    assert list(found["count"]) == sorted(found["count"], reverse=True)
    questions = measures.by_question(book.rows)
    broke = Counter(
        (unit, o.question) for (_, unit), (os, _) in known.items() for o in os.values() if o.status == "broke"
    )
    assert {key: n for key, n in questions["broke"].items() if n} == broke


def test_a_planted_misconception_comes_first(tmp_path, known):
    planted = dict(known)
    for learner in LEARNERS[:25]:
        planted[learner, UNIT] = ({"q1": outcome(UNIT, "q1", Status.WRONG, "ties", message="look at equal ones"),
                                   "q2": outcome(UNIT, "q2")}, {})  # fmt: skip
    first = measures.misconceptions(reported(tmp_path, planted).rows).iloc[0]
    assert (first["unit"], first["question"], first["misconception"], first["message"]) == (
        UNIT,
        "q1",
        "ties",
        "look at equal ones",
    )
    assert first["learners"] == LEARNERS[:25] + [
        learner for learner in LEARNERS[25:] if known[learner, UNIT][0]["q1"].misconception == "ties"
    ]


def turned(known, unit, question):
    """Let those be right who are below the median elsewhere, and those wrong who are above."""
    matrix, asked = points_of(known)
    at = asked.index((unit, question))
    rest = np.delete(matrix, at, axis=1).sum(axis=1)
    made = dict(known)
    for learner, total in zip(LEARNERS, rest, strict=True):
        outcomes, work = known[learner, unit]
        status, name = (Status.RIGHT, None) if total < np.median(rest) else (Status.WRONG, "ties")
        made[learner, unit] = ({**outcomes, question: outcome(unit, question, status, name)}, work)
    return made


def test_a_broken_question_is_found_and_no_sound_one(tmp_path, known, book):
    sound = measures.suspects(measures.by_question(book.rows))
    assert not sound["why"].str.contains("does worse here").any()
    (tmp_path / "turned").mkdir()
    questions = measures.by_question(reported(tmp_path / "turned", turned(known, UNIT, "q1")).rows)
    found = measures.suspects(questions)
    assert tuple(found.iloc[0]) == (
        UNIT,
        "q1",
        "Who does better elsewhere does worse here: look at the question and at its check.",
    )


@pytest.mark.parametrize(("status", "said"), [
    (Status.WRONG, "None of 30 got all points."),
    (Status.RIGHT, "All 30 got all points"),
    (Status.BROKE, "Of 30 answers, 30 broke"),
    (Status.TIMED_OUT, "Of 30 answers, 30 timed out"),
])  # fmt: skip
def test_a_question_that_nobody_or_everybody_gets_right_is_named(tmp_path, known, status, said):
    name = "ties" if status is Status.WRONG else None
    made = {key: ({**os, "q1": outcome(UNIT, "q1", status, name)} if key[1] == UNIT else os, work)
            for key, (os, work) in known.items()}  # fmt: skip
    questions = measures.by_question(reported(tmp_path, made).rows)
    assert any(line.why.startswith(said) for line in measures.suspects(questions).itertuples() if line.unit == UNIT)
    assert math.isnan(questions.loc[(UNIT, "q1"), "discrimination"])
    assert questions.loc[(UNIT, "q1"), "why"] == "everybody has the same points"


def test_a_small_class_has_no_discrimination_and_no_broken_questions(tmp_path, known):
    for count, there in ((9, False), (10, True)):
        few = {key: value for key, value in known.items() if key[0] in LEARNERS[:count]}
        (tmp_path / str(count)).mkdir()
        questions = measures.by_question(reported(tmp_path / str(count), few).rows)
        # of ten, all may have the same points in a question: that has a reason of its own
        assert ("fewer than 10 learners" not in set(questions["why"])) is there
    one = {key: value for key, value in known.items() if key[0] == "l01"}
    (tmp_path / "one").mkdir()
    book = reported(tmp_path / "one", one)
    assert measures.suspects(measures.by_question(book.rows)).empty


def test_without_another_question_there_is_nothing_to_compare_with(tmp_path):
    made = {(learner, UNIT): ({"q1": outcome(UNIT, "q1")}, {}) for learner in LEARNERS}
    assert measures.by_question(reported(tmp_path, made).rows)["why"].tolist() == [
        "there is no other question to compare it with"
    ]


def test_who_is_absent_counts_in_no_question_and_as_nothing_in_the_mark(tmp_path, known):
    made = {key: value for key, value in known.items() if key != ("l03", UNIT)}
    book = reported(tmp_path, made)
    assert measures.by_question(book.rows).loc[(UNIT, "q1"), "judged"] == 29
    shares = measures.shares(book.rows)
    assert math.isnan(shares.loc["l03", UNIT])
    most = sum(q.points for unit in CHOSEN for q in units.load(unit).questions.values())
    own = sum(o.earned for unit in CHOSEN if unit != UNIT for o in known["l03", unit][0].values())
    assert shares.loc["l03", "all"] == pytest.approx(own / most)


def test_where_learners_stop(tmp_path):
    empty, full = (lambda q: outcome("05-practice", q, Status.NOT_ATTEMPTED)), (lambda q: outcome("05-practice", q))
    asked = list(units.load("05-practice").questions)
    made = {("a", "02-set-a-limit"): ({"q1": outcome("02-set-a-limit", "q1")}, {})}
    for learner, first in (("a", 2), ("b", 2), ("c", 4), ("d", len(asked))):
        made[learner, "05-practice"] = ({q: full(q) if at < first else empty(q) for at, q in enumerate(asked)}, {})
    made["e", "02-set-a-limit"] = made["a", "02-set-a-limit"]
    rows = reported(tmp_path, made).rows
    assert measures.stops(rows).values.tolist() == [
        ["05-practice", q, n, 4] for q, n in sorted([(asked[2], 2), (asked[4], 1)])
    ]
    assert measures.last_units(rows)["last for"].to_dict() == {"02-set-a-limit": 1, "05-practice": 4}


def test_answers_to_another_variant_are_listed_by_learner(tmp_path, known):
    made = dict(known)
    made["l05", UNIT] = ({q: outcome(UNIT, q, Status.WRONG, ANOTHER) for q in ("q1", "q2")}, {})
    found = measures.of_others(reported(tmp_path, made).rows)
    assert found.values.tolist() == [["l05", 2, f"{UNIT} q1, {UNIT} q2"]]


def test_penalties_lower_the_mark_and_not_the_question_and_rulings_change_both(tmp_path):
    path = tmp_path / "class.db"
    with Gradebook(path) as book:
        hand_in(book, "a", UNIT, [outcome(UNIT, "q1"), outcome(UNIT, "q2", Status.WRONG, "ties")], penalty=0.5)
        hand_in(book, "b", UNIT, [outcome(UNIT, "q1"), outcome(UNIT, "q2")], penalty=1.0)
        book.rule(Ruling("a", UNIT, "q2", 1.0, "the text was unclear"))
    rows = read(path).rows
    assert measures.shares(rows)["all"].to_dict() == {"a": 0.5, "b": 0.0}
    assert measures.by_question(rows)["all points"].tolist() == [2, 2]


def test_files_without_a_verdict_are_listed_and_count_in_no_share(tmp_path):
    path = tmp_path / "class.db"
    with Gradebook(path) as book:
        for learner in "abcde":
            hand_in(book, learner, UNIT, [outcome(UNIT, "q1"), outcome(UNIT, "q2")])
        hand_in(book, "f", UNIT, [], problem="not judged", message="look")
        hand_in(book, "g", UNIT, [], problem="not judged", message="look")
        hand_in(book, "h", "", [], problem="not ours", message="of no unit")
    rows = read(path).rows
    assert measures.problems(rows)[["learner", "outcome"]].values.tolist() == [
        ["f", "not judged"],
        ["g", "not judged"],
        ["h", "not ours"],
    ]
    questions = measures.by_question(rows)
    assert questions["judged"].tolist() == [5, 5]
    assert questions["not judged"].tolist() == [2, 2]
    assert "Of 7 answers, 2 not judged" in " ".join(measures.suspects(questions)["why"])


# --- the last run


def at(monkeypatch, time):
    monkeypatch.setattr("mldebt.grading.gradebook._now", lambda: f"2026-03-{time}:00+00:00")


def test_what_the_last_run_changed(tmp_path, monkeypatch):
    path = tmp_path / "class.db"
    right, no = (
        [outcome(UNIT, "q1"), outcome(UNIT, "q2")],
        [outcome(UNIT, "q1"), outcome(UNIT, "q2", Status.WRONG, "ties")],
    )
    with Gradebook(path) as book:
        at(monkeypatch, "01T10:00")
        for learner in ("a", "b", "c"):
            hand_in(book, learner, UNIT, no, digest=f"{learner}1")
        book.rule(Ruling("a", UNIT, "q2", 1.0, "early"))
        at(monkeypatch, "02T10:00")
        hand_in(book, "a", UNIT, right, digest="a2")
        at(monkeypatch, "02T10:09")
        hand_in(book, "b", UNIT, no, digest="b2")
        hand_in(book, "d", UNIT, right, digest="d1")
        at(monkeypatch, "02T12:00")
        book.rule(Ruling("c", UNIT, "q2", 1.0, "late"))
    last = read(path).last
    assert (last.begun, last.ended) == ("2026-03-02T10:00:00+00:00", "2026-03-02T10:09:00+00:00")
    assert last.new == (("d", UNIT),)
    assert [(c.learner, c.before, c.after) for c in last.changed] == [("a", 3.0, 4.0)]
    assert (last.same, last.ruled) == (1, 1)
    assert "1 new marks, 1 with other points than before, 1 with the same; 1 decisions by hand" in str(last)


# --- intervals


@pytest.mark.parametrize(("hits", "count"), [(0, 1), (0, 30), (1, 1), (7, 30), (15, 30), (30, 30), (500, 1000)])
def test_wilson_is_what_scipy_gives(hits, count):
    stats = pytest.importorskip("scipy.stats")
    expected = stats.binomtest(hits, count).proportion_ci(method="wilson")
    assert wilson(hits, count) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_fisher_is_what_scipy_gives():
    stats = pytest.importorskip("scipy.stats")
    draw = np.random.default_rng(1)
    for count in (4, 10, 30, 200):
        x = draw.normal(size=count)
        y = x + draw.normal(size=count)
        expected = stats.pearsonr(x, y)
        assert fisher(float(expected.statistic), count) == pytest.approx(tuple(expected.confidence_interval()))


def test_intervals_at_the_edges():
    assert wilson(0, 0) == (0.0, 1.0)
    assert fisher(0.5, 3) == (-1.0, 1.0)
    assert fisher(1.0, 30) == (1.0, 1.0)


def test_the_penalty_of_a_frame_is_that_of_its_marks(book):
    late = [replace(mark, penalty=0.25) for mark in book.marks]
    rows = frame(late)
    assert rows["earned"].sum() == pytest.approx(book.rows["earned"].sum() * 0.75)
    assert rows["score"].tolist() == book.rows["score"].tolist()
