"""robots.txt (RFC 9309), read by protego: what a site asks programs to leave alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

TOKEN = "digest"  # noqa: S105 - the name by which robots.txt may address this program
MAX_BYTES = 512_000
"""RFC 9309, 2.5: at least 500 KiB are read; what is behind is not."""
FRESH_S = 86_400.0
"""RFC 9309, 2.4: rules are not used longer than a day without asking again."""
MAX_DELAY_S = 5.0
"""The longest Crawl-delay that is heeded: a site that wants an hour wants no program at all."""


class _Parsed(Protocol):
    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host allows; without a parsed file, everything or nothing."""

    parsed: _Parsed | None = None
    closed: str = ""

    def refusal(self, url: str) -> str:
        """Why `url` is not to be fetched, as the end of a sentence; "" where it may be."""
        if self.closed:
            return self.closed
        if self.parsed is None or self.parsed.can_fetch(url, TOKEN):
            return ""
        return "its site's robots.txt asks programs not to fetch it"

    @property
    def delay_s(self) -> float:
        """Seconds to leave between two requests."""
        asked = self.parsed.crawl_delay(TOKEN) if self.parsed is not None else None
        return min(float(asked or 0.0), MAX_DELAY_S)


OPEN = Rules()


def read_rules(body: bytes) -> Rules:
    """The rules of a robots.txt; one that cannot be read allows everything."""
    from protego import Protego

    try:
        return Rules(Protego.parse(body[:MAX_BYTES].decode("utf-8", "replace")))
    except Exception:
        # protego 0.7.0 documents no errors; whatever one file makes it raise closes no site.
        return OPEN
