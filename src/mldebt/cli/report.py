"""`mldebt report`."""

import sqlite3
from pathlib import Path

import click

from mldebt.clean import clean
from mldebt.cli.book import tell_excluded
from mldebt.cli.out import keep_apart, write_whole
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

    keep_apart([gradebook, roster], [out, notebook])
    try:
        book = read(gradebook, roster)
        write_whole(out, page(book, gradebook.name).encode())
        if notebook is not None:
            write_whole(notebook, as_notebook(clean(gradebook.name), gradebook, roster).encode())
    except (ReportError, GradebookError, RosterError) as error:
        raise click.ClickException(str(error)) from None
    except sqlite3.Error as error:
        raise click.ClickException(f"{gradebook} cannot be read: {error}; grade into a new file.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    count = book.rows["learner"].nunique()
    click.echo(f"{out} holds the report on {count} learner{'s' if count != 1 else ''}; it names them.")
    tell_excluded(book.excluded)
    if notebook is not None:
        click.echo(f"{notebook} holds the same as a notebook.")
