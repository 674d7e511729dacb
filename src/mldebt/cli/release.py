"""`mldebt release`."""

from pathlib import Path

import click

from mldebt import variant
from mldebt.cli.bar import bar
from mldebt.release import EACH, FILE, NONE, ReleaseError, others, parse_units, write_release
from mldebt.roster import RosterError, read_roster
from mldebt.units import UnitError


@click.command()
@click.option("--roster", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Who is in the class.")
@click.option("--units", "chosen", required=True, metavar="LIST", help="Such as 01-05,08.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write.")
@click.option("--variant", "variants", type=click.Choice([EACH, NONE]), default=EACH, show_default=True,
              help="A variant for each learner, or the public one for all.")  # fmt: skip
@click.option("--hints", type=click.IntRange(0), help="How many hints of a question a learner may see. [default: all]")
@click.option("--seed", help="What the variants are drawn from. [default: a new secret]")
def release(roster: Path, chosen: str, out: Path, variants: str, hints: int | None, seed: str | None) -> None:
    """Write each learner's own exercises, without solutions.

    ROSTER is a CSV file with the columns learner and name. What the folder learners/ holds is handed out; learners.csv
    lists the files for a mail merge. Keep release.json: it says whose variant is whose, and `mldebt grade --release`
    needs it.
    """
    try:
        learners, names = read_roster(roster), parse_units(chosen)
        with bar(rate=True) as shown:
            task = shown.add_task("writing", total=len(learners) * len(names))
            write_release(
                learners, names, out, variants=variants, hints=hints, seed=seed, done=lambda: shown.advance(task)
            )
    except (RosterError, ReleaseError, UnitError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    what = "1 exercise" if len(names) == 1 else f"{len(names)} exercises"
    whose = "1 learner" if len(learners) == 1 else f"each of {len(learners)} learners"
    verb = "is" if len(names) == 1 else "are"
    click.echo(f"{what} for {whose} {verb} in {out / 'learners'}: hand them out.")
    click.echo(f"Keep {out / FILE} to yourself: whoever has it can tell everybody's variant.")
    also = zip(("learners who are not on this roster", "units that are not in this release"),
               others(out, learners, names), strict=True)  # fmt: skip
    if said := "; ".join(f"{what}: {', '.join(found)}" for what, found in also if found):
        click.echo(f"{out / 'learners'} also holds {said}.", err=True)
    same = [name for name in names if not variant.varies(name)]
    if variants == EACH and same:
        click.echo(f"Only the options of questions differ in {', '.join(same)}, which has no variants.py.", err=True)
