"""What `digest send` tells: what a dry run would do, and what a run did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.session import Session

if TYPE_CHECKING:
    from digest.models import Failure
    from digest.pipeline import Rehearsal, Sent, Wishes

_MOST_ROWS = 10
"""Bad rows of a list that are shown; the report has them all."""


def show_rehearsal(session: Session, found: Rehearsal, wishes: Wishes, command: str) -> int:
    """Show what a send would do, and the `command` that does it; the exit status."""
    from digest.cli import output

    planned, counts = found.planned, found.status.counts if found.status else {}
    failed = counts.get("temp", 0) - counts.get("waiting", 0) + counts.get("perm", 0)
    # To keep to what was planned adds nobody.
    new = 0 if found.status and wishes.on_change == "keep" else planned.planned + planned.back
    if not session.quiet:
        click.echo(f"A dry run of {found.slug} to {found.list_name}: nothing leaves.")
        left = found.status.left if found.status else 0
        unknown = counts.get("unknown", 0) * (wishes.on_unknown == "resend")
        rows = [
            ("would get it now", new),
            ("are left of a send that was begun", left),
            ("failed, and would be tried again", failed * wishes.retry_failed),
            ("are unknown, and some would get it twice", unknown),
            ("stand in the list twice", planned.twice),
            ("get it, or got it, by another list", planned.elsewhere),
            ("unsubscribed, or are suppressed", planned.left),
            ("are gone from the list, and would get nothing", planned.gone),
            ("bad rows", planned.bad),
        ]
        counted = [(name, f"{number:,}") for name, number in rows if number or name == rows[0][0]]
        output.table(("recipients", ">"), counted)
        top = sorted(planned.domains.items(), key=lambda pair: (-pair[1], pair[0]))
        shown = [(domain, f"{number:,}") for domain, number in top[:8]]
        if top[8:]:
            shown.append((f"{len(top) - 8:,} more", f"{sum(n for _, n in top[8:]):,}"))
        if shown:
            output.table(("to", ">recipients"), shown)
        output.findings(found.findings)
        click.echo(_how_long(found))
    _show_rows(session, found.slug, found.failures)
    for warning in found.warnings:
        click.echo(output.plain(f"warning: {warning}"), err=True)
    for warning in found.warnings:
        click.echo(output.plain(f"warning: {warning}"), err=True)
    for refusal in found.refusals:
        click.secho("would refuse: ", fg="red", nl=False, err=True)
        click.echo(output.plain(f"{refusal.what} {refusal.hint}").rstrip(), err=True)
    if not found.refusals and not session.quiet:
        click.echo(f"Next: {command}")
    return 1 if found.refusals or found.failures else 0


def _how_long(found: Rehearsal) -> str:
    from digest.cli import output

    size = f"A message has {found.message_bytes / 1000:,.0f} KB."
    if not found.seconds:
        return f"{size} No limit of messages a second is set: as fast as the server takes them."
    return f"{size} It would take {output.span(found.seconds)} at the limits that are set."


def show_sent(session: Session, sent: Sent, again: str, command: str) -> int:
    """Show how a run ended, and the command that goes on `again`; the exit status."""
    from digest.cli import output

    counts, tally = sent.status.counts, sent.tally
    left = sent.status.left
    failed = counts.get("temp", 0) - counts.get("waiting", 0) + counts.get("perm", 0)
    if not session.quiet:
        speed = f" in {output.span(tally.seconds)} ({tally.rate:,.1f} a second)"
        click.echo(
            f"{tally.sent:,} sent{speed}; {counts.get('sent', 0):,} of {sent.status.total:,} of "
            f"{sent.list_name} have {sent.slug}."
        )
        output.table(
            ("state", ">recipients", "what it means"),
            [(s, f"{counts[s]:,}", _MEANING[s]) for s in _MEANING if counts.get(s)],
        )
    _show_rows(session, sent.slug, sent.failures)
    if sent.tally.trouble and not sent.error:
        click.echo(output.plain(f"What broke last: {sent.tally.trouble}"), err=True)
    if sent.error:
        click.secho("error: ", fg="red", nl=False, err=True)
        click.echo(output.plain(f"{sent.error.what} {sent.error.hint}").rstrip(), err=True)
    if left:
        click.echo(f"{left:,} are left. Go on: {again}", err=True)
    elif failed or counts.get("unknown"):
        click.echo(
            f"Look at them: {output.program()} ledger report {sent.slug} --state perm --state temp "
            "--state unknown",
            err=True,
        )
        if failed:
            more = f"{command} --retry-failed --yes"
            click.echo(f"To try the failed ones again, once the cause is gone: {more}", err=True)
        if counts.get("unknown"):
            more = f"{command} --on-unknown resend --yes"
            click.echo(f"To send to the unknown ones again, to some twice: {more}", err=True)
    return 1 if sent.error or left or failed or counts.get("unknown") or sent.failures else 0


_MEANING = {
    "sent": "the server took it",
    "planned": "nothing went out yet",
    "temp": "the server put them off",
    "perm": "the server never will take it",
    "unknown": "handed over, the answer was lost: the mail may have gone",
    "withdrawn": "left before it went: unsubscribed, suppressed, or off the list",
}


def _show_rows(session: Session, slug: str, failures: tuple[Failure, ...]) -> None:
    """Say which rows added nobody: some here, all in a report."""
    from digest.cli import output
    from digest.send import report_rows

    output.failures(failures[:_MOST_ROWS])
    if len(failures) > _MOST_ROWS:
        path = session.folder / "var" / "reports" / f"{slug} rows.csv"
        report_rows(path, failures)
        more = len(failures) - _MOST_ROWS
        click.echo(f"{more:,} more rows: {path}", err=True)
