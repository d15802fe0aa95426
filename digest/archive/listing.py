"""The list of issues: a line for each, read at a glance and remembered while its files stand still.

A page of the list is asked for again and again, and nothing of an issue that was sent changes: what
was read is kept by the state of the files (moment of change, bytes, inode), never longer than that.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from digest.archive.document import RENDERED, is_media
from digest.archive.folder import is_there, oddity_of, plain_size, read_plain, unreadable
from digest.archive.glance import Glance, Row, read_glance, row_of
from digest.archive.slug import is_slug
from digest.errors import ArchiveError, DigestError

_FILES = ("issue.json", *RENDERED)
_PICTURE = re.compile(rb"""\bsrc=["'](media/[A-Za-z0-9._-]{1,160})["']""")

State = tuple[tuple[int, ...], ...]


class Listing:
    """The lines of the issues in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[State, Row]] = {}

    def row(self, slug: str, *, pictured: bool = True) -> Row:
        """The line of what bears the name `slug`; a damaged one has its problem instead."""
        if oddity := oddity_of(self._folder, slug):
            return Row(slug=slug, problem=oddity)
        # Asked before anything is read, so that what changes meanwhile is read again next time.
        state = state_of(self._folder / slug)
        held = self._held.get(slug)
        if held and held[0] == state:
            return held[1]
        try:
            found = self._read(slug, pictured=pictured)
        except DigestError as error:
            self._held.pop(slug, None)
            return Row(slug=slug, problem=error.what)
        if pictured:
            self._held[slug] = state, found
        return found

    def _read(self, slug: str, *, pictured: bool) -> Row:
        folder = self._folder / slug
        sizes = {name: plain_size(folder, name) for name in RENDERED}
        picture = _picture(folder) if pictured else ""
        return row_of(slug, glance_at(self._folder, slug), sizes, picture=picture)


def named(archive: Path) -> list[tuple[str, bool]]:
    """Whatever bears the name of an issue, oldest first, and whether it is a folder of its own.

    One look at the archive's folder, whatever lies in it. Raises ArchiveError.
    """
    try:
        if not is_there(archive):
            return []
        with os.scandir(archive) as found:
            return sorted((one.name, _is_folder(one)) for one in found if is_slug(one.name))
    except OSError as error:
        raise unreadable(f"The archive {archive.name}", error) from None


def _is_folder(found: os.DirEntry[str]) -> bool:
    try:
        return found.is_dir(follow_symlinks=False)
    except OSError:
        return False


def glance_at(archive: Path, slug: str) -> Glance:
    """An issue without its stories; raises ArchiveError or DocumentError."""
    if oddity := oddity_of(archive, slug):
        raise ArchiveError(oddity)
    raw = read_plain(archive / slug, "issue.json")
    return read_glance(raw, where=f"{archive.name}/{slug}/issue.json", slug=slug)


def years_of(slugs: Iterable[str]) -> dict[str, int]:
    """How many of these issues each year has, the latest year first."""
    return dict(sorted(Counter(slug[:4] for slug in slugs).items(), reverse=True))


def state_of(folder: Path) -> State:
    """What changes when a file of the issue's list line changes."""
    found: list[tuple[int, ...]] = []
    for name in _FILES:
        try:
            seen = (folder / name).lstat()
        except OSError:
            found.append(())
            continue
        # The moment of change of the inode too: who may read it is part of what is told.
        found.append((seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino))
    return tuple(found)


def _picture(folder: Path) -> str:
    """The first of the issue's own pictures that its email shows; empty where it shows none."""
    try:
        hit = _PICTURE.search(read_plain(folder, "email.html"))
    except ArchiveError:
        return ""
    name = hit[1].decode("ascii") if hit else ""
    return name if is_media(name) else ""
