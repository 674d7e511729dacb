"""What the tolerances of unit 13 are taken from, over many seeds.

    python benchmarks/tolerances/13_data_dependencies.py              # 200 seeds
    python benchmarks/tolerances/13_data_dependencies.py --seeds 500

Question 1: how many of twelve ordinary months raise an alarm (the bound is SILENT), and how many of the spoilt ones are
not named rightly (the bound is 0), for right rules and for typical wrong ones; and how far the median and the mean of
`usage` lie from the reference's in ordinary months and in those spoilt in part, which NEAR is taken from. Question 2:
what a set costs, and what it would cost with the cheapest further input (the bound is ROOM), as shares of the budget.
Both are measured on the very tables that the learner's function had, so a right search fails only where it leaves room.
"""

from collections.abc import Callable
from typing import Any

import click
import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

from mldebt import units
from mldebt.churn import Logistic

unit = units.module(units.FOLDER / "13_data_dependencies" / "checks.py")
Rule = Callable[["pd.Series[float]", "pd.Series[float]"], bool]


def outside(reference: "pd.Series[float]", batch: "pd.Series[float]") -> bool:
    low, high = reference.quantile([0.01, 0.99])
    return float((~batch.between(low / 2, high * 2)).mean()) > 0.1


def medians(factor: float) -> Rule:
    return lambda reference, batch: not 1 / factor < batch.median() / reference.median() < factor


def schema(reference: "pd.Series[float]", batch: "pd.Series[float]") -> bool:
    return float((~batch.between(reference.min() / 2, 2 * reference.max())).mean()) > 0.05


RULES: dict[str, Rule] = {
    "right: share outside of widened quantiles": outside,
    "right: ratio of medians, 1.25": medians(1.25),
    "right: ratio of medians, 1.4": medians(1.4),
    "right: KS, statistic above 0.15": lambda a, b: ks_2samp(a, b).statistic > 0.15,
    "right: KS, statistic above 0.3": lambda a, b: ks_2samp(a, b).statistic > 0.3,
    "right: schema, widened by two": schema,
    "wrong: KS, p below 0.05": lambda a, b: ks_2samp(a, b).pvalue < 0.05,
    "wrong: KS, p below 0.01": lambda a, b: ks_2samp(a, b).pvalue < 0.01,
    "wrong: mean above 1.02 of the reference": lambda a, b: b.mean() > 1.02 * a.mean(),
    "wrong: any row outside of smallest and largest": lambda a, b: b.min() < a.min() or b.max() > a.max(),
    "wrong: mean above 1.5 of the reference": lambda a, b: b.mean() > 1.5 * a.mean(),
    "wrong: ratio of medians, 10": medians(10),
    "wrong: ratio of medians, 2": medians(2),
    "wrong: ratio of medians, 0.6 to 1.6": lambda a, b: not 0.6 <= b.median() / a.median() <= 1.6,
    "wrong: ratio of medians, 0.65 to 1.8": lambda a, b: not 0.65 <= b.median() / a.median() <= 1.8,
    "wrong: ratio of means, 0.7 to 1.3": lambda a, b: not 0.7 <= b.mean() / a.mean() <= 1.3,
    "wrong: ratio of means, 1.5": lambda a, b: not 1 / 1.5 <= b.mean() / a.mean() <= 1.5,
}


def detector(seed: int) -> list[dict[str, object]]:
    reference, ordinary, spoilt = unit.world(seed)
    rows: list[dict[str, object]] = []
    for name, rule in RULES.items():

        def said(batch: pd.DataFrame, rule: Rule = rule) -> set[str]:
            return {column for column in unit.COLUMNS if rule(reference[column], batch[column])}

        alarms = sum(bool(said(batch)) for batch in ordinary)
        missed = sum(said(one.month) != one.names for one in spoilt)
        right = alarms <= unit.SILENT and not missed
        rows.append({"rule": name, "alarms": alarms, "missed": missed, "accepted": right})
    return rows


