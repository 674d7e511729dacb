"""The ten ways in: each link of the start page is clicked, and what it leads to is used."""

import re

import pytest
from playwright.sync_api import expect
from test_quiz_in_lab import answers, respond

from mldebt import units

pytestmark = pytest.mark.timeout(240)
LESSON = (units.load("00-start-here").folder / "lesson.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \|[^|]+\| \[([^]]+)\]\(([^)]+)\) \|$", LESSON.partition("## Ten ways in")[2], re.M)
SLOW = 60_000  # milliseconds for a notebook that runs from its start


def answer(form, item, response):
    """Answer a question by mouse."""
    respond(form, item, response)
    form.get_by_role("button", name="Check").click()


def reads(notebook):
    """Nothing but text: the section is there to be read."""


def deep_dive(notebook):
    expect(notebook.output("tied = {")).to_contain_text("same scores, added in reverse", timeout=SLOW)


def line_by_line(notebook):
    table = notebook.output("trace(").locator("table")
    expect(table).to_contain_text("by_time", timeout=SLOW)
    assert table.locator("tr").count() >= 4


def fill_in_the_blanks(notebook):
    forms = notebook.output('quiz("02-set-a-limit", "try")').locator(".mldebt-quiz")
    for at, item in enumerate(units.load("02-set-a-limit").quizzes["try"]):
        wrong, right = answers(item)
        forms.nth(at).wait_for(timeout=SLOW)
        answer(forms.nth(at), item, wrong)
        expect(forms.nth(at).get_by_role("status")).to_contain_text("Not yet.")
        answer(forms.nth(at), item, right)
        expect(forms.nth(at).get_by_role("status")).to_contain_text("Right.")


def challenge(notebook):
    output = notebook.output('challenge("05-practice")')
    output.locator(".mldebt-card").get_by_role("button").click(timeout=SLOW)
    for item in units.load("05-practice").quizzes["challenge"]:
        form = output.locator(".mldebt-quiz")
        expect(form.locator("legend")).to_contain_text(item.ask.split("`")[0].strip()[:20])
        answer(form, item, answers(item)[1])
    expect(output.locator(".mldebt-card").get_by_role("status")).to_contain_text("badge", timeout=10_000)


def project(notebook):
    output = notebook.output("ex.q1.check()")
    expect(output.locator(".mldebt-box")).to_contain_text("Not answered yet.", timeout=SLOW)
    expect(output.locator(".mldebt-box")).to_contain_text("0 / 4 steps")


def flash_cards(notebook):
    card = notebook.output("cards()").locator(".mldebt-card")
    front = card.locator(".mldebt-card-front")
    first = front.inner_text(timeout=SLOW)
    card.get_by_role("button", name="Show answer").click()
    card.get_by_role("button", name="I knew it").click()
    expect(front).not_to_have_text(first)


def cost(notebook):
    expect(notebook.output('print(f"8 models, 8 batches')).to_contain_text("64 times as many", timeout=SLOW)
    expect(notebook.output('print(f"8 models, 8 batches').locator("img")).to_have_count(1)
    status = notebook.output('slider("models"').get_by_role("status")
    before = status.inner_text(timeout=SLOW)
    notebook.output('slider("models"').locator("input[type=range]").press("End")
    expect(status).not_to_have_text(before)


def ten_questions(notebook):
    output = notebook.output('quiz("00-start-here", "test")')
    items = units.load("00-start-here").quizzes["test"]
    output.locator(".mldebt-quiz").nth(len(items) - 1).wait_for(timeout=SLOW)
    for at, item in enumerate(items):
        wrong, right = answers(item)
        answer(output.locator(".mldebt-quiz").nth(at), item, wrong if item.lesson[:2] == "03" else right)
    expect(output).to_contain_text("right at the first try: 8")
    expect(output).to_contain_text("Take: 03-keep-the-best.")


USE = {
    "introduction": reads,
    "why": reads,
    "deep dive": deep_dive,
    "step-by-step picture": line_by_line,
    "try": fill_in_the_blanks,
    "challenge": challenge,
    "project": project,
    "recall": flash_cards,
    "cost": cost,
    "test": ten_questions,
}


@pytest.mark.parametrize(("way", "label", "link"), ROWS, ids=[way.replace(" ", "-") for way, _, _ in ROWS])
def test_a_way_in_is_clicked_and_used(lab, page, way, label, link):
    start = lab("notebooks/00-start-here.ipynb")
    path, _, section = link.partition("#")
    start.panel.get_by_role("link", name=label, exact=True).click()
    if path:
        tab = page.get_by_role("tab", name=path.rpartition("/")[2])
        expect(tab).to_be_visible(timeout=20_000)
        expect(tab).to_have_attribute("aria-selected", "true")
    if path and section:
        page.get_by_role("tab", name="00-start-here.ipynb").click()
        start.panel.get_by_role("link", name=label, exact=True).click()
        expect(page.get_by_role("tab", name=path.rpartition("/")[2])).to_have_attribute("aria-selected", "true")
    if section:
        expect(start.panel.get_by_role("heading", name=section.replace("-", " "), exact=True)).to_be_in_viewport()
    lab.ready()
    start.run_all()
    USE[way](start)


def test_ten_ways_are_tried():
    assert [way for way, _, _ in ROWS] == list(USE)
