"""How a check sees the learner's work, and nothing else of it.

`Answer` is all that a check may use. `NamespaceAnswer` implements it over a namespace and the cells that made
it, which is what a kernel has; the grader has a second implementation across a process boundary.
"""

import ast
import builtins
import contextlib
import difflib
import io
import linecache
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, NoReturn, Protocol, Self

from mldebt.check.compare import same
from mldebt.check.isolate import copied, gather
from mldebt.check.outcome import BrokeError, NotAttemptedError
from mldebt.check.running import Output, must_have_run, running
from mldebt.check.shown import is_data, kind_of
from mldebt.check.source import Cell, binder, chain, latest, names_of, parse, without


@dataclass(frozen=True)
class Call:
    """What came of calling a learner's function: a copy of its result, what it printed, what it changed.

    `changed` names the arguments that the function changed in place: their positions from 1, or keywords.
    """

    value: Any
    printed: str
    changed: tuple[str, ...]


class Answer(Protocol):
    """The learner's work as a check sees it. Every method raises NotAttemptedError or BrokeError."""

    def value(self, name: str) -> Any:
        """Return a copy of the value that a name has."""

    def call(self, name: str, *args: Any, **kwargs: Any) -> Call:
        """Call the learner's function of that name with copies of the arguments, and of the names that it uses.

        So each call finds them as they are now; what a function keeps from call to call is seen by `evaluate`.
        """

    def evaluate(self, expression: str, **inputs: Any) -> Any:
        """Evaluate an expression among the learner's names and the inputs; return a copy of its value."""

    def source(self, name: str | None = None) -> ast.Module:
        """Return the cell that binds a name, or without a name the question's own cell, as a syntax tree."""

    def printed(self, name: str | None = None) -> str:
        """Run that cell again and return what it prints."""

    def program(self, name: str) -> ast.Module:
        """Return the program that a name holds as text, as a syntax tree."""

    def given(self, **values: Any) -> Self:
        """Return the answer as it would be if these names had these values."""


