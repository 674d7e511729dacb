"""What a right answer to exercise 08 does."""

import ast
from collections.abc import Callable
from itertools import cycle
from random import Random
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from mldebt.check import Answer, BrokeError, Verdict, in_quiz, is_number, kind_of, question, right, wrong
from mldebt.churn import Drift, customers, in_minutes

Feed = tuple[pd.DataFrame, int]
"""A table, and the number of the month that it is sent as."""

HISTORIES = 600
FAR = 10.0  # standard deviations
TOO_OFTEN = 0.027  # the share of clean values outside that is not forgiven; the exercise asks for 0.02
MISSED = 0.05  # the share of values FAR off that may stay inside, on each side


def histories(draw: Random) -> tuple[list[list[float]], list[tuple[float, float]]]:
    """Draw the histories of figures of very different sizes; return them with the mean and sd behind each."""
    rng = np.random.default_rng(draw.randrange(2**32))
    truths = [
        (float(rng.choice([0, -7, 15, 0.2, 800]) + rng.normal()), float(rng.choice([0.01, 0.4, 3])))
        for _ in range(HISTORIES)
    ]
    sizes = [24 if number % 10 == 0 else 12 for number in range(HISTORIES)]  # few values are the hard case
    return [rng.normal(*truth, size=size).tolist() for truth, size in zip(truths, sizes, strict=True)], truths


SMALL = (0.002, 0.0001)  # mean and sd of a small figure, such as a share of zeros: rounding loses it


def shrunk(values: list[list[float]], truths: list[tuple[float, float]]) -> list[list[float]]:
    """Return the same histories as those of a small figure: limits that follow the values let the same through."""
    return [
        [SMALL[0] + SMALL[1] * (value - mean) / sd for value in each]
        for each, (mean, sd) in zip(values, truths, strict=True)
    ]


