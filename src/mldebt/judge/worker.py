"""Where the processes of submissions come from: a warm process in a cage that forks them, one at a time."""

import itertools
import json
import os
import select
import signal
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol

from mldebt.judge.cage import NoWallsError, command, missing
from mldebt.room.limits import Limits

MEMORY = 1200 << 20  # all processes of one submission together
START = 60.0  # seconds for the warm process to be ready
ANSWER = 30.0  # seconds for it to fork, or to bury, a child
_uids = itertools.count()


class WorkerDiedError(Exception):
    """The warm process is gone or silent. A submission cannot reach it: another worker has to take over."""


class Worker(Protocol):
    """Makes a process for one submission at a time."""

    walls: bool
    """Whether a submission is contained."""

    def fork(self, seed: int, imports: Sequence[str] = ()) -> socket.socket:
        """Start the process of a submission and return the channel to it.

        `seed` seeds its random numbers; `imports` are libraries that it is likely to use.
        """

    def signal(self, number: int) -> None:
        """Send the process a signal, if there still is one."""

    def bury(self) -> None:
        """End the process and all that it started. They are gone before the next one is forked."""

    def close(self) -> None:
        """End the worker and whatever still runs in it."""


class CagedWorker:
    """A warm process in its cage. Raises NoWallsError where the machine cannot contain a submission."""

    walls = True

    def __init__(self, limits: Limits | None = None) -> None:
        if lacking := missing():
            raise NoWallsError(lacking)
        self._limits = limits or Limits()
        # Where the judge is root each worker has an ordinary user of its own, or all would share one count of
        # processes; elsewhere the user of the judge is ordinary already.
        self._uid = 60_000 + os.getpid() % 1000 * 5 + next(_uids) % 5 if os.getuid() == 0 else None
        self._dying = False
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            command(theirs.fileno(), json.dumps({"memory": MEMORY})),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin"},
        )
        theirs.close()
        try:
            self._hear(START)
        except WorkerDiedError:
            self._process.kill()
            assert self._process.stderr is not None
            said = self._process.stderr.read().decode(errors="replace").strip().splitlines() or ["nothing"]
            self.close()
            raise NoWallsError(f"The sandbox did not start; it said: {said[-1]}") from None
        try:
            self.fork(0).close()  # what the cage lacks shows here, and not at the first submission
            self.bury()
        except WorkerDiedError as error:
            self.close()
            raise NoWallsError(f"The sandbox cannot confine a submission: {error}.") from None

    def fork(self, seed: int, imports: Sequence[str] = ()) -> socket.socket:
        """See Worker."""
        while self._dying:
            self._dying = "exit" not in self._hear(ANSWER)
        channel, theirs = socket.socketpair()
        request = {"op": "fork", "seed": seed, "limits": asdict(self._limits), "uid": self._uid}
        request["imports"] = list(imports)
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], [theirs.fileno()])
        except OSError as error:
            raise WorkerDiedError(f"the worker has ended: {error}") from None
        finally:
            theirs.close()
        answer = self._hear(ANSWER)
        if "failed" in answer:
            channel.close()
            raise WorkerDiedError(answer["failed"])
        return channel

    def signal(self, number: int) -> None:
        """See Worker."""
        try:
            self._control.send(json.dumps({"op": "signal", "signal": int(number)}).encode())
        except OSError as error:
            raise WorkerDiedError(f"the worker has ended: {error}") from None

    def bury(self) -> None:
        """See Worker."""
        self.signal(signal.SIGKILL)
        self._dying = True  # the kernel needs a moment for it, in which the judge has other things to do

    def _hear(self, timeout: float) -> dict[str, Any]:
        """Take one message of the warm process."""
        if not select.select([self._control], [], [], timeout)[0]:
            raise WorkerDiedError("the worker is silent")
        data = self._control.recv(1 << 16)
        if not data:
            raise WorkerDiedError("the worker has ended")
        message: dict[str, Any] = json.loads(data)
        return message

    def close(self) -> None:
        """See Worker."""
        self._control.close()  # the leash: its end is the end of the cage
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def __enter__(self) -> "CagedWorker":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
