"""The tolerant reader of feeds: feedparser, which guesses its way through damaged documents."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from digest.collect.feed_items import FeedItem, ParsedFeed
from digest.collect.raw_feed import MAX_ITEMS, RawFeed, RawItem, raw_items
from digest.text.markup import Picture, clean_text, pixels

_MENDED = "damaged feed: "
"""Before each element in `provenance`: a guess closed a tag, or mended a name."""


def read_tolerant(raw: RawFeed) -> ParsedFeed:
    """What feedparser makes of a feed; no items where it finds none."""
    import feedparser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its mapping of old names
        found = feedparser.parse(
            io.BytesIO(raw.data),
            sanitize_html=False,  # markup is cleaned afterwards, whichever parser read it
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
        entries = [dict(entry) for entry in list(found.get("entries") or ())[:MAX_ITEMS]]
        feed = dict(_mapping(found.get("feed")))
    printed = raw_items(raw)
    same = len(entries) == len(printed)
    items = tuple(
        _item(entry, printed[index] if same else RawItem("", described=True))
        for index, entry in enumerate(entries)
    )
    return ParsedFeed(
        title=_text(feed.get("title")),
        link=_text(feed.get("link")),
        language=_text(feed.get("language")),
        items=items,
        parser="feedparser",
    )


def _item(entry: Mapping[str, Any], raw: RawItem) -> FeedItem:
    contents = [_mapping(part) for part in entry.get("content") or ()]
    best = next((c for c in contents if "html" in _text(c.get("type"))), _mapping(_first(contents)))
    # feedparser 6.0.14 gives an entry's content as its summary too.
    summary = _text(entry.get("summary")) if raw.described else ""
    content = _text(best.get("value"))
    authors = [_text(_mapping(person).get("name")) for person in entry.get("authors") or ()]
    dates = [
        (f"{_MENDED}{key}", _text(entry[key]))
        for key in ("published", "created", "updated")
        if entry.get(key)
    ]
    if raw.date:
        dates.append((f"{_MENDED}date", raw.date))
    return FeedItem(
        title=_text(entry.get("title")),
        link=_text(entry.get("link")),
        guid=_text(entry.get("id")),
        description=summary,
        content=content or summary,
        base=_text(best.get("base")) or _text(_mapping(entry.get("summary_detail")).get("base")),
        dates=tuple(dates),
        authors=tuple(filter(None, authors)) or tuple(filter(None, [_text(entry.get("author"))])),
        tags=tuple(
            _text(_mapping(tag).get("label")) or _text(_mapping(tag).get("term"))
            for tag in entry.get("tags") or ()
        ),
        pictures=_pictures(entry),
        thumbnails=_thumbnails(entry),
        language=_text(best.get("language")),
        provenance={
            "title": f"{_MENDED}title", "summary": f"{_MENDED}summary", "url": f"{_MENDED}link",
            "text": f"{_MENDED}content" if content else f"{_MENDED}summary",
            "byline": f"{_MENDED}author", "tags": f"{_MENDED}category",
        },
    )  # fmt: skip


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
