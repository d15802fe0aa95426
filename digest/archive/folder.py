"""Reading from a folder that may be damaged or hostile: no links, no devices, no endless files."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from digest.errors import ArchiveError

MEGABYTE = 1_000_000
_LIMITS = {"issue.json": 16 * MEGABYTE, "entries.jsonl": 512 * MEGABYTE}
_LIMIT = 32 * MEGABYTE


_RIGHTS = "Give yourself the right to read it (`chmod u+rwX`), then run the command again."


class UnreadableError(ArchiveError):
    """The system refuses to say what is there; the issue itself may be sound."""


def limit_of(name: str) -> int:
    """The most bytes that the file `name` of an issue may have: far more than any build writes."""
    return _LIMITS.get(name, _LIMIT)


def read_plain(folder: Path, name: str) -> bytes:
    """The bytes of the file `name` (`email.html`, `media/x.png`) of the issue in `folder`.

    Raises ArchiveError, which names the file, when it or a folder on the way is a symbolic link,
    when it is no regular file, missing, unreadable (UnreadableError) or beyond its bound.
    """
    shown = f"{folder.parent.name}/{folder.name}/{name}"
    for step in (folder, *(folder / parent for parent in Path(name).parents if parent.name)):
        if stat.S_ISLNK(mode_of(step, shown=_shown(step, folder))):
            raise ArchiveError(f"{_shown(step, folder)} is a symbolic link, which is not followed.")
    try:
        # O_NONBLOCK: opening a named pipe must not wait for its writer.
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise ArchiveError(f"{shown} is missing.") from None
    except OSError as error:
        if error.errno == errno.ELOOP:  # what O_NOFOLLOW answers
            raise ArchiveError(f"{shown} is a symbolic link, which is not followed.") from None
        raise unreadable(shown, error) from None
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
            raise unreadable(shown, error) from None


def mode_of(path: Path, *, shown: str) -> int:
    """The type and the permission bits of what is at `path` itself, 0 where nothing is.

    Raises UnreadableError where the system does not say.
    """
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except OSError as error:
        raise unreadable(shown, error) from None


def is_there(archive: Path) -> bool:
    """Whether the archive's own folder is there; it may be reached through a link.

    Raises ArchiveError where something else is in its place.
    """
    shown = f"The archive {archive.name}"
    try:
        mode = archive.stat().st_mode
    except FileNotFoundError:
        if archive.is_symlink():
            raise ArchiveError(
                f"{shown} is a symbolic link that leads nowhere.",
                hint="Bring back the folder that it names, or remove the link.",
            ) from None
        return False
    except OSError as error:
        raise unreadable(shown, error) from None
    if not stat.S_ISDIR(mode):
        raise ArchiveError(
            f"{shown} cannot be read: it is not a folder.",
            hint="Move it away; the next build makes the folder.",
        )
    return True


def oddity_of(archive: Path, slug: str) -> str:
    """Why what bears the name of an issue is none, in a sentence; empty where all is well."""
    shown = f"{archive.name}/{slug}"
    try:
        mode = mode_of(archive / slug, shown=shown)
    except UnreadableError as error:
        return error.what
    if stat.S_ISLNK(mode):
        return f"{shown} is a symbolic link, which is not followed."
    if not mode:
        return f"There is no issue {slug} in {archive.name}."
    return "" if stat.S_ISDIR(mode) else f"{shown} is not a folder."


def unreadable(shown: str, error: OSError) -> UnreadableError:
    """What to raise where the system refuses to read what `shown` names, and what to do then."""
    denied = error.errno in {errno.EACCES, errno.EPERM}
    return UnreadableError(
        f"{shown} cannot be read: {error.strerror or error}.",
        hint=_RIGHTS if denied else "Check the disk and the path, then run the command again.",
    )


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
