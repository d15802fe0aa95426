"""Freezing an issue: what readers got is never changed."""

from __future__ import annotations

import json
from pathlib import Path

from digest import disk
from digest.archive import staging
from digest.archive.document import encoded
from digest.archive.folder import read_plain
from digest.archive.slug import need_slug
from digest.errors import ArchiveError


def freeze(archive: Path, slug: str, *, version: str) -> None:
    """Note in issue.json that the issue `slug` was sent; from then on no build touches it.

    `version` is what `issue_version` said of the issue that is sent. Raises BusyError where it was
    built anew meanwhile, ArchiveError where the disk refuses.
    """
    folder = archive / need_slug(slug)
    with disk.lock(archive / ".lock", what=f"The archive {archive.name}"):
        staging.recover(archive)
        if staging.is_frozen(folder):
            return
        staging.refuse_other(folder, version)
        document = json.loads(read_plain(folder, staging.DOCUMENT))
        document["issue"]["status"] = "sent"
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        try:
            disk.write_atomic(folder / staging.DOCUMENT, encoded(text, staging.DOCUMENT))
        except OSError as error:
            raise ArchiveError(
                f"{archive.name}/{slug}/issue.json cannot be written: {error.strerror or error}.",
                hint="Nothing was sent. Check that the disk has room, then send again.",
            ) from None
