"""Every attempt in the bank of every unit is judged as the bank says; so is every mutant of a solution."""

import pytest

from mldebt import units
from mldebt.build.attempts import answered, read_attempts, try_stub
from mldebt.build.source import answer_cell
from mldebt.check import Status, judge

ATTEMPTS = [(name, attempt) for name in units.names() for attempt in read_attempts(units.load(name))]
QUESTIONS = [(name, id) for name in units.names() for id in units.load(name).questions]


@pytest.mark.parametrize(
    ("unit", "attempt"), ATTEMPTS, ids=[f"{name}-{a.question}-{a.status}-{a.name}" for name, a in ATTEMPTS]
)
def test_attempt_is_judged_as_the_bank_says_whatever_is_drawn(unit, attempt):
    answer = answered(units.load(unit), attempt.question, attempt.code)
    for seed in range(5):
        outcome = judge(units.load(unit).questions[attempt.question], answer, seed)
        assert (outcome.status, outcome.misconception) == (attempt.status, attempt.misconception), outcome.message
        assert outcome.message or outcome.status is Status.RIGHT
        assert (outcome.earned == outcome.points) is (outcome.status is Status.RIGHT)


@pytest.mark.parametrize(("unit", "question"), QUESTIONS)
def test_untouched_exercise_is_not_attempted(unit, question):
    assert try_stub(units.load(unit), question).status is Status.NOT_ATTEMPTED


@pytest.mark.parametrize(("unit", "question"), QUESTIONS)
def test_solution_is_right_whatever_the_seed(unit, question):
    loaded = units.load(unit)
    answer = answered(loaded, question, answer_cell(loaded, question, solved=True))
    for seed in range(20):
        outcome = judge(loaded.questions[question], answer, seed)
        assert outcome.status is Status.RIGHT, outcome.message


@pytest.mark.parametrize(("unit", "question"), QUESTIONS)
def test_every_misconception_is_shown_by_an_attempt(unit, question):
    shown = {a.misconception for name, a in ATTEMPTS if name == unit and a.question == question}
    assert set(units.load(unit).questions[question].misconceptions) <= shown
