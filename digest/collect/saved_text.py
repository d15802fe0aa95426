"""Text saved from a page: title, byline, dateline, captions, subheads, and blocks of teasers.

A line is known by what it says and where it stands, never by a document. URL, date and source
stay empty unless a line prints them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from digest.collect import lines
from digest.collect.body import Body, finish
from digest.collect.bylines import Byline, is_byline, parse_byline
from digest.collect.dates import parse_date, split_date
from digest.collect.document import Document, Reading
from digest.collect.entries import make_entry
from digest.collect.teasers import Teaser, read_block
from digest.errors import SourceError
from digest.models import Entry, Part
from digest.text.markup import clean_text
from digest.text.urls import safe_link

MAX_TEXT = 1_000_000
"""Characters of a text that are read: no page is longer, and 200,000 lines take 17 s."""


@dataclass
class SavedPage:
    """What is being read from a text, in the making."""

    title: str = ""
    summary: str = ""
    url: str = ""
    byline: Byline = field(default_factory=Byline)
    published: datetime | None = None
    paragraphs: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    lead: int = 0
    teasers: list[Teaser] = field(default_factory=list)
    where: dict[str, str] = field(default_factory=dict)

    def body(self) -> Body:
        """The body with its dateline taken off and copies dropped."""
        return finish(self.paragraphs, self.parts, byline=self.byline, lead=self.lead)


@dataclass(frozen=True, slots=True)
class Unit:
    """A line (or an unwrapped block of lines); `tight` stands right under the one before.

    `line` is its number in the file, from 1.
    """

    text: str
    tight: bool = False
    line: int = 0


def read_saved_text(document: Document, text: str) -> Reading:
    """The lead entry of a saved page, and an entry for each teaser below it.

    Raises SourceError where the text has no body, no summary and no teaser.
    """
    note = f"only its first {MAX_TEXT:,} characters were read" if len(text) > MAX_TEXT else ""
    page = read_page(text[:MAX_TEXT])
    place = document.place
    body = page.body()
    entries: list[Entry] = []
    around = {"source": "the list of sources", "section": "the list of sources"}
    if body.text or page.summary:
        entries.append(
            make_entry(
                title=page.title,
                now=document.now,
                text=body.text,
                summary=page.summary,
                parts=body.parts,
                url=safe_link(page.url, "") if page.url else None,
                source=place.name,
                published=page.published,
                byline=body.byline,
                agency=body.agency,
                dateline=body.dateline,
                section=place.section,
                provenance={**around, **page.where},
            )
        )
    for teaser in page.teasers:
        entries.append(
            make_entry(
                title=teaser.title,
                now=document.now,
                summary=teaser.excerpt,
                source=place.name,
                published=teaser.published,
                byline=teaser.byline,
                agency=teaser.agency,
                section=place.section,
                order=len(entries),
                provenance={**around, **_teased_where(page, teaser)},
            )
        )
    if not entries:
        raise SourceError(
            f"{place.given} holds no text to read.",
            hint="A text file needs a title line and at least one paragraph.",
        )
    return Reading(kind="text", entries=tuple(entries), name=place.name, note=note)


def _teased_where(page: SavedPage, teaser: Teaser) -> dict[str, str]:
    """Where the fields of a teaser stand: its headline's line, and those below."""
    title = page.where.get(f"teaser {teaser.at}", "")
    below = f"below {title}" if title else ""
    names = ("summary", "byline", "agency", "published")
    return {"title": title, **dict.fromkeys(names, below)}


def read_page(text: str) -> SavedPage:
    """The parts of a text saved from a page."""
    units = split_units(text)
    page = SavedPage()
    at = _title(page, units)
    at = _head(page, units, at)
    page.lead = len(page.parts)
    if at < len(units):
        page.where["text"] = page.where["dateline"] = f"line {units[at].line} and below"
    _rest(page, units, at)
    for teaser in page.teasers:
        page.where[f"teaser {teaser.at}"] = f"line {units[teaser.at].line}"
    return page


def split_units(text: str) -> list[Unit]:
    """The lines of a text, cleaned; a block that was wrapped at a column is one line again."""
    units: list[Unit] = []
    rows: list[Unit] = []
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, raw in enumerate([*plain.split("\n"), ""], start=1):
        line = clean_text(raw)
        if line:
            rows.append(Unit(line, tight=bool(rows), line=number))
            continue
        if _is_wrapped([row.text for row in rows]):
            rows = [Unit(_joined([row.text for row in rows]), line=rows[0].line)]
        units += rows
        rows = []
    return units


def _is_wrapped(rows: list[str]) -> bool:
    """Whether lines were broken at a column: about as long, and few ending a sentence."""
    full = rows[:-1]
    if not full or min(map(len, full)) < 45 or max(map(len, rows)) > 110:
        return False
    if max(map(len, full)) - min(map(len, full)) > 30:
        return False
    if len(rows) == 2 and not rows[1][:1].islower():
        return False  # a headline over its excerpt looks the same, but for what it begins with
    return sum(lines.ends_sentence(row) for row in full) * 2 < len(full)


def _joined(rows: list[str]) -> str:
    text = rows[0]
    for row in rows[1:]:
        spaced = text[-1].isascii() or row[0].isascii() or text[-1].lower() != text[-1].upper()
        text += (" " if spaced else "") + row
    return text


_CRUMBS = re.compile(r"[^>›»/|]{1,40}(?:\s[>›»/|]\s[^>›»/|]{1,60}){1,5}$")


