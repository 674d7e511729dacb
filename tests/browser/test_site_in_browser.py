"""The site for reading in Chromium: from a disk and from a server, light and dark, by keyboard, on paper, on a phone."""

import functools
import http.server
import re
import threading
from pathlib import Path

import pytest
from accessibility import AXE
from playwright.sync_api import expect

from mldebt import units
from mldebt.site.static import make, write

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.timeout(240)
LESSON = "notebooks/02-set-a-limit.html"
LARGE = "notebooks/05-practice.html"
# All rules of axe, those called best practice and the one of WCAG 2.2 among them: all of a page is ours.
RUN = """async () => {
  const found = await axe.run(document, { rules: { 'target-size': { enabled: true } } });
  const faults = found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`));
  return { faults, read: found.passes.map((rule) => rule.id) };
}"""


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the site with solutions; return its folder and its address on a server."""
    out = tmp_path_factory.mktemp("site")
    write(make(ROOT, solutions=True), out)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=out)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield out, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(params=["disk", "server"])
def base(built, request):
    out, url = built
    return out.as_uri() if request.param == "disk" else url


@pytest.fixture
def watched(page, base):
    """A page that notes errors, and requests that leave the site."""
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda said: said.type in ("error", "warning") and page.problems.append(said.text))
    page.on("request", lambda asked: asked.url.startswith((base, "data:")) or page.problems.append(asked.url))
    return page


def all_pages(out):
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*.html"))


def test_no_page_asks_for_anything_outside(built, base, watched):
    pages = all_pages(built[0])
    assert len(pages) == 2 + 3 * len(units.names())
    for path in pages:
        watched.goto(f"{base}/{path}", wait_until="load")
        assert watched.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 0)"), path
        assert watched.evaluate("getComputedStyle(document.body).margin") == "0px", f"{path} has no style"
    assert watched.problems == []


def test_a_request_to_the_outside_would_be_seen_and_is_stopped(base, watched, browser):
    """The page's policy lets no such request leave the browser; without the policy the same one arrives."""
    arrived = []

    class Elsewhere(Handler):
        def do_GET(self):
            arrived.append(self.path)
            self.send_error(404)

    ask = "(url) => new Promise((done) => { const image = new Image(); image.onerror = done; image.src = url; })"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        picture = f"http://127.0.0.1:{server.server_port}/x.png"
        watched.goto(f"{base}/{LESSON}")
        assert watched.problems == []
        watched.evaluate(ask, picture)
        assert picture in watched.problems
        assert arrived == []
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        page.goto(f"{base}/{LESSON}")
        page.evaluate(ask, picture)
        assert arrived == ["/x.png"]
        context.close()
        server.shutdown()


def test_search_finds_a_word_and_its_link_opens(base, watched):
    watched.goto(f"{base}/{LESSON}")
    watched.get_by_label("Search").fill("configuration DÉBT")
    watched.keyboard.press("Enter")
    status = watched.get_by_role("status")
    expect(status).to_contain_text("hold")
    marked = watched.locator("#site-results mark")
    expect(marked.filter(has_text=re.compile("^configuration$", re.IGNORECASE)).first).to_be_visible()
    expect(marked.filter(has_text=re.compile("^debt$", re.IGNORECASE)).first).to_be_visible()
    watched.locator("#site-results").get_by_text("02 Set a limit: The debt", exact=True).click()
    expect(watched).to_have_url(f"{base}/{LESSON}#The-debt")
    expect(watched.get_by_role("heading", name="The debt")).to_be_in_viewport()
    assert watched.problems == []


def test_search_by_parts_of_names_and_as_one_types(base, watched):
    watched.goto(f"{base}/search.html")
    field, status, results = (
        watched.get_by_label("Search"),
        watched.get_by_role("status"),
        watched.locator("#site-results"),
    )
    expect(status).to_have_text("Type a word into the field at the top.")
    field.fill("max_vers")
    expect(results).to_contain_text("Exercise 02: set a limit: q1 · The limit")
    few = results.locator("li").count()
    field.fill("ax_vers")
    expect(status).to_have_text("Nothing holds “ax_vers”. Try fewer words, or the beginning of one.")
    field.fill("vers")
    expect(results.locator("li").nth(few)).to_be_visible()
    field.fill("")
    expect(results.locator("li")).to_have_count(0)
    assert watched.problems == []


