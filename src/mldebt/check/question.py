"""A question: what is asked of the learner, how it is judged, and what is said of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from mldebt.check.answer import Answer
from mldebt.check.item import Item
from mldebt.check.outcome import BrokeError, NotAttemptedError, Outcome, Status, TimedOutError, Verdict
from mldebt.check.running import describe

Check = Callable[[Answer, Random], Verdict]
"""A check looks at the answer and returns `right()` or `wrong(...)`. Whatever it draws, it draws from the Random."""


@dataclass(frozen=True)
class Question:
    """One question of an exercise. Its id is the name that `checks.py` gives it.

    `makes` are the names that the learner defines. `hints` rise in strength and never hold the solution.
    `misconceptions` maps an id to the message a learner gets; its placeholders are filled by `wrong`.
    `item` and `solution` are set when the question stands in `quiz.yaml`; elsewhere `exercise.md` has the solution.
    """

    title: str
    check: Check
    makes: tuple[str, ...] = ()
    points: float = 1.0
    hints: tuple[str, ...] = ()
    misconceptions: Mapping[str, str] = field(default_factory=dict)
    praise: str = ""
    id: str = ""
    item: Item | None = None
    solution: str = ""

    def named(self, id: str) -> "Question":
        """Return the same question under an id."""
        return replace(self, id=id)


def question(
    title: str,
    *,
    makes: str | Sequence[str] = (),
    points: float = 1.0,
    hints: Sequence[str],
    misconceptions: Mapping[str, str],
    praise: str = "",
) -> Callable[[Check], Question]:
    """Make the decorated check a question. Its function name is the question's id."""

    def decorate(check: Check) -> Question:
        names = (makes,) if isinstance(makes, str) else tuple(makes)
        id = getattr(check, "__name__", "")
        return Question(title, check, names, points, tuple(hints), dict(misconceptions), praise, id)

    return decorate


def judge(question: Question, answer: Answer, seed: int = 0) -> Outcome:
    """Judge one answer.

    The check draws its inputs from `seed` and the question's id: the same seed gives the same verdict. Raises
    ValueError when the check itself is at fault: an unknown misconception, points out of range, no verdict.
    """
    try:
        verdict = question.check(answer, Random(f"{seed}/{question.id}"))
    except NotAttemptedError as error:
        return Outcome(question.id, Status.NOT_ATTEMPTED, 0.0, question.points, str(error))
    except BrokeError as error:
        status = Status.TIMED_OUT if isinstance(error, TimedOutError) else Status.BROKE
        return Outcome(question.id, status, 0.0, question.points, str(error), line=error.line)
    except (Exception, SystemExit) as error:  # a value of a kind that the check did not foresee
        message = f"Your answer could not be judged: looking at it stopped with {describe(error)}. Print it, and see."
        return Outcome(question.id, Status.BROKE, 0.0, question.points, message)
    if not isinstance(verdict, Verdict):
        raise ValueError(f"the check of {question.id} returned {verdict!r} instead of right() or wrong(...)")
    if verdict.misconception is None:
        return Outcome(question.id, Status.RIGHT, question.points, question.points, question.praise)
    if verdict.misconception not in question.misconceptions:
        raise ValueError(f"the check of {question.id} names no misconception {verdict.misconception!r}")
    if not 0 <= verdict.earned < question.points:
        raise ValueError(f"the check of {question.id} gives {verdict.earned} of {question.points} for a wrong answer")
    message = question.misconceptions[verdict.misconception]
    try:
        message = message.format(**dict(verdict.details))
    except ValueError:  # an integer of more digits than Python writes
        message = re.sub(r"(?<!\{)\{\w+\}", "...", message).format()
    return Outcome(
        question.id,
        Status.WRONG,
        verdict.earned,
        question.points,
        message.strip(),  # a detail at its end may be empty
        verdict.misconception,
        verdict.line,
    )