def outside(pairs: Any, truths: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Return four shares: of new clean values below and above the limits, of values FAR below and above inside."""
    low, high = np.array(pairs, dtype=float).T
    mean, sd = np.array(truths).T
    chance = np.vectorize(NormalDist().cdf)  # exact: no draw of new values adds its own luck
    below, above = mean - FAR * sd, mean + FAR * sd
    return (
        float(chance((low - mean) / sd).mean()),
        float(chance((mean - high) / sd).mean()),
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
        "changes": "Your function changes the list that it is given. Whoever calls it may still need that list.",
        "turned-round": "The first number should be the lower one, and {where}.",
        "min-and-max": "Your limits are the smallest and the largest value so far. A new clean month goes beyond them "
        "easily: {share} of 100 did.",
        "too-tight": "Of 100 new clean values {share} fall outside. Each of them is a false alarm.",
        "follows-nothing": "Your limits are the same for every list. What is usual for one figure is not for another.",
        "not-the-spread": "For some figures your limits are too tight, for others too wide. A figure of 800 that "
        "moves by 0.01 and a figure near 0 that moves by 3 need limits that follow how far each one moves.",
        "lopsided": "On one side your limits are too tight: {share} of 100 new clean values fall outside. On the other "
        "a value passes that is ten standard deviations off. Chance moves a figure as far down as up.",
        "one-side": "Far too {what} a value passes. A figure can break in both directions.",
        "too-wide": "A value passes that is ten standard deviations off. The deviation of twelve values is only an "
        "estimate, and it may come out too large: stay well below ten of it, such as at half.",
        "floor": "For some figures your limits are too wide. For one near {mean:.4g} that moves by {sd:g} a value "
        "passes that is ten of these deviations off. Has the width a least size, or a part that does not follow how "
        "far the figure moves?",
        "rounded": "For figures near 0.002 that move by 0.0001, {share} of 100 new clean values fall outside, far more "
        "than for larger figures. Are digits lost on the way?",
        "first-twelve": "When other values follow the first twelve, your limits stay as they are. The list may be "
        "longer, and all of it counts.",
        "stuck-at-zero": "When all past values are the same, such as a share of missing values that was always 0, "
        "that value itself must be inside.",
    },
    praise="It leaves clean months alone and sees the broken ones, whatever the size of the figure.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Ask for the limits of many figures; try new clean values and values far off."""
    values, truths = histories(draw)
    called = answer.call("limits", values[0])  # what it raises is told as the learner's own
    pairs = _pairs(answer, values)
    for pair in pairs:
        if not isinstance(pair, list | tuple | np.ndarray) or len(pair) != 2 or not all(map(_is_end, pair)):
            return wrong("not-a-pair", got=_instead(pair))
    if called.changed:
        return wrong("changes", earned=1)
    if len({tuple(pair) for pair in pairs}) == 1:
        return wrong("follows-nothing")
    turned = [low > high for low, high in pairs]
    if any(turned):
        some = "for some figures it is not: figures may be negative or close to 0"
        return wrong("turned-round", where="it is the higher one, whatever the list" if all(turned) else some)
    early, late, below, above = outside(pairs, truths)
    often = early + late
    share = round(100 * often)
    if all(low == min(each) and high == max(each) for (low, high), each in zip(pairs, values, strict=True)):
        return wrong("min-and-max", share=share)
    wide_low, wide_high = below > MISSED, above > MISSED
    if often > TOO_OFTEN and wide_low != wide_high and wide_low == (late > early):
        return wrong("lopsided", share=share)
    if often > TOO_OFTEN and (wide_low or wide_high):
        return wrong("not-the-spread")
    if often > TOO_OFTEN:
        return wrong("too-tight", earned=1, share=share)
    small = _pairs(answer, shrunk(values, truths))
    if wide_low and wide_high:
        widths = [(high - low) / sd for (low, high), (_, sd) in zip(pairs, truths, strict=True)]
        if np.allclose(widths, [(high - low) / SMALL[1] for low, high in small], atol=1):
            return wrong("too-wide", earned=1)
        mean, sd = max(zip(widths, truths, strict=True))[1]
        return wrong("floor", earned=1, mean=mean, sd=sd)
    if wide_low or wide_high:
        return wrong("one-side", earned=1, what="low" if wide_low else "high")
    early, late, *inside = outside(small, [SMALL] * HISTORIES)
    if early + late > TOO_OFTEN:
        return wrong("rounded", earned=2, share=round(100 * (early + late)))
    if max(inside) > MISSED:
        return wrong("floor", earned=2, mean=SMALL[0], sd=SMALL[1])
    longer = values[0][:12] + [value + 1 for value in values[0][:12]]
    if len({tuple(pair) for pair in _pairs(answer, [longer[:12], longer])}) == 1:
        return wrong("first-twelve", earned=2)
    for same in (0.0, 5.0):
        low, high = answer.evaluate("limits(values)", values=[same] * 12)
        if not low <= same <= high:
            return wrong("stuck-at-zero", earned=2)
    return right()


def _pairs(answer: Answer, values: list[list[float]]) -> list[Any]:
    """Return the limits of each list; each sixty lists have the whole time of a call."""
    found: list[Any] = []
    for few in range(0, len(values), 60):
        found += answer.evaluate("[limits(each) for each in values]", values=values[few : few + 60])
    return found


def _is_end(value: Any) -> bool:
    """Tell whether a value can be a limit: a number, and not the one that is no number."""
    return is_number(value) and not np.isnan(float(value))


def _instead(pair: Any) -> str:
    """Say what came instead of two numbers."""
    if pair is None or not isinstance(pair, list | tuple | np.ndarray):
        return "None" if pair is None else kind_of(pair)
    if len(pair) != 2:
        return f"{kind_of(pair)} of {len(pair)}"
    return f"{kind_of(pair)} of " + " and ".join(
        "nan" if is_number(end) and not _is_end(end) else kind_of(end) for end in pair
    )


CLEAN = 20
ENOUGH = 9  # of eleven faults must be stopped, those of MUST among them
FEW_ZEROS = 0.04  # the share of false zeros: a mean within some standard deviations does not see it, a count does
LESS_USE = 1.5  # how far use falls, in standard deviations of engagement: the mean of `usage` to less than half
FEWEST, MOST = 1380, 1650  # rows of a clean month
HOURS = ("usage", "usage_last_month")
SEED = 10**6
FIRST = 12  # the first month after those that the learner has


def months(draw: Random) -> list[Feed]:
    """Draw ten clean months of one world, each with its number: of all sizes from FEWEST to MOST, in any order."""
    world = customers(MOST, 10, seed=draw.randrange(SEED)).drop(columns="churned")
    world["month"] += FIRST
    step = (MOST - FEWEST) // 10
    sizes = [draw.randrange(least, least + step) for least in range(FEWEST, MOST, step)]
    draw.shuffle(sizes)
    return [
        (world[world["month"] == number].head(size).reset_index(drop=True), number)
        for number, size in enumerate(sizes, FIRST)
    ]


Spoil = Callable[[pd.DataFrame, Random], pd.DataFrame]
"""Breaks a clean table: returns a broken copy."""


def _some(table: pd.DataFrame, share: float, draw: Random) -> "pd.Series[bool]":
    """Choose a share of the rows."""
    chosen = draw.sample(range(len(table)), round(share * len(table)))
    return pd.Series(table.index.isin(chosen), index=table.index)


def _put(share: float, column: str, value: object) -> Spoil:
    """Put a value into a share of the rows of a column."""
    return lambda table, draw: table.assign(**{column: table[column].mask(_some(table, share, draw), value)})


def _minutes(column: str) -> Spoil:
    return lambda table, draw: in_minutes(table, draw.uniform(0.2, 0.4), seed=draw.randrange(SEED), column=column)


def _duplicates(table: pd.DataFrame, draw: Random) -> pd.DataFrame:
    kept = table.head(1300)
    return pd.concat([kept, kept[_some(kept, 0.05, draw)]], ignore_index=True)


def _swap(one: str, other: str) -> Spoil:
    return lambda table, draw: table.assign(**{one: table[other], other: table[one]})


def _cut(fewest: int, most: int) -> Spoil:
    return lambda table, draw: table.head(draw.randrange(fewest, most))


ZEROS = tuple(f"false zeros in `{column}`, in four rows of a hundred" for column in HOURS)
SWAPPED = "two columns swapped"
FAULTS: dict[str, list[Spoil]] = {
    ZEROS[0]: [_put(FEW_ZEROS, HOURS[0], 0.0)],
    ZEROS[1]: [_put(FEW_ZEROS, HOURS[1], 0.0)],
    "minutes in a column of hours, in some rows": [_minutes(column) for column in HOURS],
    "missing values": [_put(0.03, column, None) for column in (*HOURS, "price", "login_days", "contract")],
    "customers who are in the table twice": [_duplicates],
    "values that cannot be": [
        _put(0.01, "login_days", 31),
        _put(0.01, "login_days", 99),
        _put(0.01, "tenure", -1),
        _put(0.01, "price", -5.0),
        _put(0.01, "usage", -2.0),
    ],
    "a category that nobody has heard of": [
        _put(0.02, "region", "centre"),
        _put(0.02, "region", "North"),
        _put(0.02, "contract", "weekly"),
        _put(0.02, "contract", ""),
    ],
    SWAPPED: [_swap("usage", "login_days"), _swap("tenure", "tickets"), _swap("price", "usage")],
    "a table that was cut off": [_cut(400, 500), _cut(1000, 1100)],
}
"""The kinds of faults, and for each kind its ways. A suite stops a kind when it stops all its ways: one of them, drawn
by chance, would make luck count."""
SHIFTED = "a month in which everybody uses the service far less than ever"
STALE = "last month's table, sent again"
KINDS = len([*FAULTS, SHIFTED, STALE])
MUST = {*ZEROS, SHIFTED}
"""What keeps every promise, and must be stopped: whoever tests the promises only lets these through."""


def broken(draw: Random, feeds: list[Feed]) -> list[tuple[str, Feed]]:
    """Break clean months in every way, and add one that has shifted and one that is stale; tell the kind of each."""
    ways = [(kind, spoil) for kind, spoils in FAULTS.items() for spoil in spoils]
    found = [(kind, (spoil(table, draw), month)) for (kind, spoil), (table, month) in zip(ways, cycle(feeds))]
    shifted = customers(draw.randrange(1400, MOST), 1, seed=draw.randrange(SEED), drift=Drift(covariate=LESS_USE))
    shifted = shifted.drop(columns="churned").assign(month=FIRST)
    old, month = draw.choice(feeds)
    return [*found, (SHIFTED, (shifted, FIRST)), (STALE, (old, month + 1))]


def let_through(faults: list[tuple[str, Feed]], seen: list[Any]) -> list[str]:
    """Return the kinds of faults of which something was not stopped, or only by a slip."""
    passed = (not each[0] or slipped(each) for each in seen)
    return list(dict.fromkeys(kind for (kind, _), each in zip(faults, passed, strict=True) if each))


def slipped(seen: list[Any]) -> bool:
    """Tell whether an error cannot be meant for the table: a name that is not there, or something raised that is no
    error. Others, such as a KeyError for a category that nobody has heard of, may be."""
    return seen[0] in ("NameError", "UnboundLocalError") or seen[1].startswith(("exceptions must derive", "module '"))


# Calls the suite for each table where the learner's code runs, and says as data what came of it.
TRY = """
import contextlib, io, linecache
import pandas as pd

def frames():
    return [each for each in past if isinstance(each, pd.DataFrame)]


seen, before = [], [each.copy() for each in frames()]
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
    changed = "" if list(table) == list(kept) and table.equals(kept) else "the table that it is given"
    if len(frames()) != len(before) or not all(map(pd.DataFrame.equals, frames(), before)):
        changed = "`past`"
    verdict = "" if returned is None else repr(returned)[:600]
    seen.append([error, said, line, verdict, printed.getvalue()[:600], changed])
"""
TRIED = "[_space.update(validate=validate, feeds=feeds, past=past), exec(_try, _space), _space['seen']][-1]"
MISTAKES = ("TypeError", "NameError", "AttributeError", "KeyError", "IndexError", "UnboundLocalError")


def tried(answer: Answer, feeds: list[Feed]) -> list[Any]:
    """Return for each table: error, message, line, what was returned and printed, and what was changed."""
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
        "figures of the table with those of `past`: the mean of each column in `RANGES`, and for the hours the share "
        "of zeros.",
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
        "not-asserted": "The line below asks whether something is so, and nothing is done with the answer: whatever it "
        "is, the function goes on.",
        "slip": "For a broken table your function stops with {error}, at the line below. That speaks of your code and "
        "not of the table: raise an error that is meant.",
        "never-stops": "No broken month is stopped. Give it a table that you broke yourself: does the line with the "
        "test run at all, or is your list of columns empty? Can the test fail, and is its error caught on the way?",
        "stops-all": "{count} of {of} clean months are stopped{said}, at the line below.",
        "stops-past": "It stops {count} of the clean months in `past`{said}, at the line below.",
        "fits-the-past": "All of `past` passes, and {count} of {of} new clean months are stopped{said}, at the line "
        "below. A limit that fits the past exactly is too tight: a new month may go a little beyond. "
        "If the limit comes from your `limits` (q1), widen it there.",
        "customer-numbers": "All of `past` passes, and {count} of {of} new clean months are stopped{said}, at the line "
        "below. The customer numbers grow from month to month: what they are says nothing about a fault.",
        "types-only": "Of eleven faults it stops {caught}, wherever they are. The type of a column says little: a "
        "wrong number is a number. It lets through, for example, {kind}.",
        "changes": "Your function changes {what}. A test must only look.",
        "promises-only": "It stops what breaks a promise, and no more. Let through are {kind}: every value in these "
        "tables is allowed. What was never so in `past` can be seen only by comparing with it.",
        "too-wide": "It compares with `past`, and still lets through {kind}. Either its limits are too wide, or these "
        "faults hardly move what it compares. How far does a figure of a whole month, such as a mean or a share of "
        "zeros, move from one month of `past` to the next?",
        "silent-zeros": "It lets through {kind}. Each 0 is allowed, none is missing, and so few move a mean no further "
        "than chance does. How many zeros are there in the hours of `past`?",
        "far-less-use": "It lets through {kind}. Every single value is allowed; all of them together are not what they "
        "were. Which figure of a column would have moved, and how far does it move in `past`?",
        "misses": "All clean months pass. Of eleven faults it stops {caught}, wherever they are; it lets through, for "
        "example, {kind}.",
    },
    praise="It passed 20 clean months and stopped at least nine of eleven faults, none of which it had seen. "
    "Among them are those that keep every promise.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Try the suite on clean and on broken months."""
    clean, faults = months(draw) + months(draw), broken(draw, months(draw))
    good, bad = tried(answer, clean), tried(answer, [feed for _, feed in faults])
    for table, seen in zip(clean, good, strict=True):
        if seen[0] in MISTAKES:
            if "limits" in _names(answer):
                answer.call("limits", [0.0] * 12)  # where q1 is still empty, that is said
            answer.call("validate", *table)  # raises the same error, told as the learner's own
    if changed := [seen[5] for seen in (*good, *bad) if seen[5]]:
        return wrong("changes", what=changed[0])
    if stopped := [seen for seen in good if seen[0]]:
        return _alarms(answer, clean, stopped)
    missed = let_through(faults, bad)
    caught, free = KINDS - len(missed), MUST.intersection(missed)
    earned = min(caught, ENOUGH) / 2
    for seen in filter(slipped, bad):
        return wrong("slip", earned=earned, line=seen[2], error=f"`{seen[0]}: {seen[1]}`")
    if caught >= ENOUGH and not free:
        return right()
    if line := _tuple(answer):
        return wrong("tuple", line=line)
    detail: dict[str, Any] = {"caught": caught, "kind": missed[draw.randrange(len(missed))]}
    if caught <= 3 and "dtype" in ast.dump(answer.source("validate")) and _sees_types(answer, *clean[0]):
        return wrong("types-only", earned=earned, **detail)
    passed = [seen for seen in bad if not seen[0]]
    if _tells(3, good, passed):
        return wrong("returns-verdict", earned=earned)
    if _tells(4, good, passed):
        return wrong("prints", earned=earned)
    if line := _not_asserted(answer):
        return wrong("not-asserted", earned=earned, line=line)
    if len(passed) == len(bad):
        return wrong("never-stops")
    if free == MUST and set(missed) <= MUST | {SWAPPED}:
        cause = "too-wide" if _compares(answer, clean) else "promises-only"
        return wrong(cause, earned=earned, kind=f"{ZEROS[0]}, and {SHIFTED}")
    if caught >= ENOUGH - 1 and free:
        if SHIFTED in free:
            return wrong("far-less-use", earned=earned, kind=SHIFTED)
        return wrong("silent-zeros", earned=earned, kind=min(free))
    return wrong("misses", earned=earned, **detail)


