"""One warm process and the submissions that run in it, seen from the judge."""

import contextlib
import itertools
import json
import os
import select
import signal
import socket
import subprocess
import time
from dataclasses import asdict
from typing import Any

from mldebt.judge.cage import NoWallsError, command, missing
from mldebt.room.confine import Limits
from mldebt.wire import FrameReader, WireError, pack

MEMORY = 1200 << 20  # all processes of one submission together
START = 60.0  # seconds for the warm process to be ready
_uids = itertools.count()


class RoomDiedError(Exception):
    """The learner's process ended, or was ended because it took too long or sent what it may not."""


class Worker:
    """A warm process in its cage. It serves one submission at a time; `close` ends it and all in it.

    Raises NoWallsError where the machine cannot contain a submission.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        if lacking := missing():
            raise NoWallsError(lacking)
        self.limits = limits or Limits()
        # Where the judge is root each worker has an ordinary user of its own, or all would share one count of
        # processes; elsewhere the user of the judge is ordinary already.
        self.uid = 60_000 + os.getpid() % 1000 * 5 + next(_uids) % 5 if os.getuid() == 0 else None
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = json.dumps({"memory": MEMORY})
        self.process = subprocess.Popen(
            command(theirs.fileno(), settings),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin"},
        )
        theirs.close()
        try:
            self.hear(START)
        except RoomDiedError:
            self.process.kill()
            assert self.process.stderr is not None
            said = self.process.stderr.read().decode(errors="replace").strip().splitlines() or ["nothing"]
            raise NoWallsError(f"The sandbox did not start; it said: {said[-1]}") from None

    def hear(self, timeout: float) -> dict[str, Any]:
        """Take one message of the warm process. Raises RoomDiedError when none comes."""
        if not select.select([self.control], [], [], timeout)[0]:
            raise RoomDiedError("the worker is silent")
        data = self.control.recv(1 << 16)
        if not data:
            raise RoomDiedError("the worker has ended")
        message: dict[str, Any] = json.loads(data)
        return message

    def close(self) -> None:
        """End the warm process, and with it whatever still runs in it."""
        self.control.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Session:
    """One submission's process. `budget` is the wall clock of all its requests together, in seconds.

    `ended` tells whether the process is gone.
    """

    def __init__(self, worker: Worker, seed: int, budget: float = 60.0) -> None:
        self._worker = worker
        self._numbers = itertools.count(1)
        self._deadline = time.monotonic() + budget
        self._reader = FrameReader()
        self.ended = False
        self._channel, theirs = socket.socketpair()
        request = {"op": "fork", "seed": seed, "limits": asdict(worker.limits), "uid": worker.uid, "walls": True}
        socket.send_fds(worker.control, [json.dumps(request).encode()], [theirs.fileno()])
        theirs.close()
        answer = worker.hear(10)
        if "failed" in answer:
            raise NoWallsError(f"A submission could not be confined: {answer['failed']}")

    def ask(self, op: str, timeout: float, **request: Any) -> dict[str, Any]:
        """Send one request and return the reply.

        What takes longer than `timeout` seconds is interrupted and, if that does not help, ended. Raises
        RoomDiedError when the process has ended, whatever ended it.
        """
        if self.ended:
            raise RoomDiedError("the process has ended")
        number = next(self._numbers)
        deadline = min(time.monotonic() + timeout, self._deadline)
        interrupted = False
        try:
            self._channel.settimeout(5)
            self._channel.sendall(pack({"id": number, "op": op, **request}))
            self._channel.settimeout(None)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    if interrupted:
                        raise RoomDiedError("it took too long and did not stop when asked to")
                    self._signal(signal.SIGINT)
                    interrupted, deadline = True, time.monotonic() + 0.5
                    continue
                if not select.select([self._channel], [], [], left)[0]:
                    continue
                data = self._channel.recv(1 << 18)
                if not data:
                    raise RoomDiedError("the process ended")
                for reply in self._reader.feed(data):
                    if reply.get("id") != number:
                        raise RoomDiedError("it answered a question that nobody asked")
                    return reply
        except (OSError, WireError, RoomDiedError) as error:
            self.close()
            raise RoomDiedError(str(error)) from None

    def _signal(self, number: int) -> None:
        with contextlib.suppress(OSError):
            self._worker.control.send(json.dumps({"op": "signal", "signal": int(number)}).encode())

    def close(self) -> None:
        """End the process and all that it started, and wait until they are gone."""
        if self.ended:
            return
        self.ended = True
        self._signal(signal.SIGKILL)
        while "exit" not in self._worker.hear(10):
            pass
        self._channel.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
