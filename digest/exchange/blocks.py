"""A newsletter's HTML as blocks in reading order, each with its links, and where it stands.

The tree is that of `digest.text.markup`: scripts, forms and comments never reach a block, and what
is hidden is kept apart, since mail hides its preheader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from lxml import etree

from digest.exchange.phrases import PLACES
from digest.text.markup import clean_text, parse_html

Kind = Literal["heading", "paragraph", "item", "quote", "caption", "rule"]
MOST_BLOCKS = 20_000
"""Blocks of one newsletter that are read; a longer one is cut there."""
_LONGEST = 20_000
"""Characters of one block that are read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a block, as they stand; `href` is that of the link around them, or ""."""

    text: str
    href: str = ""
    strong: bool = False
    em: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph or item on its own.

    `level` is that of a heading, 1 to 6, or the depth of an item, from 1. `item` is the number of
    the innermost list item around it, 0 outside of lists. `aside` says as what its container is
    left out: `footer`, `navigation`, `sponsor`; "" where it is the newsletter's own.
    """

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    level: int = 0
    item: int = 0
    aside: str = ""

    @property
    def text(self) -> str:
        """All words of the block on one line."""
        return clean_text("".join(piece.text for piece in self.pieces))

    def lines(self) -> tuple[Block, ...]:
        """The block, a block for each of its lines (`<br>`)."""
        rows: list[list[Piece]] = [[]]
        for piece in self.pieces:
            for number, words in enumerate(piece.text.split("\n")):
                if number:
                    rows.append([])
                if words:
                    rows[-1].append(replace(piece, text=words))
        made = (replace(self, pieces=tuple(row)) for row in rows)
        return tuple(block for block in made if block.text)


@dataclass(frozen=True, slots=True)
class Page:
    """A newsletter's HTML in blocks.

    `metas` are the values of `<meta>` and `<time>` elements by name, in lower case; `hidden` is
    what a reader does not see, such as the preheader of a mail.
    """

    blocks: tuple[Block, ...] = ()
    title: str = ""
    metas: tuple[tuple[str, str], ...] = ()
    hidden: str = ""
    base: str = ""
    pictures: int = 0


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SKIP = _names(
    "script style noscript template iframe object svg math canvas audio video form button select "
    "input textarea head dialog menu"
)
_BOUNDARIES = _names(
    "p div section article main header footer ul ol dl blockquote table thead tbody tr td th "
    "figure address center body html details summary fieldset li dd dt figcaption caption pre "
    "aside nav h1 h2 h3 h4 h5 h6"
)
_ASIDE_TAGS = {"nav": "navigation", "footer": "footer"}
_ROLES = {"navigation": "navigation", "contentinfo": "footer"}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:wp-)?(?:image-|media-|photo-)?(?:caption|credit)s?", re.IGNORECASE
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ODD_SPACE = re.compile(r"[\s\u034f\u00ad\u200b-\u200f\u2007\u2060\ufeff]+")


def read_page(html: str, *, by_name: bool = True, bare_links: bool = True) -> Page:
    """The blocks of `html`; never raises on bad markup.

    Without `by_name`, what is called "footer" or "sponsor" is read as all else is; without
    `bare_links`, an address among the words is words.
    """
    root = parse_html(html)
    if root is None:
        return Page()
    walk = _Walk(by_name=by_name, bare_links=bare_links)
    walk.run(root)
    return Page(
        blocks=tuple(walk.blocks),
        title=_title(root),
        metas=tuple(_metas(root)),
        hidden=clean_text(_ODD_SPACE.sub(" ", " ".join(walk.hidden)))[:500],
        base=_base(root),
        pictures=walk.pictures,
    )


def _title(root: Any) -> str:
    node = next(root.iter("title"), None)
    return clean_text("".join(node.itertext())) if node is not None else ""


def _metas(root: Any) -> Iterator[tuple[str, str]]:
    for node in root.iter("meta", "time"):
        if node.tag == "time":
            yield "time", clean_text(node.get("datetime") or "")
            continue
        name = node.get("property") or node.get("name") or node.get("itemprop") or ""
        yield clean_text(name).lower(), clean_text(node.get("content") or "")


def _base(root: Any) -> str:
    for node in root.iter("link", "base"):
        if node.tag == "base" or "canonical" in (node.get("rel") or "").lower():
            return clean_text(node.get("href") or "")
    return ""


@dataclass(slots=True)
class _Around:
    """What holds for the words inside an element."""

    kind: Kind
    level: int
    item: int
    aside: str
    href: str
    strong: bool
    em: bool


