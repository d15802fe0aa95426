"""Mail that came in: a Maildir, a plain mbox, or a single mail; nothing in it is ever lost.

A Maildir's mails stay where they are until the caller says that one is handled. Then it moves to
`cur/` with a flag, as mail programs do it, and its bytes stay.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from digest.errors import SendError
from digest.send.returned.mime import LIMIT

_SEPARATOR = re.compile(rb"From \S{1,320} .{0,60}\d{4}.{0,40}\n?\Z")
"""The line between the mails of an mbox (RFC 4155): an address and a date, not a sentence."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail that came in: how it is called, and its first megabyte. `path`: in a Maildir."""

    name: str
    raw: bytes
    path: Path | None = None


class Maildir:
    """A folder with `new/` and `cur/`. Raises SendError where it is none, or cannot be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
            raise SendError(
                f"{folder} is no Maildir: it has no new/ and cur/.",
                hint="Name the folder that your mail server delivers into, or a file.",
            )

    def mails(self, *, seen: bool = False) -> Iterator[Incoming]:
        """What nobody has handled, the oldest first; with `seen`, what is marked so too.

        A mail that another program takes away in between is passed over: it has it.
        """
        for path in self._paths(seen=seen):
            with contextlib.suppress(FileNotFoundError):
                raw = _head(path)
                if raw is not None:
                    yield Incoming(path.name, raw, path)

    def handled(self, mail: Incoming, *, flags: str = "S") -> Path:
        """Move `mail` to `cur/` with `flags` besides those it has; returns where it lies.

        S: seen. F: flagged, which mail programs show as a star. A mail that was moved meanwhile
        stays where it is.
        """
        if mail.path is None:
            raise ValueError("no mail of a Maildir")
        unique, _, had = mail.path.name.partition(":2,")
        path = self.folder / "cur" / f"{unique}:2,{''.join(sorted({*had, *flags}))}"
        if path == mail.path:
            return path
        try:
            # Not synced to the disk: a move that a crash takes back is a mail that is read again.
            _move(mail.path, path)
        except FileNotFoundError:
            return mail.path
        except OSError as error:
            raise SendError(
                f"{mail.path} cannot be moved to cur/: {error.strerror or error}.",
                hint="The folder must belong to whoever runs this command; what was found is kept.",
            ) from None
        return path

    def _paths(self, *, seen: bool) -> list[Path]:
        found: list[tuple[int, str, Path]] = []
        for name in ("new", "cur"):
            try:
                with os.scandir(self.folder / name) as entries:
                    for entry in entries:
                        flags = entry.name.partition(":2,")[2]
                        if entry.name.startswith(".") or ("S" in flags and not seen):
                            continue
                        with contextlib.suppress(FileNotFoundError):
                            when = entry.stat(follow_symlinks=False).st_mtime_ns
                            found.append((when, entry.name, Path(entry.path)))
            except OSError as error:
                raise SendError(
                    f"{self.folder / name} cannot be read: {error.strerror or error}.",
                    hint="The folder must belong to whoever runs this command.",
                ) from None
        return [path for _, _, path in sorted(found)]


def read_mails(source: Path | BinaryIO, *, seen: bool = False) -> Iterator[Incoming]:
    """The mails of a Maildir, of an mbox, or the one that a file or a stream is.

    Raises SendError for a place that cannot be read.
    """
    if not isinstance(source, Path):
        yield from _mbox(source, "standard input")
    elif source.is_dir():
        yield from Maildir(source).mails(seen=seen)
    else:
        try:
            with source.open("rb") as file:
                yield from _mbox(file, source.name)
        except OSError as error:
            raise SendError(
                f"{source} cannot be read: {error.strerror or error}.", hint="Check the path."
            ) from None


def _mbox(file: BinaryIO, name: str) -> Iterator[Incoming]:
    """Mails between lines that begin with "From ", each cut at the limit; else the one mail."""
    kept = bytearray()
    number, size, after_blank, line_began = 1, 0, True, True
    while line := file.readline(LIMIT):
        begins = line_began and after_blank and _SEPARATOR.match(line) is not None
        if begins and size:
            yield Incoming(f"{name}, mail {number}", bytes(kept))
            number, size = number + 1, 0
            kept.clear()
        if not begins:
            # One byte more than is read, so that the reader knows of the rest.
            kept += line[: LIMIT + 1 - len(kept)]
            size += len(line)
        after_blank = line_began and not line.strip(b"\r\n")
        line_began = line.endswith(b"\n")
    if size:
        yield Incoming(name if number == 1 else f"{name}, mail {number}", bytes(kept))


def _head(path: Path) -> bytes | None:
    """The beginning of a regular file; None for what is none, such as a link or a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:
            return None
        if error.errno == errno.ENOENT:
            raise
        raise SendError(
            f"{path} cannot be read: {error.strerror or error}.",
            hint="The folder must belong to whoever runs this command.",
        ) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(LIMIT + 1)


def _move(old: Path, new: Path) -> None:
    """Rename, never over another file."""
    try:
        os.link(old, new, follow_symlinks=False)
    except FileExistsError:
        if not old.samefile(new):
            raise
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
            raise
        old.rename(new)
        return
    old.unlink()
