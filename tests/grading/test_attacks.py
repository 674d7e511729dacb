"""Every attack stands between two innocent notebooks: fair marks, nothing leaked, nobody harmed, nothing left running."""

import hashlib
import os
import socket
import time
from pathlib import Path

import hostile
import psutil
import pytest

from mldebt import units
from mldebt.build.source import answer_cell, code_cells
from mldebt.check import Status, question, right, same, wrong
from mldebt.grading import grade as grading
from mldebt.grading.grade import grade
from mldebt.grading.submission import Submission
from mldebt.judge.cage import missing
from mldebt.judge.unsafe import UnsafeWorker
from mldebt.judge.worker import CagedWorker
from mldebt.room.limits import Limits

pytestmark = [pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls"), pytest.mark.timeout(120)]

EXPECTED = {"EXPECTED-CANARY": 3}  # what the judge compares with; no notebook may see it
HONEST = (
    "# held: your answer\nheld = 3",
    "# prune: your answer\ndef prune(values, limit):\n    return sorted(values)[-limit:]",
)


def asked(check, **more):
    return question("?", hints=("look",), misconceptions={"other": "It is {got}, of type {kind}."})(check)


@asked
def held(answer, draw):
    got = answer.value("held")
    return right() if same(got, EXPECTED["EXPECTED-CANARY"]) else wrong("other", got=got, kind=type(got).__name__)


@asked
def prune(answer, draw):
    for _ in range(5):
        values = [draw.randrange(100) for _ in range(6)]
        call = answer.call("prune", values, 2)
        if call.changed or type(call.value) is not list or not same(call.value, sorted(values)[-2:]):
            return wrong("other", got=call.value, kind=type(call.value).__name__)
    return right()


QUESTIONS = {"held": held, "prune": prune}


def submission(*cells):
    return Submission(Path("x.ipynb"), "02-set-a-limit", cells, hashlib.sha256(repr(cells).encode()).hexdigest())


def statuses(graded):
    return tuple(outcome.status.value for outcome in graded.outcomes)


@pytest.fixture(scope="module")
def canaries(tmp_path_factory):
    """Plant what an attack would love to read, change or reach; return the folder and the port that listens."""
    folder = tmp_path_factory.mktemp("CANARY")
    for name in ("class.db", "neighbour.ipynb", "quiz.yaml", "checks.py", "solutions.md"):
        (folder / name).write_text(f"CANARY {name}")
    os.environ["INSTRUCTOR_TOKEN"] = "CANARY"
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as abstract,
        socket.socket(socket.AF_UNIX) as named,
    ):
        abstract.bind("\0mldebt-canary")
        named.bind(str(folder / "socket"))
        for listening in (tcp, abstract, named):
            listening.listen()
            listening.setblocking(False)
        yield folder, tcp.getsockname()[1]
        for listening in (tcp, abstract, named):
            with pytest.raises(BlockingIOError):  # nobody has called
                listening.accept()
    del os.environ["INSTRUCTOR_TOKEN"]
    for path in folder.glob("*.*"):
        assert path.read_text() == f"CANARY {path.name}"


@pytest.fixture(scope="module")
def worker(canaries):
    with CagedWorker(Limits(cpu=6)) as worker:
        yield worker


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(grading, "CELL", 3.0)
    monkeypatch.setattr(grading, "BUDGET", 12.0)
    monkeypatch.setattr("mldebt.judge.remote.SECONDS", 1.5)  # above the limit that the room keeps itself


def below():
    """Return the processes below this one, less those that are gone by the time they are looked at."""
    return {process for process in psutil.Process().children(recursive=True) if process.is_running()}


@pytest.fixture
def innocent(worker):
    """Grade a right notebook before and after the test, in the same worker; nothing else may be left running."""
    unit = units.load("02-set-a-limit")
    cells = [
        answer_cell(unit, cell.question, solved=True) if cell.question else cell.source for cell in code_cells(unit)
    ]

    def check(name):
        graded = grade(submission(*cells, f"# {name}"), unit.questions, worker, "1")
        assert statuses(graded) == ("right", "right")
        assert graded.notes == ()

    check("before")
    running, folder = below(), Path.cwd()
    yield
    check("after")
    for _ in range(20):
        if not below() - running:
            break
        time.sleep(0.05)
    assert not below() - running
    assert Path.cwd() == folder


def sane(graded):
    for outcome in graded.outcomes:
        assert outcome.message.isprintable(), outcome.message
        assert len(outcome.message) < 1500
        assert "EXPECTED-CANARY" not in outcome.message
        assert outcome.status is Status.RIGHT or outcome.message


