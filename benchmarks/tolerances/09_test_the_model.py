"""Where the constants in the checks of 09-test-the-model come from: what healthy and broken models reach by chance.

    python benchmarks/tolerances/09_test_the_model.py              # 200 seeds
    python benchmarks/tolerances/09_test_the_model.py --seeds 20

The first table has the weights of the healthy models: in q2 they are healthy as long as tickets count upwards and
tenure downwards. The second has, for TABLES tables of UNLUCKY and for as many drawn ones, the AUC of the worst slice
of the worst healthy model, and that of the spoilt slice of each broken one: a limit between the two tells them apart.
The third has how many of GUESSING, models that guess in the smallest region, pass with some limits (the bound is
LUCKY), and which share of all guesses would. The fourth has, for the unit's attempts, how many runs of healthy models
fail a test and how many broken models do. In q4 a tenth of the seeds will do, but for the answer that only just passes.
"""

import contextlib
import os
import runpy
from pathlib import Path
from random import Random
from typing import Any

import click
import numpy as np
import pandas as pd

from mldebt import units
from mldebt.build.attempts import answered, read_attempts
from mldebt.check import Answer, Status
from mldebt.churn import auc, customers

UNIT = units.load("09-test-the-model")
CHECKS = runpy.run_path(str(UNIT.folder / "checks.py"))
SPOILT = {"west constant": ("region", "west"), "yearly constant": ("contract", "yearly")}
WRONG = ("too-tight", "overall")


def slices(table: pd.DataFrame, risk: Any) -> pd.Series:
    """Return the AUC in each region and with each contract."""
    scored = table.assign(risk=risk)
    return pd.Series(
        {
            (column, value): auc(part["churned"], part["risk"])
            for column in ("region", "contract")
            for value, part in scored.groupby(column)
        }
    )


def models(train: pd.DataFrame, kinds: list[str], where: str, table: pd.DataFrame | None = None) -> list[Any]:
    """Make the models of the checks."""
    space: dict[str, Any] = {"train": train, "table": train if table is None else table, "kinds": kinds, "where": where}
    exec(CHECKS["MODELS"], space)
    return list(space["models"])


def reached(draw: Random) -> list[tuple[str, str, float]]:
    """Return the AUC of the worst healthy slice and of each spoilt one, for what one grading draws."""
    train = customers(CHECKS["TRAIN"], seed=draw.randrange(CHECKS["SEED"]))
    usual = [customers(CHECKS["ROWS"], seed=draw.randrange(CHECKS["SEED"])) for _ in range(CHECKS["TABLES"])]
    tables = [customers(CHECKS["ROWS"], seed=seed) for seed in draw.sample(CHECKS["UNLUCKY"], CHECKS["TABLES"])]
    healthy = models(train, list(CHECKS["HEALTHY"]), "west")
    rows = []
    for name, several in (("UNLUCKY", tables), ("drawn", usual)):
        worst = [min(slices(table, model.predict(table)).min() for model in healthy) for table in several]
        rows += [("AUC of the worst slice", f"healthy: the worst of the models, {name}", value) for value in worst]
    for kind, place in SPOILT.items():
        model = models(train, [kind], "west")[0]
        best = max(slices(table, model.predict(table))[place] for table in tables)
        rows.append(("AUC of the spoilt slice, the best table", f"broken: {kind}", best))
    for where in ("south", "east", "west"):
        model = models(train, ["region turned round"], where)[0]
        best = max(slices(table, model.predict(table))["region", where] for table in tables)
        rows.append(("AUC of the spoilt slice, the best table", f"broken: {where} turned round", best))
    return rows


def lucky(draw: Random) -> list[tuple[str, str, float]]:
    """Return how many models that guess in a slice pass with a limit, for what one grading draws."""
    train, table = (customers(CHECKS[rows], seed=draw.randrange(CHECKS["SEED"])) for rows in ("TRAIN", "ROWS"))
    west = (table["region"] == "west").to_numpy()
    left = table["churned"][west]
    made = models(train, list(CHECKS["GUESSING"]), "west", table)
    reached = np.array([auc(left, model.predict(table)[west]) for model in made])
    noise = np.random.default_rng(draw.randrange(CHECKS["SEED"])).random((100, west.sum()))
    luck = np.array([auc(left, guess) for guess in noise])
    limits = (0.5, 0.52, 0.55, 0.56, 0.57, 0.6)
    return [
        *(("guessing models that pass", f"a limit of {limit}", float((reached > limit).sum())) for limit in limits),
        *(("share of all guesses that pass", f"a limit of {limit}", float((luck > limit).mean())) for limit in limits),
    ]


