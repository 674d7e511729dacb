"""What the tolerances of unit 10 are taken from, over many seeds.

    python benchmarks/tolerances/10_reproduce_it.py              # 200 seeds
    python benchmarks/tolerances/10_reproduce_it.py --seeds 500

Question 1: what share of the customers a split by hashes puts into the test part (the bounds are LEAST and MOST), and
how far an AUC moves when the rows come in another order (CLOSE). Question 4: how often a test calls the new one of two
equally good models better, on the pairs of the unit (the bound is ALARMS) and on pairs drawn at random, and how many
of BETTER true improvements it finds (FOUND), for paired tests, for unpaired ones, and for rules that are none. Beside
them, that the unit's comparisons are like those of the lesson's models: how much more the splits scatter than the
differences, and how far apart the models are.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from math import comb

import click
import numpy as np
import pandas as pd

from mldebt import units
from mldebt.churn import FEATURES, Logistic, auc, customers

unit = units.module(units.FOLDER / "10_reproduce_it" / "checks.py")
Scores = np.ndarray
Rule = Callable[[Scores, Scores], bool]


def paired_t(limit: float) -> Rule:
    def rule(old: Scores, new: Scores) -> bool:
        gain = new - old
        return bool(gain.mean() > limit * gain.std(ddof=1) / np.sqrt(len(gain)))

    return rule


def unpaired_t(limit: float) -> Rule:
    def rule(old: Scores, new: Scores) -> bool:
        error = np.sqrt((old.var(ddof=1) + new.var(ddof=1)) / len(old))
        return bool(new.mean() - old.mean() > limit * error)

    return rule


def sign(chance: float) -> Rule:
    def rule(old: Scores, new: Scores) -> bool:
        wins, games = int((new > old).sum()), len(old)
        return sum(comb(games, won) for won in range(wins, games + 1)) / 2**games < chance

    return rule


def bootstrap(chance: float, number: int = 1000) -> Rule:
    def rule(old: Scores, new: Scores) -> bool:
        gain = new - old
        again = np.random.default_rng(0).choice(gain, size=(number, len(gain)))
        return bool((again.mean(axis=1) <= 0).mean() < chance)

    return rule


def signs_drawn(old: Scores, new: Scores) -> bool:
    gain = new - old
    drawn = np.random.default_rng(0).choice([-1, 1], size=(1000, len(gain)))
    return bool(((drawn * gain).mean(axis=1) >= gain.mean()).mean() < 0.05)


def wilcoxon(old: Scores, new: Scores) -> bool:
    gain, n = pd.Series(new - old), len(new)
    over = gain.abs().rank()[gain > 0].sum() - n * (n + 1) / 4
    return bool(over / np.sqrt(n * (n + 1) * (2 * n + 1) / 24) > 1.645)


TESTS: dict[str, Rule] = {
    "right: paired t, 5 in 100, one side": paired_t(1.7),
    "right: paired t, 2 standard errors": paired_t(2.0),
    "right: paired t, 3 standard errors": paired_t(3.0),
    "right: sign test, 5 in 100": sign(0.05),
    "right: sign test, 2.5 in 100": sign(0.025),
    "right: paired bootstrap, 5 in 100": bootstrap(0.05),
    "right: paired bootstrap, 2.5 in 100": bootstrap(0.025),
    "right: signs drawn again": signs_drawn,
    "right: Wilcoxon": wilcoxon,
    "right: the limit of the normal distribution": lambda old, new: bool(
        (new - old).mean() > 1.645 * (new - old).std() / np.sqrt(len(old))
    ),
    "right: paired bootstrap of 200, 5 in 100": bootstrap(0.05, 200),
    "wrong: paired, 1.4 deviations / root": lambda old, new: bool(
        (new - old).mean() > 1.4 * (new - old).std() / np.sqrt(len(old))
    ),
    "wrong: a quarter of the deviation": lambda old, new: bool((new - old).mean() > (new - old).std() / 4),
    "wrong: the root of 50": lambda old, new: bool((new - old).mean() > 2 * (new - old).std() / np.sqrt(50)),
    "wrong: lowest, mean and 60 in 100 splits": lambda old, new: bool(
        new.min() > old.min() and new.mean() > old.mean() and (new > old).mean() > 0.6
    ),
    "wrong: 22 wins": lambda old, new: bool((new > old).sum() >= 22),
    "wrong: unpaired t, 5 in 100": unpaired_t(1.67),
    "wrong: unpaired t, 10 in 100": unpaired_t(1.3),
    "wrong: paired, 1 standard error": paired_t(1.0),
    "wrong: paired, 1.2 standard errors": paired_t(1.2),
    "wrong: paired, as large as the deviation": lambda old, new: bool((new - old).mean() > (new - old).std()),
    "wrong: at least 0.005": lambda old, new: bool((new - old).mean() > 0.005),
    "wrong: better on 90 in 100 splits": lambda old, new: bool((new > old).mean() > 0.9),
    "wrong: best of the seeds": unit.RULES["best-of-seeds"],
    "wrong: the higher mean": unit.RULES["mean-alone"],
}


@lru_cache
def alarms(name: str) -> dict[int, float]:
    """Return the share of false alarms on the unit's pairs, which are the same for every seed."""
    return {splits: sum(TESTS[name](*pair) for pair in unit.lucky(splits)) / (2 * unit.LUCKY) for splits in unit.SIZES}


