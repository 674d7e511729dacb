"""How often a right answer is called wrong: the checks draw their inputs, and luck must not cost a learner a mark.

    python benchmarks/false_rejections.py                       # every unit, 1,000 gradings of each solution
    python benchmarks/false_rejections.py 08-test-the-data --gradings 3000

Each question's solution is graded with that many seeds, and every other right attempt with a tenth of them. What is
printed are rejections of gradings, and the upper end of the exact 95 % interval for their share (Clopper and Pearson;
for no rejection in n gradings it is about 3/n). Ends with 1 when more than 1 of 1,000 gradings rejects.
"""

import sys
from concurrent.futures import ProcessPoolExecutor

import click
from rich.console import Console
from rich.table import Table
from scipy.stats import beta

from mldebt import units
from mldebt.build.attempts import answered, read_attempts
from mldebt.build.source import answer_cell
from mldebt.check import Status, judge

ALLOWED = 1 / 1000


def grade(name: str, question: str, code: str, gradings: int) -> list[int]:
    """Return the seeds with which a right answer is not called right."""
    unit = units.load(name)
    answer = answered(unit, question, code)
    outcomes = ((seed, judge(unit.questions[question], answer, seed)) for seed in range(gradings))
    return [seed for seed, outcome in outcomes if outcome.status is not Status.RIGHT]


def upper(rejected: int, gradings: int) -> float:
    """Return the upper end of the exact two-sided 95 % interval of a share."""
    return float(beta.ppf(0.975, rejected + 1, gradings - rejected)) if rejected < gradings else 1.0


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1, type=click.Choice(units.names()), metavar="UNIT...")
@click.option("--gradings", default=1000, show_default=True, type=click.IntRange(10), help="Of each solution.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1))
def main(names: tuple[str, ...], gradings: int, jobs: int) -> None:
    """Grade right answers with many seeds, and count those that are not called right."""
    tasks = []
    for name in names or units.names():
        unit = units.load(name)
        for id in unit.questions:
            tasks.append((name, id, "the solution", answer_cell(unit, id, solved=True), gradings))
        tasks += [
            (name, attempt.question, attempt.name, attempt.code, gradings // 10)
            for attempt in read_attempts(unit)
            if attempt.status is Status.RIGHT
        ]
    counts: dict[tuple[str, str], list[int]] = {}
    with ProcessPoolExecutor(jobs) as pool:
        results = pool.map(grade, *zip(*[(name, id, code, n) for name, id, _, code, n in tasks], strict=True))
        for (name, id, what, _, n), seeds in zip(tasks, results, strict=True):
            count = counts.setdefault((name, id), [0, 0, 0])
            count[0] += 1
            count[1] += len(seeds)
            count[2] += n
            if seeds:
                click.echo(f"{name} {id}, {what}: not right with the seeds {seeds[:5]}, {len(seeds)} of {n}", err=True)
    table = Table("unit", "question", "right answers", "rejected", "of gradings", "at most (95 %)")
    for (name, id), (answers, rejected, n) in counts.items():
        table.add_row(name, id, str(answers), str(rejected), f"{n:,}", f"{upper(rejected, n):.2%}")
    Console(width=None if sys.stdout.isatty() else 100).print(table)
    sys.exit(any(rejected > ALLOWED * n for _, rejected, n in counts.values()))


if __name__ == "__main__":
    main()
