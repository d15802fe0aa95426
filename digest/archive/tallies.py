"""Counting one issue: out of issue.json, of entries.jsonl without its texts, and of edits.toml."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from pydantic import AwareDatetime

from digest.codec import from_json, from_rows
from digest.edits import Edits, StoryEdit
from digest.errors import DocumentError
from digest.models import Blurb, Status
from digest.statistics import Tally, Told
from digest.text.urls import canonical

_OUTSIDE = frozenset({"window", "no-date"})
"""Rules of what was no candidate of this week: another week's entry, or a standing page."""
IMPORTED = "imported"
"""The rule of every row of an issue that was imported."""
_UNOFFERED = _OUTSIDE | {"added", IMPORTED}
_BY_EDITOR = "edits.toml"
_ARTICLE = re.compile(r"https://[^/]+/[^/]")
"""A home page is no story's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    end: AwareDatetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    entry: str
    headline: str = ""
    section: str = ""
    note: str = ""
    blurb: Blurb = field(default_factory=Blurb)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    stories: tuple[_Story, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issue:
    slug: str
    window: _End
    newsletter: _Name
    status: Status = "draft"
    leads: tuple[_Story, ...] = ()
    sections: tuple[_Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    issue: _Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    id: str
    source: str = ""
    url: str | None = None
    provenance: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    place: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """The part of a row of entries.jsonl that is counted."""

    entry: _Entry
    verdict: _Verdict


def tally_of(document: bytes, rows: bytes, edits: Edits, *, html_bytes: int, where: str) -> Tally:
    """What is counted of the issue of issue.json and entries.jsonl, named `where`.

    A change of the editor's counts where the issue shows it, not where it only waits for the next
    build. Raises DocumentError for a story without its row, and for whatever is no issue.
    """
    issue = from_json(_Document, document, where=f"{where}/issue.json").issue
    shown = [*issue.leads, *(story for one in issue.sections for story in one.stories)]
    wanted = {story.entry for story in shown}
    kept: dict[str, _Row] = {}
    offered: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for row in _rows(rows, where=f"{where}/entries.jsonl"):
        rules[row.verdict.rule] += 1
        # What the editor added came from no source, and what was imported was not chosen here.
        if row.verdict.rule not in _UNOFFERED:
            offered[row.entry.source] += 1
        if row.entry.id in wanted:
            kept.setdefault(row.entry.id, row)
    missing = sorted(wanted - kept.keys())
    if missing:
        raise DocumentError(f"{where}/entries.jsonl has no line for the story {missing[0]!r}.")
    return Tally(
        slug=issue.slug,
        end=issue.window.end,
        name=issue.newsletter.name,
        status=issue.status,
        html_bytes=html_bytes,
        candidates=dict(sorted(offered.items())),
        ran_before=rules["ran-before"],
        dropped=rules["dropped"],
        imported=bool(rules[IMPORTED]),
        stories=tuple(
            _told(story, kept[story.entry], edits, lead=at < len(issue.leads))
            for at, story in enumerate(shown)
        ),
    )


def _rows(raw: bytes, *, where: str) -> Iterator[_Row]:
    try:
        lines = raw.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise DocumentError(f"{where} is not UTF-8.") from None
    for _, row in from_rows(_Row, lines, where=where):
        if isinstance(row, DocumentError):
            raise row
        yield row


def _told(story: _Story, row: _Row, edits: Edits, *, lead: bool) -> Told:
    return Told(
        source=row.entry.source,
        lead=lead,
        section=story.section,
        length=len(story.blurb.text),
        keys=tuple(_keys(row.entry)),
        update=story.note.startswith("Update to "),
        changes=tuple(_changes(story, row, edits.stories.get(story.entry, StoryEdit()))),
    )


def _keys(entry: _Entry) -> Iterator[str]:
    yield _hash(f"id {entry.id}")
    address = canonical(entry.url) if entry.url else ""
    if _ARTICLE.match(address):
        yield _hash(f"url {address}")


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _changes(story: _Story, row: _Row, edit: StoryEdit) -> Iterator[str]:
    """What the editor changed of the story, as far as the issue shows it."""
    if row.verdict.rule == IMPORTED:
        return  # its words are its own editor's, and the machine made none of it
    by_editor = {name for name, source in row.entry.provenance if source == _BY_EDITOR}
    if row.verdict.rule == "added":
        yield "added"
        return  # all of it is hers, and none of it was the machine's before
    if row.verdict.rule == "pinned":
        yield "pinned"
    if edit.headline is not None and _line(edit.headline) == story.headline:
        yield "headline"
    if story.blurb.origin == "editor":
        yield "blurb"
    if "section" in by_editor:
        yield "section"
    if edit.order is not None:
        yield "order"
    if "image" in by_editor:
        yield "picture"


def _line(text: str) -> str:
    return " ".join(text.split())
