"""Which words of a block name a story: its headline, where it leads, and what is said behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from digest.exchange.blocks import Block, Piece
from digest.exchange.frame import bare, is_beside, is_more, link_frame
from digest.exchange.phrases import ALSO, NOTE
from digest.exchange.wrapped import unwrapped
from digest.text.markup import clean_text
from digest.text.urls import safe_link, without_tracking
from digest.text.verbatim import ends_cut

Resolve = Callable[[str], str]
"""The address of a link as a story may have it, "" where it leads to no page."""

_SEPARATORS = " \t\n|·•–—-:;,.)]>→»：；，、。）】"
_MARKS = " \t\n*•·–—-|>»→(\u00a0"
_NUMBER = re.compile(r"^\s*(?:no\.?\s*|#)?\d{1,3}\s*[.):/-]?\s*$", re.IGNORECASE)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।", "۔")
_CLOSERS = "\"'”’»)]」』†‡*"
_ALSO = re.compile(ALSO, re.IGNORECASE)
_NOTE = re.compile(NOTE + r"\s*[:：]\s*", re.IGNORECASE)
_FOOTMARK = re.compile(r"\s*[†‡]$")
LONGEST_TITLE = 500
_LONGEST_LINE = 200
"""Characters of words that no link names and that may be a headline still."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link of a block, and where its words stand among the pieces: [start, end)."""

    text: str
    url: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Head:
    """A headline with its address, and what the same block says of it.

    `by` is what tells it: the link itself, bold words before one, or words before a "Read more".
    """

    title: str
    url: str
    blurb: str = ""
    by: Literal["link", "bold", "more"] = "link"


def resolver(base: str) -> Resolve:
    """How addresses are read in a newsletter that stands at `base`, "" where that is not known."""

    def resolve(href: str) -> str:
        if not href or href.startswith("#") or link_frame(href):
            return ""
        link = safe_link(href, base) if base or re.match(r"(?i)https?:|//", href) else None
        if not link or not link.startswith("http"):
            return ""
        link = unwrapped(link)
        return "" if link_frame(link) else without_tracking(link)

    return resolve


def anchors(block: Block, resolve: Resolve) -> tuple[Anchor, ...]:
    """The links of a block that lead to a page; neighbors with one address are one link."""
    found: list[Anchor] = []
    for at, piece in enumerate(block.pieces):
        url = resolve(piece.href) if piece.href else ""
        if not url:
            continue
        last = found[-1] if found else None
        if last and last.end == at and last.url == url:
            found[-1] = replace(last, text=last.text + piece.text, end=at + 1)
        else:
            found.append(Anchor(piece.text, url, at, at + 1))
    kept = (replace(anchor, text=clean_text(anchor.text)) for anchor in found)
    return tuple(anchor for anchor in kept if anchor.text)


def names(anchor: Anchor) -> bool:
    """Whether a link's words may be a headline."""
    return not is_more(anchor.text, anchor.url) and not is_beside(anchor.text)


def main_anchor(block: Block, links: Sequence[Anchor]) -> Anchor | None:
    """The link that covers most of a heading."""
    named = [anchor for anchor in links if anchor.text]
    best = max(named, key=lambda anchor: len(anchor.text), default=None)
    if best is None:
        return None
    pieces = block.pieces
    around = bare(said(pieces[: best.start]) + " " + said(pieces[best.end :]))
    return best if len(best.text) >= len(around) or (names(best) and not around) else None


def item_head(block: Block, resolve: Resolve) -> Head | None:
    """The story of a list item: its first link that says something; else what stands before one."""
    links = anchors(block, resolve)
    first = next((anchor for anchor in links if names(anchor)), None)
    if first is None:
        return _by_more(block, links)
    rest = _rest(block.pieces[first.end :], links, first)
    before = said(block.pieces[: first.start])
    return Head(first.text, first.url, _told(block, before, first.text, rest))


