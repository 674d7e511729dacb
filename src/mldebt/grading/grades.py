"""The points of each learner for each unit, added up for a platform."""

import html
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from mldebt.clean import clean
from mldebt.grading.lms import sender
from mldebt.grading.mark import ABSENT, Mark
from mldebt.grading.submission import known_units
from mldebt.grading.tables import rows
from mldebt.roster import Learner, Roster


@dataclass(frozen=True)
class Grade:
    """The points of a learner for a unit, the most that there are, and what is said of each question."""

    earned: float
    points: float
    said: str


@dataclass
class Grades:
    """The grades of each unit by learner, and the platform's id of each learner for it.

    `spoilt` are the units and learners whose file has no grade, and `without` says why. `absent` is what is written for
    a learner who handed in nothing. The learners who are `excluded` get nothing at all.
    """

    of: dict[str, dict[str, Grade]] = field(default_factory=dict)
    users: dict[tuple[str, str], str] = field(default_factory=dict)
    spoilt: set[tuple[str, str]] = field(default_factory=set)
    without: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    absent: str = ""
    excluded: Collection[str] = ()

    def class_of(self, roster: Roster) -> list[Learner]:
        """Return the learners of the roster, without those who are excluded."""
        return [one for one in roster.learners if one.id not in self.excluded]

    def strangers(self, roster: Roster) -> list[str]:
        """Return the learners who have a mark, or a spoilt file, and are not on the roster."""
        known = {one.id for one in roster.learners}
        marked = {learner for of in self.of.values() for learner in of} | {learner for _, learner in self.spoilt}
        return sorted(marked - known)

    def nothing_of(self, unit: str, learner: str) -> bool:
        """Tell whether a learner handed in nothing for a unit, and got no points for it by hand."""
        given = learner in self.of[unit] or (unit, learner) in self.spoilt
        return not given and learner not in self.excluded


def grades(
    marks: Iterable[Mark], platform: str, chosen: Sequence[str], absent: str = "", excluded: Collection[str] = ()
) -> Grades:
    """Add up the points of each mark of the `chosen` units, or of all. See Grades for `absent` and `excluded`."""
    every = list(marks)
    listed = [mark for mark in every if mark.unit in (chosen or known_units())]
    by_key: dict[tuple[str, str], list[str]] = {}
    not_ruled: dict[tuple[str, str], list[str]] = {}
    earned: dict[tuple[str, str], float] = {}
    points: dict[tuple[str, str], float] = {}
    for row in rows(listed):
        key = (row.learner, row.unit)
        earned[key] = earned.get(key, 0.0) + row.earned
        points[key] = points.get(key, 0.0) + row.points
        if not row.ruling:
            not_ruled.setdefault(key, []).append(row.question)
        comment = f" ({html.escape(clean(row.comment, 1000))})" if row.comment else ""
        by_key.setdefault(key, []).append(
            f"{row.question}: {row.outcome}{', points by hand' if row.ruling else ''}{comment}"
        )
    found = Grades(absent=absent, excluded=excluded)
    for mark in (mark for mark in every if not mark.unit):
        found.remarks.append(f"{clean(mark.learner)}: a file of no unit ({mark.problem}) counts as nothing handed in.")
    for mark in listed:
        key = (mark.learner, mark.unit)
        by = sender(mark.file)
        if by and by.platform == platform:
            found.users[mark.unit, by.user] = mark.learner
        if mark.problem == ABSENT and not mark.by_hand:  # a comment on nothing
            continue
        if mark.problem and not mark.by_hand:
            found.spoilt.add((mark.unit, mark.learner))
            found.without.append(f"{clean(mark.learner)} has no mark for {mark.unit}: {mark.problem}.")
            continue
        if mark.problem and key in not_ruled:
            questions = ", ".join(not_ruled[key])
            found.remarks.append(
                f"{clean(mark.learner)}, {mark.unit}: {mark.problem}; no points by hand, so 0, for {questions}."
            )
        said = f"{earned[key]:g} of {points[key]:g} points. {'; '.join(by_key[key])}."
        found.of.setdefault(mark.unit, {})[mark.learner] = Grade(earned[key], points[key], said)
    return found
