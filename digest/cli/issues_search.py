"""`digest issues search` and `digest issues ran`: what the archive has told already."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import DAY, OfWords, quiet
from digest.cli.session import Session

if TYPE_CHECKING:
    from rich.text import Text

    from digest.archive import Asked, Found, Hit, Ran, StoryIndex

MAX_PER_PAGE = 1000
MAX_BYTES = 1_000_000
"""Bytes of a text that is looked up."""

_FILES = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".eml", ".json", ".pdf", ".docx")
"""How files with a text end: such a name without a folder is no host's."""


@click.command(cls=OfWords, epilog='Example: digest issues search ferry "night market" -harbor')
@click.argument("words", nargs=-1)
@click.option("--source", default="", help="Only stories of this source, or of part of its name.")
@click.option("--section", default="", help="Only teasers of this section.")
@click.option("--tier", type=click.Choice(["lead", "teaser"]), help="Only leads, or only teasers.")
@click.option("--language", default="", help="Only stories in this language, such as en.")
@click.option("--issue", default="", help="Only this issue.")
@click.option("--from", "since", type=DAY, help="Only issues of this day and later.")
@click.option("--to", "until", type=DAY, help="Only issues of this day and earlier.")
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_PER_PAGE),
    default=20,
    show_default=True,
    help="How many to show.",
)
@click.option("--page", type=click.IntRange(1, 1_000_000), default=1, help="Which page of these.")
@click.option("--json", "json_", is_flag=True, help="Print what was found as JSON.")
@quiet
@click.pass_obj
def search(
    session: Session,
    words: Sequence[str],
    source: str,
    section: str,
    tier: str | None,
    language: str,
    issue: str,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    page: int,
    json_: bool,
) -> int:
    """Find stories of archived issues by their words, best first.

    All WORDS must be there, in any of their forms; "words in a row" find a phrase, -word leaves
    out, begin* finds words that begin so. Without WORDS, every story that the
    options leave.
    """
    from digest.archive import Asked
    from digest.cli import output
    from digest.errors import UsageError

    asked = Asked(
        words=" ".join(map(_typed, words)),
        source=source,
        section=section,
        tier=tier or "",
        language=language,
        issue=session.issue_or_latest(issue) if issue else "",
        since=since.date() if since else None,
        until=until.date() if until else None,
    )
    if not asked.anything:
        raise UsageError(
            "There is nothing to search for.", hint="For example: digest issues search ferry"
        )
    index = _index(session)
    with output.progress(quiet=session.quiet) as progress:
        found = index.search(asked, limit=limit, first=(page - 1) * limit, progress=progress)
    failures = index.failures()
    if json_:
        output.as_json(
            {"total": found.total, "first": found.first, "nearest": found.nearest}
            | {"stories": [_row(hit) for hit in found.hits]}
        )
    elif found.total:
        for hit in found.hits:
            _show(hit)
        if not session.quiet:
            _sum_up(found)
    else:
        _nothing(found, asked, is_empty=not session.archive().names())
    output.failures(failures)
    return 1 if failures else 0


@click.command(
    short_help="Say whether an address or a text ran before.",
    epilog="Example: digest issues ran https://news.example.org/ferry",
)
@click.argument("what", metavar="URL|FILE|-")
@click.option("--json", "json_", is_flag=True, help="Print what was found as JSON.")
@quiet
@click.pass_obj
def ran(session: Session, what: str, json_: bool) -> int:
    """Have we run this? By its address, or by its text in FILE (- is standard input).

    Tells each issue that ran the address, as a story or as "also covered by"; of a text, each
    story that is a copy of it, cut or reworded, and each that reports the same event.
    """
    from dataclasses import asdict

    from digest.cli import output

    index = _index(session)
    asked = _asked_about(what)
    with output.progress(quiet=session.quiet) as progress:
        found = index.ran(asked, progress=progress)
    failures = index.failures()
    if json_:
        rows = [asdict(match) | {"day": match.day.isoformat()} for match in found.matches]
        output.as_json({"kind": found.kind, "note": found.note, "ran": rows})
    elif found.matches:
        output.table(
            ("issue", "day", "status", "tier", "headline", "source", "why"),
            [
                (m.slug, m.day.isoformat(), m.status, m.tier, m.headline, m.source, m.because)
                for m in found.matches
            ],
        )
    else:
        click.echo(_not_run(found))
    output.failures(failures)
    return 1 if failures else 0


def _index(session: Session) -> StoryIndex:
    from digest.archive import StoryIndex

    return StoryIndex(session.archive().folder, session.folder / "var" / "cache")


