"""What a class handed in: whose file is what, with nothing passed over in silence.

A zip of Canvas or Moodle, a folder of such zips, nbgrader's `submitted` tree, a folder a learner
(`anna/03-keep-the-best.ipynb`, at any depth below), files named after the learner (`anna_03-keep-the-best.ipynb`),
or the folder of one learner. Links are never followed.
"""

import os
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from mldebt.grading.files import CollectError, File, find
from mldebt.grading.late import Deadline, written
from mldebt.grading.lms import CANVAS
from mldebt.grading.owner import Owners
from mldebt.grading.submission import SubmissionError, known_units, read_submission
from mldebt.roster import Roster
from mldebt.units import PUBLIC

__all__ = ["CollectError", "Collected", "HandedIn", "Refused", "collect"]

_MARKED = "Late, as Canvas says; how late is not known, so one day counts"


@dataclass(frozen=True)
class HandedIn:
    """One file of a learner: a submission of a unit, known by its digest, or a problem with it.

    `notes` says what was decided about it, such as that an older file of the same learner was passed over.
    `handed_in` is the time of handing in (ISO 8601, empty if unknown), `penalty` the share of the points it costs.
    `file` is the name under which it was handed in, where `path` is only a copy of it; `variant` is the id of the
    variant that it is judged as.
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
    file: str = ""
    variant: str = PUBLIC


@dataclass(frozen=True)
class Refused:
    """A file, or a whole zip, that is nobody's submission, and why."""

    file: str
    why: str


@dataclass(frozen=True)
class Collected:
    """What was found: the file of each learner and unit that counts, and what the instructor should know of the rest.

    `absent` are the learners of the roster who handed in nothing, `unknown` those who are not on it.
    """

    items: list[HandedIn]
    refused: list[Refused] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[HandedIn]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def without(self, learners: Container[str]) -> "Collected":
        """Return the same without the files of some learners, and without a word on them."""
        return replace(
            self,
            items=[item for item in self.items if item.learner not in learners],
            absent=[learner for learner in self.absent if learner not in learners],
            unknown=[learner for learner in self.unknown if learner not in learners],
        )


def collect(
    root: Path, unpacked: Path | None = None, roster: Roster | None = None, deadline: Deadline | None = None
) -> Collected:
    """Find the files of all learners, sorted by learner and unit; of several for one unit the newest counts.

    Zips are unpacked into the folder `unpacked`, which has to last as long as the files are needed. Raises
    CollectError when there is nothing to grade.
    """
    files, remarks = find(root, unpacked)
    owners = Owners(files, roster)
    found: dict[tuple[str, str], list[tuple[File, HandedIn]]] = {}
    refused, unknown = [], set()
    for file in files:
        if not file.counts:
            continue
        owner = owners.of(file)
        if owner is None:
            refused.append(Refused(file.label, file.refused))
            continue
        item = _look(file, owner.learner)
        if not owner.known:
            unknown.add(owner.learner)
            item = replace(item, notes=(*item.notes, owner.note))
        found.setdefault((item.learner, item.unit), []).append((file, item))
    items = [_newest(group, deadline) for _, group in sorted(found.items())]
    refused += _without_notebook(files, owners)
    if not items and not refused:
        raise CollectError(f"{root} holds no notebook (.ipynb); name the folder, or the zip, of the submissions.")
    there = {item.learner for item in items}
    absent = [learner.id for learner in roster.learners if learner.id not in there] if roster else []
    return Collected(items, refused, absent, sorted(unknown), remarks if deadline else [])


def _look(file: File, learner: str) -> HandedIn:
    named = next((name for name in known_units() if name in os.path.basename(file.label)), "")  # noqa: PTH119
    item = HandedIn(learner, named, file.path or Path(file.label), handed_in=written(file.time), file=file.label)
    if file.refused:
        return replace(item, problem="refused", message=file.refused)
    try:
        submission = read_submission(item.path)
    except SubmissionError as error:
        return replace(item, problem=error.kind, message=str(error))
    notes = (f"The file is named {named} and holds {submission.unit}: what it holds counts.",)
    renamed = named and named != submission.unit
    item = replace(item, unit=submission.unit, digest=submission.digest, variant=submission.variant)
    return replace(item, notes=notes if renamed else ())


def _newest(group: list[tuple[File, HandedIn]], deadline: Deadline | None) -> HandedIn:
    """Choose the file that counts. One that can be read comes before one that cannot, whatever their times."""
    uploads = all(file.sender and file.sender.platform == CANVAS for file, _ in group)

    def age(entry: tuple[File, HandedIn]) -> tuple[bool, float, str]:
        file, item = entry
        # Canvas numbers uploads as they come; its times may be those of the download.
        upload = file.sender.attachment if file.sender and uploads else 0
        return not item.problem, upload or (file.stamp.timestamp() if file.stamp else 0.0), file.label

    *others, (file, last) = sorted(group, key=age)
    notes = [f"{_short(other)} was passed over; {_short(last)} counts." for _, other in others]
    last = replace(last, notes=(*last.notes, *notes))
    return _late(last, file, deadline)


def _late(item: HandedIn, file: File, deadline: Deadline | None) -> HandedIn:
    marked = bool(file.sender and file.sender.late)
    if deadline is None:
        return replace(item, notes=(*item.notes, "Canvas marks it as late.")) if marked else item
    days = deadline.days(file.time, marked)
    if not days:
        return item
    note = f"Handed in at {file.time:%Y-%m-%d %H:%M}, in day {days} after the deadline" if file.time else _MARKED
    penalty = deadline.penalty(days)
    cost = f": {100 * penalty:g} % of the points are taken off." if penalty else "."
    return replace(item, penalty=penalty, notes=(*item.notes, note + cost))


def _without_notebook(files: list[File], owners: Owners) -> list[Refused]:
    """Name what a learner uploaded who handed in no notebook there, such as a PDF.

    Each download is looked at by itself: it is of another assignment, in which a notebook may be missing.
    """
    there: set[tuple[Path, str]] = set()
    others: list[tuple[File, tuple[Path, str]]] = []
    for file in files:
        owner = owners.of(file)
        if owner and file.counts:
            there.add((file.holder, owner.learner))
        elif owner and _uploaded(file):
            others.append((file, (file.holder, owner.learner)))
    why = "It is no notebook (.ipynb), and nothing else of this learner in this download is one; ask for the notebook."
    return [Refused(file.label, why) for file, key in others if key not in there]


def _uploaded(file: File) -> bool:
    return file.sender is not None and file.sender.plugin == "file"


def _short(item: HandedIn) -> str:
    path = Path(item.file)
    return f"{path.parent.name}/{path.name}"
