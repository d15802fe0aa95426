"""What a page says of itself: JSON-LD, OpenGraph, `<meta>`, the headline, in that order of trust.

A date counts only where the page states it for machines or marks it up as its own; none is read
from prose, captions or the URL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from digest.collect.dates import parse_date
from digest.collect.headline import headline
from digest.collect.names import site_name
from digest.collect.page_people import named, writer
from digest.text.markup import Picture, clean_text, pixels
from digest.text.titles import title_text
from digest.text.urls import canonical, safe_link

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
    is_article: bool = False
    where: Mapping[str, str] = field(default_factory=dict)


def read_metadata(root: Any, *, url: str) -> Metadata:
    """The metadata of a parsed page that was fetched from `url` ("" for a file)."""
    meta = _meta(root)
    article = _own(list(_articles(root)), root, meta, url)
    site = site_name(meta.get("og:site_name", "") or named(article.get("publisher")), url)
    title, title_where = headline(root, article, meta, site)
    who = writer(root, article, meta, site)
    published, date_where = _published(root, article, meta)
    canonical, url_where = _canonical(root, meta, url)
    summary, summary_where = _summary(article, meta)
    language, language_where = _language(root, article, meta)
    tags = tuple(_tags(article, meta))
    image, image_where = _image(article, meta)
    return Metadata(
        title=title,
        byline=who.name,
        agency=who.agency,
        published=published,
        url=canonical,
        site=site,
        summary=summary,
        language=language,
        tags=tuple(tag for _, tag in tags),
        image=image,
        is_article=bool(article) or meta.get("og:type", "").lower() == "article",
        where={
            "title": title_where,
            "byline": who.where,
            "agency": who.where,
            "published": date_where,
            "url": url_where,
            "summary": summary_where,
            "language": language_where,
            "tags": next((where for where, _ in tags), ""),
            "image": image_where,
            "source": "og:site_name" if meta.get("og:site_name") else "JSON-LD publisher",
        },
    )


def _language(root: Any, article: Mapping[str, Any], meta: Mapping[str, str]) -> tuple[str, str]:
    stated = (
        (_text(article.get("inLanguage")), "JSON-LD inLanguage"),
        (root.get("lang") or root.get("xml:lang") or "", "html lang"),
        (meta.get("og:locale", ""), "og:locale"),
        (meta.get("content-language", ""), "meta content-language"),
    )
    return next((pair for pair in stated if pair[0]), ("", ""))


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


def _articles(root: Any) -> Iterator[Mapping[str, Any]]:
    """The JSON-LD nodes that describe articles, in their order."""
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
                yield node


def _own(
    articles: Sequence[Mapping[str, Any]], root: Any, meta: Mapping[str, str], url: str
) -> Mapping[str, Any]:
    """The article that the page itself is: of its address, else of its title, else the first."""
    if len(articles) < 2:
        return articles[0] if articles else {}
    here = {canonical(address) for address in (url, meta.get("og:url", "")) if address}
    for article in articles:
        stated = (article.get("url"), article.get("@id"), article.get("mainEntityOfPage"))
        pages = (page.get("@id") if isinstance(page, dict) else page for page in stated)
        if here & {canonical(page) for page in pages if isinstance(page, str) and page}:
            return article
    node = root.find(".//head/title")
    shown = title_text("".join(node.itertext())).lower() if node is not None else ""
    for article in articles:
        title = _text(article.get("headline")).lower()
        if title and title in shown:
            return article
    return articles[0]


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


_DATE_KEYS = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date",
    "dcterms.date", "date", "pubdate", "publishdate", "publish_date", "publication_date",
    "article.published", "cxenseparse:recs:publishtime", "article_date_original", "ptime",
    "rnews:datepublished",
)  # fmt: skip


_MARKED_DATES = (
    ("itemprop=datePublished", ".//*[@itemprop='datePublished']"),
    ("article time", ".//article//time"),
    ("time pubdate", ".//time[@pubdate]"),
    ("header time", ".//header//time"),
)


def _published(
    root: Any, article: Mapping[str, Any], meta: Mapping[str, str]
) -> tuple[datetime | None, str]:
    """(moment, where it is stated): for machines, or in an element that says it is the date."""
    stated = [
        (f"JSON-LD {key}", _text(_first(article.get(key))))
        for key in ("datePublished", "dateCreated")
    ]
    for where, raw in [*stated, *((f"meta {key}", meta.get(key, "")) for key in _DATE_KEYS)]:
        moment = parse_date(raw) if raw else None
        if moment is not None:
            return moment, where
    for where, path in _MARKED_DATES:
        for node in root.xpath(path)[:1]:
            raw = node.get("datetime") or node.get("content") or " ".join(node.itertext())
            moment = parse_date(raw)
            if moment is not None:
                return moment, where
    times = [node for node in root.iter("time") if node.get("datetime")]
    only = parse_date(times[0].get("datetime")) if len(times) == 1 else None
    return only, "the only time element" if only else ""


def _canonical(root: Any, meta: Mapping[str, str], url: str) -> tuple[str | None, str]:
    """The page's own address: its canonical link if it is of the same site, else where it was."""
    said = [
        ("link rel=canonical", node.get("href") or "")
        for node in root.iter("link")
        if "canonical" in (node.get("rel") or "").lower().split()
    ]
    for where, raw in [*said, ("og:url", meta.get("og:url", ""))]:
        link = safe_link(clean_text(raw), url) if raw.strip() else None
        if link and urlsplit(link).scheme in ("http", "https"):
            here, there = urlsplit(url), urlsplit(link)
            if not url or (
                _site(here.hostname) == _site(there.hostname)
                and (there.path.strip("/") or not here.path.strip("/"))
            ):
                return link, where
    return (url, "where it was fetched") if url else (None, "")


