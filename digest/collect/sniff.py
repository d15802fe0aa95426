"""What a document is, from its bytes; its name and content type only settle ties."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from digest.collect.document import Kind, Place
from digest.collect.front_matter import has_front_matter
from digest.collect.mail_headers import is_mail

_ROOT = re.compile(
    r"<(?:[\w.-]{1,20}:)?(rss|feed|rdf|channel|entry|opml|html|head|body)(?=[\s>/])|<!doctype\s+(html)",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"<rss\s[^<>]{0,200}version=|<feed\s[^<>]{0,200}xmlns=", re.IGNORECASE)
_BINARY = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")
_HEADING = re.compile(r"#{1,6} \S")
_TAGS = re.compile(
    r"</?(?:p|div|span|a|h[1-6]|img|br|table|article|section)\b[^>]*>", re.IGNORECASE
)
_BY_SUFFIX: dict[str, Kind] = {
    ".rss": "feed", ".atom": "feed", ".rdf": "feed", ".xml": "feed",
    ".html": "page", ".htm": "page", ".xhtml": "page", ".shtml": "page",
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown",
    ".txt": "text", ".text": "text", ".opml": "opml", ".json": "json-feed", ".eml": "mail",
}  # fmt: skip
_FEED_ADDRESS = re.compile(
    r"(?:^|[/._-])(?:feed|feeds|rss|rss2|atom|rdf)(?:[/._-]|$)|\.(?:rss|atom|rdf|xml)$",
    re.IGNORECASE,
)


def suffix_kind(name: str) -> Kind | None:
    """What a file's name promises; None where it promises nothing."""
    return _BY_SUFFIX.get(PurePosixPath(name).suffix.lower())


_BESIDE = (
    ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".webp", ".avif", ".svg", ".bmp", ".ico",
    ".tif", ".tiff", ".heic", ".css", ".js", ".opml",
)  # fmt: skip


def is_beside(name: str) -> bool:
    """Whether a file of a folder only stands beside its stories: a picture, a style, a list."""
    return PurePosixPath(name).suffix.lower() in _BESIDE


def is_unknown(name: str) -> bool:
    """Whether a file's name promises a kind that is never read (`.docx`, `.pdf`)."""
    return bool(PurePosixPath(name).suffix) and suffix_kind(name) is None


def expected(place: Place) -> Kind | None:
    """What a place is said to be, by its list, its file's name or its URL."""
    if place.expect is not None:
        return place.expect
    if place.path is not None:
        return suffix_kind(place.path.name)
    return "feed" if _FEED_ADDRESS.search(urlsplit(place.url).path) else None


def kind_of(text: str, *, data: bytes, place: Place, content_type: str) -> Kind:
    """The kind of a document that decodes to `text`; `other` where it is nothing readable."""
    if data.startswith(_BINARY) or _is_binary(text):
        return "other"
    if _is_mail(data, place, content_type):
        return "mail"
    head = text[:20_000].lstrip("\ufeff \t\r\n")
    if head.startswith("{"):
        return "json-feed" if _is_json_feed(text) else _unless_text(text, place)
    if head.startswith("[") and expected(place) == "json-feed":
        return "other"
    hit = _ROOT.search(head)
    if hit and (_is_document_root(head, hit) or _is_feed_behind_words(head, hit, place)):
        return _of_root((hit[1] or hit[2]).lower(), head)
    return _written(head, place, content_type)


_PAGE_ROOTS = ("html", "head", "body")


def _of_root(root: str, head: str) -> Kind:
    """What a document is by its first element; some servers wrap a feed in a page."""
    if root == "opml":
        return "opml"
    return "page" if root in _PAGE_ROOTS and not _WRAPPED.search(head) else "feed"


def _is_mail(data: bytes, place: Place, content_type: str) -> bool:
    named = suffix_kind(place.path.name) if place.path is not None else None
    if named == "mail" or place.expect == "mail" or "message/rfc822" in content_type:
        return True
    return named is None and is_mail(data)


def _is_document_root(head: str, hit: re.Match[str]) -> bool:
    """Whether the tag opens the document, rather than being quoted by a text about tags."""
    before = head[: hit.start()]
    return before.lstrip()[:1] in ("", "<") or (len(before) < 2000 and "<?xml" in before)


def _is_feed_behind_words(head: str, hit: re.Match[str], place: Place) -> bool:
    """Whether a feed stands behind a server's complaint, which may hold no tag."""
    named = suffix_kind(place.path.name) if place.path is not None else None
    start = hit.start()
    return start < 2000 and named not in ("text", "markdown") and bool(_WRAPPED.match(head, start))


def _is_binary(text: str) -> bool:
    sample = text[:4096]
    odd = sum(1 for c in sample if c == "\ufffd" or (c < " " and c not in "\t\n\r\f\x0b\x1b"))
    return odd * 20 > len(sample)


def _is_json_feed(text: str) -> bool:
    head = text[:4000].replace("\\/", "/")
    if "jsonfeed.org/version" in head:
        return True
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and (
        "jsonfeed.org/version" in str(value.get("version", ""))
        or (isinstance(value.get("items"), list) and bool({"title", "version"} & value.keys()))
    )


def _unless_text(text: str, place: Place) -> Kind:
    """JSON that is no feed is nothing to read; a text may still begin with a brace."""
    if place.path is not None and place.path.suffix.lower() in (".txt", ".md"):
        return _BY_SUFFIX[place.path.suffix.lower()]
    return "other" if '"' in text[:200] or text[:2000].lstrip("{ \r\n\t")[:1] == "}" else "text"


def _written(head: str, place: Place, content_type: str) -> Kind:
    named = suffix_kind(place.path.name if place.path is not None else urlsplit(place.url).path)
    if named == "markdown" or "markdown" in content_type or has_front_matter(head):
        return "markdown"
    if named == "page" or (len(_TAGS.findall(head)) >= 4 and head.startswith("<")):
        return "page"
    if named == "text" or (named is None and head.strip()):
        return "markdown" if named is None and _HEADING.match(head) else "text"
    if "html" in content_type:
        return "page"
    return "other"
