"""What a page says of itself: JSON-LD, OpenGraph, `<meta>`, the headline, in that order of trust.

A date counts only where the page states it for machines or marks it up as its own; none is read
from prose, captions or the URL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from digest.collect.bylines import of_house, parse_byline
from digest.collect.dates import parse_date
from digest.collect.headline import headline
from digest.collect.names import site_name
from digest.text.markup import Picture, clean_text, pixels, title_text
from digest.text.urls import safe_link

_ARTICLE = re.compile(
    r"(?:news|blog|scholarly|tech|report|review|analysis|opinion|live)?\w*(?:article|posting|report)$",
    re.IGNORECASE,
)
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of one page; what it does not state is empty."""

    title: str = ""
    byline: str = ""
    agency: str = ""
    published: datetime | None = None
    url: str | None = None
    site: str = ""
    summary: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    image: Picture | None = None


def read_metadata(root: Any, *, url: str) -> Metadata:
    """The metadata of a parsed page that was fetched from `url` ("" for a file)."""
    article = _article(root)
    meta = _meta(root)
    site = site_name(meta.get("og:site_name", "") or _named(article.get("publisher")), url)
    byline, agency = _people(root, article, meta, site)
    return Metadata(
        title=headline(root, article, meta, site),
        byline=byline,
        agency=agency,
        published=_published(root, article, meta),
        url=_canonical(root, meta, url),
        site=site,
        summary=_summary(article, meta),
        language=_text(article.get("inLanguage")) or root.get("lang") or root.get("xml:lang")
        or meta.get("og:locale", ""),
        tags=_tags(article, meta),
        image=_image(article, meta),
    )  # fmt: skip


def _meta(root: Any) -> dict[str, str]:
    """`<meta>` by name, property or itemprop in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for node in root.iter("meta"):
        content = node.get("content")
        for key in ("property", "name", "itemprop"):
            names = node.get(key)
            if names and content and content.strip():
                for name in names.lower().split():
                    # Dublin Core is written "dc:title" in RDFa, "DC.title" in HTML.
                    found.setdefault(_DUBLIN.sub(r"\1.", name), content.strip())
    return found


_CDATA = re.compile(r"^\s*(?://|/\*)?\s*<!\[CDATA\[(?:\*/)?|(?://|/\*)?\s*\]\]>(?:\*/)?\s*$")
_DUBLIN = re.compile(r"^(dc|dcterms?):")


def _article(root: Any) -> Mapping[str, Any]:
    """The JSON-LD node that describes the article, or an empty one."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        try:
            raw = _CDATA.sub("", script.text[:500_000]).strip().rstrip(";")
            value = json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(value):
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLE.match(kind) for kind in kinds):
                return node
    return {}


