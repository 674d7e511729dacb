"""What counts for a learner and a unit, and what an instructor decided about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mldebt.check import Outcome

ABSENT = "absent"
"""The problem of a learner who handed in nothing for a unit."""


@dataclass(frozen=True)
class Ruling:
    """What an instructor decided by hand about a question: other points for a reason, or only a comment.

    With neither points nor a comment it withdraws all that was decided about the question before.
    """

    learner: str
    unit: str
    question: str
    earned: float | None
    reason: str = ""
    comment: str = ""
    time: str = ""


@dataclass(frozen=True)
class Exclusion:
    """That an instructor left a learner out of the marks or, where `out` is false, took them back; and why."""

    learner: str
    out: bool
    reason: str
    time: str = ""


@dataclass(frozen=True)
class Mark:
    """What counts for one learner and one unit: outcomes, or the problem that kept the file from being judged.

    Who handed in nothing has a mark only where something was decided by hand: its problem is `absent`.

    `work` has the learner's own cell for each question, `rulings` what was decided by hand and stands, oldest
    first. `penalty` is the share of the points that lateness costs, `handed_in` the time of handing in (ISO 8601, empty
    if unknown).
    """

    learner: str
    unit: str
    file: str
    outcomes: tuple[Outcome, ...]
    problem: str
    message: str
    notes: tuple[str, ...]
    walls: bool
    handed_in: str = ""
    penalty: float = 0.0
    work: Mapping[str, str] = field(default_factory=dict)
    rulings: tuple[Ruling, ...] = ()

    @property
    def by_hand(self) -> bool:
        """Tell whether an instructor gave points."""
        return any(ruling.earned is not None for ruling in self.rulings)