def _typed(word: str) -> str:
    """A word as it was meant: several words that the shell took for one are a phrase.

    Unless they are a whole question: `'ferry -harbor'`.
    """
    if len(word.split()) < 2 or any(sign in word for sign in ('"', " -", "*")):
        return word
    return f'-"{word[1:]}"' if word.startswith("-") else f'"{word}"'


def _asked_about(what: str) -> str:
    from digest.disk import read_regular
    from digest.errors import DocumentError

    if what == "-":
        raw = sys.stdin.buffer.read(MAX_BYTES)
    elif what.lower().startswith(("http://", "https://")) or not _is_there(what):
        if not _may_be_address(what):
            raise DocumentError(
                f"There is no file {what[:80]!r}, and it is no address.",
                hint="Name an address, a file, or - for standard input.",
            )
        return what
    else:
        raw = read_regular(Path(what), limit=MAX_BYTES)
    return raw.decode("utf-8-sig", errors="replace")


def _may_be_address(what: str) -> bool:
    """Whether it names a host, with or without `https://`; `a.txt` and `../a.html` name none."""
    host, slash, _ = what.partition("/")
    scheme = what.lower().startswith(("http://", "https://"))
    is_file = not slash and what.lower().endswith(_FILES)
    return len(what.split()) == 1 and (scheme or ("." in host.strip(".") and not is_file))


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):  # too long for a name, or with a NUL in it
        return False


def _row(hit: Hit) -> dict[str, object]:
    return {
        "issue": hit.slug,
        "day": hit.day.isoformat(),
        "status": hit.status,
        "tier": hit.tier,
        "id": hit.entry,
        "headline": _joined(hit.headline),
        "kicker": hit.kicker,
        "excerpt": _joined(hit.excerpt),
        "found": sorted({words for words, mark in (*hit.headline, *hit.excerpt) if mark}),
        "source": hit.source,
        "section": hit.section,
        "language": hit.language,
        "url": hit.url,
    }


def _joined(parts: Sequence[tuple[str, bool]]) -> str:
    return "".join(words for words, _ in parts)


def _show(hit: Hit) -> None:
    from digest.cli import output

    console = output.console()
    section = f", {hit.section}" if hit.section else ""
    place = f"{hit.slug}  {_day(hit.day)}  {hit.tier}  {hit.source}{section}"
    if hit.status != "sent":
        place += f"  ({hit.status})"
    console.print(_bold(hit.headline), soft_wrap=not console.is_terminal)
    if hit.excerpt:
        console.print(_bold(hit.excerpt, before="  "), soft_wrap=not console.is_terminal)
    console.print(output.plain(f"  {place}"), soft_wrap=True, style="dim")
    if hit.url:
        console.print(output.plain(f"  {hit.url}"), soft_wrap=True, style="dim")
    click.echo()


def _bold(parts: Sequence[tuple[str, bool]], *, before: str = "") -> Text:
    """A marked text as a terminal shows it; nothing of it can steer the terminal."""
    from rich.text import Text

    from digest.cli.output import plain

    shown = Text(before)
    for words, mark in parts:
        shown.append(plain(words), style="bold" if mark else "")
    return shown


def _sum_up(found: Found) -> None:
    from digest.cli import output

    last = found.first + len(found.hits)
    told = output.count(found.total, "story", "stories")
    if found.total > len(found.hits):
        told += f", {found.first + 1:,} to {last:,} shown"
    more = " --page shows the others." if found.total > len(found.hits) else ""
    click.echo(f"{told}.{more}")


def _nothing(found: Found, asked: Asked, *, is_empty: bool) -> None:
    import shlex

    from digest.cli.output import plain, program

    if is_empty:
        click.echo(f"There is no issue in issues/ to search yet. Build one: {program()} build")
        return
    click.echo("Nothing was found.")
    if found.apart:
        click.echo("Each of these words is in the archive, but no story has all of them.")
    if found.nearest:
        words = plain(found.nearest)
        typed = shlex.quote(words) if '"' in words else words
        click.echo(f"Did you mean: {program()} issues search {typed}")
    elif asked.words and (asked.source or asked.section or asked.tier or asked.language):
        click.echo("The options leave fewer stories; search without them to see all.")
    elif asked.source or asked.section:
        click.echo(f"The names of sources and sections: {program()} issues stats")


def _not_run(found: Ran) -> str:
    if found.note:
        return found.note
    if found.kind == "address":
        return "No issue ran this address. Another report of the event may be known by its text."
    return "No issue ran this text, or another report of its event that can be recognized."


def _day(day: date) -> str:
    return day.isoformat()
