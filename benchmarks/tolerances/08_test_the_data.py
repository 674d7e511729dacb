"""Where the constants in the checks of 08-test-the-data come from: what right and wrong answers do over many seeds.

    python benchmarks/tolerances/08_test_the_data.py              # 200 seeds
    python benchmarks/tolerances/08_test_the_data.py --seeds 20

The answers are those of the unit's attempts. For each of them the table has the quantiles over the seeds of the
quantity that a constant bounds.
"""

import contextlib
import os
import runpy
from pathlib import Path
from random import Random

import click
import pandas as pd

from mldebt import units
from mldebt.build.attempts import answered, read_attempts
from mldebt.check import Status

UNIT = units.load("08-test-the-data")
CHECKS = runpy.run_path(str(UNIT.folder / "checks.py"))
WRONG_LIMITS = ("min-and-max", "too-tight", "lopsided", "one-side", "too-wide", "not-the-spread")
WRONG_SUITES = ("fits-the-past", "stops-past", "types-only", "promises-only", "silent-zeros", "far-less-use", "misses")


def bank(question: str, wrong: tuple[str, ...]) -> list[tuple[str, object]]:
    """Return the right answers to a question, and the wrong ones that a constant has to tell from them."""
    return [
        (f"{attempt.status}: {attempt.name}", answered(UNIT, question, attempt.code))
        for attempt in read_attempts(UNIT)
        if attempt.question == question and (attempt.status is Status.RIGHT or attempt.misconception in wrong)
    ]


def spread(rows: list[tuple[str, str, float]]) -> str:
    """Write the quantiles of each quantity, by answer."""
    table = pd.DataFrame(rows, columns=["answer", "quantity", "value"]).groupby(["quantity", "answer"], sort=False)
    quantiles = table["value"].quantile([0, 0.001, 0.5, 0.999, 1]).unstack()
    return str(quantiles.round(3).to_string())


@click.command(help=__doc__)
@click.option("--seeds", default=200, show_default=True)
def main(seeds: int) -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
        limits, suites = bank("q1", WRONG_LIMITS), bank("q2", WRONG_SUITES)
        shares, counts = [], []
        for seed in range(seeds):
            values, truths = CHECKS["histories"](Random(seed))
            for name, answer in limits:
                pairs = answer.evaluate("[limits(each) for each in values]", values=values)
                early, late, below, above = CHECKS["outside"](pairs, truths)
                shares += [(name, "clean values outside", early + late), (name, "far values inside", max(below, above))]
            draw = Random(seed)
            clean = CHECKS["months"](draw) + CHECKS["months"](draw)
            broken = CHECKS["broken"](draw, CHECKS["months"](draw))
            for name, answer in suites:
                good, bad = CHECKS["tried"](answer, clean), CHECKS["tried"](answer, [feed for _, feed in broken])
                missed = set(CHECKS["let_through"](broken, bad))
                counts.append((name, "clean months stopped", sum(bool(seen[0]) for seen in good)))
                counts.append((name, "faults stopped", CHECKS["KINDS"] - len(missed)))
                counts.append((name, "of those that must be stopped", len(CHECKS["MUST"] - missed)))
    print(f"q1, {seeds} seeds. Clean values outside: TOO_OFTEN = {CHECKS['TOO_OFTEN']}; ", end="")
    print(f"far values inside, the worse side: MISSED = {CHECKS['MISSED']}\n{spread(shares)}\n")
    print(f"q2, {seeds} seeds. Clean months stopped: 0 of CLEAN = {CHECKS['CLEAN']} are forgiven; ", end="")
    print(f"faults stopped, of KINDS = {CHECKS['KINDS']}: ENOUGH = {CHECKS['ENOUGH']}, ", end="")
    print(f"among them all {len(CHECKS['MUST'])} of MUST\n{spread(counts)}")


if __name__ == "__main__":
    main()
