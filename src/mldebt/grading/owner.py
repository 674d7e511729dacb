"""Whose a file is: by the platform's name of it and the roster, else by a folder it lies in or its own name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mldebt.grading.files import File
from mldebt.grading.lms import CANVAS, Sender
from mldebt.grading.submission import known_units
from mldebt.grading.unpack import is_safe
from mldebt.roster import Learner, Roster


@dataclass(frozen=True)
class Owner:
    """A learner's id; `known` is false where there is a roster and they are not on it, and `note` says so."""

    learner: str
    known: bool = True
    note: str = ""


class Owners:
    """Tells the owner of each file. Two learners of one name in one download are kept apart by their numbers."""

    def __init__(self, files: Sequence[File], roster: Roster | None) -> None:
        self._roster = roster
        users: dict[tuple[str, str], set[str]] = {}
        for file in files:
            if file.sender:
                users.setdefault((str(file.holder), file.sender.name), set()).add(file.sender.user)
        self._twins = {key for key, found in users.items() if len(found) > 1}
        levels = Counter(level for file in files if (level := self._level(file)) is not None)
        self._usual = max(levels, key=lambda level: levels[level], default=0)

    def of(self, file: File) -> Owner | None:
        """Return whose file it is; None where its name does not say so, as that of a whole zip."""
        if file.refused and not (file.name.endswith(".ipynb") and is_safe(file.name)):
            return None
        if file.sender is None:
            name = self._placed(file)
            return self._named(name, self._on_roster(name))
        by = file.sender
        twins = (str(file.holder), by.name) in self._twins
        learner = self._sent(by, twins)
        # Canvas's number is the learner's; Moodle's is another one in each assignment, so the name has to do.
        plain = f"{by.name}_{by.user}" if by.platform == CANVAS or self._roster or twins else by.name
        return self._named(plain, learner)

    def _placed(self, file: File) -> str:
        """Return the folder on the roster: above those of the learners there may be others, such as one a week.

        Whoever is not on the roster has a folder at the level where the others have theirs.
        """
        folders = PurePosixPath(file.name).parts[:-1]
        level = self._level(file)
        level = self._usual if level is None else level
        return folders[level] if level < len(folders) else _by_place(file)

    def _level(self, file: File) -> int | None:
        if self._roster is None or file.sender:
            return None
        folders = PurePosixPath(file.name).parts[:-1]
        return next((level for level, folder in enumerate(folders) if self._on_roster(folder)), None)

    def _named(self, name: str, learner: Learner | None) -> Owner:
        if learner is not None:
            return Owner(learner.id)
        if self._roster is None:
            return Owner(name)
        return Owner(name, False, f"{name} is not on the roster.")

    def _on_roster(self, name: str) -> Learner | None:
        if self._roster is None:
            return None
        return self._roster.by_id("id", name) or self._roster.by_id("sis_id", name) or self._roster.by_name(name)

    def _sent(self, by: Sender, twins: bool) -> Learner | None:
        if self._roster is None:
            return None
        column = "canvas_id" if by.platform == CANVAS else "moodle_id"
        learner = self._roster.by_id(column, by.user)
        if learner or twins:
            return learner
        if by.platform == CANVAS:
            learner = self._roster.by_name(by.name)
            return learner if learner and not learner.canvas_id else None  # another number is another person
        # A group stands before the name, with a hyphen between them.
        names = [by.name, *(by.name[at + 1 :] for at, sign in enumerate(by.name) if sign == "-")]
        return next((found for name in names if (found := self._roster.by_name(name))), None)


def _by_place(file: File) -> str:
    path = PurePosixPath(file.name)
    if len(path.parts) > 1:
        return path.parts[0]
    named = next((name for name in known_units() if name in path.name), "")
    # Without a name of their own it is the folder of one learner that was named.
    return path.stem.replace(named, "").strip(" _-.") or _plain(file.holder)


def _plain(holder: Path) -> str:
    return holder.stem if holder.suffix.lower() == ".zip" else holder.absolute().name
