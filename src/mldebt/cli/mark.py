"""`mldebt mark`: what an instructor decides by hand."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mldebt.clean import clean, few
from mldebt.cli.book import BOOK, opened, tell_excluded
from mldebt.cli.roster import known as roster_known
from mldebt.cli.unit import found as unit_found
from mldebt.grading import by_hand
from mldebt.grading.history import events
from mldebt.grading.mark import Ruling
from mldebt.grading.tables import Row, rows
from mldebt.nearest import nearest


class Points(click.types.FloatParamType):
    """A number, and a word for whoever writes it with a comma."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        if isinstance(value, str) and "," in value:
            raise click.ClickException(f"{value!r} has a comma; write {value.replace(',', '.')}.")
        return super().convert(value, param, ctx)


_roster = click.option("--roster", type=click.Path(path_type=Path),
                       help="The class: takes also who is on it and has handed in nothing at all.")  # fmt: skip


F = TypeVar("F", bound=Callable[..., Any])

_learners = click.argument("learners", metavar="LEARNER...", nargs=-1, required=True)


def _why(help: str, who: str) -> Callable[[F], F]:
    """Make the option --reason; `who` reads it later, so it may not be empty."""

    def checked(_: click.Context, option: click.Parameter, text: str) -> str:
        if not text.strip():
            raise click.UsageError(f"--reason is empty; say why, so that {who} know it later.")
        return text.strip()

    return click.option("--reason", required=True, help=help, callback=checked)


@click.group()
def mark() -> None:
    """Set points by hand, comment, take both back, leave learners out, and look at marks and how they came about."""


@mark.command("set", context_settings={"ignore_unknown_options": True})  # -1 is a number, if a wrong one
@click.argument("gradebook", type=BOOK)
@click.argument("learner")
@click.argument("unit", callback=unit_found)
@click.argument("question")
@click.argument("points", type=Points())
@_why("Why; the learner reads it in the feedback.", who="the learner and you")
@_roster
def set_points(
    gradebook: Path, learner: str, unit: str, question: str, points: float, reason: str, roster: Path | None
) -> None:
    """Give POINTS for one question, whatever its check says, or where none could judge it.

    UNIT is a name or a number, such as 03; neither the learner nor anybody else need have handed it in. Nothing is
    overwritten: the newest ruling counts, and all of them stay in the history. Write the feedback again with
    `mldebt feedback`.
    """
    with opened(gradebook) as book:
        by_hand.rule(book, Ruling(learner, unit, question, points, reason=reason), _ids(roster))
        alone = "" if unit in book.handed_in else " Nobody has handed in this unit."
    click.echo(f"{clean(learner)}, {unit}/{question}: {points:g} points by hand.{alone}")


@mark.command()
@click.argument("gradebook", type=BOOK)
@click.argument("learner")
@click.argument("unit", callback=unit_found)
@click.argument("question")
@click.argument("text")
@_roster
def comment(gradebook: Path, learner: str, unit: str, question: str, text: str, roster: Path | None) -> None:
    """Add a comment on one question to the learner's feedback. The points stay as they are."""
    if not text.strip():
        raise click.UsageError("TEXT is empty; write the comment.")
    with opened(gradebook) as book:
        by_hand.rule(book, Ruling(learner, unit, question, None, comment=text.strip()), _ids(roster))
    click.echo(f"{clean(learner)}, {unit}/{question}: the comment is kept.")


@mark.command()
@click.argument("gradebook", type=BOOK)
@click.argument("learner")
@click.argument("unit", callback=unit_found)
@click.argument("question")
@_why("Why; it stands in the history.", who="you")
def withdraw(gradebook: Path, learner: str, unit: str, question: str, reason: str) -> None:
    """Take back the points and the comments of one question: what its check said counts again.

    Nothing is deleted: the history shows what was decided, and that it was withdrawn. Write the feedback again with
    `mldebt feedback`.
    """
    with opened(gradebook) as book:
        by_hand.withdraw(book, learner, unit, question, reason)
    click.echo(f"{clean(learner)}, {unit}/{question}: what was decided by hand no longer counts.")


