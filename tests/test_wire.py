"""What crosses between the judge and a learner's process arrives as it was, as plain data, or not at all."""

import ast
import datetime as dt
import json
import math
import time
from collections import OrderedDict, defaultdict, namedtuple
from enum import IntEnum
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from mldebt.wire import MAX_REPLY, FrameReader, Opaque, WireError, decode, encode, pack
from mldebt.wire.tree import decode_tree, encode_tree

PLAIN = [
    None,
    True,
    0,
    -1,
    2**53,
    10**300,
    -(2**70),
    0.1,
    -0.0,
    math.inf,
    -math.inf,
    "",
    "ä\0\u2028\ud800\U0001f600",
    b"\x00\xff",
    bytearray(b"x"),
    [],
    [1, [2, [3]]],
    (),
    (1, "a"),
    set(),
    {1, "a", (2, 3)},
    frozenset({1}),
    {},
    {"$": "int", "v": 1},
    {1: "a", (1, 2): "b", None: "c"},
    {"b": 1, "a": 2},
    1 + 2j,
    range(1, 10, 3),
    dt.date(2026, 1, 2),
    dt.time(1, 2, 3, 4),
    dt.datetime(2026, 1, 2, 3, 4, 5, 6),
    dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
    dt.datetime(2026, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),
    dt.time(1, 2, tzinfo=ZoneInfo("UTC")),
    dt.timedelta(days=-1, microseconds=5),
    ...,
]
SCALARS = [np.int64(3), np.float32(0.5), np.bool_(True), np.str_("x"), np.datetime64("2026-01-02"), np.complex128(1j)]
ARRAYS = [
    np.arange(6).reshape(2, 3),
    np.array([]),
    np.array(3.5),
    np.array(["a", "bcd"]),
    np.array([True, False]),
    np.array([1, "a", None], dtype=object),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array(["2026-01-01"], dtype="datetime64[D]"),
    np.array([1, 2], dtype=">i4"),
]
TABLES = [
    pd.Series([1, 2, 3], name="n"),
    pd.Series([1.5, math.nan], index=["a", "b"]),
    pd.Series(["a", None, "c"]),
    pd.Series(["a", "b"], dtype="string"),
    pd.Series([1, None], dtype="Int64"),
    pd.Series([True, None], dtype="boolean"),
    pd.Series(["x", "y", "x"], dtype="category"),
    pd.Series(pd.Categorical(["lo", "hi"], categories=["lo", "hi"], ordered=True)),
    pd.Series(pd.to_datetime(["2026-01-02", None])),
    pd.Series(pd.to_datetime(["2026-01-02"], utc=True)),
    pd.Series(pd.to_timedelta(["1 day"])),
    pd.Series([[1, 2], {"a": 1}]),
    pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [0.5, math.nan]}),
    pd.DataFrame({"a": [1]}, index=pd.Index(["r"], name="row")),
    pd.DataFrame([[1, 2], [3, 4]], columns=["same", "same"]),
    pd.DataFrame(),
    pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["k", "n"])),
    pd.Series(pd.to_datetime(["2026-01-02", None]).tz_localize("Europe/Berlin")),
    pd.Series(pd.to_datetime(["1000-01-02"]).as_unit("s")),
    pd.Series(pd.PeriodIndex(["2026-01", None], freq="M")),
    pd.cut(pd.Series([1, 5, 9, None]), 2),
    pd.Series([1], index=pd.interval_range(0, 1)),
    pd.Series([1, 2], index=pd.date_range("2026", periods=2, tz="Europe/Berlin")),
    pd.Series([1], index=pd.MultiIndex.from_arrays([pd.Categorical(["a"], ["a", "b"]), pd.Index([1], dtype="int8")])),
    pd.DataFrame({"k": ["x", "y"], "n": [1, 2], "v": [3, 4]}).set_index(["k", "n"]).iloc[:0],
    pd.DataFrame({"k": ["x", "x"], "n": [1, 2], "v": [3, 4]}).groupby(["k", "n"]).agg(["min", "mean"]),
    pd.DataFrame({"t": pd.date_range("2026", periods=3)}, index=pd.date_range("2026", periods=3, name="day")),
]


def across(value):
    return decode(json.loads(json.dumps(encode(value))))


# A set is written in another order in each process, and all processes must call a test the same.
@pytest.mark.parametrize("value", PLAIN, ids=[f"{at}-{type(value).__name__}" for at, value in enumerate(PLAIN)])
def test_plain_data_arrives_as_it_was(value):
    got = across(value)
    assert type(got) is type(value)
    assert got == value
    assert repr(got) == repr(value)  # the order of a dict, the sign of zero


def test_nan_arrives_as_nan():
    assert math.isnan(across(math.nan))


