"""Gradebooks made by hand, without a run: a class of simulated learners, and whatever a test plants in it."""

from pathlib import Path

from mldebt import simulated, units
from mldebt.check import Outcome, Status
from mldebt.grading.collect import HandedIn
from mldebt.grading.gradebook import Gradebook
from mldebt.report import read

LEARNERS = [f"l{number:02}" for number in range(30)]
CHOSEN = ["02-set-a-limit", "03-keep-the-best", "05-practice"]


def outcome(unit, question, status=Status.RIGHT, misconception=None, earned=None, message=""):
    points = units.load(unit).questions[question].points
    earned = (points if status is Status.RIGHT else 0.0) if earned is None else earned
    return Outcome(question, status, earned, points, message, misconception)


def of(unit, answers):
    """Return the outcomes that a bank's attempts must have, and the work."""
    known = units.load(unit).questions
    found = {
        id: outcome(unit, id, a.status, a.misconception, message=known[id].misconceptions.get(a.misconception, "said"))
        for id, a in answers.items()
    }
    return found, {id: attempt.code for id, attempt in answers.items()}


def hand_in(book, learner, unit, outcomes, work=None, digest="", **about):
    item = HandedIn(learner, unit, Path(f"{learner}/{unit}.ipynb"), digest or f"{learner}/{unit}", **about)
    made = outcomes.values() if isinstance(outcomes, dict) else outcomes
    book.record(item, "v", True, tuple(made), (), work or {})


def everything(seed="1"):
    """Return outcomes and work of the whole class: {(learner, unit): (outcomes, work)}."""
    return {
        (learner, unit): of(unit, answers)
        for unit in CHOSEN
        for learner, answers in simulated.answers(LEARNERS, unit, seed).items()
    }


def write(path, handed_in):
    with Gradebook(path, "seed") as book:
        for (learner, unit), (outcomes, work) in handed_in.items():
            hand_in(book, learner, unit, outcomes, work)
    return path


def reported(tmp_path, handed_in, roster=None):
    return read(write(tmp_path / "class.db", handed_in), roster)
