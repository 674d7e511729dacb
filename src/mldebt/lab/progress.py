"""What the learner has got right so far, kept in their own course folder.

One small JSON file a unit, under `.mldebt/progress/` beside `notebooks/` and `exercises/`: two courses in two
folders never mix, and a damaged file costs one unit. A question once right stays right.
"""

import contextlib
import os
from pathlib import Path

from mldebt import units
from mldebt.check import Outcome, Status
from mldebt.lab.store import Store

_COURSE_FOLDERS = ("notebooks", "exercises")


def course_folder() -> Path | None:
    """Return the folder that holds the learner's progress; None where work is not the learner's own.

    A notebook runs in the folder it lies in. Solutions are nobody's progress, and neither is a run by a tool, which
    sets MLDEBT_NO_PROGRESS (see mldebt.execute).
    """
    here = Path.cwd()
    if here.name == "solutions" or os.environ.get("MLDEBT_NO_PROGRESS"):
        return None
    return here.parent if here.name in _COURSE_FOLDERS else here


class Progress:
    """Which questions are right, by unit. `folder` is the course folder; with None nothing is kept on disk."""

    def __init__(self, folder: Path | None) -> None:
        self._store = Store(folder / ".mldebt" / "progress" if folder else None)

    def take_warning(self) -> str:
        """Return what the learner should be told of the folder, once, or nothing."""
        return self._store.take_warning()

    def right(self, unit: str) -> set[str]:
        """Return the ids of the unit's questions that have been answered rightly."""
        kept = self._store.read(f"{unit}.json")
        if kept is None:
            return set()
        right = kept.get("right") if isinstance(kept, dict) else None
        if not isinstance(right, list) or not all(isinstance(id, str) for id in right):
            self._store.set_aside(f"{unit}.json")
            return set()
        return set(right)

    def record(self, unit: str, outcome: Outcome) -> None:
        """Keep an outcome: a question once right stays right."""
        if outcome.status is Status.RIGHT:
            self._store.write(f"{unit}.json", {"right": sorted(self.right(unit) | {outcome.question})})

    def reset(self, unit: str) -> None:
        """Forget what was right in one unit."""
        self._store.forget(f"{unit}.json")

    def steps(self, unit: str) -> str:
        """Say how far the learner is: `2 / 4 steps` of the unit's project, or of the unit where it has none."""
        done, of = self.count(steps_of(unit))
        return f"{done} / {of} steps"

    def count(self, steps: list[tuple[str, str]]) -> tuple[int, int]:
        """Count the steps that are right, and all of them."""
        right = {unit: self.right(unit) for unit in {unit for unit, _ in steps}}
        return sum(question in right[unit] for unit, question in steps), len(steps)


def steps_of(unit: str) -> list[tuple[str, str]]:
    """Return the steps that a unit counts towards, each as a unit and a question.

    Units of one project (the header of `lesson.md` names it) are its steps, one question each; elsewhere a
    unit's questions are its steps.
    """
    project = units.load(unit).project
    if not project:
        return [(unit, question) for question in units.load(unit).questions]
    steps = []
    for name in units.names():
        with contextlib.suppress(units.UnitError):  # a unit that is still being written stops no other
            about = units.header(name)
            if about.get("project") == project and "step" in about:
                steps.append((name, str(about["step"])))
    return steps
