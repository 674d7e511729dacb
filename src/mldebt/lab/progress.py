"""What the learner has got right so far, kept in their own course folder.

One small JSON file a unit, under `.mldebt/progress/` beside `notebooks/` and `exercises/`: two courses in two
folders never mix, and a damaged file costs one unit. A question once right stays right.
"""

import contextlib
import json
import os
import tempfile
from pathlib import Path

from mldebt import units
from mldebt.check import Outcome, Status

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
    """Which questions are right, by unit. `folder` is the course folder; with None nothing is kept on disk.

    `warning` is what the learner should be told of the folder, or empty.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder / ".mldebt" / "progress" if folder else None
        self._right: dict[str, set[str]] = {}
        self.warning = ""

    def right(self, unit: str) -> set[str]:
        """Return the ids of the unit's questions that have been answered rightly."""
        here = self._right.get(unit, set())
        if self._folder is None:
            return set(here)
        path = self._folder / f"{unit}.json"
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))["right"]
            if not isinstance(kept, list) or not all(isinstance(id, str) for id in kept):
                raise TypeError
        except (FileNotFoundError, NotADirectoryError):
            return set(here)
        except (ValueError, KeyError, TypeError, RecursionError):
            aside = path.with_suffix(".damaged")
            self.warning = f"{path} was damaged; it is kept as {aside.name}, and this unit starts afresh."
            with contextlib.suppress(OSError):
                path.replace(aside)
            return set(here)
        except OSError as error:
            self.warning = f"Your progress cannot be read: {error.strerror} ({path})."
            return set(here)
        return {*kept, *here}

    def record(self, unit: str, outcome: Outcome) -> None:
        """Keep an outcome. Written to a new file that then takes the place of the old one, so none is half."""
        if outcome.status is not Status.RIGHT:
            return
        right = self.right(unit) | {outcome.question}
        if self._folder is None:
            self._right[unit] = right
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".tmp")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"right": sorted(right)}, file)
            Path(name).replace(self._folder / f"{unit}.json")
            self._right.pop(unit, None)
        except OSError as error:
            self._right[unit] = right  # for as long as this kernel lasts
            self.warning = f"Your progress cannot be kept: {error.strerror} ({self._folder})."

    def reset(self, unit: str) -> None:
        """Forget what was right in one unit."""
        self._right.pop(unit, None)
        if self._folder is not None:
            (self._folder / f"{unit}.json").unlink(missing_ok=True)

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
