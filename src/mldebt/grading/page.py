"""Feedback: one self-contained HTML page per learner, with nothing on it but their own outcomes."""

import hashlib
import os
import re
import unicodedata
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from mldebt import units
from mldebt.clean import clean
from mldebt.grading.gradebook import Mark
from mldebt.grading.submission import known_units
from mldebt.grading.tables import ABSENT, Row, rows

# `code` is the only Markdown in a message that means anything: a learner's text may stand in it, and a picture
# would be fetched from wherever that text says.
_CODE = MarkdownIt("zero").enable("backticks")

WORDS = {
    "right": "Right",
    "wrong": "Not yet",
    "broke": "Your code stopped",
    "timed out": "Your code was stopped",
    "not attempted": "Not answered",
    ABSENT: "Not handed in",
}


def write_pages(marks: list[Mark], folder: Path) -> list[Path]:
    """Write the page of each learner into `folder` and return their paths, sorted by learner."""
    template = _environment().get_template("page.html")
    notes = {(mark.learner, mark.unit): mark.notes for mark in marks}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for learner, own in groupby(rows(marks), key=lambda row: row.learner):
        path = folder / file_name(learner)
        by_unit = [(unit, list(found)) for unit, found in groupby(own, key=lambda row: row.unit)]
        sections = [(_title(unit), found, notes.get((learner, unit), ())) for unit, found in by_unit]
        page = template.render(learner=clean(learner), sections=sections, words=WORDS)
        unfinished = path.with_suffix(".part")
        unfinished.write_text(page, encoding="utf-8")
        os.replace(unfinished, path)  # noqa: PTH105 - a page is whole or not there
        written.append(path)
    return written


def file_name(learner: str) -> str:
    """Return a name that is safe on every file system, and another one for every learner."""
    plain = unicodedata.normalize("NFKD", learner).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9_-]+", "-", plain).strip("-")[:60]
    if slug != learner:
        slug += "-" + hashlib.sha256(learner.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug.lstrip('-')}.html"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("mldebt.grading", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "code": lambda text: Markup(_CODE.renderInline(text)),
        "earned": lambda found: f"{sum(row.earned for row in found):g}",
        "points": lambda found: f"{sum(row.points for row in found):g}",
        "number": lambda value: f"{value:g}",
        "asked": _asked,
    }
    return environment


def _title(unit: str) -> str:
    return f"{unit[:2]} · {units.load(unit).title}" if unit in known_units() else "A file of no unit"


def _asked(row: Row) -> str:
    known = units.load(row.unit).questions if row.unit in known_units() else {}
    return known[row.question].title if row.question in known else ""