def ratios(seed: int) -> list[dict[str, object]]:
    reference, ordinary, spoilt = unit.world(seed)
    parts = [(one.fault, one.month) for one in spoilt if one.fault in ("part", "days")]
    return [
        {
            "rule": f"`usage`, {kind}",
            "median": batch["usage"].median() / reference["usage"].median(),
            "mean": batch["usage"].mean() / reference["usage"].mean(),
        }
        for kind, batch in [*(("ordinary", batch) for batch in ordinary), *parts]
    ]


def backward(costs: Any, budget: float) -> set[str]:
    gone: set[str] = set()
    while True:
        left = [name for name in unit.INPUTS if name not in gone]
        best = min(left, key=lambda name: costs.of([*gone, name]))
        if costs.of([*gone, best]) > budget:
            return gone
        gone.add(best)


def one_pass(world: Any, order: list[str]) -> set[str]:
    gone: set[str] = set()
    for name in order:
        if world.fits([*gone, name]):
            gone.add(name)
    return gone


def search(seed: int) -> list[dict[str, object]]:
    world = unit.market(seed)
    order = ["agent", *np.random.default_rng(seed).permutation(unit.NUMBERS)]
    model = Logistic.fit(world.train, unit.NUMBERS)
    raw = (model.weights / model.sd).abs()
    found = {
        "right: backward": backward(world.costs, world.budget),
        "right: one pass, by what each costs alone": one_pass(
            world, sorted(unit.INPUTS, key=lambda n: world.costs.of([n]))
        ),
        "right: one pass, in the order of the features": one_pass(world, order),
        "wrong: all that are harmless alone": set(world.harmless),
        "wrong: backward on the training set": backward(unit.Costs(world.train, world.train), world.budget),
        "wrong: backward, compared with the model before": world.costs.one_by_one(world.budget),
        "wrong: raw coefficients below 0.1": {str(name) for name in raw.index[raw < 0.1]},
        "wrong: the three smallest raw coefficients": {str(name) for name in raw.nsmallest(3).index},
        "wrong: the two smallest raw coefficients and agent": {"agent", *map(str, raw.nsmallest(2).index)},
    }
    return [
        {
            "rule": name,
            "cost / budget": world.costs.of(names) / world.budget,
            "cost with one more / budget": world.costs.next(names) / world.budget,
            "accepted": world.is_right(names),
        }
        for name, names in found.items()
    ]


def show(rows: list[dict[str, object]], what: list[str]) -> None:
    table = pd.DataFrame(rows)
    for rule, part in table.groupby("rule", sort=False):
        seen = [f"{name} {part[name].quantile([0, 0.025, 0.5, 0.975, 1]).round(2).tolist()}" for name in what]
        accepted = f"; accepted {int(part['accepted'].sum())} of {len(part)}" if "accepted" in table else ""
        click.echo(f"  {rule}: {'; '.join(seen)}{accepted}")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seeds", default=200, show_default=True, type=click.IntRange(2))
def main(seeds: int) -> None:
    """Measure over many seeds, and print least, 2.5 %, median, 97.5 % and most."""
    click.echo(
        f"q1, SILENT = {unit.SILENT} of {unit.CLEAN}, SEASON = {unit.SEASON}, PART = {unit.PART}; NEAR = {unit.NEAR}"
    )
    show([row for seed in range(seeds) for row in ratios(seed)], ["median", "mean"])
    show([row for seed in range(seeds) for row in detector(seed)], ["alarms", "missed"])
    click.echo(
        f"q2, one world of two, ROOM = {unit.ROOM}, with TOGETHER = {unit.TOGETHER}, AGENT_HARMS = {unit.AGENT_HARMS}"
    )
    show([row for seed in range(seeds) for row in search(seed)], ["cost / budget", "cost with one more / budget"])


if __name__ == "__main__":
    main()
