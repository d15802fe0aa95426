"""When two written URLs lead to the same place, for comparing renderings with their issue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from digest.text.urls import canonical, safe_link

_ABSOLUTE = re.compile(r"\s*(?:https?:|mailto:)", re.IGNORECASE)
_IN_TEXT = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)


@lru_cache(maxsize=8192)
def key(url: str) -> str:
    """What is the same for every way to write `url`; empty where it is no link for a reader."""
    link = safe_link(url) if _ABSOLUTE.match(url) else None
    return canonical(link) if link else ""


def keys_in(text: str) -> Iterator[str]:
    """The keys of all URLs in running text, with and without the full stop that may end one."""
    for hit in _IN_TEXT.finditer(text):
        yield key(hit[0])
        yield key(hit[0].rstrip(".,;:!?)]}>'”’»"))
