"""What of a newsletter is its frame: how to leave it, who pays for it, where else it stands."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from urllib.parse import urlsplit

from digest.exchange.blocks import Block
from digest.exchange.phrases import ASIDES, FRAME, FRAME_LINKS, MORE, MORE_AT
from digest.text.catalogues import translations

_LANGUAGES = ("en", "es", "ja", "ar")
_OWN = (
    "Every text under a headline is made of sentences of its source, as printed.",
    "† marks a publisher's own summary, whole or in part.",
    "‡ marks the editor's words.",
    "You receive %(name)s because you subscribed to it.",
)
"""What this program's own colophons say, in English; the catalogues know the rest."""


@cache
def _colophon() -> re.Pattern[str]:
    """What begins as a line of our own colophons does, in each language that they have."""
    said = (translations(tag).gettext(line) for tag in _LANGUAGES for line in _OWN)
    starts = {
        ".{1,80}?".join(map(re.escape, line.rstrip(".。").split("%(name)s"))) for line in said
    }
    return re.compile(f"(?:{'|'.join(sorted(starts))}).*", re.IGNORECASE)


_LINES = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in FRAME.items())
_LINKS = tuple(
    (reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in FRAME_LINKS.items()
)
_MORE_AT = re.compile(MORE_AT, re.IGNORECASE)
_AROUND = " \t\n.,:;!?…→←»«›‹>|·•–—-*[](){}\u00a0↗⟶➜➡\ufe0f👉🔗"
_AT_PLACE = re.compile(r"(.{2,40}?) (?:at|on|over at|in|bei|auf|sur|en|su) \S{1,60}(?: \S{1,40})?")
_HOST = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,24}(?:[/?#]\S*)?", re.IGNORECASE)
_LONGEST = 300
_BY_PAYER = re.compile(
    r"[(\[](?:sponsor(?:ed)?|ad|advertisement|anzeige|werbung|promoted|partner)[)\]]\s*$"
    r"|^[(\[](?:sponsor(?:ed)?|ad|advertisement|anzeige|werbung|promoted)[)\]]",
    re.IGNORECASE,
)
_SERVICES = re.compile(
    r"(?:twitter|x|facebook|instagram|linkedin|mastodon|bluesky|threads|youtube|tiktok|rss|"
    r"rss feed|discord|slack|telegram|github|pinterest|whatsapp|e-?mail|website)",
    re.IGNORECASE,
)


def bare(text: str) -> str:
    """`text` in lower case without arrows, brackets and stops around it."""
    return text.strip(_AROUND).casefold()


def frame_of(block: Block) -> str:
    """As what a block is left out, such as `unsubscribe`; "" where it is no part of the frame."""
    text = block.text
    if len(text) > _LONGEST:
        return ""
    if _BY_PAYER.search(text):
        return "sponsor"
    if _colophon().match(text):
        return "footer"
    words = bare(text)
    told = "" if _SERVICES.fullmatch(words) and _is_deep(block) else _line(words)
    return told or _by_links(block)


def _by_links(block: Block) -> str:
    """As what a block is left out whose links all lead away from any story."""
    hrefs = {piece.href for piece in block.pieces if piece.href and piece.text.strip()}
    if hrefs and all(href.startswith("#") for href in hrefs):
        return "contents" if _share_linked(block) > 0.5 else ""
    reasons = [link_frame(href) for href in hrefs]
    if reasons and all(reasons):
        return reasons[0]
    links = [bare(p.text) for p in block.pieces if p.href and p.text.strip(_AROUND)]
    if len(links) > 1 and all(_line(text) for text in links):  # "Twitter | Archive | Unsubscribe"
        return _line(links[-1])
    return ""


def is_shut_section(name: str) -> str:
    """As what all that stands below such a heading is left out; "" where it is a section."""
    words = bare(name)
    for reason, pattern in _LINES:
        if reason != "copyright" and pattern.fullmatch(words):
            return reason
    return ""


@lru_cache(maxsize=4096)
def _line(words: str) -> str:
    return next((reason for reason, pattern in _LINES if pattern.fullmatch(words)), "")


def link_frame(href: str) -> str:
    """As what a link is left out by its address; "" where it may lead to a story."""
    return next((reason for reason, pattern in _LINKS if pattern.search(href)), "")


def is_more(text: str, href: str = "") -> bool:
    """Whether a link's words name no story: "Read more", "example.org", "→"."""
    words = bare(text)
    if not words or words in MORE or (len(words) <= 80 and _MORE_AT.fullmatch(words)):
        return True
    named = _AT_PLACE.fullmatch(words)
    if named and named[1] in MORE:  # "Read the full story at example.org"
        return True
    if text.strip() == href or text.strip().startswith(("http://", "https://")):
        return True
    return (
        " " not in words
        and bool(_HOST.fullmatch(words))
        and words.split("/")[0] in (href.casefold())
    )


def is_beside(text: str) -> bool:
    """Whether a link's words lead to talk about a story, or are a number: "12 comments"."""
    words = bare(text)
    plain = re.sub(r"^\d[\d.,k]*\s*|\s*\d[\d.,k]*$", "", words).strip()
    return not plain or plain in ASIDES


def _is_deep(block: Block) -> bool:
    """Whether a block links below the first step of a site: to more than somebody's own page."""
    hrefs = [piece.href for piece in block.pieces if piece.href]
    return any(len([s for s in _path(href).split("/") if s]) > 1 for href in hrefs)


def _path(href: str) -> str:
    try:
        return urlsplit(href).path
    except ValueError:
        return ""


def _share_linked(block: Block) -> float:
    linked = sum(len(piece.text.strip()) for piece in block.pieces if piece.href)
    return linked / max(1, len(block.text))
