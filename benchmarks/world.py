"""What the world of the course is like: base rate, how well a model ranks, and what a draw takes, over many seeds.

    python benchmarks/world.py                # 200 seeds of 6,000 customers
    python benchmarks/world.py --seeds 50

Each seed draws a world to train on and one to test on. The table has the median and the middle 95 % over the seeds;
seconds depend on the machine. `--write` puts it between the two marks in docs/world.md.
"""

import re
import time
from pathlib import Path

import click
import pandas as pd

from mldebt.churn import FEATURES, Drift, Logistic, auc, customers, exit_calls, in_minutes, log_loss, silent_zeros

DOCS = Path(__file__).resolve().parent.parent / "docs" / "world.md"
MARKS = "<!-- table -->", "<!-- end of table -->"
ROWS = 6000
PROXIES = ("usage", "usage_last_month", "login_days")


def without(train: pd.DataFrame, test: pd.DataFrame, *dropped: str) -> float:
    """Return the log-loss of a model that does not have some columns."""
    model = Logistic.fit(train, [name for name in FEATURES if name not in dropped])
    return log_loss(test["churned"], model.predict(test))


def measure(seed: int) -> dict[str, float]:
    """Return what one seed shows."""
    began = time.perf_counter()
    train = customers(ROWS, seed=2 * seed)
    drawn = time.perf_counter()
    model = Logistic.fit(train, FEATURES)
    fitted = time.perf_counter()
    test = customers(ROWS, seed=2 * seed + 1, truth=True)

    def ranks(frame: pd.DataFrame, by: Logistic = model) -> float:
        return auc(frame["churned"], by.predict(frame))

    def drifted(**kind: float) -> pd.DataFrame:
        return customers(ROWS, seed=2 * seed + 1, drift=Drift(**kind))

    flattered = Logistic.fit(exit_calls(train, seed=seed), (*FEATURES, "exit_calls"))
    base = without(train, test)
    return {
        "share that leaves": train["churned"].mean(),
        "AUC of the model": ranks(test),
        "AUC of the true risk": auc(test["churned"], test["risk"]),
        "log-loss of the model": base,
        "log-loss more without `usage`": without(train, test, "usage") - base,
        "log-loss more without `login_days`": without(train, test, "login_days") - base,
        "log-loss more without both": without(train, test, "usage", "login_days") - base,
        "log-loss more without all three proxies": without(train, test, *PROXIES) - base,
        "AUC, 30 % of `usage` in minutes": ranks(in_minutes(test, 0.3, seed=seed)),
        "AUC, 10 % of `usage` silently 0": ranks(silent_zeros(test, 0.1, seed=seed)),
        "AUC with `exit_calls`, on paper": ranks(exit_calls(test, seed=seed + 7), flattered),
        "AUC with `exit_calls`, in production": ranks(exit_calls(test, seed=seed + 7, known=False), flattered),
        "mean prediction with `exit_calls`, in production": flattered.predict(test.assign(exit_calls=0)).mean(),
        "share that leaves, covariate drift of 1": drifted(covariate=1)["churned"].mean(),
        "AUC, covariate drift of 1": ranks(drifted(covariate=1)),
        "share that leaves, base-rate drift of 1": drifted(base_rate=1)["churned"].mean(),
        "AUC, base-rate drift of 1": ranks(drifted(base_rate=1)),
        "share that leaves, concept drift of 1": drifted(concept=1)["churned"].mean(),
        "AUC, concept drift of 1": ranks(drifted(concept=1)),
        "milliseconds to draw": 1000 * (drawn - began),
        "milliseconds to fit": 1000 * (fitted - drawn),
    }


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seeds", default=200, show_default=True, type=click.IntRange(2))
@click.option("--write", is_flag=True, help="Put the table into docs/world.md.")
def main(seeds: int, write: bool) -> None:
    """Measure the world over many seeds and print a table."""
    seen = pd.DataFrame([measure(seed) for seed in range(seeds)])
    lines = [f"| {ROWS:,} customers, {seeds} seeds | median | middle 95 % |", "| --- | --- | --- |"]
    for name, values in seen.items():
        digits = 0 if "milliseconds" in str(name) else 3 if "log-loss" not in str(name) else 4
        low, middle, high = values.quantile([0.025, 0.5, 0.975])
        lines.append(f"| {name} | {middle:.{digits}f} | {low:.{digits}f} to {high:.{digits}f} |")
    table = "\n".join(lines)
    click.echo(table)
    if write:
        text = DOCS.read_text(encoding="utf-8")
        between = re.compile(f"(?<={MARKS[0]}\n).*(?={MARKS[1]})", re.DOTALL)
        DOCS.write_text(between.sub(lambda _: f"\n{table}\n\n", text), encoding="utf-8")


if __name__ == "__main__":
    main()
