"""What a right answer to exercise 13 does."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from mldebt.check import Answer, BrokeError, Verdict, in_quiz, is_number, names_in, question, right, shown, wrong
from mldebt.churn import Drift, Logistic, customers, in_minutes, log_loss

# Question 1: batches of which the truth is known.

COLUMNS = ("usage", "usage_last_month", "price")
SEASON = 0.15  # standard deviations of engagement, up and down: use goes up and down by a tenth
PART = 0.4  # of the rows that change their unit
ROWS, REFERENCE = 1200, 2000
CLEAN = 12
SILENT = 1
"""Ordinary months of twelve in which an alarm may sound. benchmarks/tolerances/13_data_dependencies.py."""

ASK = "[changed_unit(reference, batch) for batch in batches]"


@lru_cache(maxsize=64)
def months(seed: int) -> tuple[pd.DataFrame, tuple[pd.DataFrame, ...]]:
    """Draw a reference and twelve ordinary months: low, middle and high season."""
    ordinary: list[pd.DataFrame] = []
    for place, season in enumerate((-SEASON, 0.0, SEASON)):
        many = customers(4 * ROWS, seed=seed + 1 + place, drift=Drift(covariate=season))
        ordinary += [many.iloc[at : at + ROWS].reset_index(drop=True) for at in range(0, 4 * ROWS, ROWS)]
    return customers(REFERENCE, seed=seed), tuple(ordinary)


def in_days(frame: pd.DataFrame, share: float, *, seed: int, column: str) -> pd.DataFrame:
    """Divide a share of the rows of a column by 24."""
    hit = np.random.default_rng([seed, 3]).random(len(frame)) < share
    return frame.assign(**{column: frame[column].mask(hit, frame[column] / 24)})


def broken(ordinary: Sequence[pd.DataFrame], seed: int) -> dict[str, tuple[set[str], pd.DataFrame]]:
    """Spoil ordinary months; return for each fault the columns that it changes, and the month."""
    both = in_minutes(ordinary[4], 0.6, seed=seed, column="usage_last_month")
    return {
        "part": ({"usage"}, in_minutes(ordinary[0], PART, seed=seed)),
        "part of the other": ({"usage_last_month"}, in_minutes(ordinary[9], PART, seed=seed, column=COLUMNS[1])),
        "all": ({"usage"}, in_minutes(ordinary[8], 1.0, seed=seed)),
        "two": ({"usage", "usage_last_month"}, in_minutes(both, 0.6, seed=seed + 1)),
        "days": ({"usage"}, in_days(ordinary[5], PART, seed=seed, column="usage")),
        "all in days": ({"usage_last_month"}, in_days(ordinary[1], 1.0, seed=seed, column="usage_last_month")),
        "cents": ({"price"}, ordinary[10].assign(price=ordinary[10]["price"] * 100)),
    }


FAULTS = {
    "part": "`usage` in minutes for 4 rows in 10",
    "part of the other": "`usage_last_month` in minutes for 4 rows in 10",
    "all": "`usage` in minutes for all rows",
    "two": "`usage` and `usage_last_month` in minutes for 6 rows in 10",
    "days": "`usage` in days for 4 rows in 10",
    "all in days": "`usage_last_month` in days for all rows",
    "cents": "`price` in cents",
}


def scaled(frame: pd.DataFrame, factors: dict[str, float]) -> pd.DataFrame:
    """Return the same customers in another country, where people use more or less and pay in another currency."""
    return frame.assign(**{name: frame[name] * factor for name, factor in factors.items()})


@question(
    "changed_unit: notice that a unit changed",
    makes="changed_unit",
    points=4,
    hints=(
        "Go through COLUMNS. For each of them compare one thing about `batch[name]` with the same thing about "
        "`reference[name]`. What moves by a lot when values are 60 times larger, and little from month to month?",
        "`reference[name].quantile([...])` gives a low and a high value between which nearly all rows lie. A changed "
        "unit puts many rows outside of them, above or below.",
        "Widen those two values, since seasons come and go. Count the share of rows outside, and put the name into "
        "the list when the share is far above what an ordinary month has.",
    ),
    misconceptions={
        "not-names": "`changed_unit` should return a list of names from COLUMNS, empty when all is well. It "
        "returned {got}.",
        "changes-data": "Your function changes a table that it is given. Whoever reads it next gets other numbers: "
        "work on copies, or compute new values.",
        "silent": "I gave your function {count} months in which a unit had changed, and it found nothing in any.",
        "false-alarm": "In {count} of {of} ordinary months your function sounds an alarm. Use rises and falls with the "
        "season; print what you compare for several ordinary months and see how far it moves. A difference can be "
        "certain and still be small.",
        "blames-others": "Your function names columns whose unit did not change: {extra}. Judge each by itself.",
        "all-rows": "When only part of the rows change their unit you notice, when all of them do you do not. What is "
        "normal must come from `reference`: a batch that is wrong throughout looks normal to itself.",
        "part": "You notice a column that changes in all rows, and miss it when 4 rows in 10 change. Some numbers that "
        "describe a column hardly move until half of the rows have changed.",
        "one-way": "You notice minutes, and miss hours that arrive in days. A unit can make numbers smaller as well.",
        "some-columns": "You never name {missing}. Go through all of COLUMNS.",
        "missed": "Of {of} months with a changed unit your function misses {count}, among them {first}. Try parts of "
        "the rows and all of them, numbers that grow and numbers that shrink.",
        "fixed": "It works where the given customers live. In another country, where a month costs {price:.0f} and "
        "people watch {usage:.0f} hours, it does not: there are fixed numbers in it. Let `reference` say what is "
        "normal.",
    },
    praise="Silent in ordinary months, loud when a unit changes, in another country too.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Ask about ordinary and spoilt months of one world, then about the same months in other units."""
    seed = draw.randrange(10**6)
    reference, ordinary = months(seed)
    spoilt = broken(ordinary, seed)
    call = answer.call("changed_unit", reference, spoilt["part"][1])
    if names_in(call.value) is None or not names_in(call.value) <= set(COLUMNS):  # type: ignore[operator]
        return wrong("not-names", got=shown(call.value))
    if call.changed:
        return wrong("changes-data")
    verdict = _judge_world(answer, reference, ordinary, spoilt)
    if verdict is not None:
        return verdict
    factors = {"price": draw.choice((0.15, 7.0, 25.0)), "usage": draw.choice((0.25, 3.0))}
    factors["usage_last_month"] = factors["usage"]
    batches = [scaled(frame, factors) for frame in (*ordinary, *(frame for _, frame in spoilt.values()))]
    there = scaled(reference, factors)
    medians: dict[str, Any] = {name: float(there[name].median()) for name in ("price", "usage")}
    try:
        said = _ask(answer, there, batches)
    except BrokeError:
        return wrong("fixed", earned=2, **medians)
    right_there = sum(map(bool, said[:CLEAN])) <= SILENT and said[CLEAN:] == [names for names, _ in spoilt.values()]
    return right() if right_there else wrong("fixed", earned=2, **medians)


