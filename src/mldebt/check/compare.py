"""When two values count as the same: numbers within a stated tolerance, whatever type carries them.

NumPy and pandas are never imported here: their scalars register with `numbers`, and their containers bring
their own comparison.
"""

import math
from collections.abc import Mapping, Sequence, Set
from numbers import Integral, Real
from typing import Any

TOLERANCE = 1e-9
"""Relative and absolute: wide enough for another order of additions, too narrow for another answer."""


def is_integer(value: object) -> bool:
    """Tell whether a value is an integer, a NumPy integer included; True and False are not."""
    return issubclass(type(value), Integral) and type(value) is not bool


def is_number(value: object) -> bool:
    """Tell whether a value is a real number that a float can hold, a NumPy number included; True and False are not."""
    if not issubclass(type(value), Real) or type(value) is bool:
        return False
    try:
        float(value)  # type: ignore[arg-type]
    except Exception:  # 10**400, and what a class of the learner's own may do
        return False
    return True


def names_in(value: Any) -> set[str] | None:
    """Return the names in a list, tuple, set, array or index; None where it is something else."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(name, str) for name in value):
        return None
    return set(value)


def same(left: Any, right: Any, tolerance: float = TOLERANCE) -> bool:
    """Tell whether two values are the same, numbers within `tolerance` and dicts in any order.

    Lists and tuples compare in their order. Objects that compare element by element (NumPy arrays, pandas
    frames) are the same when they have the same type and shape and all elements agree; a missing value is the
    same as itself. Other objects are the same when they say so, or have no say and agree in their attributes.
    """
    left, right = _plain(left), _plain(right)
    if left is right:
        return True
    if is_number(left) and is_number(right):
        try:
            both_nan = math.isnan(left) and math.isnan(right)
            return both_nan or math.isclose(left, right, rel_tol=tolerance, abs_tol=tolerance)
        except OverflowError:  # an integer beyond all floats
            return bool(left == right)
    if hasattr(left, "shape") or hasattr(right, "shape"):
        return _same_elements(left, right, tolerance)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[key], right[key], tolerance) for key in left)
    if isinstance(left, str | bytes | Set) or isinstance(right, str | bytes | Set):
        return type(left) is type(right) and bool(left == right)
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        return len(left) == len(right) and all(
            same(one, other, tolerance) for one, other in zip(left, right, strict=True)
        )
    says: Any = type(left).__eq__
    if type(left) is type(right) and says is object.__eq__ and hasattr(left, "__dict__"):
        return same(vars(left), vars(right), tolerance)
    return type(left) is type(right) and bool(left == right)


def _plain(value: Any) -> Any:
    """Turn a NumPy scalar into what it stands for: np.True_ is True, np.str_("v1") is "v1"."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def _same_elements(left: Any, right: Any, tolerance: float) -> bool:
    if type(left) is not type(right) or left.shape != right.shape:
        return False
    if hasattr(left, "axes"):  # pandas: names, order and dtypes count as well
        if left.equals(right):  # most tables are, and element by element a large one takes long
            return True
        same_labels = same([list(axis) for axis in left.axes], [list(axis) for axis in right.axes], tolerance)
        if not same_labels or str(left.dtypes) != str(right.dtypes):
            return False
        left, right = left.to_numpy(), right.to_numpy()
    return same(left.tolist(), right.tolist(), tolerance)
