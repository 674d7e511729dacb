"""Marks in the columns that Canvas and Moodle import, with their ids.

The surest way is to fill in the file that the platform exported: only the cells of the marks are written. Without one
a file is made from the roster.
"""

import csv
import io
import re
from dataclasses import dataclass, field

from mldebt import units
from mldebt.clean import clean, few
from mldebt.grading.grades import Grade, Grades
from mldebt.grading.sheet import Sheet, SheetError
from mldebt.grading.tables import cell
from mldebt.roster import Roster

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE_COLUMNS = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
    *("Grade can be changed", "Last modified (grade)", "Feedback comments"),
)
POSSIBLE = "Points Possible"


@dataclass
class Exported:
    """What was written: the file's content, how many marks it holds, and what the instructor should know.

    `nothing` has a learner for each cell without a mark because nothing was handed in, `strangers` are the learners who
    were left out because the roster does not have them.
    """

    content: bytes
    filled: int = 0
    nothing: list[str] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    left: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def fill_canvas(sheet: Sheet, found: Grades, roster: Roster | None, columns: dict[str, str]) -> Exported:
    """Fill in the gradebook that Canvas exported. `columns` names the columns of units that are not found by title."""
    ids = [sheet.column(name) for name in ("ID", "SIS User ID", "SIS Login ID", "Student")]
    if -1 in (ids[0], ids[3]):
        raise SheetError(f"{sheet.path} is no export of Canvas: it lacks the columns Student and ID.")
    possible = next((at for at, row in enumerate(sheet.rows) if POSSIBLE in row[0]), 0)
    done = Exported(b"")
    for unit, grades_of in sorted(found.of.items()):
        place = _column_of(sheet, unit, columns, possible)
        if place is None:
            done.left.append(f'{unit} has no column in {sheet.path}; name it with --column "{unit}=ITS TITLE".')
            continue
        placed, most = set(), sheet.cell(possible, place) if possible else ""
        for at in range(1, len(sheet.rows)):
            id, sis, login, name = (sheet.cell(at, column).strip() for column in ids)
            learner = "" if at == possible else _canvas_learner(id, sis, login, name, unit, found, roster)
            if learner in grades_of:
                sheet.fill(at, place, _scaled(grades_of[learner], most))
                placed.add(learner)
            elif roster is not None:
                _absent(done, sheet, at, place, unit, learner, found, roster)
        _account(done, sheet, unit, found, roster, placed, most)
    done.content = sheet.bytes()
    return done


def _canvas_learner(id: str, sis: str, login: str, name: str, unit: str, found: Grades, roster: Roster | None) -> str:
    if roster is not None:
        by_id = roster.by_id("canvas_id", id) or roster.by_id("sis_id", sis) or roster.by_id("id", login)
        learner = by_id or (None if (unit, id) in found.users else roster.by_name(name))
        if learner is not None:
            return learner.id
    return found.users.get((unit, id), login)


def _column_of(sheet: Sheet, unit: str, columns: dict[str, str], possible: int) -> int | None:
    """Find a unit's column: the one that was named, or the only one whose title holds its name or its title."""
    if unit in columns:
        place = sheet.column(columns[unit])
        if place < 0:
            raise SheetError(f"{sheet.path} has no column {columns[unit]!r}; its columns are {_listed(sheet)}.")
        return place
    words = {_words(unit), _words(units.load(unit).title)}
    places = [
        at
        for at, title in enumerate(sheet.rows[0])
        if at >= len(CANVAS_COLUMNS) - 2  # a section's column comes before; Canvas may leave two of the first five out
        and any(f" {part} " in f" {_words(title)} " for part in words)
        and "read only" not in sheet.cell(possible, at)
    ]
    if len(places) > 1:
        raise SheetError(f'{sheet.path} has {len(places)} columns for {unit}; name one with --column "{unit}=TITLE".')
    return places[0] if places else None


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _listed(sheet: Sheet) -> str:
    return ", ".join(clean(title) for title in sheet.rows[0])


def fill_moodle(sheet: Sheet, found: Grades, roster: Roster | None) -> Exported:
    """Fill in the grading worksheet that Moodle exported for one assignment."""
    places = [sheet.column(name) for name in ("Identifier", "Full name", "Email address", "Grade", "Maximum Grade")]
    id, name, email, grade_place, maximum = places
    if -1 in (id, grade_place):
        raise SheetError(
            f"{sheet.path} lacks the columns Identifier and Grade; export the grading worksheet with Moodle in English."
        )
    unit = _only(found)
    comments, done, placed = sheet.column("Feedback comments"), Exported(b""), set()
    most = ""
    for at in range(1, len(sheet.rows)):
        number, full_name, address = (sheet.cell(at, column).strip() for column in (id, name, email))
        learner = _moodle_learner(number, full_name, address, unit, found, roster)
        if learner not in found.of[unit] or len(sheet.rows[at]) <= max(grade_place, comments):
            if roster is not None:
                _absent(done, sheet, at, grade_place, unit, learner, found, roster)
            continue
        grade, most = found.of[unit][learner], sheet.cell(at, maximum)
        sheet.fill(at, grade_place, _scaled(grade, most))
        if comments >= 0 and not sheet.cell(at, comments).strip():
            sheet.fill(at, comments, grade.said)
        placed.add(learner)
    _account(done, sheet, unit, found, roster, placed, most)
    done.content = sheet.bytes()
    return done


