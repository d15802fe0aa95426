"""`digest recipients`: lists and the people on them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session
from digest.errors import SendError, UsageError

if TYPE_CHECKING:
    from digest.models import Failure
    from digest.pipeline import ReaderList
    from digest.send import Keyring

_MOST_ROWS = 20


_other_lists = click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Another list to look through, besides DIGEST_LIST and DIGEST_TEST_LIST.",
)


@click.group(epilog="Example: digest recipients check readers.csv")
def recipients() -> None:
    """Check a list before it is used; suppress, show or forget a person."""


@recipients.command(
    epilog="Example: digest recipients check readers.csv --report bad-rows.csv",
    short_help="Read a list as a send would; name its bad rows.",
)
@click.argument(
    "file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), required=False
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all rows that add nobody into this CSV file, which only you may read.",
)
@click.pass_obj
def check(session: Session, file: Path | None, report: Path | None) -> int:
    """Read FILE (default: DIGEST_LIST) as a send would, and say what is in it."""
    from digest.cli import output
    from digest.pipeline import recipients as job
    from digest.send import report_rows

    found = job.examine(_list(session, file or session.folder / session.settings().readers_list))
    planned = found.planned
    if not session.quiet:
        name = "standard input" if found.name == "-" else found.name
        counts = [
            output.count(planned.planned, "recipient"),
            *[
                output.count(planned.twice, "row that names", "rows that name")
                + " one of them again"
            ]
            * bool(planned.twice),
            *[output.count(planned.bad, "bad row")] * bool(planned.bad),
        ]
        fields = "it has no fields but the address"
        if found.fields:
            fields = f"its fields, parted by {found.delimiter!r}: {', '.join(found.fields)}"
        click.echo(output.plain(f"{name}: {', '.join(counts)}. It is {found.encoding}; {fields}."))
        top = sorted(planned.domains.items(), key=lambda pair: (-pair[1], pair[0]))
        output.table(("domain", ">recipients"), [(d, f"{n:,}") for d, n in top[:10]])
    if report:
        report_rows(report, found.failures)
        click.echo(f"wrote {report}", err=True)
    else:
        output.failures(found.failures[:_MOST_ROWS])
        if found.failures[_MOST_ROWS:]:
            more = len(found.failures) - _MOST_ROWS
            click.echo(f"{more:,} more rows: --report FILE writes them all.", err=True)
    return 1 if found.failures else 0


@recipients.command(
    epilog="Example: digest recipients show ann@example.org",
    short_help="Show all that is known of ADDRESS.",
)
@click.argument("address")
@_other_lists
@click.pass_obj
def show(session: Session, address: str, lists: tuple[Path, ...]) -> int:
    """Say all that lists, ledger and mailbox hold of ADDRESS: who asks has a right to know."""
    from digest.cli import output
    from digest.pipeline import recipients as job
    from digest.send import Mailbox

    found = job.known(
        _address(address),
        lists=_lists(session, lists),
        ledger=session.ledger_or_none(),
        mailbox=Mailbox(session.mailbox),
    )
    rows = [("list", f"{name}, line {line}") for name, line in found.places]
    rows += [("sent", _told(f"{s.slug} ({s.list_name}): {s.state}", s.reply)) for s in found.sent]
    rows += [("mailbox", output.count(found.mails, "mail"))] * bool(found.mails)
    rows += [("suppressed", found.left)] * bool(found.left)
    if rows:
        output.table(("where", "what"), rows, title=found.address)
    else:
        click.echo(f"Nothing is known of {found.address}.")
    return 0


@recipients.command(
    epilog="Examples: digest recipients suppress ann@example.org   ·   digest recipients suppress "
    "--from unsubscribed.jsonl",
    short_help="Send nothing more to the ADDRESSES.",
)
@click.argument("addresses", nargs=-1)
@click.option(
    "--from",
    "record",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="A record that the unsubscribe page wrote, or - for standard input.",
)
@click.option("--note", default="", help="Why, in a few words, for yourself.")
@quiet
@click.pass_obj
def suppress(session: Session, addresses: tuple[str, ...], record: Path | None, note: str) -> int:
    """Send nothing more to the ADDRESSES, or to whoever a record of the unsubscribe page names."""
    from digest.cli import output
    from digest.send import read_record

    if not addresses and record is None:
        raise UsageError("Name an ADDRESS, or a record after --from.", hint="See --help.")
    named = [_address(word) for word in addresses]  # all, before anybody is suppressed
    keyring, ledger = _keyring(session), session.ledger()
    new = sum(ledger.suppress(keyring.reference(it), "by hand", note=note) for it in named)
    failures: list[Failure] = []
    if record is not None:
        source = sys.stdin.buffer if record == Path("-") else record
        if isinstance(source, Path) and not source.exists():
            raise SendError(f"{source} is not there.", hint="Name the record after --from.")
        found, failures = ledger.take_over(read_record(source, keyring=keyring))
        new += found
    if not session.quiet:
        click.echo(f"{output.count(new, 'person', 'people')} more on the suppression list.")
    output.failures(failures)
    return 1 if failures else 0


@recipients.command(
    epilog="Example: digest recipients restore ann@example.org",
    short_help="Send to ADDRESS again, who asked for it.",
)
@click.argument("address")
@quiet
@click.pass_obj
def restore(session: Session, address: str) -> int:
    """Take ADDRESS off the suppression list: somebody asked to come back."""
    named = _address(address)
    was = session.ledger().restore(_keyring(session).reference(named))
    if not session.quiet:
        click.echo(f"{named} gets mail again." if was else f"{named} was not suppressed.")
    return 0


@recipients.command(
    epilog="Example: digest recipients forget ann@example.org --yes",
    short_help="Take ADDRESS out of lists, ledger and mailbox.",
)
@click.argument("address")
@_other_lists
@click.option("--yes", is_flag=True, help="Do it. Without it nothing changes: a dry run.")
@quiet
@click.pass_obj
def forget(session: Session, address: str, lists: tuple[Path, ...], yes: bool) -> int:
    """Take ADDRESS out of lists, ledger and mailbox; it cannot be undone.

    Only a keyed hash stays, on the suppression list, so that an old list does not bring the person
    back. Copies that you made, of the ledger or of lists, are yours to mend.
    """
    from digest.cli import output
    from digest.pipeline import recipients as job
    from digest.send import Mailbox

    _keyring(session)
    looked, ledger = _lists(session, lists), session.ledger()
    found = job.forget(
        _address(address),
        lists=looked,
        ledger=ledger,
        mailbox=Mailbox(session.mailbox),
        reports=session.folder / "var" / "reports",
        save=yes,
    )
    if not session.quiet:
        rows = [(name, output.count(number, "line")) for name, number in found.lines.items()]
        rows.append(("the ledger", output.count(found.deliveries, "delivery", "deliveries")))
        rows.append(("the mailbox", output.count(found.mails, "mail")))
        output.table(("taken out of" if yes else "would be taken out of", ">"), rows)
        if yes:
            click.echo(f"{found.address} is forgotten. A hash stays: nothing is sent again.")
        else:
            again = f"{output.program()} recipients forget {found.address} --yes"
            click.echo(f"Nothing changed. Next: {again}")
    passed = {s.list_name for s in ledger.status()} - {each.name for each in looked}
    for name in sorted(name for name in passed if (session.folder / name).exists()):
        click.echo(output.plain(f"{name} was sent to once: look there too, by --list."), err=True)
    output.failures(found.failures)
    return 1 if found.failures else 0


def _address(text: str) -> str:
    from digest.send import parse_address

    return parse_address(text).address


def _keyring(session: Session) -> Keyring:
    return session.keyring("the suppression list cannot tell people apart")


def _list(session: Session, path: Path) -> ReaderList:
    from digest.pipeline import ReaderList

    return ReaderList(path=path, folder=session.folder, names=session.settings().list_fields)


def _lists(session: Session, others: tuple[Path, ...]) -> tuple[ReaderList, ...]:
    settings = session.settings()
    usual = (session.folder / settings.readers_list, session.folder / settings.test_list)
    return tuple(_list(session, path) for path in dict.fromkeys((*usual, *others)))


def _told(what: str, reply: str) -> str:
    return f"{what}, “{reply}”" if reply else what
