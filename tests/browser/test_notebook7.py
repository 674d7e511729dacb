"""The same in Jupyter Notebook 7, which is served beside JupyterLab: a wrong answer, a right one, a quiz."""

import pytest
from playwright.sync_api import expect

from mldebt.check.source import marker

pytestmark = pytest.mark.timeout(180)
SHORT = ["ranked = sorted(model_versions.items(), key=lambda item: item[1])"]
SHORT += ["active_models = {name: accuracy for name, accuracy in ranked[:max_versions]}"]


@pytest.fixture
def notebook7(lab, page, server):
    """Open a notebook in Notebook 7; the fixture `lab` has made the course folder and looks for problems."""

    def open_notebook(path):
        page.goto(f"{server[0]}/notebooks/{path}")
        page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for(timeout=60_000)
        for _ in range(300):
            kernels = [session["kernel"] for session in page.request.get(f"{server[0]}/api/sessions").json()]
            if any(kernel["connections"] and kernel["execution_state"] == "idle" for kernel in kernels):
                break
            page.wait_for_timeout(100)
        page.wait_for_timeout(500)
        return page.locator(".jp-NotebookPanel")

    yield open_notebook
    # Notebook 7.6 raises errors of its own at every page, with an empty notebook as well. Requests are looked at.
    lab.problems[:] = [said for said in lab.problems if said.startswith("http")]


def run(page, panel, text, code=None):
    """Run the cell that holds `text`, after its code was replaced; return its output."""
    cell = panel.locator(".jp-CodeCell", has=page.locator(".cm-content", has_text=text)).first
    cell.locator(".cm-content").click()
    if code is not None:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")
    return cell.locator(".jp-OutputArea")


def test_an_exercise_and_its_feedback(notebook7, page):
    panel = notebook7("exercises/03-keep-the-best.ipynb")
    run(page, panel, "ex = exercise(")
    run(page, panel, "max_versions = 3")
    for code, said in (
        (SHORT, "Not yet. Your versions come lowest first"),
        ([SHORT[0][:-1] + ", reverse=True)", SHORT[1]], "Right."),
    ):
        run(page, panel, marker("q1"), "\n".join([marker("q1"), *code]))
        output = run(page, panel, "ex.q1.check()")
        expect(output.locator(".mldebt-box")).to_contain_text(said, timeout=20_000)
        expect(output).not_to_contain_text("Traceback")


def test_a_quiz(notebook7, page):
    panel = notebook7("notebooks/03-keep-the-best.ipynb")
    run(page, panel, "from mldebt.lab import quiz")
    form = run(page, panel, 'quiz("03-keep-the-best")').locator(".mldebt-quiz").first
    form.get_by_label("Nothing. It stays as it was").check(timeout=30_000)
    form.get_by_role("button", name="Check").click()
    expect(form.get_by_role("status")).to_contain_text("Right.")
