"""Trying the unsubscribe page on this machine: `python -m digest.unsubscribe --folder DIR`."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import click

from digest.errors import DigestError
from digest.send import parse_address, unsubscribe_url
from digest.settings import read_settings
from digest.unsubscribe.start import app_of, keyring


@click.command(help="Serve the unsubscribe page on 127.0.0.1 until Ctrl-C, to try it.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--port", type=click.IntRange(0, 65535), default=8026, help="0 takes a free one.")
@click.option("--address", default="you@example.org", help="Whose link is printed.")
def serve(folder: Path, port: int, address: str) -> None:
    """Serve until Ctrl-C; the link that is printed writes to the newsletter's own record."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        """A handler that prints no tokens."""

        timeout = 30  # seconds

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    app = app_of(folder, os.environ)
    settings = read_settings(folder / ".env", os.environ)
    token = keyring(settings, folder).token(parse_address(address).address)
    with make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet) as server:
        click.echo(f"The link of {address}, until Ctrl-C:")
        click.echo(unsubscribe_url(f"http://127.0.0.1:{server.port}/", token))
        click.echo(f"Whoever unsubscribes is written to {folder / settings.unsubscribed}.")
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    try:
        serve(prog_name="python -m digest.unsubscribe")
    except DigestError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
