"""A page of feedback can be read by everybody, in light and in dark, and fetches nothing."""

import pytest
from accessibility import violations

from mldebt import units
from mldebt.check import Outcome, Status
from mldebt.grading.mark import Mark, Ruling
from mldebt.grading.page import write_pages

UNIT = "03-keep-the-best"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    statuses = [Status.WRONG, Status.BROKE, Status.RIGHT, Status.TIMED_OUT, Status.NOT_ATTEMPTED]
    questions = units.load(UNIT).questions.values()
    made = tuple(
        Outcome(q.id, status, 0.0, 1.0, "Look at `sorted`, " + "x" * 200, "no")
        for q, status in zip([*questions] * 3, statuses, strict=False)
    )
    ruling = Ruling("anna", UNIT, "q1", 0.5, "half", "See me.")
    work = {"q1": "def f():\n    return " + "x" * 300 + "\n" * 30, "q2": "answer = 1"}
    mark = Mark("anna", UNIT, "a.ipynb", made, "", "", ("a note",), True, "2026-12-01T10:00", 0.1, work, (ruling,))
    folder = tmp_path_factory.mktemp("feedback")
    write_pages([mark], folder)
    return folder / "anna"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [f"{UNIT}.html", "index.html"])
def test_axe_finds_nothing(pages, page, tmp_path, scheme, name):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto((pages / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= 320"), "the page is wider than a telephone"
    assert asked == [(pages / name).as_uri()]
    # The page's own policy lets no script in, axe neither: a copy without it is looked at.
    copy = tmp_path / name
    copy.write_text((pages / name).read_text("utf-8").replace("Content-Security-Policy", "x"), "utf-8")
    page.goto(copy.as_uri())
    assert violations(page, "body") == []
