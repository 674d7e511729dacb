"""`mldebt lite`."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from mldebt.lite import LiteError
from mldebt.lite import build as build_site


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of each."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript", ".wasm": "application/wasm"}

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@click.command()
@click.option("--out", default="lite", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--root", default=".", type=click.Path(file_okay=False, exists=True, path_type=Path), help="The course.")
@click.option("--serve", is_flag=True, help="Serve the site on this machine until Ctrl+C.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def lite(out: Path, root: Path, serve: bool, port: int) -> None:
    """Make a site where the mini project runs in the browser, without an install."""
    try:
        chosen = build_site(root, out)
    except LiteError as error:
        raise click.ClickException(str(error)) from None
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    numbers = ", ".join(name[:2] for name in chosen)
    click.echo(f"{out} holds the units {numbers}, {size:.0f} MB. Any web server can serve it.")
    if not serve:
        return
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=str(out)))
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used: {error.strerror}.") from None
    with server:
        start = f"http://127.0.0.1:{server.server_port}/lab/index.html?path=notebooks/{chosen[0]}.ipynb"
        click.echo(f"Open {start} (Ctrl+C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Ended.")
