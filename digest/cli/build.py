"""`digest build`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session, clock, moment
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.pipeline import Built, Step
    from digest.settings import Settings


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
@click.option(
    "--again",
    is_flag=True,
    help="From what the archive holds (default: the latest issue), without reading a source.",
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
    again: bool,
    dry_run: bool,
    json_: bool,
) -> int:
    """Build an issue: collect, select, summarize, render, check, archive.

    SOURCE is a feed, a page, a file, a folder or an OPML file, by URL or path; without any, the
    settings' sources are read. A draft that exists is rebuilt; an issue that was sent is refused.
    With --again the stories, the window and the moment are those of the issue as it was built;
    settings, theme and edits are today's.
    """
    from digest.cli import output

    if again and (sources or since or now):
        given = "a SOURCE" if sources else "--since" if since else "--now"
        raise UsageError(
            f"--again reads the archive alone, so {given} cannot be given with it.",
            hint="Leave one of the two out.",
        )
    with output.progress(quiet=session.quiet) as step:
        if again:
            slug = session.issue_or_latest(slug)
            settings = _settings(session, theme, sample or session.is_sample(slug))
            built = _again(session, slug, settings, dry_run, step)
        else:
            settings = _settings(session, theme, sample)
            built = _anew(session, sources, slug, since, now, settings, sample, dry_run, step)
    if json_:
        output.as_json(_report(built))
    elif not session.quiet:
        _show(built, has_testers=(session.folder / settings.test_list).is_file())
    output.failures(built.failures)
    return 1 if built.failures or built.has_errors else 0


def _settings(session: Session, theme: str | None, sample: bool) -> Settings:
    from dataclasses import replace

    settings = session.settings(sample=sample)
    return replace(settings, theme=theme) if theme else settings


def _anew(
    session: Session,
    sources: tuple[str, ...],
    slug: str | None,
    since: str | None,
    now: str | None,
    settings: Settings,
    sample: bool,
    dry_run: bool,
    step: Step,
) -> Built:
    from digest.pipeline import build as run

    moment_now = moment(now, settings.zone, option="--now")
    if sample:
        from digest import sample as bundled

        sources = (str(bundled.folder() / "sources.opml"), *sources)
        moment_now = moment_now or bundled.SAMPLE_NOW
    return run(
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


def _again(session: Session, slug: str, settings: Settings, dry_run: bool, step: Step) -> Built:
    from digest.pipeline import rebuild

    return rebuild(
        slug,
        settings=settings,
        folder=session.folder,
        archive=session.archive(),
        save=not dry_run,
        blurbs=session.blurbs,
        step=step,
    )


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
    entries = sum(s.entries for s in built.sources) if read else built.candidates
    click.echo(
        f"{count(len(issue.leads), 'lead')} and {count(len(rows) - len(issue.leads), 'teaser')}, "
        f"out of {count(entries, 'entry', 'entries')} of "
        f"{count(len(read), 'source') if read else 'the archive'}."
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
