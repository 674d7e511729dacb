"""How a check sees the learner's work, and nothing else of it.

`Answer` is all that a check may use. `NamespaceAnswer` implements it over a namespace and the cells that made
it, which is what a kernel has; the grader has a second implementation across a process boundary.
"""

import ast
import contextlib
import copy
import io
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Protocol, Self

from mldebt.check.compare import same
from mldebt.check.limit import TimeLimitError, time_limit
from mldebt.check.outcome import BrokeError, NotAttemptedError
from mldebt.check.source import Cell, binder, chain, maker, names, parse, without

SECONDS = 5.0
"""How long one call, one expression or one re-run of the learner's cells may take."""

_SOURCE = "<your answer>"


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
        """Call the learner's function of that name with copies of the arguments."""

    def evaluate(self, expression: str, **inputs: Any) -> Any:
        """Evaluate an expression among the learner's names and the inputs; return a copy of its value."""

    def source(self, name: str | None = None) -> ast.Module:
        """Return the cell that binds a name, or without a name the question's own cell, as a syntax tree."""

    def printed(self, name: str | None = None) -> str:
        """Run that cell again and return what it prints."""

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
        self._cells = cells
        self._own = own
        self._given = dict(given or {})

    def given(self, **values: Any) -> "NamespaceAnswer":
        """See Answer."""
        return NamespaceAnswer(self._namespace, self._cells, self._own, {**self._given, **values})

    def value(self, name: str) -> Any:
        """See Answer."""
        place = binder(self._cells, name)
        if place is not None and (error := self._cells[place].error):
            raise BrokeError(f"The cell that makes `{name}` stopped with {error}.", self._cells[place].line)
        if name not in self._namespace:
            self._unfinished(name)
            raise NotAttemptedError(f"`{name}` is not there yet. Complete the cell, run it, then check again.")
        value = self._namespace[name]
        if value is Ellipsis or _is_stub(value, self._cells, place):
            raise NotAttemptedError(f"`{name}` still holds the `...` it came with. Replace it, then run the cell.")
        if self._given:
            value = self._rerun(name).get(name, value)
        return _copy(value)

    def call(self, name: str, *args: Any, **kwargs: Any) -> Call:
        """See Answer."""
        function = self.value(name)
        if not callable(function):
            raise BrokeError(f"`{name}` should be a function, and it is {_a(function)}.")
        passed, keywords = [_copy(arg) for arg in args], {key: _copy(arg) for key, arg in kwargs.items()}
        shown = ", ".join([*(_short(arg) for arg in args), *(f"{k}={_short(v)}" for k, v in kwargs.items())])
        printed = io.StringIO()
        with _running(f"`{name}({shown})`", self._cells), contextlib.redirect_stdout(printed):
            value = _copy(function(*passed, **keywords))
        changed = [str(at) for at, arg in enumerate(args, 1) if not same(arg, passed[at - 1])]
        changed += [key for key, arg in kwargs.items() if not same(arg, keywords[key])]
        return Call(value, printed.getvalue(), tuple(changed))

    def evaluate(self, expression: str, **inputs: Any) -> Any:
        """See Answer."""
        scope = {name: self.value(name) for name in _names(expression) if name in self._namespace}
        scope |= {name: _copy(value) for name, value in inputs.items()}
        with _running(f"`{expression}`", self._cells), contextlib.redirect_stdout(io.StringIO()):
            return _copy(eval(expression, scope))

    def source(self, name: str | None = None) -> ast.Module:
        """See Answer."""
        return parse(self._cells[self._place(name)].source)

    def printed(self, name: str | None = None) -> str:
        """See Answer."""
        place = self._place(name)
        if error := self._cells[place].error:
            raise BrokeError(f"Your cell stopped with {error}.", self._cells[place].line)
        printed = io.StringIO()
        self._run([*chain(self._cells, place, set(self._given)), place], printed)
        return printed.getvalue()

    def _place(self, name: str | None) -> int:
        place = self._own if name is None else binder(self._cells, name)
        if place is None or not parse(self._cells[place].source).body:
            if place is not None and (error := self._cells[place].error):
                raise BrokeError(f"Your cell stopped with {error}.", self._cells[place].line)
            raise NotAttemptedError("The cell is still empty. Write your answer in it, run it, then check again.")
        return place

    def _unfinished(self, name: str) -> None:
        """Report a cell that names `name` and never ran to its end, a syntax error for example."""
        for cell in reversed(self._cells):
            if cell.error and name in cell.source:
                raise BrokeError(f"The cell that makes `{name}` stopped with {cell.error}.", cell.line)

    def _rerun(self, name: str) -> dict[str, Any]:
        place = maker(self._cells, name)
        if place is None:
            return {}
        places = chain(self._cells, place, set(self._given))
        return self._run(places, io.StringIO()) if places else dict(self._given)

    def _run(self, places: Sequence[int], printed: io.StringIO) -> dict[str, Any]:
        """Run cells again in a namespace of their own; only what the last of them prints is kept."""
        places = sorted(set(places))
        trees = [without(parse(self._cells[place].source), set(self._given)) for place in places]
        needed = set().union(*(names(tree).needs for tree in trees))
        scope: dict[str, Any] = {"__name__": "__main__", "input": _no_input}
        scope |= {name: _copy(self._namespace[name]) for name in needed if name in self._namespace}
        scope |= {name: _copy(value) for name, value in self._given.items()}
        changed = " and ".join(f"`{name}`" for name in self._given)
        what = f"your cell, run with another {changed}," if changed else "your cell"
        for place, tree in zip(places, trees, strict=True):
            output = printed if place == places[-1] else io.StringIO()
            with _running(what, [self._cells[place]]), contextlib.redirect_stdout(output):
                exec(compile(tree, _SOURCE, "exec"), scope)
        return scope


