"""What a unit must hold before it is built. Each rule refuses by name."""

import ast
import re

from mldebt import units
from mldebt.build.attempts import read_attempts
from mldebt.build.source import code_cells, quizzes_in
from mldebt.units import Unit, UnitError


def verify(unit: Unit) -> None:
    """Raise UnitError for the first rule that the unit breaks, naming the file, the question and what to do."""
    exercise = unit.folder / "exercise.md"
    answered = [cell.question for cell in code_cells(unit) if cell.question]
    for id in unit.questions:
        if answered.count(id) != 1:
            raise UnitError(f"{exercise}: {id} needs one answer cell (:question: {id}) and has {answered.count(id)}")
    for id, question in unit.questions.items():
        if not question.hints:
            raise UnitError(f"{unit.folder / 'checks.py'}: {id} has no hint")
        if question.item and question.item.id not in quizzes_in(exercise):
            raise UnitError(f"{exercise}: {id} is not asked: it needs ```{{quiz}} {question.item.id} and a closing ```")
        try:
            ast.parse(_dedent(unit.solutions[id]))
        except SyntaxError as error:
            raise UnitError(f"{exercise}: the solution of {id} is no Python: {error.msg}") from None
        for number, hint in enumerate(question.hints, 1):
            options = [*question.item.options, *sum(question.item.gaps, ())] if question.item else []
            told = [option.text for option in options if option.right and _holds(_flat(hint), _flat(option.text))]
            if told or reveals(hint, unit.solutions[id]):
                raise UnitError(f"{unit.folder / 'checks.py'}: hint {number} of {id} contains the solution")
    for group, items in unit.quizzes.items():
        for item in items:
            if item.lesson and item.lesson not in units.names(unit.folder.parent):
                raise UnitError(f"{unit.folder / 'quiz.yaml'}: {item.id!r} in {group!r} names no unit: {item.lesson}")
    if unit.project:
        step = units.header(unit.name, unit.folder.parent).get("step")
        if step not in unit.questions:
            raise UnitError(f"{unit.folder / 'lesson.md'}:1 a unit of a project names its question as 'step'")
    read_attempts(unit)


def reveals(hint: str, solution: str) -> bool:
    """Tell whether a hint holds the solution: one of its statements, or the whole right side of one.

    Of what stands inside a function, a loop or an `if`, that is what it returns, and a line that is all there is in
    it: a hint may say how such a block begins. Spaces, line ends and the kind of quotes do not count. A value as short
    as `3` counts where it stands alone.
    """
    flat = _flat(hint)
    tree = ast.parse(_dedent(solution))
    parts: list[ast.AST] = []
    for statement in tree.body:
        parts.append(statement)
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return) and statement.value is not None:
            parts.append(statement.value)
        parts += _within(statement)
    return any(_holds(flat, _flat(ast.unparse(part))) for part in parts)


def _within(statement: ast.stmt) -> list[ast.AST]:
    """Return what of the inside of a compound statement gives it away."""
    found: list[ast.AST] = []
    for node in ast.walk(statement):
        if isinstance(node, ast.Return) and node is not statement and not _is_short(node.value):
            found += [node, node.value] if node.value else []
        body = getattr(node, "body", None)
        if isinstance(node, ast.stmt) and isinstance(body, list):
            lines = [line for line in body if not (isinstance(line, ast.Expr) and _is_short(line.value))]
            if len(lines) == 1 and isinstance(lines[0], ast.Assign | ast.AugAssign | ast.Expr):
                found.append(lines[0])
    return found


def _is_short(value: ast.expr | None) -> bool:
    """Tell whether an expression is none, a name or a constant: many hints hold such a word."""
    return value is None or isinstance(value, ast.Name | ast.Constant)


def _holds(text: str, code: str) -> bool:
    """Tell whether a text holds a piece of code that stands by itself: `3` is not in `v3.0`."""
    before = r"(?<![\w.])" if re.match(r"\w", code) else ""
    after = r"(?![\w.]*\w)" if re.search(r"\w$", code) else ""
    return re.search(f"{before}{re.escape(code)}{after}", text) is not None


def _dedent(code: str) -> str:
    """Bring code from inside a function to the margin."""
    lines = [line for line in code.splitlines() if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    return "\n".join(line[margin:] for line in code.splitlines())


def _flat(text: str) -> str:
    """Drop what does not count, but keep words apart: `step 3` does not become `step3`."""
    text = re.sub(r"\.(?=\s|$)", " ", text.replace('"', "'").replace("`", " "))  # the end of a sentence is no code
    return re.sub(r"\s*([^\w\s])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()
