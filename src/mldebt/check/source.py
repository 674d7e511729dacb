"""What can be read off the learner's code without running it: which names it makes and which it uses."""

import ast
import re
import symtable
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_CHANGING = frozenset({"pop", "popitem", "setdefault"})
"""Methods that change their object and are called for their value as well; any other counts when it stands alone."""


@dataclass(frozen=True)
class Cell:
    """One executed code cell: its source in plain Python, and the error that ended its last run, if any.

    `interrupted` tells an error that somebody's patience made from one that the code made.
    """

    source: str
    error: str | None = None
    line: str | None = None
    interrupted: bool = False


def marker(question: str) -> str:
    """Return the first line of a question's answer cell, by which the cell is known again."""
    return f"# {question}: your answer"


ANY_MARKER = re.compile(r"^# (\w+): your answer", re.MULTILINE)
_OPENS = re.compile(r"\bexercise\(['\"]([\w-]+)")


def latest(cells: Sequence[Cell]) -> tuple[list[Cell], set[str]]:
    """Blank the earlier runs of each answer cell; return the cells, and the names that only those runs made.

    A name that the cell as it stands no longer makes is no answer, though the kernel still knows it.
    """
    marks, opened = [], ""  # two exercises in one kernel each have a q1
    for cell in cells:
        opened = found[1] if (found := _OPENS.search(cell.source)) else opened
        marks.append((opened, found[1]) if (found := ANY_MARKER.search(cell.source)) else None)
    last = {mark: at for at, mark in enumerate(marks) if mark}
    old = [at for at, mark in enumerate(marks) if mark and last[mark] != at]
    if not old:  # each cell ran once, as in a grader's run
        return list(cells), set()
    kept = [Cell("") if at in old else cell for at, cell in enumerate(cells)]
    made = {name for at in old for name in names_of(cells[at].source).binds}
    return kept, made - {name for cell in kept for name in names_of(cell.source).binds}


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
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


@lru_cache(maxsize=4096)
def names_of(source: str, given: frozenset[str] = frozenset()) -> Names:
    """Find the names of a cell by its source, less what defines a given name: the same cells come again and again."""
    if not given:
        return names(parse(source))
    return names(without(parse(source), given)) if given & names_of(source).binds else names_of(source)


def names(tree: ast.Module) -> Names:
    """Find the names that a cell binds, changes or needs from earlier cells."""
    found, bound, later = Names(), set[str](), set[str]()
    _scan(tree.body, found, bound, later)
    found.needs |= later - bound
    return found


def _scan(statements: Sequence[ast.stmt], found: Names, bound: set[str], later: set[str]) -> None:
    """Walk through statements in the order of their execution.

    `bound` grows by what is bound so far, `later` by what functions will use once they are called. The body of a
    loop, a `with` or a `try` is taken to run; of an `if` or a `match` only what all branches bind counts as bound.
    """
    for statement in statements:
        for part in _head(statement):
            stored, loaded = _scope(part)
            changed = _changed(part) & (stored | loaded)
            found.binds |= stored
            found.changes |= changed
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                later |= loaded | changed
                bound.add(part.name)
            else:
                found.needs |= (loaded | changed) - bound
                bound |= stored
        if isinstance(statement, ast.If | ast.Match):
            cases = [statement.body, statement.orelse] if isinstance(statement, ast.If) else []
            cases += [*(case.body for case in statement.cases), []] if isinstance(statement, ast.Match) else []
            ends = [bound.copy() for _ in cases]
            for case, end in zip(cases, ends, strict=True):
                _scan(case, found, end, later)
            bound |= set.intersection(*ends)
        elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
            for block in [blocks[0], *(handler.body for handler in getattr(statement, "handlers", [])), *blocks[1:]]:
                _scan(block, found, bound, later)


def _head(statement: ast.stmt) -> list[ast.stmt]:
    """Return what a statement does before its blocks, as statements without blocks; a simple one as it is."""
    if isinstance(statement, ast.For | ast.AsyncFor):
        return [ast.Assign([statement.target], statement.iter)]
    if isinstance(statement, ast.While | ast.If):
        return [ast.Expr(statement.test)]
    if isinstance(statement, ast.With | ast.AsyncWith):
        return [
            ast.Assign([item.optional_vars], item.context_expr) if item.optional_vars else ast.Expr(item.context_expr)
            for item in statement.items
        ]
    if isinstance(statement, ast.Try | ast.TryStar):
        handlers = [ast.ExceptHandler(handler.type, handler.name, [ast.Pass()]) for handler in statement.handlers]
        return [ast.Try([ast.Pass()], handlers, [], [])] if handlers else []
    if isinstance(statement, ast.Match):
        cases = [ast.match_case(case.pattern, case.guard, [ast.Pass()]) for case in statement.cases]
        return [ast.Match(statement.subject, cases)]
    return [statement]


