"""Marks for other programs: a row a question as CSV, the same as JSON, and JUnit's XML.

The order is that of learners and units and no time is written: equal marks give equal bytes.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from mldebt import units
from mldebt.check import Status
from mldebt.clean import clean
from mldebt.grading.mark import ABSENT, Mark
from mldebt.grading.submission import known_units

COLUMNS = (
    *("learner", "unit", "question", "outcome", "earned", "points", "misconception", "message", "file", "walls"),
    *("penalty", "ruling", "comment"),
)


@dataclass(frozen=True)
class Row:
    """One question of one learner. `outcome` is one of check's, or why there is none, such as `unreadable`.

    `earned` are the points that count: those of the check or, where there is a `ruling`, those that an instructor
    gave, for the reason that it tells; less the `penalty` for being late.
    """

    learner: str
    unit: str
    question: str
    outcome: str
    earned: float
    points: float
    misconception: str
    message: str
    file: str
    walls: bool
    penalty: float = 0.0
    ruling: str = ""
    comment: str = ""


def rows(marks: Iterable[Mark], roster: Iterable[str] = ()) -> Iterator[Row]:
    """Yield a row for each question of each unit that anybody handed in; who did not is absent there.

    The learners of `roster` are there even if they never handed in anything. In a unit that nobody handed in, who got
    points by hand has rows, and nobody is absent.
    """
    by_learner: dict[str, dict[str, Mark]] = {learner: {} for learner in roster}
    for mark in marks:
        by_learner.setdefault(mark.learner, {})[mark.unit] = mark
    handed_in = {unit for own in by_learner.values() for unit, mark in own.items() if unit and mark.problem != ABSENT}
    for learner, own in sorted(by_learner.items()):
        for unit in sorted(handed_in | own.keys()):
            yield from rows_of(learner, unit, own.get(unit))


def rows_of(learner: str, unit: str, mark: Mark | None) -> Iterator[Row]:
    """Yield a row for each question of one unit, of a learner who has this mark for it, or none."""
    if mark is not None and not mark.problem:
        for o in mark.outcomes:
            message = f"{o.message} Your {o.line}" if o.line else o.message
            about = (o.misconception or "", message, mark.file, mark.walls)
            yield _ruled(mark, Row(learner, unit, o.question, o.status.value, o.earned, o.points, *about))
        return
    outcome, message, file = (mark.problem, mark.message, mark.file) if mark else (ABSENT, "", "")
    questions = units.load(unit).questions.items() if unit in known_units() else [("", None)]
    for id, question in questions:
        points = question.points if question else 0.0
        row = Row(learner, unit, id, outcome, 0.0, points, "", message, file, True)
        yield _ruled(mark, row) if mark else row


def _ruled(mark: Mark, row: Row) -> Row:
    """Return a row with what was decided by hand about its question, less what lateness costs."""
    own = [ruling for ruling in mark.rulings if ruling.question == row.question]
    given = [(ruling.earned, ruling.reason) for ruling in own if ruling.earned is not None]
    earned, reason = given[-1] if given else (row.earned, "")
    comment = " ".join(ruling.comment for ruling in own if ruling.comment)
    return replace(row, earned=earned * (1 - mark.penalty), penalty=mark.penalty, ruling=reason, comment=comment)


def as_csv(found: Iterable[Row]) -> str:
    """Write rows as CSV with a header. A text that a spreadsheet would run as a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in found:
        writer.writerow([cell(getattr(row, column)) for column in COLUMNS])
    return out.getvalue()


def cell(value: object) -> object:
    """Write a value for a spreadsheet: a text that would run as a formula gets an apostrophe."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value).encode("utf-8", "backslashreplace").decode()
    return f"'{text}" if re.match(r"[=+\-@\t\r]", text) else text


def as_json(found: Iterable[Row]) -> str:
    """Write rows as a JSON list of objects."""
    return json.dumps([{column: getattr(row, column) for column in COLUMNS} for row in found], indent=1) + "\n"


def as_junit(found: Iterable[Row]) -> str:
    """Write rows as JUnit's XML: a suite a learner and unit, a case a question.

    Wrong is a failure; broke, timed out and what could not be judged are errors; not attempted and absent are
    skipped.
    """
    top = ElementTree.Element("testsuites", name="mldebt")
    suites: dict[tuple[str, str], ElementTree.Element] = {}
    for row in found:
        key = (row.learner, row.unit)
        if key not in suites:
            suites[key] = ElementTree.SubElement(top, "testsuite", name=f"{clean(row.learner)} {row.unit}".strip())
        case = ElementTree.SubElement(
            suites[key], "testcase", classname=f"{clean(row.learner)}.{row.unit}", name=row.question or row.outcome
        )
        kind = _JUNIT.get(row.outcome, "error")
        if kind:
            about = row.misconception or row.outcome
            ElementTree.SubElement(case, kind, type=about, message=clean(row.message)).text = clean(row.message)
    for suite in suites.values():
        counts = {"tests": len(suite)}
        counts |= {f"{kind}s" if kind != "skipped" else kind: len(suite.findall(f"*/{kind}")) for kind in _KINDS}
        suite.attrib |= {key: str(value) for key, value in counts.items()}
    ElementTree.indent(top)
    return ElementTree.tostring(top, encoding="unicode", xml_declaration=True) + "\n"


_KINDS = ("failure", "error", "skipped")
_JUNIT = {
    Status.RIGHT.value: "",
    Status.WRONG.value: "failure",
    Status.NOT_ATTEMPTED.value: "skipped",
    ABSENT: "skipped",
}
WRITERS = {"csv": as_csv, "json": as_json, "junit": as_junit}
