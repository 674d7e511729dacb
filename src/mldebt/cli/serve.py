"""Serving a folder on this machine, to look at a site that was made."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

PORT = 8000
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), help=f"Where to serve; {PORT} if not given, 0 for any that is free."
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, modules and WebAssembly among them, and says nothing of each: the reader looks at the browser."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript", ".wasm": "application/wasm"}

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def serve(folder: Path, port: int | None, start: str = "") -> None:
    """Serve a folder until Ctrl+C, and say where `start` is found. Raises ClickException for a port that is taken."""
    port = PORT if port is None else port
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=folder))
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used: {error.strerror}; choose one with --port.") from None
    click.echo(f"Reading at http://127.0.0.1:{server.server_port}/{start} - Ctrl+C ends it.")
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()
