"""What can be read off the learner's code without running it: which names it makes and which it uses."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cell:
    """One executed code cell: its source in plain Python, and the error that ended its last run, if any."""

    source: str
    error: str | None = None
    line: str | None = None


_TRANSPARENT_MAGIC = re.compile(r"\s*%%(time|timeit|capture)\b[^\n]*\n")


def body_of(raw: str, transformed: str) -> str:
    """Return what a cell runs as plain Python: IPython's own transformation of what was typed.

    A cell magic that runs its body in the namespace hides the body in a text; here it is the body again.
    """
    magic = _TRANSPARENT_MAGIC.match(raw)
    return raw[magic.end() :] if magic else transformed


@dataclass
class Names:
    """The names that a piece of code binds, those whose objects it changes, and those it needs from outside."""

    binds: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    needs: set[str] = field(default_factory=set)


def parse(source: str) -> ast.Module:
    """Parse a cell; one with a syntax error counts as empty, since it never ran."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])


def names(tree: ast.Module) -> Names:
    """Find the names that a cell binds, changes or needs from earlier cells."""
    found = Names()
    certain: set[str] = set()  # bound by an earlier statement of this very cell
    for statement in tree.body:
        loaded = {
            node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        stored, changed = set(_stored(statement)), set(_changed(statement))
        found.needs |= ((loaded - _own(statement)) | changed) - certain
        found.binds |= stored
        found.changes |= changed
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom | ast.FunctionDef):
            certain |= stored
    return found


def _own(statement: ast.stmt) -> set[str]:
    """Names that live only inside the statement: comprehension targets, lambda and function arguments."""
    own: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.comprehension):
            own |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
        elif isinstance(node, ast.arg):
            own.add(node.arg)
    return own


def _stored(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a top-level statement binds in the cell's namespace."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    own = _own(statement)
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in own:
            yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def _changed(statement: ast.stmt) -> Iterator[str]:
    """Yield the names whose objects a statement changes in place: `d[k] = v`, `d.x = v`, `d += v`, `d.pop()`."""
    for node in ast.walk(statement):
        target: ast.expr | None = None
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            target = node.value
        elif isinstance(node, ast.AugAssign):
            target = node.target
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            # A method called for its effect alone: versions.pop("v1.0"), scores.sort()
            target = node.value.func.value if isinstance(node.value.func, ast.Attribute) else None
        while isinstance(target, ast.Subscript | ast.Attribute):
            target = target.value
        if isinstance(target, ast.Name):
            yield target.id


def binder(cells: Sequence[Cell], name: str) -> int | None:
    """Return the place of the last cell that binds a name, or None."""
    return _last(cells, lambda found: name in found.binds)


def maker(cells: Sequence[Cell], name: str) -> int | None:
    """Return the place of the last cell that binds a name or changes its object, or None."""
    return _last(cells, lambda found: name in found.binds | found.changes)


def _last(cells: Sequence[Cell], wanted: Callable[[Names], bool]) -> int | None:
    return next((at for at in range(len(cells) - 1, -1, -1) if wanted(names(parse(cells[at].source)))), None)


def chain(cells: Sequence[Cell], place: int, given: set[str]) -> list[int]:
    """Return the places of the cells to run again, in order, so that the cell at `place` follows `given`.

    Only cells that depend on a given name, directly or through other cells, are in it; what does not depend
    on them keeps the value it has. The list is empty when the cell at `place` does not depend on them either.
    """
    behind: dict[int, set[int]] = {}

    def visit(at: int) -> set[int]:
        if at not in behind:
            needed = names(without(parse(cells[at].source), given)).needs
            earlier = {before for name in needed if (before := maker(cells[:at], name)) is not None}
            found = set().union(*(visit(before) for before in earlier))
            behind[at] = found | {at} if found or needed & given else set()
        return behind[at]

    return sorted(visit(place))


def without(tree: ast.Module, given: set[str]) -> ast.Module:
    """Drop the statements that define a given name afresh, so that a re-run does not undo what is given.

    A statement that makes a given name out of itself (`versions = sort(versions)`) stays.
    """

    def defines(statement: ast.stmt) -> bool:
        bound = set(_stored(statement))
        loaded = names(ast.Module(body=[statement], type_ignores=[])).needs
        return isinstance(statement, ast.Assign | ast.AnnAssign) and bool(bound) and bound <= given - loaded

    return ast.Module(body=[node for node in tree.body if not defines(node)], type_ignores=[])


def reaches(tree: ast.Module, name: str, kind: type[ast.AST]) -> bool:
    """Tell whether the value of `name` is made with a node of `kind`, if need be through other names.

    `reaches(tree, "active_models", ast.DictComp)` is true for `active_models = {k: v for ...}`, for
    `best = {...}; active_models = best` and for a call of a function in the cell that returns one.
    """
    values: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for bound in ast.walk(target):
                    if isinstance(bound, ast.Name):
                        values.setdefault(bound.id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name):
            if node.value is not None:
                values.setdefault(node.target.id, []).append(node.value)
        elif isinstance(node, ast.FunctionDef):
            values.setdefault(node.name, []).append(node)
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        seen.add(current)
        for value in values.get(current, []):
            for node in ast.walk(value):
                if isinstance(node, kind):
                    return True
                if isinstance(node, ast.Name) and node.id not in seen:
                    waiting.append(node.id)
    return False
