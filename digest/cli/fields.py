"""An entry field by field, with where each was read: what `digest collect --explain` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from digest.cli.output import count, plain, table

if TYPE_CHECKING:
    from digest.collect import Collected, SourceReport
    from digest.models import Entry

_WIDEST = 60


def explain(collected: Collected) -> None:
    """Print a table for each entry, then a line for each source."""
    for entry in collected.entries:
        explain_entry(entry)
    for source in collected.sources:
        click.echo(_said_of(source))


def explain_entry(entry: Entry) -> None:
    """Print one entry's fields, with where each was read."""
    from digest.collect import PROVENANCE

    where = dict(entry.provenance)
    rows = [
        (name, _shown(entry, name), where.get(name, "not recorded"))
        for name in PROVENANCE
        if getattr(entry, name)
    ]
    table(("field", "what it holds", "where it was read"), rows, title=f"entry {entry.id}")
    for line in _beside(entry):
        click.echo(f"  {plain(line)}")
    click.echo("")


def _beside(entry: Entry) -> Iterator[str]:
    """What stands beside the fields: empty ones, typed parts, flags."""
    from digest.collect import PROVENANCE

    empty = [name for name in PROVENANCE if not getattr(entry, name) and name != "section"]
    if empty:
        yield f"empty: {', '.join(empty)}"
    parts = Counter(part.kind for part in entry.parts)
    if parts:
        yield f"kept apart: {', '.join(count(n, kind) for kind, n in parts.items())}"
    if entry.cut:
        yield "cut: its source breaks off with an ellipsis"
    if entry.flags:
        yield f"flags: {', '.join(entry.flags)}"


def _shown(entry: Entry, name: str) -> str:
    match name:
        case "text":
            long = _length(entry)
            return f"{_short(entry.text, _WIDEST - len(long) - 3)} ({long})"
        case "published":
            return f"{entry.published:%Y-%m-%d %H:%M %z}" if entry.published else ""
        case "tags":
            return _short(", ".join(entry.tags))
        case "image":
            return _short(entry.image.url) if entry.image else ""
        case _:
            return _short(str(getattr(entry, name)))


def _length(entry: Entry) -> str:
    """How long a text is: in characters where its language puts no spaces between words."""
    from digest.text.language import language_of, spaced

    if spaced(language_of(entry.text, entry.language)):
        return count(len(entry.text.split()), "word")
    return count(len("".join(entry.text.split())), "character")


def _short(text: str, width: int = _WIDEST) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= width else one_line[: width - 1].rstrip() + "…"


def _said_of(source: SourceReport) -> str:
    note = f"; {source.note}" if source.note else ""
    return plain(
        f"{source.place}: {source.kind}, {count(source.entries, 'entry', 'entries')}{note}"
    )
