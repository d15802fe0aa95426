"""`digest serve`: review the archive in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from digest.pipeline import Live, Told


@click.command(epilog="Example: digest serve --port 8025 --open")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8025,
    show_default=True,
    help="The port on 127.0.0.1; 0 takes a free one.",
)
@click.option("--open", "open_", is_flag=True, help="Open it in a browser at once.")
@click.option(
    "--no-watch", is_flag=True, help="Show the archive as it is; re-render nothing, follow nothing."
)
@quiet
@click.pass_obj
def serve(session: Session, port: int, open_: bool, no_watch: bool) -> None:
    """Serve the archive on 127.0.0.1: each issue's email, text, web page, headers and reasons.

    Drafts are edited there, approved, and sent to testers; what was sent to readers is shown, and
    so is the mailbox of mails that stayed on this machine.

    Meanwhile the latest draft is made again, from what the archive holds, whenever its theme,
    its edits.toml or .env changes, and the page that is open follows. What was sent stays.
    """
    from digest.cli.session import clock
    from digest.review import Follow, House, create_app, serve_forever
    from digest.send import Mailbox

    archive = session.archive()
    live = None if no_watch else _live(session)
    follow = Follow(archive, live) if live else None

    def ready(url: str) -> None:
        click.echo(f"Reviewing {session.folder.resolve()} at {url} (Ctrl-C stops)")
        if live:
            _begin(live)
        if open_:
            click.launch(url)

    house = House(
        folder=session.folder,
        cache=session.folder / "var" / "cache",
        settings=session.settings_of,
        ledger=session.ledger_to_look_at,
        now=clock,
        own_settings=session.settings,
        remake=live.make_now if live else None,
    )
    app = create_app(archive, follow, Mailbox(session.mailbox), house)
    serve_forever(app, port=port, ready=ready, follow=follow)


def _live(session: Session) -> Live:
    from digest.pipeline import Live

    return Live(
        folder=session.folder,
        archive=session.archive(),
        settings=session.settings_of,
        tell=lambda told: _tell(told, quiet=session.quiet),
        blurbs=session.blurbs,
    )


def _begin(live: Live) -> None:
    why = live.begin()
    if why:
        click.echo(f"note: {_plain(why.why)} The pages follow what `digest build` makes.")
    elif live.draft:
        click.echo(
            f"A change of theme, edits.toml or .env re-renders {live.draft}, and the page follows."
        )


def _tell(told: Told, *, quiet: bool) -> None:
    """A line for each issue that was made again, or was not."""
    from digest.cli.output import count, failures
    from digest.models import Failure
    from digest.pipeline import Stayed

    if isinstance(told, Failure):
        failures([told])
        return
    if quiet:
        return
    changed = _plain(", ".join(told.changed))
    if isinstance(told, Stayed):
        click.echo(f"{changed} changed: {_plain(told.why)}")
        return
    found = count(len(told.built.findings), "finding")
    click.echo(f"{changed} changed: {told.slug} re-rendered in {told.seconds:.1f} s, {found}.")
    for note in told.notes:
        click.echo(f"note: {_plain(note)}")
    failures(told.failures)


def _plain(text: str) -> str:
    from digest.cli.output import plain

    return plain(text)
