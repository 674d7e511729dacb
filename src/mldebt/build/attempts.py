"""The bank of attempts of a unit: answers that must pass and answers that must fail, and as what.

In `attempts.md` a heading `# q1` opens a question, and each heading below it an attempt, with its code in a
fence: `## right: a loop instead of sorted`, `## wrong: smallest first -> ascending`, `## broke: divides by zero`,
`## not attempted: only a comment`.
"""

import contextlib
import io
import linecache
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from mldebt.build.source import answer_cell, code_cells
from mldebt.check import Cell, NamespaceAnswer, Outcome, Status, judge
from mldebt.check.limit import TimeLimitError, time_limit
from mldebt.check.running import describe
from mldebt.units import Unit, UnitError

_HEADING = re.compile(r"(right|wrong|broke|timed out|not attempted): *(.+?)(?: *-> *([\w-]+))?$")
LEAST_RIGHT, LEAST_WRONG = 3, 5


@dataclass(frozen=True)
class Attempt:
    """One answer to one question, and what must come of it."""

    question: str
    status: Status
    name: str
    misconception: str | None
    code: str
    line: int


def read_attempts(unit: Unit) -> list[Attempt]:
    """Read `attempts.md`. Raises UnitError with file and line for whatever does not fit the unit."""
    path = unit.folder / "attempts.md"
    found: list[Attempt] = []
    question, heading, heading_line = "", "", 0
    tokens = MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8"))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        line = (token.map or [0])[0] + 1
        if token.type == "heading_open" and following is not None:
            if heading:
                raise UnitError(f"{path}:{heading_line} the attempt {heading!r} has no code under it")
            if token.tag == "h1":
                question = following.content.strip()
                if question not in unit.questions:
                    raise UnitError(f"{path}:{line} there is no question {question!r} in checks.py")
            else:
                heading, heading_line = following.content.strip(), line
        elif token.type == "fence":
            if not heading or not question:
                raise UnitError(f"{path}:{line} code that stands under no attempt")
            found.append(_attempt(unit, path, question, heading, token.content, heading_line))
            heading = ""
    if heading:
        raise UnitError(f"{path}:{heading_line} the attempt {heading!r} has no code under it")
    for id in unit.questions:
        for status, least in ((Status.RIGHT, LEAST_RIGHT), (Status.WRONG, LEAST_WRONG)):
            count = sum(attempt.question == id and attempt.status is status for attempt in found)
            if count < least:
                raise UnitError(f"{path}: {id} has {count} {status} attempts and needs at least {least}")
    return found


def _attempt(unit: Unit, path: Path, question: str, heading: str, code: str, line: int) -> Attempt:
    parts = _HEADING.match(heading)
    if parts is None:
        raise UnitError(f"{path}:{line} the heading {heading!r} is not 'right: ...' or 'wrong: ... -> misconception'")
    status, misconception = Status(parts[1]), parts[3]
    if (status is Status.WRONG) != (misconception is not None):
        raise UnitError(f"{path}:{line} only a wrong attempt names its misconception, and each one must")
    if misconception is not None and misconception not in unit.questions[question].misconceptions:
        raise UnitError(f"{path}:{line} the question {question} knows no misconception {misconception!r}")
    return Attempt(question, status, parts[2], misconception, code, line)


def try_code(unit: Unit, question: str, code: str, seed: int = 0) -> Outcome:
    """Judge `code` as the answer to one question, all others solved as in `exercise.md`."""
    return judge(unit.questions[question], answered(unit, question, code), seed)


def try_stub(unit: Unit, question: str) -> Outcome:
    """Judge the untouched exercise."""
    stubs = {id: answer_cell(unit, id, solved=False) for id in unit.questions}
    return judge(unit.questions[question], _run(unit, stubs, question), 0)


def answered(unit: Unit, question: str, code: str) -> NamespaceAnswer:
    """Run the solved exercise with `code` as the answer to one question; return the answer, as a check sees it."""
    return _run(unit, {question: code}, question)


def _run(unit: Unit, answers: dict[str, str], question: str) -> NamespaceAnswer:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    cells: list[Cell] = []
    own = None
    for cell in code_cells(unit):
        source = cell.source
        if cell.question:
            source = answers.get(cell.question, answer_cell(unit, cell.question, solved=True))
        own = len(cells) if cell.question == question else own
        cells.append(_execute(source, namespace, len(cells)))
    return NamespaceAnswer(namespace, cells, own)


def _execute(source: str, namespace: dict[str, Any], number: int) -> Cell:
    """Run a cell as a kernel would, and note how it ended."""
    name = f"<ipython-input-{number}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        with contextlib.redirect_stdout(io.StringIO()), time_limit(10):
            exec(compile(source, name, "exec"), namespace)
    except (Exception, SystemExit, TimeLimitError) as error:
        return Cell(source, describe(error))
    return Cell(source)
