"""The archive: all issues, as plain files in the folder `issues/`.

`Archive` saves an issue so that a crash leaves the old one or the new one, loads it back, and
remembers what ran before. `read_edits` and `change_edits` are the door to an issue's `edits.toml`.
`diff` compares two issues, `soundness` says what is wrong with one, `StoryIndex` finds stories by
their words. Nothing here renders, judges or sends.
"""

from typing import TYPE_CHECKING

from digest.archive.corrections import add_correction, read_corrections, remove_correction
from digest.archive.diff import How, IssueDiff, Pair, SourceCount, Wording, diff
from digest.archive.document import Document, built_files
from digest.archive.edits import added_id, decided_hash, edits_text, read_edits
from digest.archive.edits_file import (
    Change,
    all_of,
    append,
    change_edits,
    edited_since_build,
    end_approval,
    is_approved,
    put_edits,
    remove_row,
    remove_story,
    set_key,
    set_story,
)
from digest.archive.folder import read_plain
from digest.archive.freezing import freeze
from digest.archive.glance import Row
from digest.archive.html_diff import html_diff
from digest.archive.reading import Reading, stamp_of
from digest.archive.slug import is_slug, slug_of
from digest.archive.soundness import Soundness, soundness
from digest.archive.staging import issue_version
from digest.archive.store import Archive

if TYPE_CHECKING:
    from digest.archive.kept_tallies import read_statistics
    from digest.archive.search import Asked, Choices, Found, Hit, Match, Ran, StoryIndex

_LATER = dict.fromkeys(("Asked", "Choices", "Found", "Hit", "Match", "Ran", "StoryIndex"), "search")
_LATER["read_statistics"] = "kept_tallies"


def __getattr__(name: str) -> object:
    """Load what searches and counts where it is asked for: SQLite and the stemmers come with it."""
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"digest.archive.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Archive",
    "Asked",
    "Change",
    "Choices",
    "Document",
    "Found",
    "Hit",
    "How",
    "IssueDiff",
    "Match",
    "Pair",
    "Ran",
    "Reading",
    "Row",
    "Soundness",
    "SourceCount",
    "StoryIndex",
    "Wording",
    "add_correction",
    "added_id",
    "all_of",
    "append",
    "built_files",
    "change_edits",
    "decided_hash",
    "diff",
    "edited_since_build",
    "edits_text",
    "end_approval",
    "freeze",
    "html_diff",
    "is_approved",
    "is_slug",
    "issue_version",
    "put_edits",
    "read_corrections",
    "read_edits",
    "read_plain",
    "read_statistics",
    "remove_correction",
    "remove_row",
    "remove_story",
    "set_key",
    "set_story",
    "slug_of",
    "soundness",
    "stamp_of",
]
