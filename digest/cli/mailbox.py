"""`digest mailbox`: a mail server on this machine that sends nothing on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session, clock

if TYPE_CHECKING:
    from digest.send import Came


@click.command(epilog="Example: digest mailbox --port 1025")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=1025,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The loopback address to listen on."
)
@quiet
@click.pass_obj
def mailbox(session: Session, port: int, host: str) -> int:
    """Take mail by SMTP on this machine, and keep it: nothing is sent on.

    For test mails, of this program or of any other: any user and password will do, and none is
    kept. `digest serve` shows the mails, in a mailbox beside the issues.
    """
    from digest.cli import output
    from digest.send import Mailbox, Sink

    failed = 0

    def tell(came: Came) -> None:
        nonlocal failed
        failed += bool(came.problem)
        if came.problem or not session.quiet:
            click.echo(_line(came), err=bool(came.problem))

    sink = Sink(Mailbox(session.mailbox), host=host, port=port, tell=tell)

    def ready() -> None:
        if session.quiet:
            return
        click.echo(f"Mail for {sink.host}, port {sink.port}, stays here: {session.mailbox}")
        click.echo(f"  in .env:     DIGEST_SMTP_URL={sink.url}")
        click.echo(f"  to read it:  {output.program()} serve, and there Mailbox")
        click.echo("Ctrl-C stops.")

    sink.serve(ready)
    if not session.quiet:
        lost = f" {output.count(failed, 'mail')} could not be kept." if failed else ""
        click.echo(f"\n{output.count(sink.kept, 'mail')} kept in {session.mailbox}.{lost}")
    return 1 if failed else 0


def _line(came: Came) -> str:
    """Time, from, to, subject, size; or why a mail was not taken."""
    from digest.cli.output import plain

    more = f" and {len(came.recipients) - 1} more" if len(came.recipients) > 1 else ""
    words = [
        f"{clock().astimezone():%H:%M:%S}",
        f"{came.sender or '<>'} → {came.recipients[0]}{more}",
        f"“{came.subject[:100]}”" if came.subject else "(no subject)",
        f"{came.size / 1000:,.1f} KB",
        came.problem,
    ]
    return plain("  ".join(filter(None, words)))
