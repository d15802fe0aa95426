"""Putting an entry together: every string cleaned, dates judged, flags set, the id derived."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from digest.collect.identity import entry_id
from digest.collect.lines import ends_cut
from digest.models import Entry, Image, Part
from digest.text.markup import clean_text

OLDEST = 1995
"""No feed is older (RSS is of 1999, the first news sites of 1994): such a date is a fault."""
_LONGEST_TITLE = 500
_LONGEST_MADE_TITLE = 90
_TAGS = 24

PROVENANCE = (
    "title", "text", "summary", "url", "source", "published", "byline", "agency", "dateline",
    "tags", "image", "language", "section",
)  # fmt: skip
"""The fields that are read from a source, and whose provenance an entry therefore tells."""


def make_entry(
    *,
    title: str,
    now: datetime,
    text: str = "",
    summary: str = "",
    parts: Iterable[Part] = (),
    url: str | None = None,
    guid: str = "",
    shared_url: bool = False,
    source: str = "",
    published: datetime | None = None,
    byline: str = "",
    agency: str = "",
    dateline: str = "",
    tags: Iterable[str] = (),
    image: Image | None = None,
    language: str = "",
    section: str = "",
    order: int = 0,
    provenance: Mapping[str, str] | None = None,
) -> Entry:
    """An entry from parts that may be missing; what is doubtful is flagged, never filled in.

    Without a title the first words of the text stand for it (they are the source's own), flagged.
    `provenance` says by field where a reader found it ("og:title", "RSS pubDate"); what it says of
    a field that stays empty is dropped. `shared_url`: other entries bear the same address (that of
    their site, say), so that it does not identify this one.
    """
    where = dict(provenance or {})
    title = clean_text(title)[:_LONGEST_TITLE]
    summary = clean_text(summary)
    flags: list[str] = []
    if not title:
        flags.append("no-title")
        title = _opening(text or summary) or clean_text(url or "")
        where["title"] = "first words of the text" if text or summary else where.get("url", "")
    if not url:
        flags.append("no-url")
        if not guid:
            flags.append("no-id")
    if published is None:
        flags.append("no-date")
    elif published.year < OLDEST:
        flags.append("old-date")
    elif published > now:
        flags.append("future-date")
    entry = Entry(
        id=entry_id(url=url, guid=guid, source=source, title=title, shared_url=shared_url),
        title=title,
        text=text,
        summary=summary,
        cut=ends_cut(summary or text),
        parts=tuple(parts),
        url=url,
        source=clean_text(source),
        published=published,
        byline=clean_text(byline),
        agency=clean_text(agency),
        dateline=clean_text(dateline),
        tags=_distinct(tags),
        image=image,
        language=language_tag(language),
        section=clean_text(section),
        order=order,
        flags=tuple(flags),
    )
    return replace(entry, provenance=_told(entry, where))


def _told(entry: Entry, where: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """(field, where it was read) of each field that holds something, in the order of the fields."""
    filled = (name for name in PROVENANCE if getattr(entry, name))
    return tuple((name, clean_text(where[name])) for name in filled if where.get(name))


def language_tag(raw: str) -> str:
    """A declared language as a tag such as `en` or `pt-BR`; "" where it is none."""
    parts = raw.strip().replace("_", "-").split("-")
    if not re.fullmatch(r"[A-Za-z]{2,3}", parts[0]) or parts[0].lower() in ("und", "mul", "zxx"):
        return ""
    out = [parts[0].lower()]
    for part in parts[1:3]:
        if not re.fullmatch(r"[A-Za-z0-9]{2,8}", part):
            break
        out.append(part.title() if len(part) == 4 else part.upper() if len(part) < 4 else part)
    return "-".join(out)


def aware(moment: datetime) -> datetime:
    """`moment`, in UTC where it has no zone."""
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)


def _distinct(tags: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for tag in tags:
        name = clean_text(tag)[:80]
        if name:
            kept.setdefault(name.lower(), name)
    return tuple(list(kept.values())[:_TAGS])


def _opening(text: str) -> str:
    """The first words of a text, at most 90 characters, whole words."""
    first = text.split("\n", 1)[0].strip()
    if len(first) <= _LONGEST_MADE_TITLE:
        return first
    return first[: _LONGEST_MADE_TITLE + 1].rsplit(" ", 1)[0][:_LONGEST_MADE_TITLE]
