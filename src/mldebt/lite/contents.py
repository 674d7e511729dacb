"""The notebooks as they stand on the site: what runs in the browser runs, the rest is shown with its stored output.

The browser has Python's standard library and the widgets. NumPy, pandas and matplotlib would come from elsewhere, and a
browser starts no processes.
"""

import ast
import json
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

from mldebt import units
from mldebt.check.source import names, parse

THERE = {"mldebt", "ipywidgets", "IPython", "markdown_it", "yaml"}
NO_PROCESSES = {"subprocess", "multiprocessing", "socket", "signal"}
KINDS = {"notebooks": "lesson", "exercises": "exercise"}


def on_site(root: Path) -> list[str]:
    """Return the units that need nothing else, and of whose exercises every question can be answered in the browser."""
    light = [name for name in units.names() if not units.load(name).extra]
    return [name for name in light if _answerable(_read(root / "solutions" / f"{name}.ipynb"))]


def _answerable(notebook: dict[str, Any]) -> bool:
    graded = [cell["id"] for cell in notebook["cells"] if cell["metadata"].get("nbgrader")]
    runs = {cell["id"] for cell in adapt(notebook)["cells"] if cell["cell_type"] == "code"}
    return runs.issuperset(graded)


def _read(path: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def write(root: Path, folder: Path, chosen: list[str]) -> None:
    """Write the lessons and exercises of the chosen units below `folder`."""
    for kind in KINDS:
        (folder / kind).mkdir(parents=True)
        for name in chosen:
            notebook = adapt(_read(root / kind / f"{name}.ipynb"))
            text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
            (folder / kind / f"{name}.ipynb").write_text(text, encoding="utf-8")


def adapt(notebook: dict[str, Any]) -> dict[str, Any]:
    """Turn the cells that cannot run, and those that hang on them, into text with their stored outputs."""
    notebook = deepcopy(notebook)
    notebook["metadata"]["kernelspec"] = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
    cells, lost = [], dict[str, str]()
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        tree = parse("".join(cell["source"]))
        used = names(tree)
        missing = _lacks(tree) | {lost[name] for name in used.needs | used.changes if name in lost}
        if not missing:
            lost = {name: why for name, why in lost.items() if name not in used.binds}
            cells.append(cell | {"execution_count": None, "outputs": []})
            continue
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom) and not _lacks(node)]
        kept = {alias.asname or alias.name.split(".")[0] for node in imports for alias in node.names}
        lost |= dict.fromkeys((used.binds | used.changes) - kept, min(missing))
        if imports:
            cells.append(_code("\n".join(map(ast.unparse, imports)), f"{cell['id']}-imports"))
        cells.append(_shown(cell, min(missing)))
    return notebook | {"cells": cells}


def _lacks(tree: ast.AST) -> set[str]:
    """Return the modules that code imports and the browser does not have."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found.add("mldebt.churn" if module.startswith("mldebt.churn") else module.split(".")[0])
    return {name for name in found if name in NO_PROCESSES or name not in THERE | sys.stdlib_module_names}


def _code(source: str, id: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "id": id, "metadata": {}, "outputs": [], "source": source}


def _shown(cell: dict[str, Any], missing: str) -> dict[str, Any]:
    """Show a code cell and its stored outputs as Markdown."""
    shows = " It shows what stands under it." if cell["outputs"] else ""
    parts = [f"*This cell needs `{missing}`, which a browser does not have.{shows}*"]
    parts.append(f"```python\n{''.join(cell['source'])}\n```")
    for output in cell["outputs"]:
        data = output.get("data", {})
        text = "".join(output.get("text", "")) or "".join(data.get("text/plain", ""))
        if "text/html" in data:
            parts.append("".join(data["text/html"]))
        elif output["output_type"] == "error":
            parts.append(f"```\n{output['ename']}: {output['evalue']}\n```")
        elif text:
            parts.append(f"```\n{text.rstrip()}\n```")
    return {"cell_type": "markdown", "id": cell["id"], "metadata": {}, "source": "\n\n".join(parts)}