@pytest.mark.parametrize("value", SCALARS, ids=repr)
def test_numpy_scalars_arrive_as_they_were(value):
    got = across(value)
    assert type(got) is type(value)
    assert got == value
    assert got.dtype == value.dtype


@pytest.mark.parametrize("value", ARRAYS, ids=repr)
def test_numpy_arrays_arrive_as_they_were(value):
    got = across(value)
    assert got.dtype == value.dtype
    np.testing.assert_array_equal(got, value)


@pytest.mark.parametrize("value", TABLES, ids=lambda value: repr(value.dtypes if value.ndim == 2 else value.dtype))
def test_pandas_tables_arrive_as_they_were(value):
    got = across(value)
    compare = pd.testing.assert_frame_equal if isinstance(value, pd.DataFrame) else pd.testing.assert_series_equal
    compare(got, value, check_freq=False)


@pytest.mark.parametrize("value", [pd.NaT, pd.NA])
def test_the_missing_values_of_pandas_arrive_as_themselves(value):
    assert across(value) is value


@pytest.mark.parametrize(
    "value",
    [
        pd.Timestamp("2026-01-02 03:04"),
        pd.Timestamp("2026", tz="UTC"),
        pd.Timestamp("2026-10-25 00:30", tz="UTC").tz_convert("Europe/Berlin"),
        pd.Timestamp("1000-01-01"),
        pd.Timestamp("2026-01-02 03:04:05.123456789"),
        pd.Timedelta("1h"),
        pd.Timedelta(-1, "D"),
    ],
)
def test_times_of_pandas_arrive_as_they_were(value):
    assert across(value) == value
    assert across(value).unit == value.unit


@pytest.mark.parametrize("value", [pd.Period("2026-01"), pd.Interval(0, 1.5), pd.Interval(1, 2, "left")])
def test_spans_of_pandas_arrive_as_they_were(value):
    assert repr(across(value)) == repr(value)


def test_a_table_of_what_is_no_data_is_a_reference():
    class Mute:
        def __repr__(self):
            raise ValueError

    class NoZone(dt.tzinfo):
        def utcoffset(self, when):
            return dt.timedelta(hours=1)

        def dst(self, when):
            return dt.timedelta(0)

    assert isinstance(across(pd.Series(pd.DatetimeIndex(["2026"], tz=NoZone()))), Opaque)
    assert isinstance(across(dt.datetime(2026, 1, 2, tzinfo=NoZone())), Opaque)
    assert isinstance(across(dt.datetime(2026, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=1), "mine"))), Opaque)
    assert isinstance(across(pd.Series([Mute()]))[0], Opaque)


def test_a_subclass_arrives_as_the_data_it_is():
    class Liar(dict):
        def __eq__(self, other):
            return True

        def __iter__(self):
            return iter(["nothing"])

        def items(self):
            return [("all", "right")]

        __hash__ = None

    class LyingInt(int):
        def __eq__(self, other):
            return True

        def __int__(self):
            return 3

        __hash__ = int.__hash__

    level = IntEnum("level", {"low": 1})
    point = namedtuple("point", "x y")
    cases = [(Liar(a=1), {"a": 1}), (LyingInt(7), 7), (OrderedDict(b=1, a=2), {"b": 1, "a": 2})]
    cases += [(defaultdict(list, a=[1]), {"a": [1]}), (level.low, 1), (point(1, 2), (1, 2))]
    for value, plain in cases:
        got = across(value)
        assert type(got) is type(plain)
        assert got == plain


@pytest.mark.parametrize(
    "value", [object(), print, lambda: 1, (n for n in [1]), open, int, math], ids=lambda value: type(value).__name__
)
def test_anything_else_arrives_as_an_opaque_reference(value):
    kept = []
    got = decode(encode([value], lambda item: kept.append(item) or len(kept)))[0]
    assert isinstance(got, Opaque)
    assert kept == [value]
    assert got.number == 1
    assert got.callable is callable(value)
    with pytest.raises(TypeError):
        bool(got)


def test_cycles_and_depth_end():
    cycle = []
    cycle.append(cycle)
    assert isinstance(across(cycle)[0], Opaque)
    deep = []
    for _ in range(500):
        deep = [deep]
    across(deep)


