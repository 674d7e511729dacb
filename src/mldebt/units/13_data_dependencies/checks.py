"""What a right answer to exercise 13 does."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from mldebt.check import (
    Answer,
    BrokeError,
    TimedOutError,
    Verdict,
    in_quiz,
    is_number,
    names_in,
    question,
    right,
    shown,
    with_article,
    wrong,
)
from mldebt.churn import Drift, Logistic, customers, in_minutes, log_loss

# Question 1: batches of which the truth is known.

COLUMNS = ("usage", "usage_last_month", "price")
SEASON = 0.15  # standard deviations of engagement, up and down: use goes up and down by a tenth
PART = 0.4  # of the rows that change their unit
ROWS, REFERENCE = 1200, 2000
CLEAN = 12
SEASONS = ("a busy", "an ordinary", "a quiet")
NEAR = (0.6, 0.7, 1.8)
"""Of the reference: what the median and the mean of a month in part in days exceed, and what the median of one in part
in minutes does not reach. Who sets limits as wide misses months such as those of the exercise."""
LOW = 0.3
"""The share of the reference's rows that fall, in days, below half of its smallest value: at least so much. Where one
tiny value makes it less, bounds learned from the smallest and the largest value would miss days by bad luck."""
SILENT = 1
"""Ordinary months of twelve in which an alarm may sound. benchmarks/tolerances/13_data_dependencies.py."""

ABROAD: tuple[dict[str, float], ...] = ({"price": 0.1, "usage": 10.0}, {"price": 2500.0, "usage": 0.05})
"""Other countries, as factors. An ordinary month in one of them has numbers of a spoilt month in another, or here: so
fixed limits that fit them all do not exist."""

ASK = "[changed_unit(reference, batch) for batch in batches]"
SWAPPED = "[changed_unit(batch, reference) for batch in batches]"


@dataclass(frozen=True)
class Spoilt:
    """A month in which a unit changed: how, in which columns, and which of the ordinary months it was before."""

    fault: str
    names: set[str]
    month: pd.DataFrame
    place: int


def months(seed: int) -> tuple[pd.DataFrame, tuple[pd.DataFrame, ...]]:
    """Draw a reference and twelve ordinary months: high, middle and low season."""
    ordinary: list[pd.DataFrame] = []
    for place, season in enumerate((-SEASON, 0.0, SEASON)):
        many = customers(4 * ROWS, seed=seed + 1 + place, drift=Drift(covariate=season))
        ordinary += [many.iloc[at : at + ROWS].reset_index(drop=True) for at in range(0, 4 * ROWS, ROWS)]
    return customers(REFERENCE, seed=seed), tuple(ordinary)


def in_days(frame: pd.DataFrame, share: float, *, seed: int, column: str) -> pd.DataFrame:
    """Divide a share of the rows of a column by 24."""
    hit = np.random.default_rng([seed, 3]).random(len(frame)) < share
    return frame.assign(**{column: frame[column].mask(hit, frame[column] / 24)})


def broken(ordinary: Sequence[pd.DataFrame], seed: int) -> list[Spoilt]:
    """Spoil ordinary months: the busy and the quiet ones in part, in minutes and in days, and some throughout."""
    found: list[Spoilt] = []

    def add(fault: str, names: set[str], month: pd.DataFrame, place: int) -> None:
        found.append(Spoilt(fault, names, month, place))

    first, second, _ = COLUMNS
    for place in (0, 1, 2, 3, 8, 9, 10, 11):
        month, own = ordinary[place], seed + place
        add("part", {first}, in_minutes(month, PART, seed=own, column=first), place)
        add("days", {first}, in_days(month, PART, seed=own, column=first), place)
    for place in (3, 8):
        month = ordinary[place]
        add("part of the other", {second}, in_minutes(month, PART, seed=seed, column=second), place)
        add("days of the other", {second}, in_days(month, PART, seed=seed, column=second), place)
    both = in_minutes(ordinary[4], PART, seed=seed, column=second)
    add("all", {first}, in_minutes(ordinary[8], 1.0, seed=seed), 8)
    add("two", {first, second}, in_minutes(both, PART, seed=seed + 1), 4)
    add("all in days", {second}, in_days(ordinary[1], 1.0, seed=seed, column=second), 1)
    add("cents", {"price"}, ordinary[10].assign(price=ordinary[10]["price"] * 100), 10)
    return found


@lru_cache(maxsize=8)
def world(seed: int) -> tuple[pd.DataFrame, tuple[pd.DataFrame, ...], list[Spoilt]]:
    """Draw months until some of the spoilt ones have a mean and a median that are within the limits NEAR.

    And until the smallest value of the reference is not far from the others: see LOW.
    """
    rng = np.random.default_rng(seed)
    while True:
        seed = int(rng.integers(10**6))
        reference, ordinary = months(seed)
        if any((reference[name] / 24 < reference[name].min() / 2).mean() < LOW for name in COLUMNS[:2]):
            continue
        spoilt = broken(ordinary, seed)
        usual = reference["usage"].agg(["median", "mean"])
        moved = [(one.fault, one.month["usage"].agg(["median", "mean"]) / usual) for one in spoilt]
        days = [tuple(ratio) for fault, ratio in moved if fault == "days"]
        least = min(ratio["median"] for fault, ratio in moved if fault == "part")
        if any(median > NEAR[0] and mean > NEAR[1] for median, mean in days) and least < NEAR[2]:
            return reference, ordinary, spoilt


FAULTS = {
    "part": "`usage` in minutes for 4 rows in 10",
    "days": "`usage` in days for 4 rows in 10",
    "part of the other": "`usage_last_month` in minutes for 4 rows in 10",
    "days of the other": "`usage_last_month` in days for 4 rows in 10",
    "all": "`usage` in minutes for all rows",
    "two": "`usage` and `usage_last_month` in minutes for 4 rows in 10",
    "all in days": "`usage_last_month` in days for all rows",
    "cents": "`price` in cents",
}
WHOLE = {"all", "all in days", "cents"}


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
        "prints": "`changed_unit` prints the names. Give them back with `return`, in a list.",
        "swapped": "Your function takes the two tables the other way round: the first is `reference`, which says what "
        "is normal, the second is the month to be judged.",
        "changes-data": "Your function changes a table that it is given. Whoever reads it next gets other numbers: "
        "work on copies, or compute new values.",
        "silent": "I gave your function {count} months in which a unit had changed, and it found nothing in any.",
        "false-alarm": "In {count} of {of} ordinary months your function sounds an alarm: a season is enough for it. "
        "`usage` rises and falls with the season; print what you compare for several ordinary months and see how far "
        "it moves. A limit must lie beyond that. A difference can be certain and still be small.",
        "blames-others": "Your function names columns whose unit did not change: {extra}. Judge each by itself.",
        "one-name": "In {season} month two columns changed their unit, {both}, and your function names {named} only. "
        "Judge each by itself: does the function stop at the first that it finds, or keep one of them?",
        "all-rows": "When only part of the rows change their unit you notice, when all of them do you do not. What is "
        "normal must come from `reference`: a batch that is wrong throughout looks normal to itself.",
        "part": "You notice a column that changes in all rows, and miss {first} of {season} month{more}. Some "
        "numbers that describe a column move little until half of the rows have changed. Print yours for several "
        "ordinary and spoilt months: a limit must lie between the two.",
        "one-way": "You notice minutes, and miss hours that arrive in days. A unit can make numbers smaller as well.",
        "some-columns": "You never name {missing}. Does your function look at every one of COLUMNS, and keep what it "
        "found before? A `return` inside a loop ends it, and a list that is made inside a loop starts anew each time.",
        "missed": "Your function misses {first} of {season} month{more}. Try parts of the rows and all of them, "
        "numbers that grow and numbers that shrink.",
        "fixed": "It works where the given customers live. In another country, where a month costs {price} and "
        "people watch {usage} hours, it does not: there are fixed numbers in it, or it reads a table from outside of "
        "the function. Let its own `reference` say what is normal.",
    },
    praise="Silent in ordinary months, loud when a unit changes, in other countries too.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Ask about ordinary and spoilt months of one world, then about the same months in other units."""
    reference, ordinary, spoilt = world(draw.randrange(10**6))
    call = answer.call("changed_unit", reference, spoilt[0].month)
    if call.value is None and call.printed:
        return wrong("prints")
    if names_in(call.value) is None or not names_in(call.value) <= set(COLUMNS):  # type: ignore[operator]
        return wrong("not-names", got=shown(call.value))
    if call.changed:
        return wrong("changes-data")
    verdict = _judge_world(answer, reference, ordinary, spoilt)
    if verdict is not None:
        return verdict
    batches, wanted = [*ordinary, *(one.month for one in spoilt)], [one.names for one in spoilt]
    for abroad in ABROAD:
        factors = {**abroad, "usage_last_month": abroad["usage"]}
        there = scaled(reference, factors)
        if not _is_right(answer, ASK, there, [scaled(batch, factors) for batch in batches], wanted):
            medians = {name: float(there[name].median()) for name in abroad}
            told: dict[str, Any] = {name: f"{x:,.0f}" if x >= 1 else f"{x:.1f}" for name, x in medians.items()}
            return wrong("fixed", earned=2, **told)
    return right()


