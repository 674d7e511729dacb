"""A stranger's notebook file, read as data: never run here, never trusted to be well formed."""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mldebt import units
from mldebt.check.source import ANY_MARKER
from mldebt.units import PUBLIC
from mldebt.variant import is_id

MAX_FILE = 20 << 20
MAX_CELLS = 1000
MAX_SOURCE = 1 << 20
"""Bytes of a file, code cells of a notebook, characters of all code: more than any exercise needs."""


@cache
def known_units() -> tuple[str, ...]:
    """Return the names of the course's units, looked up once: a run asks for them again and again."""
    return tuple(units.names())


class SubmissionError(ValueError):
    """A submission cannot be read. The message is one sentence that says why; `kind` is one word for tables."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Submission:
    """The code cells of one notebook, in order, and the unit that it answers.

    `digest` is the SHA-256 of the file: the same work has the same digest wherever it lies. `variant` is the id of the
    variant that the notebook says it holds.
    """

    path: Path
    unit: str
    cells: tuple[str, ...]
    digest: str
    variant: str = PUBLIC

    def own(self, question: str) -> int | None:
        """Return the place of a question's own cell: the last that carries its marker."""
        marked = [at for at, cell in enumerate(self.cells) if (m := ANY_MARKER.search(cell)) and m[1] == question]
        return marked[-1] if marked else None

    def work(self, questions: Iterable[str]) -> dict[str, str]:
        """Return the own cell of each question that has one, by question id."""
        places = {question: self.own(question) for question in questions}
        return {question: self.cells[at] for question, at in places.items() if at is not None}

    def imports(self) -> list[str]:
        """Return the libraries that the cells import, as far as can be read off their text."""
        found = re.findall(r"^\s*(?:import|from)\s+(\w{1,40})(\.\w{1,40})?", "\n".join(self.cells), re.MULTILINE)
        return sorted({name for top, below in found for name in (top, top + below)})[:100]


def read_submission(path: Path) -> Submission:
    """Read a notebook file. Raises SubmissionError for everything that is not an exercise of this course."""
    data = _bytes(path)
    try:
        notebook = json.loads(data)
    except RecursionError:
        raise SubmissionError("unreadable", "It is nested too deeply to be a notebook.") from None
    except ValueError:
        what = "empty" if not data.strip() else "not a notebook: it holds no JSON"
        raise SubmissionError("unreadable", f"It is {what}.") from None
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4 or not isinstance(notebook.get("cells"), list):
        raise SubmissionError("unreadable", "It is not a notebook of version 4.")
    cells = tuple(_code(notebook["cells"]))
    if len(cells) > MAX_CELLS or sum(map(len, cells)) > MAX_SOURCE:
        raise SubmissionError("too large", f"It has more than {MAX_CELLS} code cells, or more than a megabyte of code.")
    return Submission(path, _unit(notebook, path), cells, hashlib.sha256(data).hexdigest(), _variant(notebook))


def _bytes(path: Path) -> bytes:
    """Read a regular file of bounded size; a link, a device or a pipe is never opened."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise SubmissionError("unreadable", f"It cannot be opened: {error.strerror}.") from None
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise SubmissionError("unreadable", "It is not a regular file.")
    with os.fdopen(handle, "rb") as file:
        if about.st_size > MAX_FILE:
            raise SubmissionError("too large", f"It is larger than {MAX_FILE >> 20} MB; clear its outputs.")
        return file.read(MAX_FILE + 1)


def _code(cells: list[Any]) -> list[str]:
    """Return the sources of the code cells; whatever else stands in the list is passed over."""
    found = []
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            if isinstance(source, list):
                source = "".join(part for part in source if isinstance(part, str))
            found.append(source if isinstance(source, str) else "")
    return found


def _unit(notebook: dict[str, Any], path: Path) -> str:
    """Find the unit: in the metadata, else in the call that opens the exercise, else in the name of the file."""
    metadata = notebook.get("metadata")
    about = metadata.get("mldebt") if isinstance(metadata, dict) else None
    opened = re.search(r"""\bexercise\(["']([\w-]+)["']""", "\n".join(_code(notebook["cells"])[:20]))
    named = [about.get("unit") if isinstance(about, dict) else None, opened[1] if opened else None, path.stem]
    unit = next((name for name in named if isinstance(name, str) and name in known_units()), None)
    if unit is None:
        raise SubmissionError("not ours", "It is not an exercise of this course: it names none of its units.")
    return unit


def _variant(notebook: dict[str, Any]) -> str:
    """Find the variant: in the metadata, else in the call that opens the exercise, else it is the public one."""
    metadata = notebook.get("metadata")
    about = metadata.get("mldebt") if isinstance(metadata, dict) else None
    opened = re.search(r"""\brelease=["'](\w+)["']""", "\n".join(_code(notebook["cells"])[:20]))
    named = [about.get("variant") if isinstance(about, dict) else None, opened[1] if opened else None]
    return next((id for id in named if isinstance(id, str) and is_id(id)), PUBLIC)
