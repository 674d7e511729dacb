"""Every notebook of the course opens and runs in JupyterLab, and what it shows is accessible in both themes.

With MLDEBT_REPORT=file.json, the seconds and what axe found are written there.
"""

import json
import os
import time
from pathlib import Path

import pytest
from accessibility import OUTPUTS, look
from conftest import ALL_RUN, ROOT

pytestmark = pytest.mark.timeout(240)
NOTEBOOKS = sorted(
    path.relative_to(ROOT) for folder in ("notebooks", "solutions") for path in (ROOT / folder).glob("*.ipynb")
)
EXERCISES = sorted(path.relative_to(ROOT) for path in (ROOT / "exercises").glob("*.ipynb"))
ERROR = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'
WIDGETS_DRAWN = """() => [...document.querySelectorAll(
  '.jp-NotebookPanel:not(.lm-mod-hidden) .lm-Panel.jp-OutputArea-output'
)].every((at) => at.innerText.trim())"""
CONTROLS = "input, button, select, textarea, a[href], [tabindex]"


@pytest.fixture(scope="module")
def report():
    rows = {}
    yield rows
    if "MLDEBT_REPORT" in os.environ:
        Path(os.environ["MLDEBT_REPORT"]).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def meant_to_fail(path: Path) -> int:
    cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
    return sum("raises-exception" in cell["metadata"].get("tags", []) for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=str)
def test_notebook_runs_without_an_error(lab, page, report, path):
    began = time.monotonic()
    notebook = lab(path)
    notebook.run_all()
    page.wait_for_function(ALL_RUN, timeout=120_000)
    seconds = time.monotonic() - began
    page.wait_for_function(WIDGETS_DRAWN)
    assert notebook.panel.locator(ERROR).count() == meant_to_fail(path)
    assert page.locator(".jp-Dialog").count() == 0
    controls = page.locator(OUTPUTS).locator(CONTROLS).count()
    found = look(notebook, page)
    report[str(path)] = {"seconds": round(seconds, 1), "controls": controls} | {k: len(v) for k, v in found.items()}
    assert found == {"Light": [], "Dark": []}


@pytest.mark.parametrize("path", EXERCISES, ids=str)
def test_untouched_exercise_stops_at_its_first_question_kindly(lab, page, report, path):
    began = time.monotonic()
    notebook = lab(path)
    notebook.run_all()
    box = notebook.panel.locator(".mldebt-box")
    box.first.wait_for(timeout=60_000)
    seconds = time.monotonic() - began
    page.wait_for_timeout(300)
    assert box.count() == 1
    assert page.locator(".jp-Dialog").count() == 0
    assert "Not answered yet." in box.inner_text()
    assert "Traceback" not in notebook.panel.inner_text()
    found = look(notebook, page)
    report[str(path)] = {"seconds": round(seconds, 1), "controls": 0} | {k: len(v) for k, v in found.items()}
    assert found == {"Light": [], "Dark": []}
