"""What a right answer to exercise 08 does."""

import ast
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from mldebt.check import Answer, Verdict, in_quiz, is_number, question, right, wrong
from mldebt.churn import Drift, customers, in_minutes

Feed = tuple[pd.DataFrame, int]
"""A table, and the number of the month that it is sent as."""

HISTORIES = 80
NEW = 40  # new clean values of each history
FAR = 10.0  # standard deviations
TOO_OFTEN = 0.04  # the share of clean values outside that is not forgiven; the exercise asks for 0.02
MISSED = 0.05  # the share of values FAR off that may stay inside, on each side


def histories(draw: Random) -> tuple[list[list[float]], list[tuple[float, float]]]:
    """Draw the histories of figures of very different sizes; return them with the mean and sd behind each."""
    rng = np.random.default_rng(draw.randrange(2**32))
    truths = [
        (float(rng.choice([0, -7, 15, 0.2, 800]) + rng.normal()), float(rng.choice([0.01, 0.4, 3])))
        for _ in range(HISTORIES)
    ]
    return [rng.normal(mean, sd, size=int(rng.integers(12, 25))).tolist() for mean, sd in truths], truths


def outside(pairs: Any, truths: list[tuple[float, float]], draw: Random) -> tuple[float, float, float]:
    """Return three shares: of new clean values outside, of values FAR below inside, and of values FAR above inside."""
    rng = np.random.default_rng(draw.randrange(2**32))
    low, high = np.array(pairs, dtype=float).T
    mean, sd = np.array(truths).T
    fresh = rng.normal(mean[:, None], sd[:, None], size=(len(mean), NEW))
    alarms = (fresh < low[:, None]) | (fresh > high[:, None])
    below, above = mean - FAR * sd, mean + FAR * sd
    return (
        float(alarms.mean()),
        float(((low <= below) & (below <= high)).mean()),
        float(((low <= above) & (above <= high)).mean()),
    )


