"""Reading from a folder that may be damaged or hostile: no links, no devices, no endless files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from digest.errors import ArchiveError

MEGABYTE = 1_000_000
_LIMITS = {"issue.json": 16 * MEGABYTE, "entries.jsonl": 512 * MEGABYTE}
_LIMIT = 32 * MEGABYTE


def limit_of(name: str) -> int:
    """The most bytes that the file `name` of an issue may have: far more than any build writes."""
    return _LIMITS.get(name, _LIMIT)


def read_plain(folder: Path, name: str) -> bytes:
    """The bytes of the file `name` (`email.html`, `media/x.png`) of the issue in `folder`.

    Raises ArchiveError, which names the file, when it or a folder on the way is a symbolic link,
    when it is no regular file, missing, unreadable or beyond its bound.
    """
    shown = f"{folder.parent.name}/{folder.name}/{name}"
    for step in (folder, *(folder / parent for parent in Path(name).parents if parent.name)):
        if step.is_symlink():
            raise ArchiveError(f"{_shown(step, folder)} is a symbolic link, which is not followed.")
    try:
        # O_NONBLOCK: opening a named pipe must not wait for its writer.
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise ArchiveError(f"{shown} is missing.") from None
    except OSError as error:
        linked = (folder / name).is_symlink()
        why = "is a symbolic link, which is not followed" if linked else str(error.strerror)
        raise ArchiveError(
            f"{shown} {why}." if linked else f"{shown} cannot be read: {why}."
        ) from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise ArchiveError(f"{shown} is not a regular file.")
    with os.fdopen(handle, "rb") as file:
        if found.st_size > limit_of(name):
            raise ArchiveError(_too_big(shown, found.st_size, limit_of(name)))
        try:
            # A file that grows while it is read is still bounded.
            return file.read(limit_of(name))
        except OSError as error:
            raise ArchiveError(f"{shown} cannot be read: {error.strerror}.") from None


def plain_size(folder: Path, name: str) -> int:
    """The bytes of a regular file, 0 where there is none."""
    try:
        found = (folder / name).lstat()
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def refuse_beyond_bound(folder: Path, name: str, size: int) -> None:
    """Raise ArchiveError for a file that could be written but never be read back."""
    if size > limit_of(name):
        shown = f"{folder.parent.name}/{folder.name}/{name}"
        raise ArchiveError(_too_big(shown, size, limit_of(name)))


def _too_big(shown: str, size: int, limit: int) -> str:
    return f"{shown} has {size / MEGABYTE:,.0f} MB; at most {limit // MEGABYTE} MB are read."


def _shown(step: Path, folder: Path) -> str:
    return f"{folder.parent.name}/{step.relative_to(folder.parent).as_posix()}"