@mark.command()
@click.argument("gradebook", type=BOOK)
@_learners
@_why("Why; it stands in the history.", who="you")
def exclude(gradebook: Path, learners: tuple[str, ...], reason: str) -> None:
    """Leave learners out of marks, exports, report and feedback, such as one who was graded under a wrong id.

    Nothing is deleted: the history shows all that there was, and `mldebt mark include` takes a learner back. Until
    then `mldebt grade` passes their files over.
    """
    with opened(gradebook) as book:
        by_hand.exclude(book, learners, reason)
    click.echo(f"{_listed(learners)} excluded: no longer in marks, exports, report and feedback.")


@mark.command()
@click.argument("gradebook", type=BOOK)
@_learners
@_why("Why; it stands in the history.", who="you")
def include(gradebook: Path, learners: tuple[str, ...], reason: str) -> None:
    """Take back learners who were excluded: the marks that they had count again.

    What was handed in since is graded by the next `mldebt grade`.
    """
    with opened(gradebook) as book:
        by_hand.include(book, learners, reason)
    click.echo(f"{_listed(learners)} included again, with the marks of before; what came since is still to be graded.")


def _listed(learners: tuple[str, ...]) -> str:
    return f"{few(dict.fromkeys(learners))} {'is' if len({*learners}) == 1 else 'are'}"


def _ids(roster: Path | None) -> list[str] | None:
    known = roster_known(roster)
    return [learner.id for learner in known.learners] if known else None


@mark.command("list")
@click.argument("gradebook", type=BOOK)
@click.option("--learner", help="Only this learner.")
@click.option("--unit", callback=unit_found, help="Only this unit, by name or number.")
def list_marks(gradebook: Path, learner: str | None, unit: str | None) -> None:
    """Show the marks that count, question by question."""
    with opened(gradebook) as book:
        found, excluded = list(rows(book.marks())), book.excluded
    table = Table("learner", "unit", "question", "outcome", "points", "by hand, because", "comment")
    for row in found:
        if learner in (None, row.learner) and unit in (None, row.unit):
            points = f"{row.earned:g} / {row.points:g}"
            cells = (row.learner, row.unit, row.question, row.outcome, points, row.ruling, row.comment)
            table.add_row(*(escape(clean(cell)) for cell in cells))
    if learner in excluded:
        raise click.ClickException(
            f"{learner!r} is excluded ({excluded[learner].reason}); `mldebt mark history` shows what there was."
        )
    if learner is None:
        tell_excluded(excluded)
    if not table.row_count:
        raise click.ClickException(f"{gradebook} holds no such mark{_known(learner, unit, found)}")
    _console().print(table)


def _known(learner: str | None, unit: str | None, found: list[Row]) -> str:
    """Say what there is instead of what was asked for."""
    if learner is not None and learner not in {row.learner for row in found}:
        return f"; there is no learner {learner!r}{nearest(learner, {row.learner for row in found})}"
    units = sorted({row.unit for row in found if row.unit})
    return f"; its units are {', '.join(units)}." if unit is not None and units else "."


@mark.command()
@click.argument("gradebook", type=BOOK)
@click.argument("learner")
@click.argument("unit", callback=unit_found)
def history(gradebook: Path, learner: str, unit: str) -> None:
    """Show every verdict and every ruling on a learner's unit, oldest first, and exclusions. Times are in UTC."""
    with opened(gradebook) as book:
        found = events(book, learner, unit)
    if not found:
        raise click.ClickException(f"{gradebook} holds nothing of {learner!r} for {unit!r}; see `mldebt mark list`.")
    table = Table("time", "what", "question", "points", "")
    for event in found:
        table.add_row(*(escape(clean(cell)) for cell in vars(event).values()))
    _console().print(table)


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 160)