def comparisons(seed: int) -> list[dict[str, object]]:
    known, rng = unit.Comparisons(seed), np.random.default_rng([seed, 1])
    rows: list[dict[str, object]] = []
    for name, rule in TESTS.items():
        found = sum(rule(*pair) for pair in known.better)
        row: dict[str, object] = {"rule": name, "found": found}
        for splits, share in alarms(name).items():
            drawn = [unit.pair(rng, 0.0, splits) for _ in range(unit.EQUAL)]
            row[f"alarms in 100 on {splits}"] = 100 * share
            row[f"at random on {splits}"] = 100 * np.mean([rule(*pair) for pair in drawn])
        rows.append(row | {"accepted": max(alarms(name).values()) <= unit.ALARMS and found >= unit.FOUND})
    return rows


def runs(seed: int) -> list[dict[str, object]]:
    table = unit.customers_of(seed)
    digests = [hashlib.sha256(f"{seed}/{customer}".encode()).hexdigest() for customer in table["customer"]]
    held = np.array([int(digest[:8], 16) / 16**8 < 0.3 for digest in digests])
    score = auc(table[held]["churned"], Logistic.fit(table[~held], FEATURES).predict(table[held]))
    other = unit.turned(table, seed)
    there = other["customer"].isin(table["customer"][held])
    moved = abs(auc(other[there]["churned"], Logistic.fit(other[~there], FEATURES).predict(other[there])) - score)
    right = unit.LEAST <= held.mean() <= unit.MOST and moved < unit.CLOSE
    return [{"rule": "right: a split by hashes", "share": held.mean(), "AUC moved": moved, "accepted": right}]


def models(seed: int, number: int = 30) -> list[dict[str, object]]:
    """Compare models with and without an input on splits that share no customers, as in the lesson."""
    table = customers(1500 * number, seed=seed)
    parts = [table.iloc[at : at + 1500] for at in range(0, len(table), 1500)]
    rows: list[dict[str, object]] = []

    def scores(columns: list[str]) -> Scores:
        return np.array([auc(p["churned"][1050:], Logistic.fit(p[:1050], columns).predict(p[1050:])) for p in parts])

    full = scores(list(FEATURES))
    for left_out in ("usage", "login_days", "price"):
        gain = full - scores([name for name in FEATURES if name != left_out])
        rows.append(
            {
                "rule": f"models: with and without {left_out}",
                "splits / differences": full.std(ddof=1) / gain.std(ddof=1),
                "gain / differences": gain.mean() / gain.std(ddof=1),
                "accepted": paired_t(2.0)(full - gain, full),
            }
        )
    return rows


def show(rows: list[dict[str, object]], what: list[str], digits: int = 2) -> None:
    table = pd.DataFrame(rows)
    for rule, part in table.groupby("rule", sort=False):
        seen = [f"{name} {part[name].quantile([0, 0.025, 0.5, 0.975, 1]).round(digits).tolist()}" for name in what]
        click.echo(f"  {rule}: {'; '.join(seen)}; accepted {int(part['accepted'].sum())} of {len(part)}")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seeds", default=200, show_default=True, type=click.IntRange(2))
def main(seeds: int) -> None:
    """Measure over many seeds, and print least, 2.5 %, median, 97.5 % and most."""
    click.echo(f"q1, LEAST = {unit.LEAST}, MOST = {unit.MOST}, CLOSE = {unit.CLOSE}")
    show([row for seed in range(seeds) for row in runs(seed)], ["share", "AUC moved"], 9)
    click.echo(
        f"q4, ALARMS = {unit.ALARMS} of {2 * unit.LUCKY} on {unit.SIZES} splits; FOUND = {unit.FOUND} of {unit.BETTER}"
    )
    columns = [f"{what} on {splits}" for splits in unit.SIZES for what in ("alarms in 100", "at random")]
    show([row for seed in range(seeds) for row in comparisons(seed)], [*columns, "found"])
    click.echo("models of the lesson's kind, a tenth of the seeds; accepted by a paired t of 2")
    rows = [row for seed in range(max(2, seeds // 10)) for row in models(seed)]
    show(rows, ["splits / differences", "gain / differences"])


if __name__ == "__main__":
    main()
