"""`mldebt site`."""

import warnings
from pathlib import Path

import click

from mldebt.cli.serve import port_option, serve
from mldebt.units import UnitError


@click.command()
@click.option("--out", default="_site", show_default=True, type=click.Path(file_okay=False, path_type=Path),
              help="The folder to write.")  # fmt: skip
@click.option("--solutions", is_flag=True, help="Give the solutions pages too, linked from their exercises.")
@click.option("--serve", "serving", is_flag=True, help="Then show the site on this machine until Ctrl+C.")
@port_option
@click.option("--root", default=".", type=click.Path(file_okay=False, exists=True, path_type=Path), help="The course.")
def site(out: Path, solutions: bool, serving: bool, port: int | None, root: Path) -> None:
    """Make a web site for reading from the notebooks, which needs no server and loads nothing from elsewhere.

    The notebooks are shown as they are stored: nothing is run. Open index.html, or put the folder on any web server.
    """
    if port is not None and not serving:
        raise click.UsageError("--port is for --serve; give both.")
    from mldebt.site.body import SiteError  # nbconvert takes a second to load
    from mldebt.site.static import make, write

    warnings.filterwarnings("ignore", module="nbformat")  # about cell ids, which do not matter here
    try:
        files = make(root, solutions=solutions)
        write(files, out)
    except (SiteError, UnitError) as error:
        raise click.ClickException(f"{error}.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    click.echo(f"{len(files)} files in {out}; begin with {out / 'index.html'}.")
    if serving:
        serve(out, port)
