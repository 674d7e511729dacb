"""What unit 11 claims and what its tolerances are taken from, over many seeds.

    python benchmarks/tolerances/11_entanglement.py              # 200 seeds
    python benchmarks/tolerances/11_entanglement.py --seeds 500

The lesson: how far weights move when an input is dropped, and what an upstream improvement does to the system.
Question 1: how much further proxies move the others than independent inputs do (the bound is MARGIN), for right and
wrong measures; how far right measures of models that were fitted otherwise, and wrong distances, are from the measure
that they are nearest to (the bound is MISFIT). Question 3: by how much a released system is worse than before (the
bound is NO_WORSE), on the very tables that the learner's function is judged on.
"""

from collections.abc import Callable
from functools import partial

import click
import numpy as np
import pandas as pd

from mldebt import units
from mldebt.churn import FEATURES, Logistic, customers, log_loss

unit = units.module(units.FOLDER / "11_entanglement" / "checks.py")


def lesson(seed: int) -> dict[str, float]:
    train, today = customers(6000, seed=2 * seed), customers(6000, seed=2 * seed + 1)
    model = Logistic.fit(train, FEATURES)
    without = {
        name: Logistic.fit(train, [column for column in FEATURES if column != name]).weights - model.weights
        for name in ("usage", "login_days", "tickets", "region")
    }
    found = {f"largest shift without {name}": float(shift.abs().max()) for name, shift in without.items()}
    found["usage / tickets, of login_days"] = abs(without["usage"]["login_days"] / without["tickets"]["login_days"])

    data = ["tenure", "price", "contract", "region"]

    def correct(upstream: Logistic) -> Logistic:
        return Logistic.fit(unit.scored(train, upstream), ["score", "usage", "login_days"])

    def loss(upstream: Logistic, correction: Logistic | None = None) -> float:
        table = unit.scored(today, upstream)
        return log_loss(today["churned"], correction.predict(table) if correction else upstream.predict(today))

    v1 = Logistic.fit(train, data)
    v2 = Logistic.fit(train, [*data, "login_days", "tickets"])
    for_v1, for_v2 = correct(v1), correct(v2)
    merged = Logistic.fit(train, [*data, "login_days", "tickets", "usage"])
    now = loss(v1, for_v1)
    found |= {
        "upstream alone": loss(v2) - loss(v1),
        "system": loss(v2, for_v1) - now,
        "system, only the correction moves": loss(v1, for_v2) - now,
        "system, retrained": loss(v2, for_v2) - now,
        "system, merged": loss(merged) - now,
    }
    for name in ("tickets", "usage_last_month", "login_days", "usage"):
        better = Logistic.fit(train, [*data, name])
        found[f"upstream alone, + {name}"] = loss(better) - loss(v1)
        found[f"system, + {name}"] = loss(better, for_v1) - now
    return found


Measure = Callable[[Logistic, Logistic, "pd.DataFrame", str], float]


def shift(old: Logistic, new: Logistic, changed: str) -> "pd.Series[float]":
    return (new.weights - old.weights).drop(changed)


def part(model: Logistic, frame: pd.DataFrame, changed: str) -> "pd.Series[float]":
    names = [name for name in model.columns if name != changed]
    return ((frame[names] - model.mean[names]) / model.sd[names] * model.weights[names]).sum(axis=1)


MEASURES: dict[str, Measure] = {
    "right: largest shift": lambda a, b, f, c: shift(a, b, c).abs().max(),
    "right: mean shift": lambda a, b, f, c: shift(a, b, c).abs().mean(),
    "right: length of the vector of shifts": lambda a, b, f, c: float(np.sqrt((shift(a, b, c) ** 2).sum())),
    "right: mean shift of the part": lambda a, b, f, c: (part(b, f, c) - part(a, f, c)).abs().mean(),
    "right: sd of the shift of the part": lambda a, b, f, c: (part(b, f, c) - part(a, f, c)).std(),
    "wrong: weight of the changed": lambda a, b, f, c: abs(a.weights[c]),
    "wrong: rise of the log-loss": lambda a, b, f, c: (
        log_loss(f["churned"], b.predict(f)) - log_loss(f["churned"], a.predict(f))
    ),
    "wrong: shift of the predictions": lambda a, b, f, c: float(np.abs(b.predict(f) - a.predict(f)).mean()),
    "wrong: largest correlation": lambda a, b, f, c: (
        f[[name for name in a.columns if name != c]].corrwith(f[c]).abs().max()
    ),
}


def order(seed: int) -> list[dict[str, object]]:
    said: dict[tuple[str, str], float] = {}
    for world in range(unit.WORLDS):
        frame = unit.entangled(unit.WORLDS * seed + world)
        old = Logistic.fit(frame, unit.INPUTS)
        for name in unit.GONE:
            new = Logistic.fit(frame, [column for column in unit.INPUTS if column != name])
            for rule, measure in MEASURES.items():
                said[rule, name] = said.get((rule, name), 0.0) + measure(old, new, frame, name)
    rows: list[dict[str, object]] = []
    for rule in MEASURES:
        proxy = min(said[rule, "usage"], said[rule, "idle_days"])
        ratios = {f"proxy / {name}": proxy / max(said[rule, name], 1e-9) for name in ("discount", "list_price")}
        rows.append({"rule": rule, **ratios, "accepted": min(ratios.values()) >= unit.MARGIN})
    return rows


