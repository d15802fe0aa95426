"""`digest send`: test mails for now; readers are not written to yet."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import quiet
from digest.cli.session import Session, clock
from digest.errors import UsageError


@click.command(
    epilog="Examples: digest send 2026-W47 --test   ·   digest send --test you@example.org"
)
@click.argument("words", nargs=-1, metavar="[ISSUE] [ADDRESS]...")
@click.option("--test", is_flag=True, help="Send a test mail, marked [TEST].")
@click.option(
    "--list",
    "list_",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of testers (default: DIGEST_TEST_LIST).",
)
@click.option("--as-is", is_flag=True, help="Exactly what readers will get: no [TEST] mark.")
@quiet
@click.pass_obj
def send(
    session: Session, words: tuple[str, ...], test: bool, list_: Path | None, as_is: bool
) -> int:
    """Send ISSUE (default: the latest) to testers: the ADDRESSes, or those of a list file.

    Without DIGEST_SMTP_URL the mails go into a mailbox on this machine, whose path is printed.
    """
    from digest.check import errors
    from digest.cli import output
    from digest.pipeline import send_test
    from digest.send import parse_addresses, read_recipients

    if not test:
        raise UsageError(
            "digest send needs --test: it writes to testers only, for now.",
            hint="For example: digest send --test you@example.org",
        )
    addresses = [word for word in words if "@" in word]
    named = [word for word in words if "@" not in word]
    if len(named) > 1:
        raise UsageError(
            f"One issue at a time: {' and '.join(named)} were named.", hint="Addresses hold an @."
        )
    if addresses and list_:
        raise UsageError(
            "Name addresses or a --list, not both.",
            hint="For example: digest send --test you@example.org",
        )
    settings = session.settings()
    slug = session.issue_or_latest(named[0] if named else None)
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
