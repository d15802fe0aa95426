"""`digest issues diff` and `digest issues verify`: what changed, and whether all is as recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.archive import IssueDiff, Pair
    from digest.models import Story
    from digest.pipeline import Compared, Today, Verified
    from digest.text.word_diff import Paragraph

_HOW = {"id": "ran before", "address": "ran before", "copy": "update to", "event": "same event as"}


@click.command(
    short_help="Show what is different between two issues, or today.",
    epilog="Example: digest issues diff 2026-W47 2026-W46 --text",
)
@click.argument("slug", metavar="[ISSUE]", required=False)
@click.argument("other", metavar="[OTHER]", required=False)
@click.option("--today", is_flag=True, help="Compare it with what would be made of it today.")
@click.option("--text", is_flag=True, help="Show what is different in email.txt, word by word.")
@click.option("--json", "json_", is_flag=True, help="Print the differences as JSON.")
@quiet
@click.pass_obj
def diff(
    session: Session, slug: str | None, other: str | None, today: bool, text: bool, json_: bool
) -> None:
    """Show what is different in ISSUE (default: the latest) from OTHER (default: the one before).

    Stories that were added, dropped, promoted, moved or reworded. With --today the archived issue
    is compared with what today's theme, settings and program would make of it; nothing is written.
    """
    from digest.cli import output
    from digest.errors import UsageError
    from digest.pipeline import compare, compare_today, issue_before

    slug = session.issue_or_latest(slug)
    archive = session.archive()
    if today:
        if other:
            raise UsageError(
                "--today compares one issue with today.",
                hint=f"Type: digest issues diff {slug} --today",
            )
        with output.progress(quiet=session.quiet) as step:
            step(f"Making {slug} again", 0, 0)
            found = compare_today(
                slug,
                settings=session.settings_of(slug),
                folder=session.folder,
                archive=archive,
            )
        if json_:
            output.as_json(_today_json(found, text=text))
        else:
            _show_today(found, text=text)
        return
    other = session.issue_or_latest(other) if other else issue_before(archive, slug)
    compared = compare(archive, other, slug)
    if json_:
        output.as_json(_compared_json(compared, text=text))
    else:
        _show(compared, text=text)


@click.command(
    short_help="Verify that issues are sound, and follow from their record.",
    epilog="Example: digest issues verify 2026-W47",
)
@click.argument("slugs", metavar="[ISSUE]...", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Verify every issue, which is the default.")
@click.option("--quick", is_flag=True, help="Look at the files only; make no issue again.")
@click.option("--json", "json_", is_flag=True, help="Print what was found as JSON.")
@quiet
@click.pass_obj
def verify(session: Session, slugs: tuple[str, ...], all_: bool, quick: bool, json_: bool) -> int:
    """Verify that each ISSUE (default: all) is sound, and follows from what is recorded of it.

    Its files and their hashes, its blurbs word by word, its message; then it is made again from
    its entries, edits and settings, and compared byte by byte. Nothing is ever written.
    """
    from dataclasses import asdict

    from digest.cli import output
    from digest.errors import UsageError
    from digest.pipeline import verify as verified

    archive = session.archive()
    if all_ and slugs:
        raise UsageError("--all and an issue do not go together.", hint="Leave one of them out.")
    if slugs:
        known = archive.names()
        chosen = [s.upper() if s.upper() in known else session.issue_or_latest(s) for s in slugs]
    else:
        chosen = archive.names()
    with output.progress(quiet=session.quiet) as step:
        rows = verified(
            tuple(dict.fromkeys(chosen)),
            archive=archive,
            folder=session.folder,
            quick=quick,
            step=step,
        )
        found = list(rows)
    if json_:
        output.as_json([asdict(one) for one in found])
    else:
        _show_verified(found, quiet=session.quiet)
    return 1 if any(one.failures for one in found) else 0


def _show_verified(found: Sequence[Verified], *, quiet: bool) -> None:
    from digest.cli import output

    if not found:
        click.echo("There is no issue in issues/ yet. Build one: digest build")
        return
    if not quiet:
        output.table(("issue", "status", "found"), [(v.slug, v.status, _found(v)) for v in found])
        for one in found:
            for row in one.notes:
                where = "" if row.where in row.what else f"{row.where}: "
                click.echo(output.plain(f"note: {where}{row.what}"))
    output.failures([row for one in found for row in one.failures])
    if not quiet:
        bad = sum(bool(one.failures) for one in found)
        told = f"{bad:,} of {len(found):,} not sound" if bad else "all sound"
        click.echo(f"{output.count(len(found), 'issue')} verified, {told}. Nothing was written.")


def _found(one: Verified) -> str:
    from digest.cli.output import count

    if one.failures:
        return count(len(one.failures), "failure")
    if one.same:
        return "sound; made again, every byte is the same"
    if one.imported:
        return "sound; imported, so it is not made again"
    return (
        "sound; made again, it differs: see the notes" if one.rebuilt else "sound; not made again"
    )


def _show(compared: Compared, *, text: bool) -> None:
    from digest.cli import output

    stories = compared.stories
    click.echo(f"What is different in {stories.after} from {stories.before}:")
    if stories.is_empty:
        click.echo("No story, and nothing around the stories.")
    _show_stories(stories)
    changed = [row for row in compared.text if row.op != "same"]
    if text:
        _show_text(compared.text)
    elif changed:
        hint = f"digest issues diff {stories.after} {stories.before} --text"
        told = output.count(len(changed), "paragraph")
        click.echo(f"In the text {told} differ: {hint}")


def _show_stories(stories: IssueDiff) -> None:
    """Tables of what is different; repeats first where the issues are of two weeks."""
    from digest.cli import output

    if not stories.same_week:
        if stories.pairs:
            output.table(
                ("", "story", "how", "before"),
                [
                    (p.after.tier, p.after.headline, _HOW[p.how], p.before.headline)
                    for p in stories.pairs
                ],
                title="Told in both",
            )
        counts = f"{len(stories.pairs)} told in both, {len(stories.added)} added, "
        click.echo(f"Stories: {counts}{len(stories.dropped)} dropped.")
        for label, names in (
            ("Sources that are new", [row.source for row in stories.sources if row.after]),
            ("Sources that are gone", [row.source for row in stories.sources if row.before]),
        ):
            if names:
                click.echo(output.plain(f"{label}: {', '.join(names)}."))
    rows = [
        *(("added", _place(s), s.headline, s.entry.source) for s in stories.added),
        *(("dropped", _place(s), s.headline, s.entry.source) for s in stories.dropped),
        *((_what(p), _places(p), p.after.headline, p.after.entry.source) for p in stories.changed),
    ]
    if rows:
        output.table(("what", "place", "headline", "source"), rows, title="Stories")
    words = [
        *(("the issue", w.what, w.before, w.after) for w in stories.about),
        *((p.after.headline, w.what, w.before, w.after) for p in stories.pairs for w in p.words),
    ]
    if words:
        output.table(("of", "what", "before", "after"), words, title="Words")


def _what(pair: Pair) -> str:
    """`promoted, reworded`."""
    named = (
        ("promoted", pair.promoted),
        ("demoted", pair.demoted),
        ("moved", pair.resettled or pair.moved),
        ("reworded", bool(pair.words)),
    )
    return ", ".join(name for name, holds in named if holds)


def _place(story: Story) -> str:
    return story.tier if story.tier == "lead" else f"teaser, {story.section}"


def _places(pair: Pair) -> str:
    before, after = _place(pair.before), _place(pair.after)
    return after if before == after else f"{before} → {after}"


def _show_text(text: Sequence[Paragraph]) -> None:
    """Each paragraph that differs: `[-dropped-]`, `{+added+}`; the others are counted."""
    import textwrap

    for line in _lines(text):
        wrapped = textwrap.wrap(line, 96, subsequent_indent="  ", break_on_hyphens=False)
        click.echo("\n".join(wrapped))


def _lines(text: Sequence[Paragraph]) -> Iterator[str]:
    from digest.cli.output import count, plain

    marks = {"same": ("", ""), "dropped": ("[-", "-]"), "added": ("{+", "+}")}
    signs = {"added": "+", "dropped": "-", "reworded": "~"}
    same = 0
    for row in text:
        if row.op == "same":
            same += 1
            continue
        if same:
            yield f"  … {count(same, 'paragraph')} the same …"
            same = 0
        pieces = (marks[p.op][0] + plain(p.text) + marks[p.op][1] for p in row.pieces)
        whole = row.op != "reworded"
        yield f"{signs[row.op]} {plain(row.text) if whole else ' '.join(pieces)}"
    if same:
        yield f"  … {count(same, 'paragraph')} the same …"


def _show_today(found: Today, *, text: bool) -> None:
    from digest.cli import output

    if found.is_same:
        click.echo(f"{found.slug} would be the same, byte for byte, if it was made today.")
        return
    click.echo(f"{found.slug} as it is archived, and as it would be made today ({found.theme}):")
    output.table(
        ("rendering", ">archived", ">today", "what is different"),
        [
            (r.name, f"{r.before:,}", f"{r.after:,}", " ".join(r.differs) or "nothing")
            for r in found.renderings
        ],
        title="Rendered again",
    )
    if text:
        _show_text(found.text)
    if found.stories is None:
        click.echo(output.plain(f"Its stories cannot be chosen again: {found.problem}"))
    elif found.stories.is_empty:
        click.echo("Chosen again from its entries, its stories would be the same.")
    else:
        click.echo("Chosen again from its entries, this would be different:")
        _show_stories(found.stories)
    for note in found.notes:
        click.echo(output.plain(f"note: {note}"))


def _compared_json(compared: Compared, *, text: bool) -> dict[str, object]:
    found = _stories_json(compared.stories)
    return found | ({"text": _text_json(compared.text)} if text else {})


def _today_json(found: Today, *, text: bool) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "issue": found.slug,
        "theme": found.theme,
        "same": found.is_same,
        "renderings": [asdict(row) for row in found.renderings],
        "stories": _stories_json(found.stories) if found.stories else None,
        "problem": found.problem,
        "notes": list(found.notes),
    } | ({"text": _text_json(found.text)} if text else {})


def _stories_json(stories: IssueDiff) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "before": stories.before,
        "after": stories.after,
        "about": [asdict(row) for row in stories.about],
        "added": [_story_json(story) for story in stories.added],
        "dropped": [_story_json(story) for story in stories.dropped],
        "pairs": [
            {
                "how": pair.how,
                "what": [word for word in _what(pair).split(", ") if word],
                "before": _story_json(pair.before),
                "after": _story_json(pair.after),
                "words": [asdict(row) for row in pair.words],
            }
            for pair in stories.pairs
        ],
        "sources": [asdict(row) for row in stories.sources],
    }


def _story_json(story: Story) -> dict[str, object]:
    return {
        "id": story.entry.id,
        "tier": story.tier,
        "section": story.section,
        "headline": story.headline,
        "source": story.entry.source,
        "url": story.entry.url,
    }


def _text_json(text: Sequence[Paragraph]) -> list[dict[str, object]]:
    from dataclasses import asdict

    return [asdict(row) for row in text if row.op != "same"]
