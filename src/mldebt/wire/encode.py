"""Values to JSON. In the learner's process its honesty is not relied on; the reader checks everything again.

A subclass is written as the built-in type that it extends, read past whatever it overrides: what arrives is plain
data. Anything that is no data becomes an opaque reference.
"""

import base64
import datetime as dt
import sys
import zoneinfo
from collections.abc import Callable
from typing import Any

from mldebt.wire.opaque import Opaque

MAX_DEPTH = 60
_SAFE_INT = 2**53  # beyond it other readers of JSON lose digits, and long texts of digits cost time

Reference = Callable[[Any], int]
"""Gives an object that does not travel a number, under which it can be called or used later."""


def encode(value: Any, reference: Reference | None = None) -> Any:
    """Turn a value into JSON. Without `reference` an opaque value is described and cannot be used further.

    Cycles, what is nested more than MAX_DEPTH deep, and tables of what is no data become opaque.
    """
    return _Encoder(reference).value(value, 0)


def _tag(name: str, payload: Any) -> dict[str, Any]:
    return {"$": name, "v": payload}


class _NoDataError(Exception):
    """Something in a table or a time is an object with rules of its own."""


def _zone(zone: dt.tzinfo | None) -> Any:
    """Write a time zone: None, seconds east of UTC, or its name. Raises _NoDataError for one with rules of its own."""
    if zone is None:
        return None
    if type(zone) is zoneinfo.ZoneInfo and zone.key:
        return zone.key
    if type(zone) is dt.timezone:
        offset = zone.utcoffset(None)
        if repr(zone) == repr(dt.timezone(offset)) and not offset.microseconds:  # no name of its own
            return offset.days * 86400 + offset.seconds
    raise _NoDataError


