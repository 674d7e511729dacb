"""`mldebt lite`."""

from pathlib import Path

import click

from mldebt.cli.serve import port_option, serve
from mldebt.lite import LiteError
from mldebt.lite import build as build_site


@click.command()
@click.option("--out", default="_lite", show_default=True, type=click.Path(file_okay=False, path_type=Path),
              help="The folder to write.")  # fmt: skip
@click.option("--serve", "serving", is_flag=True, help="Then show the site on this machine until Ctrl+C.")
@port_option
@click.option("--root", default=".", type=click.Path(file_okay=False, exists=True, path_type=Path), help="The course.")
def lite(out: Path, serving: bool, port: int | None, root: Path) -> None:
    """Make a site where the mini project runs in the browser, without an install."""
    if port is not None and not serving:
        raise click.UsageError("--port is for --serve; give both.")
    try:
        chosen = build_site(root, out)
    except LiteError as error:
        raise click.ClickException(str(error)) from None
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    numbers = ", ".join(name[:2] for name in chosen)
    click.echo(f"{out} holds the units {numbers}, {size:.0f} MB. Any web server can serve it.")
    if serving:
        serve(out, port, f"lab/index.html?path=notebooks/{chosen[0]}.ipynb")