def paragraph_head(block: Block, resolve: Resolve) -> Head | None:
    """The story of a paragraph that a link opens or fills; None where links stand in its prose."""
    links = anchors(block, resolve)
    if not links or (_ALSO.match(block.text) and len(block.text) > len(links[0].text)):
        return None
    first = next((anchor for anchor in links if names(anchor)), None)
    if first is not None:
        before = said(block.pieces[: first.start])
        rest = _rest(block.pieces[first.end :], links, first)
        if not before.strip(_MARKS) or _NUMBER.match(before) or _is_label(before):
            if _opens(first, rest):
                return Head(first.text, first.url, _told(block, "", first.text, rest))
        elif len(first.text) * 2 >= len(block.text):
            return Head(first.text, first.url)
    bold = _bold_opening(block)
    if bold and len(bold) < len(block.text):
        end = links[-1].start if links[-1].end == len(block.pieces) else len(block.pieces)
        whole = said(block.pieces[:end])
        # A link behind the last sentence is a way to read on; one inside a sentence is of it.
        behind = (whole if ends(whole) else block.text)[len(bold) :]
        told = prose_of(behind.strip(" –—:|·"))
        return Head(bold.strip(_SEPARATORS), links[0].url, told, by="bold")
    if len(links) == 1 and is_more(links[0].text, links[0].url):
        return _by_more(block, links)
    return None


def links_only(block: Block, resolve: Resolve) -> tuple[Head, ...]:
    """The stories of a line that is nothing but headlines: "[A long one](…) · [Another](…)"."""
    links = anchors(block, resolve)
    if len(links) < 2 or not all(names(a) and len(a.text.split()) >= 3 for a in links):
        return ()
    between = [p.text for at, p in enumerate(block.pieces) if not _in(at, links)]
    if any(bare(words) not in ("", "and", "und", "et", "y", "&") for words in between):
        return ()
    return tuple(Head(anchor.text, anchor.url) for anchor in links)


def more_url(block: Block, resolve: Resolve) -> str:
    """Where the "Read more" at the end of a block leads; "" where there is none."""
    links = anchors(block, resolve)
    if links and is_more(links[-1].text, links[-1].url):
        behind = bare(said(block.pieces[links[-1].end :]))
        return links[-1].url if not behind else ""
    return ""


def prose_of_block(block: Block, resolve: Resolve) -> str:
    """The words of a paragraph that is prose, without its "Read more"; "" of what is none."""
    if _ALSO.match(block.text) or note_of(block.text):
        return ""
    links = anchors(block, resolve)
    end = len(block.pieces)
    while links and links[-1].end == end and is_more(links[-1].text, links[-1].url):
        end = links[-1].start
        links = links[:-1]
        while end and not block.pieces[end - 1].text.strip(" \n"):
            end -= 1
    return prose_of(said(block.pieces[:end]))


def prose_of(text: str) -> str:
    """`text` where it is prose, and "" where it is a byline, a date, a row of facts."""
    plain = _FOOTMARK.sub("", clean_text(text).rstrip("([ ").strip())
    if not plain:
        return ""
    count = len(plain.split()) + len(_WIDE.findall(plain)) // 2
    if ends(plain):
        return plain if count >= 2 else ""
    if re.search(r"\s[·|•]\s", plain) and count <= 30:
        return ""
    return plain if count >= 8 else ""


def ends(text: str) -> bool:
    """Whether `text` ends as a sentence does, or as one that was cut."""
    return text.rstrip(_CLOSERS).endswith(_ENDS) or ends_cut(text)


def note_of(text: str) -> str:
    """The words of an editor's note; "" of what is none."""
    hit = _NOTE.match(text)
    return text[hit.end() :].strip() if hit else ""


def is_also(text: str) -> bool:
    """Whether a line leads to others who tell the same."""
    return _ALSO.match(text) is not None


def said(pieces: Sequence[Piece]) -> str:
    """The words of some pieces on one line."""
    return clean_text("".join(piece.text for piece in pieces))


