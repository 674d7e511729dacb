"""How a check sees the learner's work, and nothing else of it.

`Answer` is all that a check may use. `NamespaceAnswer` implements it over a namespace and the cells that made
it, which is what a kernel has; the grader has a second implementation across a process boundary.
"""

import ast
import builtins
import contextlib
import copy
import difflib
import io
import linecache
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NoReturn, Protocol, Self

from mldebt.check.compare import same
from mldebt.check.limit import TimeLimitError, time_limit
from mldebt.check.outcome import BrokeError, NotAttemptedError
from mldebt.check.source import Cell, binder, chain, latest, names_of, parse, without

SECONDS = 5.0
"""How long one call, one expression or one re-run of the learner's cells may take."""

_LEARNERS = re.compile(r"<your answer|<ipython-input|<timed exec>|ipykernel_\d+[/\\]")
"""What the file names of the learner's code look like, in a kernel and here."""


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
        return _copy(self._found(name))

    def _found(self, name: str) -> Any:
        """Return what a name stands for, the learner's own object where no re-run made another."""
        place = binder(self._cells, name)
        if place is not None and (error := self._cells[place].error):
            raise BrokeError(f"The cell that makes `{name}` stopped with {error}.", self._cells[place].line)
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
            raise BrokeError(f"`{name}` should be a function, and it is {_a(function)}.")
        passed, keywords = [_copy(arg) for arg in args], {key: _copy(arg) for key, arg in kwargs.items()}
        shown = ", ".join([*(_short(arg) for arg in args), *(f"{k}={_short(v)}" for k, v in kwargs.items())])
        printed = io.StringIO()
        with _running(f"`{name}({shown})`"), contextlib.redirect_stdout(printed):
            value = _copy(function(*passed, **keywords))
        changed = [str(at) for at, arg in enumerate(args, 1) if not same(arg, passed[at - 1])]
        changed += [key for key, arg in kwargs.items() if not same(arg, keywords[key])]
        return Call(value, printed.getvalue(), tuple(changed))

    def evaluate(self, expression: str, **inputs: Any) -> Any:
        """See Answer."""
        used = sorted(_names(expression) - set(inputs))
        values = {name: self._found(name) for name in used if name in self._namespace or not hasattr(builtins, name)}
        scope = self._isolated(values) | {name: _copy(value) for name, value in inputs.items()}
        what = f"`{expression}`" if len(expression) <= 40 else "your code"
        with _running(what), contextlib.redirect_stdout(io.StringIO()):
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
        self._run(chain(self._cells, place, frozenset(self._given)), printed)
        return printed.getvalue()

    def _place(self, name: str | None) -> int:
        place = self._own if name is None else binder(self._cells, name)
        if place is None or not parse(self._cells[place].source).body:
            if place is not None and (error := self._cells[place].error):
                raise BrokeError(f"Your cell stopped with {error}.", self._cells[place].line)
            raise NotAttemptedError("The cell is still empty. Write your answer in it, run it, then check again.")
        return place

    def _unfinished(self, name: str, place: int | None) -> None:
        """Report a cell that would make `name`, is newer than the one that did, and never ran: a syntax error."""
        makes = re.compile(rf"^\s*((def|class)\s+{re.escape(name)}\b|{re.escape(name)}\s*(:|=(?!=)))", re.MULTILINE)
        for cell in reversed(self._cells[0 if place is None else place + 1 :]):
            if cell.error and not parse(cell.source).body and makes.search(cell.source):
                raise BrokeError(f"The cell that makes `{name}` stopped with {cell.error}.", cell.line)

    def _not_made(self, name: str) -> NoReturn:
        """Say why a name is not there: its cell stopped, makes another name, or was not run."""
        own = self._cells[self._own] if self._own is not None else Cell("")
        if own.error:
            raise BrokeError(f"Your cell stopped with {own.error}.", own.line)
        near = difflib.get_close_matches(name, names_of(own.source).binds, n=1, cutoff=0.7)
        if near:
            raise NotAttemptedError(f"Your cell makes `{near[0]}`; the name asked for is `{name}`, letter by letter.")
        if name in self._gone:
            raise NotAttemptedError(f"Your cell made `{name}` before, and does not any more.")
        raise NotAttemptedError(f"`{name}` is not there yet. Complete the cell, run it, then check again.")

    def _isolated(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Copy these values, and what the learner's functions among them use, so that a call changes nothing."""
        own = [name for name, value in values.items() if self._namespace.get(name) is value]
        scope = {name: _copy(value) for name, value in values.items() if name not in own}
        _gather(own, self._namespace, scope)
        return scope

    def _rerun(self, name: str) -> dict[str, Any]:
        given = frozenset(self._given)
        places = chain(self._cells, name, given)
        if not any(names_of(self._cells[place].source, given).needs & given for place in places):
            return dict(self._given)
        return self._run(places, io.StringIO())

    def _run(self, places: Sequence[int], printed: io.StringIO) -> dict[str, Any]:
        """Run cells again in a namespace of their own; only what the last of them prints is kept."""
        given = frozenset(self._given)
        scope = {name: _copy(value) for name, value in self._given.items()}
        _gather(set().union(*(names_of(self._cells[at].source, given).needs for at in places)), self._namespace, scope)
        changed = " and ".join(f"`{name}`" for name in self._given)
        what = f"your cell, run with another {changed}," if changed else "your cell"
        for place in places:
            source = self._cells[place].source
            file = f"<your answer, cell {place}>"
            linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
            output = printed if place == places[-1] else io.StringIO()
            with _running(what), contextlib.redirect_stdout(output):
                exec(compile(without(parse(source), given), file, "exec"), scope)
        return scope


def _gather(wanted: Iterable[str], namespace: Mapping[str, Any], scope: dict[str, Any]) -> None:
    """Copy names into a scope, with all that their functions use; the functions then run over that scope.

    Two names for one object are two names for one copy.
    """
    scope |= {"__name__": "__main__", "input": _no_input}
    waiting, memo = sorted(wanted), dict[int, Any]()
    while waiting:
        name = waiting.pop()
        if name in scope or name not in namespace:
            continue
        value = namespace[name]
        if _is_function_in(value, namespace):
            defaults = _copy(value.__defaults__)
            scope[name] = FunctionType(value.__code__, scope, value.__name__, defaults, value.__closure__)
            scope[name].__kwdefaults__ = _copy(value.__kwdefaults__)
            waiting += _loaded(value.__code__)
        else:
            scope[name] = _copy(value, memo)


def _is_function_in(value: Any, namespace: Mapping[str, Any]) -> bool:
    return isinstance(value, FunctionType) and value.__globals__ is namespace


def _loaded(code: CodeType) -> list[str]:
    """Return the global names that a function uses, with the functions inside it."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return [*code.co_names, *(name for part in inner for name in _loaded(part))]


@contextlib.contextmanager
def _running(what: str) -> Iterator[None]:
    """Turn whatever the learner's code raises into one sentence with its line."""
    try:
        with time_limit(SECONDS):
            yield
    except TimeLimitError as error:
        message = f"{what[:1].upper()}{what[1:]} was stopped after {SECONDS:g} seconds: it may never end."
        raise BrokeError(message, _line(error)) from None
    except (NotAttemptedError, BrokeError):
        raise
    except BaseException as error:
        message = f"{what[:1].upper()}{what[1:]} stopped with {describe(error)}."
        raise BrokeError(message, _line(error)) from None


def describe(error: BaseException) -> str:
    """Say an exception in a few words, on one line: `KeyError: 'v9'`."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


def _line(error: BaseException) -> str | None:
    """Find the learner's line in which an exception arose, innermost first."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if _LEARNERS.search(frame.filename):
            return f"line {frame.lineno}: {frame.line.strip()}" if frame.line else f"line {frame.lineno}"
    return None


def _copy(value: Any, memo: dict[int, Any] | None = None) -> Any:
    """Copy data; code and what cannot be copied (an open file, a generator) is passed as it is."""
    if isinstance(value, ModuleType | FunctionType | BuiltinFunctionType | MethodType | type):
        return value
    attempt = dict(memo or {})
    try:
        made = copy.deepcopy(value, attempt)
    except Exception:
        if type(value) is dict:
            return {key: _copy(item) for key, item in value.items()}
        return [_copy(item) for item in value] if type(value) is list else value
    if memo is not None:
        memo |= attempt
    return made


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
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def _a(value: Any) -> str:
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _no_input(prompt: str = "") -> str:
    raise RuntimeError("input() has nobody to ask while your answer is checked; use a name with a value instead")
