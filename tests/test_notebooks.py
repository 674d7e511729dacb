"""The committed notebooks: run where they have to be run, and nothing in them that differs from run to run.

nbval compares outputs, and compares nothing in a cell that was never run: so that is looked at here.
"""

import re
from pathlib import Path

import nbformat
import pytest

from mldebt import units
from mldebt.build import targets
from mldebt.build.guide import Guide
from mldebt.build.source import KINDS

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted(path for kind in KINDS.values() for path in (ROOT / kind).glob("*.ipynb"))
NAMES = [str(path.relative_to(ROOT)) for path in NOTEBOOKS]


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_every_unit_and_guide_has_its_notebooks_and_every_notebook_its_source():
    guides = {str(target.path) for target in targets() if isinstance(target, Guide)}
    assert "notebooks/instructor.ipynb" in guides
    assert set(NAMES) == guides | {f"{kind}/{name}.ipynb" for kind in KINDS.values() for name in units.names()}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_is_valid_and_says_what_it_is(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    about = notebook.metadata.mldebt
    assert {**KINDS, "guide": "notebooks"}[about.kind] == path.parent.name
    assert (about.guide if about.kind == "guide" else about.unit) == path.stem
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) == {"kernelspec", "language_info", "mldebt"}
    assert path.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.parent.name != "exercises"])
def test_every_code_cell_was_run_in_order_and_none_failed(path):
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        raises = "raises-exception" in cell.metadata.get("tags", [])
        assert raises or all(output.output_type != "error" for output in cell.outputs)
        assert all(output.get("name") != "stderr" for output in cell.outputs), "a warning, or worse"
        assert "execution" not in cell.metadata


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.parent.name == "exercises"])
def test_an_exercise_was_never_run(path):
    assert all(cell.execution_count is None and not cell.outputs for cell in code_cells(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_nothing_differs_from_run_to_run_or_between_machines(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            data = output.get("data", {})
            assert "application/vnd.jupyter.widget-view+json" not in data or "text/plain" not in data
            text = "".join(
                [*(value for kind, value in data.items() if kind.startswith("text/")), output.get("text", "")]
            )
            assert not re.search(r"\b0x[0-9a-f]{8,}", text)
            assert "/tmp/" not in text
            assert str(Path.home()) + "/" not in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_links_between_notebooks_lead_somewhere(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            for link in re.findall(r"\]\(([^)#\s]+\.ipynb)[^)]*\)", cell.source):
                assert (path.parent / link).is_file(), link
