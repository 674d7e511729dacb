"""One submission to outcomes: its cells run in a room, its answers are judged outside."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from mldebt.check import Outcome, Question, Status, judge
from mldebt.clean import clean
from mldebt.grading.submission import Submission
from mldebt.judge.remote import RemoteAnswer
from mldebt.judge.session import RoomDiedError, RoomTimeoutError, Session
from mldebt.judge.worker import Worker

CELL = 10.0
BUDGET = 60.0
"""Seconds for one cell, and for a submission in all, however often its process has to be started again."""


@dataclass(frozen=True)
class Graded:
    """The outcomes of a submission, and what the instructor should know of the run."""

    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...]


def grade(submission: Submission, questions: Mapping[str, Question], worker: Worker, seed: str) -> Graded:
    """Run and judge a submission.

    A cell that ends the process is left out, and the others run again without it. What the checks draw, and the
    random numbers of the learner's own code, come from `seed` and the content of the submission: who changes
    the notebook to fit what was drawn for it gets other draws. Raises WorkerDiedError when the worker has to be
    replaced.
    """
    drawn = seed_of(submission, seed)
    run = _Run(submission, worker, drawn)
    try:
        outcomes = tuple(_judge(run, question, drawn) for question in questions.values())
    finally:
        run.close()
    return Graded(outcomes, tuple(run.notes))


def seed_of(submission: Submission, seed: str) -> int:
    """Return what is drawn from for a submission."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{submission.digest}".encode()).digest()[:6])


def _judge(run: "_Run", question: Question, seed: int) -> Outcome:
    session = run.session()
    if session is None:
        message = f"Your notebook took more than {BUDGET:g} seconds in all, so this question was not judged."
        return Outcome(question.id, Status.TIMED_OUT, 0.0, question.points, message)
    outcome = _readable(judge(question, RemoteAnswer(session, question.id), seed))
    if outcome.status is Status.RIGHT or not run.left_out:
        return outcome
    own = run.submission.own(question.id)
    if own in run.left_out and outcome.status is Status.NOT_ATTEMPTED:
        return Outcome(question.id, run.left_out[own][0], 0.0, question.points, f"Your cell: {run.left_out[own][1]}.")
    cells = ", ".join(f"code cell {at + 1} ({why})" for at, (_, why) in run.left_out.items())
    return replace(outcome, message=f"{outcome.message} Your notebook was judged without {cells}.")


def _readable(outcome: Outcome) -> Outcome:
    """Take out of the message whatever the learner's values brought in: control characters, megabytes."""
    line = clean(outcome.line) if outcome.line else None
    return replace(outcome, message=clean(outcome.message, 1000), line=line)


class _Run:
    """The cells of a submission in a session, which is made anew when the process has ended.

    `left_out` has, for each cell that ended the process, what that counts as and what happened.
    """

    def __init__(self, submission: Submission, worker: Worker, seed: int) -> None:
        self.submission = submission
        self.notes: list[str] = []
        self.left_out: dict[int, tuple[Status, str]] = {}
        self._worker = worker
        self._seed = seed
        self._deadline = time.monotonic() + BUDGET
        self._session: Session | None = None

    def session(self) -> Session | None:
        """Return a session in which the cells have run, or None when the time is used up."""
        while self._session is None or self._session.ended:
            if time.monotonic() >= self._deadline:
                return None
            self._start()
        return self._session

    def _start(self) -> None:
        self._session = Session(self._worker, self._seed, self._deadline, self.submission.imports())
        for at, source in enumerate(self.submission.cells):
            if at in self.left_out:
                continue
            try:
                self._session.ask("run", CELL, source=source)
            except RoomDiedError as error:
                if time.monotonic() < self._deadline:  # else it is the whole that took too long, not this cell
                    status = Status.TIMED_OUT if isinstance(error, RoomTimeoutError) else Status.BROKE
                    self.left_out[at] = status, clean(error)
                    self.notes.append(f"code cell {at + 1} was left out: {clean(error)}")
                return

    def close(self) -> None:
        """End the session."""
        if self._session is not None:
            self._session.close()
