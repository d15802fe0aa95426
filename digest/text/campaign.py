"""Campaign parameters: what a newsletter appends to its links, so that statistics can count them.

`utm_source={newsletter}&utm_campaign={slug}` says which, in a setting that is empty by default.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, unquote_plus

from digest.text.urls import MAX_URL

Parameters = Sequence[tuple[str, str]]
"""Names and values, each as it is written in a URL."""

_WEB = re.compile(r"https?://", re.IGNORECASE)
_KEPT = "%-._~!$'()*+,:;@/?"
"""What of a value is written as it stands: all that a query may hold, escapes included."""


@lru_cache(maxsize=64)
def parameters(template: str, *, newsletter: str, slug: str) -> Parameters:
    """The parameters that `template` asks for; its words in braces are filled, percent-encoded.

    `template` is as the setting DIGEST_CAMPAIGN holds it; "" gives none.
    """
    words = {"{newsletter}": newsletter, "{slug}": slug}
    found = []
    for pair in filter(None, template.split("&")):
        name, _, value = pair.partition("=")
        written = "".join(
            quote(words.get(piece, piece), safe="" if piece in words else _KEPT, errors="replace")
            for piece in re.split(r"(\{newsletter\}|\{slug\})", value)
        )
        found.append((quote(name, safe="", errors="replace"), written))
    return tuple(found)


def appended(url: str, wanted: Parameters) -> str:
    """`url` with those parameters whose names its query does not have, before its fragment.

    Names are compared decoded, whatever their case. Whatever else `url` holds stays letter for
    letter; what is no http(s) URL, or would become longer than links may be, stays as it is.
    """
    head, hash_sign, fragment = url.partition("#")
    before, _, query = head.partition("?")
    there = {_name(pair) for pair in query.split("&")}
    missing = [f"{name}={value}" for name, value in wanted if _name(name) not in there]
    if not missing or not _WEB.match(url):
        return url
    joint = "&" if query and not query.endswith("&") else ""
    longer = f"{before}?{query}{joint}{'&'.join(missing)}{hash_sign}{fragment}"
    return longer if len(longer) <= MAX_URL else url


def _name(pair: str) -> str:
    """A parameter's name; `&amp;` left from markup is an ampersand."""
    return unquote_plus(pair.partition("=")[0]).casefold().removeprefix("amp;")
