"""The report as a notebook, for those who want to dig: the same figures and tables, each a line of code away."""

from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mldebt.notebook import KERNEL, as_text

CELLS = (
    """# Report on {title}

Each cell calls one function of `mldebt.report` on the gradebook. The tables are pandas frames: sort, filter and join
them as you like. They name learners; the figures do not.""",
    """>from mldebt.report import alike, figures, measures, read

book = read({gradebook!r}, {roster!r})
rows = book.rows  # one row for each question of each learner
rows.shape""",
    """## Marks

The share of all points, where what was not handed in counts as nothing; then unit by unit, of those who handed in.""",
    ">figures.marks(rows)",
    ">figures.unit_marks(rows)",
    ">measures.by_unit(rows)",
    """## Questions

`difficulty` is the mean share of the points, so high is easy. `discrimination` is the correlation with the points in
all other questions; `low` and `high` bound its 95 % interval, and `why` says why there is none.""",
    ">questions = measures.by_question(rows)\nquestions",
    ">figures.outcomes(questions)",
    ">figures.discrimination(questions)",
    "Questions that look broken or tell nothing, the surest signs first:",
    ">measures.suspects(questions)",
    "## Misconceptions\n\nHow many had each, what most of them were told, and who they are.",
    ">found = measures.misconceptions(rows)\nfound",
    ">figures.misconceptions(found)",
    """## Where learners stop

How many handed in each unit, and for how many it was the last; then the first question left unanswered.""",
    ">figures.stops(measures.last_units(rows))",
    ">measures.stops(rows)",
    "## What the last run changed",
    ">print(book.last)\nbook.last.changed",
    """## Answers that are alike

None of this is a proof: read both answers, then ask. First the answers that belong to another variant; then pairs of
submissions that are alike once names, values and layout do not count; then answers like the public solution.""",
    ">measures.of_others(rows)",
    ">alike.pairs(book.marks)",
    ">alike.like_public(book.marks)",
    "## Files that could not be judged",
    ">measures.problems(rows)",
)
"""Texts and, after a `>`, code."""


def notebook(title: str, gradebook: Path, roster: Path | None) -> str:
    """Return the text of the notebook, not yet run. It finds the gradebook where it lies now."""
    paths = {"gradebook": str(gradebook.resolve()), "roster": str(roster.resolve()) if roster else None}
    made = new_notebook(metadata={"kernelspec": KERNEL})
    for place, text in enumerate(CELLS):
        filled = text.lstrip(">").format(title=title, **paths)
        made.cells.append(new_code_cell(filled) if text.startswith(">") else new_markdown_cell(filled))
        made.cells[-1]["id"] = f"report-{place:02d}"
    return as_text(made)
