"""`corrections.toml`: what is to be said of an issue after it was sent.

The file holds `[[correction]]` tables of `moment` (a TOML date-time with its offset), `note` and,
where it is about one story, `story`, the id of its entry.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from digest.archive.folder import mode_of, read_plain
from digest.archive.slug import need_slug
from digest.corrections import Correction
from digest.errors import DocumentError

NAME = "corrections.toml"


def read_corrections(archive: Path, slug: str) -> tuple[Correction, ...]:
    """The corrections of the issue `slug`, oldest first; none where the file is not there.

    Raises DocumentError that names the file and the table, ArchiveError for a file that is a link
    or cannot be read.
    """
    need_slug(slug)
    where = f"{archive.name}/{slug}/{NAME}"
    folder = archive / slug
    if not mode_of(folder, shown=f"{archive.name}/{slug}") or not mode_of(
        folder / NAME, shown=where
    ):
        return ()
    try:
        held = tomllib.loads(read_plain(folder, NAME).decode("utf-8-sig"))
        rows = [Correction(**row) for row in held.get("correction", [])]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentError(
            f"{where}: {error}.", hint="Each [[correction]] holds a moment and a note."
        ) from None
    return tuple(sorted(rows, key=lambda row: row.moment))