def _is_right(
    answer: Answer,
    expression: str,
    reference: pd.DataFrame,
    batches: Sequence[pd.DataFrame],
    wanted: Sequence[set[str]],
) -> bool:
    """Tell whether the function is silent in ordinary months and names what is wanted in the spoilt ones."""
    try:
        said = _ask(answer, reference, batches, expression)
    except TimedOutError:
        raise
    except BrokeError:
        return False
    return sum(map(bool, said[:CLEAN])) <= SILENT and said[CLEAN:] == wanted


def _ask(
    answer: Answer, reference: pd.DataFrame, batches: Sequence[pd.DataFrame], expression: str = ASK
) -> list[set[str] | None]:
    given = answer.evaluate(expression, reference=reference, batches=list(batches))
    return [names_in(value) for value in given]


def _judge_world(
    answer: Answer, reference: pd.DataFrame, ordinary: Sequence[pd.DataFrame], spoilt: Sequence[Spoilt]
) -> Verdict | None:
    batches, wanted = [*ordinary, *(one.month for one in spoilt)], [one.names for one in spoilt]
    said = _ask(answer, reference, batches)
    if None in said:
        return wrong("not-names", got="something else for another month")
    alarms = sum(map(bool, said[:CLEAN]))
    if alarms > SILENT:
        return wrong("false-alarm", count=alarms, of=CLEAN)
    found = [names or set() for names in said[CLEAN:]]
    missed = [one for names, one in zip(found, spoilt, strict=True) if names != one.names]
    if 2 * len(missed) > len(spoilt) and _is_right(answer, SWAPPED, reference, batches, wanted):
        return wrong("swapped", earned=1)
    if not any(found):
        return wrong("silent", earned=1, count=len(found))
    extra = set().union(*(names - one.names for names, one in zip(found, spoilt, strict=True)))
    if extra:
        before = [said[one.place] or set() for one in spoilt]
        if all(names - one.names <= old for names, one, old in zip(found, spoilt, before, strict=True)):
            return wrong("false-alarm", earned=1, count=alarms, of=CLEAN)  # the other column has nothing to do with it
        return wrong("blames-others", earned=1, extra=_listed(extra))
    if not missed:
        return None
    first, rest = missed[0], len(missed) - 1
    never = set(COLUMNS) - set().union(*found)
    two = next(at for at, one in enumerate(spoilt) if len(one.names) > 1)
    if missed == [spoilt[two]] and found[two]:
        return wrong(
            "one-name",
            earned=1,
            season=SEASONS[first.place // 4],
            both=_listed(first.names),
            named=_listed(found[two]),
        )
    why = _why_missed({one.fault for one in missed}, never)
    more = f", and {rest} more of the {len(spoilt)} months that I tried" if rest else ""
    told: dict[str, Any] = {"first": FAULTS[first.fault], "season": SEASONS[first.place // 4], "more": more}
    return wrong(why, earned=1, missing=_listed(never), **told)


def _why_missed(faults: set[str], never: set[str]) -> str:
    """Name what the missed faults have in common."""
    if "all" in faults and "part" not in faults:
        return "all-rows"
    if faults == {"days", "days of the other", "all in days"}:
        return "one-way"
    if never:
        return "some-columns"
    return "missed" if faults & WHOLE else "part"


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
WIDE = (2.0, 2.5, 3.0, 4.0, 5.0, 6.0)
"""Times its own budget that a world is asked about, too: see `wide`."""
EVERYTHING = 9.0  # a budget for which whoever looks at the budget drops all there is, or stumbles
EDGE = 1e-9  # another order of additions
ROOM = 0.5
"""A further input could have gone when the set with it costs less than this share of the budget. A single pass through
the inputs may leave one out that just fits. For another budget see `at`.
benchmarks/tolerances/13_data_dependencies.py."""


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
        return self.of([*dropped, further]) if (further := self.further(dropped)) else float("inf")

    def further(self, dropped: Iterable[str]) -> str:
        """Return the input that is the cheapest to drop as well, an empty text when none is left."""
        left = (name for name in INPUTS if name not in set(dropped))
        return min(left, key=lambda name: self.of([*dropped, name]), default="")

    def one_by_one(self, budget: float) -> set[str]:
        """Return what goes, the cheapest first, when each removal is compared with the model before it."""
        gone: set[str] = set()
        while self.next(gone) - self.of(gone) <= budget:
            gone.add(self.further(gone))
        return gone


@dataclass(frozen=True)
class Market:
    """Tables and a budget; what it costs to drop inputs, and how much of the budget may be left over."""

    train: pd.DataFrame
    validation: pd.DataFrame
    budget: float
    costs: Costs
    slack: float

    @property
    def harmless(self) -> set[str]:
        """The inputs that are within the budget one at a time."""
        return {name for name in INPUTS if self.fits([name])}

    def at(self, budget: float) -> "Market":
        """Return the same tables with another budget. Of a budget of 0 as much may be left over as of this one."""
        return replace(self, budget=budget, slack=(1 - ROOM) * max(budget, self.budget))

    def wide(self) -> "Market | None":
        """Return the same tables with a large budget; None where who stops at the first miss is right with each.

        Two inputs have to stay, so that nobody tries to train a model of none.
        """
        by_cost = sorted(INPUTS, key=lambda name: self.costs.of([name]))
        most = min(self.costs.of({*INPUTS} - {name}) for name in INPUTS)
        for world in (self.at(round(times * self.budget, 4)) for times in WIDE if times * self.budget < 0.95 * most):
            if all(one.is_right(one._dropped_in(by_cost)) for one in (self, world)):
                continue
            if all(one.is_right(one.one_pass(by_cost)) for one in (self, self.at(0.0), world)):
                return world
        return None

    def one_pass(self, order: Iterable[str]) -> list[str]:
        """Return what goes when each input is tried once."""
        gone: list[str] = []
        for name in order:
            if self.fits([*gone, name]):
                gone.append(name)
        return gone

    def skipping(self, order: Iterable[str]) -> list[str]:
        """Return what goes when inputs are taken out of the very list that the loop goes through."""
        left, gone = list(order), list[str]()
        for name in left:
            if self.fits([*gone, name]):
                left.remove(name)
                gone.append(name)
        return gone

    def fits(self, names: Iterable[str]) -> bool:
        """Tell whether a set is within the budget."""
        return self.costs.of(names) <= self.budget + EDGE

    def is_right(self, names: Iterable[str]) -> bool:
        """Tell whether a set is within the budget and there is no room for another input."""
        gone = set(names)
        return self.fits(gone) and self.costs.next(gone) > self.budget - self.slack

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

    And until who compares each removal with the model before it drops too much or too little, and until `agent` helps
    on the rows that the model was trained on, and harms on others.
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
        world = Market(train, validation, budget, costs, (1 - ROOM) * budget)
        if world.harmless == set(INPUTS) or costs.of(world.harmless) <= TOGETHER * budget:
            continue
        if costs.next(["agent"]) > ROOM * budget:  # who drops the worst one and stops would be right
            continue
        if min(costs.of({*INPUTS} - {name}) for name in INPUTS) <= budget:  # or who keeps the best one and no other
            continue
        moved = costs.one_by_one(budget)
        if len(moved) > 1 and not world.is_right(moved):  # of one alone it would be told as of who stops early
            return world


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
        "prints": "`safe_to_drop` prints the names. Give them back with `return`, in a list.",
        "changes-data": "Your function changes a table or a list that it is given. Work on a copy.",
        "other-tables": "I gave your function tables in which the columns stand under each other's names, and it named "
        "the same inputs as before. It does not measure on the `train` and `validation` that it is given. Does it read "
        "tables from outside of the function?",
        "budget-ignored": "I asked with a budget of {base}, then with 0 and with {wide}, and your function dropped the "
        "same inputs each time. Is there a number in it that should be `budget`?",
        "kept": "These look like the inputs to keep. Return those that can go.",
        "one-at-a-time": "Each of these inputs alone is within the budget of {budget}. Together they cost "
        "{cost:.4f}. Measure the set that you return, not its members.",
        "training-set": "On the rows that the model was trained on, your choice holds. There even an input that says "
        "nothing seems to help. The budget is about `validation`.",
        "fitted-on-validation": "For a model that was trained on `validation` your choice holds. The rows that judge a "
        "model must be new to it: train on `train`, and measure on `validation`.",
        "raw-coefficient": "Your choice changes when a column is written in another unit, though the model is as good "
        "as before. A coefficient is for one unit of its column: it says little about what the column is worth.",
        "over-budget": "Without these {count} inputs the log-loss on `validation` rises by {cost:.4f}. The budget is "
        "{budget}.",
        "too-cautious": "You keep every input. At least one of them can go: the model on `validation` gets better "
        "without it. `budget` is what the log-loss may rise, from that of the model of all `features`.",
        "moving-base": "Each time you compare with the model before. `budget` is for the whole set: compare with the "
        "model of all `features`.",
        "one-more": "What you drop is within the budget, and `{further}` could go as well: then the log-loss on "
        "`validation` is {moves} that of the model of all `features`, and it may be {budget} above. Does your "
        "function try this set? Print what it has for it; and after a removal look at every input that is left.",
    },
    praise="The whole set is within the budget, on rows that the model has not seen, and no further input fits in.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Measure the sets for one world and three budgets; then for another world under other names, in other units."""
    unused: list[Market] = []
    for units in ({}, UNITS):
        asked, swap, features = _drawn(draw, units, unused)
        for place, world in enumerate(asked):
            tables = world.renamed(swap, units)
            call = answer.call("safe_to_drop", *tables, _under(swap, features), world.budget)
            given = names_in(call.value)
            if call.value is None and call.printed:
                return wrong("prints")
            if given is None or not given <= set(features):
                return wrong("not-names", got=shown(call.value))
            if call.changed:
                return wrong("changes-data")
            names = set(_under({new: old for old, new in swap.items()}, given))
            if not world.is_right(names):
                again = _Asked(answer, features, given, {} if units else UNITS, draw.randrange(10**6))
                if given and place and again.ignores_budget([*asked, world.at(EVERYTHING)]):
                    base, _, wide = (_said(one.budget) for one in asked)
                    return wrong("budget-ignored", earned=2, base=base, wide=wide)
                if given and again.ignores_tables(world, _under(swap, features)):
                    return wrong("other-tables")
                return _why_unsafe(world, names, again, swap)
    return right()


def _drawn(
    draw: Random, units: dict[str, float], unused: list[Market]
) -> tuple[list[Market], dict[str, str], list[str]]:
    """Draw a world with the budgets to ask about, or with other names for its columns; and an order of its inputs.

    To draw a world takes longest, so one that was of no use for three budgets is tried for other names.
    Whoever tries each input once in this order is right for each budget. Whoever skips inputs is wrong for one of the
    three budgets, and does not drop the same for all of them, as who does not look at the budget.
    """
    while True:
        world = unused.pop() if units and unused else market(draw.randrange(10**6))
        swap = world.misnamed() if units else dict[str, str]()
        wide = None if units else world.wide()
        if not units and wide is None:
            unused.append(world)
        if not swap and wide is None:
            continue
        asked = [world, world.at(0.0), wide] if wide else [world]
        for numbers in draw.sample(orders := list(permutations(NUMBERS)), len(orders)):
            order = ["agent", *numbers]
            if not all(one.is_right(one.one_pass(order)) for one in asked):
                continue
            skipped = [frozenset(one.skipping(order)) for one in asked]
            right_if_skipped = all(one.is_right(names) for one, names in zip(asked, skipped, strict=True))
            if units or (len(set(skipped)) > 1 and not right_if_skipped):
                return asked, swap, order


def _said(budget: float) -> str:
    return f"{budget:.4f}" if budget else "0"


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

    def ignores_budget(self, asked: Iterable[Market]) -> bool:
        """Tell whether the function chooses the same columns for each budget."""
        return self._is_told(lambda: all(self._chosen(world, {}) == self.given for world in asked))

    def ignores_tables(self, world: Market, features: list[str]) -> bool:
        """Tell whether the function names the same when the columns stand under each other's names."""
        turned = (dict(zip(INPUTS, INPUTS[by:] + INPUTS[:by], strict=True)) for by in range(1, len(INPUTS)))
        return self.given != set(features) and self._is_told(
            lambda: all(self._names(world.renamed(names, {}), features, world.budget) == self.given for names in turned)
        )

    @staticmethod
    def _is_told(holds: Callable[[], bool]) -> bool:
        """Tell whether something holds of an answer that may stumble, which then looks at what it is given."""
        try:
            return holds()
        except TimedOutError:
            raise
        except BrokeError:
            return False

    def same_in_other_units(self, world: Market, names: set[str]) -> bool:
        """Tell whether the function chooses the same columns when they are in other units."""
        return self._chosen(world, self.units) in (names, self.given)  # a typed list stays what it is

    def elsewhere(self, holds: Callable[[Market, set[str]], bool]) -> bool:
        """Tell whether something holds of what the function chooses in other worlds, too."""
        others = (market(self.seed + further) for further in range(3))
        return all(holds(world, self._chosen(world, {})) for world in others)

    def _chosen(self, world: Market, units: dict[str, float]) -> set[str]:
        return self._names(world.renamed({}, units), self.features, world.budget)

    def _names(self, tables: tuple[pd.DataFrame, pd.DataFrame], features: list[str], budget: float) -> set[str]:
        return names_in(self.answer.call("safe_to_drop", *tables, features, budget).value) or set()


def _why_unsafe(world: Market, names: set[str], asked: _Asked, swap: dict[str, str]) -> Verdict:
    """Name the rule that a set looks like."""
    cost, then = world.costs.of(names), world.costs.next(names)
    moves = f"{abs(then):.4f} {'above' if then > 0 else 'below'}"
    further = "".join(_under(swap, [world.costs.further(names)]))
    told: dict[str, Any] = {"cost": cost, "budget": _said(world.budget), "count": len(names), "moves": moves}
    if _moves_the_base(world, names) and asked.elsewhere(_moves_the_base):
        return wrong("moving-base", earned=1)
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
    if not names:
        return wrong("too-cautious")
    if cost > world.budget:
        return wrong("over-budget", earned=1, **told)
    return wrong("one-more", earned=2, further=further, **told)


def _moves_the_base(world: Market, names: set[str]) -> bool:
    return names == world.costs.one_by_one(world.budget)


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
    seen = {"made": type(pinned(feeds, pins)).__name__, "error": [], "said": ""}
except Exception as error:
    seen = {"made": "", "error": [kind.__name__ for kind in type(error).__mro__], "said": str(error)}
"""
PINNED = "[_space.update(pinned=pinned, feeds=feeds, pins=pins), exec(_attempt, _space), _space['seen']][-1]"
AGAIN = "[pinned(feeds, pins) for feeds, pins in cases]"


def feeds_of(draw: Random) -> dict[str, dict[str, "pd.Series[float]"]]:
    """Draw three inputs in four versions each, every one with the customers in an order of its own."""
    who = draw.sample(range(100, 1000), 8)
    return {
        name: {
            version: pd.Series([draw.uniform(0, 100) for _ in who], index=draw.sample(who, len(who)))
            for version in ("v1", "v2", "v9", "v10")
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
        "changes-data": "Your function changes `feeds` or `pins`. Others read them, too: leave them as they are.",
        "remembers": "Asked for one table it is right, asked for several in a row it is not: your function keeps "
        "something from call to call. Make what you collect the columns in inside of the function.",
        "latest": "The table holds another version than the one that is pinned. The newest is what the producer wants "
        "you to read; the pin is what the model was trained on.",
        "by-position": "The numbers are there and belong to other customers: each input comes in an order of its own. "
        "Match the rows by the index.",
        "all-feeds": "The table should have one column for each pin, in all: {wanted}. It has {got}.",
        "wrong-values": "The values of `{name}` are not those of `{version}`, the version that is pinned, as they "
        "stand there.",
        "quiet": "The pinned version of `{gone}` was gone, and your function returned a table as if all were well. "
        "Whoever reads it believes in numbers that the model never saw.",
        "returned": "The pinned version of `{gone}` was gone, and your function returned {made}. Whoever calls it goes "
        "on with that as if it were the table. An error stops them when it is raised.",
        "other-error": "When `{gone}` was gone the function raised {error}. A `KeyError` is what is asked for.",
        "names-other": "`{gone}` was gone in version {version}, and the error says `{said}`, which names another "
        "input. What do the variables of your loop stand for when the error is raised?",
        "names-nothing": "The error {says}. Whoever reads it at night needs to know which input it was, and "
        "which version was asked for.",
        "names-every-pin": "Your error says the same whichever of two inputs is gone: `{said}`. It names every pin. "
        "Say which one is gone.",
        "needs-all": "A version was gone that nobody had pinned, and your function stopped. Look only at what `pins` "
        "names.",
    },
    praise="What was agreed or an error that says what is missing: nothing changes behind the model's back.",
)
def q4(answer: Answer, draw: Random) -> Verdict:
    """Read versions that are there, then ask for one that is gone."""
    cases = []
    for names in (("usage", "price", "tickets"), ("tickets", "usage")):
        feeds = feeds_of(draw)
        pins = dict(zip(names, draw.sample(("v2", "v9", "v2"), len(names)), strict=True))
        call = answer.call("pinned", feeds, pins)
        verdict = _judge_table(call.value, feeds, pins)
        if verdict is not None:
            return verdict
        if call.changed:
            return wrong("changes-data", earned=1)
        cases.append((feeds, pins))
    tables = answer.evaluate(AGAIN, cases=cases)
    if any(_judge_table(table, *case) for table, case in zip(tables, cases, strict=True)):
        return wrong("remembers", earned=1)
    pins, said = {"tickets": "v2", "usage": "v9"}, []
    for gone, version in (("usage", "v9"), ("tickets", "v2"), ("sessions", "v10")):
        feeds = feeds_of(draw)
        feeds.get(gone, {}).pop(version, None)
        seen = _tried(answer, feeds, {**pins, gone: version})
        verdict = _judge_error(seen, gone, version, others={*pins} - {gone})
        if verdict is not None:
            return verdict
        said.append(seen["said"])
    if said[0] == said[1]:
        return wrong("names-every-pin", earned=1, said=said[0][:80])
    feeds = feeds_of(draw)
    for name, version in (("usage", "v9"), ("price", "v10")):
        del feeds[name][version]
    return wrong("needs-all", earned=1) if _tried(answer, feeds, {"price": "v2"})["error"] else right()


def _tried(answer: Answer, feeds: object, pins: dict[str, str]) -> dict[str, Any]:
    """Ask for a table where the learner's code runs; say what was raised."""
    return dict(answer.evaluate(PINNED, feeds=feeds, pins=pins, _attempt=ATTEMPT, _space={}))


def _judge_error(seen: dict[str, Any], gone: str, version: str, others: set[str]) -> Verdict | None:
    said = seen["said"].strip("'\"")[:80]
    if seen["made"] == "DataFrame":
        return wrong("quiet", earned=1, gone=gone)
    if not seen["error"]:
        made = {"NoneType": "`None`", "str": "a text"}.get(seen["made"]) or with_article(seen["made"])
        return wrong("returned", earned=1, gone=gone, made=made)
    if "KeyError" not in seen["error"]:
        return wrong("other-error", earned=1, gone=gone, error=seen["error"][0])
    if gone not in seen["said"] and any(name in seen["said"] for name in others):
        return wrong("names-other", earned=1, gone=gone, version=version, said=said)
    if gone not in seen["said"] or version not in seen["said"]:
        return wrong("names-nothing", earned=1, says=f"says `{said}`" if said else "says nothing")
    return None


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
    for name, version in pins.items():
        if set(table[name]) != set(feeds[name][version]):
            return wrong("wrong-values", name=name, version=version)
    return wrong("by-position")


def _holds(table: pd.DataFrame, expected: pd.DataFrame) -> bool:
    """Tell whether a table has the expected number for each customer, in whatever order."""
    if set(table.index) != set(expected.index) or len(table) != len(expected):
        return False
    columns = ((table[name].to_dict(), expected[name].to_dict()) for name in expected)
    return all(is_number(value) and value == wanted[who] for got, wanted in columns for who, value in got.items())
