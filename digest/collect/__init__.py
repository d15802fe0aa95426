"""Collecting: bytes → entries.

`collect` takes places (URLs, files, folders, OPML lists) and gives every entry that they hold,
with the pictures of local sources, a report for each source and a failure for each that gave
nothing. It reads feeds (RSS, RDF, Atom, JSON Feed), web pages, Markdown and text saved from pages,
told apart by their bytes. Nothing is guessed: what a source does not say stays empty, and is
flagged.
"""

from digest.collect.entries import PROVENANCE
from digest.collect.gather import Collected, SourceReport, collect

__all__ = ["PROVENANCE", "Collected", "SourceReport", "collect"]
