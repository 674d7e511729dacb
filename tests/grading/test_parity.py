"""Every attempt of every unit gets through the grader the same outcome as in the kernel."""

import hashlib
from pathlib import Path

import pytest

from mldebt import units
from mldebt.build.attempts import read_attempts, try_code
from mldebt.build.source import answer_cell, code_cells
from mldebt.check import Cell, NamespaceAnswer, Status, judge, question, right, wrong
from mldebt.check.source import ANY_MARKER, marker
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
    digest = hashlib.sha256("\n".join(cells).encode()).hexdigest()  # the same in each run, as what is drawn from it
    return Submission(Path("notebook.ipynb"), unit.name, tuple(cells), digest)


@pytest.mark.parametrize("name", units.names())
def test_every_attempt_is_judged_as_in_the_kernel(name, worker):
    unit = units.load(name)
    different = []
    for attempt in read_attempts(unit):
        handed_in = submission(unit, {attempt.question: attempt.code})
        # An answer may spoil what a later question is given; only its own is judged.
        graded = grade(handed_in, {attempt.question: unit.questions[attempt.question]}, worker, "0")
        (outcome,) = graded.outcomes
        if (outcome.status, outcome.misconception) != (attempt.status, attempt.misconception):
            different.append((attempt.question, attempt.name, outcome))
        if outcome.status is Status.WRONG:
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
    places = [at for at, cell in enumerate(cells) if ANY_MARKER.match(cell)]
    untouched = list(cells)
    for at, stub in zip(places, stubs, strict=True):
        untouched[at] = stub
    graded = grade(Submission(Path("x"), name, tuple(untouched), name), unit.questions, worker, "0")
    assert [outcome.status for outcome in graded.outcomes] == [Status.NOT_ATTEMPTED] * len(unit.questions)


# What a cell does in a notebook, and what it must leave in `got`.
AS_IN_A_NOTEBOOK = {
    "inline figures": ("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\ngot = 1", 1),
    "await": ("import asyncio\ngot = await asyncio.sleep(0.01, 2)", 2),
    "a coroutine": ("async def later():\n    return 3\ngot = await later()", 3),
    "a cell magic": ("%%time\ngot = 4", 4),
    "captured output": ("%%capture out\nprint('x')\ngot = 5", 5),
    "a timing": ("%timeit -n1 -r1 1 + 1\ngot = 6", 6),
    "a configuration": ("%config InlineBackend.figure_format = 'retina'\ngot = 7", 7),
    "a line for the shell": ("lines = !echo 8\ngot = int(lines[0])", 8),
    "the environment": ("%env NINE=9\nimport os\ngot = int(os.environ['NINE'])", 9),
    "display": ("from IPython.display import HTML, display\ndisplay(HTML('x'), display_id=True).update('y')\ngot = 10", 10),
    "a widget": ("import ipywidgets\nslider = ipywidgets.IntSlider(value=11)\ndisplay(slider)\ngot = slider.value", 11),
    "an interaction": ("@ipywidgets.interact(n=(0, 12))\ndef shown(n=6):\n    global got\n    got = 2 * n", 12),
    "a file of its own": ("%%writefile written.py\nvalue = 13", 12),
    "its import": ("import written\ngot = written.value", 13),
    "a script that is run": ("%run written.py\ngot = value + 1", 14),
    "an extension": ("%load_ext autoreload\n%autoreload 2\ngot = 15", 15),
    "a last value": ("8 + 8", 15),
    "what it gave": ("got = _", 16),
    "what was typed": ("got = In[-2]", "got = _"),
    "processes": ("import multiprocessing\ngot = multiprocessing.get_context('fork').Pool(2).map(abs, [-17])[0]", 17),
    "nobody to ask": ("try:\n    input('?')\nexcept Exception as error:\n    got = type(error).__name__", "StdinNotImplementedError"),
    "what the course imports": ("from mldebt.lab import exercise, quiz, slider\nquiz('02-set-a-limit')\ngot = 18", 18),
}  # fmt: skip
FOLLOWED = ("a last value", "what it gave")  # by a cell that looks back at them


def test_cells_do_what_they_do_in_a_notebook(worker):
    cells = []
    for name, (source, _) in AS_IN_A_NOTEBOOK.items():
        cells.append(source)
        if name not in FOLLOWED:
            cells.append("kept = [*globals().get('kept', []), got]")
    seen = []

    def check(answer, draw):
        seen.extend(answer.value("kept"))
        return right()

    asked = question("?", hints=("look",), misconceptions={"no": "No."})(check)
    handed_in = Submission(Path("x"), "02-set-a-limit", tuple(cells), "d")
    graded = grade(handed_in, {"q1": asked.named("q1")}, worker, "0")
    assert graded.notes == ()
    expected = {name: value for name, (_, value) in AS_IN_A_NOTEBOOK.items() if name not in FOLLOWED}
    assert dict(zip(expected, seen, strict=True)) == expected
