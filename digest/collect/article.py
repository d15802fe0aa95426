"""The article of a page: trafilatura finds it, readability where that finds nothing.

The page is made ready first (a body cut into several containers is joined, cards that pop up
inside a sentence go), and each block of what is found knows how much of it is links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from digest.collect.whole_paragraphs import whole
from digest.text.markup import Block, clean_text, read_markup

SHORTEST = 200
"""Characters under which what was found is a menu or a notice rather than an article."""


@dataclass(frozen=True, slots=True)
class Article:
    """The blocks of an article in reading order, how it was found, and its lines that are links."""

    blocks: tuple[Block, ...] = ()
    found_by: str = ""
    links: frozenset[str] = frozenset()


def parse_page(text: str) -> Any:
    """The tree of a page for every reader of it; None where nothing is left to parse."""
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    raw = text.replace("\x00", "").encode("utf-8", "replace")
    try:
        root = lxml_html.document_fromstring(raw, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root if len(root) else None


def find_article(root: Any) -> Article:
    """The article of a parsed page; empty where it holds none. `root` is made ready in place."""
    _drop_cards(root)
    _drop_other_stories(root)
    _join_parts(root)
    blocks, by = _by_trafilatura(root), "trafilatura"
    if size_of(blocks) < SHORTEST:
        others = _by_readability(root)
        if size_of(others) > 2 * size_of(blocks):
            blocks, by = others, "readability"
    return Article(whole(blocks, root), by, frozenset(_linked_lines(root)))


def size_of(blocks: Iterable[Block]) -> int:
    """Characters of paragraphs and items."""
    return sum(len(block.text) for block in blocks if block.kind != "heading")


def _by_trafilatura(root: Any) -> tuple[Block, ...]:
    from trafilatura import extract

    try:
        found = extract(
            root,
            favor_precision=True,
            include_comments=False,
            with_metadata=False,
            output_format="html",
        )
    except Exception:
        # trafilatura 2.3.1 lets errors of its parsers through on damaged pages.
        return ()
    return read_markup(found).blocks if isinstance(found, str) else ()


def _by_readability(root: Any) -> tuple[Block, ...]:
    """What the maintained fork of readability-lxml that trafilatura carries finds."""
    from copy import deepcopy

    from trafilatura.readability_lxml import Document

    try:
        found = Document(deepcopy(root)).summary()
    except Exception:
        return ()
    return read_markup(found).blocks


def _linked_lines(root: Any) -> Iterator[str]:
    """The lines of a page that are nothing but links.

    Read here, since trafilatura 2.3.1 glues words together where it is asked to keep links.
    """
    for node in root.iter("p", "li", "h2", "h3", "h4", "strong"):
        anchors = list(node.iter("a"))
        inside = sum(_letters("".join(a.itertext())) for a in anchors)
        text = "".join(node.itertext())
        share = 0.7 if len(anchors) > 1 else 0.9
        if inside and inside >= share * _letters(text):
            yield clean_text(text)


def _letters(text: str) -> int:
    return sum(c.isalnum() for c in text)


_CARD = re.compile(r"tooltip|popover|popup|hover-?card|rollover", re.IGNORECASE)


def _drop_cards(root: Any) -> None:
    """Remove what unfolds over a sentence when it is pointed at: its words stand inside."""
    for node in list(root.iter("span", "div")):
        names = f"{node.get('class') or ''} {node.get('role') or ''}"
        within = node.getparent()
        if within is None or not _CARD.search(names) or within.tag not in ("p", "span", "a", "li"):
            continue
        if sum(1 for _ in node.iter("a")) >= 2:
            if _CARD.search(within.get("class") or ""):
                node.drop_tree()
            elif len(node) > 1:
                for child in list(node)[1:]:
                    child.drop_tree()


def _drop_other_stories(root: Any) -> None:
    """Remove articles that link to a page of their own, beside the one under the page's heading."""
    stories = [node for node in root.iter("article") if not _inside_article(node)]
    own = [node for node in stories if next(node.iter("h1"), None) is not None]
    if len(own) != 1 or len(stories) < 2:
        return
    title = root.find(".//head/title")
    heading = _plain(next(own[0].iter("h1")))
    if title is None or not heading or heading not in _plain(title) or _words(own[0]) < SHORTEST:
        return  # the article may be another of them
    for node in stories:
        if node is not own[0] and _leads_elsewhere(node):
            node.drop_tree()


def _plain(node: Any) -> str:
    """The letters and figures of an element, in lower case."""
    return "".join(c for c in "".join(node.itertext()).lower() if c.isalnum())


def _words(node: Any) -> int:
    """Characters that an element shows."""
    shown = (text for text in node.itertext(etree.Element) if text)
    return sum(len(text.strip()) for text in shown)


def _inside_article(node: Any) -> bool:
    return next(node.iterancestors("article"), None) is not None


def _leads_elsewhere(node: Any) -> bool:
    """Whether a story's heading is a link, or it bears one marked as its permanent address."""
    if any("bookmark" in (a.get("rel") or "") for a in node.iter("a")):
        return True
    return any(next(h.iter("a"), None) is not None for h in node.iter("h2", "h3", "h4"))


_BODY = re.compile(
    r"(?:article|story|post|entry|content|text|main)[-_]*(?:body|content|text|copy|container)|"
    r"\bbody[-_]",
    re.IGNORECASE,
)
_MOST_PARTS = 12


def _join_parts(root: Any) -> None:
    """Put a body that stands in several containers of one kind (between advertisements) into one.

    Containers that have a heading of their own are stories of their own.
    """
    groups: dict[tuple[str, str], list[Any]] = {}
    for node in root.iter("div", "section"):
        names = node.get("class") or ""
        if names and _BODY.search(names) and _is_prose(node):
            groups.setdefault((node.tag, names), []).append(node)
    for (_, names), nodes in groups.items():
        if not 2 <= len(nodes) <= _MOST_PARTS or any(_heads(node) for node in nodes[1:]):
            continue
        first, rest = nodes[0], nodes[1:]
        if any(node in first.iterdescendants() or first in node.iterdescendants() for node in rest):
            continue
        if len({node.get("id") or names for node in nodes}) not in (1, len(nodes)):
            continue
        for node in rest:
            first.extend(list(node))


def _is_prose(node: Any) -> bool:
    """Whether paragraphs of some length stand right inside."""
    return any(len("".join(p.itertext())) >= 80 for p in node.iterchildren("p"))


def _heads(node: Any) -> bool:
    return any(next(head.iter("a"), None) is not None for head in node.iter("h1", "h2", "h3")) or (
        next(node.iter("h1"), None) is not None
    )
