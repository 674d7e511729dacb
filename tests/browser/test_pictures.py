"""Pictures of the real screens for the README, in both themes: MLDEBT_PICTURES=docs."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.skipif("MLDEBT_PICTURES" not in os.environ, reason="pictures are made on demand: MLDEBT_PICTURES=docs"),
]
LOWEST_FIRST = [
    "# q1: your answer",
    "ranked = sorted(model_versions.items(), key=lambda item: item[1])",
    "active_models = {name: accuracy for name, accuracy in ranked[:max_versions]}",
]


def take(page, first, last, name):
    """Save what is on the screen from one element to another."""
    page.wait_for_timeout(500)
    top, bottom = first.bounding_box(), last.bounding_box()
    area = {"x": top["x"], "y": top["y"], "width": top["width"], "height": bottom["y"] + bottom["height"] - top["y"]}
    page.screenshot(path=Path(os.environ["MLDEBT_PICTURES"]) / name, clip=area)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_an_exercise_with_feedback(lab, page, theme):
    notebook = lab("exercises/03-keep-the-best.ipynb")
    notebook.theme(theme)
    notebook.run("ex = exercise(")
    notebook.run("max_versions = 3")
    notebook.write(LOWEST_FIRST[0], LOWEST_FIRST)
    notebook.run(LOWEST_FIRST[0])
    notebook.run("ex.q1.check()")
    expect(notebook.output("ex.q1.check()").locator(".mldebt-box")).to_contain_text("Not yet.")
    first = notebook.panel.locator(".jp-MarkdownCell", has_text="The active models")
    take(page, first, notebook.cell("ex.q1.check()"), f"exercise-feedback-{theme.lower()}.png")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_lesson_with_a_question(lab, page, theme):
    notebook = lab("notebooks/03-keep-the-best.ipynb")
    notebook.theme(theme)
    notebook.run("import pandas as pd")
    notebook.run("slider(")
    notebook.run("from mldebt.lab import quiz")
    form = notebook.output('quiz("03-keep-the-best")').locator(".mldebt-quiz").first
    form.get_by_label("Python adds the new version to it.").check()
    form.get_by_role("button", name="Check").click()
    expect(form.get_by_role("status")).to_contain_text("Not yet.")
    page.set_viewport_size({"width": 1100, "height": 6000})
    notebook.panel.locator(".jp-WindowedPanel-outer").evaluate("(at) => { at.scrollTop = 0; }")
    take(page, notebook.cell("import pandas as pd"), notebook.cell("slider("), f"lesson-{theme.lower()}.png")
    take(page, form, form, f"quiz-{theme.lower()}.png")