def _title(page: SavedPage, units: list[Unit]) -> int:
    """Read what stands above the title, and the title; the place after it."""
    texts = [unit.text for unit in units]
    at = 0
    while at < min(len(texts) - 1, 6) and _is_above_title(texts[at], texts[at + 1]):
        page.parts.append(Part(kind=lines.part_kind(texts[at]) or "notice", text=texts[at]))
        at += 1
    if at >= len(texts):
        return at
    heads = lines.is_headline_like(texts[at])
    if heads or (at + 1 < len(texts) and lines.length(texts[at]) <= 25):
        page.title = texts[at]
        page.where["title"] = f"line {units[at].line}"
        at += 1
    return at


def _is_above_title(line: str, below: str) -> bool:
    """A share line, an advertisement, a path of crumbs, or a word in capitals over a headline."""
    if lines.part_kind(line) in ("share", "notice", "call-to-action") and lines.length(line) <= 8:
        return True
    if _CRUMBS.fullmatch(line) and lines.length(line) <= 12:
        return True
    kicker = line.isupper() and lines.length(line) <= 3 and not below.isupper()
    return kicker and lines.is_headline_like(below) and lines.length(below) >= 4


_DATE_LABEL = re.compile(
    r"^(?:(?:first |last )?(?:published|posted|updated|modified|date|publicado|actualizado|publié|"
    r"mis à jour|veröffentlicht|aktualisiert|stand|pubblicato|aggiornato|gepubliceerd)"
    r"(?: on| at| le| am| el| il| em| op)?\s*:?\s*)+",
    re.IGNORECASE,
)


def _head(page: SavedPage, units: list[Unit], at: int) -> int:
    """Read the lines between title and body: byline, date, captions, a standfirst."""
    texts = [unit.text for unit in units]
    while at < len(texts):
        line = texts[at]
        last = at + 1 >= len(texts)
        before = _facts(page)
        if _is_date_line(page, line) or _is_byline_line(page, line, last=last):
            pass
        elif re.fullmatch(r"https?://\S+", line) and not page.url:
            page.url = line
        elif kind := lines.part_kind(line):
            page.parts.append(Part(kind=kind, text=line))
        elif _is_standfirst(page, texts, at):
            page.summary = line
        else:
            break
        for name, value in _facts(page).items():
            if value != before[name]:
                page.where[name] = f"line {units[at].line}"
        at += 1
    return at


def _facts(page: SavedPage) -> dict[str, object]:
    """What the lines below the title may tell."""
    return {
        "published": page.published,
        "byline": page.byline.name,
        "agency": page.byline.agency,
        "url": page.url,
        "summary": page.summary,
    }


def _is_date_line(page: SavedPage, line: str) -> bool:
    if lines.length(line) > 16:
        return False
    label = _DATE_LABEL.match(line)
    moment = parse_date(line[label.end() :] if label else line)
    if moment is None:
        return False
    page.published = page.published or moment
    page.parts.append(Part(kind="notice", text=line))
    return True


def _is_byline_line(page: SavedPage, line: str, *, last: bool) -> bool:
    if page.byline.name or page.byline.agency or last or lines.length(line) > 20:
        return False
    who, moment = split_date(line)
    who = re.sub(r"(?i)\s*[|•·,–—-]?\s*(?:published|posted|updated)(?: on)?:?$", "", who)
    if not is_byline(who, bare=True):
        return False
    page.byline = parse_byline(who)
    page.published = page.published or moment
    page.parts.append(Part(kind="byline", text=line))
    return True


def _is_standfirst(page: SavedPage, texts: list[str], at: int) -> bool:
    """A sentence or two between title and byline: the publisher's own description."""
    if page.summary or page.byline.name or page.byline.agency or lines.length(texts[at]) > 60:
        return False
    below = texts[at + 1 : at + 4]
    for index, line in enumerate(below):
        if is_byline(line):
            return all(lines.part_kind(other) for other in below[:index])
    return False


def _rest(page: SavedPage, units: list[Unit], at: int) -> None:
    """Read body paragraphs, parts among them, and blocks of teasers."""
    texts = [unit.text for unit in units]
    while at < len(texts):
        line = texts[at]
        if lines.is_block_heading(line):
            block = read_block(texts, at + 1)
            if block.teasers or block.parts:
                page.parts.append(Part(kind="notice", text=line))
                page.parts += block.parts
                page.teasers += block.teasers
                at = block.end
                continue
        twin = at + 1 < len(units) and units[at + 1].tight and _same(line, texts[at + 1])
        if twin and lines.length(line) <= 60:
            text = lines.better_copy(line, texts[at + 1])
            page.parts.append(Part(kind="caption", text=text))
            at += 2
            continue
        kind = lines.part_kind(line)
        if kind is None and lines.is_subhead(line):
            kind = "subhead" if _heads_text(texts, at) else "notice" if page.paragraphs else None
        if kind:
            page.parts.append(Part(kind=kind, text=line))
        else:
            page.paragraphs.append(line)
        at += 1


def _heads_text(texts: list[str], at: int) -> bool:
    """Whether prose follows before the document or the block of text ends."""
    for line in texts[at + 1 : at + 4]:
        if lines.is_block_heading(line):
            return False
        if lines.part_kind(line) is None and not lines.is_subhead(line):
            return True
    return False


def _same(one: str, other: str) -> bool:
    return lines.same_line(one) == lines.same_line(other)
