"""Copies of the learner's values and functions, so that looking at an answer never changes it."""

import builtins
import copy
from collections.abc import Iterable, Mapping
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any


def gather(wanted: Iterable[str], namespace: Mapping[str, Any], scope: dict[str, Any]) -> None:
    """Copy names into a scope, with all that their functions use; the functions then run over that scope.

    Two names for one object are two names for one copy.
    """
    # C code that imports while a function runs (NumPy's does) looks for the builtins in the function's globals.
    scope |= {"__name__": "__main__", "__builtins__": builtins, "input": _no_input}
    waiting, memo = sorted(wanted), dict[int, Any]()
    while waiting:
        name = waiting.pop()
        if name in scope or name not in namespace:
            continue
        value = namespace[name]
        if _is_function_in(value, namespace):
            defaults = copied(value.__defaults__)
            scope[name] = FunctionType(value.__code__, scope, value.__name__, defaults, value.__closure__)
            scope[name].__kwdefaults__ = copied(value.__kwdefaults__)
            waiting += _loaded(value.__code__)
        else:
            scope[name] = copied(value, memo)


def _is_function_in(value: Any, namespace: Mapping[str, Any]) -> bool:
    return isinstance(value, FunctionType) and value.__globals__ is namespace


def _loaded(code: CodeType) -> list[str]:
    """Return the global names that a function uses, with the functions inside it."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return [*code.co_names, *(name for part in inner for name in _loaded(part))]


def copied(value: Any, memo: dict[int, Any] | None = None) -> Any:
    """Copy data; code and what cannot be copied (an open file, a generator) is passed as it is."""
    if isinstance(value, ModuleType | FunctionType | BuiltinFunctionType | MethodType | type):
        return value
    attempt = dict(memo or {})
    try:
        made = copy.deepcopy(value, attempt)
    except Exception:
        if type(value) is dict:
            return {key: copied(item) for key, item in value.items()}
        return [copied(item) for item in value] if type(value) is list else value
    if memo is not None:
        memo |= attempt
    return made


def _no_input(prompt: str = "") -> str:
    raise RuntimeError("input() has nobody to ask while your answer is checked; use a name with a value instead")
