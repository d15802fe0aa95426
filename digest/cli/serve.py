"""`digest serve`: review the archive in a browser."""

from __future__ import annotations

import click

from digest.cli.options import quiet
from digest.cli.session import Session


@click.command(epilog="Example: digest serve --port 8025 --open")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8025,
    show_default=True,
    help="The port on 127.0.0.1; 0 takes a free one.",
)
@click.option("--open", "open_", is_flag=True, help="Open it in a browser at once.")
@quiet
@click.pass_obj
def serve(session: Session, port: int, open_: bool) -> None:
    """Serve the archive on 127.0.0.1: each issue's email, text, web page, headers and reasons."""
    from digest.review import create_app, serve_forever

    app = create_app(session.archive())

    def ready(url: str) -> None:
        click.echo(f"Reviewing {session.folder.resolve()} at {url} (Ctrl-C stops)")
        if open_:
            click.launch(url)

    serve_forever(app, port=port, ready=ready)
