"""What the readers of feeds hand on: an item as its feed has it, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from digest.text.markup import Picture


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
