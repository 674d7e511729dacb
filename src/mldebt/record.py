"""What a running shell knows of the learner's work: the namespace, and the cells in the order of their runs.

Only IPython's own record is used, never the notebook file or cell ids: so it works in JupyterLab, VS Code,
nbclient and plain IPython alike, and in the grader's room.
"""

import re
from collections.abc import Mapping
from typing import Any

from mldebt.check.answer import NamespaceAnswer
from mldebt.check.magic import body_of
from mldebt.check.running import describe
from mldebt.check.source import ANY_MARKER, Cell, marker, parse

_COURSE_LINE = re.compile(r"^.*(\.(check|hint|solution)\(|\bexercise\(|\bquiz\(|\bmldebt\.).*$", re.MULTILINE)


class Record:
    """The cells of a running IPython shell, seen from a check.

    It notes every cell from the moment it is made, which is the first cell of an exercise; of the cells before
    it takes what IPython's history has, and counts them as good. History alone does not do: nbval keeps none.
    An error of the kind `passes` is none of the learner's: a check raises it.
    """

    def __init__(self, shell: Any, passes: type[BaseException] | tuple[()] = ()) -> None:
        self._shell = shell
        self._passes = passes
        history = shell.history_manager
        pairs = zip(history.input_hist_raw, history.input_hist_parsed, strict=False)
        self._cells = [Cell(body_of(raw, parsed)) for raw, parsed in pairs]
        self._running: list[int] = []  # a cell may run another one, as %%capture does
        shell.events.register("pre_run_cell", self._before_cell)
        shell.events.register("post_run_cell", self._after_cell)

    def close(self) -> None:
        """Note no more cells."""
        self._shell.events.unregister("pre_run_cell", self._before_cell)
        self._shell.events.unregister("post_run_cell", self._after_cell)

    def answer(self, question: str, given: Mapping[str, Any] | None = None) -> NamespaceAnswer:
        """Return the answer to a question: all names and cells, and which cell is the question's own."""
        return NamespaceAnswer(self._shell.user_ns, self._cells, _own(self._cells, question), given)

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
        if place is None or error is None or isinstance(error, self._passes):
            # A check in the cell of an answer is no error.
            return
        line = _line(error, result.info.raw_cell)
        interrupted = isinstance(error, KeyboardInterrupt)
        self._cells[place] = Cell(self._cells[place].source, describe(_short_syntax(error)), line, interrupted)


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
