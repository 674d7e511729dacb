"""The gradebook of a command, with what can go wrong said in a sentence."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from mldebt.clean import few
from mldebt.grading.gradebook import Gradebook, GradebookError

BOOK = click.Path(dir_okay=False, path_type=Path)


def tell_excluded(learners: Iterable[str]) -> None:
    """Say on the standard error who was left out, if anybody was."""
    if listed := list(learners):
        click.echo(f"Excluded, so left out: {few(listed)}; `mldebt mark include` takes a learner back.", err=True)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Gradebook]:
    """Open a gradebook that is there; `mldebt grade` alone makes one."""
    if not path.is_file():
        raise click.ClickException(f"{path} is not there; name the gradebook that `mldebt grade` wrote.")
    try:
        with Gradebook(path) as book:
            yield book
    except GradebookError as error:
        raise click.ClickException(str(error)) from None
    except sqlite3.Error as error:
        raise click.ClickException(f"{path} cannot be used: {error}; what it holds is safe.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
