"""One submission's process, seen from the judge: requests, replies, and a limit on each."""

import contextlib
import itertools
import select
import signal
import time
from collections.abc import Sequence
from typing import Any

from mldebt.judge.worker import Worker, WorkerDiedError
from mldebt.wire import MAX_REPLY, FrameReader, WireError, pack

GRACE = 0.5
"""Seconds that a process has to stop after it was interrupted."""


class RoomDiedError(Exception):
    """The learner's process ended, or was ended because it sent what it may not."""


class RoomTimeoutError(RoomDiedError):
    """The learner's process was ended because it took too long and did not stop when asked to."""


class Session:
    """One submission's process. `deadline` on the monotonic clock ends it, whatever it does then.

    `ended` tells whether the process is gone.
    """

    def __init__(self, worker: Worker, seed: int, deadline: float, imports: Sequence[str] = ()) -> None:
        self._worker = worker
        self._deadline = deadline
        self._numbers = itertools.count(1)
        self._reader = FrameReader(MAX_REPLY)
        self._interrupts = 0
        self._channel = worker.fork(seed, imports)
        self.ended = False

    def ask(self, op: str, timeout: float, **request: Any) -> dict[str, Any]:
        """Send one request and return the reply.

        What takes longer than `timeout` seconds is interrupted and, if that does not help, ended. Raises
        RoomDiedError when the process has ended, whatever ended it.
        """
        if self.ended:
            raise RoomDiedError("the process has ended")
        before = self._interrupts
        try:
            reply = self._exchange({"op": op, **request}, timeout)
            if self._interrupts > before:  # it may have ended by itself, and the interrupt be still under way
                self._exchange({"op": "settle", "interrupts": self._interrupts}, GRACE)
            return reply
        except (OSError, WireError) as error:
            self.close()
            raise RoomDiedError(f"{error}" if isinstance(error, WireError) else "the process ended") from None
        except RoomDiedError:
            self.close()
            raise

    def _exchange(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        ends = min(time.monotonic() + timeout, self._deadline)
        request = {"id": next(self._numbers), **request}
        interrupted = False
        self._channel.settimeout(5)
        self._channel.sendall(pack(request))
        while True:
            left = ends - time.monotonic()
            if left > 0:
                if not select.select([self._channel], [], [], left)[0]:
                    continue
            elif interrupted:
                raise RoomTimeoutError("it took too long and did not stop when asked to")
            else:
                self._worker.signal(signal.SIGINT)
                self._interrupts += 1
                interrupted, ends = True, time.monotonic() + GRACE
                continue
            data = self._channel.recv(1 << 18)
            if not data:
                raise RoomDiedError("the process ended")
            for reply in self._reader.feed(data):
                if reply.get("id") != request["id"]:
                    raise RoomDiedError("it answered a question that nobody asked")
                return reply

    def close(self) -> None:
        """End the process and all that it started, and wait until they are gone."""
        if self.ended:
            return
        self.ended = True
        self._channel.close()
        with contextlib.suppress(WorkerDiedError):  # the next submission will notice
            self._worker.bury()
