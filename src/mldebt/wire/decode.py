"""JSON to values, in the process that trusts nothing that it reads."""

import base64
import datetime as dt
import math
import re
import zoneinfo
from collections.abc import Sequence
from typing import Any

from mldebt.wire.encode import MAX_DEPTH
from mldebt.wire.frames import WireError
from mldebt.wire.opaque import Opaque, opaque_class

MAX_NODES = 300_000
MAX_HASHED = 5_000
"""Entries of one set or dict: keys that collide on purpose cost the square of their number."""
MAX_INDEXED = 20_000
"""Rows of all indexes with levels, and categories, which pandas hashes at once: as above, and it is faster at it."""
MAX_DIGITS = 20_000
MAX_ELEMENTS = 3_000_000


def decode(data: Any, kept: Sequence[object] = ()) -> Any:
    """Turn JSON back into a value. Raises WireError for what no encoder writes, and for what is too large.

    `kept` are the objects that never travelled, in the order of their numbers, where this is the side that has them.
    """
    try:
        return _Decoder(kept).value(data, 0)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"{type(error).__name__}: {error}"[:200]) from None


def _fail(why: str) -> Any:
    raise WireError(why)


def _zone(data: Any) -> dt.tzinfo | None:
    if data is None:
        return None
    if type(data) is int:
        return dt.timezone(dt.timedelta(seconds=data))
    if type(data) is str and re.fullmatch(r"[A-Za-z0-9_+/-]{1,60}", data):
        return zoneinfo.ZoneInfo(data)
    raise WireError("a time zone that is none")


def _unit(data: Any) -> str:
    return str(data) if data in ("s", "ms", "us", "ns") else _fail("a unit of time that is none")


