"""Markup to plain text: blocks, paragraphs, titles, pictures. Pure, and safe on hostile input.

The tree is libxml2's, read without network, entities or recursion; scripts, styles, forms and
hidden elements never reach the text.
"""

from __future__ import annotations

import html as html_words
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from lxml import etree

MAX_MARKUP = 2_000_000
"""Characters of one piece of markup that are read; a longer piece is cut there."""

BlockKind = Literal["paragraph", "item", "heading", "caption", "pullquote", "aside", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document in reading order: its kind, and its text on one line."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An `<img>` as written: `src` is not resolved; sizes are pixels where the markup says."""

    src: str
    alt: str = ""
    caption: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Markup:
    """What a piece of markup holds."""

    blocks: tuple[Block, ...] = ()
    pictures: tuple[Picture, ...] = ()


_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)?"  # operating system commands: title, links
    r"|[\x1b\x9b]\[?[0-?]{0,64}[ -/]{0,8}[@-~]"  # control sequences: color, cursor
)
# Controls, zero-width spaces, soft hyphens, direction overrides (they reorder what follows),
# surrogates and non-characters. Joiners and direction marks stay: scripts need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]"
)
_SPACE = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def without_escapes(text: str) -> str:
    """`text` without the sequences by which a terminal is steered."""
    return _ESCAPES.sub("", text)


def clean_text(text: str) -> str:
    """`text` on one line: no controls or terminal escapes, NFC, white space collapsed."""
    if not text:
        return ""
    if not text.isascii() or not text.isprintable():
        if "\x1b" in text or "\x9b" in text:
            text = without_escapes(text)
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(text.split())


def clean_paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of plain text (separated by blank lines), each cleaned to one line."""
    rough = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n\n")
    return tuple(filter(None, (clean_text(piece) for piece in _BLANK_LINE.split(rough))))


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SKIP = _names(
    "script style noscript template iframe object svg math canvas audio video form button "
    "select input textarea nav head title dialog menu"
)
_KINDS: dict[str, BlockKind] = {
    "li": "item", "dd": "item", "dt": "item", "figcaption": "caption", "caption": "caption",
    "pre": "code", "aside": "aside",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
}  # fmt: skip
_BOUNDARIES = _names(
    "p div section article main header footer ul ol dl blockquote table thead tbody tr td th "
    "figure hr address center body html details summary fieldset"
) | frozenset(_KINDS)
_CREDITS = _names("span small cite")
_CAPTION_CLASS = re.compile(r"(?:^|[\s_-])(?:wp-)?(?:image-|media-|photo-)?caption", re.IGNORECASE)
_PULL_CLASS = re.compile(r"pull-?quote", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LAZY_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-orig-file")


def read_markup(html: str) -> Markup:
    """The blocks and pictures of an HTML document or fragment; never raises on bad markup."""
    html = html[:MAX_MARKUP]
    if "<" not in html:
        words = html_words.unescape(html) if "&" in html else html
        return Markup(tuple(Block("paragraph", p) for p in clean_paragraphs(words)))
    root = parse_html(html)
    return read_tree(root) if root is not None else Markup()


def read_tree(root: Any) -> Markup:
    """The blocks and pictures of a document that is parsed already; the tree stays as it is."""
    walk = _Walk()
    walk.run(root)
    return Markup(tuple(walk.blocks), tuple(walk.pictures))


def parse_html(html: str) -> Any:
    """The lxml tree of `html`, or None where nothing is left to parse."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    if len(html) > _LONG_TAG:
        html = _OPENED.sub(_without_attributes, html)
    raw = html.replace("\x00", "").encode("utf-8", "replace")
    try:
        return etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


# libxml2's time for one tag grows with the square of its attributes (2.14: 20,000 take 0.4 s).
_LONG_TAG = 5_000
_MOST_ATTRIBUTES = 500
_OPENED = re.compile(r"<[a-zA-Z](?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+")
_QUOTED = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')")


def _without_attributes(hit: re.Match[str]) -> str:
    """A tag as it is, or its name alone where it has too many attributes."""
    if len(hit[0]) <= _LONG_TAG:
        return hit[0]
    bare = _QUOTED.sub("= ", hit[0])
    many = len(re.findall(r"[\s/]++[^\s/]", bare)) > _MOST_ATTRIBUTES
    return re.split(r"[\s/]", hit[0], maxsplit=1)[0] if many else hit[0]


