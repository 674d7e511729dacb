"""What a check says of an answer: one of five outcomes, never a traceback."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The outcomes of a question. Code that did not end in time is told apart from code that raised."""

    NOT_ATTEMPTED = "not attempted"
    BROKE = "broke"
    TIMED_OUT = "timed out"
    WRONG = "wrong"
    RIGHT = "right"


@dataclass(frozen=True)
class Outcome:
    """How one answer was judged.

    `earned` lies between 0 and `points`. `misconception` is set when the status is wrong. `line` is the line
    of the learner's code that the message is about, as they wrote it.
    """

    question: str
    status: Status
    earned: float
    points: float
    message: str
    misconception: str | None = None
    line: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What the author's check returns: right, or wrong as a named misconception."""

    misconception: str | None = None
    earned: float = 0.0
    details: tuple[tuple[str, object], ...] = ()
    line: str | None = None


def right() -> Verdict:
    """Judge the answer as right: all points."""
    return Verdict()


def wrong(misconception: str, *, earned: float = 0.0, line: str | None = None, **details: object) -> Verdict:
    """Judge the answer as wrong, for the reason named `misconception`.

    `earned` is what the parts that are right are worth. `details` fill the placeholders of the
    misconception's message; they must never hold the target.
    """
    return Verdict(misconception, earned, tuple(details.items()), line)


class NotAttemptedError(Exception):
    """The learner has not answered yet: the name is missing or still holds the stub."""


class BrokeError(Exception):
    """The learner's code raised. The message is one sentence."""

    def __init__(self, message: str, line: str | None = None) -> None:
        super().__init__(message)
        self.line = line


class TimedOutError(BrokeError):
    """The learner's code was stopped, because it took too long."""
