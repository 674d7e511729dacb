"""Units to notebooks: compose, execute, write; the same bytes each time, and nothing run twice for nothing."""

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

import mldebt
from mldebt import units
from mldebt.build import guide
from mldebt.build.guide import Guide, guides
from mldebt.build.source import KINDS, compose
from mldebt.build.verify import verify
from mldebt.execute import execute
from mldebt.lab.quiz import WIDGET_VIEW
from mldebt.notebook import as_text
from mldebt.units import Unit, UnitError

CACHE = Path(".mldebt-build") / "built.json"
_ADDRESS = re.compile(r"\b0x[0-9a-f]{8,16}\b")
_SHOWN = ("ipykernel", "ipython", "ipywidgets", "matplotlib", "numpy", "pandas")


@dataclass(frozen=True)
class Target:
    """One notebook to be built: where it goes, what it is before it is run, and where its cells come from."""

    unit: Unit
    kind: str
    notebook: NotebookNode
    origins: list[tuple[Path, int]]

    @property
    def path(self) -> Path:
        """Return the notebook's path below the course folder."""
        return Path(KINDS[self.kind]) / f"{self.unit.name}.ipynb"

    @property
    def runs(self) -> bool:
        """Tell whether the notebook is committed with its outputs; an exercise is the learner's to run."""
        return self.kind != "exercise"

    @property
    def source(self) -> Path:
        """Return the folder that the notebook is made from."""
        return self.unit.folder


def targets(folder: Path = units.FOLDER) -> list[Target | Guide]:
    """Compose all notebooks of the course. Raises UnitError for the first unit that breaks a rule."""
    found: list[Target | Guide] = []
    for name in units.names(folder):
        unit = units.load(name, folder)
        verify(unit)
        found += [Target(unit, kind, *compose(unit, kind)) for kind in KINDS]
    return found + guides(folder.parent / guide.FOLDER)


