"""Links that a mail tool wrapped, to count clicks: the address that they lead to."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus, urlsplit

from digest.text.urls import host, safe_link

_MOST = 3
"""Wrappers around one address; a newsletter that quotes another has two."""
_MOST_PAIRS = 100
_COUNTERS = frozenset((
    "click", "clicks", "clicked", "clk", "clicktrack", "clicktracking", "linkclick", "redirect",
    "redirects", "redirector", "redir", "track", "tracking", "tracker", "trk", "trck", "linktrack",
    "linktracking", "outbound",
))  # fmt: skip
"""Words of a host or a path that say that it counts and leads on; `tracks` is music."""


def unwrapped(url: str) -> str:
    """Where a link that counts clicks leads; any other address as it is.

    It has to say so itself: its host or its path names a click or a redirect, and exactly one
    value of its query is a whole http address.
    """
    for _ in range(_MOST):
        inner = _inner(url)
        if not inner:
            return url
        url = inner
    return url


def _inner(url: str) -> str:
    try:
        parts = urlsplit(url)
        words = re.split(r"[^a-z]+", f"{parts.hostname or ''} {parts.path}".lower())
    except ValueError:
        return ""
    if _COUNTERS.isdisjoint(words):
        return ""
    pairs = [pair.partition("=")[2] for pair in parts.query.split("&", _MOST_PAIRS)]
    found = [raw for raw in pairs if re.match(r"(?i)https?://[^/]", unquote_plus(raw))]
    if len(found) != 1:
        return ""
    raw = found[0]
    if "://" in raw and "?" in raw and raw != pairs[-1]:
        return ""  # not encoded, so nobody knows which of the two the rest of the query is of
    link = safe_link(unquote_plus(raw) if "://" not in raw else raw)
    return link if link and host(link) else ""
