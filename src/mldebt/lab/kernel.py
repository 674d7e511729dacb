"""What the running kernel knows of the learner's work: the namespace, and the cells in the order of their runs.

Only IPython's own record is used, never the notebook file or cell ids: so it works in JupyterLab, VS Code,
nbclient and plain IPython alike.
"""

import contextlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from IPython import get_ipython
from IPython.utils.capture import capture_output

from mldebt.check.answer import NamespaceAnswer, describe
from mldebt.check.magic import body_of
from mldebt.check.source import ANY_MARKER, Cell, marker, parse
from mldebt.lab.feedback import NotYet

_SMALL = 1 << 20  # bytes
_COURSE_LINE = re.compile(r"^.*(\.(check|hint|solution)\(|\bexercise\(|\bquiz\(|\bmldebt\.).*$", re.MULTILINE)


class Kernel:
    """The running IPython shell, seen from a check.

    It notes every cell from the moment it is made, which is the first cell of an exercise; of the cells before
    it takes what IPython's history has, and counts them as good. History alone does not do: nbval keeps none.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        history = shell.history_manager
        pairs = zip(history.input_hist_raw, history.input_hist_parsed, strict=False)
        self._cells = [Cell(body_of(raw, parsed)) for raw, parsed in pairs]
        self._running: list[int] = []  # a cell may run another one, as %%capture does
        shell.events.register("pre_run_cell", self._before_cell)
        shell.events.register("post_run_cell", self._after_cell)

    def answer(self, question: str) -> NamespaceAnswer:
        """Return the answer to a question: all names and cells, and which cell is the question's own."""
        return NamespaceAnswer(self._shell.user_ns, self._cells, _own(self._cells, question))

    def name_of(self, value: object) -> str | None:
        """Return the name that the learner gave an object, or None."""
        return next((name for name, held in self._shell.user_ns.items() if held is value and name[:1] != "_"), None)

    def _before_cell(self, info: Any) -> None:
        # Noted before it runs: a cell may hold an answer and its check.
        self._running.append(len(self._cells))
        self._cells.append(Cell(body_of(info.raw_cell, info.transformed_cell or info.raw_cell)))

    def _after_cell(self, result: Any) -> None:
        place = self._running.pop() if self._running else None  # an empty cell has no beginning
        error = result.error_before_exec or result.error_in_exec
        if place is None or error is None or isinstance(error, NotYet):  # a check in the cell of an answer is no error
            return
        line = _line(error, result.info.raw_cell)
        self._cells[place] = Cell(self._cells[place].source, describe(_short_syntax(error)), line)


_kernels: dict[int, Kernel] = {}


def running() -> Kernel | None:
    """Return the kernel that runs this code, or None outside IPython. There is one object per shell."""
    shell = get_ipython()
    if shell is None:
        return None
    if id(shell) not in _kernels:
        _kernels[id(shell)] = Kernel(shell)
    return _kernels[id(shell)]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Swallow what a re-run of the learner's cells prints, displays, plots and leaves in the current folder."""
    before = _figures()
    # A cell that is run again finds copies of the files beside the notebook, and what it writes goes with them.
    beside = [path for path in Path.cwd().iterdir() if path.suffix != ".ipynb" and path.is_file()]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, contextlib.chdir(folder), capture_output():
        for path in beside:
            if path.stat().st_size <= _SMALL:
                shutil.copy(path, folder)
        yield
        for number in _figures() - before:
            sys.modules["matplotlib.pyplot"].close(number)


def _figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def _own(cells: list[Cell], question: str) -> int | None:
    """Find the question's own cell: the last with its marker.

    Where the marker was deleted it is the last cell before the question's check that holds more than calls of the
    course and is not marked as another answer.
    """
    marked = next((at for at in reversed(range(len(cells))) if marker(question) in cells[at].source), None)
    if marked is not None and (cells[marked].error or parse(cells[marked].source).body):
        return marked
    checked = [at for at, cell in enumerate(cells) if f".{question}.check(" in cell.source]
    after, until = -1 if marked is None else marked, checked[-1] if checked else len(cells) - 1
    for at in range(until, after, -1):
        source = cells[at].source
        if not ANY_MARKER.search(source) and parse(_COURSE_LINE.sub("", source)).body:
            return at
    return marked


def _short_syntax(error: BaseException) -> BaseException:
    """Drop file and line from a syntax error: the line is reported by itself."""
    return type(error)(error.msg) if isinstance(error, SyntaxError) else error


def _line(error: BaseException, source: str) -> str | None:
    """Return the line of the cell in which an error arose."""
    number = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None and not isinstance(error, SyntaxError):
        name = trace.tb_frame.f_code.co_filename
        if trace.tb_frame.f_code.co_name == "<module>" and ("ipykernel" in name or "<ipython-input" in name):
            number = trace.tb_lineno
        elif name == "<timed exec>":  # the body of a cell that begins with %%time
            number = trace.tb_lineno + 1
        trace = trace.tb_next
    lines = source.splitlines()
    return f"line {number}: {lines[number - 1].strip()}" if number and number <= len(lines) else None