def by_hand(table: pd.DataFrame, penalty: float) -> "pd.Series[float]":
    """Fit what was scaled with another sd and another penalty."""
    inputs = table.columns.drop("churned")
    scaled = (table[inputs] - table[inputs].mean()) / table[inputs].std()
    return Logistic.fit(scaled.assign(churned=table["churned"]), list(inputs), penalty=penalty).weights


Distance = Callable[["pd.Series[float]", "pd.Series[float]"], float]
RIGHT: dict[str, Distance] = {
    "largest": lambda old, new: (new - old).abs().max(),
    "mean": lambda old, new: (new - old).abs().mean(),
    "root of the mean square": lambda old, new: float(np.sqrt(((new - old) ** 2).mean())),
}
WRONG: dict[str, Distance] = {
    "of the largest": lambda old, new: abs(new.abs().max() - old.abs().max()),
    "of the means": lambda old, new: abs(new.abs().mean() - old.abs().mean()),
    "of the sizes": lambda old, new: (new.abs() - old.abs()).abs().max(),
    "of the sizes in the mean": lambda old, new: (new.abs() - old.abs()).abs().mean(),
    "sd": lambda old, new: (new - old).std(),
    "range": lambda old, new: (new - old).max() - (new - old).min(),
    "median": lambda old, new: (new - old).abs().median(),
}
FITTED = {"penalty 1": 1.0, "penalty 0.1": 0.1, "no penalty": 1e-6}


def agreeing(seed: int) -> list[dict[str, object]]:
    """Sum what measures give over the worlds, and compare with the nearest that counts as right."""
    rules: dict[str, tuple[Distance, Callable[[pd.DataFrame], pd.Series[float]]]] = {
        f"right: {name}, {how}": (rule, partial(by_hand, penalty=penalty))
        for name, rule in RIGHT.items()
        for how, penalty in FITTED.items()
    }
    rules |= {f"wrong: {name}": (rule, unit.weights) for name, rule in WRONG.items()}
    said: dict[str, dict[str, float]] = {rule: {} for rule in rules}
    wanted: dict[str, dict[str, float]] = {}
    for world in range(unit.WORLDS):
        asked = unit.trials(unit.WORLDS * seed + world)
        for measure, each in unit.measures(asked).items():
            total = wanted.setdefault(measure, {})
            total |= {name: total.get(name, 0.0) + value for name, value in each.items()}
        for rule, (distance, weights) in rules.items():
            for name, before, after, changed in asked:
                old = weights(before).drop(changed)
                said[rule][name] = said[rule].get(name, 0.0) + float(distance(old, weights(after)[old.index]))
    misfits = {rule: min(unit.misfit(told, each) for each in wanted.values()) for rule, told in said.items()}
    return [{"rule": rule, "misfit": miss, "accepted": miss < unit.MISFIT} for rule, miss in misfits.items()]


def released(seed: int) -> list[dict[str, object]]:
    found = unit.case(seed)
    train, fresh, new = found.train, found.fresh, found.new
    again = found.retrained(train)
    merged = Logistic.fit(train, list(dict.fromkeys([*new.columns, *unit.SEEN])))
    tuned = found.retrained(found.test)
    apps = {
        "right: version": found.system(found.old, fresh),
        "right: retrain": again.predict(unit.scored(fresh, new)),
        "right: merge": merged.predict(fresh),
        "right: merge, with all columns": Logistic.fit(train, FEATURES).predict(fresh),
        "wrong: corrected twice": found.system(new, fresh),
        "wrong: not corrected": new.predict(fresh),
        "wrong: corrected for new, score of old": again.predict(unit.scored(fresh, found.old)),
        "wrong: trained on the test set": tuned.predict(unit.scored(fresh, new)),
    }
    now = unit.loss(fresh, apps["right: version"])
    return [
        {"rule": rule, "worse": unit.loss(fresh, p) - now, "accepted": unit.loss(fresh, p) <= now + unit.NO_WORSE}
        for rule, p in apps.items()
    ]


def show(rows: list[dict[str, object]], what: list[str], digits: int) -> None:
    table = pd.DataFrame(rows)
    for rule, group in table.groupby("rule", sort=False):
        seen = [f"{name} {group[name].quantile([0, 0.025, 0.5, 0.975, 1]).round(digits).tolist()}" for name in what]
        click.echo(f"  {rule}: {'; '.join(seen)}; accepted {int(group['accepted'].sum())} of {len(group)}")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seeds", default=200, show_default=True, type=click.IntRange(2))
def main(seeds: int) -> None:
    """Measure over many seeds, and print least, 2.5 %, median, 97.5 % and most."""
    click.echo("the lesson; log-loss: below 0 is better; at its end the seeds in which it is below 0")
    for name, values in pd.DataFrame([lesson(seed) for seed in range(seeds)]).items():
        numbers = values.quantile([0, 0.025, 0.5, 0.975, 1]).round(4).tolist()
        click.echo(f"  {name}: {numbers}; {int((values < 0).sum())} of {seeds}")
    click.echo(f"q1, MARGIN = {unit.MARGIN}, in {unit.WORLDS} worlds of {unit.ROWS} rows")
    show([row for seed in range(seeds) for row in order(seed)], ["proxy / discount", "proxy / list_price"], 2)
    click.echo(f"q1, MISFIT = {unit.MISFIT}")
    show([row for seed in range(seeds) for row in agreeing(seed)], ["misfit"], 3)
    click.echo(
        f"q3, one case of {unit.CASES}, NO_WORSE = {unit.NO_WORSE}, WORSE = {unit.WORSE}, NEEDED = {unit.NEEDED}"
    )
    show([row for seed in range(seeds) for row in released(seed)], ["worse"], 4)


if __name__ == "__main__":
    main()
