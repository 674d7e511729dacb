"""`mldebt export`."""

import sys
from pathlib import Path

import click

from mldebt.clean import few
from mldebt.cli.book import BOOK, opened, tell_excluded
from mldebt.cli.out import keep_apart, write_whole
from mldebt.cli.roster import known as roster_known
from mldebt.cli.unit import find
from mldebt.cli.unit import found as unit_found
from mldebt.grading.export import Exported, fill_canvas, fill_moodle, make_canvas, make_moodle
from mldebt.grading.grades import Grades, grades
from mldebt.grading.handback import PLATFORMS
from mldebt.grading.lms import CANVAS
from mldebt.grading.sheet import Sheet, SheetError
from mldebt.grading.submission import known_units
from mldebt.roster import Roster


@click.command()
@click.argument("gradebook", type=BOOK)
@click.option("--format", "platform", required=True, type=click.Choice(PLATFORMS), help="Who is to import the file.")
@click.option("--roster", type=click.Path(path_type=Path), help="The class: a CSV file with learner, name and more.")
@click.option("--template", type=click.Path(path_type=Path), help="The CSV file that the platform exported.")
@click.option(
    "--unit",
    "chosen",
    multiple=True,
    metavar="UNIT",
    callback=unit_found,
    help="Only this unit, by name or number; may be given again.",
)
@click.option("--column", "columns", multiple=True, metavar="UNIT=TITLE", help="Canvas's column of a unit.")
@click.option("--absent", type=click.Choice(["empty", "0"]), default="empty", show_default=True,
              help="What a learner of the roster gets for handing in nothing.")  # fmt: skip
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.  [default: the screen]"
)
def export(
    gradebook: Path,
    platform: str,
    roster: Path | None,
    template: Path | None,
    chosen: tuple[str, ...],
    columns: tuple[str, ...],
    absent: str,
    out: Path | None,
) -> None:
    """Write the marks as CSV for Canvas's gradebook or Moodle's grading worksheet.

    With --template, the file that the platform exported is filled in, and all but the marks stays as it is, byte for
    byte. Without it, a file is made from the --roster. Ends with 1 when a mark found no place.
    """
    named = dict(_column(column, chosen) for column in columns)
    if template is None and roster is None:
        raise click.UsageError("Give --template (what the platform exported), --roster, or both.")
    if absent == "0" and roster is None:
        raise click.UsageError("--absent 0 is for --roster, which says who is in the class; give both.")
    keep_apart([gradebook, roster, template], [out])
    with opened(gradebook) as book:
        found = grades(book.marks(), platform, chosen, "0" if absent == "0" else "", [*book.excluded])
    tell_excluded(found.excluded)
    if not found.of:
        raise click.ClickException(f"{gradebook} holds no mark{' for ' + ', '.join(chosen) if chosen else ''}.")
    known = roster_known(roster)
    _no_mark_becomes_nothing(found, known)
    try:
        if template is not None:
            sheet = Sheet(template)
            canvas = platform == CANVAS
            done = fill_canvas(sheet, found, known, named) if canvas else fill_moodle(sheet, found, known)
        else:
            assert known is not None
            done = make_canvas(found, known) if platform == CANVAS else make_moodle(found, known)
    except SheetError as error:
        raise click.ClickException(str(error)) from None
    if out is None:
        click.echo(done.content, nl=False)
    else:
        write_whole(out, done.content)
    _report(done, found)


def _column(text: str, chosen: tuple[str, ...]) -> tuple[str, str]:
    """Read UNIT=TITLE."""
    unit, equals, title = text.partition("=")
    if not equals:
        unit = chosen[0] if chosen else known_units()[1]
        raise click.ClickException(f'--column "{text}" lacks UNIT=; write it as --column {unit}="{text}".')
    return find(unit), title


def _no_mark_becomes_nothing(found: Grades, roster: Roster | None) -> None:
    """Refuse to write 0 for learners while there are marks that may be theirs, under an id the roster does not have."""
    strangers = found.strangers(roster) if roster and found.absent else []
    if strangers:
        raise click.ClickException(
            f"Not on the roster: {few(strangers)}. Add them, or grade with --roster and take these out with "
            "`mldebt mark exclude`, before --absent 0: they may be learners who would get 0."
        )


def _report(done: Exported, found: Grades) -> None:
    click.echo(f"{done.filled} marks written.", err=True)
    if count := len(done.nothing):
        cells = "1 cell" if count == 1 else f"{count} cells"
        what, more = ("0 in", "") if found.absent else ("Nothing in", "; --absent 0 writes 0")
        names = few(dict.fromkeys(done.nothing))
        click.echo(f"{what} {cells}, since nothing was handed in: {names}{more}.", err=True)
    for line in [*done.remarks, *found.remarks]:
        click.echo(line, err=True)
    strangers = [f"Not on the roster, left out: {few(sorted(done.strangers))}."] if done.strangers else []
    errors = [*strangers, *done.left, *found.without]
    for line in errors:
        click.echo(f"Error: {line}", err=True)
    if errors:
        sys.exit(1)