@pytest.mark.usefixtures("innocent")
@pytest.mark.parametrize("name", hostile.HARMLESS)
def test_an_attack_costs_its_own_notebook_nothing_but_its_cell(worker, name):
    graded = grade(submission(hostile.HARMLESS[name], *HONEST), QUESTIONS, worker, "1")
    sane(graded)
    assert statuses(graded) == ("right", "right"), graded


@pytest.mark.usefixtures("innocent")
@pytest.mark.parametrize("name", hostile.SELF)
def test_an_attack_on_the_room_is_judged_fairly(worker, name):
    code, expected = hostile.SELF[name]
    graded = grade(submission(code, *HONEST), QUESTIONS, worker, "1")
    sane(graded)
    # None stands for a mark or a reason, whichever comes first: but the answers are right, and never called wrong.
    assert statuses(graded) == expected or (expected is None and "wrong" not in statuses(graded)), graded


@pytest.mark.usefixtures("innocent")
@pytest.mark.parametrize("name", hostile.SPIES)
def test_a_spy_finds_nothing(worker, canaries, name):
    code, nothing = hostile.SPIES[name]
    seen = []

    @asked
    def found(answer, draw):
        seen.append(answer.value("found"))
        return right()

    folder, port = canaries
    given = f"PORT, CANARY = {port}, {str(folder)!r}"
    graded = grade(submission(given, code, *HONEST), {"found": found, **QUESTIONS}, worker, "1")
    sane(graded)
    assert statuses(graded) == ("right",) * 3, graded
    assert seen == [nothing]


@pytest.mark.usefixtures("innocent")
@pytest.mark.parametrize("name", hostile.CHEATS)
def test_a_cheat_gets_no_point(worker, name):
    graded = grade(submission(hostile.CHEATS[name]), QUESTIONS, worker, "1")
    sane(graded)
    # `prune` of two cheats is none; that they hold 3 is not what they are tried for.
    assert [outcome.earned for outcome in graded.outcomes if outcome.question == "prune"] == [0]
    if "held = 3" not in hostile.CHEATS[name]:
        assert Status.RIGHT not in {outcome.status for outcome in graded.outcomes}, graded


@pytest.mark.parametrize("name", ["secrets in files", "the instructor's environment", "the network", "other processes"])
def test_without_walls_a_spy_would_find_something(canaries, name):
    code, nothing = hostile.SPIES[name]
    folder, _ = canaries
    if name == "secrets in files":
        code = code.replace("os.walk('/')", f"os.walk({str(folder)!r})")
    if name == "the network":  # only what harms nobody: a socket of this test's own
        code = "import socket\nfound = [socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) is not None]"
    if name == "the instructor's environment":
        code = "import glob\nfound = [p for p in glob.glob('/proc/[0-9]*/environ')]"
    seen = []

    @asked
    def found(answer, draw):
        seen.append(answer.value("found"))
        return right()

    with UnsafeWorker() as worker:
        grade(submission(code), {"found": found}, worker, "1")
    assert seen[0] != nothing


def test_who_learns_the_draws_cannot_use_them(worker):
    spy = HONEST[1].replace("    return", "    seen.append(values)\n    return") + "\nseen = []"
    drawn = []

    @asked
    def watching(answer, draw):
        drawn.append([draw.randrange(100) for _ in range(6)])
        return right()

    for cells in ((spy,), (spy, "# another notebook"), (spy,)):
        grade(submission(*cells), {"watching": watching}, worker, "1")
    assert drawn[0] != drawn[1]
    assert drawn[0] == drawn[2]
    grade(submission(spy), {"watching": watching}, worker, "2")
    assert drawn[3] != drawn[0]


def test_two_notebooks_share_no_random_numbers(worker):
    seen = []

    @asked
    def found(answer, draw):
        seen.append(answer.value("found"))
        return right()

    code = "import random, numpy\nfound = [random.random(), numpy.random.random()]"
    for cells in ((code,), (code, "# another"), (code,)):
        grade(submission(*cells), {"found": found}, worker, "1")
    assert seen[0] == seen[2]
    assert not set(seen[0]) & set(seen[1])


def test_a_notebook_has_a_minute_and_no_more(worker):
    loops = tuple(f"while True:\n    pass  # {number}" for number in range(20))
    began = time.monotonic()
    graded = grade(submission(*loops, *HONEST), QUESTIONS, worker, "1")
    assert time.monotonic() - began < grading.BUDGET + 5
    assert statuses(graded) == ("timed out", "timed out")
    sane(graded)