def _site(host: str | None) -> str:
    return ".".join((host or "").lower().split(".")[-2:])


def _summary(article: Mapping[str, Any], meta: Mapping[str, str]) -> tuple[str, str]:
    for where, raw in (
        ("og:description", meta.get("og:description", "")),
        ("meta description", meta.get("description", "")),
        ("JSON-LD description", _text(article.get("description"))),
        ("twitter:description", meta.get("twitter:description", "")),
    ):
        text = title_text(raw)
        if len(text) >= 20:
            return text, where
    return "", ""


def _tags(article: Mapping[str, Any], meta: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(where, tag) of each."""
    named_in = ("article:section", "article:tag", "news_keywords", "keywords")
    stated: list[tuple[str, object]] = [
        (f"JSON-LD {key}", article.get(key)) for key in ("articleSection", "keywords")
    ]
    for where, value in [*stated, *((f"meta {key}", meta.get(key)) for key in named_in)]:
        items: Iterable[object] = value if isinstance(value, list) else [value]
        for item in items:
            if isinstance(item, str):
                for word in item.split(","):
                    if 0 < len(word.strip()) < 60:
                        yield where, title_text(word)


def _image(article: Mapping[str, Any], meta: Mapping[str, str]) -> tuple[Picture | None, str]:
    alt = clean_text(meta.get("og:image:alt", "") or meta.get("twitter:image:alt", ""))
    for key in ("og:image", "og:image:url", "og:image:secure_url"):
        if meta.get(key):
            sizes = (pixels(meta.get(f"og:image:{side}")) for side in ("width", "height"))
            return Picture(clean_text(meta[key]), alt, "", *sizes), key
    value = _first(article.get("image"))
    if isinstance(value, dict):
        caption = _text(value.get("caption"))
        source = _text(_first(value.get("url"))) or _text(value.get("contentUrl"))
        return (Picture(source, alt, caption), "JSON-LD image") if source else (None, "")
    if _text(value):
        return Picture(_text(value), alt), "JSON-LD image"
    for key in ("twitter:image", "twitter:image:src"):
        if meta.get(key):
            return Picture(clean_text(meta[key]), alt), key
    return None, ""
