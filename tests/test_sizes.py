"""Every unit is of a size that a learner can work through: counted in the built notebooks, told with the unit's name."""

import re
from pathlib import Path

import nbformat
import pytest

from mldebt import units

ROOT = Path(__file__).parent.parent
SHORT = ("00", "01", "02", "03", "04", "15")
"""Shorter on purpose, so only the upper limits hold: the start, the steps of the project, the look back."""

LESSON = {"cells": (25, 40), "words": (900, 1400), "lines of code": (60, 110)}
EXERCISE = {"cells": (15, 25), "words": (0, 350)}
MORE_CELLS = {
    "05-practice": 34,  # seven questions, of four cells each
    "08-test-the-data": 26,  # a cell in which the learner breaks a month, and one that shows a report
    "12-undeclared-consumers": 28,  # a registry, and after two questions a cell that tries the answer on it
}
"""Exercises with more cells than EXERCISE allows, and why."""

WIDTH = 120  # characters: a cell of a window of 1,400 pixels, beside the list of files

FENCED = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"^- \*\*[A-Z]\.\*\* .*(\n(?!- |\n).*)*", re.MULTILINE)


def sizes(notebook):
    """Count the cells, the words that are neither code nor an option of a quiz, and the lines of code."""
    text = [FENCED.sub("", cell.source) for cell in notebook.cells if cell.cell_type == "markdown"]
    code = [line.strip() for cell in notebook.cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    return {
        "cells": len(notebook.cells),
        "words": sum(bool(re.search(r"\w", word)) for part in text for word in OPTION.sub("", part).split()),
        "lines of code": sum(bool(line) and not line.startswith("#") for line in code),
    }


def outside(name, kind, limits):
    """Return a sentence for each size of a unit's notebook that is outside its limits."""
    found = sizes(nbformat.read(ROOT / kind / f"{name}.ipynb", as_version=4))
    for what, (least, usual) in limits.items():
        most = MORE_CELLS.get(name, usual) if limits is EXERCISE and what == "cells" else usual
        if found[what] > most or (found[what] < least and not name.startswith(SHORT)):
            yield f"{kind}/{name}.ipynb has {found[what]} {what}; between {least} and {most} are allowed"


@pytest.mark.parametrize("name", units.names())
@pytest.mark.parametrize("kind", ["notebooks", "exercises"])
def test_no_line_of_code_leaves_its_cell(kind, name):
    notebook = nbformat.read(ROOT / kind / f"{name}.ipynb", as_version=4)
    lines = [line for cell in notebook.cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    assert [line for line in lines if len(line) > WIDTH] == []


@pytest.mark.parametrize("name", units.names())
def test_a_unit_is_within_the_limits(name):
    assert [*outside(name, "notebooks", LESSON), *outside(name, "exercises", EXERCISE)] == []


def test_what_counts():
    made = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(
                "## q1 · Two words\n\n```\nnot counted\n```\n\nAsk:\n\n- **A.** one\n  or more\n- **B.** two\n\n- a point"
            ),
            nbformat.v4.new_code_cell("# a comment\n\nx = 1\n  # another\nprint(x)  # and a third"),
        ]
    )
    assert sizes(made) == {"cells": 2, "words": 6, "lines of code": 2}


@pytest.mark.parametrize("name", MORE_CELLS)
def test_an_exception_is_needed(name):
    notebook = nbformat.read(ROOT / "exercises" / f"{name}.ipynb", as_version=4)
    assert len(notebook.cells) == MORE_CELLS[name] > EXERCISE["cells"][1]
