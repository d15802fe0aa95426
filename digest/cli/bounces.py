"""`digest bounces`: what came back, and who gets no more mail because of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from digest.cli.options import quiet
from digest.cli.session import Session, clock
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.pipeline import Decision

_DONE = {
    "suppressed": "gets no more mail",
    "counted": "counted",
    "known": "got no more mail before",
    "left": "nothing",
    "unplaced": "for you to decide",
}


@click.command(
    epilog="Examples: digest bounces --dry-run   ·   digest bounces /var/mail/bounces --json"
)
@click.argument("source", metavar="[MAILDIR|FILE|-]", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would be done; change and move nothing.")
@click.option("--all", "seen", is_flag=True, help="Read mails that are marked as seen, too.")
@click.option("--json", "json_", is_flag=True, help="Print the decisions as JSON.")
@quiet
@click.pass_obj
def bounces(session: Session, source: str | None, dry_run: bool, seen: bool, json_: bool) -> None:
    """Read bounces and complaints, and send no more mail to addresses that are gone.

    Without a MAILDIR, an mbox or a mail (`-` is standard input), that of DIGEST_BOUNCES is read.
    """
    from digest.pipeline import bounces as job

    settings = session.settings()
    keyring = session.keyring("nothing tells whose mail came back")
    place = _place(source, session.folder / settings.bounces if settings.bounces else None)
    decisions = tuple(
        job.take_in(
            place,
            book=session.ledger(),
            keyring=keyring,
            now=clock(),
            dry_run=dry_run,
            seen=seen,
        )
    )
    if json_:
        from digest.cli import output

        output.as_json([_row(decision) for decision in decisions])
    elif not session.quiet:
        _show(decisions, dry_run=dry_run)


def _place(source: str | None, usual: Path | None) -> Path | BinaryIO:
    if source == "-":
        return sys.stdin.buffer
    place = Path(source) if source else usual
    if place is None:
        raise UsageError(
            "There is nothing to read: no MAILDIR was named, and DIGEST_BOUNCES is empty.",
            hint="For example: digest bounces /var/mail/bounces --dry-run",
        )
    return place


def _show(decisions: tuple[Decision, ...], *, dry_run: bool) -> None:
    from digest.cli import output

    if not decisions:
        click.echo("Nothing came back.")
        return
    output.table(
        ("address", "kind", "judgement", "what is done", "why"),
        [
            (_addresses(d), d.report.kind, d.report.judgement, _DONE[d.outcome], d.why)
            for d in decisions
        ],
    )
    found = [
        f"{_DONE[outcome]}: {number:,}"
        for outcome in _DONE
        if (number := sum(d.outcome == outcome for d in decisions))
    ]
    mails = output.count(len(decisions), "mail")
    click.echo(f"{mails}; {', '.join(found)}.")
    if dry_run:
        click.echo("Nothing was changed. To do it, leave out --dry-run.")


def _addresses(decision: Decision) -> str:
    report = decision.report
    named = [one.address for one in report.affected if one.address]
    if report.kind in {"auto-reply", "other"} and not named:
        return report.sender
    rest = len(named) - 2 + report.more
    return ", ".join(named[:2]) + (f" and {rest:,} more" if rest > 0 else "")


def _row(decision: Decision) -> dict[str, Any]:
    report = decision.report
    return {
        "mail": decision.name,
        "kind": report.kind,
        "form": report.form,
        "judgement": report.judgement,
        "outcome": decision.outcome,
        "why": decision.why,
        "addresses": [
            {
                "address": one.address,
                "original": one.original,
                "action": one.action,
                "status": one.status,
                "judgement": one.judgement,
                "diagnostic": one.diagnostic,
            }
            for one in report.affected
        ],
        "more": report.more,
        "sender": report.sender,
        "subject": report.subject,
        "reporter": report.reporter,
        "message_id": report.returned.message_id if report.returned else "",
    }
