"""Judges on this machine: as many processes as cores, each with a warm worker of its own."""

import contextlib
import json
import queue
import select
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from mldebt.grading.clerk import not_judged
from mldebt.grading.collect import HandedIn
from mldebt.grading.grade import BUDGET
from mldebt.judge.cage import NoWallsError

PATIENCE = BUDGET + 60.0
"""Seconds for one submission. A judge that takes longer is ended."""

Reply = dict[str, Any]
T = TypeVar("T")
R = TypeVar("R")


class _Clerk:
    """One judge process."""

    def __init__(self, unsafe: bool) -> None:
        self._command = [sys.executable, "-m", "mldebt.grading.clerk", *(["--unsafe"] if unsafe else [])]
        self._process: subprocess.Popen[str] | None = None

    def ask(self, item: HandedIn, seed: str) -> Reply:
        """Have one submission judged. Raises NoWallsError where this machine cannot contain it."""
        if self._process is not None and self._process.stdin is None:
            self.close()
        if self._process is None:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="ascii",
            )
            _raise_refusal(self._reply(self._process))
        try:
            reply = self._reply(self._process, {"path": str(item.path), "seed": seed, "variant": item.variant})
        except OSError:  # it ended between two submissions
            reply = None
        _raise_refusal(reply or {})
        return reply or not_judged("its judge ended, or took too long")

    def _reply(self, process: subprocess.Popen[str], request: Reply | None = None) -> Reply | None:
        assert process.stdin is not None
        assert process.stdout is not None
        if request:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        if not select.select([process.stdout], [], [], PATIENCE)[0]:
            process.kill()
        line = process.stdout.readline()
        if not line:
            self.close()
            return None
        reply: Reply = json.loads(line)
        return reply

    def leave(self) -> None:
        """Let the process end by itself, and with it its worker; it takes a moment."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            self._process.stdin = None

    def close(self) -> None:
        """End the process, and with it its worker."""
        if self._process is None:
            return
        self.leave()
        with contextlib.suppress(subprocess.TimeoutExpired, OSError):
            self._process.communicate(timeout=5)
        self._process.kill()  # its worker hangs on a socket that closes now
        self._process.communicate()
        self._process = None


def _raise_refusal(reply: Reply | None) -> None:
    if reply is None:
        raise NoWallsError("The judge did not start; run python -m mldebt.grading.clerk to see why.")
    if "refused" in reply:
        raise NoWallsError(reply["refused"])


class LocalJudges:
    """Judges submissions in `jobs` processes."""

    def __init__(self, jobs: int, seed: str, unsafe: bool) -> None:
        self._seed = seed
        self._jobs = jobs
        self._idle: queue.SimpleQueue[_Clerk] = queue.SimpleQueue()
        self._clerks = [_Clerk(unsafe) for _ in range(jobs)]
        for clerk in self._clerks:
            self._idle.put(clerk)

    def judge(self, items: Iterable[HandedIn]) -> Iterator[tuple[HandedIn, Reply]]:
        """Yield each submission with its reply, as they are done."""
        with ThreadPoolExecutor(self._jobs) as pool:
            yield from _windowed(lambda item: pool.submit(self._one, item), items, 2 * self._jobs)
        for clerk in self._clerks:  # they end while what follows is done
            clerk.leave()

    def _one(self, item: HandedIn) -> tuple[HandedIn, Reply]:
        clerk = self._idle.get()
        try:
            return item, clerk.ask(item, self._seed)
        finally:
            self._idle.put(clerk)

    def close(self) -> None:
        """End all processes."""
        for clerk in self._clerks:
            clerk.leave()
        for clerk in self._clerks:
            clerk.close()

    def __enter__(self) -> "LocalJudges":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _windowed(submit: Callable[[T], Future[R]], items: Iterable[T], most: int) -> Iterator[R]:
    """Yield results as they come, with no more than `most` under way: a class of any size takes the same memory."""
    waiting: set[Future[R]] = set()
    for item in items:
        waiting.add(submit(item))
        if len(waiting) >= most:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()
