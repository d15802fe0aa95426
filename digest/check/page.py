"""A rendering as its reader sees it: the visible words, and where what is written in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from digest.check.words import squeezed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# What hides an element with all that it holds. A font size of nothing does not: MJML sets it on
# cells, and their contents set their own.
_HIDDEN = re.compile(
    r"display\s*:\s*none|(?<![\w-])opacity\s*:\s*0(?:\.0*)?\s*(?:;|$|!)", re.IGNORECASE
)
_CONDITION = re.compile(r"\s*(?:<!)?\s*\[(?:if\s|endif\])", re.IGNORECASE)
_NOT_WORD = re.compile(r"\s*\[if\s+!\s*mso\b.{0,40}?\]\s*>\s*<!", re.IGNORECASE)
OPENING = 1000
"""Characters of a page's opening: a preheader, what pads it, and a little of what follows."""

_UNSHOWN = frozenset({"head", "script", "style", "template", "title", "noscript"})


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the body: its attributes, and the squeezed words that it shows.

    `start` and `end` count characters of the page's `words`; they are the same where it shows none,
    inside what is hidden say. `held` counts the elements inside it, which follow it in the page's
    `contents`.
    """

    tag: str
    attributes: Mapping[str, str]
    start: int
    end: int
    held: int = 0
    hidden: bool = False

    def get(self, name: str) -> str | None:
        """An attribute, or None where it is not written."""
        return self.attributes.get(name)


class Style(NamedTuple):
    """The text of a `<style>` and its `media` attribute, "" where it has none."""

    text: str
    media: str


@dataclass(frozen=True, slots=True)
class Page:
    """The visible words of a rendering, squeezed, and the places at which units begin and end.

    A unit of HTML is an element or a run of text between two tags; a unit of plain text is a run
    that touches no letter or digit on either side. `contents` are the elements of the body,
    `outside` all others. `texts` are the runs, or the lines, as they are written, each with its
    place; `opening` the first words of the body, hidden ones too: what inboxes show of a mail.
    `unlike_word` are the numbers of those in `contents` that Outlook on Windows is told to skip
    (`<!--[if !mso]><!-->`). `root` is the tree, for whoever asks which element holds which: nobody
    changes it.
    """

    words: str
    units: frozenset[tuple[int, int]] | None
    lines: tuple[int, ...] = ()
    starts: frozenset[int] = frozenset()
    contents: tuple[Element, ...] = ()
    sheets: tuple[Style, ...] = ()
    outside: tuple[Element, ...] = ()
    texts: tuple[tuple[int, str], ...] = ()
    opening: str = ""
    unlike_word: frozenset[int] = frozenset()
    root: HtmlElement | None = field(default=None, compare=False, repr=False)

    @property
    def styles(self) -> tuple[str, ...]:
        """The texts of all `<style>` elements."""
        return tuple(style.text for style in self.sheets)

    def find(
        self, words: str, start: int = 0, *, whole: bool = True, outside: Sequence[Element] = ()
    ) -> int:
        """Where `words` are a unit at `start` or after it, or (not `whole`) begin one; else -1.

        What stands inside one of the elements of `outside` is passed over.
        """
        at = self.words.find(words, start)
        while at >= 0 and (
            not self._stands(at, at + len(words), whole=whole)
            or any(e.start <= at and at + len(words) <= e.end for e in outside)
        ):
            at = self.words.find(words, at + 1)
        return at

    def elements(self, *tags: str) -> Iterator[Element]:
        """The elements of these tags, in document order."""
        return (element for element in self.contents if element.tag in tags)

    def seen_by_word(self) -> Iterator[tuple[Element, bool]]:
        """The elements of the body, and whether Outlook on Windows sees each."""
        return ((e, n not in self.unlike_word) for n, e in enumerate(self.contents))

    def nodes(self) -> Iterator[tuple[HtmlElement, Element | None]]:
        """The nodes of the body in document order, with what is known of them: of comments None."""
        body = None if self.root is None else self.root.find("body")
        known = iter(self.contents)
        for node in () if body is None else body.iter():
            yield node, next(known, None) if isinstance(node.tag, str) else None

    def links(self) -> Iterator[tuple[Element, tuple[Element, ...]]]:
        """Each link with the elements inside it."""
        for number, element in enumerate(self.contents):
            if element.tag in {"a", "area"}:
                yield element, self.contents[number + 1 : number + 1 + element.held]

    def runs(self) -> Iterator[str]:
        """The squeezed words of each unit, or line of text, in order."""
        if self.units is not None:
            yield from (self.words[a:b] for a, b in sorted(self.units))
        else:
            for start, end in pairwise((*self.lines, len(self.words))):
                yield self.words[start:end]

    def _stands(self, start: int, end: int, *, whole: bool) -> bool:
        if self.units is not None:
            return (start, end) in self.units if whole else start in self.starts
        return self._edge(start) and self._edge(end)

    def _edge(self, at: int) -> bool:
        """Whether a line ends, or words meet punctuation, just before the character `at`."""
        if at in {0, len(self.words)}:
            return True
        line = bisect_left(self.lines, at)
        if line < len(self.lines) and self.lines[line] == at:
            return True
        return not (self.words[at - 1].isalnum() and self.words[at].isalnum())


def text_page(text: str) -> Page:
    """Plain text as a page."""
    words: list[str] = []
    lines: list[int] = []
    texts: list[tuple[int, str]] = []
    at = 0
    for line in text.splitlines():
        lines.append(at)
        texts.append((at, " ".join(line.split())))
        words.append(squeezed(line))
        at += len(words[-1])
    return Page("".join(words), None, lines=tuple(lines), texts=tuple(texts))


def html_page(markup: str) -> Page:
    """HTML as a page; markup that holds nothing is a page without words."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8")
    try:
        root = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return Page("", frozenset())
    reading = _Reading()
    body = root.find("body")
    if body is not None:
        reading.read(body)
    around = [root, *(node for part in root if part is not body for node in part.iter("*"))]
    sheets = tuple(
        Style(str(style.text or ""), str(style.get("media") or "")) for style in root.iter("style")
    )
    return Page(
        "".join(reading.words),
        frozenset(reading.units),
        starts=frozenset(start for start, _ in reading.units),
        contents=tuple(reading.elements),
        sheets=sheets,
        outside=tuple(Element(str(node.tag), _attributes(node), 0, 0) for node in around),
        unlike_word=frozenset(reading.unlike_word),
        root=root,
        texts=tuple(reading.texts),
        opening="".join(reading.opening)[:OPENING],
    )