class _Decoder:
    def __init__(self, kept: Sequence[object]) -> None:
        self.kept = kept
        self.nodes = 0
        self.indexed = 0

    def value(self, data: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > 3 * MAX_DEPTH or self.nodes > MAX_NODES:
            raise WireError("a value that is too deep or too large")
        kind = type(data)
        if data is None or kind in (bool, int, float, str):
            return data
        if kind is list:
            return [self.value(item, depth + 1) for item in data]
        if kind is not dict or set(data) != {"$", "v"} or type(data["$"]) is not str:
            raise WireError("a value without a tag")
        read = getattr(self, f"read_{data['$']}", None)
        if read is None:
            raise WireError("an unknown tag")
        return read(data["v"], depth + 1)

    def items(self, data: Any, depth: int, most: int = MAX_NODES) -> list[Any]:
        if type(data) is not list or len(data) > most:
            raise WireError("a list that is none, or is too long")
        return [self.value(item, depth) for item in data]

    # Built-in types

    def read_int(self, data: Any, depth: int) -> int:
        return int(data, 16) if len(data) <= MAX_DIGITS else _fail("an int that is too long")

    def read_dict(self, data: Any, depth: int) -> dict[Any, Any]:
        if type(data) is not list or len(data) > MAX_HASHED:
            raise WireError("a dict that is none, or is too large")
        return {self.value(key, depth): self.value(value, depth) for key, value in data}

    def read_tuple(self, data: Any, depth: int) -> tuple[Any, ...]:
        return tuple(self.items(data, depth))

    def read_set(self, data: Any, depth: int) -> set[Any]:
        return set(self.items(data, depth, MAX_HASHED))

    def read_frozenset(self, data: Any, depth: int) -> frozenset[Any]:
        return frozenset(self.items(data, depth, MAX_HASHED))

    def read_bytes(self, data: Any, depth: int) -> bytes:
        return base64.b64decode(data, validate=True)

    def read_bytearray(self, data: Any, depth: int) -> bytearray:
        return bytearray(base64.b64decode(data, validate=True))

    def read_ellipsis(self, data: Any, depth: int) -> Any:
        return ...

    def read_complex(self, data: Any, depth: int) -> complex:
        real, imaginary = data
        return complex(float(real), float(imaginary))

    def read_range(self, data: Any, depth: int) -> range:
        return range(*self.items(data, depth, 3))

    def read_datetime(self, data: Any, depth: int) -> dt.datetime:
        text, zone, fold = data
        return dt.datetime.fromisoformat(text).replace(tzinfo=_zone(zone), fold=int(fold))

    def read_date(self, data: Any, depth: int) -> dt.date:
        return dt.date.fromisoformat(data)

    def read_time(self, data: Any, depth: int) -> dt.time:
        text, zone, fold = data
        return dt.time.fromisoformat(text).replace(tzinfo=_zone(zone), fold=int(fold))

    def read_timedelta(self, data: Any, depth: int) -> dt.timedelta:
        return dt.timedelta(*(int(part) for part in data))

    def read_opaque(self, data: Any, depth: int) -> Opaque:
        number, kind, is_callable = data
        if type(number) is not int or type(kind) is not str or type(is_callable) is not bool:
            raise WireError("an opaque value without a number and a type")
        return opaque_class(kind.rpartition(".")[2][:60])(number, kind[:200], is_callable)

    def read_kept(self, data: Any, depth: int) -> object:
        if type(data) is not int or not 0 < data <= len(self.kept):
            raise WireError("a reference to nothing")
        return self.kept[data - 1]

    # NumPy

    def read_array(self, data: Any, depth: int) -> Any:
        import numpy as np

        name, shape, content = data
        shape = tuple(int(size) for size in shape)
        count = math.prod(shape)
        if len(shape) > 10 or any(size < 0 for size in shape) or count > MAX_ELEMENTS:
            raise WireError("an array that is too large")
        if name == "|O":
            array = np.empty(count, dtype=object)
            items = self.items(content, depth)
            if len(items) != count:
                raise WireError("an array of another size than it says")
            for place, item in enumerate(items):
                array[place] = item
            return array.reshape(shape)
        dtype = np.dtype(str(name)[:20])
        if dtype.kind not in "biufcMmUS" or dtype.names:
            raise WireError("an array of another dtype than numbers, times and text")
        raw = base64.b64decode(content, validate=True)
        if len(raw) != count * dtype.itemsize:
            raise WireError("an array of another size than it says")
        return np.frombuffer(raw, dtype).reshape(shape).copy()

    def read_scalar(self, data: Any, depth: int) -> Any:
        array = self.read_array(data, depth)
        return array[()] if array.shape == () else _fail("a scalar with a shape")

    # pandas

    def read_missing(self, data: Any, depth: int) -> Any:
        import pandas as pd

        return {"NaT": pd.NaT, "NA": pd.NA}[data]

    def read_Timestamp(self, data: Any, depth: int) -> Any:  # noqa: N802 - a tag is a type's name
        import numpy as np
        import pandas as pd

        number, unit, zone = data
        found = pd.Timestamp(np.int64(int(number)).view(f"M8[{_unit(unit)}]"))
        return found if zone is None else found.tz_localize("UTC").tz_convert(_zone(zone))

    def read_Timedelta(self, data: Any, depth: int) -> Any:  # noqa: N802
        import numpy as np
        import pandas as pd

        number, unit = data
        return pd.Timedelta(np.int64(int(number)).view(f"m8[{_unit(unit)}]"))

    def read_Period(self, data: Any, depth: int) -> Any:  # noqa: N802
        import pandas as pd

        number, frequency = data
        return pd.Period(ordinal=int(number), freq=str(frequency)[:20])

    def read_Interval(self, data: Any, depth: int) -> Any:  # noqa: N802
        import pandas as pd

        left, right, closed = data
        return pd.Interval(self.value(left, depth), self.value(right, depth), closed)

    def read_RangeIndex(self, data: Any, depth: int) -> Any:  # noqa: N802
        import pandas as pd

        (start, stop, step), name = data
        index = pd.RangeIndex(int(start), int(stop), int(step), name=self.value(name, depth))
        return index if len(index) <= MAX_ELEMENTS else _fail("an index that is too long")

    def read_Index(self, data: Any, depth: int) -> Any:  # noqa: N802
        import pandas as pd

        column, name = data
        return pd.Index(self.column(column, depth), name=self.value(name, depth))

    def read_MultiIndex(self, data: Any, depth: int) -> Any:  # noqa: N802
        import pandas as pd

        levels, names = data
        found = [self.indexable(level) for level in self.items(levels, depth)]
        return pd.MultiIndex.from_arrays(found, names=self.items(names, depth))

    def read_Series(self, data: Any, depth: int) -> Any:  # noqa: N802
        column, index, name = data
        series = self.column(column, depth)
        series.index = self.value(index, depth)
        series.name = self.value(name, depth)
        return series

    def read_DataFrame(self, data: Any, depth: int) -> Any:  # noqa: N802
        import pandas as pd

        columns, names, index = data
        series = [self.column(column, depth) for column in columns]
        heads, rows = self.value(names, depth), self.value(index, depth)
        if len(series) != len(heads) or any(len(one) != len(rows) for one in series):
            raise WireError("a frame of another shape than it says")
        frame = pd.DataFrame({place: one.array for place, one in enumerate(series)}, index=rows)
        frame.columns = heads
        return frame

    def indexable(self, values: Any) -> Any:
        """Count what pandas will hash at once, and return it."""
        self.indexed += len(values)
        return values if self.indexed <= MAX_INDEXED else _fail("an index that is too long")

    def column(self, data: Any, depth: int) -> Any:
        import pandas as pd

        name, content = data
        if type(name) is not str or len(name) > 100:
            raise WireError("a column without a dtype")
        if name == "category":
            categories, ordered, codes = content
            dtype = pd.CategoricalDtype(self.indexable(self.value(categories, depth)), bool(ordered))
            return pd.Series(pd.Categorical.from_codes([int(code) for code in codes], dtype=dtype))
        if name == "zoned":
            zone, values = content
            return pd.Series(self.value(values, depth)).dt.tz_localize("UTC").dt.tz_convert(_zone(zone))
        if name == "period":
            frequency, values = content
            periods: Any = pd.PeriodIndex
            return pd.Series(periods.from_ordinals(self.value(values, depth), freq=str(frequency)[:20]))
        if name == "interval":
            closed, left, right = content
            ends = self.column(left, depth).array, self.column(right, depth).array
            return pd.Series(pd.arrays.IntervalArray.from_arrays(*ends, closed=closed))
        values = self.value(content, depth)
        return pd.Series(values) if not name else pd.Series(values, dtype=name)
