"""Judges on a Dask cluster: the same work, sent to where there are more cores. Needs the extra `cluster`.

The cells travel as text, the outcomes come back as JSON. A worker of the cluster that is lost in the middle loses
nothing: Dask gives its submissions to others, and what is done twice is recorded once.
"""

import itertools
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from distributed import Client, as_completed
from distributed.scheduler import KilledWorker

from mldebt.grading.clerk import Judge, not_judged
from mldebt.grading.collect import HandedIn
from mldebt.grading.local import Reply
from mldebt.grading.submission import Submission, SubmissionError, read_submission
from mldebt.grading.version import version_of
from mldebt.judge.cage import NoWallsError

_here = threading.local()


class ClusterError(RuntimeError):
    """The cluster cannot be used. The message is one sentence."""


def task(submission: Submission | None, version: str, seed: str, unsafe: bool, variant: str) -> Reply:
    """Judge one submission. Runs on a worker of the cluster; each of its threads keeps a warm worker of ours."""
    if submission is None:
        return not_judged("its file went away during the run")
    if version_of(submission.unit, variant) != version:
        return {"refused": "A worker of the cluster has another version of the course; install the same everywhere."}
    if not hasattr(_here, "judge"):
        try:
            _here.judge = Judge(unsafe)
        except NoWallsError as error:
            return {"refused": f"A worker of the cluster cannot contain submissions: {error}"}
    reply: Reply = _here.judge.judge(submission, seed, variant)
    return reply


class ClusterJudges:
    """Judges submissions on the cluster whose scheduler listens at `address`, such as tcp://10.0.0.1:8786."""

    def __init__(self, address: str, seed: str, unsafe: bool) -> None:
        self._seed, self._unsafe = seed, unsafe
        try:
            self._client: Any = Client(address, timeout="15s", set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterError(f"No scheduler answers at {address}: {error}.") from None
        self._jobs = max(1, sum(self._client.nthreads().values()))

    def judge(self, items: Iterable[HandedIn]) -> Iterator[tuple[HandedIn, Reply]]:
        """Yield each submission with its reply, as they are done."""
        left, under_way, done = iter(items), dict[Any, HandedIn](), as_completed(loop=self._client.loop)

        def send(count: int) -> None:
            for item in itertools.islice(left, count):
                future = self._client.submit(task, *self._work(item), pure=False)
                under_way[future] = item
                done.add(future)

        send(2 * self._jobs)  # no more under way than keeps all busy: a class of any size takes the same memory
        for future in done:
            item = under_way.pop(future)
            try:
                reply = future.result()
            except KilledWorker:
                reply = not_judged("it ended the process that judged it, again and again")
            future.release()
            if "refused" in reply:
                raise NoWallsError(reply["refused"])
            yield item, reply
            send(1)

    def _work(self, item: HandedIn) -> tuple[Submission | None, str, str, bool, str]:
        try:
            submission = read_submission(item.path)
        except SubmissionError:  # it was there a moment ago
            return None, "", self._seed, self._unsafe, item.variant
        version = version_of(submission.unit, item.variant)
        return submission, version, self._seed, self._unsafe, item.variant

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()

    def __enter__(self) -> "ClusterJudges":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
