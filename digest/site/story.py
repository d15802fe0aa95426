"""One candidate of an issue: why it is where it is, and where in its source its blurb stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from digest.models import Candidate, Entry, Image, Issue, Span, Story
from digest.site.marked import marked, page_of_text
from digest.site.pages import Around, Listed, issue_page
from digest.text.language import direction
from digest.text.verbatim import whose

__all__ = ["page_of_text", "story_page"]

_ALSO = 40
"""Other reports of the event that a page names."""
_BAR = 100
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class _Share:
    """A part of the score as a bar: from `start`, `length` wide, of _BAR."""

    name: str
    value: float
    start: float
    length: float


def story_page(
    row: Listed,
    issue: Issue,
    candidate: Candidate,
    *,
    around: Around,
    others: Mapping[str, str] = MappingProxyType({}),
    number: int = 1,
) -> str:
    """Why `candidate` is where it is; `number` is the page of its text, from 1.

    `others` are the headlines of other candidates that it names, by id: only those have a page.
    """
    entry = candidate.entry
    story = next((s for s in issue.stories if s.entry.id == entry.id), None)
    blurb = story.blurb if story else None
    text_spans: tuple[Span, ...] = () if blurb is None else blurb.topped
    summary_spans: tuple[Span, ...] = ()
    if blurb and blurb.origin == "text":
        text_spans = blurb.spans
    elif blurb and blurb.origin == "summary":
        summary_spans = blurb.spans
    return issue_page(
        "story.html.j2",
        "why",
        row,
        around,
        candidate=candidate,
        entry=entry,
        verdict=candidate.verdict,
        story=story,
        whose=whose(blurb) if blurb else "",
        neighbors=_neighbors(issue, entry.id),
        shares=_shares(candidate.verdict.parts),
        zero=_zero(candidate.verdict.parts),
        told_by=others.get(candidate.verdict.event, ""),
        others=others,
        decisions=tuple(_decisions(candidate, story)),
        text=marked(entry.text, text_spans, number=number),
        summary=marked(entry.summary, summary_spans),
        also=(story.also if story else ())[:_ALSO],
        more=max(0, len(story.also) - _ALSO) if story else 0,
        picture=(story.image if story else entry.image),
        source_picture=(candidate.source_entry or entry).image,
        held=tuple(_held(entry)),
        language=entry.language if _LANGUAGE.fullmatch(entry.language) else "",
        direction=direction(entry.language) if entry.language else "auto",
    )


def _neighbors(issue: Issue, key: str) -> tuple[str, str]:
    """The ids of the stories before and after one, in reading order; empty where there is none."""
    ids = [story.entry.id for story in issue.stories]
    if key not in ids:
        return "", ""
    at = ids.index(key)
    return ids[at - 1] if at else "", (*ids, "")[at + 1]


def _shares(parts: tuple[tuple[str, float], ...]) -> tuple[_Share, ...]:
    span = _span(parts)
    zero = _zero(parts)
    found: list[_Share] = []
    for name, value in parts:
        length = abs(value) / span * _BAR if span else 0.0
        start = zero if value >= 0 else zero - length
        found.append(_Share(name, value, round(start, 1), round(length, 1)))
    return tuple(found)


def _zero(parts: tuple[tuple[str, float], ...]) -> float:
    """Where on the bars nothing stands: to its left a share speaks against the story."""
    span = _span(parts)
    least = min((value for _, value in parts), default=0.0)
    return round(-min(0.0, least) / span * _BAR, 1) if span else 0.0


def _span(parts: tuple[tuple[str, float], ...]) -> float:
    values = [value for _, value in parts]
    return max([0.0, *values]) - min([0.0, *values])


def _decisions(candidate: Candidate, story: Story | None) -> Iterator[str]:
    """What the editor decided of it, each in a sentence; nothing that the program did."""
    verdict, entry = candidate.verdict, candidate.entry
    if verdict.rule in {"pinned", "dropped", "added"}:
        yield verdict.because
    source = candidate.source_entry
    if source and source.section != entry.section:
        was = source.section or "none"
        yield f"The section is the editor's: {entry.section or 'none'}, not {was}."
    if source and source.image != entry.image:
        yield (
            "The editor took the picture away."
            if entry.image is None
            else ("The picture is the editor's.")
        )
    if story is None:
        return
    if story.headline != entry.title:
        yield "The headline is not the source's own: it was edited, or cleaned."
    if story.blurb.origin == "editor":
        yield "The blurb is in the editor's words."
    if story.note:
        yield "The note is the editor's."


def _held(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """(field, what it holds, where it was read) of each field that holds something."""
    read = dict(entry.provenance)
    for field in fields(entry):
        if field.name in {"text", "summary", "provenance", "order", "parts"}:
            continue
        value = getattr(entry, field.name)
        if value in ("", None, (), False):
            continue
        yield field.name, _told(value), read.get(field.name, "")
    for name in ("text", "summary"):
        if words := getattr(entry, name):
            yield name, f"{len(words):,} characters", read.get(name, "")


def _told(value: object) -> str:
    if isinstance(value, Image):
        return value.url
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value[:30])
    return "yes" if value is True else str(value)
