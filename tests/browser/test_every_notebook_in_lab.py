"""Every notebook of the course opens and runs in JupyterLab."""

import json
from pathlib import Path

import pytest
from conftest import ALL_RUN, ROOT

pytestmark = pytest.mark.timeout(180)
NOTEBOOKS = sorted(
    path.relative_to(ROOT) for folder in ("notebooks", "solutions") for path in (ROOT / folder).glob("*.ipynb")
)
EXERCISES = sorted(path.relative_to(ROOT) for path in (ROOT / "exercises").glob("*.ipynb"))
ERROR = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'


def meant_to_fail(path: Path) -> int:
    cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
    return sum("raises-exception" in cell["metadata"].get("tags", []) for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=str)
def test_notebook_runs_without_an_error(lab, page, path):
    notebook = lab(path)
    notebook.run_all()
    page.wait_for_function(ALL_RUN, timeout=120_000)
    page.wait_for_timeout(300)
    assert notebook.panel.locator(ERROR).count() == meant_to_fail(path)
    assert page.locator(".jp-Dialog").count() == 0


@pytest.mark.parametrize("path", EXERCISES, ids=str)
def test_untouched_exercise_stops_at_its_first_question_kindly(lab, page, path):
    notebook = lab(path)
    notebook.run_all()
    box = notebook.panel.locator(".mldebt-box")
    box.first.wait_for(timeout=60_000)
    page.wait_for_timeout(300)
    assert box.count() == 1
    assert "Not answered yet." in box.inner_text()
    assert "Traceback" not in notebook.panel.inner_text()