def weights(draw: Random) -> list[tuple[str, str, float]]:
    """Return the weights whose signs make a model healthy, for what one grading draws."""
    train = customers(CHECKS["TRAIN"], seed=draw.randrange(CHECKS["SEED"]))
    space: dict[str, Any] = {"train": train, "table": train, "kinds": []}
    exec(CHECKS["MODELS"], space)
    return [
        (f"weight of {column}", f"healthy: {name}", float(space[name].weights[column]))
        for column in ("tickets", "tenure")
        for name in ("base", "fewer")
    ]


def failed(answer: Answer, question: str, draw: Random) -> tuple[int, int]:
    """Return how many runs of healthy models and how many broken models fail an answer."""
    if question == "q3":
        seeds = draw.sample(CHECKS["UNLUCKY"], CHECKS["TABLES"])
        runs = CHECKS["tried"](answer, "test_slices", CHECKS["SLICES"], draw, seeds)
        return len(CHECKS["alarms"](runs)), len(CHECKS["caught"](runs, CHECKS["SLICES"]))
    sizes = {"train": CHECKS["TRAIN"], "table": CHECKS["ROWS"]}
    worlds = {name: customers(rows, seed=draw.randrange(CHECKS["SEED"])) for name, rows in sizes.items()}
    ends = [CHECKS["ran"](answer, list(CHECKS[kinds]), **worlds)[2] for kinds in ("HEALTHY", "BROKEN")]
    healthy, broken = ({at for at, *_ in failures} for failures in ends)
    return len(healthy), len(broken)


def spread(rows: list[tuple[str, str, float]]) -> str:
    """Write the quantiles of each quantity."""
    table = pd.DataFrame(rows, columns=["quantity", "of", "value"]).groupby(["quantity", "of"], sort=False)
    return str(table["value"].quantile([0, 0.001, 0.5, 0.999, 1]).unstack().round(3).to_string())


@click.command(help=__doc__)
@click.option("--seeds", default=200, show_default=True)
def main(seeds: int) -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
        shares = [row for seed in range(seeds) for row in reached(Random(seed))]
        signs = [row for seed in range(seeds) for row in weights(Random(seed))]
        passing = [row for seed in range(seeds) for row in lucky(Random(seed))]
        ends = []
        for attempt in read_attempts(UNIT):
            right = attempt.status is Status.RIGHT
            if attempt.question in ("q3", "q4") and (right or attempt.misconception in WRONG):
                name = f"{attempt.question}, {attempt.status}: {attempt.name}"
                answer = answered(UNIT, attempt.question, attempt.code)
                few = seeds if attempt.question == "q3" or "seven" in attempt.name else seeds // 10
                for seed in range(few):
                    healthy, broken = failed(answer, attempt.question, Random(seed))
                    ends += [
                        ("runs of healthy models that fail", name, healthy),
                        ("broken models that fail", name, broken),
                    ]
    print(f"{seeds} seeds. ROWS = {CHECKS['ROWS']}, TRAIN = {CHECKS['TRAIN']}, TABLES = {CHECKS['TABLES']}\n")
    print(f"{spread(signs)}\n\n{spread(shares)}\n")
    print(f"of {len(CHECKS['GUESSING'])} models that guess in the smallest region LUCKY = {CHECKS['LUCKY']} may pass")
    print(f"{spread(passing)}\n")
    for limit in (0.55, 0.6, 0.65, 0.7, 0.75):
        for name in ("UNLUCKY", "drawn"):
            below = np.mean([value < limit for _, of, value in shares if of.endswith(name)])
            print(f"a limit of {limit}: the worst healthy model fails on {below:.1%} of the tables, {name}")
    slices, broken = len(CHECKS["SLICES"]), len(CHECKS["BROKEN"])
    print(f"\nq3 has {slices} broken models, q4 {broken}; ENOUGH = {CHECKS['ENOUGH']}")
    print(spread(ends))


if __name__ == "__main__":
    main()