def _alarms(answer: Answer, clean: list[Feed], stopped: list[Any]) -> Verdict:
    """Say of what kind the false alarms are. What `past` tells is asked first: it is the same whatever is drawn."""
    _, said, line, *_ = stopped[0]
    told = f' with the words "{said}"' if said else ""
    detail: dict[str, Any] = {"count": len(stopped), "of": CLEAN, "said": told}
    if len(stopped) == CLEAN:
        return wrong("stops-all", line=line, **detail)
    past = [(table, int(table["month"].iloc[0])) for table in answer.value("past")]
    before = [seen for seen in tried(answer, past) if seen[0]]
    if len(before) > 0.8 * len(past):
        return wrong("stops-all", line=line, **detail)
    if before:
        return wrong("stops-past", line=before[0][2], count=len(before), said=told)
    usual = np.unique(np.concatenate([table["customer"] for table, _ in past]))
    for table, _ in clean:  # the same months, with customers numbered as in `past`
        table["customer"] = usual[np.linspace(0, len(usual) - 1, len(table)).astype(int)]
    if not any(seen[0] for seen in tried(answer, clean)):
        return wrong("customer-numbers", line=line, **detail)
    return wrong("fits-the-past", line=line, **detail)


def _sees_types(answer: Answer, table: pd.DataFrame, month: int) -> bool:
    """Tell whether a clean table is stopped when nothing but its types is another."""
    return bool(tried(answer, [(table.astype(object), month)])[0][0])


