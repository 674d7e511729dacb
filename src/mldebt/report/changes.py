"""What the last run changed. A gradebook keeps all marks with their times, so what was before can be told."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mldebt.grading.gradebook import Gradebook
from mldebt.grading.mark import Mark

PAUSE = dt.timedelta(minutes=10)
"""A run writes a mark every few seconds, and at worst every two minutes: after a longer pause another run began."""


@dataclass(frozen=True)
class Change:
    """A mark of the last run that differs from the one before: the points that the checks gave, None for a problem."""

    learner: str
    unit: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class LastRun:
    """When the last run began and ended (empty if there was none), its marks, and what was decided by hand since.

    `new` are learners and units that had no mark before, `changed` those whose points differ, `same` counts the rest.
    """

    begun: str = ""
    ended: str = ""
    new: tuple[tuple[str, str], ...] = ()
    changed: tuple[Change, ...] = ()
    same: int = 0
    ruled: int = 0

    def __str__(self) -> str:
        if not self.ended:
            return "There was no run yet."
        counts = (
            f"{len(self.new)} new marks, {len(self.changed)} with other points than before, {self.same} with the same"
        )
        return f"The last run ended {self.ended}: {counts}; {self.ruled} decisions by hand since it began."


def last_run(book: Gradebook, marks: Sequence[Mark]) -> LastRun:
    """Find the last run by the times of the marks, and compare its marks with what each learner had before."""
    history = {(mark.learner, mark.unit): book.history(mark.learner, mark.unit) for mark in marks}
    times = sorted({time for entries in history.values() for time, _, _ in entries})
    if not times:
        return LastRun()
    begun = times[-1]
    for time in reversed(times):
        if dt.datetime.fromisoformat(begun) - dt.datetime.fromisoformat(time) > PAUSE:
            break
        begun = time
    new, changed, same = [], [], 0
    for (learner, unit), entries in history.items():
        before = [points for time, _, points in entries if time < begun]
        after = [points for time, _, points in entries if time >= begun]
        if not after:
            continue
        if not before:
            new.append((learner, unit))
        elif before[-1] != after[-1]:
            changed.append(Change(learner, unit, before[-1], after[-1]))
        else:
            same += 1
    ruled = sum(ruling.time >= begun for mark in marks for ruling in mark.rulings)
    return LastRun(begun, times[-1], tuple(new), tuple(changed), same, ruled)
