"""Run an exercise notebook and judge it: the verdict that the learner sees, for an automated run.

The notebook runs in a kernel of this user, without walls: for one's own notebooks, not for a stranger's.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell

from mldebt import units
from mldebt.check import Outcome, Status
from mldebt.execute import execute

REPORT = "application/vnd.mldebt.outcomes+json"

_JUDGE = """\
__import__("mldebt.lab.report", fromlist=["report"]).report({unit!r})
"""


class NotebookError(ValueError):
    """A file cannot be judged. The message is one sentence that names it and says what to do."""


@dataclass(frozen=True)
class Judged:
    """One notebook, judged."""

    path: Path
    unit: str
    outcomes: list[Outcome]

    @property
    def right(self) -> bool:
        """Tell whether every question is right."""
        return all(outcome.status is Status.RIGHT for outcome in self.outcomes)


def find_notebooks(path: Path) -> list[Path]:
    """Return the notebook at a path, or those in a folder. Raises NotebookError when there is none."""
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except OSError as error:
        raise NotebookError(f"{str(path)[:80]} cannot be read: {error.strerror}.") from None
    if is_folder:
        found = [item for item in sorted(path.rglob("*.ipynb")) if ".ipynb_checkpoints" not in item.parts]
        if not found:
            raise NotebookError(f"{path} holds no notebook (.ipynb); name a folder of exercises or one notebook.")
        return found
    if not is_there:
        raise NotebookError(f"{path} is not there; check the spelling of the path.")
    return [path]


def judge_notebook(path: Path, timeout: int = 60) -> Judged:
    """Run all cells of an exercise notebook, past those that fail, and judge every question.

    What the notebook's own check cells say does not count, and the learner's progress is not touched. Raises
    NotebookError when the file is no notebook of this course.
    """
    notebook, unit = _read(path)
    notebook.cells.append(new_code_cell(_JUDGE.format(unit=unit)))
    try:
        execute(notebook, path.parent.resolve(), allow_errors=True, timeout=timeout)
    except DeadKernelError:
        raise NotebookError(f"{path} ended its own kernel before it could be judged; run it cell by cell.") from None
    outputs = notebook.cells[-1].get("outputs", [])
    reports = [output.data[REPORT] for output in outputs if REPORT in output.get("data", {})]
    if not reports:
        raise NotebookError(f"{path} could not be judged: its cells changed Python so far that no check could run.")
    try:
        outcomes = [Outcome(**{**entry, "status": Status(entry["status"])}) for entry in reports[0]]
    except (TypeError, ValueError, KeyError):
        raise NotebookError(f"{path} could not be judged: its cells changed the report of the outcomes.") from None
    return Judged(path, unit, outcomes)


def _read(path: Path) -> tuple[nbformat.NotebookNode, str]:
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text)
    except OSError as error:
        raise NotebookError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise NotebookError(f"{path} is not a notebook: it holds no JSON. Name an .ipynb file.") from None
    if not isinstance(data, dict) or data.get("nbformat") != 4 or not isinstance(data.get("cells"), list):
        raise NotebookError(f"{path} is not a notebook of version 4; open it in JupyterLab and save it.")
    about = data.get("metadata", {}).get("mldebt") if isinstance(data.get("metadata"), dict) else None
    if not isinstance(about, dict) or "unit" not in about:
        raise NotebookError(f"{path} is not a notebook of this course: it names no unit.")
    unit = about["unit"]
    if unit not in units.names():
        raise NotebookError(f"{path} names the unit {unit!r}, which this course does not have.")
    if about.get("kind") == "lesson":
        raise NotebookError(f"{path} is a lesson; its exercise is exercises/{unit}.ipynb.")
    try:
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        first = next(iter(str(error).splitlines()), type(error).__name__)
        raise NotebookError(f"{path} is a damaged notebook ({first}); save it again from JupyterLab.") from None
    return notebook, str(unit)
