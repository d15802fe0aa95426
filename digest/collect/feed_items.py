"""What the readers of feeds hand on: an item as its feed has it, whatever the format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from digest.text.markup import Picture

MOST_OF_A_KIND = 500
"""Authors, categories, dates or pictures of one item that are read."""
MOST_AUTHORS_OF_ALL = 50
"""Authors of a feed that are read: each is an author of each item that names none."""
MOST_MARKS = 60_000
"""Tags and lines of one item's text that are read."""
MOST_MARKS_OF_ALL = 250_000
"""Tags and lines of all items' texts that are read; reading takes 10-25 µs for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An item as its feed has it: markup uncleaned, links unresolved, dates as printed.

    `dates` are (element, date) in the order of trust; the first that names a full day counts.
    `provenance` says by the name of an entry's field which element it stood in.
    """

    title: str = ""
    link: str = ""
    guid: str = ""
    description: str = ""
    content: str = ""
    base: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    thumbnails: tuple[Picture, ...] = ()
    language: str = ""
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as a parser gave it; `parser` is its name, `authors` those of the whole feed.

    `printed` is how many items its text holds.
    """

    title: str = ""
    link: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    items: tuple[FeedItem, ...] = ()
    parser: str = ""
    printed: int = 0


_MARKS = "<\n\r\u2029"


def bounded(feed: ParsedFeed) -> tuple[ParsedFeed, str]:
    """The feed within the bounds of what is read, and a note of what is not; "" where all is.

    Every item stays. Past the bound of all items an item keeps its title and address, not its text.
    """
    left = MOST_MARKS_OF_ALL
    items: list[FeedItem] = []
    unread = 0
    for item in feed.items:
        small = _bounded_item(item)
        marks = _marks(small.content)
        if small.description != small.content:
            marks += _marks(small.description)
        if marks > left:
            unread += 1
            small = replace(small, content="", description="")
        else:
            left -= marks
        items.append(small)
    note = f"the texts of {unread} entries were not read: there are too many tags" if unread else ""
    authors = feed.authors[:MOST_AUTHORS_OF_ALL]
    return replace(feed, items=tuple(items), authors=authors), note


def _bounded_item(item: FeedItem) -> FeedItem:
    same = item.description == item.content
    content = _cut(item.content)
    return replace(
        item,
        content=content,
        description=content if same else _cut(item.description),
        authors=item.authors[:MOST_OF_A_KIND],
        tags=item.tags[:MOST_OF_A_KIND],
        dates=item.dates[:MOST_OF_A_KIND],
        pictures=item.pictures[:MOST_OF_A_KIND],
        thumbnails=item.thumbnails[:MOST_OF_A_KIND],
    )


def _marks(text: str) -> int:
    return sum(map(text.count, _MARKS))


def _cut(text: str) -> str:
    """The text up to the bound of tags and lines."""
    if len(text) <= MOST_MARKS or _marks(text) <= MOST_MARKS:
        return text
    hits = islice(re.finditer(f"[{_MARKS}]", text), MOST_MARKS, None)
    return text[: next(hits).start()]
