"""`digest issues stats`: what is counted over the archive."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from digest.cli.options import DAY, quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from digest.statistics import Statistics


@click.command(
    short_help="Count sources, sections, lengths, repeats and edits.",
    epilog="Example: digest issues stats --last 13",
)
@click.option("--last", type=click.IntRange(1), help="Count the last so many issues only.")
@click.option("--from", "start", type=DAY, help="Only issues whose cut-off is that day or later.")
@click.option("--to", "end", type=DAY, help="Only issues whose cut-off is that day or earlier.")
@click.option("--json", "json_", is_flag=True, help="Print all that was counted as JSON.")
@quiet
@click.pass_obj
def stats(
    session: Session,
    last: int | None,
    start: datetime | None,
    end: datetime | None,
    json_: bool,
) -> int:
    """Count sources, sections, lengths, repeats, and what the editor changed, over the archive.

    `digest serve` shows the same as plots, at /stats.
    """
    from digest.archive import read_statistics
    from digest.cli import output
    from digest.errors import UsageError

    if start and end and start > end:
        raise UsageError(
            f"--from {start:%Y-%m-%d} is later than --to {end:%Y-%m-%d}.",
            hint="Give the earlier day to --from.",
        )
    with output.progress(quiet=session.quiet) as progress:
        found, failures = read_statistics(
            session.archive(),
            cache=session.folder / "var" / "cache",
            last=last,
            start=_day(start),
            end=_day(end),
            progress=progress,
        )
    if json_:
        output.as_json(_plain(found))
    elif not found.whole.issues:
        chosen = last or start or end
        click.echo(
            "No issue has its cut-off in that time; `digest issues list` shows them."
            if chosen and session.archive().slugs()
            else "There is no issue to count in issues/. Build one: digest build"
        )
    else:
        _tell(found)
    output.failures(failures)
    return 1 if failures else 0


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _plain(found: Statistics) -> dict[str, object]:
    from dataclasses import asdict

    sources = [asdict(one) | {"accepted": one.accepted} for one in found.sources]
    return asdict(found) | {"sources": sources}


def _tell(found: Statistics) -> None:
    from digest.cli import output
    from digest.site import said_of

    whole = found.whole
    click.echo(
        f"{output.count(whole.issues, 'issue')}, {whole.first} to {whole.last}: "
        f"{output.count(whole.stories, 'story', 'stories')} out of "
        f"{output.count(whole.candidates, 'candidate')}."
    )
    for sentence in said_of(found):
        click.echo(f"- {output.plain(sentence)}")
    output.table(
        ("source", ">candidates", ">stories", ">leads", ">taken"),
        [
            (
                one.name or "(no name)",
                f"{one.candidates:,}",
                f"{one.stories:,}",
                f"{one.leads:,}",
                "" if one.accepted is None else _share(one.accepted),
            )
            for one in found.sources
        ],
        title="Sources",
    )
    if found.sections:
        teasers = whole.teasers
        output.table(
            ("section", ">teasers", ">share"),
            [
                (name or "(no name)", f"{count:,}", _share(count / teasers))
                for name, count in whole.sections.items()
            ],
            title="Sections",
        )
    output.table(
        ("when", ">issues", ">candidates", ">stories", ">leads", ">ran before", ">updates",
         ">changed", ">dropped", ">HTML"),
        [
            (
                one.label,
                f"{one.issues:,}",
                f"{one.candidates:,}",
                f"{one.stories:,}",
                f"{one.leads:,}",
                f"{one.repeats:,}",
                f"{one.updates:,}",
                f"{one.changed:,}",
                f"{one.dropped:,}",
                f"{(one.html_median or 0) / 1000:.0f} KB",
            )
            for one in found.periods
            if one.issues
        ],
        title="Over time",
    )  # fmt: skip


def _share(part: float) -> str:
    """`17 %`, as the sentences above the tables have it."""
    return f"{part:.0%}".replace("%", " %")