def _ask(answer: Answer, reference: pd.DataFrame, batches: Sequence[pd.DataFrame]) -> list[set[str] | None]:
    given = answer.evaluate(ASK, reference=reference, batches=list(batches))
    return [names_in(value) for value in given]


def _judge_world(
    answer: Answer,
    reference: pd.DataFrame,
    ordinary: Sequence[pd.DataFrame],
    spoilt: dict[str, tuple[set[str], pd.DataFrame]],
) -> Verdict | None:
    said = _ask(answer, reference, [*ordinary, *(frame for _, frame in spoilt.values())])
    if None in said:
        return wrong("not-names", got="something else for another month")
    alarms = sum(map(bool, said[:CLEAN]))
    if alarms > SILENT:
        return wrong("false-alarm", count=alarms, of=CLEAN)
    found = {fault: names or set() for fault, names in zip(spoilt, said[CLEAN:], strict=True)}
    if not any(found.values()):
        return wrong("silent", earned=1, count=len(found))
    extra = set().union(*(found[fault] - names for fault, (names, _) in spoilt.items()))
    if extra:
        return wrong("blames-others", earned=1, extra=_listed(extra))
    missed = {fault for fault, (names, _) in spoilt.items() if found[fault] != names}
    return wrong(_why_missed(found, missed), earned=1, **_numbers(found, missed)) if missed else None


