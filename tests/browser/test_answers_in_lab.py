"""In every exercise: a wrong and a right answer to each question are typed, and the feedback is read."""

import re

import pytest
from conftest import ROOT
from playwright.sync_api import expect

from mldebt import units
from mldebt.build.attempts import read_attempts, try_code
from mldebt.build.source import answer_cell, code_cells
from mldebt.check import Status
from mldebt.check.source import marker

pytestmark = pytest.mark.timeout(300)
EXERCISES = sorted(path.stem for path in (ROOT / "exercises").glob("*.ipynb"))


def attempt(name: str, question: str):
    """Return the first wrong attempt at a question that is told something before any value, and what that is."""
    unit = units.load(name)
    for each in read_attempts(unit):
        if (each.question, each.status) == (question, Status.WRONG):
            said = unit.questions[question].misconceptions[each.misconception]
            if said == "{why}":  # of an option of the quiz
                said = try_code(unit, question, each.code).message
            said = (
                re.split(r"\{\w", said.replace("{{", "\0"))[0]
                .replace("\0", "{")
                .replace("`", "")
                .replace("*", "")
                .strip()
            )
            if len(said) > 15:
                return each.code, said
    raise AssertionError(f"{name}: no wrong attempt at {question} is told anything but values")


@pytest.mark.parametrize("name", EXERCISES)
def test_wrong_answers_are_told_why_and_right_ones_count(lab, name):
    unit = units.load(name)
    notebook = lab(f"exercises/{name}.ipynb")
    notebook.run("ex = exercise(")
    for cell in code_cells(unit):
        if not cell.question:
            notebook.run(cell.source.strip().splitlines()[-1])
            continue
        id, mark = cell.question, marker(cell.question)
        code, said = attempt(name, id)
        box = notebook.output(f"ex.{id}.check()").locator(".mldebt-box")

        notebook.write(mark, [mark, *code.rstrip().splitlines()])
        notebook.run(mark)
        notebook.run(f"ex.{id}.check()")
        expect(box).to_contain_text("Not yet.")
        expect(box).to_contain_text(said)
        expect(notebook.output(f"ex.{id}.check()")).not_to_contain_text("Traceback")

        notebook.write(mark, answer_cell(unit, id, solved=True).rstrip().splitlines())
        notebook.run(mark)
        notebook.run(f"ex.{id}.check()")
        expect(box).to_contain_text("Right.")
