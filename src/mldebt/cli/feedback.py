"""`mldebt feedback`."""

from collections.abc import Iterable
from pathlib import Path

import click

from mldebt.clean import clean
from mldebt.cli.book import BOOK, opened, tell_excluded
from mldebt.cli.roster import known as roster_known
from mldebt.grading.handback import PLATFORMS, write_zips
from mldebt.grading.mark import Mark
from mldebt.grading.page import slug, write_pages
from mldebt.grading.who import Who
from mldebt.release import Release, ReleaseError

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("gradebook", type=BOOK)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--zip", "platform", type=click.Choice(PLATFORMS), help="Also a zip a unit that this platform takes back."
)
@click.option("--roster", type=FILE, help="The class: the pages then have the learners' names.")
@click.option("--release", "released", type=FILE,
              help="The release.json of the class: the pages then speak of each learner's own variant.")  # fmt: skip
def feedback(gradebook: Path, folder: Path, platform: str | None, roster: Path | None, released: Path | None) -> None:
    """Write the pages of feedback again, such as after marks were set by hand. Nothing is judged."""
    known = roster_known(roster)
    try:
        given_out = Release.read(released) if released else None
    except ReleaseError as error:
        raise click.ClickException(str(error)) from None
    with opened(gradebook) as book:
        who = Who(known, given_out, varied=bool(book.release))
        write(list(book.marks()), folder, platform, who, [*book.excluded])
        tell_excluded(book.excluded)


def write(marks: list[Mark], folder: Path, platform: str | None, who: Who, excluded: Iterable[str]) -> None:
    """Write the pages, and the zips of a platform; say on the standard error what was written, and what was not."""
    learners = len(write_pages(marks, folder, who))
    click.echo(f"Feedback for {learners} learners is in {folder}.", err=True)
    for place in (folder / slug(learner) for learner in excluded):
        if place.is_dir():
            click.echo(f"{place} is of a learner who is excluded; delete it before you hand out the pages.", err=True)
    if platform is None:
        return
    zips, left = write_zips(marks, folder, platform, who)
    for path in zips:
        click.echo(f"{path} is for {platform.capitalize()}.", err=True)
    for mark in left:
        lacks = f"{clean(mark.file)} does not carry the name that {platform.capitalize()} gave it"
        why = lacks if mark.file else f"nothing was handed in for {mark.unit}"
        click.echo(f"{clean(mark.learner)}: {why}, so it is in no zip; send the page by hand.", err=True)
