"""What `mldebt grade` shows when it has judged: the marks, and on the standard error what to look at."""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mldebt.check import Status
from mldebt.clean import clean, few
from mldebt.grading.changes import Correction, Replaced
from mldebt.grading.collect import Collected
from mldebt.grading.tables import Row

MOST_LISTED = 60
"""Learners whose marks the table shows one by one."""


def warn(text: str) -> None:
    """Say in red what nobody should overlook."""
    click.secho(f"WARNING: {text}", fg="red", bold=True, err=True)


def show(found: list[Row]) -> None:
    """Print the marks of each learner, unless there are too many, and how often each question got each outcome."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    by_learner: dict[str, dict[str, list[Row]]] = {}
    for row in found:
        by_learner.setdefault(row.learner, {}).setdefault(row.unit, []).append(row)
    if len(by_learner) <= MOST_LISTED:
        all_units = sorted({row.unit for row in found if row.unit})
        table = Table("learner", *all_units, "points")
        for learner, own in by_learner.items():
            cells = [_cell(own.get(unit, [])) for unit in all_units]
            table.add_row(escape(clean(learner)), *cells, _points(row for row in found if row.learner == learner))
        console.print(table)
    questions: dict[tuple[str, str], Counter[str]] = {}
    for row in found:
        if row.question:
            questions.setdefault((row.unit, row.question), Counter())[row.outcome] += 1
    statuses = [status.value for status in Status]
    others = sorted({row.outcome for row in found} - set(statuses))
    table = Table("unit", "question", *(escape(outcome) for outcome in [*statuses, *others]))
    for (unit, question), counts in questions.items():
        table.add_row(unit, question, *(str(counts[outcome] or "") for outcome in [*statuses, *others]))
    console.print(table)


def _cell(found: list[Row]) -> str:
    """Show the points of a unit, or the one reason why there are none; nothing where there is nothing to show."""
    if not found:
        return ""
    reasons = {row.outcome for row in found} - {status.value for status in Status}
    return escape(reasons.pop()) if reasons and not any(row.ruling for row in found) else _points(found)


def _points(found: Iterable[Row]) -> str:
    listed = list(found)
    return f"{sum(row.earned for row in listed):g} / {sum(row.points for row in listed):g}"


def tell_corrected(found: list[Correction], moved: set[tuple[str, str]]) -> None:
    """Say whose points changed because a check was corrected, or because they are judged as their own variant now."""
    by_question: dict[tuple[str, str, str], list[str]] = {}
    for one in found:
        why = "Points changed, as the release is another" if (one.learner, one.unit) in moved else "Corrected check"
        ruled = ", but points given by hand stand" if one.ruled else ""
        changed = f"{clean(one.learner)} {one.old:g} -> {one.new:g}{ruled}"
        by_question.setdefault((why, one.unit, one.question), []).append(changed)
    for (why, unit, question), learners in by_question.items():
        click.echo(f"{why}: {unit}/{question}: {'; '.join(learners)}.", err=True)


def tell_replaced(found: list[Replaced], unanswered: bool) -> None:
    """Say what stands now in place of what, since points can be lost that way, and when that looks like a mistake."""
    if found:
        changed = [
            f"{clean(one.learner)} {one.unit} {one.old:g} -> {'not judged' if one.new is None else f'{one.new:g}'}"
            for one in found
            if one.new != one.old
        ]
        many = f"{len(found)} submissions replace ones" if len(found) > 1 else "1 submission replaces one"
        points = f"points changed: {few(changed, '; ')}" if changed else "no points changed"
        click.echo(f"{many} graded before; {points}.", err=True)
    if unanswered:
        warn("Nothing is answered in any of these submissions: they look like the exercises that were handed out; "
             "if so, grade what came back, and its marks count again.")  # fmt: skip


def say(items: Collected, found: list[Row], new: int) -> None:
    """Say on the standard error what was done and what an instructor must look at.

    Ends with 1 if a file of this run could not be judged; those of earlier runs are only named.
    """
    unfit = sum(bool(item.problem) for item in items)
    known = len(items) - new - unfit
    parts = [f"{len(items)} file{'s' * (len(items) != 1)}", f"{new} judged now"]
    parts += [f"{known} known already"] if known else []
    parts += [f"{unfit} that cannot be judged"] if unfit else []
    click.echo(f"{', '.join(parts)}.", err=True)
    for remark in items.remarks:
        click.echo(clean(remark, 1000), err=True)
    for item in items:
        for note in item.notes:
            click.echo(f"{clean(item.learner)}: {clean(note)}", err=True)
    if items.unknown:
        click.echo(f"Not on the roster, but graded: {_listed(items.unknown)}.", err=True)
    if items.absent:
        click.echo(f"On the roster, and nothing handed in here: {_listed(items.absent)}.", err=True)
    for refused in items.refused:
        click.echo(f"Error: {clean(refused.file)}: {refused.why}", err=True)
    here = {(item.learner, item.unit) for item in items}
    problems = {(row.learner, row.unit): row for row in found if row.file and row.outcome not in {*Status}}
    earlier: dict[str, list[str]] = {}
    for (learner, unit), row in problems.items():
        if (learner, unit) in here:
            click.echo(f"Error: {clean(row.file)}: {clean(row.message)}", err=True)
        else:
            earlier.setdefault(clean(learner), []).append(unit.partition("-")[0] or clean(Path(row.file).name))
    if earlier:
        still = [f"{learner} {', '.join(names)}" for learner, names in earlier.items()]
        click.echo(f"Still open from earlier: {few(still, '; ')}.", err=True)
    if any(not row.walls for row in found):
        click.echo("Some marks were made with --unsafe; the column `walls` of --format csv says which.", err=True)
    if problems.keys() & here or items.refused:
        sys.exit(1)


def _listed(learners: list[str]) -> str:
    return f"{', '.join(clean(learner) for learner in learners)} ({len(learners)})"