def _scope(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """Return the names that a statement binds in the cell's namespace, and those it reads there, with its functions."""
    stored, loaded = set(), set()
    try:
        code = ast.unparse(ast.fix_missing_locations(ast.Module([statement], [])))
        waiting = [symtable.symtable(code, "<cell>", "exec")]
    except (SyntaxError, RecursionError):
        return set(), set()
    while waiting:
        scope = waiting.pop()
        waiting += scope.get_children()
        for symbol in scope.get_symbols():
            if scope.get_type() != "module" and not symbol.is_global():
                continue
            if symbol.is_assigned() or symbol.is_imported():
                stored.add(symbol.get_name())
            if symbol.is_referenced():
                loaded.add(symbol.get_name())
    return stored, loaded


def _changed(statement: ast.stmt) -> set[str]:
    """Return the names whose objects a statement changes in place: `d[k] = v`, `d.x = v`, `d += v`, `d.pop()`."""
    changed = set()
    for node in ast.walk(statement):
        target: ast.expr | None = None
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            target = node.value
        elif isinstance(node, ast.AugAssign):
            target = node.target
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
            target = node.func.value
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            # A method called for its effect alone: versions.clear(), scores.sort()
            target = node.value.func.value if isinstance(node.value.func, ast.Attribute) else None
        while isinstance(target, ast.Subscript | ast.Attribute):
            target = target.value
        if isinstance(target, ast.Name):
            changed.add(target.id)
    return changed


def binder(cells: Sequence[Cell], name: str) -> int | None:
    """Return the place of the last cell that binds a name, or None."""
    return next((at for at in range(len(cells) - 1, -1, -1) if name in names_of(cells[at].source).binds), None)


def chain(cells: Sequence[Cell], name: str | int, given: frozenset[str]) -> list[int]:
    """Return the places of the cells to run again, in order, so that a name, or a cell by its place, follows `given`.

    These are the last cell that makes or changes the name, and those it depends on that depend on a given name,
    directly or through others. What does not depend on them keeps the value it has now; where that value was made
    by a cell that is to run again (a list that starts in one cell and is filled in another), its start is in it.
    """
    last: dict[str, int] = {}
    final = {made: at for at, cell in enumerate(cells) for made in _made(cell)}
    behind: list[dict[str, int]] = []
    follows: list[bool] = []
    for at, cell in enumerate(cells):
        needs = names_of(cell.source, given).needs
        # A cell that failed counts only while nothing has made its name anew.
        behind.append({n: last[n] for n in needs if n in last and not (cells[last[n]].error and final[n] != last[n])})
        follows.append(bool(needs & given) or any(follows[before] for before in behind[at].values()))
        last |= dict.fromkeys(_made(cell), at)
    place = final.get(name) if isinstance(name, str) else name
    places = set() if place is None else {place}
    while True:
        more = {
            before
            for at in places
            for needed, before in behind[at].items()
            if follows[before] or (needed not in given and final[needed] in places)
        }
        if more <= places:
            return sorted(places)
        places |= more


def _made(cell: Cell) -> set[str]:
    found = names_of(cell.source)
    return found.binds | found.changes


class _Without(ast.NodeTransformer):
    """Takes a fresh definition of a given name out of the code; functions and classes stay as they are."""

    def __init__(self, given: frozenset[str]) -> None:
        self._given = given

    def _keep(self, node: ast.AST) -> ast.AST:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _keep  # noqa: N815

    def _define(self, node: ast.Assign | ast.AnnAssign) -> ast.AST:
        loaded = _scope(node)[1]
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = [part for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        fresh = [part for part in parts if part.id in self._given - loaded]
        if parts and len(fresh) == len(parts):
            return ast.copy_location(ast.Pass(), node)
        for part in fresh:
            part.id = "_"
        return self.generic_visit(node)

    visit_Assign = visit_AnnAssign = _define  # noqa: N815

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        if node.target.id not in self._given or node.target.id in _scope(ast.Expr(node.value))[1]:
            return self.generic_visit(node)
        return ast.copy_location(ast.Name(node.target.id, ast.Load()), node)


def without(tree: ast.Module, given: frozenset[str]) -> ast.Module:
    """Take out what defines a given name afresh, so that a re-run does not undo what is given. Changes the tree.

    A statement that makes a given name out of itself (`versions = sort(versions)`) stays.
    """
    _Without(given).visit(tree)
    return tree


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
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr | ast.AugAssign) and isinstance(node.target, ast.Name):
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
