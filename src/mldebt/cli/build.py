"""`mldebt build`."""

from pathlib import Path

import click

from mldebt.cli.bar import JOBS, bar
from mldebt.units import UnitError


@click.command()
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
        with bar() as shown:
            task = shown.add_task("checking" if check else "building", total=len(targets()))
            advance = lambda target, ran: shown.advance(task)  # noqa: E731
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
