"""`mldebt report`."""

import os
import sqlite3
from pathlib import Path

import click

from mldebt.clean import clean
from mldebt.grading.gradebook import GradebookError
from mldebt.roster import RosterError

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("gradebook", type=FILE)
@click.option("--out", default="report.html", show_default=True, type=FILE, help="The page to write.")
@click.option("--notebook", type=FILE, help="Write the same as a notebook too, to be run and dug into.")
@click.option("--roster", type=FILE, help="Names, and who has handed in nothing.")
def report(gradebook: Path, out: Path, notebook: Path | None, roster: Path | None) -> None:
    """Write what a class understood and what it did not as one HTML page.

    GRADEBOOK is the file that `mldebt grade` wrote. The page names learners: it is for the instructor.
    """
    from mldebt.report import ReportError, read  # matplotlib and pandas take a second to load
    from mldebt.report.notebook import notebook as as_notebook
    from mldebt.report.page import page

    written = [path for path in (out, notebook) if path is not None]
    _keep_apart([path for path in (gradebook, roster) if path is not None], written)
    try:
        book = read(gradebook, roster)
        _write(out, page(book, gradebook.name))
        if notebook is not None:
            _write(notebook, as_notebook(clean(gradebook.name), gradebook, roster))
    except (ReportError, GradebookError, RosterError) as error:
        raise click.ClickException(str(error)) from None
    except sqlite3.Error as error:
        raise click.ClickException(f"{gradebook} cannot be read: {error}; grade into a new file.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    count = book.rows["learner"].nunique()
    click.echo(f"{out} holds the report on {count} learner{'s' if count != 1 else ''}; it names them.")
    if notebook is not None:
        click.echo(f"{notebook} holds the same as a notebook.")


def _keep_apart(read: list[Path], written: list[Path]) -> None:
    """Refuse to write over what is read, or twice into one file."""
    places = [path.resolve() for path in read]
    for path in written:
        if path.resolve() in places:
            raise click.ClickException(f"{path} would be written over; name another file.")
        places.append(path.resolve())


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)  # noqa: PTH105 - a page is whole or not there
