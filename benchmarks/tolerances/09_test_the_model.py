"""Where the constants in the checks of 09-test-the-model come from: what healthy and broken models reach by chance.

    python benchmarks/tolerances/09_test_the_model.py              # 200 seeds
    python benchmarks/tolerances/09_test_the_model.py --seeds 20

The first table has, for TABLES tables of ROWS customers, the AUC of the worst slice of the worst healthy model and the
AUC of the spoilt slice of each broken one: a limit between the two tells them apart. The second has, for the answers
of the unit's attempts, how many of the healthy models fail a test and how many broken ones do.
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
from mldebt.check import Status
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


def models(train: pd.DataFrame, kinds: list[str], where: str) -> list[Any]:
    """Make the models of the checks."""
    space: dict[str, Any] = {"train": train, "kinds": kinds, "where": where}
    exec(CHECKS["MODELS"], space)
    return list(space["models"])


def reached(draw: Random) -> list[tuple[str, str, float]]:
    """Return the AUC of the worst healthy slice and of each spoilt one, for what one grading draws."""
    train = customers(CHECKS["TRAIN"], seed=draw.randrange(CHECKS["SEED"]))
    tables = [customers(CHECKS["ROWS"], seed=draw.randrange(CHECKS["SEED"])) for _ in range(CHECKS["TABLES"])]
    healthy = models(train, list(CHECKS["HEALTHY"]), "west")
    worst = min(slices(table, model.predict(table)).min() for model in healthy for table in tables)
    rows = [("AUC of the worst slice", "healthy: the worst of four models", worst)]
    for kind, place in SPOILT.items():
        model = models(train, [kind], "west")[0]
        best = max(slices(table, model.predict(table))[place] for table in tables)
        rows.append(("AUC of the spoilt slice, the best table", f"broken: {kind}", best))
    for where in ("south", "east", "west"):
        model = models(train, ["a region turned round"], where)[0]
        best = max(slices(table, model.predict(table))["region", where] for table in tables)
        rows.append(("AUC of the spoilt slice, the best table", f"broken: {where} turned round", best))
    return rows


def spread(rows: list[tuple[str, str, float]]) -> str:
    """Write the quantiles of each quantity."""
    table = pd.DataFrame(rows, columns=["quantity", "of", "value"]).groupby(["quantity", "of"], sort=False)
    return str(table["value"].quantile([0, 0.001, 0.5, 0.999, 1]).unstack().round(3).to_string())


@click.command(help=__doc__)
@click.option("--seeds", default=200, show_default=True)
def main(seeds: int) -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
        shares = [row for seed in range(seeds) for row in reached(Random(seed))]
        counts, ends = [], []
        healthy, slow, kinds = CHECKS["HEALTHY"], tuple(CHECKS["SLICES"]), tuple(CHECKS["BROKEN"])
        for attempt in read_attempts(UNIT):
            right = attempt.status is Status.RIGHT
            name = f"{attempt.status}: {attempt.name}"
            if attempt.question == "q3" and (right or attempt.misconception in WRONG):
                answer = answered(UNIT, "q3", attempt.code)
                for seed in range(seeds):
                    tried = CHECKS["Tried"](answer, "test_slices", healthy + slow, Random(seed), CHECKS["TABLES"])
                    alarms = sum(len(tried.failed(kind)) for kind in healthy)
                    counts.append(("healthy models that fail, of 12 runs", name, alarms))
                    counts.append(("broken models that fail on all tables, of 4", name, len(tried.caught(*slow))))
            if attempt.question == "q4" and right:
                answer = answered(UNIT, "q4", attempt.code)
                for seed in range(seeds):
                    draw = Random(seed)
                    rows = [CHECKS["TRAIN"], CHECKS["ROWS"]]
                    train, table = (customers(n, seed=draw.randrange(CHECKS["SEED"])) for n in rows)
                    failed = {at for at, _, _ in CHECKS["ran"](answer, healthy + kinds, train, table)[2]}
                    ends.append(("healthy models that fail, of 4", name, sum(at < len(healthy) for at in failed)))
                    ends.append(("broken models that fail, of 8", name, sum(at >= len(healthy) for at in failed)))
    print(f"q3, {seeds} seeds. ROWS = {CHECKS['ROWS']}, TRAIN = {CHECKS['TRAIN']}, TABLES = {CHECKS['TABLES']}")
    print(spread(shares), "\n")
    for limit in (0.55, 0.6, 0.65, 0.7, 0.75):
        below = np.mean([value < limit for quantity, _, value in shares if "worst" in quantity])
        print(f"a limit of {limit}: a healthy model fails in {below:.1%} of the gradings")
    print(f"\n{spread(counts)}\n\nq4, {seeds} seeds. ENOUGH = {CHECKS['ENOUGH']} of {len(kinds)}\n{spread(ends)}")


if __name__ == "__main__":
    main()
