"""JSON Feed 1.x (jsonfeed.org/version/1.1) to entries."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from digest.collect.document import Document, Reading
from digest.collect.feed_items import MOST_OF_A_KIND, FeedItem, ParsedFeed, bounded
from digest.collect.feeds import feed_entries, source_name
from digest.collect.pictures import Pictures
from digest.collect.raw_feed import MAX_ITEMS
from digest.errors import SourceError
from digest.text.markup import Picture


def read_json_feed(document: Document, text: str) -> Reading:
    """The entries of a JSON Feed, in its order.

    Raises SourceError where it is no JSON, or no feed. An item that is no object is left out, and
    counted in the note.
    """
    value = _load(text, document.place.given)
    rows = value.get("items")
    if not isinstance(rows, list):
        raise SourceError(
            f"{document.place.given} is JSON without a list of items, so no JSON Feed.",
            hint="See https://www.jsonfeed.org/version/1.1/ for what one holds.",
        )
    items = [_item(row) for row in rows[:MAX_ITEMS] if isinstance(row, Mapping)]
    feed, unread = bounded(
        ParsedFeed(
            title=_text(value.get("title")),
            link=_text(value.get("home_page_url")) or _text(value.get("feed_url")),
            language=_text(value.get("language")),
            authors=_authors(value),
            items=tuple(items),
            parser="json",
        )
    )
    name = source_name(document, feed)
    pictures = Pictures(document.folder)
    entries = feed_entries(document, feed, name, pictures)
    lost = len(rows) - len(entries)
    note = f"{lost} of {len(rows)} items could not be read" if lost else ""
    note = "; ".join(filter(None, [note, unread]))
    if not rows:
        note = "the feed is valid but has no entries"
    return Reading(kind="json-feed", entries=entries, name=name, note=note, pictures=pictures.found)


def _load(text: str, where: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text.lstrip("\ufeff"), strict=False)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise SourceError(
            f"{where} is not valid JSON: line {line} cannot be read.",
            hint="The feed may have been cut off on its way.",
        ) from None
    except RecursionError:
        raise SourceError(f"{where} nests its JSON too deep to be a feed.") from None
    if not isinstance(value, Mapping):
        raise SourceError(f"{where} is JSON, but no JSON Feed.")
    return value


def _item(row: Mapping[str, Any]) -> FeedItem:
    content = _text(row.get("content_html")) or _escaped(_text(row.get("content_text")))
    summary = _escaped(_text(row.get("summary")))
    return FeedItem(
        title=_escaped(_text(row.get("title"))),
        link=_text(row.get("url")) or _text(row.get("external_url")) or _address(row.get("id")),
        guid=_text(row.get("id")) or (str(row["id"]) if isinstance(row.get("id"), int) else ""),
        # "summary" is plain text by the standard; without one, nothing is made up from the content
        description=summary,
        content=content or summary,
        dates=tuple(
            (f"JSON Feed {key}", _text(row.get(key))) for key in ("date_published", "date_modified")
        ),
        authors=_authors(row),
        tags=tuple(tag for tag in _list(row.get("tags"))[:MOST_OF_A_KIND] if isinstance(tag, str)),
        pictures=_pictures(row),
        language=_text(row.get("language")),
        provenance=_provenance(row),
    )


def _provenance(row: Mapping[str, Any]) -> dict[str, str]:
    """Which key of an item each field of its entry comes from."""
    keys = {
        "title": ("title",), "url": ("url", "external_url", "id"), "summary": ("summary",),
        "text": ("content_html", "content_text"), "byline": ("authors", "author"),
        "tags": ("tags",),
    }  # fmt: skip
    found = {name: next((k for k in some if row.get(k)), "") for name, some in keys.items()}
    return {name: f"JSON Feed {key}" for name, key in found.items() if key}


def _authors(holder: Mapping[str, Any]) -> tuple[str, ...]:
    people = [*_list(holder.get("authors"))[:MOST_OF_A_KIND], holder.get("author")]
    names = [_text(person.get("name")) for person in people if isinstance(person, Mapping)]
    return tuple(dict.fromkeys(name for name in names if name))


def _pictures(row: Mapping[str, Any]) -> tuple[Picture, ...]:
    found = [Picture(_text(row.get(key))) for key in ("image", "banner_image")]
    for attachment in _list(row.get("attachments"))[:MOST_OF_A_KIND]:
        if isinstance(attachment, Mapping):
            kind = _text(attachment.get("mime_type")).lower()
            if kind.startswith("image/") and "svg" not in kind:
                found.append(Picture(_text(attachment.get("url")), _text(attachment.get("title"))))
    return tuple(picture for picture in found if picture.src)


def _address(value: object) -> str:
    """An id that is an address: the standard recommends it."""
    text = _text(value)
    return text if text.startswith(("http://", "https://")) else ""


def _escaped(plain: str) -> str:
    """Plain text as markup, for the one reader that all feeds share."""
    return html.escape(plain, quote=False)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
