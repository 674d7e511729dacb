"""A learner in JupyterLab: a wrong answer, its misconception, a right one, and the progress that moves."""

import pytest
from playwright.sync_api import expect

from mldebt import units

pytestmark = pytest.mark.timeout(180)
LOWEST_FIRST = [
    "# q1: your answer",
    "ranked = sorted(model_versions.items(), key=lambda item: item[1])",
    "active_models = {name: accuracy for name, accuracy in ranked[:max_versions]}",
]
HIGHEST_FIRST = [line.replace("item[1])", "item[1], reverse=True)") for line in LOWEST_FIRST]
ERRORS = '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]'


def answer(notebook, lines):
    notebook.write("# q1: your answer", lines)
    notebook.run("# q1: your answer")
    notebook.run("ex.q1.check()")
    return notebook.output("ex.q1.check()")


def prepare(notebook):
    notebook.run("ex = exercise(")
    notebook.run("max_versions = 3")


def test_wrong_answer_is_told_and_right_one_moves_the_progress(lab):
    notebook = lab("exercises/03-keep-the-best.ipynb")
    prepare(notebook)

    output = answer(notebook, LOWEST_FIRST)
    expect(output.locator(".mldebt-box")).to_contain_text("Not yet. Your versions come lowest first")
    expect(output.locator(".mldebt-box")).to_contain_text("0 / 4 steps")
    expect(output).not_to_contain_text("Traceback")
    expect(output.locator(ERRORS)).to_be_hidden()  # the box has said it; the same again would be noise
    wrong_height = output.locator(".mldebt-box").bounding_box()["height"]

    output = answer(notebook, HIGHEST_FIRST)
    expect(output.locator(".mldebt-box")).to_contain_text("Right.")
    expect(output.locator(".mldebt-box")).to_contain_text("1 / 4 steps")
    assert wrong_height <= output.locator(".mldebt-box").bounding_box()["height"] + 30

    notebook.restart()
    prepare(notebook)
    output = answer(notebook, LOWEST_FIRST)
    expect(output.locator(".mldebt-box")).to_contain_text("1 / 4 steps")


def test_hint_and_solution_are_shown_on_demand(lab):
    notebook = lab("exercises/03-keep-the-best.ipynb")
    prepare(notebook)
    notebook.cell("#ex.q1.hint()").locator(".cm-content").click()
    for key in ("Control+Home", "ArrowDown", "Home", "Delete"):  # the # in front of the second line
        notebook.page.keyboard.press(key)
    notebook.run("ex.q1.hint()")
    expect(notebook.output("ex.q1.hint()")).to_contain_text("Hint 1 of 3")
    notebook.run("ex.q1.hint()")
    expect(notebook.output("ex.q1.hint()")).to_contain_text("Hint 2 of 3")


def test_the_start_page_shows_what_was_done_and_begins_a_unit_again(lab):
    for name, id, code in (
        ("01-track-model-versions", "q1", units.load("01-track-model-versions").solutions["q1"]),
        ("02-set-a-limit", "q1", "max_versions = 3"),
    ):
        notebook = lab(f"exercises/{name}.ipynb")
        notebook.run("ex = exercise(")
        if name == "02-set-a-limit":
            notebook.run("model_versions = {")
        notebook.write(f"# {id}: your answer", [f"# {id}: your answer", *code.rstrip().splitlines()])
        notebook.run(f"# {id}: your answer")
        notebook.run(f"ex.{id}.check()")
        expect(notebook.output(f"ex.{id}.check()")).to_contain_text("Right.")

    notebook = lab("notebooks/00-start-here.ipynb")
    notebook.run("course_map()")
    rows = notebook.output("course_map()").locator("tbody tr")
    expect(rows.nth(1)).to_contain_text("1 of ")
    expect(rows.nth(2)).to_contain_text("1 of ")
    expect(rows.nth(3)).to_contain_text("0 of ")
    expect(notebook.output("course_map()")).to_contain_text("2 / 4 steps")

    notebook.restart()
    notebook.run("course_map()")
    expect(rows.nth(1)).to_contain_text("1 of ")
    notebook.write("#reset(", ['reset("01-track-model-versions")'])
    notebook.run("reset(")
    notebook.run("course_map()")
    expect(rows.nth(1)).to_contain_text("0 of ")
    expect(rows.nth(2)).to_contain_text("1 of ")
    expect(notebook.output("course_map()")).to_contain_text("1 / 4 steps")
