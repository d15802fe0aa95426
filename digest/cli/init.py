"""`digest init`: start a newsletter of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import quiet
from digest.cli.session import Session


@click.command(epilog="Example: digest init my-newsletter && cd my-newsletter && digest build")
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), default=None, required=False
)
@quiet
@click.pass_obj
def init(session: Session, folder: Path | None) -> None:
    """Start a newsletter in FOLDER (default: this one); nothing there is overwritten."""
    from digest.pipeline import start

    home = folder or session.folder
    started = start(home)
    if not session.quiet:
        for path in started.made:
            click.echo(f"wrote  {home / path}")
        for path in started.kept:
            click.echo(f"kept   {home / path} (it was there already)")
        go = f"cd {folder} && " if folder and folder != Path() else ""
        click.echo(f"\nNext: look at .env and sources.opml, then: {go}digest build")
