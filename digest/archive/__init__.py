"""The archive: all issues, as plain files in the folder `issues/`.

`Archive` saves an issue so that a crash leaves the old one or the new one, loads it back, and
remembers what ran before. `read_edits` and `change_edits` are the door to an issue's `edits.toml`.
`StoryIndex` finds stories by their words. Nothing here renders, judges or sends.
"""

from typing import TYPE_CHECKING

from digest.archive.corrections import read_corrections
from digest.archive.document import Row
from digest.archive.edits import added_id, edits_text, read_edits
from digest.archive.edits_file import (
    Change,
    all_of,
    append,
    change_edits,
    edited_since_build,
    end_approval,
    is_approved,
    remove_row,
    remove_story,
    set_key,
    set_story,
)
from digest.archive.freezing import freeze
from digest.archive.slug import is_slug, slug_of
from digest.archive.staging import issue_version
from digest.archive.store import Archive

if TYPE_CHECKING:
    from digest.archive.search import Asked, Choices, Found, Hit, Match, Ran, StoryIndex

__all__ = [
    "Archive",
    "Asked",
    "Change",
    "Choices",
    "Found",
    "Hit",
    "Match",
    "Ran",
    "Row",
    "StoryIndex",
    "added_id",
    "all_of",
    "append",
    "change_edits",
    "edited_since_build",
    "edits_text",
    "end_approval",
    "freeze",
    "is_approved",
    "is_slug",
    "issue_version",
    "read_corrections",
    "read_edits",
    "remove_row",
    "remove_story",
    "set_key",
    "set_story",
    "slug_of",
]


_SEARCH = {"Asked", "Choices", "Found", "Hit", "Match", "Ran", "StoryIndex"}


def __getattr__(name: str) -> object:
    """Load what searches where it is asked for: SQLite and the stemmers come with it."""
    if name in _SEARCH:
        from importlib import import_module

        return getattr(import_module("digest.archive.search"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
