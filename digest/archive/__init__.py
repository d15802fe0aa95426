"""The archive: all issues, as plain files in the folder `issues/`.

`Archive` saves an issue so that a crash leaves the old one or the new one, loads it back, and
remembers what ran before. `read_edits` and `change_edits` are the door to an issue's `edits.toml`.
Nothing here renders, judges or sends.
"""

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
    put_edits,
    remove_row,
    remove_story,
    set_key,
    set_story,
)
from digest.archive.freezing import freeze
from digest.archive.slug import is_slug, slug_of
from digest.archive.staging import issue_version
from digest.archive.store import Archive

__all__ = [
    "Archive",
    "Change",
    "Row",
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
    "put_edits",
    "read_corrections",
    "read_edits",
    "remove_row",
    "remove_story",
    "set_key",
    "set_story",
    "slug_of",
]
