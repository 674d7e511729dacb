"""Quizzes and controls of a lesson, by mouse and by keyboard alone."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def lesson(lab):
    notebook = lab("notebooks/03-keep-the-best.ipynb")
    notebook.run("from mldebt.lab import quiz")
    notebook.panel.locator(".mldebt-quiz").first.wait_for()
    return notebook


def test_choice_by_mouse(lesson):
    form = lesson.panel.locator(".mldebt-quiz").nth(0)
    status = form.get_by_role("status")
    form.get_by_role("button", name="Check").click()
    expect(status).to_contain_text("Choose or write an answer first.")
    form.get_by_label("Python adds the new version to it.").check()
    form.get_by_role("button", name="Check").click()
    expect(status).to_contain_text("Not yet.")
    expect(status).to_contain_text("does not remember what it was made from")
    form.get_by_label("Nothing. It stays as it was").check()
    form.get_by_role("button", name="Check").click()
    expect(status).to_contain_text("Right.")
    expect(status).to_contain_text("Remember:")
    expect(status.locator("li")).to_have_count(3)


def test_gaps_by_keyboard_alone(lesson, page):
    form = lesson.panel.locator(".mldebt-quiz").nth(1)
    form.get_by_label("Gap 1 of 2").focus()
    page.keyboard.type("reverse")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_contain_text("A slice has a colon")
    page.keyboard.press("Control+a")
    page.keyboard.type(":2")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_contain_text("Right.")


def test_choice_by_keyboard_alone_and_command_keys_stay_out(lesson, page):
    form = lesson.panel.locator(".mldebt-quiz").nth(0)
    options = form.get_by_role("radio")
    cells = lesson.panel.locator(".jp-Cell")
    kinds = [cells.nth(at).get_attribute("class").split("jp-mod")[0] for at in range(cells.count())]
    options.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_be_checked()  # one group: the arrows stay inside
    for key in ("m", "b", "d", "d", "a", "x"):
        page.keyboard.press(key)
    assert [cells.nth(at).get_attribute("class").split("jp-mod")[0] for at in range(cells.count())] == kinds
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(form.get_by_role("button", name="Check")).to_be_focused()
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_contain_text("Right.")


def test_slider_changes_what_is_shown(lab, page):
    notebook = lab("notebooks/03-keep-the-best.ipynb")
    notebook.run("import pandas as pd")
    notebook.run("slider(")
    output = notebook.output("slider(")
    expect(output).to_contain_text("v3.0")
    output.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(output).not_to_contain_text("v3.0")
    expect(output).to_contain_text("v2.0")


def test_a_link_of_the_start_page_opens_the_notebook_in_jupyterlab(lab, page):
    notebook = lab("notebooks/00-start-here.ipynb")
    notebook.run("course_map()")
    notebook.output("course_map()").get_by_role("link", name="exercise 02 Set a limit").click()
    expect(page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")).to_contain_text("Exercise 02", timeout=20_000)
    assert len(page.context.pages) == 1
