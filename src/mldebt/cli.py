"""The command line: `mldebt build` and `mldebt check`."""

import os
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from mldebt import __version__
from mldebt.check import Status
from mldebt.grading import Judged, NotebookError, find_notebooks, judge_notebook
from mldebt.units import UnitError

JOBS = os.cpu_count() or 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Build and check the notebooks of the course on technical debt in machine learning."""


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a notebook is not what its unit gives.")
@click.option("--jobs", default=JOBS, show_default=True, type=click.IntRange(1), help="Notebooks run at a time.")
@click.option("--root", default=".", type=click.Path(file_okay=False, exists=True, path_type=Path), help="The course.")
def build(check: bool, jobs: int, root: Path) -> None:
    """Make notebooks/, exercises/ and solutions/ from the units."""
    try:
        from mldebt.build import build as build_all
        from mldebt.build import differences, targets
    except ModuleNotFoundError as error:
        raise click.ClickException(f"Building needs {error.name}: pip install -r requirements-dev.txt") from None
    try:
        with _bar() as bar:
            task = bar.add_task("checking" if check else "building", total=len(targets()))
            advance = lambda target, ran: bar.advance(task)  # noqa: E731
            if check:
                found = list(differences(root, jobs, done=advance))
            else:
                changed = build_all(root, jobs, done=advance)
    except UnitError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    if not check:
        click.echo(f"{len(changed)} notebooks written." if changed else "Nothing has changed.")
        for path in changed:
            click.echo(f"  {path}")
    elif found:
        for sentence in found:
            click.echo(f"{sentence}.", err=True)
        raise click.ClickException("The notebooks are not what the units give. Run: mldebt build")
    else:
        click.echo("The notebooks are what the units give.")


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--jobs", default=JOBS, show_default=True, type=click.IntRange(1), help="Notebooks run at a time.")
@click.option("--timeout", default=60, show_default=True, type=click.IntRange(1), help="Seconds for one cell.")
def check(paths: tuple[Path, ...], jobs: int, timeout: int) -> None:
    """Run exercise notebooks, or folders of them, and say what is right.

    The notebooks run as you, with your rights: check your own, not a stranger's. Ends with 1 when something is
    not right, and with 2 when a file could not be judged.
    """
    warnings.filterwarnings("ignore", module="nbformat")  # about cell ids, which do not matter here
    found: list[Path] = []
    problems: list[str] = []
    for path in paths:
        try:
            found += find_notebooks(path)
        except NotebookError as error:
            problems.append(str(error))
    found = list(dict.fromkeys(found))

    def one(path: Path) -> Judged | NotebookError:
        try:
            return judge_notebook(path, timeout)
        except NotebookError as error:
            return error

    judged: list[Judged] = []
    with _bar() as bar, ThreadPoolExecutor(jobs) as pool:
        for result in bar.track(pool.map(one, found), total=len(found), description="checking"):
            if isinstance(result, Judged):
                judged.append(result)
            else:
                problems.append(str(result))
    _print(judged)
    for problem in problems:
        click.echo(f"Error: {problem}", err=True)
    if problems:
        sys.exit(2)
    sys.exit(0 if all(result.right for result in judged) else 1)


def _print(judged: list[Judged]) -> None:
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


def _bar() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