def produce(target: Target | Guide) -> str:
    """Run a notebook where it has to be run, and return the text of its file."""
    if not target.runs:
        return as_text(target.notebook)
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / target.path.parent
        folder.mkdir()
        try:
            execute(target.notebook, folder)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise UnitError(_failure(target, error)) from None
    target.notebook.metadata.pop("widgets", None)
    target.notebook.metadata["language_info"] = {"name": "python"}
    for cell, origin in zip(target.notebook.cells, target.origins, strict=True):
        cell.metadata.pop("execution", None)
        if "outputs" in cell:
            cell.outputs = _joined(cell.outputs)
        for output in cell.get("outputs", []):
            if "text/plain" in output.get("data", {}):
                output.data.pop(WIDGET_VIEW, None)
            if "image/png" in output.get("data", {}):
                raise UnitError(
                    f"{origin[0]}:{origin[1]} this figure has no text alternative; "
                    "import something from mldebt.lab before the first figure"
                )
            texts = [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
            if _ADDRESS.search(json.dumps([*texts, output.get("text", "")])):
                raise UnitError(
                    f"{origin[0]}:{origin[1]} the output of this cell holds the address of an object, "
                    "which differs in every run; end a plot with plt.show()"
                )
    return as_text(target.notebook)


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join pieces of one stream that follow each other: a kernel sends what is printed a few times a second."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else NotebookNode(output_type="")
        if output.output_type == "stream" and (last.output_type, last.get("name")) == ("stream", output.name):
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _failure(target: Target | Guide, error: Exception) -> str:
    failed = next(
        (
            place
            for place, cell in enumerate(target.notebook.cells)
            if any(output.output_type == "error" for output in cell.get("outputs", []))
            and "raises-exception" not in cell.metadata.get("tags", [])
        ),
        0,
    )
    path, line = target.origins[failed]
    if not isinstance(error, CellExecutionError):
        return f"{path}:{line} {type(error).__name__}: {' '.join(str(error).split())[:200]}"
    within = re.findall(r"(?:Cell In\[\d+\], line |line )(\d+)", re.sub(r"\x1b\[[0-9;]*m", "", error.traceback))
    return f"{path}:{line + int(within[0]) - 1 if within else line} {error.ename}: {error.evalue}"


def _digest(target: Target | Guide) -> str:
    """Hash all that the bytes of a notebook depend on: of other units their headers, and the questions on its cards.

    A guide may use all that there is, in the course and in its engine.
    """
    if isinstance(target, Guide):
        folder = target.source.parent.parent
        every = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.*")) if path.suffix in _TEXT]
        return hashlib.sha256("\0".join([as_text(target.notebook), *_versions(), *every]).encode()).hexdigest()
    folder = target.unit.folder.parent
    others = [repr(units.header(name, folder)) for name in units.names(folder)]
    others += [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*/quiz.yaml"))]
    parts = [as_text(target.notebook), _engine(), *others]
    parts += [path.read_text(encoding="utf-8") for path in sorted(target.unit.folder.glob("*.*"))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


_TEXT = (".py", ".md", ".yaml", ".js", ".css", ".html")
_NOT_IN_NOTEBOOKS = {"cli", "grading", "judge", "lite", "report", "room", "simulated.py", "site", "wire"}


@cache
def _engine() -> str:
    """Gather the code that a notebook runs, and the libraries whose output it shows."""
    package = Path(mldebt.__file__).parent
    code = [path for path in sorted(package.rglob("*")) if path.suffix in (".py", ".js", ".css")]
    text = [
        path.read_text(encoding="utf-8")
        for path in code
        if (units.FOLDER not in path.parents or path.parent == units.FOLDER)
        and path.relative_to(package).parts[0] not in _NOT_IN_NOTEBOOKS
    ]
    return "\0".join([*text, *_versions()])


def _versions() -> list[str]:
    return [f"{name} {version(name)}" for name in _SHOWN]


def build(
    root: Path,
    jobs: int,
    folder: Path = units.FOLDER,
    done: Callable[[Target | Guide, bool], None] = lambda target, ran: None,
) -> list[Path]:
    """Write all notebooks below `root`; return those that changed.

    A notebook that was built from the same sources, by the same engine, and is untouched since then is not run
    again. `done` is called for each notebook, with whether it was run.
    """
    kept = _read_cache(root)
    changed: list[Path] = []

    def one(target: Target | Guide) -> tuple[Target | Guide, str, str | None]:
        digest = _digest(target)
        path = root / target.path
        if path.is_file() and kept.get(str(target.path)) == [digest, _sha(path.read_bytes())]:
            done(target, False)
            return target, digest, None
        text = produce(target)
        done(target, target.runs)
        return target, digest, text

    with ThreadPoolExecutor(jobs) as pool:
        try:
            for target, digest, text in pool.map(one, targets(folder)):
                path = root / target.path
                if text is None:
                    continue
                path.parent.mkdir(parents=True, exist_ok=True)
                if not path.is_file() or path.read_bytes() != text.encode():
                    path.write_bytes(text.encode())
                    changed.append(target.path)
                kept[str(target.path)] = [digest, _sha(text.encode())]
        finally:
            pool.shutdown(cancel_futures=True)
            (root / CACHE).parent.mkdir(exist_ok=True)
            (root / CACHE).write_text(json.dumps(kept, indent=1), encoding="utf-8")
    return changed


def differences(
    root: Path,
    jobs: int,
    folder: Path = units.FOLDER,
    done: Callable[[Target | Guide, bool], None] = lambda target, ran: None,
) -> Iterator[str]:
    """Build everything anew, write nothing, and yield a sentence for each notebook that is not what comes out."""

    def one(target: Target | Guide) -> tuple[Target | Guide, str]:
        text = produce(target)
        done(target, target.runs)
        return target, text

    expected = targets(folder)
    with ThreadPoolExecutor(jobs) as pool:
        for target, text in pool.map(one, expected):
            path = root / target.path
            if not path.is_file():
                yield f"{target.path} is not there"
            elif (found := path.read_bytes()) != text.encode():
                yield f"{target.path} differs from what {target.source.name} gives{_where(found, text)}"
    known = {target.path for target in expected}
    for kind in KINDS.values():
        for path in sorted((root / kind).glob("*.ipynb")):
            if path.relative_to(root) not in known:
                yield f"{path.relative_to(root)} belongs to no unit"


def _where(found: bytes, text: str) -> str:
    try:
        theirs, ours = (nbformat.reads(t, as_version=4).cells for t in (found.decode(), text))
    except Exception:
        return ""
    for cell, other in zip(theirs, ours, strict=False):
        if cell != other:
            return f", first at cell {other.id}"
    return ""


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read_cache(root: Path) -> dict[str, list[str]]:
    try:
        kept = json.loads((root / CACHE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