def _why_missed(found: dict[str, set[str]], missed: set[str]) -> str:
    """Name what the missed faults have in common."""
    if "all" in missed and "part" not in missed:
        return "all-rows"
    if missed == {"days", "all in days"}:
        return "one-way"
    if set(COLUMNS) - set().union(*found.values()):
        return "some-columns"
    if missed & {"part", "part of the other"} and not missed & {"all", "all in days", "cents"}:
        return "part"
    return "missed"


def _numbers(found: dict[str, set[str]], missed: set[str]) -> dict[str, Any]:
    never = set(COLUMNS) - set().union(*found.values())
    first = next((FAULTS[fault] for fault in found if fault in missed), "")
    return {"count": len(missed), "of": len(found), "missing": _listed(never), "first": first}


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f"`{name}`" for name in sorted(names))


# Question 2: a table with columns that are harmless to drop alone and harmful together.

TRAIN, VALIDATION = 600, 1500
AGENTS = 12  # a column of text that says nothing of the customer, and that a small table seems to learn from
PROXIES = ("usage", "usage_last_month", "login_days")
NUMBERS = (*PROXIES, "tenure", "price")
INPUTS = ("agent", *NUMBERS)
UNITS = {name: 1000.0 if name in PROXIES else 0.001 for name in NUMBERS}
LEAST_BUDGET, AGENT_HARMS, TOGETHER = 0.003, 0.002, 2.0
"""What a world must be like: see `market`."""
EDGE = 1e-9  # another order of additions
ROOM = 0.5
"""A further input could have gone when the set with it costs less than this share of the budget. A single pass through
the inputs may leave one out that just fits. benchmarks/tolerances/13_data_dependencies.py."""


class Costs:
    """What it costs on one table, in log-loss, to train without some of the inputs. Each set is measured once."""

    def __init__(self, train: pd.DataFrame, judged: pd.DataFrame) -> None:
        self.train, self.judged = train, judged
        self.known: dict[frozenset[str], float] = {}

    def _loss(self, dropped: Iterable[str]) -> float:
        gone = frozenset(dropped)
        if gone not in self.known:
            model = Logistic.fit(self.train, [name for name in INPUTS if name not in gone])
            self.known[gone] = log_loss(self.judged["churned"], model.predict(self.judged))
        return self.known[gone]

    def of(self, dropped: Iterable[str]) -> float:
        """Return how much worse the model is without these inputs."""
        return self._loss(dropped) - self._loss(())

    def next(self, dropped: Iterable[str]) -> float:
        """Return what the set costs when the cheapest further input goes as well."""
        return min((self.of([*dropped, name]) for name in INPUTS if name not in set(dropped)), default=float("inf"))


