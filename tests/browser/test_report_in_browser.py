"""The report in a browser: accessible in light and dark, nothing fetched, nothing run, wide tables scroll by themselves."""

import sys
from pathlib import Path

import pytest
from accessibility import violations

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
from made import everything, write
from test_report_command import hostile

from mldebt.report import read
from mldebt.report.page import page as report_page

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    books = {"class": write(folder / "class.db", everything()), "hostile": hostile(folder / "hostile.db")}
    for name, path in books.items():
        (folder / f"{name}.html").write_text(report_page(read(path), path.name), encoding="utf-8")
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["class", "hostile"])
def test_a_report_is_accessible_and_still(reports, page, name, scheme):
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda dialog: problems.append(dialog.message) or dialog.dismiss())
    page.on("console", lambda message: message.type == "error" and problems.append(message.text))
    page.on("request", lambda request: request.url.startswith(("file:", "data:")) or problems.append(request.url))
    page.emulate_media(color_scheme=scheme)
    page.goto(f"file://{reports}/{name}.html")
    assert problems == []
    # The policy of the page lets no script in, and so not axe: it looks at the page without.
    html = (reports / f"{name}.html").read_text(encoding="utf-8")
    bare = reports / f"{name}-{scheme}-bare.html"
    bare.write_text(html.replace('http-equiv="Content-Security-Policy"', "data-policy"), encoding="utf-8")
    page.goto(f"file://{bare}")
    page.evaluate("() => document.querySelectorAll('details').forEach((at) => { at.open = true; })")
    page.set_viewport_size({"width": 1100, "height": page.evaluate("() => document.documentElement.scrollHeight")})
    assert violations(page, "main") == []
    assert problems == []


@pytest.mark.parametrize("width", [320, 1100])
def test_the_page_itself_never_scrolls_sideways(reports, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"file://{reports}/hostile.html")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.goto(f"file://{reports}/class.html")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_on_paper_nothing_is_hidden_behind_a_click(reports, page):
    page.goto(f"file://{reports}/hostile.html")
    code = page.locator("details pre").first
    assert not code.is_visible()
    page.emulate_media(media="print")
    assert code.bounding_box()["height"] > 20
