"""Feedback: a self-contained HTML page per learner and unit, with nothing on it but their own work and its outcomes."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment

from mldebt import units, whole
from mldebt.check import Question, Status
from mldebt.clean import clean
from mldebt.grading.mark import ABSENT, Mark
from mldebt.grading.submission import known_units
from mldebt.grading.tables import Row, rows
from mldebt.grading.template import environment, excerpt
from mldebt.grading.who import NOTHING_KNOWN, Who

MOST_CODE = 20_000
"""Characters of one cell that are shown."""

WORDS = {
    "right": "Right",
    "wrong": "Not yet",
    "broke": "Your code stopped",
    "timed out": "Your code was stopped",
    "not attempted": "Not answered",
    ABSENT: "Not handed in",
}


@dataclass(frozen=True)
class Part:
    """What a page says of one question."""

    row: Row
    title: str
    message: str
    hint: str
    code: str


@dataclass(frozen=True)
class Unit:
    """A line of a learner's index; `page` is empty where there is nothing more to read."""

    title: str
    page: str
    earned: float
    points: float
    said: str


def write_pages(marks: list[Mark], folder: Path, who: Who = NOTHING_KNOWN) -> list[Path]:
    """Write a folder for each learner: a page for each unit and an index. Return the indexes, sorted by learner."""
    by_unit = {(mark.learner, mark.unit): mark for mark in marks}
    written = []
    for learner, own in groupby(rows(marks), key=lambda row: row.learner):
        place = folder / slug(learner)
        place.mkdir(parents=True, exist_ok=True)
        lines = []
        for unit, found in groupby(own, key=lambda row: row.unit):
            listed, mark = list(found), by_unit.get((learner, unit))
            page = f"{unit}.html" if mark and unit in known_units() else ""
            if mark and page:
                _write(place / page, unit_page(mark, listed, who))
            lines.append(_line(unit, page, listed))
        _write(place / "index.html", _index(who.name(learner), lines))
        written.append(place / "index.html")
    return written


def unit_page(
    mark: Mark, found: Iterable[Row], who: Who = NOTHING_KNOWN, template: str = "unit.html", index: bool = True
) -> str:
    """Return the page about one unit; `index` links it to the learner's other ones."""
    listed = list(found)
    return (
        _environment()
        .get_template(template)
        .render(
            learner=clean(who.name(mark.learner)),
            title=_title(mark.unit),
            earned=sum(row.earned for row in listed),
            points=sum(row.points for row in listed),
            handed_in=clean(mark.handed_in.replace("T", " ")[:16]),
            penalty=mark.penalty,
            notes=[clean(note) for note in mark.notes],
            file=clean(mark.file.rsplit("/", 1)[-1]),
            parts=[_part(row, mark, who) for row in listed],
            words=WORDS,
            index=index,
        )
    )


def _part(row: Row, mark: Mark, who: Who) -> Part:
    question = _questions(row.unit).get(row.question)
    right = row.outcome == Status.RIGHT.value
    # What is said of a right choice explains the answer: on a page that is passed on it would be the solution.
    message = "" if right and question and question.item else row.message
    helps = question and question.hints and who.may_read_hints and not right and not mark.problem
    hint = question.hints[0] if question and helps else ""
    title = question.title if question else ""
    # Most titles are `name: what for`, and what for is the same in all variants.
    title, what_for, hint = (who.text(row.learner, row.unit, text) for text in (title, title.partition(": ")[2], hint))
    return Part(row, title or what_for, message, hint, excerpt(mark.work.get(row.question, ""), MOST_CODE))


def _questions(unit: str) -> dict[str, Question]:
    return units.load(unit).questions if unit in known_units() else {}


def _line(unit: str, page: str, found: list[Row]) -> Unit:
    outcomes = [row.outcome for row in found]
    judged = set(outcomes) <= {status.value for status in Status}
    right = f"{outcomes.count(Status.RIGHT.value)} of {len(outcomes)}"
    said = right if judged else WORDS.get(outcomes[0], f"Not judged: {outcomes[0]}. {clean(found[0].message)}")
    earned, points = sum(row.earned for row in found), sum(row.points for row in found)
    return Unit(_title(unit), page, earned, points, said)


def _index(name: str, lines: list[Unit]) -> str:
    earned, points = sum(line.earned for line in lines), sum(line.points for line in lines)
    template = _environment().get_template("index.html")
    return template.render(learner=clean(name), found=lines, earned=earned, points=points)


def _write(path: Path, page: str) -> None:
    whole.write(path, page.encode(errors="replace"))


def pages(marks: list[Mark], who: Who, template: str = "unit.html") -> Iterator[tuple[Mark, str]]:
    """Yield the page of each mark of a known unit, without a link to others."""
    by_unit = {(mark.learner, mark.unit): mark for mark in marks}
    for key, found in groupby(rows(marks), key=lambda row: (row.learner, row.unit)):
        if key in by_unit and key[1] in known_units():
            yield by_unit[key], unit_page(by_unit[key], found, who, template, index=False)


def slug(learner: str) -> str:
    """Return a name that is safe on every file system, and another one for every learner."""
    plain = unicodedata.normalize("NFKD", learner).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9_-]+", "-", plain).strip("-")[:60]
    if name != learner or not name:
        name += "-" + hashlib.sha256(learner.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return name.lstrip("-")


@cache
def _environment() -> Environment:
    made = environment("mldebt.grading", "pages")
    made.filters["number"] = lambda value: f"{value:g}"
    return made


def _title(unit: str) -> str:
    return f"{unit[:2]} · {units.load(unit).title}" if unit in known_units() else "A file of no unit"
