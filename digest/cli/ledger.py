"""`digest ledger`: who was sent what, and with what answer."""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest.cli.options import quiet
from digest.cli.session import Session
from digest.errors import LedgerError

if TYPE_CHECKING:
    from digest.send import Standing, State

_COLUMNS = ("issue", "list", "line", "address", "state", "code", "reply", "attempts", "begun",
            "ended")  # fmt: skip
_NOT_SENT: tuple[State, ...] = (
    "planned", "sending", "temp", "perm", "unknown", "withdrawn"
)  # fmt: skip
_STATES: tuple[State, ...] = ("sent", *_NOT_SENT)
_states = click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(_STATES),
    help="Only those in this state; may be given several times.",
)


@click.group(epilog="Example: digest ledger status")
def ledger() -> None:
    """Show, write out and copy the record of who was sent which issue."""


@ledger.command(epilog="Example: digest ledger status 2026-W47")
@click.argument("issue", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def status(session: Session, issue: str | None, as_json: bool) -> int:
    """How far each list of ISSUE is, or of every issue that was begun."""
    from digest.cli import output

    kept = session.ledger_or_none()
    found = kept.status(issue.upper() if issue else None) if kept else ()
    if as_json:
        rows = [
            {
                "issue": s.slug,
                "list": s.list_name,
                "planned_at": s.planned_at.isoformat(timespec="seconds"),
                "total": s.total,
                "left": s.left,
                **{state: s.counts.get(state, 0) for state in _STATES},
            }
            for s in found
        ]
        output.as_json(rows)
        return 0
    if not found:
        click.echo(f"Nothing of {issue} was sent yet." if issue else "Nothing was sent yet.")
        return 0
    seen = [s for s in _STATES if any(status.counts.get(s) for status in found)]
    output.table(
        ("issue", "list", "planned at", ">total", *(f">{name}" for name in seen), ">left"),
        [
            (
                s.slug,
                s.list_name,
                f"{s.planned_at:%Y-%m-%d %H:%M} UTC",
                f"{s.total:,}",
                *(f"{s.counts.get(name, 0):,}" for name in seen),
                f"{s.left:,}",
            )
            for s in found
        ],
    )
    gone = kept.suppressed() if kept else {}
    if gone:
        named = ", ".join(f"{number:,} {reason}" for reason, number in sorted(gone.items()))
        click.echo(f"On the suppression list: {named}.")
    return 0


@ledger.command(
    epilog="Example: digest ledger report 2026-W47 --state perm --state temp",
    short_help="List who did not simply get ISSUE, and why.",
)
@click.argument("issue")
@_states
@click.option("--json", "as_json", is_flag=True, help="As JSON, one recipient a line.")
@click.pass_obj
def report(session: Session, issue: str, states: tuple[State, ...], as_json: bool) -> int:
    """Each recipient of ISSUE who did not simply get it, with the server's answer."""
    import json

    from digest.cli import output

    kept = session.ledger_or_none()
    rows = kept.rows(issue.upper(), states=states or _NOT_SENT) if kept else iter(())
    if as_json:
        for row in rows:
            click.echo(json.dumps(_plain(row), ensure_ascii=False))
        return 0
    found = [
        (row.list_name, str(row.line or ""), row.address, row.state, _answer(row)) for row in rows
    ]
    if found:
        output.table(("list", ">line", "address", "state", "answer"), found)
    elif kept and kept.status(issue.upper()):
        click.echo(f"There is nobody of whom {issue.upper()} has something to report.")
    else:
        click.echo(f"Nothing of {issue.upper()} was sent yet.")
    return 0


@ledger.command(
    epilog="Example: digest ledger export 2026-W47 --to sent.csv",
    short_help="Write out every recipient of ISSUE, as CSV.",
)
@click.argument("issue")
@_states
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file, which only you may read (default: standard output).",
)
@click.option("--json", "as_json", is_flag=True, help="JSON, one recipient a line.")
@click.pass_obj
def export(
    session: Session, issue: str, states: tuple[State, ...], to: Path | None, as_json: bool
) -> int:
    """Write out every recipient of ISSUE, as CSV that a spreadsheet opens safely."""
    import io
    import json

    from digest import disk
    from digest.send import harmless

    out = io.StringIO() if to else sys.stdout
    writer = csv.writer(out, lineterminator="\n")
    if not as_json:
        writer.writerow(_COLUMNS)
    kept = session.ledger_or_none()
    for row in kept.rows(issue.upper(), states=states) if kept else ():
        values = _plain(row)
        if as_json:
            out.write(json.dumps(values, ensure_ascii=False) + "\n")
        else:
            writer.writerow([harmless(str(value)) for value in values.values()])
    if to and isinstance(out, io.StringIO):
        disk.write_atomic(to, out.getvalue(), mode=0o600)
        click.echo(f"wrote {to}", err=True)
    return 0


@ledger.command(
    epilog="Example: digest ledger backup ledger-2026-11-20.db",
    short_help="Copy the ledger to FILE, even during a send.",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@quiet
@click.pass_obj
def backup(session: Session, file: Path) -> None:
    """Copy the ledger to FILE, which must be new; also while an issue is being sent."""
    kept = session.ledger_or_none()
    if kept is None:
        raise LedgerError(
            "There is no ledger yet, and nothing to copy.", hint="The first send makes it."
        )
    kept.backup(file)
    if not session.quiet:
        click.echo(f"wrote {file}")


def _plain(row: Standing) -> dict[str, Any]:
    return {
        "issue": row.slug,
        "list": row.list_name,
        "line": row.line,
        "address": row.address,
        "state": row.state,
        "code": row.code,
        "reply": row.reply,
        "attempts": row.attempts,
        "begun": _written(row.begun_at),
        "ended": _written(row.ended_at),
    }


def _written(moment: datetime | None) -> str:
    return moment.isoformat(timespec="milliseconds") if moment else ""


def _answer(row: Standing) -> str:
    return f"{row.code} {row.reply}".strip() if row.code else row.reply