def _compares(answer: Answer, clean: list[Feed]) -> bool:
    """Tell whether a clean table is stopped when the months of `past` are far smaller or larger than it."""
    for by in (0, 1000):
        other = [table.assign(**{column: table[column] * by for column in ENDS}) for table, _ in clean]
        try:
            if tried(answer.given(past=other), clean[:1])[0][0]:
                return True
        except BrokeError:  # the cell compares already
            return True
    return False


def _tells(at: int, good: list[Any], passed: list[Any]) -> bool:
    """Tell whether what was returned (or printed) sets a broken table apart, and it passed."""
    usual = {seen[at] for seen in good}
    return len(usual) == 1 and any(seen[at] not in usual for seen in passed)


def _names(answer: Answer) -> set[str]:
    return {node.id for node in ast.walk(answer.source("validate")) if isinstance(node, ast.Name)}


def _not_asserted(answer: Answer) -> str | None:
    """Return the first comparison in a function that is a statement of its own, as it is written."""
    functions = [node for node in ast.walk(answer.source("validate")) if isinstance(node, ast.FunctionDef)]
    for node in (node for function in functions for node in ast.walk(function) if isinstance(node, ast.Expr)):
        asks = isinstance(node.value, ast.Call) and getattr(node.value.func, "attr", "") in ("all", "any")
        if asks or isinstance(node.value, ast.Compare):
            return ast.unparse(node)
    return None


