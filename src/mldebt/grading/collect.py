"""A folder of submissions: whose file is what, with nothing passed over in silence.

Either a folder a learner (`anna/03-keep-the-best.ipynb`, at any depth below), or files named after the learner
(`anna_03-keep-the-best.ipynb`), or the folder of one learner. Links are never followed.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mldebt.grading.submission import SubmissionError, known_units, read_submission
from mldebt.units import PUBLIC

_PASSED_OVER = frozenset({".ipynb_checkpoints", "__MACOSX", ".git"})


class CollectError(ValueError):
    """There is nothing to grade. The message is one sentence that says what to do."""


@dataclass(frozen=True)
class HandedIn:
    """One file of a learner: a submission of a unit, known by its digest, or a problem with it.

    `notes` says what was decided about it, such as that an older file of the same learner was passed over.
    `handed_in` is the time of handing in (ISO 8601, empty if unknown), `penalty` the share of the points it costs,
    `variant` the id of the variant that it is judged as.
    """

    learner: str
    unit: str
    path: Path
    digest: str = ""
    problem: str = ""
    message: str = ""
    notes: tuple[str, ...] = ()
    handed_in: str = ""
    penalty: float = 0.0
    variant: str = PUBLIC


def collect(root: Path) -> list[HandedIn]:
    """Find the files of all learners, sorted by learner and unit; of several for one unit the newest counts.

    Raises CollectError when the folder is none or holds no notebook.
    """
    if root.is_dir():
        found = [_look(path, root) for path in _files(root)]
    elif os.path.lexists(root):
        found = [_look(root, root.parent)]
    else:
        raise CollectError(f"{root} is not there; name the folder of the submissions.")
    if not found:
        raise CollectError(f"{root} holds no notebook (.ipynb); name the folder of the submissions.")
    return _newest(found)


def _files(folder: Path) -> Iterator[Path]:
    """Yield notebooks, and what pretends to be one; folders are walked, links are not."""
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError:  # one learner's folder that cannot be opened is that learner's problem
        yield folder
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False) and not entry.name.endswith(".ipynb"):
            if entry.name not in _PASSED_OVER:
                yield from _files(Path(entry.path))
        elif entry.name.endswith(".ipynb") or entry.is_symlink():
            yield Path(entry.path)


def _look(path: Path, root: Path) -> HandedIn:
    parts = path.relative_to(root).parts
    named = next((name for name in known_units() if name in path.name), "")
    learner = parts[0] if len(parts) > 1 else path.stem.replace(named, "").strip(" _-.")
    learner = learner or path.absolute().parent.name  # the folder of one learner was named
    try:
        submission = read_submission(path)
    except SubmissionError as error:
        return HandedIn(learner, named, path, problem=error.kind, message=str(error))
    return HandedIn(learner, submission.unit, path, submission.digest, variant=submission.variant)


def _newest(found: list[HandedIn]) -> list[HandedIn]:
    groups: dict[tuple[str, str], list[HandedIn]] = {}
    for item in found:
        groups.setdefault((item.learner, item.unit), []).append(item)
    chosen = []
    for _, group in sorted(groups.items()):
        # One that can be read comes before one that cannot, whatever their times.
        *others, last = sorted(group, key=lambda item: (not item.problem, _time(item.path), str(item.path)))
        notes = tuple(f"{_short(item.path)} was passed over; {_short(last.path)} counts." for item in others)
        chosen.append(HandedIn(**{**vars(last), "notes": notes}))
    return chosen


def _time(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