def _by_more(block: Block, links: Sequence[Anchor]) -> Head | None:
    """A headline beside a link that does not name it: "The night ferry is back (example.org)"."""
    more = next((a for a in links if is_more(a.text, a.url)), None)
    if more is None:
        return None
    before = said(block.pieces[: more.start]).rstrip(" (|·–—-:→>\u00a0")
    if before:
        return _before_more(block, before, more)
    behind = said(block.pieces[more.end :]).strip(_SEPARATORS)
    if behind:
        return Head(behind, more.url, by="more") if len(behind) <= _LONGEST_LINE else None
    shown = more.text.strip()
    is_address = shown.startswith(("http://", "https://")) or re.search(r"\w\.\w", shown)
    return Head(shown, more.url, by="more") if is_address else None


def _before_more(block: Block, before: str, more: Anchor) -> Head | None:
    """The same of the words before the link: bold ones, a first line, or all of a short row."""
    bold = _bold_opening(block)
    if bold and len(bold) < len(before):
        told = prose_of(before[len(bold) :].strip(" –—:"))
        return Head(bold.strip(_SEPARATORS), more.url, told, by="bold")
    rows = block.lines()
    if len(rows) > 1 and rows[0].text != more.text and len(rows[0].text) <= _LONGEST_LINE:
        title = rows[0].text
        return Head(title, more.url, prose_of(before.removeprefix(title)), by="more")
    return Head(before, more.url, by="more") if len(before) <= _LONGEST_LINE else None


def _rest(pieces: Sequence[Piece], links: Sequence[Anchor], first: Anchor) -> str:
    """What stands behind a headline, without a "Read more" or "comments" at its end."""
    shift = first.end
    end = len(pieces)
    for anchor in reversed(links):
        if anchor.start < shift or names(anchor):
            break
        if bare(said(pieces[anchor.end - shift : end])):
            break
        end = anchor.start - shift
    return said(pieces[:end])


def _told(block: Block, before: str, title: str, rest: str) -> str:
    """The blurb beside a headline: the words behind it, or the sentence that it is part of."""
    goes_on = bool(rest) and rest[0].islower() and not rest.startswith("by ")
    if goes_on or (len(before.split()) > 3 and not before.rstrip().endswith((":", "|", "–", "—"))):
        whole = said(block.pieces)
        return prose_of(whole) if len(whole) > len(title) + 8 else ""
    return prose_of(rest.lstrip(_SEPARATORS))


def _opens(anchor: Anchor, rest: str) -> bool:
    """Whether a link at the begin of a paragraph is a headline, rather than part of a sentence."""
    if not rest or rest[0] in "–—-|:·•(,.;[†‡" or len(anchor.text) >= len(rest):
        return True
    long = len(anchor.text.split()) >= 4 or len(_WIDE.findall(anchor.text)) >= 6
    return long or (not rest[0].islower() and len(anchor.text.split()) >= 2)


def _is_label(before: str) -> bool:
    """A word or three before a headline: "Video:", "[PDF]", "🎉"."""
    words = before.strip()
    return len(words.split()) <= 3 and (
        words.endswith((":", "|", "]", ")", "–", "—", "：")) or not any(c.isalnum() for c in words)
    )


def _bold_opening(block: Block) -> str:
    """The bold words that open a block, where they are two or more."""
    pieces = list(block.pieces)
    while pieces and not pieces[0].text.strip(_MARKS):
        pieces.pop(0)
    run: list[Piece] = []
    for piece in pieces:
        if not piece.strong and piece.text.strip():
            break
        run.append(piece)
    text = said(run)
    if not block.text.startswith(text) or len(text) > 200:
        return ""
    return text if len(text.split()) >= 2 or len(_WIDE.findall(text)) >= 4 else ""


def _in(at: int, links: Sequence[Anchor]) -> bool:
    return any(anchor.start <= at < anchor.end for anchor in links)