@question(
    "limits: what counts as usual",
    makes="limits",
    points=3,
    hints=(
        "A new month differs from the past by chance. How far do the past values lie from each other? "
        "`pd.Series(values)` has `mean()` and `std()`.",
        "The smallest and the largest past value are no limits: of twelve months and a new one, each may be the "
        "largest. Go further out, by some standard deviations.",
        "A normal figure is more than 2 standard deviations off in 5 of 100 months. Few past values make the deviation "
        "uncertain, so leave some room, and stay well below 10, since the estimate may also be too large.",
    ),
    misconceptions={
        "not-a-pair": "`limits` should return two numbers, `(low, high)`, and it returns {got}.",
        "turned-round": "The first number should be the lower one, and for some figures it is not. Figures may be "
        "negative or close to 0.",
        "min-and-max": "Your limits are the smallest and the largest value so far. A new clean month goes beyond them "
        "easily: {share} of 100 did.",
        "too-tight": "Of 100 new clean values {share} fall outside. Each of them is a false alarm.",
        "follows-nothing": "Your limits are the same for every list. What is usual for one figure is not for another.",
        "not-the-spread": "For some figures your limits are too tight, for others too wide. A figure of 800 that "
        "moves by 0.01 and a figure near 0 that moves by 3 need limits that follow how far each one moves.",
        "one-side": "Far too {what} a value passes. A figure can break in both directions.",
        "too-wide": "A value passes that is ten standard deviations off. The deviation of twelve values is only an "
        "estimate, and it may come out too large: stay well below ten of it, such as at half.",
        "stuck-at-zero": "When all past values are the same, such as a share of missing values that was always 0, "
        "that value itself must be inside.",
    },
    praise="It leaves clean months alone and sees the broken ones, whatever the size of the figure.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Ask for the limits of many figures; try new clean values and values far off."""
    values, truths = histories(draw)
    answer.call("limits", values[0])  # what it raises is told as the learner's own
    pairs = answer.evaluate("[limits(each) for each in values]", values=values)
    for pair in pairs:
        if not isinstance(pair, list | tuple | np.ndarray) or len(pair) != 2 or not all(map(is_number, pair)):
            return wrong("not-a-pair", got="None" if pair is None else f"a {type(pair).__name__}")
    if len({tuple(pair) for pair in pairs}) == 1:
        return wrong("follows-nothing")
    if any(not low <= high for low, high in pairs):
        return wrong("turned-round")
    often, below, above = outside(pairs, truths, draw)
    share = round(100 * often)
    if all(low == min(each) and high == max(each) for (low, high), each in zip(pairs, values, strict=True)):
        return wrong("min-and-max", share=share)
    if often > TOO_OFTEN and max(below, above) > MISSED:
        return wrong("not-the-spread")
    if often > TOO_OFTEN:
        return wrong("too-tight", earned=1, share=share)
    if below > MISSED and above > MISSED:
        return wrong("too-wide", earned=1)
    if below > MISSED or above > MISSED:
        return wrong("one-side", earned=1, what="low" if below > MISSED else "high")
    for same in (0.0, 5.0):
        low, high = answer.evaluate("limits(values)", values=[same] * 12)
        if not low <= same <= high:
            return wrong("stuck-at-zero", earned=2)
    return right()


CLEAN = 20
ENOUGH = 9  # broken months of eleven that must be stopped, those of MUST among them
FEW_ZEROS = 0.04  # the share of false zeros: a mean within some standard deviations does not see it, a count does
LESS_USE = 1.5  # how far use falls, in standard deviations of engagement: the mean of `usage` to less than half
MOST = 1650
HOURS = ("usage", "usage_last_month")
SEED = 10**6
FIRST = 12  # the first month after those that the learner has


def months(draw: Random) -> list[Feed]:
    """Draw ten clean months of one world, each with its number."""
    world = customers(MOST, 10, seed=draw.randrange(SEED)).drop(columns="churned")
    world["month"] += FIRST
    return [
        (world[world["month"] == number].head(draw.randrange(1380, MOST)).reset_index(drop=True), number)
        for number in range(FIRST, FIRST + 10)
    ]


def _some(table: pd.DataFrame, share: float, draw: Random) -> "pd.Series[bool]":
    """Choose a share of the rows."""
    chosen = draw.sample(range(len(table)), round(share * len(table)))
    return pd.Series(table.index.isin(chosen), index=table.index)


def _with(table: pd.DataFrame, column: str, value: object, share: float, draw: Random) -> pd.DataFrame:
    """Put a value into a share of the rows of a column."""
    return table.assign(**{column: table[column].mask(_some(table, share, draw), value)})


def _zeros(table: pd.DataFrame, draw: Random) -> pd.DataFrame:
    return _with(table, HOURS[0], 0.0, FEW_ZEROS, draw)


def _zeros_last_month(table: pd.DataFrame, draw: Random) -> pd.DataFrame:
    return _with(table, HOURS[1], 0.0, FEW_ZEROS, draw)


def _minutes(table: pd.DataFrame, draw: Random) -> pd.DataFrame:
    return in_minutes(table, draw.uniform(0.2, 0.4), seed=draw.randrange(SEED), column=draw.choice(HOURS))


def _missing(table: pd.DataFrame, draw: Random) -> pd.DataFrame:
    return _with(table, draw.choice((*HOURS, "price", "login_days", "contract")), None, 0.03, draw)


def _duplicates(table: pd.DataFrame, draw: Random) -> pd.DataFrame:
    kept = table.head(1300)
    return pd.concat([kept, kept[_some(kept, 0.05, draw)]], ignore_index=True)


def _impossible(table: pd.DataFrame, draw: Random) -> pd.DataFrame:
    column, value = draw.choice(
        (("login_days", 31), ("login_days", 99), ("tenure", -1), ("price", -5.0), ("usage", -2.0))
    )
    return _with(table, column, value, 0.01, draw)


def _unknown(table: pd.DataFrame, draw: Random) -> pd.DataFrame:
    column, value = draw.choice((("region", "centre"), ("region", "North"), ("contract", "weekly"), ("contract", "")))
    return _with(table, column, value, 0.02, draw)


def _swapped(table: pd.DataFrame, draw: Random) -> pd.DataFrame:
    one, other = draw.choice((("usage", "login_days"), ("tenure", "tickets"), ("price", "usage")))
    return table.assign(**{one: table[other], other: table[one]})


def _truncated(table: pd.DataFrame, draw: Random) -> pd.DataFrame:
    return table.head(draw.randrange(400, 1100))


ZEROS = tuple(f"false zeros in `{column}`, in four rows of a hundred" for column in HOURS)
SWAPPED = "two columns swapped"
FAULTS: dict[str, Callable[[pd.DataFrame, Random], pd.DataFrame]] = {
    ZEROS[0]: _zeros,
    ZEROS[1]: _zeros_last_month,
    "minutes in a column of hours, in some rows": _minutes,
    "missing values": _missing,
    "customers who are in the table twice": _duplicates,
    "values that cannot be": _impossible,
    "a category that nobody has heard of": _unknown,
    SWAPPED: _swapped,
    "a table that was cut off": _truncated,
}
SHIFTED = "a month in which everybody uses the service far less than ever"
STALE = "last month's table, sent again"
MUST = {*ZEROS, SHIFTED}
"""What keeps every promise, and must be stopped: whoever tests the promises only lets these through."""


def broken(draw: Random, feeds: list[Feed]) -> dict[str, Feed]:
    """Break nine clean months, and add one that has shifted and one that is stale."""
    spoilt = {
        name: (spoil(table, draw), month) for (name, spoil), (table, month) in zip(FAULTS.items(), feeds, strict=False)
    }
    shifted = customers(draw.randrange(1400, MOST), 1, seed=draw.randrange(SEED), drift=Drift(covariate=LESS_USE))
    old, month = feeds[len(FAULTS)]
    shifted = shifted.drop(columns="churned").assign(month=FIRST)
    return spoilt | {SHIFTED: (shifted, FIRST), STALE: (old, month + 1)}


# Calls the suite for each table where the learner's code runs, and says as data what came of it.
TRY = """
import contextlib, io, linecache

seen = []
for table, month in feeds:
    kept, line, printed = table.copy(), "", io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            returned = validate(table, month)
        error = said = ""
    except Exception as problem:
        returned, error, said = None, type(problem).__name__, " ".join(str(problem).split())[:100]
        trace = problem.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code is getattr(validate, "__code__", None):
                line = linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).strip()
            trace = trace.tb_next
    changed = not (list(table) == list(kept) and table.equals(kept))
    verdict = "" if returned is None else repr(returned)[:60]
    seen.append([error, said, line, verdict, bool(printed.getvalue()), changed])
"""
TRIED = "[_space.update(validate=validate, feeds=feeds), exec(_try, _space), _space['seen']][-1]"
MISTAKES = ("TypeError", "NameError", "AttributeError", "KeyError", "IndexError", "UnboundLocalError")


def tried(answer: Answer, feeds: list[Feed]) -> list[Any]:
    """Return for each table: error, message, line, what was returned, whether it printed, and changed."""
    found: list[Any] = []
    for few in range(0, len(feeds), 5):  # a slow suite has the whole time of a call for each five
        given = [list(feed) for feed in feeds[few : few + 5]]
        found += answer.evaluate(TRIED, feeds=given, _try=TRY, _space={})
    return found


@question(
    "validate: let the clean months pass, stop the broken ones",
    makes="validate",
    points=6,
    hints=(
        "Begin with what is promised: rows, ranges, values, nothing missing, each customer once, the right month. One "
        "`assert` for each, and `.all()` where it is about a whole column.",
        "What is promised is not enough: a false 0 is inside its range, and so is a month of little use. Compare "
        "figures of the table with those of `past`: the mean of each column, and for the hours the share of zeros.",
        "You compare many figures, so set each limit wide: a clean month should never be stopped, and most faults "
        "move a figure by far more than chance does. Break a month of `past` in several ways and see what your suite "
        "says.",
    ),
    misconceptions={
        "tuple": "`assert (condition, message)` is a tuple, and a tuple that holds something is true: this line "
        "cannot fail. Leave the parentheses away.",
        "prints": "For a broken table your function prints, and goes on. Nobody reads that at night: raise an error.",
        "returns-verdict": "For a broken table your function returns something, and the program goes on with the "
        "table. Raise an error: that cannot be overlooked.",
        "never-stops": "None of eleven broken months is stopped. Give it a table that you broke yourself: does the "
        "line with the test run at all, and is its error caught on the way?",
        "stops-all": "{count} of {of} clean months are stopped{said}, at the line below.",
        "stops-past": "It stops {count} of the clean months in `past`{said}, at the line below.",
        "fits-the-past": "All of `past` passes, and {count} of {of} new clean months are stopped{said}, at the line "
        "below. A limit that fits the past exactly is too tight: a new month may go a little beyond.",
        "types-only": "It stops {caught} of eleven broken months. The type of a column says little: a wrong number is "
        "a number. It lets through, for example, {kind}.",
        "changes": "Your function changes the table that it is given. A test must only look.",
        "promises-only": "It tests what is promised, and no more. Let through are {kind}: every value in these tables "
        "is allowed. What was never so in `past` can be seen only by comparing with it.",
        "silent-zeros": "It lets through {kind}. Each 0 is allowed, none is missing, and so few move a mean no further "
        "than chance does. How many zeros are there in the hours of `past`?",
        "far-less-use": "It lets through {kind}. Every single value is allowed; all of them together are not what they "
        "were. Which figure of a column would have moved, and how far does it move in `past`?",
        "misses": "All clean months pass. Of eleven broken ones it stops {caught}; it lets through, for example, "
        "{kind}.",
    },
    praise="It passed 20 clean months and stopped at least nine of eleven broken ones, none of which it had seen. "
    "Among them are those that keep every promise.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Try the suite on clean and on broken months."""
    clean, faults = months(draw) + months(draw), broken(draw, months(draw))
    good, bad = tried(answer, clean), tried(answer, list(faults.values()))
    for table, seen in zip(clean, good, strict=True):
        if seen[0] in MISTAKES:
            answer.call("validate", *table)  # raises the same error, told as the learner's own
    if any(seen[5] for seen in (*good, *bad)):
        return wrong("changes")
    stopped = [seen for seen in good if seen[0]]
    missed = [kind for kind, seen in zip(faults, bad, strict=True) if not seen[0]]
    if stopped:
        return _alarms(answer, stopped, 1 if len(stopped) <= CLEAN // 10 and len(missed) <= len(bad) - ENOUGH else 0)
    caught = len(bad) - len(missed)
    let_through = MUST.intersection(missed)
    if caught >= ENOUGH and not let_through:
        return right()
    if line := _tuple(answer):
        return wrong("tuple", line=line)
    detail: dict[str, Any] = {"caught": caught, "kind": missed[draw.randrange(len(missed))]}
    if caught <= 3 and "dtype" in ast.dump(answer.source("validate")):
        return wrong("types-only", earned=caught / 2, **detail)
    if not caught:
        if any(seen[3] for seen in bad) and len({seen[3] for seen in (*good, *bad)}) > 1:
            return wrong("returns-verdict")
        return wrong("prints" if any(seen[4] for seen in bad) else "never-stops")
    earned = min(caught, ENOUGH) / 2
    if let_through == MUST and set(missed) <= MUST | {SWAPPED}:
        return wrong("promises-only", earned=earned, kind=f"{ZEROS[0]}, and {SHIFTED}")
    if caught >= ENOUGH - 1 and let_through:
        if SHIFTED in let_through:
            return wrong("far-less-use", earned=earned, kind=SHIFTED)
        return wrong("silent-zeros", earned=earned, kind=min(let_through))
    return wrong("misses", earned=earned, **detail)


def _alarms(answer: Answer, stopped: list[Any], earned: float) -> Verdict:
    """Say of what kind the false alarms are."""
    _, said, line, *_ = stopped[0]
    told = f' with the words "{said}"' if said else ""
    if len(stopped) > 0.8 * CLEAN:
        return wrong("stops-all", line=line, count=len(stopped), of=CLEAN, said=told)
    past = [(table, int(table["month"].iloc[0])) for table in answer.value("past")]
    before = [seen for seen in tried(answer, past) if seen[0]]
    if before:
        return wrong("stops-past", earned=earned, line=before[0][2], count=len(before), said=told)
    return wrong("fits-the-past", earned=earned, line=line, count=len(stopped), of=CLEAN, said=told)


def _tuple(answer: Answer) -> str | None:
    """Return the first assert of a tuple, as it is written."""
    for node in ast.walk(answer.source("validate")):
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Tuple):
            return ast.unparse(node)
    return None


# Validates tables with the learner's schema where it lives, and returns the columns and rows of each report.
REPORT = """
import pandera.errors

reports = []
for table in tables:
    try:
        schema.validate(table, lazy=True)
        reports.append([])
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        rows = [[str(column), -1 if index is None or index != index else int(index), str(check)]
                for column, index, check in zip(cases["column"], cases["index"], cases["check"])]
        reports.append(rows)
"""
REPORTED = "[_space.update(schema=schema, tables=tables), exec(_report, _space), _space['reports']][-1]"
IS_SCHEMA = (
    "[isinstance(schema, pa.DataFrameSchema) or (isinstance(schema, type) and issubclass(schema, pa.DataFrameModel))"
    " for pa in [__import__('pandera.pandas').pandas]][0]"
)
COLUMNS = ("usage", "usage_last_month", "login_days", "tenure", "price", "tickets", "contract", "region")
# Says which names are those of a column of the schema, and which columns may be left out of a table.
NAMED = """
import re

made = (schema)
pattern = made if hasattr(made, "columns") else made.to_schema()
names = [name for name in columns
         if any(re.fullmatch(str(key), name) if each.regex else key == name for key, each in pattern.columns.items())]
absent = []
for name in columns:
    try:
        schema.validate(table.drop(columns=name), lazy=True)
        absent.append(name)
    except Exception:
        pass
"""
IN_IT = (
    "[_space.update(schema=schema, table=table, columns=columns), exec(_named, _space),"
    " [_space['names'], _space['absent']]][-1]"
)


def spoilt_columns(draw: Random, tables: list[pd.DataFrame]) -> list[tuple[str, str, pd.DataFrame, set[int]]]:
    """Break one promise of one column in each table: what was done, the column, the table, the rows at fault."""
    wanted: list[tuple[str, str, object]] = [
        ("a missing value", draw.choice(("usage", "price")), None),
        ("a missing value", draw.choice(("contract", "region")), None),
        ("a number above its range", draw.choice(("usage", "usage_last_month")), 745.0),
        ("a number above its range", "login_days", 31),
        ("a number below its range", draw.choice(("tenure", "tickets")), -1),
        ("a number outside its range", "price", draw.choice((7.9, 40.5))),
        ("a value that is not in the list", "region", draw.choice(("centre", "North"))),
        ("a value that is not in the list", "contract", draw.choice(("weekly", "Monthly"))),
    ]
    found = []
    for (what, column, value), table in zip(wanted, tables, strict=False):
        hit = _some(table, draw.uniform(0.005, 0.02), draw)
        found.append((what, column, table.assign(**{column: table[column].mask(hit, value)}), _rows(hit)))
    table = tables[len(wanted)].head(600)
    twice = pd.concat([table, table.head(draw.randrange(5, 30))], ignore_index=True)
    rows = _rows(twice["customer"].duplicated(keep=False))
    return [*found, ("a customer who is there twice", "customer", twice, rows)]


def _rows(hit: "pd.Series[bool]") -> set[int]:
    return {int(row) for row in np.flatnonzero(hit)}


@question(
    "schema: the promises as data",
    makes="schema",
    points=4,
    hints=(
        "`pa.DataFrameSchema({'price': pa.Column(...)})` takes one `pa.Column` for each column. A column takes a type "
        "and checks, such as `pa.Check.ge(8)`.",
        "There are ready checks for a range and for a list of values: look at `pa.Check.in_range` and "
        "`pa.Check.isin`. A column may also be `unique`.",
        "You need not type the promises again: build the columns with a dict comprehension over `RANGES`, and another "
        "one over `VALUES`. A type that you are not sure of can be left away.",
    ),
    misconceptions={
        "not-a-schema": "`schema` should be a `DataFrameSchema` (or a `DataFrameModel`), and it is none. A function "
        "hides what it promises; a schema can be read.",
        "stops-clean": "A clean month does not pass: the report names {column} and the check `{check}`.",
        "not-in-it": "`{column}` is not in your schema: whatever is in that column passes.",
        "column-may-be-absent": "A table without the column `{column}` passes. A promise of what is in a column holds "
        "nothing when the column may be left out: leave `required` as it is.",
        "lets-through": "A table with {what} in `{column}` passes.",
        "types-only": "Only types are promised: a wrong number of the right type passes. Each column also needs a "
        "check.",
        "whole-table": "A table with {what} in one column is stopped, and the report does not say which column. Give "
        "the check to the column, not to the whole table.",
        "no-rows": "A table with {what} in `{column}` is stopped, and the report does not say in which rows. A check "
        "that answers with one word for the whole column, such as `.all()`, cannot: let it answer for each value.",
        "wrong-rows": "A table with {what} in `{column}` is stopped, and the report names other rows than those at "
        "fault.",
    },
    praise="Whoever gets its report knows the column and the rows.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Validate clean and broken tables with the schema; read its reports."""
    answer.value("schema")
    if not answer.evaluate(IS_SCHEMA):
        return wrong("not-a-schema")
    tables = [table for table, _ in months(draw)]
    for report in _reports(answer, tables[:4]):
        for column, _, check in report[:1]:
            return wrong("stops-clean", column="the table" if column == "None" else f"`{column}`", check=check[:60])
    faults = spoilt_columns(draw, tables)
    reports = _reports(answer, [table for _, _, table, _ in faults])
    passed = [(what, column) for (what, column, _, _), report in zip(faults, reports, strict=True) if not report]
    given = {"table": tables[0], "columns": [*COLUMNS, "customer"]}
    names, absent = answer.evaluate(IN_IT, **given, _named=NAMED, _space={})
    if passed:
        what, column = passed[0]
        earned = 1 + (len(faults) - len(passed)) // 4
        if column not in names:
            return wrong("not-in-it", earned=earned, column=column)
        ranges = [what for what, _ in passed if "range" in what or "list" in what]
        if len(ranges) == 6:
            return wrong("types-only", earned=1)
        return wrong("lets-through", earned=earned, what=what, column=column)
    for (what, column, _, rows), report in zip(faults, reports, strict=True):
        named = {index for name, index, _ in report if name == column}
        if not named:
            return wrong("whole-table", earned=2, what=what)
        if named == {-1}:
            return wrong("no-rows", earned=3, what=what, column=column)
        if named - {-1} != rows:
            return wrong("wrong-rows", earned=3, what=what, column=column)
    for column in absent:
        if column in COLUMNS:
            return wrong("column-may-be-absent", earned=3, column=column)
    return right()


def _reports(answer: Answer, tables: list[pd.DataFrame]) -> list[Any]:
    return list(answer.evaluate(REPORTED, tables=tables, _report=REPORT, _space={}))


q4 = in_quiz("green-for-a-year", makes="answer_4")
