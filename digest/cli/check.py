"""`digest check`."""

from __future__ import annotations

import click

from digest.cli.options import quiet
from digest.cli.session import Session


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
@click.option("--json", "json_", is_flag=True, help="Print the findings as JSON, and only them.")
@quiet
@click.pass_obj
def check(session: Session, slug: str | None, since: str | None, online: bool, json_: bool) -> int:
    """Check ISSUE (default: the latest): what is wrong with it, where, why, and how to mend it.

    Errors exit with 1, warnings do not. The issue is compared with the year of issues before it.

    With --since a finding is left out where that issue has the same: the same check, level and
    file, saying the same. Of what is said of a whole file, its masthead or its colophon, quoted
    words and figures do not count, since the theme or a setting is to be mended; what is said of a
    subject or a preheader is new unless the words are the same. What --online finds is always told.
    """
    from dataclasses import asdict

    from digest.cli import output
    from digest.pipeline import check_issue, dead_links

    slug = session.issue_or_latest(slug)
    since = session.issue_or_latest(since) if since else None
    with output.progress(quiet=session.quiet) as step:
        checked = check_issue(
            slug,
            archive=session.archive(),
            since=since,
            online=[dead_links(session.reach(session.settings()), step=step)] if online else (),
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