class _Walk:
    """One pass over a tree that cuts its text into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pictures: list[Picture] = []
        self._words: list[str] = []
        self._kinds: list[BlockKind] = ["paragraph"]
        self._breaks = 0
        self._figure = -1
        self._skipping = False

    def run(self, root: Any) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, node in walker:
            if event == "start":
                self._skipping = self._start(node)
                if self._skipping:
                    walker.skip_subtree()  # its end comes next
            else:
                self._end(node)
        self._flush()

    def _start(self, node: Any) -> bool:
        """Open an element; True where nothing inside it is read."""
        tag = node.tag
        if tag in _SKIP or _is_hidden(node):
            return True
        if tag == "img":
            self._picture(node)
        elif tag == "br":
            self._breaks += 1
            if self._breaks > 1 and self._kinds[-1] != "caption":
                self._flush()
            self._words.append("\n")
        else:
            kind = _kind_of(node, self._kinds[-1])
            if kind == self._kinds[-1] == "caption":
                self._part_in_caption(tag)
            elif tag in _BOUNDARIES or kind != self._kinds[-1]:
                self._flush()
            self._kinds.append(kind)
            if tag == "figure":
                self._figure = len(self.pictures)
            self._say(node.text)
        return False

    def _end(self, node: Any) -> None:
        tag = node.tag
        if self._skipping:
            self._skipping = False
        elif tag not in ("img", "br"):
            kind = self._kinds[-1] if len(self._kinds) > 1 else "paragraph"
            if len(self._kinds) > 1 and kind == self._kinds[-2] == "caption":
                self._part_in_caption(tag)
            elif tag in _BOUNDARIES or (len(self._kinds) > 1 and kind != self._kinds[-2]):
                self._flush()
            if len(self._kinds) > 1:
                self._kinds.pop()
            if tag == "figure":
                self._figure = -1
        self._say(node.tail)

    def _say(self, words: str | None) -> None:
        if words:
            if not words.isspace():
                self._breaks = 0
            self._words.append(words)

    def _part_in_caption(self, tag: str) -> None:
        """A caption is one block: what stands in an element of its own joins it by a space.

        A `<span>` is often styled as a line of its own, for the credit behind the sentence.
        """
        ends = bool(self._words) and self._words[-1].endswith((".", "!", "?", "”", "…", ":"))
        if tag in _BOUNDARIES or (ends and tag in _CREDITS):
            self._words.append(" ")

    def _flush(self) -> None:
        text = clean_text("".join(self._words))
        self._words.clear()
        self._breaks = 0
        if not text:
            return
        kind = self._kinds[-1]
        self.blocks.append(Block(kind, text))
        if kind == "caption" and 0 <= self._figure < len(self.pictures):
            first = self.pictures[self._figure]
            self.pictures[self._figure] = Picture(
                first.src, first.alt, text, first.width, first.height
            )

    def _picture(self, node: Any) -> None:
        found = [clean_text(node.get(key) or "") for key in _LAZY_SOURCES]
        real = [src for src in found if src and not src.startswith("data:")]
        if real:
            width, height = pixels(node.get("width")), pixels(node.get("height"))
            alt = clean_text(node.get("alt") or "")
            self.pictures.append(Picture(real[0], alt, "", width, height))


def _kind_of(node: Any, around: BlockKind) -> BlockKind:
    if around in ("caption", "code", "pullquote", "aside"):
        return around
    kind = _KINDS.get(node.tag)
    if kind:
        return kind
    names = node.get("class")
    kind = _kind_of_class(names) if names else None
    if kind == "caption" and node.tag not in ("p", "div", "span", "dd", "small", "em"):
        return around
    return kind or around


@lru_cache(maxsize=4096)
def _kind_of_class(names: str) -> BlockKind | None:
    if _PULL_CLASS.search(names):
        return "pullquote"
    return "caption" if _CAPTION_CLASS.search(names) else None


def _is_hidden(node: Any) -> bool:
    if node.get("hidden") is not None:
        return True
    style = node.get("style")
    return bool(style) and _HIDDEN.search(style) is not None


def pixels(raw: str | None) -> int | None:
    """A width or height as written (`640`, `640px`) in pixels; None where it is no plain size."""
    hit = re.fullmatch(r"\s*([0-9]{1,5})(?:\.[0-9]{1,9})?\s*(?:px)?\s*", raw or "")
    return int(hit[1]) if hit and int(hit[1]) > 0 else None


def html_to_paragraphs(html: str) -> tuple[str, ...]:
    """The body paragraphs and list items of `html`, each on one line, captions and code left out.

    Code is read only where a document has nothing else.
    """
    blocks = read_markup(html).blocks
    body = tuple(b.text for b in blocks if b.kind in ("paragraph", "item"))
    return body or tuple(b.text for b in blocks if b.kind == "code")


def strip_markup(html: str) -> str:
    """All readable text of `html` on one line."""
    if "<" not in html and "&" not in html:
        return clean_text(html)
    return clean_text(" ".join(block.text for block in read_markup(html).blocks))


def up_to(text: str, mark: str, most: int) -> str:
    """`text` up to a number of marks: of tags ("<"), or of lines."""
    if text.count(mark) <= most:
        return text
    at = 0
    for _ in range(most):
        at = text.index(mark, at) + 1
    return text[: at - 1]


def links(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each `<a>` and `<link>` of `html`: its `href` as written, and its attributes."""
    root = parse_html(html[:MAX_MARKUP])
    if root is None:
        return
    for node in root.iter("a", "link"):
        href = clean_text(node.get("href") or "")
        if href:
            yield href, {str(key): clean_text(str(value)) for key, value in node.attrib.items()}
