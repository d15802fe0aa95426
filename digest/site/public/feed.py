"""The Atom feed of the archive (RFC 4287): an entry an issue, with all that it tells.

An entry's id never changes: it is a tag URI (RFC 4151) made of what is frozen when an issue is
sent, the domain that the newsletter had then, the day of its cut-off and its slug. So neither a new
domain nor a new name makes a reader's program show everything again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from digest.site.public.values import File, Home, PublicIssue
from digest.site.style import public_page

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 20
"""Issues in the feed: more than any reader's program asks for; the years' pages have the others."""
_XML = "http://www.w3.org/XML/1998/namespace"
_NEVER = dict.fromkeys((*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)) | dict.fromkeys(
    (9, 10, 13), " "
)
"""Characters that XML 1.0 cannot hold."""
_LINES = {code: to for code, to in _NEVER.items() if code not in {9, 10}}


def permanent_id(domain: str, day: date, name: str, *, else_of: str) -> str:
    """The id of an issue, or of the feed: a tag URI, or a UUID made of `else_of` without a domain.

    `domain` is that of the newsletter on `day`, in ASCII.
    """
    if domain:
        return f"tag:{domain.lower()},{day.isoformat()}:{name}"
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{else_of}/{name}')}"


def feed_file(home: Home, issues: Sequence[PublicIssue], *, first: str) -> File:
    """`feed.xml` of the latest `issues`, newest first; `first` is the id of the first issue ever.

    The feed's own id is that of the first issue with `:feed` behind it. Without a web address all
    links are relative to the feed.
    """
    ET.register_namespace("", ATOM)
    feed = ET.Element(_of("feed"), {f"{{{_XML}}}lang": home.language})
    _add(
        feed,
        "id",
        f"{first}:feed" if first else permanent_id("", date.min, "feed", else_of=home.name),
    )
    _add(feed, "title", home.name)
    if home.tagline:
        _add(feed, "subtitle", home.tagline)
    latest = max((issue.updated for issue in issues), default=datetime(1970, 1, 1, tzinfo=UTC))
    _add(feed, "updated", _moment(latest))
    ET.SubElement(feed, _of("link"), rel="alternate", type="text/html", href=home.web_url or "./")
    ET.SubElement(
        feed, _of("link"), rel="self", type="application/atom+xml", href=home.web_url + "feed.xml"
    )
    _add(_add(feed, "author"), "name", home.name)
    for issue in issues:
        _add_entry(feed, home, issue)
    ET.indent(feed, space=" ")
    return File(path="feed.xml", data=_written(feed))


def sitemap_file(home: Home, rows: Iterable[tuple[str, datetime]]) -> File:
    """`sitemap.xml` (sitemaps.org): the pages of the site; `rows` are issues, newest first."""
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    ET.register_namespace("", space)
    told = list(rows)
    years: dict[str, datetime] = {}
    for slug, updated in told:
        years[slug[:4]] = max(updated, years.get(slug[:4], updated))
    root = ET.Element(f"{{{space}}}urlset")
    latest = max((updated for _, updated in told), default=None)
    pages = [("", latest)] if latest else []
    pages += [("stats/", latest)] if latest and home.has_statistics else []
    pages += [(f"{year}/", updated) for year, updated in years.items()]
    for path, updated in [*pages, *((f"{slug}/", updated) for slug, updated in told)]:
        url = ET.SubElement(root, f"{{{space}}}url")
        ET.SubElement(url, f"{{{space}}}loc").text = home.absolute(path)
        ET.SubElement(url, f"{{{space}}}lastmod").text = _moment(updated)
    ET.indent(root, space=" ")
    return File(path="sitemap.xml", data=_written(root))


def robots_file(home: Home) -> File | None:
    """`robots.txt`, which is read at the root of a host only: none for a site that lies deeper."""
    if home.path != "/":
        return None
    told = f"User-agent: *\nAllow: /\n\nSitemap: {home.absolute('sitemap.xml')}\n"
    return File(path="robots.txt", data=told.encode())


def _add_entry(feed: ET.Element, home: Home, issue: PublicIssue) -> None:
    at = f"{home.web_url}{issue.slug}/"
    entry = _add(feed, "entry")
    entry.set(f"{{{_XML}}}lang", issue.language)
    _add(entry, "id", issue.id)
    _add(entry, "title", issue.subject)
    _add(entry, "published", _moment(issue.moment))
    _add(entry, "updated", _moment(issue.updated))
    ET.SubElement(entry, _of("link"), rel="alternate", type="text/html", href=at)
    if issue.preheader:
        _add(entry, "summary", issue.preheader)
    content = _add(entry, "content")
    content.set("type", "html")
    html = public_page("entry.html.j2", language=issue.language, issue=issue, at=at)
    content.text = html.translate(_LINES).strip()


def _add(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    element = ET.SubElement(parent, _of(name))
    if text:
        element.text = text.translate(_NEVER)
    return element


def _of(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _written(root: ET.Element) -> bytes:
    text: str = ET.tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()
