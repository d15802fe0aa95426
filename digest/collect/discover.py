"""From a site's page to its feeds: those it names, those it links to, where feeds usually lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from digest.text.markup import links
from digest.text.urls import canonical, host, safe_link

_TYPES = (
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
    "application/json", "text/xml", "application/xml",
)  # fmt: skip
_FEED_PATH = re.compile(
    r"(?:^|[/._-])(?:feeds?|rss2?|atom|rdf)(?:[/._?-]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_COMMENTS = re.compile(
    r"comment|comentari|kommentar|commentaire|commenti|reply|replies", re.IGNORECASE
)
_USUAL = (
    "feed", "feed/", "rss", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json", "feeds",
)  # fmt: skip
MAX_LINKED = 8
"""Links of a page's text that are tried; a page about feeds may hold hundreds."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed; `named`: the page says so in its head."""

    url: str
    title: str = ""
    named: bool = False


def feed_candidates(text: str, url: str) -> tuple[Candidate, ...]:
    """The feeds of the page at `url`, the likeliest first, then usual addresses of its site."""
    named: list[Candidate] = []
    linked: list[Candidate] = []
    for href, attributes in links(text):
        link = safe_link(href, url)
        if not link or not link.startswith("http"):
            continue
        rel = attributes.get("rel", "").lower().split()
        if "alternate" in rel and attributes.get("type", "").lower() in _TYPES:
            named.append(Candidate(link, attributes.get("title", ""), named=True))
        elif "stylesheet" not in rel and _FEED_PATH.search(urlsplit(link).path):
            linked.append(Candidate(link))
    site = host(url)
    linked = [one for one in linked if host(one.url) == site][:MAX_LINKED]
    named.sort(key=lambda one: _rank(one, site))
    linked.sort(key=lambda one: _rank(one, site))
    usual = [Candidate(urljoin(f"{base}/", name)) for base in _bases(url) for name in _USUAL]
    found: dict[str, Candidate] = {}
    for one in (*named, *linked, *usual):
        found.setdefault(canonical(one.url) if one.named else one.url, one)
    return tuple(found.values())


def _rank(one: Candidate, site: str) -> tuple[bool, bool, bool, int]:
    """Comments last, this site first, whole texts before podcasts, the shorter address first."""
    path = urlsplit(one.url).path
    about = f"{one.title} {path}"
    return (
        bool(_COMMENTS.search(about)),
        host(one.url) != site,
        one.url.endswith((".json", "json")),
        path.strip("/").count("/"),
    )


def _bases(url: str) -> tuple[str, ...]:
    """The page's own folder, then its site's root."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    own = root + parts.path.rstrip("/")
    return (own, root) if own != root else (root,)
