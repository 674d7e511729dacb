"""`mldebt grade`."""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from mldebt.clean import few
from mldebt.cli.bar import JOBS, bar
from mldebt.cli.book import tell_excluded
from mldebt.cli.feedback import write as write_feedback
from mldebt.cli.out import keep_apart
from mldebt.cli.roster import known as roster_known
from mldebt.cli.summary import say, show, tell_corrected, tell_replaced, warn
from mldebt.grading.changes import blank, corrections, newest, reassigned, replaced
from mldebt.grading.collect import CollectError, collect
from mldebt.grading.gradebook import Gradebook, GradebookError
from mldebt.grading.guards import check_book, check_class, check_members, check_public, strangers
from mldebt.grading.handback import PLATFORMS, zip_of
from mldebt.grading.late import Deadline, LateError, read_due, read_rule
from mldebt.grading.run import run
from mldebt.grading.submission import known_units
from mldebt.grading.tables import WRITERS, rows
from mldebt.grading.who import Who
from mldebt.judge.cage import NoWallsError
from mldebt.release import Release, ReleaseError, assigned

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--gradebook", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The SQLite file.")
@click.option("--format", "kind", type=click.Choice(["table", *WRITERS]), default="table", show_default=True,
              help="What to print at the end.")  # fmt: skip
@click.option("--roster", type=click.Path(path_type=Path), help="The class: a CSV file with learner, name and more.")
@click.option("--due", metavar="TIME", help="When it was due, such as 2026-11-30T23:59. Late ones are named.")
@click.option("--late", metavar="RULE", help="What a day begun after that costs: '10%/day', '10%/day up to 50%'.")
@click.option("--feedback", type=FOLDER, help="Write a folder of pages for each learner into this folder.")
@click.option("--feedback-zip", "platform", type=click.Choice(PLATFORMS),
              help="Write there also a zip a unit that this platform takes back.")  # fmt: skip
@click.option("--jobs", default=JOBS, show_default=True, type=click.IntRange(1), help="Submissions judged at a time.")
@click.option("--seed", help="What the checks draw their inputs from. The gradebook keeps one of its own.")
@click.option("--scheduler", metavar="ADDRESS", help="Judge on the Dask cluster at tcp://HOST:PORT.")
@click.option("--release", "released", type=click.Path(dir_okay=False, path_type=Path),
              help="The release.json of the class: each file is judged as its learner's own variant.")  # fmt: skip
@click.option("--no-release", "without", is_flag=True,
              help="Judge variants of a release WITHOUT it, each as the one that its file says it is.")  # fmt: skip
@click.option("--unsafe", is_flag=True, help="Run submissions WITHOUT a sandbox, with your rights.")
def grade(
    submissions: Path,
    gradebook: Path,
    kind: str,
    roster: Path | None,
    due: str | None,
    late: str | None,
    feedback: Path | None,
    platform: str | None,
    jobs: int,
    seed: str | None,
    scheduler: str | None,
    released: Path | None,
    without: bool,
    unsafe: bool,
) -> None:
    """Judge a class: what learners handed in to marks in a gradebook.

    SUBMISSIONS is a zip that Canvas or Moodle made, a folder of such zips, the folder of an nbgrader course, a folder
    that holds a folder for each learner, or files such as anna_03-keep-the-best.ipynb. Each notebook runs in a sandbox
    of its own. A run that was ended goes on where it stopped, and nothing is judged twice. Ends with 1 when a file
    could not be judged.
    """
    for wrong, why in (
        (late and not due, "--late is for --due; give both."),
        (platform and feedback is None, "--feedback-zip is for --feedback; give both."),
        (released and without, "--release and --no-release are one or the other; give one."),
    ):
        if wrong:
            raise click.UsageError(why)
    zips = [zip_of(unit, feedback, platform) for unit in known_units()] if feedback and platform else []
    keep_apart([submissions, roster, released], [gradebook, *(path for path in zips if path.exists())])
    if unsafe:
        warn("--unsafe: every submission runs with your rights on this machine. The gradebook says so.")
    if without:
        warn("--no-release: whoever hands in a copy of another learner's variant gets the points of it.")
    with _mistakes_said(gradebook), ExitStack() as stack:
        known = roster_known(roster)
        deadline = Deadline(read_due(due), *read_rule(late or "0%/day")) if due else None
        given_out = Release.read(released) if released else None
        # What a zip holds is gone again when the run ends, however it ends.
        unpacked = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mldebt-", ignore_cleanup_errors=True)))
        items = collect(submissions, unpacked, known, deadline)
        if roster is not None:
            check_class(items, roster)
        said = items.items
        if released and given_out:
            check_members(items, given_out, released)
            items = replace(items, items=assigned(given_out, said))
        elif not without:
            check_public(items)
        book = stack.enter_context(Gradebook(gradebook, seed))
        excluded = [*book.excluded]
        items = items.without(excluded)
        check_book(book, given_out)
        if given_out:
            book.bind(given_out.id)
        if known and (others := strangers(book, known)):
            warn(f"{gradebook} holds marks of {few(others)}, most of its learners, who are not on {roster}: "
                 "is it the gradebook of another class?")  # fmt: skip
        shown = stack.enter_context(bar(rate=True))
        task, before = shown.add_task("grading", total=len(items)), newest(book)

        def judges() -> Any:
            return stack.enter_context(_judges(scheduler, jobs, book.seed, unsafe))

        new = run(items, book, judges, not unsafe, lambda item: shown.advance(task))
        marks, corrected = list(book.marks()), corrections(book, before)
        changed, unanswered = replaced(book, before), blank(book, before)
        moved = reassigned(book, before, said)
        if feedback is not None:
            write_feedback(marks, feedback, platform, Who(known, given_out, varied=without), excluded)
    there = {learner.id for learner in known.learners} - {*excluded} if known else ()
    found = list(rows(marks, there))
    if kind in WRITERS:
        click.echo(WRITERS[kind](found), nl=False)
    else:
        show(found)
    tell_corrected(corrected, moved)
    tell_replaced(changed, unanswered)
    tell_excluded(excluded)
    say(items, found, new)


@contextmanager
def _mistakes_said(gradebook: Path) -> Iterator[None]:
    """Say in a sentence what can go wrong, and end."""
    try:
        yield
    except NoWallsError as error:
        raise click.ClickException(f"{error} --unsafe grades without a sandbox.") from None
    except (CollectError, GradebookError, LateError, ReleaseError) as error:
        raise click.ClickException(str(error)) from None
    except sqlite3.Error as error:
        raise click.ClickException(f"{gradebook} cannot be written: {error}; what it holds is safe.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    except KeyboardInterrupt:
        message = f"Stopped. What was judged is in {gradebook}; the same command goes on from there."
        click.echo(message, err=True)
        sys.exit(130)


def _judges(scheduler: str | None, jobs: int, seed: str, unsafe: bool) -> Any:
    if scheduler is None:
        from mldebt.grading.local import LocalJudges

        return LocalJudges(jobs, seed, unsafe)
    try:
        from mldebt.grading.cluster import ClusterError, ClusterJudges
    except ModuleNotFoundError as error:
        raise click.ClickException(f"--scheduler needs {error.name}: pip install 'mldebt[cluster]'") from None
    try:
        return ClusterJudges(scheduler, seed, unsafe)
    except ClusterError as error:
        raise click.ClickException(str(error)) from None
