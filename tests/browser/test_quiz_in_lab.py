"""Every kind of question, the slider, the flash cards and the challenge: by mouse and by keyboard alone."""

import pytest
from playwright.sync_api import expect

from mldebt import units

pytestmark = pytest.mark.timeout(240)
LESSONS = {"01-track-model-versions": "import pandas as pd", "03-keep-the-best": "from mldebt.lab import quiz"}
ITEMS = [(name, number) for name in LESSONS for number in range(len(units.load(name).quizzes["lesson"]))]
KINDS = [units.load(name).quizzes["lesson"][number].kind for name, number in ITEMS]
# What JupyterLab would do with these keys: turn the cell into Markdown, insert cells, delete, cut, select others.
COMMANDS = ("m", "b", "a", "d", "d", "x", "ArrowDown", "ArrowUp", "j", "k")


def cells(notebook):
    """Return for each cell whether it is code, and its text."""
    found = notebook.panel.locator(".jp-Cell")
    return [
        ("jp-CodeCell" in found.nth(at).get_attribute("class"), found.nth(at).locator(".jp-InputArea").inner_text())
        for at in range(found.count())
    ]


def open_quiz(lab, name, number):
    notebook = lab(f"notebooks/{name}.ipynb")
    notebook.run(LESSONS[name])
    call = f'quiz("{name}")'
    notebook.run(call)
    form = notebook.output(call).locator(".mldebt-quiz").nth(number)
    form.wait_for()
    return notebook, form


def answers(item):
    """Return a wrong and a right response to a question: places of options, or texts to type."""
    if item.kind == "blank":
        pairs = [(next(o.text for o in gap if not o.right), next(o.text for o in gap if o.right)) for gap in item.gaps]
        return [wrong for wrong, _ in pairs], [right for _, right in pairs]
    if item.kind == "number":
        return [next(o.text for o in item.options if not o.right)], [next(o.text for o in item.options if o.right)]
    shuffled = item.shuffled()
    right = [at for at, option in enumerate(shuffled) if option.right]
    wrong = [at for at, option in enumerate(shuffled) if not option.right]
    return wrong[: 1 if item.kind == "choice" else 2], right


def respond(form, item, response):
    """Give a response by mouse, whatever was chosen or typed before, and leave it unchecked."""
    inputs = form.locator("input")
    if item.kind in ("blank", "number"):
        for at, text in enumerate(response):
            inputs.nth(at).fill(text)
        return
    for at in range(inputs.count()):
        if inputs.nth(at).is_checked() != (at in response) and (item.kind == "several" or at in response):
            form.locator("label").nth(at).click()


def said_of(item, status):
    """Expect the end of a right answer: the steps and what to remember."""
    expect(status).to_contain_text("Right.")
    expect(status).to_contain_text("Remember:")
    expect(status.locator("li")).to_have_count(len(item.steps))


def test_every_kind_is_among_the_questions():
    assert set(KINDS) == {"choice", "several", "number", "blank"}


@pytest.mark.parametrize(("name", "number"), ITEMS, ids=[f"{n}-{k}" for (n, _), k in zip(ITEMS, KINDS, strict=True)])
def test_a_question_by_mouse(lab, name, number):
    item = units.load(name).quizzes["lesson"][number]
    _, form = open_quiz(lab, name, number)
    status, check = form.get_by_role("status"), form.get_by_role("button", name="Check")
    check.click()
    expect(status).to_contain_text("Choose or write an answer first.")
    wrong, right = answers(item)
    for response, last in ((wrong, False), (right, True)):
        respond(form, item, response)
        check.click()
        if not last:
            expect(status).to_contain_text("Not yet.")
    said_of(item, status)