@contextlib.contextmanager
def _running(what: str, cells: Sequence[Cell]) -> Iterator[None]:
    """Turn whatever the learner's code raises into one sentence with its line."""
    try:
        with time_limit(SECONDS):
            yield
    except TimeLimitError as error:
        message = f"{what[:1].upper()}{what[1:]} was stopped after {SECONDS:g} seconds: it may never end."
        raise BrokeError(message, _line(error, cells)) from None
    except (NotAttemptedError, BrokeError):
        raise
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        message = f"{what[:1].upper()}{what[1:]} stopped with {describe(error)}."
        raise BrokeError(message, _line(error, cells)) from None


def describe(error: BaseException) -> str:
    """Say an exception in a few words, on one line: `KeyError: 'v9'`."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


def _line(error: BaseException, cells: Sequence[Cell]) -> str | None:
    """Find the learner's line in which an exception arose, innermost first."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        sources = [cell.source for cell in cells] if frame.filename == _SOURCE else []
        text = frame.line if not sources else _nth(sources[-1], frame.lineno)
        if frame.filename == _SOURCE or "ipykernel" in frame.filename or "<ipython-input" in frame.filename:
            return f"line {frame.lineno}: {text.strip()}" if text else f"line {frame.lineno}"
    return None


def _nth(source: str, number: int | None) -> str | None:
    lines = source.splitlines()
    return lines[number - 1] if number and number <= len(lines) else None


def _copy(value: Any) -> Any:
    """Copy data; code and what cannot be copied (an open file, a generator) is passed as it is."""
    if isinstance(value, ModuleType | FunctionType | BuiltinFunctionType | MethodType | type):
        return value
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def _is_stub(value: Any, cells: Sequence[Cell], place: int | None) -> bool:
    """Tell whether a function is still the empty one it came as: a docstring and `...`."""
    if not isinstance(value, FunctionType) or place is None:
        return False
    for node in parse(cells[place].source).body:
        if isinstance(node, ast.FunctionDef) and node.name == value.__name__:
            return all(isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) for part in node.body)
    return False


def _names(expression: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)}


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _a(value: Any) -> str:
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _no_input(prompt: str = "") -> str:
    raise RuntimeError("input() has nobody to ask while your answer is checked; use a name with a value instead")