def _tuple(answer: Answer) -> str | None:
    """Return the first assert of a tuple, as it is written."""
    for node in ast.walk(answer.source("validate")):
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Tuple):
            return ast.unparse(node)
    return None


# Validates tables with the learner's schema where it lives, and returns what each report names: column, row, check, and
# the value at fault. With `as_text` it is the schema that comes back from the text that was made of it.
REPORT = """
import warnings

import pandera.errors
import pandera.pandas as pa

made = (schema)
if as_text:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what is not written
        made = pa.DataFrameSchema.from_json((made if hasattr(made, "columns") else made.to_schema()).to_json())
reports = []
for table in tables:
    try:
        made.validate(table, lazy=True)
        reports.append([])
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases[["column", "index", "check", "failure_case"]]
        rows = [[str(column), -1 if index is None or index != index else int(index), str(check), str(case)]
                for column, index, check, case in cases.itertuples(index=False)]
        reports.append(rows)
"""
REPORTED = (
    "[_space.update(schema=schema, tables=tables, as_text=as_text), exec(_report, _space), _space['reports']][-1]"
)
# The type of what is no schema; nothing when it is one.
NO_SCHEMA = (
    "['' if isinstance(schema, pa.DataFrameSchema) or (isinstance(schema, type) and issubclass(schema,"
    " pa.DataFrameModel)) else type(schema).__name__ for pa in [__import__('pandera.pandas').pandas]][0]"
)
INSTEAD = {
    "function": "A function hides what it promises; a schema can be read.",
    "DataFrame": "That is a table: validating one returns it, and not the schema.",
    "dict": "Columns in a dict are the material for one.",
    "SeriesSchema": "That promises one column, and a table has several.",
}
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


