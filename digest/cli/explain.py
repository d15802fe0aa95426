"""`digest explain`: why each entry of an issue is where it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from digest.models import Candidate, Issue, Story
    from digest.settings import Settings

_PLACES = ("lead", "teaser", "also", "out")


@click.command(
    epilog='Example: digest explain 2026-W47 "ferry"; or, of the latest: digest explain ferry'
)
@click.argument("slug", metavar="[ISSUE]", required=False)
@click.argument("story", metavar="[STORY]", required=False)
@click.option("--place", type=click.Choice(_PLACES), help="Only those that stand there.")
@click.option("--json", "json_", is_flag=True, help="Print the verdicts as JSON.")
@quiet
@click.pass_obj
def explain(
    session: Session, slug: str | None, story: str | None, place: str | None, json_: bool
) -> int:
    """Say for every entry of ISSUE (default: the latest), chosen or not, which rule decided.

    STORY is an entry's id, or words of its title: then all that is known of it is shown, its score
    part by part, whose words its blurb is, and why.
    """
    from digest.archive import is_slug
    from digest.cli import output

    if slug and story is None and slug != "latest" and not is_slug(slug.upper()):
        slug, story = None, slug  # digest explain "night ferry"
    slug = session.issue_or_latest(slug)
    chosen = [
        candidate
        for candidate in session.archive().candidates(slug)
        if place in (None, candidate.verdict.place)
    ]
    if story:
        chosen = _named(chosen, story, slug)
    if json_:
        output.as_json([_row(candidate) for candidate in chosen])
    elif story:
        issue = session.archive().load(slug)
        told = {story.entry.id: _blurb(story, issue, session.settings()) for story in issue.stories}
        for candidate in chosen:
            _tell(candidate, told.get(candidate.entry.id, ()))
    else:
        output.table(
            ("id", "place", ">score", "rule", "headline", "source"),
            [
                (
                    c.entry.id,
                    c.verdict.place,
                    f"{c.verdict.score:.3f}" if c.verdict.score else "",
                    c.verdict.rule,
                    c.entry.title,
                    c.entry.source,
                )
                for c in chosen
            ],
        )
        if not session.quiet:
            click.echo(f"{output.count(len(chosen), 'entry', 'entries')} of {slug}.")
    return 0


def _named(candidates: Sequence[Candidate], story: str, slug: str) -> list[Candidate]:
    """The entry of this id, else those whose title has the words, as `digest edit` reads them."""
    from digest.errors import UsageError
    from digest.pipeline import fitting

    found = fitting([(c.entry.id, c.entry.title) for c in candidates], story)
    if not found:
        raise UsageError(
            f"No entry of {slug} has the id or the words “{story[:60]}”.",
            hint=f"`digest explain {slug}` lists all.",
        )
    return [candidates[at] for at in found]


def _row(candidate: Candidate) -> dict[str, object]:
    entry, verdict = candidate.entry, candidate.verdict
    return {
        "id": entry.id,
        "title": entry.title,
        "source": entry.source,
        "place": verdict.place,
        "rule": verdict.rule,
        "because": verdict.because,
        "score": verdict.score,
        "parts": dict(verdict.parts),
        "event": verdict.event,
        "section": verdict.section,
        "first_seen": candidate.first_seen.isoformat(),
        "provenance": dict(entry.provenance),
    }


def _blurb(story: Story, issue: Issue, settings: Settings) -> tuple[str, ...]:
    """Whose words a story's blurb is, why (by today's settings), and the blurb itself."""
    from digest.summarize import why
    from digest.text.verbatim import whose

    reason = why(
        story.entry,
        story.blurb,
        max_chars=settings.lead_chars if story.tier == "lead" else settings.teaser_chars,
        method=settings.summarizer,
        language=issue.newsletter.language,
    )
    head = f"Its blurb: {whose(story.blurb) or 'none'}. {reason}".rstrip()
    return (head, f"  “{story.blurb.text}”") if story.blurb.text else (head,)


def _tell(candidate: Candidate, blurb: Sequence[str]) -> None:
    """One entry: its verdict in a sentence, its blurb, its score, where its fields were read."""
    from digest.cli import fields
    from digest.cli.output import plain, table

    verdict = candidate.verdict
    click.echo(plain(f"{candidate.entry.title} ({candidate.entry.id})"))
    section = f", section {verdict.section}" if verdict.section else ""
    click.echo(plain(f"  {verdict.place}{section}, by the rule “{verdict.rule}”"))
    click.echo(plain(f"  {verdict.because}"))
    for line in blurb:
        click.echo(plain(f"  {line}"))
    if verdict.parts:
        rows = [(name, f"{share:+.3f}") for name, share in verdict.parts]
        table(("part of the score", ">"), [*rows, ("all", f"{verdict.score:.3f}")])
    fields.explain_entry(candidate.entry)
