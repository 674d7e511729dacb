"""Every attempt of every unit gets through the grader the same outcome as in the kernel."""

from pathlib import Path

import pytest

from mldebt import units
from mldebt.build.attempts import read_attempts, try_code
from mldebt.build.source import answer_cell, code_cells
from mldebt.check import Cell, NamespaceAnswer, Status, judge, question, right, wrong
from mldebt.check.source import marker
from mldebt.grading.grade import grade, seed_of
from mldebt.grading.submission import Submission
from mldebt.judge.cage import missing
from mldebt.judge.worker import CagedWorker

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls")


@pytest.fixture(scope="module")
def worker():
    with CagedWorker() as worker:
        yield worker


def submission(unit, answers):
    """Write the cells of a unit's exercise with some answers, the others solved, each followed by its check."""
    cells = [f'from mldebt.lab import exercise\n\nex = exercise("{unit.name}")']
    for cell in code_cells(unit):
        if cell.question in answers:
            cells.append(f"{marker(cell.question)}\n{answers[cell.question]}")
        elif cell.question:
            cells.append(answer_cell(unit, cell.question, solved=True))
        else:
            cells.append(cell.source)
        if cell.question:
            cells.append(f"ex.{cell.question}.check()")
    return Submission(Path("notebook.ipynb"), unit.name, tuple(cells), str(hash(tuple(cells))))


@pytest.mark.parametrize("name", units.names())
def test_every_attempt_is_judged_as_in_the_kernel(name, worker):
    unit = units.load(name)
    different = []
    for attempt in read_attempts(unit):
        handed_in = submission(unit, {attempt.question: attempt.code})
        graded = grade(handed_in, unit.questions, worker, "0")
        for outcome in graded.outcomes:
            mine = outcome.question == attempt.question
            expected = (attempt.status, attempt.misconception) if mine else (Status.RIGHT, None)
            # An answer may spoil what a later question is given; only its own is compared strictly.
            if mine and (outcome.status, outcome.misconception) != expected:
                different.append((attempt.question, attempt.name, outcome))
            if mine and outcome.status is Status.WRONG:
                here = try_code(unit, attempt.question, attempt.code, seed_of(handed_in, "0"))
                if (here.message, here.earned) != (outcome.message, outcome.earned):
                    different.append((attempt.question, attempt.name, here.message, outcome.message))
        assert graded.notes == ()
    assert different == []


def test_an_object_that_does_not_travel_can_be_used(worker):
    cells = (
        "class Sum:\n    def __init__(self, start): self.start = start\n    def plus(self, n): return self.start + n",
        "def make(start):\n    return Sum(start)",
        "sums = [Sum(10), Sum(20)]",
    )

    def check(answer, draw):
        made = answer.call("make", 2).value
        plus, held = answer.evaluate("made.plus", made=made), answer.value("sums")
        got = [answer.evaluate("made.plus(3)", made=made), answer.evaluate("f(4)", f=plus)]
        return (
            right()
            if [*got, answer.evaluate("[s.plus(1) for s in sums]", sums=held)] == [5, 6, [11, 21]]
            else wrong("no")
        )

    asked = question("?", hints=("look",), misconceptions={"no": "No."})(check)
    handed_in = Submission(Path("x"), "02-set-a-limit", cells, "d")
    (there,) = grade(handed_in, {"q1": asked.named("q1")}, worker, "0").outcomes
    assert there.status is Status.RIGHT, there
    namespace = {"__name__": "__main__"}
    for cell in cells:
        exec(cell, namespace)
    assert judge(asked, NamespaceAnswer(namespace, [Cell(cell) for cell in cells])).status is Status.RIGHT


@pytest.mark.parametrize("name", units.names())
def test_the_untouched_exercise_is_not_attempted(name, worker):
    unit = units.load(name)
    cells = submission(unit, {}).cells
    stubs = [answer_cell(unit, id, solved=False) for id in unit.questions]
    places = [at for at, cell in enumerate(cells) if cell.startswith("# ")]
    untouched = list(cells)
    for at, stub in zip(places, stubs, strict=True):
        untouched[at] = stub
    graded = grade(Submission(Path("x"), name, tuple(untouched), name), unit.questions, worker, "0")
    assert [outcome.status for outcome in graded.outcomes] == [Status.NOT_ATTEMPTED] * len(unit.questions)
