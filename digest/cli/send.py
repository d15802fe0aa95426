"""`digest send`: test mails to testers, and the issue to its readers."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from digest.cli.options import once, pace, quiet
from digest.cli.session import Session, clock
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.pipeline import Rehearsal, Sent, Wishes
    from digest.send import Stop

_MOST_ROWS = 10
"""Bad rows of a list that are shown; the report has them all."""


@click.command(
    epilog="Examples: digest send --test you@example.org   ·   digest send 2026-W47 --list "
    "recipients.csv   (a dry run)   ·   digest send 2026-W47 --list recipients.csv --yes"
)
@click.argument("words", nargs=-1, metavar="[ISSUE] [ADDRESS]...")
@click.option("--test", is_flag=True, help="Send a test mail, marked [TEST].")
@click.option(
    "--list",
    "list_",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="A file of recipients, or - (for --test, default: DIGEST_TEST_LIST).",
)
@click.option("--as-is", is_flag=True, help="Test: exactly what readers will get, no [TEST] mark.")
@click.option("--yes", is_flag=True, help="Readers: send. Without it nothing leaves: a dry run.")
@click.option("--resume", is_flag=True, help="Readers: go on with a send that was begun.")
@click.option("--limit", type=click.IntRange(min=1), help="Readers: at most so many in this run.")
@click.option("--rate", type=click.FloatRange(min=0), help="Messages a second; 0: no limit.")
@click.option("--connections", type=click.IntRange(1, 64), help="Connections to the server.")
@click.option(
    "--on-unknown",
    type=click.Choice(["hold", "resend"]),
    default="hold",
    show_default=True,
    help="Readers whose mail may have gone, the answer being lost: leave them, or send again.",
)
@click.option("--retry-failed", is_flag=True, help="Readers: try those once more who failed.")
@click.option(
    "--on-change",
    type=click.Choice(["refuse", "keep", "follow"]),
    default="refuse",
    show_default=True,
    help="The list changed since: keep to what was planned, or follow the list.",
)
@quiet
@click.pass_obj
def send(  # click hands over one by one
    session: Session,
    words: tuple[str, ...],
    test: bool,
    list_: Path | None,
    as_is: bool,
    yes: bool,
    resume: bool,
    limit: int | None,
    rate: float | None,
    connections: int | None,
    on_unknown: Literal["hold", "resend"],
    retry_failed: bool,
    on_change: Literal["refuse", "keep", "follow"],
) -> int:
    """Send ISSUE (default: the latest) to testers, or to its readers.

    With --test: to the ADDRESSes, or those of a list file. Without DIGEST_SMTP_URL the mails go
    into a mailbox on this machine, whose path is printed.

    With --list and without --test: to the readers of that list. The issue has to be approved, and
    nothing leaves without --yes. Nobody gets an issue twice, however often this is run.
    """
    from digest.pipeline import Wishes

    addresses = [word for word in words if "@" in word]
    named = [word for word in words if "@" not in word]
    if len(named) > 1:
        raise UsageError(
            f"One issue at a time: {' and '.join(named)} were named.", hint="Addresses hold an @."
        )
    if test:
        if addresses and list_:
            raise UsageError(
                "Name addresses or a --list, not both.",
                hint="For example: digest send --test you@example.org",
            )
        slug = session.issue_or_latest(named[0] if named else None)
        return _test(session, slug, addresses, list_, as_is)
    if addresses or not list_:
        raise UsageError(
            "Say to whom: --test for testers, or --list FILE for readers.",
            hint="For example: digest send --test you@example.org",
        )
    if as_is:
        raise UsageError("--as-is is for tests.", hint="Readers get the issue as it is anyway.")
    slug = session.issue_or_latest(named[0] if named else None)
    wishes = Wishes(
        resume=resume,
        limit=limit,
        rate=rate,
        connections=connections,
        on_unknown=on_unknown,
        retry_failed=retry_failed,
        on_change=on_change,
    )
    return _readers(session, slug, list_, wishes, really=yes)


def _test(
    session: Session, slug: str, addresses: list[str], list_: Path | None, as_is: bool
) -> int:
    from digest.check import errors
    from digest.cli import output
    from digest.pipeline import send_test
    from digest.send import parse_addresses, read_recipients

    settings = session.settings()
    found = (
        parse_addresses(addresses)
        if addresses
        else read_recipients(list_ or session.folder / settings.test_list)
    )
    sent = send_test(
        slug,
        found.recipients,
        archive=session.archive(),
        settings=settings,
        folder=session.folder,
        mailbox=session.mailbox,
        now=clock(),
        as_is=as_is,
        failures=found.failures,
    )
    bad = [o for o in sent.outcomes if o.state != "sent"]
    if not session.quiet:
        output.table(
            ("address", "state", "answer"),
            [(o.recipient.address, o.state, o.reply) for o in sent.outcomes],
        )
        output.findings(sent.findings)
        if sent.mailbox:
            click.echo(f"No DIGEST_SMTP_URL is set, so they lie in {sent.mailbox}")
            for file in sent.files:
                click.echo(f"  {file}")
        good = f"{len(sent.outcomes) - len(bad)} of {len(sent.outcomes)} sent."
        click.echo(f"{good} Next: {output.program()} serve")
    output.failures(sent.failures)
    return 1 if bad or sent.failures or errors(sent.findings) else 0


def _readers(session: Session, slug: str, list_: Path, wishes: Wishes, *, really: bool) -> int:
    from digest.cli import output
    from digest.pipeline import Manners, Outgoing, ReaderList, rehearse, send
    from digest.send import Stop

    settings = session.settings()
    outgoing = Outgoing(
        slug,
        ReaderList(path=list_, folder=session.folder, names=settings.list_fields),
        archive=session.archive(),
        settings=settings,
        folder=session.folder,
    )
    command = f"{_program(session)} send {slug} --list {outgoing.readers.typed}"
    kept = pace(wishes)
    if not really:
        with output.progress(quiet=session.quiet) as step:
            found = rehearse(outgoing, wishes, clock=clock, step=step)
        return _show_rehearsal(session, found, wishes, f"{command}{once(wishes)}{kept} --yes")
    stop = Stop()
    again = f"{command} --resume{kept} --yes"
    try:
        with (
            _stopped_by_signals(stop),
            output.sending(slug, quiet=session.quiet) as (step, progress),
        ):
            manners = Manners(progress=progress, step=step, stop=stop)
            sent = send(outgoing, wishes, clock=clock, manners=manners)
    except KeyboardInterrupt:
        click.echo(
            "\nStopped at once. Mails that were on their way count as unknown, and are not sent "
            f"again by themselves. Go on: {again}",
            err=True,
        )
        return 130
    return _show_sent(session, sent, again, f"{command}{kept}")


def _program(session: Session) -> str:
    from digest.cli import output

    if session.folder == Path():
        return output.program()
    return f"{output.program()} -C {shlex.quote(str(session.folder))}"


_STOPPING = "\nStopping: waiting for the answers to what is handed over…\n".encode()


@contextmanager
def _stopped_by_signals(stop: Stop) -> Iterator[None]:
    """Ctrl-C lets the run end in order; a second one ends it at once."""

    def asked(number: int, _: object) -> None:
        if stop.asked:
            signal.signal(number, signal.default_int_handler)
            raise KeyboardInterrupt
        stop.ask()  # before it is told: whoever reads it may press again at once
        # Not through sys.stderr, in the middle of whose work a signal may come.
        with contextlib.suppress(OSError):
            os.write(2, _STOPPING)

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show_rehearsal(session: Session, found: Rehearsal, wishes: Wishes, command: str) -> int:
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


def _show_sent(session: Session, sent: Sent, again: str, command: str) -> int:
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


def _show_rows(session: Session, slug: str, failures: tuple[Any, ...]) -> None:
    """Say which rows added nobody: some here, all in a report."""
    from digest.cli import output
    from digest.send import report_rows

    output.failures(failures[:_MOST_ROWS])
    if len(failures) > _MOST_ROWS:
        path = session.folder / "var" / "reports" / f"{slug} rows.csv"
        report_rows(path, failures)
        more = len(failures) - _MOST_ROWS
        click.echo(f"{more:,} more rows: {path}", err=True)