@pytest.mark.parametrize(
    "typed", ['<img src=x onerror="document.title=1">', "(", "[a-", "\\", "$&", "-", "🙂", "'\"&lt;"]
)
def test_what_is_typed_is_text(built, page, typed):
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{built[1]}/index.html")
    page.get_by_label("Search").fill(typed)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_label("Search")).to_have_value(typed)
    expect(page.get_by_role("status")).to_contain_text(typed)
    assert page.locator("main img").count() == 0
    assert page.title().startswith("Search")
    assert problems == []


def test_all_but_the_search_works_without_scripts(built, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{built[0].as_uri()}/index.html")
    page.get_by_role("link", name="Lesson", exact=True).nth(2).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("02 Set a limit")
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="The debt").click()
    expect(page.get_by_role("heading", name="The debt")).to_be_in_viewport()
    page.get_by_text("All units").click()
    course = page.get_by_role("navigation", name="Course")
    expect(course.locator("[aria-current=page]")).to_have_text("02 Set a limit")
    course.get_by_role("link", name="03 Keep the best", exact=True).click()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Exercise 03: keep the best")
    page.get_by_role("link", name="solution of this exercise").click()
    expect(page.get_by_text("This page gives the answers away.")).to_be_visible()
    page.get_by_label("Search").fill("debt")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The search needs JavaScript")).to_be_visible()
    context.close()


def faults(page):
    page.evaluate(AXE.read_text())  # not as a script of the page, which its policy forbids
    seen = page.evaluate(RUN)
    assert "color-contrast" in seen["read"] or any(line.startswith("color-contrast") for line in seen["faults"])
    return seen["faults"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_page(built, page, scheme):
    page.emulate_media(color_scheme=scheme)
    for path in [*all_pages(built[0]), "search.html?q=model"]:
        page.goto(f"{built[1]}/{path}")
        for details in page.locator("details").all():
            details.evaluate("(at) => { at.open = true; }")
        assert faults(page) == [], path


PLANTED = {
    "color-contrast": '<p style="color: #888; background: #777">grey on grey</p>',
    "image-alt": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "heading-order": "<h5>too deep</h5>",
    "label": '<input type="text">',
    "target-size": '<p><button style="width: 12px; height: 12px; padding: 0" aria-label="one"></button>'
    '<button style="width: 12px; height: 12px; padding: 0" aria-label="two"></button></p>',
    "link-name": '<a href="#x"></a>',
    "landmark-no-duplicate-main": "<main></main>",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_planted_is_found(built, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{built[1]}/{LESSON}")
    assert faults(page) == []
    for rule, html in PLANTED.items():
        page.evaluate(
            "(html) => { const box = document.createElement('div'); box.id = 'planted'; box.innerHTML = html;"
            " document.querySelector('main .text:last-of-type').append(box); }",
            html,
        )
        assert rule in {line.split(":")[0] for line in faults(page)}, f"axe does not find {html}"
        page.evaluate("() => document.getElementById('planted').remove()")
    assert faults(page) == []


def test_light_and_dark_follow_the_reader(built, page):
    shades = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{built[1]}/{LESSON}")
        shades[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert min(shades["light"]) > 240
    assert max(shades["dark"]) < 40
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", "paper is white"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_print_leaves_out_what_paper_cannot_do(built, page):
    page.goto(f"{built[1]}/{LESSON}")
    page.emulate_media(media="print")
    for gone in ("header", ".aside", ".turn", "footer", ".skip"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".output img")).to_be_visible()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_is_wider_than_the_screen(built, page, width):
    page.set_viewport_size({"width": width, "height": 700})
    for path in [*all_pages(built[0]), "search.html?q=model"]:
        page.goto(f"{built[1]}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_keyboard_reaches_what_scrolls_and_sees_where_it_is(built, page):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{built[1]}/{LARGE}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the text")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{built[1]}/{LARGE}#site-main")
    wide = page.locator(".output").evaluate_all("(all) => all.filter((at) => at.scrollWidth > at.clientWidth).length")
    reachable = page.locator(".output[tabindex='0']").evaluate_all(
        "(all) => all.filter((at) => at.scrollWidth > at.clientWidth).length"
    )
    assert wide == reachable > 0
    page.locator(".output[tabindex='0']").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
