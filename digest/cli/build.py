"""`digest build` and `digest check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session, clock, moment

if TYPE_CHECKING:
    from digest.models import Finding, Issue
    from digest.pipeline import Built


@click.command(epilog="Example: digest build feed.xml https://www.example.org/ --issue 2026-W47")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--issue",
    "slug",
    metavar="YEAR-Wnn",
    help="The issue to build (default: the one of this week).",
)
@click.option(
    "--since", metavar="DATE", help="Begin the window here, instead of at the previous cut-off."
)
@click.option("--now", metavar="MOMENT", help="Build as if it were this moment.")
@click.option("--theme", help="Use this theme instead of the settings'.")
@click.option(
    "--sample", is_flag=True, help="Build the bundled sample newsletter (SOURCEs come on top)."
)
@click.option("--dry-run", is_flag=True, help="Make everything, write nothing.")
@click.option("--json", "json_", is_flag=True, help="Print the report as JSON.")
@quiet
@click.pass_obj
def build(
    session: Session,
    sources: tuple[str, ...],
    slug: str | None,
    since: str | None,
    now: str | None,
    theme: str | None,
    sample: bool,
    dry_run: bool,
    json_: bool,
) -> int:
    """Build an issue: collect, select, summarize, render, check, archive.

    SOURCE is a feed, a page, a file, a folder or an OPML file, by URL or path; without any, the
    settings' sources are read. A draft that exists is rebuilt; an issue that was sent is refused.
    """
    from dataclasses import replace

    from digest.cli import output
    from digest.pipeline import build as run

    settings = session.settings(sample=sample)
    if theme:
        settings = replace(settings, theme=theme)
    moment_now = moment(now, settings.zone, option="--now")
    if sample:
        from digest import sample as bundled

        sources = (str(bundled.folder() / "sources.opml"), *sources)
        moment_now = moment_now or bundled.SAMPLE_NOW
    with output.progress(quiet=session.quiet) as step:
        built = run(
            settings=settings,
            folder=session.folder,
            archive=session.archive(),
            now=moment_now or clock(),
            fetch=session.fetch(settings),
            places=sources,
            slug=slug,
            since=moment(since, settings.zone, option="--since"),
            save=not dry_run,
            blurbs=session.blurbs,
            step=step,
        )
    if json_:
        output.as_json(_report(built))
    elif not session.quiet:
        _show(built, has_testers=(session.folder / settings.test_list).is_file())
    output.failures(built.failures)
    return 1 if built.failures or built.has_errors else 0


def _show(built: Built, *, has_testers: bool) -> None:
    from digest.cli import output
    from digest.cli.output import count, program
    from digest.text.verbatim import whose

    issue = built.issue
    start, end = issue.window.start, issue.window.end
    click.echo(
        f"{output.plain(issue.newsletter.name)}, issue {issue.slug} ({issue.status}), "
        f"{start:%a %Y-%m-%d %H:%M} to {end:%a %Y-%m-%d %H:%M} {end:%Z}"
    )
    rows = [("lead", "", s.headline, s.entry.source, whose(s.blurb) or "none") for s in issue.leads]
    rows += [
        ("teaser", section.name, s.headline, s.entry.source, whose(s.blurb) or "none")
        for section in issue.sections
        for s in section.stories
    ]
    output.table(("", "section", "headline", "source", "blurb from"), rows)
    output.findings(built.findings)
    read = [s for s in built.sources if s.entries]
    click.echo(
        f"{count(len(issue.leads), 'lead')} and {count(len(rows) - len(issue.leads), 'teaser')}, "
        f"out of {count(sum(s.entries for s in built.sources), 'entry', 'entries')} of "
        f"{count(len(read), 'source')}."
    )
    for source in (s for s in built.sources if s.note and s.kind != "none"):
        click.echo(
            f"note: {output.plain(source.name or source.place)}: {output.plain(source.note)}"
        )
    for note in built.notes:
        click.echo(f"note: {output.plain(note)}")
    if built.path is None:
        click.echo("This was a dry run: nothing was written.")
        return
    click.echo(f"\nIt lies in {built.path}: open {built.path / 'email.html'} in a browser.")
    address = "" if has_testers else " you@example.org"
    digest = program()
    click.echo(f"Next: {digest} serve · {digest} send {issue.slug} --test{address}")


def _report(built: Built) -> dict[str, object]:
    from dataclasses import asdict

    issue = built.issue
    return {
        "issue": issue.slug,
        "path": str(built.path) if built.path else None,
        "leads": [s.entry.id for s in issue.leads],
        "sections": {s.name: [t.entry.id for t in s.stories] for s in issue.sections},
        "sources": [asdict(s) for s in built.sources],
        "failures": [asdict(f) for f in built.failures],
        "findings": [asdict(f) for f in built.findings],
        "notes": list(built.notes),
        "blurbs": {"new": built.new_blurbs, "kept": built.kept_blurbs},
        "cpu_seconds": {name: round(seconds, 4) for name, seconds in built.cpu},
    }


@click.command(epilog="Example: digest check 2026-W47 --json")
@click.argument("slug", metavar="[ISSUE]", required=False)
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
    help="With --dns: the name of a DKIM key; may be repeated (default: common names).",
)
@click.option("--resolver", metavar="ADDRESS[:PORT]", hidden=True)
@click.option("--json", "json_", is_flag=True, help="Print the findings as JSON.")
@quiet
@click.pass_obj
def check(
    session: Session,
    slug: str | None,
    spam: bool | None,
    dns: bool,
    selectors: tuple[str, ...],
    resolver: str | None,
    json_: bool,
) -> int:
    """Check the renderings of ISSUE (default: the latest); errors exit with 1, warnings do not."""
    from dataclasses import asdict

    from digest.check import check as run
    from digest.check import errors
    from digest.cli import output

    archive = session.archive()
    slug = session.issue_or_latest(slug)
    issue, renderings = archive.load(slug), archive.renderings(slug)
    found = run(issue, renderings, media=archive.media(slug))
    if spam is not False:
        found = (*found, *_spam(renderings.message, asked=bool(spam)))
    if dns or selectors or resolver:
        found = (*found, *_dns(session, issue, selectors, resolver))
    found = tuple(sorted(found, key=lambda f: f.level != "error"))
    if json_:
        output.as_json([asdict(f) for f in found])
    else:
        output.findings(found)
        if not session.quiet:
            worst = sum(f.level == "error" for f in found)
            click.echo(
                f"{slug}: {output.count(worst, 'error')}, "
                f"{output.count(len(found) - worst, 'warning')}."
            )
    return 1 if errors(found) else 0


def _spam(message: bytes, *, asked: bool) -> tuple[Finding, ...]:
    from digest.pipeline import check_spam, find_spam_filter

    spam_filter = find_spam_filter()
    if spam_filter is not None:
        return check_spam(message, spam_filter)
    if asked:
        click.echo("note: no score: there is no SpamAssassin, running spamd or rspamd.", err=True)
    return ()


def _dns(
    session: Session, issue: Issue, selectors: tuple[str, ...], resolver: str | None
) -> tuple[Finding, ...]:
    from digest.pipeline import check_dns, parse_selectors, parse_server

    return check_dns(
        issue,
        sender=session.settings().sender,
        selectors=parse_selectors(selectors),
        server=parse_server(resolver) if resolver else None,
    )
