"""`mldebt check`."""

import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mldebt.check import Status
from mldebt.cli.bar import JOBS, bar

if TYPE_CHECKING:
    from mldebt.grading.own import Judged


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--jobs", default=JOBS, show_default=True, type=click.IntRange(1), help="Notebooks run at a time.")
@click.option("--timeout", default=60, show_default=True, type=click.IntRange(1), help="Seconds for one cell.")
def check(paths: tuple[Path, ...], jobs: int, timeout: int) -> None:
    """Run exercise notebooks, or folders of them, and say what is right.

    The notebooks run as you, with your rights: check your own, not a stranger's. Ends with 1 when something is
    not right, and with 2 when a file could not be judged.
    """
    # Imported here: the schema of notebooks takes a second to load, and the other commands do without.
    from mldebt.grading.own import NotebookError, find_notebooks, judge_notebook

    warnings.filterwarnings("ignore", module="nbformat")  # about cell ids, which do not matter here
    found: list[Path] = []
    problems: list[str] = []
    for path in paths:
        try:
            found += find_notebooks(path)
        except NotebookError as error:
            problems.append(str(error))
    found = list(dict.fromkeys(found))

    def one(path: Path) -> "Judged | NotebookError":
        try:
            return judge_notebook(path, timeout)
        except NotebookError as error:
            return error

    judged: list[Judged] = []
    with bar() as shown, ThreadPoolExecutor(jobs) as pool:
        for result in shown.track(pool.map(one, found), total=len(found), description="checking"):
            if not isinstance(result, NotebookError):
                judged.append(result)
            else:
                problems.append(str(result))
    _print(judged)
    for problem in problems:
        click.echo(f"Error: {problem}", err=True)
    if problems:
        sys.exit(2)
    sys.exit(0 if all(result.right for result in judged) else 1)


def _print(judged: "list[Judged]") -> None:
    if not judged:
        return
    console = Console(width=None if sys.stdout.isatty() else 120)
    table = Table("notebook", "question", "outcome", "points", "message")
    for result in judged:
        for outcome in result.outcomes:
            message = outcome.message if outcome.status is not Status.RIGHT else ""
            if outcome.line:
                message += f" Your {outcome.line}"
            points = f"{outcome.earned:g} / {outcome.points:g}"
            outcome_word = outcome.status.value
            table.add_row(escape(str(result.path)), outcome.question, outcome_word, points, escape(message))
        table.add_section()
    console.print(table)
    outcomes = [outcome for result in judged for outcome in result.outcomes]
    right = sum(outcome.status is Status.RIGHT for outcome in outcomes)
    earned = sum(outcome.earned for outcome in outcomes)
    total = sum(outcome.points for outcome in outcomes)
    console.print(
        f"{right} of {len(outcomes)} right, {earned:g} of {total:g} points.",
        highlight=False,
    )
