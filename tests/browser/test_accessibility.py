"""The test for accessibility can fail: what is planted in an output is found. Targets are large, focus is visible."""

import re

import pytest
from accessibility import look, violations
from playwright.sync_api import expect

from mldebt import units

pytestmark = pytest.mark.timeout(180)
LESSON = "notebooks/00-start-here.ipynb"
PLANTED = {
    "color-contrast": '<p style="color: #999; background: #fff">grey on white</p>',
    "image-alt": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "label": '<input type="text">',
    "button-name": "<button></button>",
    "target-size": '<p><button style="width: 12px; height: 12px; padding: 0" aria-label="one"></button>'
    '<button style="width: 12px; height: 12px; padding: 0" aria-label="two"></button></p>',
    "list": "<ul><div>no item</div></ul>",
    "aria-roles": '<div role="nonsense">x</div>',
    "link-name": '<a href="#x"></a>',
}


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_what_is_planted_is_found(lab, page, theme):
    notebook = lab(LESSON)
    notebook.theme(theme)
    notebook.run("course_map()")
    output = notebook.output("course_map()").locator(".jp-OutputArea-output").last
    expect(output).to_be_visible()
    output.evaluate("(at) => at.classList.add('planted-in')")
    assert violations(page, ".planted-in") == []
    for rule, html in PLANTED.items():
        output.evaluate(
            "(at, html) => { const box = document.createElement('div'); box.id = 'planted'; box.innerHTML = html; at.append(box); }",
            html,
        )
        found = {line.split(":")[0] for line in violations(page, ".planted-in")}
        assert rule in found, f"axe does not find {html}"
        page.evaluate("() => document.getElementById('planted').remove()")
    assert violations(page, ".planted-in") == []


def test_a_planted_fault_of_the_dark_theme_alone_is_found(lab, page):
    notebook = lab(LESSON)
    notebook.run("course_map()")
    output = notebook.output("course_map()").locator(".jp-OutputArea-output").last
    output.evaluate(
        "(at) => { at.classList.add('planted-in'); at.insertAdjacentHTML('afterbegin', '<p style=\"color: #444\">dark grey</p>'); }"
    )
    found = {}
    for theme in ("Light", "Dark"):
        notebook.theme(theme)
        page.wait_for_timeout(300)
        found[theme] = violations(page, ".planted-in")
    assert found["Light"] == []
    assert [line for line in found["Dark"] if line.startswith("color-contrast")]


FOCUS = """(control) => {
  const style = getComputedStyle(control);
  let behind = control.parentElement;
  while (behind && /rgba\\(0, 0, 0, 0\\)|transparent/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
  return { width: parseFloat(style.outlineWidth), style: style.outlineStyle, color: style.outlineColor,
           behind: getComputedStyle(behind).backgroundColor };
}"""


def luminance(color):
    channels = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def focus_is_seen(control):
    """A control with the focus has a line around it that stands out, and is large enough to be hit."""
    control.focus()
    seen = control.evaluate(FOCUS)
    assert seen["style"] == "solid", seen
    assert seen["width"] >= 2, seen
    assert contrast(seen["color"], seen["behind"]) >= 3, seen
    # A click on the label of an option counts as one on its control.
    label = control.locator("xpath=ancestor::label")
    box = (label.first if label.count() else control).bounding_box()
    assert min(box["width"], box["height"]) >= 24, box


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_focus_is_visible_and_targets_are_large(lab, page, theme):
    notebook = lab("notebooks/02-set-a-limit.ipynb")
    notebook.theme(theme)
    notebook.run_all()
    controls = notebook.panel.locator(".mldebt-quiz input, .mldebt-quiz button, .mldebt-slider input")
    expect(notebook.panel.locator(".mldebt-slider")).to_be_visible(timeout=30_000)
    expect(notebook.panel.locator(".mldebt-quiz").last).to_be_visible(timeout=30_000)
    page.wait_for_timeout(500)
    assert controls.count() > 8
    page.keyboard.press("Tab")  # from here on the browser shows the focus of whoever uses the keyboard
    for at in range(controls.count()):
        focus_is_seen(controls.nth(at))


NOTHING = {"Light": [], "Dark": []}


def test_all_that_a_check_may_say_is_accessible(lab, page):
    notebook = lab("exercises/03-keep-the-best.ipynb")
    mark, solution = "# q1: your answer", units.load("03-keep-the-best").solutions["q1"].rstrip()
    notebook.run("ex = exercise(")
    notebook.run("max_versions = 3")
    box = notebook.output("ex.q1.check()").locator(".mldebt-box")
    for code, said in (
        (["active_models = ..."], "Not answered yet."),
        (["active_models = 1 / 0"], "Your code stopped"),
        (["active_models = {name: 1 for name in model_versions}"], "Not yet."),
        (solution.splitlines(), "Right."),
    ):
        notebook.write(mark, [mark, *code])
        notebook.run(mark)
        notebook.run("ex.q1.check()")
        expect(box).to_contain_text(said)
        assert look(notebook, page) == NOTHING, said
    notebook.write("#ex.q1.hint()", ["# Stuck?", "ex.q1.hint()", "ex.q1.solution()", "ex"])
    notebook.run("# Stuck?")
    expect(notebook.output("ex.q1.solution()").locator(".mldebt-code")).to_be_visible()
    assert look(notebook, page) == NOTHING


def test_widgets_that_were_used_are_accessible(lab, page):
    notebook = lab("notebooks/05-practice.ipynb")
    notebook.run("from mldebt.lab import quiz")
    for call in ("cards()", "challenge(", 'quiz("05-practice")'):
        notebook.run(call)
    notebook.output("cards()").get_by_role("button", name="Show answer").click()
    expect(notebook.output("cards()").get_by_role("button", name="I knew it")).to_be_visible()
    notebook.output("challenge(").get_by_role("button").click()
    expect(notebook.output("challenge(").locator(".mldebt-quiz")).to_be_visible()
    page.keyboard.press("Tab")
    for call in ("cards()", "challenge("):
        controls = notebook.output(call).locator("button, input").filter(visible=True)
        assert controls.count() >= 2
        for at in range(controls.count()):
            focus_is_seen(controls.nth(at))
    forms = notebook.output('quiz("05-practice")').locator(".mldebt-quiz")
    items = units.load("05-practice").quizzes["lesson"]
    for right, said in ((False, "Not yet."), (True, "Right.")):
        for at, item in enumerate(items):
            form = forms.nth(at)
            if item.kind == "number":
                form.locator("input").fill(next(option.text for option in item.options if option.right is right))
            else:
                for place, option in enumerate(item.shuffled()):
                    if option.right is right or item.kind == "several":
                        form.locator("input").nth(place).set_checked(option.right is right)
                    if option.right is right and item.kind == "choice":
                        break
            form.get_by_role("button", name="Check").click()
            expect(form.get_by_role("status")).to_contain_text(said)
        assert look(notebook, page) == NOTHING, said
    expect(notebook.output('quiz("05-practice")')).to_contain_text("right at the first try: 0")
