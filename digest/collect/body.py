"""A document's blocks to an entry's text and parts: every line that is not body gets its type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from digest.collect import lines
from digest.collect.bylines import Byline, is_byline, is_spoken, parse_byline, split_dateline
from digest.models import Part, PartKind
from digest.text.markup import Block, clean_text

_HEAD = 4
"""Blocks at the start among which a byline is looked for."""
_FOOT = 4
"""Blocks at the end among which a line with an address may be its writer's."""
_MARKED: dict[str, PartKind] = {
    "heading": "subhead", "caption": "caption", "pullquote": "pullquote", "aside": "notice",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """Body paragraphs, typed parts in reading order, and what stood in them.

    `shown` are the lines of the article itself, in reading order: the paragraphs as printed, and
    the subheads and quotes among them.
    """

    paragraphs: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    byline: str = ""
    agency: str = ""
    dateline: str = ""
    shown: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs, separated by blank lines."""
        return "\n\n".join(self.paragraphs)


def read_body(blocks: Sequence[Block], *, title: str = "") -> Body:
    """The body of an article or a feed's entry, its blocks typed by markup first, then by words."""
    has_prose = any(block.kind in ("paragraph", "item") for block in blocks)
    paragraphs: list[str] = []
    shown: list[str] = []
    parts: list[Part] = []
    byline = Byline()
    lead = 0
    last = max(len(blocks) - _FOOT, 1)
    head = lines.same_line(title)
    for index, block in enumerate(blocks):
        text = block.text
        if block.kind == "code" and has_prose:
            continue
        if block.kind == "heading" and lines.same_line(text) == head:
            continue
        if index < _HEAD and not paragraphs and byline == Byline() and is_byline(text):
            byline = parse_byline(text)
            parts.append(Part(kind="byline", text=text))
            lead += 1
            continue
        kind = _MARKED.get(block.kind) or lines.part_kind(text)
        if kind in (None, "subhead") and lines.is_block_heading(text):
            kind = "notice"
        if kind is None and index >= last and lines.is_contact(text):
            kind = "call-to-action"
        if kind:
            parts.append(Part(kind=kind, text=text))
            lead += not paragraphs
        else:
            paragraphs.append(text)
        if kind in (None, "subhead", "pullquote"):
            shown.append(text)
    return replace(finish(paragraphs, parts, byline=byline, lead=lead), shown=tuple(shown))


def finish(paragraphs: Iterable[str], parts: Sequence[Part], *, byline: Byline, lead: int) -> Body:
    """A body with its dateline taken off the first paragraph, copies dropped, captions once.

    `lead` is how many of the parts stand before that paragraph.
    """
    kept = without_copies(paragraphs)
    lead = len(once(parts[:lead]))
    typed = once(parts)
    dateline = agency = ""
    if kept:
        dateline, agency, rest = split_dateline(kept[0], spoken=is_spoken(kept))
        if rest and rest != kept[0]:
            printed = clean_text(kept[0][: len(kept[0]) - len(rest)])
            kept[0] = rest
            typed.insert(lead, Part(kind="dateline", text=dateline or printed))
    return Body(tuple(kept), tuple(typed), byline.name, byline.agency or agency, dateline)


def without_copies(paragraphs: Iterable[str]) -> list[str]:
    """The paragraphs, each long one once; a short line ("Yes.") may be said twice."""
    seen: set[str] = set()
    kept: list[str] = []
    for paragraph in paragraphs:
        if len(paragraph) > 40:
            key = lines.same_line(paragraph)
            if key in seen:
                continue
            seen.add(key)
        kept.append(paragraph)
    return kept


def once(parts: Iterable[Part]) -> list[Part]:
    """The parts, each once; of two copies the one in typographic quotes."""
    kept: dict[tuple[str, str], Part] = {}
    for part in parts:
        key = (part.kind, lines.same_line(part.text))
        first = kept.get(key)
        kept[key] = (
            part
            if first is None
            else Part(kind=part.kind, text=lines.better_copy(first.text, part.text))
        )
    return list(kept.values())
