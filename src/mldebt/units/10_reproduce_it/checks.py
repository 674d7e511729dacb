"""What a right answer to exercise 10 does."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mldebt.check import Answer, Verdict, in_quiz, is_integer, is_number, question, right, shown, wrong
from mldebt.churn import FEATURES, Logistic, auc, customers

# In another process Python's `hash` of a text is another number. The function is called as if it were there.
SALTED = """
def salted(value, _hash=hash):
    return _hash(("another process", value)) if set(repr(value)) & set("'\\"") else _hash(value)

names = getattr(function, "__globals__", {})
own = "hash" in names
try:
    if not own:
        names["hash"] = salted
    seen = function(*given)
finally:
    if not own:
        names.pop("hash", None)
"""


def elsewhere(answer: Answer, name: str, *given: Any) -> Any:
    """Call the learner's function with another `hash`."""
    expression = f"[_space.update(function={name}, given=given), exec(_salted, _space), _space['seen']][-1]"
    return answer.evaluate(expression, given=given, _salted=SALTED, _space={})


STIRRED = """
import random
from copy import deepcopy

import numpy as np

kept = np.random.get_state(), random.getstate()
seen = []
try:
    for stir, given in enumerate(calls, first):
        np.random.seed(stir)
        random.seed(stir)
        result = function(*deepcopy(given))
        after = np.random.random(), random.random()
        np.random.seed(stir)
        random.seed(stir)
        seen.append([result, after == (np.random.random(), random.random())])
finally:
    np.random.set_state(kept[0])
    random.setstate(kept[1])
"""
GLOBAL = (
    "Your function resets or uses a global generator: after it ran, the random numbers of everybody else are others "
    "than without it, and their draws can change yours. Use a generator of your own."
)


def stirred(answer: Answer, name: str, calls: Sequence[tuple[Any, ...]], first: int) -> list[tuple[Any, bool]]:
    """Call the learner's function, the global generators stirred; return the results, and if it left them alone."""
    expression = f"[_space.update(function={name}, calls=calls, first=first), exec(_stirred, _space), _space['seen']]"
    return answer.evaluate(f"{expression}[-1]", calls=calls, first=first, _stirred=STIRRED, _space={})  # type: ignore[no-any-return]


# Question 1: runs.

ROWS, FEWER = 600, 400
LEAST, MOST = 0.22, 0.38
"""Shares of the customers that count as about 3 in 10: a split by hashes has no exact share."""
CLOSE = 1e-6  # another order of the rows is another order of additions


@lru_cache(maxsize=32)
def customers_of(seed: int) -> pd.DataFrame:
    """Draw a table whose index says nothing."""
    frame = customers(ROWS, seed=seed)
    return frame.set_axis(np.random.default_rng(seed).permutation(ROWS) + 7)


def turned(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the same rows in another order."""
    return frame.iloc[np.random.default_rng([seed, 1]).permutation(len(frame))]


@question(
    "run: the same result twice",
    makes="run",
    points=4,
    hints=(
        "Where does `monday` get its luck from? Look for what makes it from `seed`, and from nothing else: "
        "`np.random.default_rng(seed)` is a generator of your own, and `sample` of a DataFrame takes a `random_state`.",
        "The tenth row of a table is another customer when the rows come in another order. Bring the rows into an "
        "order that depends on nothing but the customers, and only then draw.",
        "Sort by `customer`, draw the test part with the seed, and train on all rows that are not in it.",
    ),
    misconceptions={
        "not-a-result": '`run` should return a dict with `"test"`, the numbers of customers, and `"auc"`, a number. '
        "It returned {got}.",
        "differs": "I called `run` twice with the same table and the same seed, and the test parts differ. Something "
        "else than its arguments decides: a global generator, or one that goes on from call to call.",
        "not-the-share": "{what}. The test part should be about 3 in 10 of the customers of the table, each once.",
        "judged-on-training": "The AUC is that of customers on whom the model was trained: {got:.3f} flatters. Train "
        "on the others, and judge on the test part.",
        "wrong-auc": "The AUC is {got:.3f}, which is not that of a `Logistic` on `FEATURES` that is trained on the "
        "other customers and judged on the test part. It should not be rounded.",
        "row-order": "The same customers with the same seed, in another order of rows: another test part. Which "
        "customer stands in a row must not matter: bring them into the order of `customer` before you draw.",
        "index": "The same rows with another index, and the result changes. The index is where a row happens to "
        "stand, and a label in it may occur twice: choose by `customer`.",
        "ignores-seed": "All seeds give the same test part. Whoever wants to know how much luck is in a result needs "
        "another one for each seed.",
        "global-generator": GLOBAL,
        "changes-data": "Your function changes the table that it is given, so the next run starts from another one.",
        "process-hash": "It depends on Python's `hash` of a text, which is another number in each process: tomorrow "
        "your run gives another result. `hashlib` gives the same everywhere.",
    },
    praise="The same customers and the same seed, the same result: today, tomorrow, and after anything.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Run twice, in other orders, with other seeds; look what it does to the generators of others."""
    table, seed = customers_of(draw.randrange(10**6)), draw.randrange(1000)
    call = answer.call("run", table, seed)
    first = call.value
    if not _is_run(first):
        return wrong("not-a-result", got=shown(first))
    other = turned(table, seed)
    moved = [
        table.reset_index(drop=True),
        table.set_axis(table["customer"].to_numpy()),
        *(table.set_axis(table.index // rows) for rows in (2, 3, 4)),  # one AUC may be the same by luck
    ]
    calls = [(frame, seed) for frame in (table, table, other, *moved)] + [(table, seed + 1), (table, seed + 2)]
    calls.append((table.head(FEWER), seed))
    seen = stirred(answer, "run", calls, draw.randrange(10**6))
    runs = [result for result, _ in seen]
    for result in runs:
        if not _is_run(result):
            return wrong("not-a-result", got=shown(result))
    if not all(_same_run(first, result) for result in runs[:2]):
        return wrong("differs")
    # The size comes first, or a better function that keeps the 180 of `monday` would get fewer points.
    verdict = _judge_run(table, first) or _judge_run(table.head(FEWER), runs[-1])
    if verdict is not None:
        return verdict
    if call.changed:
        return wrong("changes-data", earned=2)
    if not _same_run(first, runs[2]):
        return wrong("row-order", earned=2)
    if not all(_same_run(first, result) for result in runs[3:8]):
        return wrong("index", earned=2)
    if any(set(result["test"]) == set(first["test"]) for result in runs[8:10]):
        return wrong("ignores-seed", earned=2)
    if not all(quiet for _, quiet in seen):
        return wrong("global-generator", earned=2)
    same = _same_run(first, elsewhere(answer, "run", table, seed))
    return right() if same else wrong("process-hash", earned=3)


def _is_run(value: Any) -> bool:
    if not isinstance(value, dict) or not {"test", "auc"} <= value.keys() or not is_number(value["auc"]):
        return False
    value["test"] = value["test"].tolist() if hasattr(value["test"], "tolist") else value["test"]
    test = value["test"]
    return isinstance(test, list | tuple | set | frozenset) and all(map(is_integer, test))


def _same_run(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return _is_run(other) and set(one["test"]) == set(other["test"]) and abs(one["auc"] - other["auc"]) < CLOSE


def _judge_run(table: pd.DataFrame, result: dict[str, Any]) -> Verdict | None:
    """Judge one result by what it says itself: train on all others than its test part."""
    test, known = list(result["test"]), set(table["customer"])
    share = len(test) / len(table)
    if not set(test) <= known or len(set(test)) < len(test):
        return wrong("not-the-share", what="The test part holds a customer twice, or one that is not in the table")
    if not LEAST <= share <= MOST:
        return wrong("not-the-share", what=f"Of {len(table)} customers the test part holds {len(test)}")
    held = table["customer"].isin(test)

    def score(train: pd.DataFrame, judged: pd.DataFrame) -> float:
        return auc(judged["churned"], Logistic.fit(train, FEATURES).predict(judged))

    got = float(result["auc"])
    if abs(got - score(table[~held], table[held])) < CLOSE:
        return None
    flattering = ((table, table[held]), (table, table), (table[~held], table[~held]), (table[held], table[held]))
    known_case = any(abs(got - score(*pair)) < CLOSE for pair in flattering)
    return wrong("judged-on-training" if known_case else "wrong-auc", earned=1, got=got)


# Question 2: records.

CODE = """def run(table, seed):
    for _ in range(2):
        table = table.sort_values("customer")
        seed += 1
    return table.sample(frac={share}, random_state=seed)
"""
RECODED = {
    "the indentation of a line": ("        seed += 1", "    seed += 1"),  # the same words, and another program
    "a capital letter": ("customer", "Customer"),
    "a comment": ("seed += 1", "seed += 1  # Tuesday"),
    "a comment in a line of its own": ("    return", "    # Tuesday\n    return"),
    "a blank at the end of a line": ("2):", "2): "),
    "a line break at its end": ("=seed)\n", "=seed)"),
}
"""What changes in the code, and what is written in place of what."""

RECORD = """
import json

seen = []
for code, table, seed, auc in calls:
    made = record(code, table, seed, auc)
    try:
        json.dumps(made)
        problem = ""
    except Exception as error:
        problem = str(error)
    seen.append([made, problem])
"""
RECORDED = "[_space.update(record=record, calls=calls), exec(_record, _space), _space['seen']][-1]"
PRINTS = ("code", "data")


def spoilt(table: pd.DataFrame, draw: Random) -> dict[str, pd.DataFrame]:
    """Return what each change does to a table. The middle of a long table is where nobody looks."""
    place, other = draw.sample(range(len(table) // 3, 2 * len(table) // 3), 2)
    usage = table["usage"].to_numpy().copy()
    usage[place] += 0.01
    last_digit = table["usage"].to_numpy().copy()
    last_digit[place] = np.nextafter(last_digit[place], np.inf)
    swapped = table["price"].to_numpy().copy()
    swapped[place], swapped[other] = swapped[other], swapped[place] + (swapped[place] == swapped[other])
    flipped = table["churned"].to_numpy().copy()
    flipped[place] = 1 - flipped[place]
    region = table["region"].to_numpy().copy()
    region[place] = "west" if region[place] != "west" else "east"
    return {
        "one outcome changed": table.assign(churned=flipped),
        "one customer's usage changed by 0.01": table.assign(usage=usage),
        "one customer's usage changed in its last digit": table.assign(usage=last_digit),
        "one customer moved to another region": table.assign(region=region),
        "two customers' prices were exchanged": table.assign(price=swapped),
        "a row was lost": table.drop(index=table.index[place]),
        "a column got another name": table.rename(columns={"usage": "hours"}),
    }


@question(
    "record: all that a result depends on",
    makes="record",
    points=3,
    hints=(
        "`hashlib.sha256(text.encode()).hexdigest()` makes a fingerprint of any text, 64 characters long.",
        "So a table must become a text that holds every value and the names of the columns. `to_csv` makes one. What "
        "`str(table)` leaves out, you see when you print it.",
        "The text must not depend on the order of the rows or on the index: sort by `customer` first, and leave the "
        "index out. The version of a package is in its `__version__`.",
    ),
    misconceptions={
        "not-a-record": '`record` should return a dict with the entries `"code"`, `"data"`, `"seed"`, `"auc"` and '
        '`"packages"`. It returned {got}.',
        "not-json": "`json.dumps` does not accept the record: {problem}. Whoever reads it may not have pandas.",
        "wrong-entry": "`{name}` should be kept as given, and it is {got}.",
        "packages": '`"packages"` should be a dict with the versions of `numpy` and `pandas` that are running. Ask the '
        "packages themselves: a version that you type stays what it is when somebody updates.",
        "not-a-fingerprint": "`{name}` should be a text of at most 64 characters, and it is {got}.",
        "not-stable": "The same {name} gets another fingerprint in another process, or at the next call. Python's "
        "`hash` of a text does that on purpose, `id` and `uuid4` by their nature, and `tobytes` of texts holds where "
        "they lie in memory. Look at `hashlib`, and make a text of the values.",
        "row-order": "The same customers in another order of rows get another fingerprint.",
        "index": "The same rows under another index get another fingerprint. The index is where a row happens to "
        "stand.",
        "code-unnoticed": "The code changed, by {what}, and its fingerprint did not.",
        "unnoticed": "The table changed, and its fingerprint did not: {what}. Does all of the table go in? A printed "
        "table is cut in the middle and rounded, and a mean or a shape is the same for many tables. `to_json` and "
        "`to_string` round; `to_csv` does not.",
        "column-name": "A column got another name, and the fingerprint did not change. The names belong to the data.",
        "changes-data": "Your function changes the table that it is given.",
    },
    praise="Code, data, seed and packages in one place. When a result changes, you can ask which of them did.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Record a run, then the same run with the rows turned and with one thing changed."""
    table, seed = customers_of(draw.randrange(10**6)), draw.randrange(1000)
    code, score = CODE.format(share=0.3), draw.randrange(7000, 8000) / 9973  # with all the digits of a float
    call = answer.call("record", code, table, seed, score)
    made = call.value
    if not isinstance(made, dict) or not {"code", "data", "seed", "auc", "packages"} <= made.keys():
        lacking = {"code", "data", "seed", "auc", "packages"} - set(made) if isinstance(made, dict) else set()
        got = f"one without {', '.join(sorted(lacking))}" if lacking else shown(made)
        return wrong("not-a-record", got=got)
    if call.changed:
        return wrong("changes-data")
    other = turned(table, seed)
    moved = table.set_axis(other.index)
    changes = spoilt(table, draw)
    tables = [table, other, moved, *changes.values()]
    calls = [(code, each, seed, score) for each in tables]
    calls += [(code.replace(*words), table, seed, score) for words in RECODED.values()]
    calls.append((CODE.format(share=0.4), table, seed + 1, score + 0.01))
    seen = answer.evaluate(RECORDED, calls=calls, _record=RECORD, _space={})
    if seen[0][1]:
        return wrong("not-json", problem=seen[0][1])
    entries = {"seed": seed + 1, "auc": score + 0.01}
    for name, given in entries.items():
        last = seen[-1][0][name]
        if not is_number(last) or last != given:
            return wrong("wrong-entry", earned=1, name=name, got=shown(last))
    running = answer.evaluate("{name: __import__(name).__version__ for name in ('numpy', 'pandas')}")
    packages = made["packages"]
    if not isinstance(packages, dict) or any(packages.get(name) != version for name, version in running.items()):
        return wrong("packages", earned=1)
    for name in PRINTS:
        if not isinstance(made[name], str) or not 0 < len(made[name]) <= 64:
            kind = type(made[name]).__name__
            got = f"one of {len(made[name])}" if isinstance(made[name], str) else f"of the type `{kind}`"
            return wrong("not-a-fingerprint", earned=1, name=name, got=got)
    salted = elsewhere(answer, "record", code, table, seed, score)
    for name in PRINTS:
        if not made[name] == seen[0][0][name] == salted[name]:
            return wrong("not-stable", earned=1, name=name)
    for (recoded, _), what in zip(seen[len(tables) :], (*RECODED, "one digit"), strict=True):
        if recoded["code"] == made["code"]:
            return wrong("code-unnoticed", earned=1, what=what)
    prints = [record["data"] for record, _ in seen[: len(tables)]]
    missed = [what for what, each in zip(changes, prints[3:], strict=True) if each == made["data"]]
    if missed == ["a column got another name"]:
        return wrong("column-name", earned=2)
    if missed:
        return wrong("unnoticed", earned=1, what=missed[0])
    if prints[2] != made["data"]:
        return wrong("index", earned=2)
    return right() if prints[1] == made["data"] else wrong("row-order", earned=2)


# Question 3: two records.


def records(draw: Random) -> list[tuple[dict[str, Any], dict[str, Any], set[str], str]]:
    """Draw pairs of records: what differs in them, and what the pair is about."""
    base: dict[str, Any] = {
        "code": f"{draw.randrange(16**8):08x}",
        "data": f"{draw.randrange(16**8):08x}",
        "seed": draw.randrange(100),
        "auc": draw.randrange(700001, 799999, 2) / 10**6,
        "share": 0.3,
        "packages": {"numpy": "2.1.3", "pandas": "2.2.3"},
    }
    edge = base["auc"] + 5e-7  # half-way between two numbers of six digits
    fewer = {name: value for name, value in base.items() if name != "data"}
    turned = dict(reversed(base.items()))
    return [
        (base, dict(base), set(), "same"),
        (base, turned, set(), "same"),
        (base, base | {"code": "0000"}, {"code"}, "value"),
        (
            base,
            base | {"seed": base["seed"] + 1, "packages": {"numpy": "2.0.1", "pandas": "2.2.3"}},
            {"seed", "packages"},
            "value",
        ),
        (base, base | {"auc": base["auc"] + 0.02}, {"auc"}, "value"),
        (base, base | {"auc": base["auc"] + 0.0001, "share": 0.2999}, {"auc", "share"}, "small"),
        (base, base | {"auc": base["auc"] - 0.0004}, {"auc"}, "small"),
        (base, base | {"auc": base["auc"] + 3e-6}, {"auc"}, "small"),
        (base | {"minutes": 250.0}, base | {"minutes": 250.0001}, {"minutes"}, "small"),
        (base | {"p": 1e-9}, base | {"p": 2e-8}, set(), "close"),
        (base, base | {"auc": base["auc"] + 2e-12}, set(), "close"),
        (base, base | {"auc": base["auc"] - 3e-9, "share": 0.1 + 0.2}, set(), "close"),
        (base, base | {"auc": base["auc"] + 3e-7}, set(), "close"),
        (base | {"auc": edge - 2e-8}, base | {"auc": edge + 2e-8}, set(), "edge"),
        (base, fewer, {"data"}, "gone"),
        (fewer, base | {"host": "b"}, {"data", "host"}, "new"),
        (base | {"host": None}, base, {"host"}, "None gone"),
        (base, base | {"host": None}, {"host"}, "None new"),
        (base | {"auc": None}, base, {"auc"}, "none"),
        (base, base | {"auc": None}, {"auc"}, "none"),
        (base | {"auc": None}, base | {"auc": None}, set(), "none"),
    ]


@question(
    "what_changed: two records compared",
    makes="what_changed",
    points=2,
    hints=(
        "Go through the names of both records: `{**old, **new}` has them all. First ask whether a name is in both.",
        "For two floats look at how far they are apart: `abs(one - other)`. For everything else `==` will do.",
    ),
    misconceptions={
        "not-names": "`what_changed` should return a list of names, empty when nothing differs. It returned {got}.",
        "changes-data": "Your function changes a record that it is given. It is read again next year: leave it as it "
        "is.",
        "float-equality": "You report `{extra}`, whose numbers are less than a millionth apart ({apart:.0e}). Another "
        "machine adds in another order, and the last digits change: forgive that in every entry that is a number.",
        "rounds": "Two numbers that are almost the same are reported as different: they lie on two sides of an edge "
        "at which you round. Look at how far they are apart.",
        "too-loose": "Two numbers are {apart:.0e} apart, and you do not report it. A millionth is the limit, "
        "whatever the size of the numbers.",
        "one-side": "An entry that only {which} record has is not reported. Go through the names of both.",
        "missing-is-none": "An entry with the value `None` that only {which} record has is not reported. `get` gives "
        "`None` for both: for the entry, and where there is none.",
        "everything": "The records are the same in `{extra}`, and you report it. Entries may come in any order.",
        "missed": "You do not report `{missing}`, in which the two records differ.",
    },
    praise="It says what differs, and the last digits of a float are not a difference.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Compare pairs of records of which the differences are known."""
    pairs = records(draw)
    sides = {"gone": "the old", "new": "the new", "None gone": "the old", "None new": "the new"}
    problems: dict[str, Verdict] = {}
    for old, new, expected, kind in pairs:
        call = answer.call("what_changed", old, new)
        names = call.value.tolist() if hasattr(call.value, "tolist") else call.value
        if not isinstance(names, list | tuple | set | frozenset) or not all(isinstance(name, str) for name in names):
            return wrong("not-names", got=shown(names))
        if call.changed:
            return wrong("changes-data")
        extra, missing = set(names) - expected, expected - set(names)
        apart = max((_apart(old, new, name) for name in extra or missing), default=0.0)
        if extra:
            mistake = {"close": "float-equality", "edge": "rounds"}.get(kind, "everything")
            earned = int(mistake != "everything")
            problem = wrong(mistake, earned=earned, apart=apart, extra=sorted(extra)[0])
        elif missing:
            one_side = "missing-is-none" if kind.startswith("None") else "one-side"
            mistake = "too-loose" if kind == "small" else one_side if kind in sides else "missed"
            problem = wrong(mistake, apart=apart, missing=sorted(missing)[0], which=sides.get(kind, "one"))
        else:
            continue
        problems.setdefault(mistake, problem)
    for mistake in ("everything", "missed", "too-loose", "one-side", "missing-is-none", "float-equality", "rounds"):
        if mistake in problems:
            return problems[mistake]
    return right()


def _apart(old: dict[str, Any], new: dict[str, Any], name: str) -> float:
    both = (old.get(name), new.get(name))
    return abs(both[0] - both[1]) if all(map(is_number, both)) else 0.0  # type: ignore[operator]


# Question 4: comparisons of two models.

Scores = NDArray[np.float64]
Pair = tuple[Scores, Scores]

EQUAL, BETTER, WORSE = 240, 60, 30
SIZES, LUCKY, ALARMS = (25, 40), 400, 0.07
"""With so many splits, of twice LUCKY equally good models this share may be called better: what the exercise allows,
and a little for tests that are right in the long run, such as a bootstrap."""
FOUND = 54
"""Of BETTER, how many must be found: 90 in 100. benchmarks/tolerances/10_reproduce_it.py."""
HALVINGS, EDGES, REPEATS = 12, 4, 15
"""How closely the limit of a test is looked for, on how many pairs, and how often it is asked on either side of it."""

ASK = "[is_better(old, new) for old, new in pairs]"


RULES: dict[str, Callable[[Scores, Scores], bool]] = {
    "best-of-seeds": lambda old, new: bool(max(new) > max(old)),
    "mean-alone": lambda old, new: bool(np.mean(new) > np.mean(old)),
    "majority": lambda old, new: bool(np.mean(new > old) > 0.5),
}
"""What is no test: a rule that luck satisfies in half of all comparisons."""


def pair(rng: np.random.Generator, effect: float, splits: int | None = None) -> Pair:
    """Draw the scores of two models on the same splits; `effect` is in standard deviations of the differences."""
    number, scatter = splits or int(rng.integers(25, 41)), float(rng.uniform(0.001, 0.006))
    # Splits are more unlike each other than two models are on one of them; the benchmark shows it for real models.
    common = rng.uniform(0.7, 0.8) + rng.uniform(3.5, 6) * scatter * rng.normal(size=number)
    old, new = common + scatter / np.sqrt(2) * rng.normal(size=(2, number))
    return old, new + effect * scatter


def with_gain(base: Pair, t: float) -> Pair:
    """Move the new scores of a pair so that the mean difference is `t` standard errors."""
    old, new = base
    gain = new - old
    return old, new - gain.mean() + t * gain.std(ddof=1) / np.sqrt(len(gain))


@lru_cache
def lucky(splits: int) -> list[Pair]:
    """Return pairs of equally good models in which the new one has luck, as half of all pairs have.

    They are the same for everybody, and their mean gains lie as evenly as luck spreads them: it decides no verdict.
    """
    rng = np.random.default_rng(splits)
    errors = np.abs(rng.standard_t(splits - 1, 10**5))
    return [with_gain(pair(rng, 0.0, splits), t) for t in np.quantile(errors, (np.arange(LUCKY) + 0.5) / LUCKY)]


class Comparisons:
    """Pairs of which it is known whether the new model is better."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.equal = [pair(rng, 0.0) for _ in range(EQUAL)]
        self.better = [pair(rng, float(rng.uniform(1, 1.15))) for _ in range(BETTER)]
        self.worse = [pair(rng, -float(rng.uniform(1, 1.15))) for _ in range(WORSE)]
        self.edges = [pair(rng, 0.0) for _ in range(EDGES)]
        self.large = [(old, new + 1.2 * old.std()) for old, new in self.equal[:30]]  # an unpaired test finds these
        self.shuffled = [(old, rng.permutation(new)) for old, new in self.large]


def changes_its_mind(ask: Callable[[list[Pair]], list[Any]], bases: list[Pair]) -> bool:
    """Tell whether a test answers the same scores in two ways, where that is likeliest: at its limit.

    For each pair the gain at which a "no" turns into a "yes" is looked for by halving. A test with luck in it
    wavers there, and one without says the same as often as it is asked.
    """
    low, high = [0.0] * len(bases), [8.0] * len(bases)  # in standard errors
    for _ in range(HALVINGS):
        middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
        for which, yes in enumerate(ask([with_gain(base, t) for base, t in zip(bases, middle, strict=True)])):
            (high if yes else low)[which] = middle[which]
    limits = [with_gain(base, t) for ends in (low, high) for base, t in zip(bases, ends, strict=True)]
    told = ask(limits * REPEATS)
    return any(told[number] != told[number % len(limits)] for number in range(len(told)))


@question(
    "is_better: an improvement, or luck",
    makes="is_better",
    points=4,
    hints=(
        "Some splits are easy for both models and some hard for both. What is left of that when you look at "
        "`new - old`, split by split?",
        "If the models are equally good the differences scatter around 0. Their mean scatters less than a single one, "
        "by the root of their number: that is its standard error.",
        "Three ways: the mean difference against twice its standard error; the number of splits that the new model "
        "wins, against a coin; or draw the differences again with replacement, a thousand times, with a generator "
        "that your function makes from a fixed seed, and look how often the mean is not above 0.",
    ),
    misconceptions={
        "not-a-bool": "`is_better` should return `True` or `False`, and it returned {got}.",
        "best-of-seeds": "Your function compares the best split of the new model with the best of the old one. Of "
        "{of} comparisons of equally good models it called the new one better in {count}: the best of many is the "
        "luckiest.",
        "mean-alone": "A higher mean is enough for your function, and luck gives one in half of all comparisons: "
        "{count} of {of} with equally good models. How far would the mean difference move with other splits?",
        "majority": "More wins than losses are enough for your function, and a coin gives that too: {count} of {of} "
        "comparisons of equally good models. How many wins would be rare for a coin?",
        "false-alarm": "Of 100 comparisons of equally good models on {splits} splits your function calls the new one "
        "better in about {count:.0f}. How often does luck alone give a gain like the one that you accept?",
        "direction": "Your function says `True` when the new model is worse. A difference has a sign.",
        "never": "Your function never says `True`, not even where the new model is clearly better on nearly every "
        "split.",
        "unpaired": "Of {of} new models that were truly better you found {count}. I also put the scores of one model "
        "into another order, so that they were no pairs any more, and your answers stayed the same. The noise of the "
        "splits, which both models share, hides what you look for.",
        "fixed-margin": "The same scores in percent get another answer: there is a fixed margin in it. How large a "
        "difference must be depends on how much the differences scatter.",
        "too-strict": "Of {of} new models that were truly better you found {count}. The mean of many differences "
        "scatters less than a single one.",
        "changes-its-mind": "Asked twice about the same scores, your function gives two answers. A test is a run too: "
        "where does it get its luck from?",
        "global-generator": GLOBAL,
        "identical": "Two models with the same scores on all splits: your function says that the new one is better.",
    },
    praise="It finds true improvements that the noise of the splits hides, and luck seldom deceives it.",
)
def q4(answer: Answer, draw: Random) -> Verdict:
    """Count what it says of comparisons of which the truth is known."""
    known = Comparisons(draw.randrange(2**32))
    first = answer.call("is_better", *known.better[0]).value
    if not _is_bool(first):
        return wrong("not-a-bool", got=shown(first))
    same = answer.evaluate("is_better(scores, scores)", scores=known.equal[0][0])  # some divide by 0

    def said(*groups: Sequence[Pair]) -> list[list[bool]] | None:
        given = [answer.evaluate(ASK, pairs=group) for group in groups]  # each has the time limit to itself
        only_bools = all(_is_bool(each) for part in given for each in part)
        return [list(map(bool, part)) for part in given] if only_bools else None

    percent = [(100 * old, 100 * new) for old, new in (*known.equal[:60], *known.better)]
    answers = said(known.equal, known.better, known.worse, percent)
    if answers is None:
        return wrong("not-a-bool", got="something else for other scores")
    equal, better, worse, scaled = answers
    found = sum(better)
    for name, rule in RULES.items():
        if [rule(*each) for each in known.equal] == equal:
            return wrong(name, count=sum(equal), of=EQUAL)
    if changes_its_mind(lambda pairs: answer.evaluate(ASK, pairs=pairs), known.edges):
        return wrong("changes-its-mind", earned=2)
    if scaled != equal[:60] + better:
        return wrong("fixed-margin", earned=1)
    if sum(worse) > 1:
        return wrong("direction", earned=1)
    for splits in SIZES:
        alarms = sum((said(lucky(splits)) or [[]])[0]) / (2 * LUCKY)
        if alarms > ALARMS:
            return wrong("false-alarm", earned=1, splits=splits, count=100 * alarms)
    if found < FOUND:
        large, shuffled = said(known.large, known.shuffled) or ([], [])
        if any(large) and large == shuffled:
            return wrong("unpaired", earned=1, count=found, of=BETTER)
        return wrong("too-strict", earned=1, count=found, of=BETTER) if found else wrong("never")
    if same:
        return wrong("identical", earned=3)
    quiet = stirred(answer, "is_better", known.better[:1], draw.randrange(10**6))[0][1]
    return right() if quiet else wrong("global-generator", earned=3)


def _is_bool(value: object) -> bool:
    return isinstance(value, bool | np.bool_) or (is_integer(value) and value in (0, 1))


q5 = in_quiz("equal-on-paper", makes="answer_5")
