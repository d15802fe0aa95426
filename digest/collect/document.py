"""What passes between the files of this stage: a document's bytes, and what was read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from digest.models import Entry

Kind = Literal[
    "feed", "json-feed", "page", "index", "mail", "markdown", "text", "opml", "other", "none"
]  # fmt: skip
"""What a place holds.

An `index` is a page that teases many stories; `other` is a file that is none of them, `none` one
that gave no bytes.
"""

MAX_DOCUMENT = 32 * 1024 * 1024
"""Bytes of one document; what is larger is refused before it is parsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One document to read.

    `given` is how the user or an OPML file wrote it; `path` is set for a file, else `url`. `name`
    and `section` come from an OPML outline, as do `outer`, the folders around that section, the
    outermost first, and `home`, the site of a feed. `expect` is what was promised: an `xmlUrl` or a
    file named `.rss` is a feed; `member` says that a folder was given, not the file itself.
    """

    given: str
    url: str = ""
    path: Path | None = None
    name: str = ""
    section: str = ""
    outer: tuple[str, ...] = ()
    home: str = ""
    expect: Kind | None = None
    member: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes of a place. `url` is where they came from in the end; "" for a file."""

    place: Place
    data: bytes
    url: str = ""
    content_type: str = ""
    charset: str = ""
    now: datetime

    @property
    def folder(self) -> Path | None:
        """The only folder whose pictures this document may show; None for what was fetched."""
        return self.place.path.parent if self.place.path is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one document gave; `note` is said to the user even where all went well."""

    kind: Kind
    entries: tuple[Entry, ...] = ()
    name: str = ""
    note: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