@dataclass(frozen=True)
class Market:
    """Tables and a budget; what it costs to drop inputs, and those that are within the budget one at a time."""

    train: pd.DataFrame
    validation: pd.DataFrame
    budget: float
    costs: Costs
    harmless: frozenset[str]

    def fits(self, names: Iterable[str]) -> bool:
        """Tell whether a set is within the budget."""
        return self.costs.of(names) <= self.budget + EDGE

    def is_right(self, names: Iterable[str]) -> bool:
        """Tell whether a set is within the budget and there is no room for another input."""
        gone = set(names)
        return self.fits(gone) and self.costs.next(gone) > ROOM * self.budget

    def misnamed(self) -> dict[str, str]:
        """Return other names for the columns, so that who drops in the order of the alphabet drops the wrong ones.

        There are none where every order is as good.
        """
        for order in sorted(permutations(NUMBERS), key=lambda order: -self.costs.of([order[0]])):
            if not self.is_right(self._dropped_in(("agent", *order))):
                return dict(zip(order, sorted(NUMBERS), strict=True))
        return {}

    def _dropped_in(self, order: Sequence[str]) -> tuple[str, ...]:
        count = next((at for at in range(len(order)) if not self.fits(order[: at + 1])), len(order))
        return tuple(order[:count])

    def renamed(self, names: dict[str, str], units: dict[str, float]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the same tables with columns under each other's names and in other units: the models are as good."""
        train, validation = (
            frame.assign(**{name: frame[name] / unit for name, unit in units.items()}).rename(columns=names)
            for frame in (self.train, self.validation)
        )
        return train, validation


@lru_cache(maxsize=64)
def market(seed: int) -> Market:
    """Draw tables until dropping all that is harmless alone costs twice the budget.

    And until `agent` helps on the rows that the model was trained on, and harms on others.
    """
    rng = np.random.default_rng(seed)
    while True:
        frame = customers(TRAIN + VALIDATION, seed=int(rng.integers(10**6)))
        frame = frame.assign(agent=rng.choice([f"agent {number:02d}" for number in range(AGENTS)], len(frame)))
        train, validation = frame.iloc[:TRAIN], frame.iloc[TRAIN:].reset_index(drop=True)
        costs = Costs(train, validation)
        if costs.of(["agent"]) > -AGENT_HARMS:
            continue
        budget = round(1.05 * max(costs.of([name]) for name in PROXIES), 4)
        if budget < LEAST_BUDGET or Costs(train, train).of(["agent"]) <= budget:
            continue
        if costs.next(["agent"]) > ROOM * budget:  # who drops the worst one and stops would be right
            continue
        if min(costs.of({*INPUTS} - {name}) for name in INPUTS) <= budget:  # or who keeps the best one and no other
            continue
        harmless = frozenset(name for name in INPUTS if costs.of([name]) <= budget)
        if harmless != frozenset(INPUTS) and costs.of(harmless) > TOGETHER * budget:
            return Market(train, validation, budget, costs, harmless)


@question(
    "safe_to_drop: as many inputs as the budget allows",
    makes="safe_to_drop",
    points=4,
    hints=(
        "Write a helper first: the log-loss on `validation` of a model that is trained without a given list of inputs.",
        "After one input is gone, the others cost something else than before. Measure all of them again.",
        "A loop: try each input that is left together with those already dropped, take the one that leaves the model "
        "best, and stop when even that one goes over the budget.",
    ),
    misconceptions={
        "not-names": "`safe_to_drop` should return a list of names from `features`. It returned {got}.",
        "changes-data": "Your function changes a table or a list that it is given. Work on a copy.",
        "kept": "These look like the inputs to keep. Return those that can go.",
        "one-at-a-time": "Each of these inputs alone is within the budget of {budget:.4f}. Together they cost "
        "{cost:.4f}. Measure the set that you return, not its members.",
        "training-set": "On the rows that the model was trained on, your choice holds. There even an input that says "
        "nothing seems to help. The budget is about `validation`.",
        "fitted-on-validation": "For a model that was trained on `validation` your choice holds. The rows that judge a "
        "model must be new to it: train on `train`, and measure on `validation`.",
        "raw-coefficient": "Your choice changes when a column is written in another unit, though the model is as good "
        "as before. A coefficient is for one unit of its column: it says little about what the column is worth.",
        "over-budget": "Without these {count} inputs the log-loss on `validation` rises by {cost:.4f}. The budget is "
        "{budget:.4f}.",
        "too-cautious": "You keep every input. At least one of them can go: the model on `validation` gets better "
        "without it.",
        "one-more": "What you drop is within the budget, and at least one other input could go as well: with your set "
        "gone the log-loss on `validation` {moves}, and it may rise by {budget:.4f}. Train on `train`, compare each "
        "time with the model of *all* `features`, and after each removal look at all that are left once more.",
    },
    praise="The whole set is within the budget, on rows that the model has not seen, and no further input fits in.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Measure the set that the function returns for one world, and for another under other names, in other units."""
    for units in ({}, UNITS):
        world, swap = market(draw.randrange(10**6)), dict[str, str]()
        while units and not (swap := world.misnamed()):
            world = market(draw.randrange(10**6))
        features = ["agent", *draw.sample(NUMBERS, len(NUMBERS))]
        call = answer.call("safe_to_drop", *world.renamed(swap, units), _under(swap, features), world.budget)
        given = names_in(call.value)
        if given is None or not given <= set(features):
            return wrong("not-names", got=shown(call.value))
        if call.changed:
            return wrong("changes-data")
        if not given:
            return wrong("too-cautious")
        names = set(_under({new: old for old, new in swap.items()}, given))
        if not world.is_right(names):
            asked = _Asked(answer, features, given, {} if units else UNITS, draw.randrange(10**6))
            return _why_unsafe(world, names, asked)
    return right()


def _under(names: dict[str, str], listed: Iterable[str]) -> list[str]:
    return [names.get(name, name) for name in listed]


@dataclass(frozen=True)
class _Asked:
    """Asks the function once more, to find out why it was wrong."""

    answer: Answer
    features: list[str]
    given: set[str]
    units: dict[str, float]
    seed: int

    def same_in_other_units(self, world: Market, names: set[str]) -> bool:
        """Tell whether the function chooses the same columns when they are in other units."""
        return self._chosen(world, self.units) in (names, self.given)  # a typed list stays what it is

    def elsewhere(self, holds: Callable[[Market, set[str]], bool]) -> bool:
        """Tell whether something holds of what the function chooses in other worlds, too."""
        others = (market(self.seed + further) for further in range(3))
        return all(holds(world, self._chosen(world, {})) for world in others)

    def _chosen(self, world: Market, units: dict[str, float]) -> set[str]:
        call = self.answer.call("safe_to_drop", *world.renamed({}, units), self.features, world.budget)
        return names_in(call.value) or set()


def _why_unsafe(world: Market, names: set[str], asked: _Asked) -> Verdict:
    """Name the rule that a set looks like."""
    cost = world.costs.of(names)
    moves = f"rises by {cost:.4f}" if cost > 0 else f"falls by {-cost:.4f}"
    told: dict[str, Any] = {"cost": cost, "budget": world.budget, "count": len(names), "moves": moves}
    if names == world.harmless:
        return wrong("one-at-a-time", earned=1, **told)
    if not asked.same_in_other_units(world, names):
        return wrong("raw-coefficient", **told)
    if _keeps_what_can_go(world, names) and asked.elsewhere(_keeps_what_can_go):
        return wrong("kept", **told)
    if _fits_on_training(world, names) and asked.elsewhere(_fits_on_training):
        return wrong("training-set", earned=1, **told)
    if _fits_on_validation(world, names) and asked.elsewhere(_fits_on_validation):
        return wrong("fitted-on-validation", earned=1, **told)
    return wrong("over-budget", earned=1, **told) if cost > world.budget else wrong("one-more", earned=2, **told)


def _keeps_what_can_go(world: Market, names: set[str]) -> bool:
    return world.is_right(set(INPUTS) - names)


def _fits_on_training(world: Market, names: set[str]) -> bool:
    return _just_fits(Costs(world.train, world.train), names, world.budget)


def _fits_on_validation(world: Market, names: set[str]) -> bool:
    return _just_fits(Costs(world.validation, world.validation), names, world.budget)


def _just_fits(costs: Costs, names: set[str], budget: float) -> bool:
    return costs.of(names) <= budget + EDGE and costs.next(names) > budget - EDGE


q3 = in_quiz("pinned-copy", makes="answer_3")


# Question 4: reading the versions that the model was trained on.

ATTEMPT = """
try:
    seen = {"table": pinned(feeds, pins), "error": [], "said": ""}
except Exception as error:
    seen = {"table": None, "error": [kind.__name__ for kind in type(error).__mro__], "said": str(error)}
"""
PINNED = "[_space.update(pinned=pinned, feeds=feeds, pins=pins), exec(_attempt, _space), _space['seen']][-1]"


def feeds_of(draw: Random) -> dict[str, dict[str, "pd.Series[float]"]]:
    """Draw three inputs in three versions each, every one with the customers in an order of its own."""
    who = draw.sample(range(100, 1000), 8)
    return {
        name: {
            version: pd.Series([draw.randrange(1000) / 10 for _ in who], index=draw.sample(who, len(who)), name=name)
            for version in ("v2", "v9", "v10")
        }
        for name in ("usage", "price", "tickets")
    }


def table_of(feeds: dict[str, dict[str, "pd.Series[float]"]], pins: dict[str, str]) -> pd.DataFrame:
    """Return the pinned versions, one row for each customer."""
    return pd.DataFrame({name: feeds[name][version] for name, version in pins.items()}).sort_index()


@question(
    "pinned: read the version that was agreed",
    makes="pinned",
    points=2,
    hints=(
        "`pins` says which inputs are wanted and in which version: go through `pins.items()`, not through `feeds`.",
        "`pd.DataFrame` of a dict of Series matches the rows by their index by itself.",
        "Look whether the version is there before you take it. If not, `raise KeyError(...)` with a text in which both "
        "the input and the version stand.",
    ),
    misconceptions={
        "not-a-table": "`pinned` should return a DataFrame, and it returns {got}.",
        "latest": "The table holds another version than the one that is pinned. The newest is what the producer wants "
        "you to read; the pin is what the model was trained on.",
        "by-position": "The numbers are there and belong to other customers: each input comes in an order of its own. "
        "Match the rows by the index.",
        "all-feeds": "The table should have one column for each pin, in all: {wanted}. It has {got}.",
        "wrong-values": "The values are not those of the pinned versions.",
        "quiet": "The pinned version of `{gone}` was gone, and your function returned a table as if all were well. "
        "Whoever reads it believes in numbers that the model never saw.",
        "other-error": "When `{gone}` was gone the function raised {error}. A `KeyError` is what is asked for.",
        "names-nothing": "The error says `{said}`. Whoever reads it at night needs to know which input it was, and "
        "which version was asked for.",
        "needs-all": "A version was gone that nobody had pinned, and your function stopped. Look only at what `pins` "
        "names.",
    },
    praise="What was agreed or an error that says what is missing: nothing changes behind the model's back.",
)
def q4(answer: Answer, draw: Random) -> Verdict:
    """Read versions that are there, then ask for one that is gone."""
    for names in (("usage", "price", "tickets"), ("tickets", "usage")):
        feeds = feeds_of(draw)
        pins = dict(zip(names, draw.sample(("v2", "v9", "v2"), len(names)), strict=True))
        table = answer.call("pinned", feeds, pins).value
        verdict = _judge_table(table, feeds, pins)
        if verdict is not None:
            return verdict
    feeds = feeds_of(draw)
    for name, version in (("usage", "v9"), ("price", "v10")):
        del feeds[name][version]
    for gone, version in (("usage", "v9"), ("sessions", "v2")):
        seen = _tried(answer, feeds, {"tickets": "v9", gone: version})
        if not seen["error"]:
            return wrong("quiet", earned=1, gone=gone)
        if "KeyError" not in seen["error"]:
            return wrong("other-error", earned=1, gone=gone, error=seen["error"][0])
        if gone not in seen["said"] or version not in seen["said"]:
            return wrong("names-nothing", earned=1, said=seen["said"][:80])
    return wrong("needs-all", earned=1) if _tried(answer, feeds, {"price": "v2"})["error"] else right()


def _tried(answer: Answer, feeds: object, pins: dict[str, str]) -> dict[str, Any]:
    """Ask for a table where the learner's code runs; say what was raised."""
    return dict(answer.evaluate(PINNED, feeds=feeds, pins=pins, _attempt=ATTEMPT, _space={}))


def _judge_table(table: Any, feeds: dict[str, dict[str, "pd.Series[float]"]], pins: dict[str, str]) -> Verdict | None:
    if not isinstance(table, pd.DataFrame):
        return wrong("not-a-table", got=shown(table))
    if set(table.columns) != set(pins) or len(table.columns) != len(pins):
        return wrong("all-feeds", wanted=", ".join(sorted(pins)), got=", ".join(sorted(map(str, table.columns))))
    if _holds(table, table_of(feeds, pins)):
        return None
    for version in ("v10", "v9"):
        if _holds(table, table_of(feeds, dict.fromkeys(pins, version))):
            return wrong("latest")
    sets = [(set(table[name]), set(feeds[name][version])) for name, version in pins.items()]
    return wrong("by-position" if all(got == wanted for got, wanted in sets) else "wrong-values")


def _holds(table: pd.DataFrame, expected: pd.DataFrame) -> bool:
    """Tell whether a table has the expected number for each customer, in whatever order."""
    if set(table.index) != set(expected.index) or len(table) != len(expected):
        return False
    columns = ((table[name].to_dict(), expected[name].to_dict()) for name in expected)
    return all(is_number(value) and value == wanted[who] for got, wanted in columns for who, value in got.items())
