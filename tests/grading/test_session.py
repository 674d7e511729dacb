"""An interrupt that comes too late stops nothing else."""

import signal
import threading
import time

import pytest

from mldebt.judge.cage import missing
from mldebt.judge.session import RoomDiedError, Session
from mldebt.judge.worker import CagedWorker
from mldebt.wire import MAX_REPLY, encode

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls")


@pytest.fixture(scope="module")
def worker():
    with CagedWorker() as worker:
        yield worker


class Slow:
    """A worker that passes interrupts on too late."""

    def __init__(self, worker):
        self.worker = worker

    def __getattr__(self, name):
        return getattr(self.worker, name)

    def signal(self, number):
        if number == signal.SIGINT:
            threading.Timer(0.05, self.worker.signal, [number]).start()
        else:
            self.worker.signal(number)


def test_a_cell_that_ends_as_it_is_interrupted_costs_the_next_one_nothing(worker):
    session = Session(Slow(worker), 1, time.monotonic() + 60)
    session.ask("run", 5, source="import time\ndone = 0")
    try:
        for _ in range(5):
            session.ask("run", 0.1, source="time.sleep(0.12)")
            session.ask("run", 5, source="time.sleep(0.1); done += 1")
        asked = {"question": "q1", "name": "done", "given": [], "arguments": [], "keywords": []}
        assert session.ask("value", 5, **asked)["value"] == 5
    finally:
        session.close()


def test_code_that_takes_interrupts_for_itself_is_still_asked(worker):
    session = Session(worker, 1, time.monotonic() + 60)
    try:
        code = "import signal, time\nsignal.signal(signal.SIGINT, lambda *_: None)\ntime.sleep(0.4)\nkept = 1"
        session.ask("run", 0.1, source=code)
        asked = {"question": "q1", "name": "kept", "given": [], "arguments": [], "keywords": []}
        assert session.ask("value", 5, **asked)["value"] == 1
    finally:
        session.close()


def test_a_check_may_send_more_than_a_learner_may_return(worker):
    session = Session(worker, 1, time.monotonic() + 60)
    try:
        text = "x" * (MAX_REPLY + 1000)
        session.ask("run", 5, source="double = lambda text: 2 * text")
        asked = {"question": "q1", "given": [], "keywords": [], "arguments": []}
        keywords = [["text", encode(text)]]
        got = session.ask("evaluate", 5, **(asked | {"name": "len(double(text))", "keywords": keywords}))
        assert got["value"] == 2 * len(text)
        with pytest.raises(RoomDiedError, match="a frame of"):
            session.ask("evaluate", 5, **(asked | {"name": "double(text)", "keywords": keywords}))
    finally:
        session.close()
