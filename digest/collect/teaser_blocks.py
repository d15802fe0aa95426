"""One block of an index page: headline, excerpt, byline, date, picture, label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lxml import etree

from digest.collect import lines
from digest.collect.bylines import Byline, is_byline, parse_byline
from digest.collect.dates import is_date_line, parse_date
from digest.text.markup import Picture, clean_text, pixels
from digest.text.titles import title_text

HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_BYLINED = re.compile(r"(?:^|[\s_-])(?:byline|author|autor|writer|by)(?:$|[\s_-])", re.IGNORECASE)
_KICKED = re.compile(
    r"(?:^|[\s_-])(?:kicker|category|section|tag|label|eyebrow|rubric)(?:$|[\s_-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teased:
    """One story that a page teases, as far as its block tells it; `around` is all of the block."""

    title: str
    url: str
    excerpt: str = ""
    byline: Byline = field(default_factory=Byline)
    published: datetime | None = None
    dated_by: str = ""
    picture: Picture | None = None
    kicker: str = ""
    language: str = ""
    around: str = ""


def names_of(node: Any) -> str:
    """An element's classes and id."""
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def text_of(node: Any) -> str:
    """An element's words on one line."""
    return clean_text(" ".join(node.itertext()))


def is_headline(anchor: Any) -> bool:
    """Whether a link's words could head a story: three of them, or some letters without spaces."""
    if not (anchor.get("href") or "").strip() or (anchor.get("href") or "").startswith("#"):
        return False
    text = text_of(next(anchor.iter(*HEADINGS), anchor))
    if not 8 <= len(text) <= 300 or lines.part_kind(text):
        return False
    wide = sum(1 for c in text if c > "\u2e7f")
    return len(text.split()) >= 3 or wide >= 6


def read_block(anchor: Any, holder: Any, box: Any, link: str) -> Teased:
    """The story whose headline `holder` holds the link `anchor`, in the block `box`."""
    title = title_text(text_of(holder).replace("<", "&lt;"))
    if holder.tag in ("li", "td", "p", "div", "dt"):
        title = text_of(anchor)
    rows = list(_rows(box, holder, title))
    published, dated_by = _date(box, rows)
    who = _who(box, rows)
    return Teased(
        title=title,
        url=link,
        excerpt=_excerpt(rows, title),
        byline=who,
        published=published,
        dated_by=dated_by,
        picture=_picture(box),
        kicker=_kicker(box, title),
        language=box.get("lang") or "",
        around=" ".join(lines.same_line(text_of(node)) for node in _nodes(box)),
    )


def _nodes(box: Any) -> list[Any]:
    """A block's elements; in a table or a list of definitions what follows belongs to it too."""
    nodes = [box]
    if box.tag not in ("td", "tr", "dt", "h2", "h3", "h4"):
        return nodes
    row = box if box.tag != "td" else box.getparent()
    for after in row.itersiblings(etree.Element):
        if after.tag in ("dt", *HEADINGS) or any(True for _ in after.iter(*HEADINGS)):
            break
        if any(is_headline(anchor) for anchor in after.iter("a")):
            break
        nodes.append(after)
        if len(nodes) > 3:
            break
    return nodes


def _rows(box: Any, holder: Any, title: str) -> Iterator[str]:
    """The lines of a block besides its headline."""
    for node in _nodes(box):
        for text in _lines(node, holder):
            if text and lines.same_line(text) != lines.same_line(title):
                yield text


_BLOCKS = ("p", "div", "li", "td", "span", "dd", "time", "small", "address", "footer", "figcaption")


def _lines(node: Any, headline: Any) -> Iterator[str]:
    """The texts of the innermost blocks of `node`, what stands beside the headline among them."""
    for child in node.iter("p", "div", "li", "td", "dd", "span", "time", "small", "address", "tr"):
        if child is headline or _is_inside(child, headline):
            continue
        if child.tag != "p" and next(child.iterchildren(*_BLOCKS), None) is not None:
            continue
        if child.tag == "span" and child.getparent().tag in ("p", "span", "a"):
            continue
        text = text_of(child)
        yield (
            text.replace(text_of(headline), "", 1).strip() if _is_inside(headline, child) else text
        )
    if node.tag in HEADINGS and node.tail and node.tail.strip():
        yield clean_text(node.tail)


def _is_inside(node: Any, around: Any) -> bool:
    return any(a is around for a in node.iterancestors())


def _excerpt(rows: Sequence[str], title: str) -> str:
    """The longest line that is prose, without its "Read more"."""
    best = ""
    for text in rows:
        if is_date_line(text) or lines.part_kind(text) or is_byline(text) or text == title:
            continue
        if _is_prose(text) and len(text) > len(best):
            best = text
    return _MORE.sub("", best).strip()


def _is_prose(text: str) -> bool:
    """Whether a line could be an excerpt: a sentence, or words that no bar parts."""
    if lines.ends_cut(text) or lines.ends_sentence(text):
        return lines.length(text) >= 3 or (" " not in text and len(text) >= 12)
    return lines.length(text) >= 8 and not re.search(r"\s[|•·]\s", text)


_MORE = re.compile(
    r"\s*[\[(]?(?:read (?:more|on|the rest)|continue reading|more|weiterlesen|leer más|"
    r"lire la suite|leggi tutto|続きを読む|اقرأ المزيد)\b[^.!?]{0,80}$",
    re.IGNORECASE,
)


def _date(box: Any, rows: Sequence[str]) -> tuple[datetime | None, str]:
    for node in box.iter("time"):
        moment = parse_date(node.get("datetime") or text_of(node))
        if moment is not None:
            return moment, "time element"
    for node in box.iter():
        stated = node.get("datetime") or (
            node.get("content") if node.get("itemprop") == "datePublished" else None
        )
        moment = parse_date(stated) if stated else None
        if moment is not None:
            return moment, "itemprop=datePublished"
    for text in rows:
        for piece in re.split(r"\s+[|•·–—]\s+|\s{2,}", text):
            if lines.length(piece) <= 12 and is_date_line(piece):
                moment = parse_date(piece)
                if moment is not None:
                    return moment, "printed date"
    return None, ""


def _who(box: Any, rows: Sequence[str]) -> Byline:
    for node in box.iter("p", "div", "span", "a", "address", "small", "cite", "li"):
        if _BYLINED.search(names_of(node)) or "author" in (node.get("rel") or ""):
            text = text_of(node)
            if 2 < len(text) <= 100 and not is_date_line(text):
                found = parse_byline(text)
                if found.name or found.agency:
                    return found
    for text in rows:
        pieces = re.split(r"\s+[|•·–—]\s+", text)
        dated = len(pieces) > 1 and any(is_date_line(piece) for piece in pieces)
        for piece in pieces:
            if is_byline(piece, bare=dated):
                return parse_byline(piece)
    return Byline()


def _picture(box: Any) -> Picture | None:
    for node in box.iter("img"):
        found = [node.get(key) or "" for key in ("data-src", "data-lazy-src", "src")]
        src = next((s for s in found if s and not s.startswith("data:")), "")
        sizes = (pixels(node.get("width")), pixels(node.get("height")))
        if src and not any(size is not None and size < 60 for size in sizes):
            return Picture(clean_text(src), clean_text(node.get("alt") or ""), "", *sizes)
    return None


def _kicker(box: Any, title: str) -> str:
    for node in box.iter("span", "a", "p", "div", "small"):
        text = text_of(node) if _KICKED.search(names_of(node)) else ""
        if text and len(text.split()) <= 4 and len(text) <= 40 and text != title:
            return text
    return ""
