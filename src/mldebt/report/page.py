"""The report as one HTML page: nothing from elsewhere, no script, and whatever a learner wrote escaped."""

import math
from typing import Any

import pandas as pd
from jinja2 import Environment

from mldebt import units
from mldebt.clean import clean
from mldebt.grading.submission import known_units
from mldebt.grading.template import code, environment, excerpt
from mldebt.report import alike, figures, measures
from mldebt.report.read import Book

MOST_PAIRS = 40
"""Pairs that the page shows; the notebook has all."""
MOST_CODE = 3000
"""Characters of a learner's cell that the page shows."""


def page(book: Book, title: str) -> str:
    """Return the page as HTML; equal gradebooks give equal bytes."""
    rows = book.rows
    questions = measures.by_question(rows)
    found = measures.misconceptions(rows)
    ends = measures.last_units(rows)
    pairs = alike.pairs(book.marks)
    public = alike.like_public(book.marks)
    return _environment(book).get_template("page.html").render(
        title=clean(title),
        book=book,
        learners=rows["learner"].nunique(),
        handed_in=ends["handed in"].sum(),
        by_unit=_records(measures.by_unit(rows)),
        questions=_records(questions),
        suspects=_records(measures.suspects(questions)),
        misconceptions=_records(found),
        another=_records(measures.of_others(rows)),
        stops=_records(measures.stops(rows)),
        ends=_records(ends),
        problems=_records(measures.problems(rows)),
        pairs=[_with_code(book, pair) for pair in _records(pairs.head(MOST_PAIRS))],
        pairs_in_all=len(pairs),
        public=_records(public.groupby(measures.KEY, as_index=False).agg(learners=("learner", list))),
        walls=bool(rows["walls"].all()),
        outcomes=[*measures.OUTCOMES, measures.NOT_JUDGED],
        plots={
            "marks": figures.marks(rows),
            "unit_marks": figures.unit_marks(rows),
            "outcomes": figures.outcomes(questions),
            "discrimination": figures.discrimination(questions),
            "misconceptions": figures.misconceptions(found),
            "stops": figures.stops(ends),
        },
        few=measures.FEW,
        alike=alike,
    )  # fmt: skip


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the lines of a frame, with what its index names."""
    named = table.reset_index() if any(table.index.names) else table
    return [{str(key): value for key, value in line.items()} for line in named.to_dict("records")]


def _with_code(book: Book, pair: dict[str, Any]) -> dict[str, Any]:
    """Add the answers that are alike, for the instructor to compare."""
    work = {mark.learner: mark.work for mark in book.marks if mark.unit == pair["unit"]}
    both = (pair["first"], pair["second"])
    shown = [
        (question, [(learner, excerpt(work[learner].get(question, ""), MOST_CODE)) for learner in both])
        for question in pair["questions"]
    ]
    return {**pair, "shown": shown}


def _environment(book: Book) -> Environment:
    made = environment("mldebt.report", ".")
    made.filters |= {
        "code": lambda text: code(clean(text)),
        "name": book.name,
        "names": lambda learners: ", ".join(book.name(learner) for learner in learners),
        "clean": clean,
        "percent": lambda share: "-" if math.isnan(share) else f"{share:.0%}".replace("%", "\u202f%"),
        "number": lambda value: f"{value:.2f}".replace("-", "\u2212"),
        "there": lambda value: not math.isnan(value),
        "points": lambda value: "no mark" if value is None else f"{value:g}",
        "unit": lambda unit: f"{unit[:2]} {units.load(unit).title}" if unit in known_units() else clean(unit or "-"),
        "time": lambda text: text.replace("T", " ").replace("+00:00", " UTC"),
    }
    return made
