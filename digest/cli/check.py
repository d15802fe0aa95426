"""`digest check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from digest.pipeline import Inspector


@click.command(
    epilog="Examples: digest check 2026-W47 --json   ·   digest check --since 2026-W46 --online"
)
@click.argument("slug", metavar="[ISSUE]", required=False)
@click.option(
    "--since",
    metavar="ISSUE",
    help="Leave out what that issue has too.",
)
@click.option("--online", is_flag=True, help="Ask for every link and picture: is it there?")
@click.option(
    "--spam/--no-spam",
    default=None,
    help="Score the message with SpamAssassin or rspamd (default: where one is installed).",
)
@click.option("--dns", is_flag=True, help="Check SPF, DKIM and DMARC of the sender's domain too.")
@click.option(
    "--dkim-selector",
    "selectors",
    metavar="NAME",
    multiple=True,
    help="With --dns: the name of a DKIM key; may be repeated (default: those of "
    "DIGEST_DKIM_KEYS, else common names).",
)
@click.option(
    "--dkim-records", is_flag=True, help="Print what to publish for DIGEST_DKIM_KEYS, and stop."
)
@click.option("--resolver", metavar="ADDRESS[:PORT]", hidden=True)
@click.option("--json", "json_", is_flag=True, help="Print the findings as JSON, and only them.")
@quiet
@click.pass_obj
def check(
    session: Session,
    slug: str | None,
    since: str | None,
    online: bool,
    spam: bool | None,
    dns: bool,
    selectors: tuple[str, ...],
    dkim_records: bool,
    resolver: str | None,
    json_: bool,
) -> int:
    """Check ISSUE (default: the latest): what is wrong with it, where, why, and how to mend it.

    Errors exit with 1, warnings do not. The issue is compared with the year of issues before it.

    With --since a finding is left out where that issue has the same: the same check, level and
    file, saying the same. Of what is said of a whole file, its masthead or its colophon, quoted
    words and figures do not count, since the theme or a setting is to be mended; what is said of a
    subject or a preheader is new unless the words are the same. What --online and --dns find is
    always told.
    """
    from dataclasses import asdict

    from digest.cli import output
    from digest.pipeline import check_issue, dead_links

    if dkim_records:
        return _dkim_records(session)
    slug = session.issue_or_latest(slug)
    since = session.issue_or_latest(since) if since else None
    now: list[Inspector] = []
    if dns or selectors or resolver:
        now.append(_dns(session, selectors, resolver))
    with output.progress(quiet=session.quiet) as step:
        if online:
            now.append(dead_links(session.reach(session.settings()), step=step))
        checked = check_issue(
            slug,
            archive=session.archive(),
            since=since,
            inspectors=() if spam is False else _spam(asked=bool(spam)),
            online=now,
        )
    if json_:
        output.as_json([asdict(finding) for finding in checked.findings])
    else:
        output.findings(checked.findings)
        if not session.quiet:
            warnings = len(checked.findings) - checked.errors
            known = f"; {since} has {checked.known:,} more too" if since and checked.known else ""
            click.echo(
                f"{slug}: {output.count(checked.errors, 'error')}, "
                f"{output.count(warnings, 'warning')}{known}."
            )
    output.failures(checked.failures)
    return 1 if checked.errors else 0


def _spam(*, asked: bool) -> tuple[Inspector, ...]:
    """What scores a message, where there is a program for it."""
    from digest.pipeline import check_spam, find_spam_filter

    spam_filter = find_spam_filter()
    if spam_filter is not None:
        return (lambda _, renderings: check_spam(renderings.message, spam_filter),)
    if asked:
        click.echo("note: no score: there is no SpamAssassin, running spamd or rspamd.", err=True)
    return ()


def _dns(session: Session, selectors: tuple[str, ...], resolver: str | None) -> Inspector:
    """What examines the sender's domain."""
    from digest.pipeline import check_dns, parse_selectors, parse_server

    settings = session.settings()
    own = tuple(selector for selector, _ in settings.dkim_keys)
    named = parse_selectors(selectors or own)
    server = parse_server(resolver) if resolver else None
    sender = settings.sender
    return lambda issue, _: check_dns(issue, sender=sender, selectors=named, server=server)


def _dkim_records(session: Session) -> int:
    """Print the TXT record of each key that signs, and what is doubtful about the key."""
    from digest.cli import output
    from digest.errors import SettingsError
    from digest.send import dns_record, envelope_sender, signers_of

    settings = session.settings()
    if not settings.dkim_keys:
        raise SettingsError(
            "DIGEST_DKIM_KEYS is not set: no key signs.",
            hint="docs/sending.md says how to make one; leave it if your mail server signs.",
        )
    domain = envelope_sender(settings.sender).rpartition("@")[2]
    for signer in signers_of(settings.dkim_keys, folder=session.folder, domain=domain):
        click.echo(f"{signer.record_name}. TXT\n{dns_record(signer)}\n")
        for warning in signer.warnings:
            click.echo(output.plain(f"warning: {warning}"), err=True)
    return 0
