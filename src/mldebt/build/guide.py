"""Notebooks that belong to no unit: guides in MyST Markdown, built, run and checked as lessons are."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mldebt.build.source import KINDS, read_cells
from mldebt.notebook import KERNEL

KIND = "guide"
FOLDER = "guides"
"""The folder of the guides, beside that of the units."""


@dataclass(frozen=True)
class Guide:
    """A guide to be built: its source, what it is before it is run, and where its cells come from."""

    source: Path
    notebook: NotebookNode
    origins: list[tuple[Path, int]]
    runs: bool = True

    @property
    def path(self) -> Path:
        """Return the notebook's path below the course folder."""
        return Path(KINDS["lesson"]) / f"{self.source.stem}.ipynb"


def guides(folder: Path) -> list[Guide]:
    """Compose the guides of a folder; there are none where the folder is not there."""
    return [_compose(path) for path in sorted(folder.glob("*.md"))]


def _compose(path: Path) -> Guide:
    cells = read_cells(path)
    made = [new_code_cell(cell.source) if cell.kind == "code" else new_markdown_cell(cell.source) for cell in cells]
    for place, node in enumerate(made):
        node["id"] = f"{path.stem}-{place:02d}-{node.cell_type}"
    notebook = new_notebook(
        cells=made,
        metadata={
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "mldebt": {"guide": path.stem, "kind": KIND},
        },
    )
    nbformat.validate(notebook)
    return Guide(path, notebook, [(path, cell.line) for cell in cells])
