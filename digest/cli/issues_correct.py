"""`digest issues correct`: say what was wrong in an issue that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.options import quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from digest.corrections import Correction


@click.command(
    short_help="Add a dated note to an issue that was sent.",
    epilog='Example: digest issues correct 2026-W47 --note "The fair is on Sunday." --story fair',
)
@click.argument("slug", metavar="ISSUE")
@click.option("--note", metavar="TEXT", help="What is to be said, in a sentence or two.")
@click.option("--story", metavar="WORDS", help="The story it is about: its id, or words of it.")
@click.option("--at", metavar="MOMENT", help="When it was said (default: now).")
@click.option("--list", "list_", is_flag=True, help="Show the corrections, numbered.")
@click.option("--undo", type=click.IntRange(1), metavar="N", help="Take number N back.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, write nothing.")
@click.option("--json", "json_", is_flag=True, help="With --list, print them as JSON.")
@quiet
@click.pass_obj
def correct(
    session: Session,
    slug: str,
    note: str | None,
    story: str | None,
    at: str | None,
    list_: bool,
    undo: int | None,
    dry_run: bool,
    json_: bool,
) -> None:
    """Add a dated note to ISSUE, which was sent; what was sent stays as it was.

    Its web page and the feed show the note the next time they are published. --undo takes one back;
    readers who saw it are better told by another.
    """
    from digest.errors import UsageError

    ways = [name for name, said in (("--note", note is not None), ("--list", list_),
                                    ("--undo", undo is not None)) if said]  # fmt: skip
    if len(ways) != 1:
        raise UsageError(
            f"{' and '.join(ways)} do not go together."
            if ways
            else f"There is nothing to say of {slug}.",
            hint='Give one of --note "…", --list and --undo N.',
        )
    only = [name for name, said in (("--story", story), ("--at", at)) if said]
    if only and note is None:
        raise UsageError(f"{only[0]} goes with --note.", hint=f"Leave it out, or {ways[0]}.")
    slug = session.issue_or_latest(slug)
    if list_:
        _list(session, slug, json_)
    elif undo is not None:
        _undo(session, slug, undo, dry_run)
    else:
        _add(session, slug, note or "", story or "", at, dry_run)


def _add(session: Session, slug: str, note: str, story: str, at: str | None, dry_run: bool) -> None:
    from digest import pipeline
    from digest.cli.session import clock, moment

    zone = session.settings_of(slug).zone
    now = clock()
    found = moment(at, zone, option="--at") or now.astimezone(_zone(zone)).replace(microsecond=0)
    correction, before, after = pipeline.correct(
        session.archive(), slug, note, words=story, moment=found, now=now, save=not dry_run
    )
    about = f" about {_headlines(session, slug)[correction.story]}" if correction.story else ""
    _say(session, slug, f"has your correction{about}.", before, after, dry_run)


def _undo(session: Session, slug: str, number: int, dry_run: bool) -> None:
    from digest import pipeline

    taken, before, after = pipeline.uncorrect(session.archive(), slug, number, save=not dry_run)
    _say(session, slug, f"no longer says: “{taken.note}”", before, after, dry_run)


def _list(session: Session, slug: str, json_: bool) -> None:
    from digest.archive import read_corrections
    from digest.cli import output

    archive = session.archive()
    rows = read_corrections(archive.folder, slug)
    if json_:
        output.as_json([_plain(number, row) for number, row in enumerate(rows, start=1)])
    elif not rows:
        click.echo(f"{slug} has no correction.")
    else:
        titles = _headlines(session, slug) if any(row.story for row in rows) else {}
        output.table(
            (">", "when", "about", "note"),
            [
                (
                    str(number),
                    f"{row.moment:%Y-%m-%d %H:%M %z}",
                    titles.get(row.story, row.story),
                    row.note,
                )
                for number, row in enumerate(rows, start=1)
            ],
        )


def _plain(number: int, row: Correction) -> dict[str, object]:
    found = {"number": number, "moment": row.moment.isoformat(), "note": row.note}
    return found | {"story": row.story}


def _headlines(session: Session, slug: str) -> dict[str, str]:
    """The headline of each story of the issue, by its id; none where the issue is damaged."""
    from digest.errors import DigestError

    try:
        return {s.entry.id: f"“{s.headline}”" for s in session.archive().load(slug).stories}
    except DigestError:
        return {}


def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def _say(session: Session, slug: str, said: str, before: str, after: str, dry_run: bool) -> None:
    """What was done, and the next command; in a dry run, the lines that would change."""
    import difflib

    from digest.cli.output import plain, program

    if dry_run:
        name = f"{slug}/corrections.toml"
        for line in difflib.unified_diff(
            before.splitlines(), after.splitlines(), name, f"{name}, corrected", lineterm=""
        ):
            click.echo(plain(line))
        click.echo("This was a dry run: nothing was written.")
    elif not session.quiet:
        click.echo(plain(f"{slug} {said}"))
        click.echo(f"Next: {program()} issues correct {slug} --list · {program()} publish --to DIR")