def _moodle_learner(id: str, name: str, email: str, unit: str, found: Grades, roster: Roster | None) -> str:
    number = (re.findall(r"\d+", id) or [""])[-1]
    if (unit, number) in found.users:
        return found.users[unit, number]
    if roster is None:
        return name
    by_email = [one for one in roster.learners if email and one.email.casefold() == email.casefold()]
    learner = roster.by_id("moodle_id", number) or (by_email[0] if len(by_email) == 1 else roster.by_name(name))
    return learner.id if learner else ""


def _only(found: Grades) -> str:
    if len(found.of) != 1:
        listed = ", ".join(sorted(found.of)) or "none with a mark"
        raise SheetError(f"A worksheet of Moodle is for one unit, and there are {listed}: choose one with --unit.")
    return next(iter(found.of))


def _scaled(grade: Grade, most: str) -> str:
    """Write the points, on the platform's scale if that is another one."""
    best = _number(most)
    factor = best / grade.points if best and grade.points else 1.0
    return f"{round(grade.earned * factor, 2):g}"


def _number(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return 0.0


def _absent(
    done: Exported, sheet: Sheet, row: int, column: int, unit: str, learner: str, found: Grades, roster: Roster
) -> None:
    """Write what a learner of the roster gets for handing in nothing, unless somebody wrote a mark there."""
    known = learner and roster.by_id("id", learner)
    if not known or not found.nothing_of(unit, learner) or len(sheet.rows[row]) <= column:
        return
    if not sheet.cell(row, column).strip():
        done.nothing.append(learner)
        if found.absent:
            sheet.fill(row, column, found.absent)


def _account(
    done: Exported, sheet: Sheet, unit: str, found: Grades, roster: Roster | None, placed: set[str], most: str
) -> None:
    """Say which marks found no row, and whether the platform counts other points."""
    of = found.of[unit]
    done.filled += len(placed)
    done.strangers |= {*(found.strangers(roster) if roster else ())} & {*of} - placed
    left = [learner for learner in of if learner not in placed | done.strangers]
    if left:
        done.left.append(f"{few(left)} {'has' if len(left) == 1 else 'have'} no row for {unit} in {sheet.path}.")
    points = {grade.points for grade in of.values()}
    if _number(most) and placed and points != {_number(most)}:
        have = " or ".join(f"{value:g}" for value in sorted(points))
        done.remarks.append(f"{unit} has {have} points here and {_number(most):g} there; the marks are scaled.")


def make_canvas(found: Grades, roster: Roster) -> Exported:
    """Make a file for Canvas from the roster. A column without an id makes a new assignment of this title there."""
    names = sorted(found.of)
    possible = [max(grade.points for grade in found.of[unit].values()) for unit in names]
    lines: list[list[object]] = [[*CANVAS_COLUMNS, *names], [f"    {POSSIBLE}", *[""] * 4, *map(_points, possible)]]
    done = Exported(b"")
    for one in found.class_of(roster):
        marks = [_mark(done, found, unit, one.id) for unit in names]
        lines.append([one.name, one.canvas_id, one.sis_id, one.id, one.section, *marks])
    return _made(done, lines, found, roster)


def make_moodle(found: Grades, roster: Roster) -> Exported:
    """Make a grading worksheet for Moodle from the roster, for one unit."""
    unit = _only(found)
    numbers = {learner: user for (of, user), learner in found.users.items() if of == unit}
    most = max(grade.points for grade in found.of[unit].values())
    lines: list[list[object]] = [list(MOODLE_COLUMNS)]
    done = Exported(b"")
    for one in found.class_of(roster):
        grade, number = found.of[unit].get(one.id), numbers.get(one.id, one.moodle_id)
        if not number and (grade or (found.absent and found.nothing_of(unit, one.id))):
            done.left.append(f"{one.id} has no moodle_id on the roster, and Moodle takes no mark without it.")
            continue
        status = "Submitted for grading" if grade else "No submission"
        mark = _mark(done, found, unit, one.id)
        marks = [mark, _points(most), "Yes", "-", grade.said if grade else ""]
        lines.append([f"Participant {number}" if number else "", one.name, one.email, status, *marks])
    return _made(done, lines, found, roster)


def _mark(done: Exported, found: Grades, unit: str, learner: str) -> str:
    """Return what is written for a learner, and count it."""
    if found.nothing_of(unit, learner):
        done.nothing.append(learner)
        return found.absent
    grade = found.of[unit].get(learner)
    done.filled += grade is not None
    return _points(grade.earned) if grade else ""


def _points(value: float) -> str:
    return f"{round(value, 2):g}"


def _made(done: Exported, lines: list[list[object]], found: Grades, roster: Roster) -> Exported:
    done.strangers = {*found.strangers(roster)} & {learner for of in found.of.values() for learner in of}
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[cell(value) for value in line] for line in lines])
    done.content = out.getvalue().encode()
    return done
