"""`digest send`: test mails to testers, and the issue to its readers."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from digest.cli.options import once, pace, quiet
from digest.cli.send_told import show_rehearsal, show_sent
from digest.cli.session import Session, clock
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.pipeline import Wishes
    from digest.send import Stop


def _rate(_context: click.Context, _option: click.Parameter, raw: str | None) -> float | None:
    """A rate as DIGEST_RATE takes one: neither nan nor so low that no clock counts to it."""
    from digest import setting_kinds

    try:
        return None if raw is None else setting_kinds.rate(raw)
    except ValueError as error:
        raise click.BadParameter(f"{raw!r} is no rate: expected {error}.") from None


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
@click.option("--rate", metavar="R", callback=_rate, help="Messages a second; 0: no limit.")
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
        return show_rehearsal(session, found, wishes, f"{command}{once(wishes)}{kept} --yes")
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
    return show_sent(session, sent, again, f"{command}{kept}")


def _program(session: Session) -> str:
    from digest.cli import output

    if session.folder == Path():
        return output.program()
    return f"{output.program()} -C {shlex.quote(str(session.folder))}"


_STOPPING = "\nStopping: waiting for the answers to what is handed over…\n".encode()


@contextmanager
def _stopped_by_signals(stop: Stop) -> Iterator[None]:
    """Ctrl-C, or the terminal's end, lets the run end in order; a second one ends it at once."""

    def asked(number: int, _: object) -> None:
        if stop.asked:
            signal.signal(number, signal.default_int_handler)
            raise KeyboardInterrupt
        stop.ask()  # before it is told: whoever reads that may ask again at once
        # Not through sys.stderr, in the middle of whose work a signal may come.
        with contextlib.suppress(OSError):
            os.write(2, _STOPPING)

    # Where SIGHUP is passed over (nohup), the end of a terminal is none of the run.
    heard = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        heard.append(signal.SIGHUP)
    before = {number: signal.signal(number, asked) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
