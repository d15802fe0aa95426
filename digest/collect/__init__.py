"""Collecting: bytes → entries.

`collect` takes places (URLs, files, folders, OPML lists) and gives every entry that they hold,
with the pictures of local sources, a report for each source and a failure for each that gave
nothing. It reads feeds (RSS, RDF, Atom, JSON Feed), web pages, Markdown and text saved from pages,
told apart by their bytes. Nothing is guessed: what a source does not say stays empty, and is
flagged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digest.collect.ahead import fetched_ahead
from digest.collect.dates import parse_date
from digest.collect.discover import Candidate, feed_candidates
from digest.collect.encoding import decode
from digest.collect.entries import PROVENANCE
from digest.collect.front_matter import front_matter
from digest.collect.gather import Collected, SourceReport, collect
from digest.collect.health import Health, health
from digest.collect.identity import entry_id
from digest.collect.loose_lists import LooseList, read_loosely
from digest.collect.opml_edit import (
    EMPTY,
    Outline,
    add_outlines,
    remove_outline,
    write_outlines,
)
from digest.collect.pictures import local_picture
from digest.collect.places import Listed, listed

if TYPE_CHECKING:
    from digest.collect.mail_readers import readers

__all__ = [
    "EMPTY",
    "PROVENANCE",
    "Candidate",
    "Collected",
    "Health",
    "Listed",
    "LooseList",
    "Outline",
    "SourceReport",
    "add_outlines",
    "collect",
    "decode",
    "entry_id",
    "feed_candidates",
    "fetched_ahead",
    "front_matter",
    "health",
    "listed",
    "local_picture",
    "parse_date",
    "read_loosely",
    "readers",
    "remove_outline",
    "write_outlines",
]


def __getattr__(name: str) -> Any:
    """`readers`, when it is asked for: the patterns of bylines come with it."""
    if name == "readers":
        from digest.collect.mail_readers import readers

        return readers
    raise AttributeError(name)
