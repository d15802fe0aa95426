"""Two feed parsers behind one shape: fastfeedparser for speed, feedparser for what is damaged."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from digest.collect.raw_feed import MAX_ITEMS, RawFeed, RawItem, refuse_bomb
from digest.errors import SourceError
from digest.text.markup import Picture, clean_text, pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An item as its feed has it: markup uncleaned, links unresolved, the date as printed."""

    title: str = ""
    link: str = ""
    guid: str = ""
    description: str = ""
    content: str = ""
    base: str = ""
    date: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    thumbnails: tuple[Picture, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as a parser gave it; `parser` is its name."""

    title: str = ""
    link: str = ""
    language: str = ""
    items: tuple[FeedItem, ...] = ()
    parser: str = ""


def parse_feed(raw: RawFeed, *, where: str) -> ParsedFeed:
    """The feed by the fast parser; by the tolerant one where that raises, or misses an item.

    Which of the two is used is decided by the raw count of items. Raises SourceError where
    neither finds a feed.
    """
    fast = None if raw.xhtml else _fast(raw)
    if fast is not None and fast.items and len(fast.items) == len(raw.items):
        return fast
    if fast is not None and not fast.items and not raw.items:
        return fast
    refuse_bomb(raw.text, where=where)
    tolerant = _tolerant(raw)
    if fast is not None and len(fast.items) > len(tolerant.items):
        return fast
    if not tolerant.items and not tolerant.title and fast is None:
        raise SourceError(
            f"{where} could not be read as a feed.",
            hint="Open it in a browser: it may be cut off, or be something else.",
        )
    return tolerant


def _fast(raw: RawFeed) -> ParsedFeed | None:
    import fastfeedparser

    try:
        found = fastfeedparser.parse(raw.data)
    except Exception:
        # fastfeedparser 0.6.5 raises ValueError, lxml's errors and others on damaged feeds.
        return None
    entries = list(found.get("entries") or ())
    same = len(entries) == len(raw.items)
    items = []
    for index, entry in enumerate(entries):
        content = _mapping(_first(entry.get("content")))
        described = not same or raw.items[index].described
        # fastfeedparser 0.6.5 makes up a description from the content, and a content from the
        # description; and it reads "12345" or "Monday" as a date of the running month.
        description = _text(entry.get("description")) if described else ""
        items.append(
            FeedItem(
                title=_text(entry.get("title")),
                link=_text(entry.get("link")),
                guid=_text(entry.get("id")),
                description=description,
                content=_text(content.get("value")),
                base=_text(content.get("base")),
                date=raw.items[index].date if same else "",
                authors=tuple(filter(None, [_text(entry.get("author"))])),
                tags=tuple(_text(_mapping(tag).get("term")) for tag in entry.get("tags") or ()),
                pictures=_pictures(entry),
                thumbnails=_thumbnails(entry),
                language=_text(content.get("language")),
            )
        )
    feed = _mapping(found.get("feed"))
    return ParsedFeed(
        title=_text(feed.get("title")),
        link=_text(feed.get("link")),
        language=raw.language or _text(feed.get("language")),
        items=tuple(items[:MAX_ITEMS]),
        parser="fastfeedparser",
    )


def _tolerant(raw: RawFeed) -> ParsedFeed:
    import feedparser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its mapping of old names
        found = feedparser.parse(
            io.BytesIO(raw.data),
            sanitize_html=False,  # markup is cleaned afterwards, whichever parser read it
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
        items = tuple(_tolerant_item(dict(entry)) for entry in list(found.get("entries") or ()))
        feed = dict(_mapping(found.get("feed")))
    if len(items) == len(raw.items):
        items = tuple(_completed(*pair) for pair in zip(items, raw.items, strict=True))
    return ParsedFeed(
        title=_text(feed.get("title")),
        link=_text(feed.get("link")),
        language=raw.language or _text(feed.get("language")),
        items=items[:MAX_ITEMS],
        parser="feedparser",
    )


def _completed(item: FeedItem, raw: RawItem) -> FeedItem:
    """An item without the summary that feedparser 6.0.14 copies from the content; and dated."""
    description = item.description if raw.described else ""
    return replace(item, description=description, date=item.date or raw.date)


def _tolerant_item(entry: Mapping[str, Any]) -> FeedItem:
    contents = [_mapping(part) for part in entry.get("content") or ()]
    best = next((c for c in contents if "html" in _text(c.get("type"))), _mapping(_first(contents)))
    summary = _text(entry.get("summary"))
    content = _text(best.get("value"))
    authors = [_text(_mapping(person).get("name")) for person in entry.get("authors") or ()]
    return FeedItem(
        title=_text(entry.get("title")),
        link=_text(entry.get("link")),
        guid=_text(entry.get("id")),
        description=summary,
        content=content or summary,
        base=_text(best.get("base")) or _text(_mapping(entry.get("summary_detail")).get("base")),
        date=next(
            (_text(entry[k]) for k in ("published", "created", "updated") if entry.get(k)), ""
        ),
        authors=tuple(filter(None, authors)) or tuple(filter(None, [_text(entry.get("author"))])),
        tags=tuple(
            _text(_mapping(tag).get("label")) or _text(_mapping(tag).get("term"))
            for tag in entry.get("tags") or ()
        ),
        pictures=_pictures(entry),
        thumbnails=_thumbnails(entry),
        language=_text(best.get("language")),
    )


def _pictures(entry: Mapping[str, Any]) -> tuple[Picture, ...]:
    """Pictures of MediaRSS and of enclosures, the largest first."""
    found: list[Picture] = []
    for media in entry.get("media_content") or ():
        item = _mapping(media)
        if _text(item.get("medium")) == "image" or _is_picture(item):
            alt = _text(item.get("description")) or _text(item.get("title"))
            found.append(_sized(item, _text(item.get("url")), alt))
    for enclosure in [*(entry.get("enclosures") or ()), *_enclosed(entry)]:
        item = _mapping(enclosure)
        if _is_picture(item):
            found.append(_sized(item, _text(item.get("url")) or _text(item.get("href")), ""))
    return tuple(sorted((p for p in found if p.src), key=lambda p: -(p.width or 0)))


def _enclosed(entry: Mapping[str, Any]) -> Iterable[Any]:
    return (link for link in entry.get("links") or () if _mapping(link).get("rel") == "enclosure")


def _thumbnails(entry: Mapping[str, Any]) -> tuple[Picture, ...]:
    found = [
        _sized(_mapping(item), _text(_mapping(item).get("url")), "")
        for item in entry.get("media_thumbnail") or ()
    ]
    for media in entry.get("media_content") or ():
        item = _mapping(media)
        if item.get("thumbnail_url"):
            found.append(Picture(_text(item.get("thumbnail_url"))))
    return tuple(sorted((p for p in found if p.src), key=lambda p: -(p.width or 0)))


def _is_picture(item: Mapping[str, Any]) -> bool:
    kind = _text(item.get("type")).lower()
    if kind:
        return kind.startswith("image/") and "svg" not in kind
    url = (_text(item.get("url")) or _text(item.get("href"))).lower().split("?")[0]
    return url.endswith((".jpg", ".jpeg", ".png", ".gif", ".webp"))


def _sized(item: Mapping[str, Any], src: str, alt: str) -> Picture:
    width, height = (pixels(str(item.get(side) or "")) for side in ("width", "height"))
    return Picture(clean_text(src), clean_text(alt), "", width, height)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _first(value: object) -> object:
    return value[0] if isinstance(value, list | tuple) and value else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