@pytest.mark.parametrize(("name", "number"), ITEMS, ids=[f"{n}-{k}" for (n, _), k in zip(ITEMS, KINDS, strict=True)])
def test_a_question_by_keyboard_alone(lab, page, name, number):
    item = units.load(name).quizzes["lesson"][number]
    notebook, form = open_quiz(lab, name, number)
    before = cells(notebook)
    status, inputs = form.get_by_role("status"), form.locator("input")
    for response, last in zip(answers(item), (False, True), strict=True):
        if item.kind in ("blank", "number"):
            inputs.first.focus()
            for at, text in enumerate(response):
                expect(inputs.nth(at)).to_be_focused()
                page.keyboard.press("Control+a")
                page.keyboard.type(text)
                page.keyboard.press("Tab")
            expect(form.get_by_role("button", name="Check")).to_be_focused()
            page.keyboard.press("Enter")
        elif item.kind == "choice":  # one group: the arrows move in it, and Tab leaves it
            (inputs.first if not last else form.locator("input:checked")).focus()
            page.keyboard.press("Space")
            while not inputs.nth(response[0]).is_checked():
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
            expect(form.get_by_role("button", name="Check")).to_be_focused()
            page.keyboard.press("Space")
        else:  # each option of its own
            inputs.first.focus()
            for at in range(inputs.count()):
                expect(inputs.nth(at)).to_be_focused()
                if inputs.nth(at).is_checked() != (at in response):
                    page.keyboard.press("Space")
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        if not last:
            expect(status).to_contain_text("Not yet.")
    said_of(item, status)
    assert cells(notebook) == before


def test_command_keys_on_a_control_leave_the_notebook_alone(lab, page):
    notebook = lab("notebooks/05-practice.ipynb")
    notebook.run("from mldebt.lab import quiz")
    for call in ("cards()", "challenge(", 'quiz("05-practice")', "slider("):
        notebook.run(call)
    controls = notebook.panel.locator(".jp-OutputArea-output").locator("input:not([type=text]), button")
    before = cells(notebook)
    tried = 0
    for at in range(controls.count()):
        if not controls.nth(at).is_visible():
            continue
        controls.nth(at).focus()
        for key in COMMANDS:
            page.keyboard.press(key)
        tried += 1
        assert cells(notebook) == before, controls.nth(at).evaluate("(at) => at.outerHTML")
    assert tried >= 8


def test_a_slider_by_keyboard_changes_what_is_shown(lab, page):
    notebook = lab("notebooks/03-keep-the-best.ipynb")
    notebook.run("import pandas as pd")
    notebook.run("slider(")
    output = notebook.output("slider(")
    expect(output.get_by_role("status")).to_contain_text("v3.0")
    handle = output.get_by_role("slider", name="max_versions")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    expect(handle).to_have_value("2")
    expect(output.get_by_role("status")).not_to_contain_text("v3.0")
    expect(output.get_by_role("status")).to_contain_text("v2.0")
    page.keyboard.press("Home")
    expect(output.get_by_role("status")).to_contain_text("nobody stays")


def test_flash_cards_by_keyboard_alone(lab, page):
    notebook = lab("notebooks/05-practice.ipynb")
    notebook.run("cards()")
    card = notebook.output("cards()").locator(".mldebt-card")
    front = card.locator(".mldebt-card-front")
    first = front.inner_text()
    card.get_by_role("button", name="Show answer").focus()
    page.keyboard.press("Enter")
    expect(card.get_by_role("button", name="I knew it")).to_be_focused()
    page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="Not yet")).to_be_focused()
    page.keyboard.press("Space")
    expect(front).not_to_have_text(first)
    expect(card.get_by_role("button", name="Show answer")).to_be_focused()


def test_a_challenge_by_keyboard_alone(lab, page):
    notebook = lab("notebooks/05-practice.ipynb")
    notebook.run("challenge(")
    output = notebook.output("challenge(")
    clock = output.locator(".mldebt-card")
    clock.get_by_role("button").focus()
    page.keyboard.press("Enter")
    items = units.load("05-practice").quizzes["challenge"]
    for item in items:
        form = output.locator(".mldebt-quiz")
        expect(form.locator("legend")).to_contain_text(item.ask.split("`")[0].strip()[:20])
        expect(form.locator("input").first).to_be_focused()
        _, right = answers(item)
        if item.kind in ("blank", "number"):
            page.keyboard.type(right[0])
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Space")
            while not form.locator("input").nth(right[0]).is_checked():
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
    expect(clock.get_by_role("status")).to_contain_text("Gold badge", timeout=10_000)
    expect(clock.get_by_role("button", name="Again")).to_be_focused()


def test_a_link_of_the_start_page_opens_the_notebook_in_jupyterlab(lab, page):
    notebook = lab("notebooks/00-start-here.ipynb")
    notebook.run("course_map()")
    notebook.output("course_map()").get_by_role("link", name="exercise 02 Set a limit").click()
    expect(page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")).to_contain_text("Exercise 02", timeout=20_000)
    assert len(page.context.pages) == 1