class _Walk:
    """One pass over a tree that cuts it into blocks."""

    def __init__(self, *, by_name: bool, bare_links: bool) -> None:
        self.blocks: list[Block] = []
        self.hidden: list[str] = []
        self.pictures = 0
        self._by_name = by_name
        self._bare_links = bare_links
        self._pieces: list[Piece] = []
        self._stack = [_Around("paragraph", 0, 0, "", "", strong=False, em=False)]
        self._items = 0
        self._depth = 0
        self._breaks = 0
        self._skipping = False

    def run(self, root: Any) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, node in walker:
            if len(self.blocks) >= MOST_BLOCKS:
                break
            if event == "start":
                self._skipping = self._start(node)
                if self._skipping:
                    walker.skip_subtree()
            else:
                self._end(node)
        self._flush()

    def _start(self, node: Any) -> bool:
        tag = node.tag
        if tag in _SKIP:
            return True
        if _is_hidden(node):
            if len(self.hidden) < 5:
                self.hidden.append("".join(node.itertext())[:2000])
            return True
        if tag in _BOUNDARIES:
            self._flush()
        if tag == "br":
            self._breaks += 1
            if self._breaks > 1:
                self._flush()
            else:
                self._pieces.append(Piece("\n", href=self._stack[-1].href))
        elif tag == "hr":
            self._flush()
            self.blocks.append(Block("rule"))
        elif tag == "img":
            self.pictures += 1
        around = self._inside(node)
        self._stack.append(around)
        self._say(node.text)
        return False

    def _inside(self, node: Any) -> _Around:
        up, tag = self._stack[-1], node.tag
        around = _Around(up.kind, up.level, up.item, up.aside, up.href, strong=up.strong, em=up.em)
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            around.kind, around.level = "heading", int(tag[1])
        elif tag in ("li", "dd", "dt"):
            self._items += 1
            around.kind, around.item = "item", self._items
            # What a term is defined by stands one step below it.
            around.level = (up.level if up.kind == "item" else 0) + (2 if tag == "dd" else 1)
        elif tag == "blockquote":
            around.kind = "quote"
        elif tag in ("figcaption", "caption") or _is_caption(node):
            around.kind = "caption"
        elif tag == "a":
            around.href = clean_text(node.get("href") or "")
        elif tag in ("strong", "b"):
            around.strong = True
        elif tag in ("em", "i"):
            around.em = True
        if not around.aside:
            around.aside = self._aside(node)
        return around

    def _aside(self, node: Any) -> str:
        if node.tag == "header" and not any(
            up.tag in ("article", "section", "li", "main", "td") for up in node.iterancestors()
        ):
            return "masthead"
        found = _ASIDE_TAGS.get(node.tag) or _ROLES.get(node.get("role") or "")
        if found:
            return found
        if not self._by_name or node.tag in ("html", "body", "main", "article"):
            return ""
        names = f"{node.get('class') or ''} {node.get('id') or ''}"[:300]
        if names == " ":
            return ""
        words = re.split(r"[\s_-]+", _CAMEL.sub("-", names).lower())
        return next((PLACES[word] for word in words if word in PLACES), "")

    def _end(self, node: Any) -> None:
        if self._skipping:
            self._skipping = False
        else:
            if node.tag in _BOUNDARIES:
                self._flush()
            if len(self._stack) > 1:
                self._stack.pop()
        self._say(node.tail)

    def _say(self, words: str | None) -> None:
        if not words:
            return
        plain = re.sub(r"\s+", " ", words)
        if plain != " ":
            self._breaks = 0
        around = self._stack[-1]
        self._pieces.append(Piece(plain, around.href, around.strong, around.em))

    def _flush(self) -> None:
        pieces, self._pieces, self._breaks = self._pieces, [], 0
        if not any(piece.text.strip() for piece in pieces):
            return
        around = self._stack[-1]
        self.blocks.append(
            Block(
                around.kind,
                tuple(_bounded(pieces, bare_links=self._bare_links)),
                level=around.level,
                item=around.item,
                aside=around.aside,
            )
        )


def _is_caption(node: Any) -> bool:
    return node.tag in ("p", "div", "small", "td") and bool(
        _CAPTION.search(node.get("class") or "")
    )


def _is_hidden(node: Any) -> bool:
    if node.get("hidden") is not None:
        return True
    style = node.get("style")
    return bool(style) and _HIDDEN.search(style) is not None


_BARE = re.compile(r"https?://[^\s<>\"]{4,2000}[^\s<>\".,;:!?)\]'’”]")


def _bounded(pieces: list[Piece], *, bare_links: bool) -> Iterator[Piece]:
    """The pieces up to a bound, addresses that stand bare among the words as links."""
    left = _LONGEST
    for piece in pieces:
        if left <= 0:
            return
        text = piece.text[:left]
        left -= len(text)
        at = 0
        for hit in _BARE.finditer(text) if bare_links and not piece.href else ():
            yield replace(piece, text=text[at : hit.start()])
            yield replace(piece, text=hit[0], href=hit[0])
            at = hit.end()
        yield replace(piece, text=text[at:])