def test_a_value_used_twice_is_no_cycle():
    shared = [1]
    assert across([shared, shared]) == [[1], [1]]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"$": "int"},
        {"$": "int", "v": 1},
        {"$": "int", "v": "f" * 1_000_000},
        {"$": "nonsense", "v": 1},
        {"$": "value", "v": 1},
        {"$": ["int"], "v": 1},
        {"$": "dict", "v": [[[], 1]]},
        {"$": "dict", "v": {"a": 1}},
        {"$": "set", "v": [[n] for n in range(6000)]},
        {"$": "set", "v": list(range(6000))},
        {"$": "bytes", "v": "***"},
        {"$": "range", "v": [0, 1, 0]},
        {"$": "array", "v": ["|O", [2], [1]]},
        {"$": "array", "v": ["<f8", [10**9], ""]},
        {"$": "array", "v": ["<f8", [-1], ""]},
        {"$": "array", "v": ["<f8", [1], "AAAA"]},
        {"$": "array", "v": ["V8", [1], "AAAAAAAAAAA="]},
        {"$": "array", "v": [[["a", "<i4"]], [1], "AAAAAA=="]},
        {"$": "scalar", "v": ["<f8", [1], "AAAAAAAAAAA="]},
        {"$": "DataFrame", "v": [[], {"$": "RangeIndex", "v": [[0, 3, 1], None]}, []]},
        {"$": "RangeIndex", "v": [[0, 10**12, 1], None]},
        {"$": "Timestamp", "v": [10**40, "ns", None]},
        {"$": "Timestamp", "v": [1, "Y", None]},
        {"$": "Timestamp", "v": [1, "ns", "../../etc/passwd"]},
        {"$": "Timestamp", "v": [1, "ns", "/etc/passwd"]},
        {"$": "datetime", "v": ["2026-01-02T00:00:00", True, 0]},
        {"$": "datetime", "v": ["2026-01-02T00:00:00", 10**9, 0]},
        {"$": "datetime", "v": "2026-01-02T00:00:00"},
        {"$": "Period", "v": [10**40, "M"]},
        {"$": "Period", "v": [1, "nonsense"]},
        {"$": "Interval", "v": [[1], 2, "left"]},
        {"$": "MultiIndex", "v": [[[1], [1, 2]], [None, None]]},
        {"$": "Series", "v": [["zoned", ["Nowhere/Nowhere", []]], {"$": "RangeIndex", "v": [[0, 0, 1], None]}, None]},
        {"$": "opaque", "v": ["1", "x", True]},
        {"$": "opaque", "v": [1]},
        list(range(400_000)),
    ],
    ids=lambda data: str(data)[:40],
)
def test_what_no_encoder_writes_is_refused(data):
    with pytest.raises(WireError):
        decode(data)


def colliding(many):
    """Return integers that all fall on one place of pandas' hash tables, so that each is compared with all others."""
    low = np.arange(1, 4 * many, dtype=np.uint64)
    high = low ^ ((low << np.uint64(11)) & np.uint64(0xFFFFFFFF))
    fits = high >> np.uint64(31) == 0
    return ((high[fits] << np.uint64(33)) | low[fits])[:many].astype(np.int64)


def test_keys_that_collide_on_purpose_are_refused_before_they_cost():
    keys = encode(pd.Index(colliding(100_000)))
    category = ["category", [keys, False, [0]]]
    index = {"$": "RangeIndex", "v": [[0, 1, 1], None]}
    began = time.process_time()
    for data in ({"$": "MultiIndex", "v": [[keys, keys], [None, None]]}, {"$": "Series", "v": [category, index, None]}):
        with pytest.raises(WireError, match="too long"):
            decode(data)
    assert time.process_time() - began < 2


def test_nesting_is_refused_before_it_costs():
    data = 1
    for _ in range(400):
        data = [data]
    with pytest.raises(WireError):
        decode(data)


def test_frames_come_out_whole_however_they_arrive():
    frames = [{"a": 1}, {"b": "ä" * 1000}, {}]
    stream = b"".join(pack(frame) for frame in frames)
    reader, got = FrameReader(MAX_REPLY), []
    for at in range(0, len(stream), 7):
        got += reader.feed(stream[at : at + 7])
    assert got == frames


@pytest.mark.parametrize(
    "data", [b"\xff\xff\xff\xff", b"\0\0\0\x01x", b"\0\0\0\x02[]", b"\0\0\x10\0" + b"[" * 4096], ids=repr
)
def test_what_is_no_frame_is_refused(data):
    with pytest.raises(WireError):
        list(FrameReader(MAX_REPLY).feed(data))


SOURCES = [
    "x = ...",
    "y = b'a' + 1j * 2 ** 70",
    "def f(a, *, b=1): return f'{a!r:>{b}}'",
    "x = 99999999999999999999999",
]


@pytest.mark.parametrize("source", SOURCES)
def test_a_syntax_tree_arrives_as_it_was(source):
    tree = ast.parse(source)
    assert ast.dump(decode_tree(json.loads(json.dumps(encode_tree(tree))))) == ast.dump(tree)


@pytest.mark.parametrize(
    "data",
    [None, [], ["Nothing", {}], ["AST", {}, 1], ["parse", {}], {"list": 1}, {"value": {"$": "x", "v": 1}}, "x = 1"],
    ids=repr,
)
def test_what_is_no_syntax_tree_is_refused(data):
    with pytest.raises(WireError):
        decode_tree(["Module", {"body": {"list": [data]}, "type_ignores": {"list": []}}])
