"""The names of feeds and sites: without the slogans that stand behind them."""

from __future__ import annotations

import re
import unicodedata

from digest.text.titles import title_text
from digest.text.urls import host

_JOINT = re.compile(r"\s*\|\s*|\s+[–—-]\s+|\s*[»›]\s*")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[A-Za-z]{2,10}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def site_name(raw: str, url: str = "") -> str:
    """The name in a feed's title or a site's own statement; `url` is where the site lives.

    What stands behind a bar or a dash goes where it is a slogan ("Valley Post - All that moves
    the valley"), a list ("Races | Cars | Boats | Bikes"), or where the first part alone is an
    address or the name of the host. All else is kept: "Tech – Post" names a part of the Post.
    An address gives its host.
    """
    name = title_text(raw)
    if _ADDRESS.fullmatch(name):
        return host(name if "://" in name else f"https://{name}") or name
    pieces = [piece for piece in (part.strip() for part in _JOINT.split(name)) if piece]
    if len(pieces) < 2 or not any(c.isalpha() for c in pieces[0]) or len(pieces[0].split()) > 5:
        return name
    first, rest = pieces[0], pieces[1:]
    if (
        _is_of(first, url)
        or _DOMAIN.fullmatch(first)
        or _is_slogan(" ".join(rest))
        or _is_list(name, pieces)
    ):
        return first
    return name


def _is_slogan(text: str) -> bool:
    """A sentence rather than a name: punctuation inside it, or mostly words in lower case."""
    words = text.split()
    if len(words) < 4:
        return False
    small = sum(word[:1].islower() for word in words)
    return bool(re.search(r"[,!?;]\s|[.!?]$", text)) or small * 2 >= len(words)


def _is_list(name: str, pieces: list[str]) -> bool:
    return name.count("|") >= 3 and all(len(piece.split()) <= 2 for piece in pieces)


def _is_of(piece: str, url: str) -> bool:
    """Whether a name is that of the URL's host: "Valley Post" of www.valleypost.example.org."""
    plain = _letters(piece)
    labels = host(url).split(".") if url else []
    return len(plain) >= 3 and plain in {
        *(_letters(label) for label in labels[:-1]),
        _letters("".join(labels)),
        _letters("".join(labels[-2:])),
    }


def _letters(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in flat if c.isalnum())
