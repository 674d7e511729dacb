"""The mini project in the browser alone: it runs, judges, keeps the progress, and asks nobody outside."""

import json
import re
import threading
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
from conftest import ROOT
from playwright.sync_api import expect

from mldebt.check.source import marker
from mldebt.cli.serve import Quiet
from mldebt.lite import LiteError, build

pytestmark = pytest.mark.timeout(400)
SHORT = ["ranked = sorted(model_versions.items(), key=lambda item: item[1])"]
SHORT += ["active_models = {name: accuracy for name, accuracy in ranked[:max_versions]}"]
RIGHT = [SHORT[0][:-1] + ", reverse=True)", SHORT[1]]
HAS_RUN = re.compile(r"\[\d+\]:")
SLOW = 90_000  # milliseconds that Python may take to start in the browser of a busy machine


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build and serve the site; return its address."""
    out = tmp_path_factory.mktemp("lite") / "site"
    try:
        chosen = build(ROOT, out)
    except LiteError as error:
        if "fetched" in str(error) or "downloaded" in str(error):
            pytest.skip(f"the site for the browser is not tested: {error}")
        raise
    assert [name[:2] for name in chosen][:6] == ["00", "01", "02", "03", "04", "05"]
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(out))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def lite(site, page):
    """Open a notebook of the site; fail for requests to the outside."""
    outside = []
    page.on("request", lambda request: request.url.startswith((site, "data:", "blob:")) or outside.append(request.url))
    page.set_viewport_size({"width": 1100, "height": 1600})

    def open_notebook(path):
        page.goto(f"{site}/lab/index.html?path={path}")
        panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        panel.locator(".jp-Cell").first.wait_for(timeout=60_000)
        expect(page.get_by_text("Python (Pyodide) | Idle")).to_be_visible(timeout=SLOW)
        return panel

    yield open_notebook
    assert outside == []


def execute(page, cell):
    """Run the cell that has the focus, and wait until it has run."""
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-InputPrompt").first).to_have_text(HAS_RUN, timeout=SLOW)


def run(page, panel, text, code=None):
    """Run the cell that holds `text`, after its code was replaced; return its output when it is there."""
    cell = panel.locator(".jp-CodeCell", has=page.locator(".cm-content", has_text=text)).first
    cell.locator(".cm-content").click()
    if code is not None:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("\n".join(code))
    execute(page, cell)
    return cell.locator(".jp-OutputArea")


def test_an_exercise_is_judged_and_the_progress_survives_the_page(lite, page):
    panel = lite("exercises/03-keep-the-best.ipynb")
    run(page, panel, "ex = exercise(")
    run(page, panel, "max_versions = 3")
    for code, said in ((SHORT, "Not yet. Your versions come lowest first"), (RIGHT, "Right.")):
        run(page, panel, marker("q1"), [marker("q1"), *code])
        output = run(page, panel, "ex.q1.check()")
        expect(output.locator(".mldebt-box")).to_contain_text(said, timeout=SLOW)
        expect(output).not_to_contain_text("Traceback")
    expect(output.locator(".mldebt-box")).to_contain_text("1 / 4 steps")

    page.goto("about:blank")  # the page is closed, and its Python with it
    panel = lite("exercises/02-set-a-limit.ipynb")
    run(page, panel, "ex = exercise(")
    output = run(page, panel, "ex.q1.check()")
    expect(output.locator(".mldebt-box")).to_contain_text("1 / 4 steps", timeout=SLOW)


def test_no_menu_of_the_authors_tools_is_on_the_site(lite, page):
    lite("exercises/03-keep-the-best.ipynb")
    expect(page.locator(".lm-MenuBar-item", has_text="Kernel")).to_have_count(1)
    expect(page.locator(".lm-MenuBar-item", has_text="Nbgrader")).to_have_count(0)


def test_a_lesson_runs_and_its_quiz_is_answered(lite, page):
    panel = lite("notebooks/03-keep-the-best.ipynb")
    expect(panel).to_contain_text("which a browser does not have")
    expect(panel.locator("img.mldebt-figure, img[alt^='Figure']")).to_have_count(1)
    for text in ("response_ms = {", "trace("):
        run(page, panel, text)
    expect(panel.locator(".mldebt-table")).to_contain_text("by_time")
    run(page, panel, "from mldebt.lab import quiz")
    form = panel.locator(".mldebt-quiz").first
    form.get_by_label("Nothing. It stays as it was").check(timeout=SLOW)
    form.get_by_role("button", name="Check").click()
    expect(form.get_by_role("status")).to_contain_text("Right.", timeout=SLOW)


@pytest.mark.parametrize("number", ["00", "01", "02", "04", "05"])
def test_every_lesson_runs_cell_by_cell_to_its_end(lite, page, number):
    """JupyterLite's Run All stops after a cell that is meant to fail, whatever its tags say."""
    (path,) = (ROOT / "notebooks").glob(f"{number}-*.ipynb")
    cells = lite(f"notebooks/{path.name}").locator(".jp-CodeCell")
    fails = 0
    for at in range(cells.count()):
        cells.nth(at).locator(".cm-content").click()
        execute(page, cells.nth(at))
        fails += cells.nth(at).locator('[data-mime-type="application/vnd.jupyter.stderr"]').count()
    written = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert fails == sum("raises-exception" in cell["metadata"].get("tags", []) for cell in written)
    assert page.locator(".jp-Dialog").count() == 0
