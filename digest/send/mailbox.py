"""A mailbox on this machine: a Maildir that mail programs open, and an .eml file for each mail."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import re
import socket
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from digest.disk import sync_folder
from digest.errors import SendError
from digest.models import Recipient

_FOLDERS = ("tmp", "new", "cur")
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What file systems without hard links answer."""
_SEQUENCE = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail of the mailbox: its .eml file, and its bytes."""

    path: Path
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        import email
        import email.policy

        return email.message_from_bytes(self.raw, policy=email.policy.default)


class Mailbox:
    """Mail that never leaves: `folder` is a Maildir (tmp, new, cur) with .eml files in it.

    Folders are readable by their owner alone, and so are files: they hold addresses.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, message: bytes, *, slug: str, recipient: Recipient) -> Path:
        """Keep `message` as it is; returns its .eml file, such as `2026-W47 ann@example.org.eml`.

        The file is whole or not there. Raises SendError where the folder cannot be written.
        """
        try:
            return self._deliver(message, f"{slug} {recipient.address}")
        except OSError as error:
            raise SendError(
                f"The mailbox {self.folder} cannot be written: {error.strerror or error}.",
                hint="Make room or mend its permissions, then send again.",
            ) from None

    def messages(self) -> tuple[Kept, ...]:
        """All mails, in the order in which they came; none where there is no mailbox yet."""
        files = sorted(self.folder.glob("*.eml"), key=lambda p: (p.stat().st_mtime_ns, p.name))
        return tuple(Kept(path, path.read_bytes()) for path in files)

    def _deliver(self, message: bytes, name: str) -> Path:
        self._make()
        # Unique as Maildir asks: time, process and count, host.
        unique = f"{time.time_ns()}.P{os.getpid()}Q{next(_SEQUENCE)}.{_host()}"
        temporary = self.folder / "tmp" / unique
        try:
            _write_new(temporary, message)
            readable = self._readable(temporary, message, name)
            temporary.rename(self.folder / "new" / unique)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(self.folder / "new")
        sync_folder(self.folder)
        return readable

    def _make(self) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, *(self.folder / name for name in _FOLDERS)):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.stat().st_mode & 0o077:
                folder.chmod(0o700)

    def _readable(self, whole: Path, message: bytes, name: str) -> Path:
        """Put `whole` beside the Maildir too, under the first free readable name."""
        stem = re.sub(r"[^A-Za-z0-9@._+ -]", "_", name).lstrip(".")[:200]
        for number in itertools.count(1):
            path = self.folder / (f"{stem}.eml" if number == 1 else f"{stem} {number}.eml")
            with contextlib.suppress(FileExistsError):
                try:
                    os.link(whole, path)  # never writes over a file, and appears at once
                except OSError as error:
                    if error.errno not in _NO_LINKS:
                        raise
                    _write_new(path, message)
                return path
        raise AssertionError("counting has no end")


def _write_new(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()) or "localhost"