ENDS: dict[str, tuple[float, float]] = {
    "usage": (0.0, 744.0),
    "usage_last_month": (0.0, 744.0),
    "login_days": (0, 30),
    "tenure": (0, 600),
    "price": (8.0, 40.0),
    "tickets": (0, 100),
}
FOREIGN = ["centre", "North", "weekly", "Monthly", "none", "None", "other", "unknown", "?", " ", ""]
FOREIGN += ["northern", "far north", "monthly or yearly", "bimonthly"]  # a known one is a part of each
COLUMNS = (*ENDS, "contract", "region", "customer")
GAP, BELOW, ABOVE = "a missing value", "a number below its range", "a number above its range"
WORDS, TWICE = "values that are not in the list", "a customer who is there twice"


def _past(end: float, by: int) -> float:
    """Go a little past an end: one for a whole number, a tenth for another."""
    return end + by * (0.1 if isinstance(end, float) else 1)


PROMISES: list[tuple[str, str, object]] = [
    *((GAP, column, None) for column in COLUMNS),
    *((BELOW, column, _past(low, -1)) for column, (low, _) in ENDS.items()),
    *((ABOVE, column, _past(high, 1)) for column, (_, high) in ENDS.items()),
    *((WORDS, column, FOREIGN) for column in ("contract", "region")),
    (TWICE, "customer", None),
]
"""What breaks each promise: what it is, in which column, and what is put there. Of all columns and both ends, since a
schema may forget any."""


