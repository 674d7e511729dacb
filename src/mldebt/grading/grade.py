"""One submission to outcomes: its cells run in a room, its answers are judged outside."""

import zlib
from dataclasses import dataclass

from mldebt.check import Outcome, Status, judge
from mldebt.grading.submission import Submission
from mldebt.judge.remote import RemoteAnswer, clean
from mldebt.judge.session import RoomDiedError, Session, Worker
from mldebt.units import Unit

CELL = 10.0
BUDGET = 60.0
"""Seconds for one cell, and for a submission in all."""

MAX_DEATHS = 3
"""Cells that may end the process before the submission is given up."""


@dataclass(frozen=True)
class Graded:
    """The outcomes of a submission, and what the instructor should know of the run."""

    outcomes: list[Outcome]
    notes: list[str]


def grade(submission: Submission, unit: Unit, worker: Worker, seed: int) -> Graded:
    """Run and judge a submission.

    A cell that ends the process is left out, and the others run again without it. The inputs of the checks are
    drawn from `seed`; the random numbers of the learner's own code from it and the submission.
    """
    run = _Run(submission, worker, seed)
    try:
        outcomes = [_judge(run, unit, id, seed) for id in unit.questions]
    finally:
        run.close()
    return Graded(outcomes, run.notes)


def _judge(run: "_Run", unit: Unit, id: str, seed: int) -> Outcome:
    question = unit.questions[id]
    session = run.session()
    if session is None:
        message = "Your notebook ended its own process again and again, so it could not be judged."
        return Outcome(id, Status.BROKE, 0.0, question.points, message)
    place = run.submission.own(id)
    outcome = judge(question, RemoteAnswer(session, run.place_of(place)), seed)
    if outcome.status is Status.NOT_ATTEMPTED and place in run.deadly:
        message = "The cell of this answer ended the process, so it was left out."
        return Outcome(id, Status.BROKE, 0.0, question.points, message)
    return outcome


class _Run:
    """The cells of a submission in a session, which is made anew when the process has ended."""

    def __init__(self, submission: Submission, worker: Worker, seed: int) -> None:
        self.submission = submission
        self.notes: list[str] = []
        self.deadly: set[int] = set()
        self._worker = worker
        # The same submission sees the same random numbers in every run, and no two submissions see the same.
        self._seed = seed ^ zlib.crc32(submission.digest.encode())
        self._session: Session | None = None
        self._ran: list[int] = []
        self._given_up = False

    def session(self) -> Session | None:
        """Return a session in which the cells have run, or None when there is none to be had."""
        while not self._given_up and (self._session is None or self._session.ended):
            self._start()
        return None if self._given_up else self._session

    def place_of(self, cell: int | None) -> int | None:
        """Return where a cell of the notebook stands among those that ran."""
        return self._ran.index(cell) if cell in self._ran else None

    def _start(self) -> None:
        if len(self.deadly) >= MAX_DEATHS:
            self._given_up = True
            return
        self._session = Session(self._worker, self._seed, BUDGET)
        self._ran = []
        for at, source in enumerate(self.submission.cells):
            if at in self.deadly:
                continue
            try:
                self._session.ask("run", CELL, source=source)
                self._ran.append(at)
            except RoomDiedError as error:
                self.deadly.add(at)
                self.notes.append(f"code cell {at + 1} was left out: {clean(error)}")
                return

    def close(self) -> None:
        """End the session."""
        if self._session is not None:
            self._session.close()