@dataclass(slots=True)
class _Reading:
    """Reads a body from top to bottom, without recursion."""

    words: list[str] = field(default_factory=list)
    units: set[tuple[int, int]] = field(default_factory=set)
    elements: list[Element] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    opening: list[str] = field(default_factory=list)
    opened: int = 0
    at: int = 0
    unlike_word: set[int] = field(default_factory=set)
    skipped: bool = False

    def read(self, body: HtmlElement) -> None:
        from lxml import etree

        hidden: list[object] = []
        opened: list[int] = []
        for event, node in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
            if event in {"comment", "pi"}:
                self._open(node.tail)
                self._run(node.tail, visible=not hidden)
                if event == "comment" and _CONDITION.match(str(node.text or "")):
                    self.skipped = bool(_NOT_WORD.match(str(node.text)))
            elif event == "start":
                attributes = _attributes(node)
                if node.tag in _UNSHOWN or _is_hidden(attributes):
                    hidden.append(node)
                opened.append(len(self.elements))
                if self.skipped:
                    self.unlike_word.add(len(self.elements))
                self.elements.append(
                    Element(str(node.tag), attributes, self.at, self.at, hidden=bool(hidden))
                )
                if node.tag not in _UNSHOWN:
                    self._open(node.text)
                self._run(node.text, visible=not hidden)
            else:
                self._close(opened.pop())
                if hidden and hidden[-1] is node:
                    hidden.pop()
                if node is not body:
                    self._open(node.tail)
                    self._run(node.tail, visible=not hidden)

    def _open(self, text: str | None) -> None:
        """Words of the mail's first line, a space where an element ends or begins."""
        if text and self.opened < OPENING:
            self.opening += [text, " "]
            self.opened += len(text) + 1

    def _run(self, text: str | None, *, visible: bool) -> None:
        run = squeezed(text or "") if visible else ""
        if run:
            self.units.add((self.at, self.at + len(run)))
            self.texts.append((self.at, " ".join((text or "").split())))
            self.words.append(run)
            self.at += len(run)

    def _close(self, number: int) -> None:
        opened = self.elements[number]
        self.elements[number] = Element(
            opened.tag,
            opened.attributes,
            opened.start,
            self.at,
            held=len(self.elements) - number - 1,
            hidden=opened.hidden,
        )
        if self.at > opened.start:
            self.units.add((opened.start, self.at))


def _attributes(node: HtmlElement) -> Mapping[str, str]:
    return {str(name): str(value) for name, value in node.attrib.items()}


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))