def at_the_ends(table: pd.DataFrame) -> pd.DataFrame:
    """Return a clean table in which each range is used from end to end."""
    return table.assign(**{column: [*ends, *table[column][2:]] for column, ends in ENDS.items()})


def spoilt_columns(draw: Random, tables: list[pd.DataFrame]) -> list[tuple[str, str, pd.DataFrame, set[int]]]:
    """Break one promise in each table: what was done, the column, the table, the rows at fault."""
    found = []
    for (what, column, value), table in zip(PROMISES, cycle(tables)):
        first = draw.randrange(len(table) - len(FOREIGN))
        last = first + (1 if what == GAP else len(FOREIGN))  # two gaps are the same customer twice
        hit = pd.Series(table.index.isin(range(first, last)), index=table.index)
        if what == TWICE:
            spoilt = pd.concat([table, table[hit]], ignore_index=True)
            hit = spoilt["customer"].duplicated(keep=False)
        else:
            put = pd.Series(value, index=table.index[hit]) if what == WORDS else value
            spoilt = table.assign(**{column: table[column].mask(hit, put)})
        found.append((what, column, spoilt, _rows(hit)))
    return found


def _rows(hit: "pd.Series[bool]") -> set[int]:
    return {int(row) for row in np.flatnonzero(hit)}


