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
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Tell whether a value is a real number, a NumPy number included; True and False are not."""
    return isinstance(value, Real) and not isinstance(value, bool)


def same(left: Any, right: Any, tolerance: float = TOLERANCE) -> bool:
    """Tell whether two values are the same, floats within `tolerance` and dicts in any order.

    Lists and tuples compare in their order. Objects that compare element by element (NumPy arrays, pandas
    frames) are the same when they have the same type and shape and all elements agree; nan is the same as nan.
    """
    if is_number(left) and is_number(right):
        if math.isnan(left) or math.isnan(right):
            return math.isnan(left) and math.isnan(right)
        return math.isclose(left, right, rel_tol=tolerance, abs_tol=tolerance)
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
    return type(left) is type(right) and bool(left == right)


def _same_elements(left: Any, right: Any, tolerance: float) -> bool:
    if type(left) is not type(right) or left.shape != right.shape:
        return False
    if hasattr(left, "equals"):  # pandas: index and dtypes count as well
        return bool(left.equals(right))
    return same(left.tolist(), right.tolist(), tolerance)