class _Encoder:
    def __init__(self, reference: Reference | None) -> None:
        self.reference = reference
        self.inside: set[int] = set()  # the containers that are being written, to notice cycles

    def value(self, value: Any, depth: int) -> Any:
        if value is None or value is True or value is False:
            return value
        if depth > MAX_DEPTH or id(value) in self.inside:
            return self.opaque(value)
        kind = type(value)
        library = (kind.__module__ or "").partition(".")[0]
        if library in ("numpy", "pandas") and library in sys.modules:
            try:
                written = self.array(value, depth) if library == "numpy" else self.table(value, depth)
            except Exception:  # whatever the library says of a value: it is none that travels
                written = None
            return self.opaque(value) if written is None else written
        self.inside.add(id(value))
        try:
            return self.builtin(value, depth + 1)
        finally:
            self.inside.discard(id(value))

    def builtin(self, value: Any, depth: int) -> Any:
        if isinstance(value, Opaque):
            return _tag("kept", value.number)
        # Methods are called on the built-in class, so that a subclass cannot answer in their place.
        if isinstance(value, int):
            number = int.__int__(value)
            return number if -_SAFE_INT < number < _SAFE_INT else _tag("int", hex(number))
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, dict):
            return _tag("dict", [[self.value(k, depth), self.value(v, depth)] for k, v in dict.items(value)])
        if isinstance(value, list):
            return [self.value(item, depth) for item in list.__iter__(value)]
        kind: Any
        for name, kind in (("tuple", tuple), ("set", set), ("frozenset", frozenset)):
            if isinstance(value, kind):
                return _tag(name, [self.value(item, depth) for item in kind.__iter__(value)])
        for name, kind in (("bytes", bytes), ("bytearray", bytearray)):
            if isinstance(value, kind):
                return _tag(name, base64.b64encode(kind(memoryview(value))).decode())
        return self.rare(value, depth)

    def rare(self, value: Any, depth: int) -> Any:
        if value is ...:  # what a learner has left to be replaced
            return _tag("ellipsis", None)
        if isinstance(value, complex):
            return _tag("complex", [value.real, value.imag])
        if type(value) is range:
            return _tag("range", [self.value(part, depth) for part in (value.start, value.stop, value.step)])
        if type(value) is dt.timedelta:
            return _tag("timedelta", [value.days, value.seconds, value.microseconds])
        if type(value) is dt.date:
            return _tag("date", value.isoformat())
        name = {dt.datetime: "datetime", dt.time: "time"}.get(type(value))
        if name:
            try:
                return _tag(name, [value.replace(tzinfo=None).isoformat(), _zone(value.tzinfo), value.fold])
            except _NoDataError:
                return self.opaque(value)
        return self.opaque(value)

    def array(self, value: Any, depth: int) -> Any:
        """Write a NumPy array or scalar; None for a dtype that is no data."""
        import numpy as np

        scalar = isinstance(value, np.generic)
        if not scalar and not isinstance(value, np.ndarray):
            return None
        array = np.asarray(value)
        shape = list(array.shape)
        data: Any
        if array.dtype.kind in "biufcMmUS":
            data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
        elif array.dtype == object:
            data = [self.value(item, depth + 1) for item in array.ravel().tolist()]
        else:
            return None
        return _tag("scalar" if scalar else "array", [array.dtype.str, shape, data])

    def table(self, value: Any, depth: int) -> Any:
        """Write a pandas frame, series, index or scalar; None for other objects."""
        import pandas as pd

        if value is pd.NaT or value is pd.NA:
            return _tag("missing", "NaT" if value is pd.NaT else "NA")
        if type(value) is pd.Timestamp:
            return _tag("Timestamp", [int(value.asm8.view("i8")), value.unit, _zone(value.tzinfo)])
        if type(value) is pd.Timedelta:
            return _tag("Timedelta", [int(value.asm8.view("i8")), value.unit])
        if type(value) is pd.Period:
            return _tag("Period", [value.ordinal, value.freqstr])
        if type(value) is pd.Interval:
            return _tag("Interval", [self.value(value.left, depth), self.value(value.right, depth), value.closed])
        if isinstance(value, pd.DataFrame):
            columns = [self.column(value.iloc[:, place], depth + 1) for place in range(value.shape[1])]
            return _tag(
                "DataFrame", [columns, self.value(value.columns, depth + 1), self.value(value.index, depth + 1)]
            )
        if isinstance(value, pd.Series):
            name = self.value(value.name, depth + 1)
            return _tag("Series", [self.column(value, depth + 1), self.value(value.index, depth + 1), name])
        if type(value) is pd.RangeIndex:
            bounds = [value.start, value.stop, value.step]
            return _tag("RangeIndex", [bounds, self.value(value.name, depth + 1)])
        if type(value) is pd.MultiIndex:
            levels = [self.value(value.get_level_values(at).rename(None), depth + 1) for at in range(value.nlevels)]
            return _tag("MultiIndex", [levels, [self.value(name, depth + 1) for name in value.names]])
        if isinstance(value, pd.Index):
            return _tag("Index", [self.column(value.to_series(), depth + 1), self.value(value.name, depth + 1)])
        return None

    def column(self, series: Any, depth: int) -> Any:
        """Write the values of a series with the name of their dtype."""
        import numpy as np
        import pandas as pd

        dtype = series.dtype
        if isinstance(dtype, np.dtype) and dtype.kind in "biufcMm":
            return ["", self.value(series.to_numpy(), depth)]
        if str(dtype) == "category":
            categories = self.value(dtype.categories, depth)
            return ["category", [categories, bool(dtype.ordered), series.cat.codes.tolist()]]
        if isinstance(dtype, pd.DatetimeTZDtype):
            in_utc = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
            return ["zoned", [_zone(dtype.tz), self.value(in_utc, depth)]]
        if isinstance(dtype, pd.PeriodDtype):
            return ["period", [str(dtype)[len("period[") : -1], self.value(series.array.asi8, depth)]]
        if isinstance(dtype, pd.IntervalDtype):
            ends = [self.column(pd.Series(end), depth) for end in (series.array.left, series.array.right)]
            return ["interval", [series.array.closed, *ends]]
        return [str(dtype), [self.value(item, depth) for item in series.astype(object).tolist()]]

    def opaque(self, value: Any) -> Any:
        kind = type(value)
        name = f"{kind.__module__}.{kind.__qualname__}"[:200]
        number = self.reference(value) if self.reference else 0
        return _tag("opaque", [number, name, callable(value)])