@question(
    "schema: the promises as data",
    makes="schema",
    points=4,
    hints=(
        "`pa.DataFrameSchema({'price': pa.Column(...)})` takes one `pa.Column` for each column. A column takes a type "
        "first, and checks by their name, such as `checks=pa.Check.ge(8)`.",
        "There are ready checks for a range and for a list of values: look at `pa.Check.in_range` and "
        "`pa.Check.isin`. A column may also be `unique`.",
        "You need not type the promises again: build the columns with a dict comprehension over `RANGES`, and another "
        "one over `VALUES`. A type that you are not sure of can be left away.",
    ),
    misconceptions={
        "not-a-schema": "`schema` should be a `DataFrameSchema` (or a `DataFrameModel`), and it is of the type "
        "`{type}`. {instead}",
        "check-for-type": "You give `pa.Column` a check where it takes a type: the first argument is the type, so "
        "write `checks=` before the check.",
        "stops-clean": "A month that keeps every promise does not pass: the report names {column} and the "
        "check `{check}`.",
        "ends-are-allowed": "A month that keeps every promise does not pass: in `{column}` the report names the value "
        "{value}, which is an end of the range. Both ends are allowed.",
        "not-in-it": "`{column}` is not a column of your schema: a table with {what} in that column passes.",
        "column-may-be-absent": "A table without the column `{column}` passes. A promise of what is in a column holds "
        "nothing when the column may be left out: leave `required` as it is.",
        "drops-rows": "Your schema takes the rows at fault out of the table and raises no error: nobody gets a report. "
        "Leave `drop_invalid_rows` away.",
        "lets-through": "A table with {what} in `{column}` passes.",
        "types-only": "Only types are promised: a wrong number of the right type passes. Each column also needs a "
        "check.",
        "whole-table": "A table with {what} in one column is stopped, and the report does not say which column. Give "
        "the check to the column, not to the whole table.",
        "no-rows": "A table with {what} in `{column}` is stopped, and the report does not say in which rows. A check "
        "that answers with one word for the whole column, such as `.all()`, cannot: let it answer for each value.",
        "wrong-rows": "A table with {what} in `{column}` is stopped, and the report {names}{example}.",
        "lost-as-text": "In Python your schema holds every promise, and read back from the text of `to_json()` it does "
        "not: there a table with {what} in `{column}` passes. Code, such as a function of your own, is not written "
        "into the text.",
        "no-text": "In Python your schema holds every promise, but it cannot be sent: written as text, by `to_json()`, "
        "and read again. {error}",
        "one-of-two": "A customer who is there twice is stopped, and the report leaves out rows at fault: all rows of "
        "that customer are, the first too. A column that is `unique` names them all.",
    },
    praise="Whoever gets its report knows the column and the rows.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Validate clean and broken tables with the schema; read its reports."""
    try:
        answer.value("schema")
    except BrokeError as error:
        if "<Check" in str(error) and "data type" in str(error):
            return wrong("check-for-type")
        raise
    if got := answer.evaluate(NO_SCHEMA):
        return wrong("not-a-schema", type=got, instead=INSTEAD.get(got, ""))
    tables = [table for table, _ in months(draw)]
    clean = [*tables[:4], at_the_ends(tables[0])]
    if alarm := _alarm(clean, _reports(answer, clean)):
        return alarm
    faults = spoilt_columns(draw, tables)
    reports = _reports(answer, [table for _, _, table, _ in faults])
    passed = [fault for fault, report in zip(faults, reports, strict=True) if not report]
    given = {"table": tables[0], "columns": COLUMNS}
    names, absent = answer.evaluate(IN_IT, **given, _named=NAMED, _space={})
    if passed:
        what, column, table, _ = passed[0]
        if answer.evaluate("len(schema.validate(table, lazy=True)) < len(table)", table=table):
            return wrong("drops-rows", earned=1)
        if sum(each in (BELOW, ABOVE, WORDS) for each, *_ in passed) == 2 * len(ENDS) + 2:
            return wrong("types-only", earned=1)
        earned = 1 + (len(PROMISES) - len(passed)) // 10
        if column not in names:
            return wrong("not-in-it", earned=earned, what=what, column=column)
        return wrong("lets-through", earned=earned, what=what, column=column)
    for (what, column, table, rows), report in zip(faults, reports, strict=True):
        named = {index for name, index, *_ in report if name == column}
        if not named:
            return wrong("whole-table", earned=2, what=what)
        if named == {-1}:
            return wrong("no-rows", earned=3, what=what, column=column)
        if named - {-1} != rows:
            if what == TWICE:
                return wrong("one-of-two", earned=3)
            left = [str(table[column][row]) for row in sorted(rows - named)]
            example = f': it leaves out, for example, the row with "{left[0]}"' if left else ""
            names = "does not name all the rows at fault" if named < rows else "names other rows than those at fault"
            return wrong("wrong-rows", earned=3, what=what, column=column, names=names, example=example)
    if absent:
        return wrong("column-may-be-absent", earned=3, column=absent[0])
    try:
        sent = _reports(answer, [table for _, _, table, _ in faults], as_text=True)
    except BrokeError as error:
        return wrong("no-text", earned=3, error=str(error).replace("Your code", "That"))
    for (what, column, *_), report in zip(faults, sent, strict=True):
        if not report:
            return wrong("lost-as-text", earned=3, what=what, column=column)
    return right()


def _alarm(clean: list[pd.DataFrame], reports: list[Any]) -> Verdict | None:
    """Say what a report on clean tables names, if one names anything."""
    named = [(table, case) for table, report in zip(clean, reports, strict=True) for case in report]
    if not named:
        return None
    column, _, check, value = named[0][1]
    if all(name in ENDS and row >= 0 and table[name][row] in ENDS[name] for table, (name, row, *_) in named):
        return wrong("ends-are-allowed", column=column, value=f"{float(value):g}")
    if check in ("column_in_schema", "column_in_dataframe"):
        column = value  # a column too many or too few: the report has its name as the value at fault
    where = "the table" if column == "None" else f"the column `{column}`"
    return wrong("stops-clean", column=where, check=check[:60])


def _reports(answer: Answer, tables: list[pd.DataFrame], as_text: bool = False) -> list[Any]:
    found: list[Any] = []
    for few in range(0, len(tables), 5):  # as for `tried`: pandera takes its time on a busy machine
        given = {"tables": tables[few : few + 5], "as_text": as_text}
        found += answer.evaluate(REPORTED, **given, _report=REPORT, _space={})
    return found


q4 = in_quiz("green-for-a-year", makes="answer_4")
