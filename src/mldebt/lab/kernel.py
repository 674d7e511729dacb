"""What the running kernel knows of the learner's work: the namespace, and the cells in the order of their runs.

Only IPython's own record is used, never the notebook file or cell ids: so it works in JupyterLab, VS Code,
nbclient and plain IPython alike.
"""

import contextlib
import re
import sys
from collections.abc import Iterator
from typing import Any

from IPython import get_ipython
from IPython.utils.capture import capture_output

from mldebt.check.answer import NamespaceAnswer, describe
from mldebt.check.magic import body_of
from mldebt.check.source import Cell

_COURSE_CELL = re.compile(r"\.(check|hint|solution)\(|\bexercise\(|\bquiz\(")


class Kernel:
    """The running IPython shell, seen from a check.

    It notes the error of each cell from the moment it is made; cells that ran before count as good.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._errors: dict[int, tuple[str, str | None]] = {}
        shell.events.register("post_run_cell", self._after_cell)

    def answer(self, question: str) -> NamespaceAnswer:
        """Return the answer to a question: all names and cells, and which cell is the question's own."""
        cells = self._cells()
        return NamespaceAnswer(self._shell.user_ns, cells, _own(cells, question))

    def name_of(self, value: object) -> str | None:
        """Return the name that the learner gave an object, or None."""
        return next((name for name, held in self._shell.user_ns.items() if held is value and name[0] != "_"), None)

    def _after_cell(self, result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        if error is not None and result.execution_count:
            self._errors[result.execution_count] = (describe(_short_syntax(error)), _line(error, result.info.raw_cell))

    def _cells(self) -> list[Cell]:
        history = self._shell.history_manager
        cells = []
        for count, (raw, parsed) in enumerate(zip(history.input_hist_raw, history.input_hist_parsed, strict=False)):
            error, line = self._errors.get(count, (None, None))
            cells.append(Cell(body_of(raw, parsed), error, line))
        return cells


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
    """Swallow what a re-run of the learner's cells prints, displays and plots."""
    before = _figures()
    with capture_output():
        yield
        for number in _figures() - before:
            sys.modules["matplotlib.pyplot"].close(number)


def _figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def marker(question: str) -> str:
    """Return the first line of a question's answer cell, by which the cell is known again."""
    return f"# {question}: your answer"


def _own(cells: list[Cell], question: str) -> int | None:
    """Find the question's own cell: the last with its marker, else the last that is no cell of the course."""
    marked = [at for at, cell in enumerate(cells) if marker(question) in cell.source]
    if marked:
        return marked[-1]
    others = [at for at, cell in enumerate(cells) if cell.source.strip() and not _COURSE_CELL.search(cell.source)]
    return others[-1] if others else None


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
        trace = trace.tb_next
    lines = source.splitlines()
    return f"line {number}: {lines[number - 1].strip()}" if number and number <= len(lines) else None
