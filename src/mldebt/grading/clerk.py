"""A judge in a process of its own: `python -m mldebt.grading.clerk`, a JSON line in, a JSON line out.

What a learner's process sends is data, and data can still be more than a library bears. If it ends this process,
one submission goes unjudged and the run goes on.
"""

import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from mldebt import variant
from mldebt.check import Outcome, Status
from mldebt.grading.grade import grade
from mldebt.grading.submission import Submission, SubmissionError, read_submission
from mldebt.grading.version import version_of
from mldebt.judge.cage import NoWallsError
from mldebt.judge.unsafe import UnsafeWorker
from mldebt.judge.worker import CagedWorker, Worker, WorkerDiedError

MEMORY = 8 << 30
"""Bytes of address space for the judge itself."""

TRIES = 2


class Judge:
    """Grades one submission after another with a worker, which it replaces when that has died."""

    def __init__(self, unsafe: bool) -> None:
        self._unsafe = unsafe
        self._worker = self._start()

    def _start(self) -> Worker:
        return UnsafeWorker() if self._unsafe else CagedWorker()

    def close(self) -> None:
        """End the worker."""
        self._worker.close()

    def judge(self, submission: Submission, seed: str, id: str) -> dict[str, Any]:
        """Return the outcomes as JSON, or why there are none. `id` is of the variant that is asked for."""
        questions = variant.load(submission.unit, id).questions
        for left in reversed(range(TRIES)):
            try:
                graded = grade(submission, questions, self._worker, seed)
            except WorkerDiedError as error:
                self._worker.close()
                self._worker = self._start()
                if not left:
                    return not_judged(f"its sandbox ended ({error})")
            except Exception as error:  # a check at fault, or data that it cannot take; the others are not to suffer
                return not_judged(f"its judge stopped with {type(error).__name__}")
            else:
                return {
                    "digest": submission.digest,
                    "unit": submission.unit,
                    "version": version_of(submission.unit, id),
                    "outcomes": [asdict(outcome) for outcome in graded.outcomes],
                    "notes": list(graded.notes),
                    "work": submission.work(questions),
                }
        raise AssertionError("unreachable")


def not_judged(why: str) -> dict[str, Any]:
    """Return the reply about a submission that has to be looked at by hand."""
    return {"problem": "not judged", "message": f"This submission could not be judged: {why}. Look at it by hand."}


def read_outcomes(reply: dict[str, Any]) -> tuple[Outcome, ...]:
    """Read the outcomes of a reply."""
    return tuple(
        replace(outcome, status=Status(outcome.status)) for outcome in (Outcome(**o) for o in reply["outcomes"])
    )


def main() -> None:
    """Serve until the standard input closes."""
    if sys.platform == "linux":
        import resource  # which Windows lacks

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Nothing but replies may reach the one who asks, whatever a library prints.
    out = os.fdopen(os.dup(1), "w", encoding="ascii", buffering=1)
    os.dup2(2, 1)
    try:
        judge = Judge(unsafe="--unsafe" in sys.argv)
    except NoWallsError as error:
        print(json.dumps({"refused": str(error)}), file=out)
        return
    print(json.dumps({"ready": True}), file=out)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = judge.judge(read_submission(Path(request["path"])), request["seed"], request["variant"])
        except SubmissionError as error:
            reply = {"problem": error.kind, "message": str(error)}
        except NoWallsError as error:
            reply = {"refused": str(error)}
        print(json.dumps(reply), file=out)
    judge.close()


if __name__ == "__main__":
    main()