def _nodes(value: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
            yield from _nodes(value.get(key), depth + 1)


def _text(value: object) -> str:
    return clean_text(value) if isinstance(value, str) else ""


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _named(value: object) -> str:
    value = _first(value)
    if isinstance(value, dict):
        value = _first(value.get("name"))
    return title_text(value) if isinstance(value, str) else ""


def _people(
    root: Any, article: Mapping[str, Any], meta: Mapping[str, str], site: str
) -> tuple[str, str]:
    """(byline, agency): of JSON-LD, of `<meta>`, then of what the page marks up as its author.

    What JSON-LD types as an organization, and the site's own name, is the agency.
    """
    people, houses = _authors(article)
    for raw in (", ".join(people), *_author_lines(root, meta)):
        if not raw or raw in houses or re.match(r"https?://|www\.", raw) or len(raw) > 200:
            continue
        found = of_house(parse_byline(raw), site)
        if found.name or found.agency:
            return found.name, found.agency or next(iter(houses), "")
    return "", next(iter(houses), "")


def _authors(article: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(people, organizations) that JSON-LD states as authors, each once."""
    authors = article.get("author") or article.get("creator")
    people: dict[str, None] = {}
    houses: dict[str, None] = {}
    for author in authors if isinstance(authors, list) else [authors]:
        name = _named(author)
        if name:
            (houses if _is_organization(author) else people)[name] = None
    return list(people), list(houses)


def _is_organization(author: object) -> bool:
    kinds = author.get("@type") if isinstance(author, Mapping) else None
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(
        isinstance(kind, str) and re.search(r"(?:Organi[sz]ation|Corporation)$", kind)
        for kind in kinds
    )


_AUTHOR_MARKS = (
    ".//*[@itemprop='author']//*[@itemprop='name']",
    ".//*[@itemprop='author']",
    ".//*[@rel='author']",
    ".//*[contains(concat(' ', normalize-space(@class), ' '), ' byline ')]",
    ".//*[contains(concat(' ', normalize-space(@class), ' '), ' author ')]",
)  # fmt: skip


def _author_lines(root: Any, meta: Mapping[str, str]) -> Iterator[str]:
    for key in (
        "dc.creator",
        "dcterm.creator",
        "dcterms.creator",
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "byl",
    ):
        yield clean_text(meta.get(key, ""))
    for path in _AUTHOR_MARKS:
        for node in root.xpath(path + _NOT_A_READER)[:3]:
            yield clean_text(" ".join(node.itertext()))


_NOT_A_READER = "[not(ancestor::*[contains(@class, 'comment') or contains(@id, 'comment')])]"
"""Who comments on an article is not its author."""

_DATE_KEYS = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date",
    "dcterms.date", "date", "pubdate", "publishdate", "publish_date", "publication_date",
    "article.published", "cxenseparse:recs:publishtime", "article_date_original", "ptime",
    "rnews:datepublished",
)  # fmt: skip


def _published(root: Any, article: Mapping[str, Any], meta: Mapping[str, str]) -> datetime | None:
    stated = [_text(_first(article.get(key))) for key in ("datePublished", "dateCreated")]
    for raw in [*stated, *(meta.get(key, "") for key in _DATE_KEYS)]:
        moment = parse_date(raw) if raw else None
        if moment is not None:
            return moment
    for path in (
        ".//*[@itemprop='datePublished']",
        ".//article//time",
        ".//time[@pubdate]",
        ".//header//time",
    ):
        for node in root.xpath(path)[:1]:
            raw = node.get("datetime") or node.get("content") or " ".join(node.itertext())
            moment = parse_date(raw)
            if moment is not None:
                return moment
    times = [node for node in root.iter("time") if node.get("datetime")]
    return parse_date(times[0].get("datetime")) if len(times) == 1 else None


def _canonical(root: Any, meta: Mapping[str, str], url: str) -> str | None:
    """The page's own address: its canonical link if it is of the same site, else where it was."""
    said = [
        node.get("href") or ""
        for node in root.iter("link")
        if "canonical" in (node.get("rel") or "").lower().split()
    ]
    for raw in [*said, meta.get("og:url", "")]:
        link = safe_link(clean_text(raw), url) if raw.strip() else None
        if link and urlsplit(link).scheme in ("http", "https"):
            here, there = urlsplit(url), urlsplit(link)
            if not url or (
                _site(here.hostname) == _site(there.hostname)
                and (there.path.strip("/") or not here.path.strip("/"))
            ):
                return link
    return url or None


def _site(host: str | None) -> str:
    return ".".join((host or "").lower().split(".")[-2:])


def _summary(article: Mapping[str, Any], meta: Mapping[str, str]) -> str:
    for raw in (
        meta.get("og:description", ""),
        meta.get("description", ""),
        _text(article.get("description")),
        meta.get("twitter:description", ""),
    ):
        text = title_text(raw)
        if len(text) >= 20:
            return text
    return ""


def _tags(article: Mapping[str, Any], meta: Mapping[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    stated: list[object] = [article.get("articleSection"), article.get("keywords")]
    named = ("article:section", "article:tag", "news_keywords", "keywords")
    for value in [*stated, *(meta.get(key) for key in named)]:
        items: Iterable[object] = value if isinstance(value, list) else [value]
        for item in items:
            if isinstance(item, str):
                found += [title_text(word) for word in item.split(",") if len(word) < 60]
    return tuple(found)


def _image(article: Mapping[str, Any], meta: Mapping[str, str]) -> Picture | None:
    alt = clean_text(meta.get("og:image:alt", "") or meta.get("twitter:image:alt", ""))
    raw = (
        meta.get("og:image", "")
        or meta.get("og:image:url", "")
        or meta.get("og:image:secure_url", "")
    )
    if raw:
        return Picture(
            clean_text(raw),
            alt,
            "",
            pixels(meta.get("og:image:width")),
            pixels(meta.get("og:image:height")),
        )
    value = _first(article.get("image"))
    if isinstance(value, dict):
        caption = _text(value.get("caption"))
        source = _text(_first(value.get("url"))) or _text(value.get("contentUrl"))
        return Picture(source, alt, caption) if source else None
    source = _text(value) or clean_text(
        meta.get("twitter:image", "") or meta.get("twitter:image:src", "")
    )
    return Picture(source, alt) if source else None