class NamespaceAnswer:
    """An answer in a namespace of this process.

    `cells` are the executed cells in the order of their execution, the latest run of each last. `own` is the
    place of the question's own cell among them, where it is known. Nothing here changes `namespace` or an
    object in it.
    """

    def __init__(
        self,
        namespace: Mapping[str, Any],
        cells: Sequence[Cell],
        own: int | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self._namespace = namespace
        self._cells, self._gone = latest(cells)
        self._own = own
        self._given = dict(given or {})

    def given(self, **values: Any) -> "NamespaceAnswer":
        """See Answer."""
        return NamespaceAnswer(self._namespace, self._cells, self._own, {**self._given, **values})

    def value(self, name: str) -> Any:
        """See Answer."""
        return copied(self._found(name))

    def _found(self, name: str) -> Any:
        """Return what a name stands for, the learner's own object where no re-run made another."""
        place = binder(self._cells, name)
        if place is not None:
            must_have_run(self._cells[place], f"The cell that makes `{name}`")
        self._unfinished(name, place)
        if name not in self._namespace or name in self._gone:
            self._not_made(name)
        value = self._namespace[name]
        if value is Ellipsis or _is_stub(value, self._cells, place):
            raise NotAttemptedError(f"`{name}` still holds the `...` it came with. Replace it, then run the cell.")
        return self._rerun(name).get(name, value) if self._given else value

    def call(self, name: str, *args: Any, **kwargs: Any) -> Call:
        """See Answer."""
        function = self._isolated({name: self._found(name)})[name]
        if not callable(function):
            raise BrokeError(f"`{name}` should be a function, and it is {kind_of(function)}.")
        passed, keywords = [copied(arg) for arg in args], {key: copied(arg) for key, arg in kwargs.items()}
        shown = ", ".join([*(_short(arg) for arg in args), *(f"{k}={_short(v)}" for k, v in kwargs.items())])
        printed = Output()
        with running(f"`{name}({shown})`"), contextlib.redirect_stdout(printed):
            value = copied(function(*passed, **keywords))
        changed = [str(at) for at, arg in enumerate(args, 1) if not same(arg, passed[at - 1])]
        changed += [key for key, arg in kwargs.items() if not same(arg, keywords[key])]
        return Call(value, printed.getvalue(), tuple(changed))

    def evaluate(self, expression: str, **inputs: Any) -> Any:
        """See Answer."""
        used = sorted(_names(expression) - set(inputs))
        values = {name: self._found(name) for name in used if name in self._namespace or not hasattr(builtins, name)}
        scope = self._isolated(values) | {name: copied(value) for name, value in inputs.items()}
        what = f"`{expression}`" if len(expression) <= 40 else "your code"
        with running(what), contextlib.redirect_stdout(Output()):
            return copied(eval(expression, scope))

    def source(self, name: str | None = None) -> ast.Module:
        """See Answer."""
        return parse(self._cells[self._place(name)].source)

    def printed(self, name: str | None = None) -> str:
        """See Answer."""
        place = self._place(name)
        must_have_run(self._cells[place], "Your cell")
        printed = Output()
        self._run(chain(self._cells, place, frozenset(self._given)), printed)
        return printed.getvalue()

    def program(self, name: str) -> ast.Module:
        """See Answer."""
        text = self._found(name)
        with running(f"The text in `{name}`"):
            tree: ast.Module = ast.parse(text)
        return tree

    def _place(self, name: str | None) -> int:
        place = self._own if name is None else binder(self._cells, name)
        if place is None or not parse(self._cells[place].source).body:
            if place is not None:
                must_have_run(self._cells[place], "Your cell")
            raise NotAttemptedError("The cell is still empty. Write your answer in it, run it, then check again.")
        return place

    def _unfinished(self, name: str, place: int | None) -> None:
        """Report a cell that would make `name`, is newer than the one that did, and never ran: a syntax error."""
        makes = rf"^\s*((def|class)\s+{re.escape(name)}\b|{re.escape(name)}\s*(:|=(?!=)))"
        for cell in reversed(self._cells[0 if place is None else place + 1 :]):
            if cell.error and not parse(cell.source).body and re.search(makes, cell.source, re.MULTILINE):
                must_have_run(cell, f"The cell that makes `{name}`")

    def _not_made(self, name: str) -> NoReturn:
        """Say why a name is not there: its cell stopped, makes another name, or was not run."""
        own = self._cells[self._own] if self._own is not None else Cell("")
        must_have_run(own, "Your cell")
        if _compares(parse(own.source), name):
            raise NotAttemptedError(f"`==` compares `{name}` with something. One `=` gives it a value.")
        made = {
            bound.lower(): bound
            for bound in names_of(own.source).binds
            if not isinstance(self._namespace.get(bound), ModuleType)  # where no marker is, a cell of the course's own
        }
        near = difflib.get_close_matches(name.lower(), made, n=1, cutoff=0.7)
        if near:
            said = made[near[0]]
            raise NotAttemptedError(f"Your cell makes `{said}`; the name asked for is `{name}`, letter by letter.")
        if name in self._gone:
            raise NotAttemptedError(f"Your cell made `{name}` before, and does not any more.")
        raise NotAttemptedError(f"`{name}` is not there yet. Complete the cell, run it, then check again.")

    def _isolated(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Copy these values, and what the learner's functions among them use, so that a call changes nothing."""
        own = [name for name, value in values.items() if self._namespace.get(name) is value]
        scope = {name: copied(value) for name, value in values.items() if name not in own}
        gather(own, self._namespace, scope)
        return scope

    def _rerun(self, name: str) -> dict[str, Any]:
        given = frozenset(self._given)
        places = chain(self._cells, name, given)
        if not any(names_of(self._cells[place].source, given).needs & given for place in places):
            return dict(self._given)
        return self._run(places, Output())

    def _run(self, places: Sequence[int], printed: io.StringIO) -> dict[str, Any]:
        """Run cells again in a namespace of their own; only what the last of them prints is kept."""
        given = frozenset(self._given)
        scope = {name: copied(value) for name, value in self._given.items()}
        gather(set().union(*(names_of(self._cells[at].source, given).needs for at in places)), self._namespace, scope)
        changed = " and ".join(f"`{name}`" for name in self._given)
        what = f"your cell, run with another {changed}," if changed else "your cell"
        for place in places:
            source = self._cells[place].source
            file = f"<your answer, cell {place}>"
            linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
            output = printed if place == places[-1] else Output()
            with running(what), contextlib.redirect_stdout(output):
                exec(_compiled(source, given, file), scope)
        return scope


@lru_cache(maxsize=512)
def _compiled(source: str, given: frozenset[str], file: str) -> CodeType:
    """Compile a cell without what would bind the given names; a check runs the same cells again and again."""
    return compile(without(parse(source), given), file, "exec")


def _is_stub(value: Any, cells: Sequence[Cell], place: int | None) -> bool:
    """Tell whether a function is still the empty one it came as: a docstring and `...`."""
    if not isinstance(value, FunctionType) or place is None:
        return False
    for node in parse(cells[place].source).body:
        if isinstance(node, ast.FunctionDef) and node.name == value.__name__:
            return all(isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) for part in node.body)
    return False


def _names(expression: str) -> set[str]:
    found = [node for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)]
    return {node.id for node in found} - {node.id for node in found if isinstance(node.ctx, ast.Store)}


def _short(value: Any) -> str:
    if not is_data(value):  # of a table, the first rows would say nothing
        return type(value).__name__
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def _compares(tree: ast.Module, name: str) -> bool:
    """Tell whether a line does no more than compare a name: `limit == 3`."""
    lines = [line.value for line in tree.body if isinstance(line, ast.Expr)]
    left = [line.left for line in lines if isinstance(line, ast.Compare) and isinstance(line.ops[0], ast.Eq)]
    return any(isinstance(node, ast.Name) and node.id == name for node in left)
