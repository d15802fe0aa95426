"""A mailbox on this machine: a Maildir that mail programs open, and an .eml file for each mail."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import heapq
import itertools
import json
import os
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from digest.disk import read_regular, sync_folder
from digest.errors import DocumentError, SendError
from digest.models import Recipient
from digest.send.address import same
from digest.send.mailbox.summaries import HEAD_BYTES, Summaries, Summary, addressed_to, summary

MAX_BYTES = 64 << 20
"""A file that is larger is listed, and not opened."""
MAX_LISTED = 10_000
"""The newest mails that are listed; older ones stay where they are."""
_MOST_KNOWN = 2_000  # summaries that are remembered
_FOLDERS = ("tmp", "new", "cur")
_ENVELOPE = ".envelope.json"
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What file systems without hard links answer."""
_SEQUENCE = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail of the mailbox: its .eml file, read when it is asked for."""

    path: Path

    @property
    def raw(self) -> bytes:
        """The bytes of the mail. Raises SendError for a file that cannot be read."""
        return _read(self.path)

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        import email
        import email.policy

        return email.message_from_bytes(self.raw, policy=email.policy.default)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a mail was from and for as SMTP was told, which its headers need not say."""

    sender: str
    recipients: tuple[str, ...]


class Mailbox:
    """Mail that never leaves: `folder` is a Maildir (tmp, new, cur) with .eml files in it.

    Beside a mail that came with an envelope lies `<name>.envelope.json`. Folders are readable by
    their owner alone, and so are files: they hold addresses.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[tuple[str, int, int, int], Summary] = {}

    def deliver(self, message: bytes, *, slug: str, recipient: Recipient) -> Path:
        """Keep `message` as it is; returns its .eml file, such as `2026-W47 ann@example.org.eml`.

        The file is whole or not there. Raises SendError where the folder cannot be written.
        """
        try:
            return self.keep(message, slug=slug, to=recipient.address)
        except OSError as error:
            raise SendError(
                f"The mailbox {self.folder} cannot be written: {error.strerror or error}.",
                hint="Make room or mend its permissions, then send again.",
            ) from None

    def keep(self, message: bytes, *, slug: str, to: str, envelope: Envelope | None = None) -> Path:
        """As `deliver`, for a mail that came with an `envelope`. Raises OSError."""
        self._make()
        # Unique as Maildir asks: time, process and count, host.
        unique = f"{time.time_ns()}.P{os.getpid()}Q{next(_SEQUENCE)}.{_host()}"
        temporary = self.folder / "tmp" / unique
        try:
            _write_new(temporary, message)
            readable = self._readable(temporary, message, _stem(f"{slug} {to}"), envelope)
            temporary.rename(self.folder / "new" / unique)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(self.folder / "new")
        sync_folder(self.folder)
        return readable

    def messages(self) -> tuple[Kept, ...]:
        """All mails, in the order in which they came; none where there is no mailbox yet."""
        return tuple(Kept(Path(file.path)) for file in sorted(self._files(), key=_age))

    def summaries(self) -> Summaries:
        """The newest MAX_LISTED mails, newest first: listed now, opened when looked at."""
        return Summaries(heapq.nlargest(MAX_LISTED, self._files(), key=_age), self._summary)

    def read(self, name: str) -> bytes | None:
        """The bytes of the mail that `summaries` lists as `name`; None where there is none.

        Raises SendError for a file that cannot be read or is larger than MAX_BYTES.
        """
        if name not in self.summaries().names:
            return None
        return _read(self.folder / f"{name}.eml")

    def count_for(self, address: str) -> int:
        """How many mails are for `address`, as `remove` tells them."""
        return sum(self._is_for(Path(f.path), same(address)) for f in self._files())

    def remove(self, address: str) -> int:
        """Remove every mail that was for `address`; returns how many.

        Its headers, its envelope or the name of its file say so. Whole mails go, also where
        others received them too. May be called again after it was cut short. Raises SendError.
        """
        try:
            return self._remove(same(address))
        except OSError as error:
            raise SendError(
                f"The mailbox {self.folder} cannot be changed: {error.strerror or error}.",
                hint="Mend its permissions, then run this command again.",
            ) from None

    def _make(self) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, *(self.folder / name for name in _FOLDERS)):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.stat().st_mode & 0o077:
                folder.chmod(0o700)

    def _readable(self, whole: Path, message: bytes, stem: str, envelope: Envelope | None) -> Path:
        """Put `whole` beside the Maildir too, under the first free readable name.

        The envelope is there before the mail is: who is in it alone can be found again.
        """
        for number in itertools.count(1):
            name = stem if number == 1 else f"{stem} {number}"
            path, beside = self.folder / f"{name}.eml", self.folder / f"{name}{_ENVELOPE}"
            with contextlib.suppress(FileExistsError):
                if envelope:
                    _write_new(beside, _written(envelope))
                try:
                    _put(whole, path, message)
                except OSError:
                    if envelope:
                        beside.unlink(missing_ok=True)
                    raise
                return path
        raise AssertionError("counting has no end")

    def _files(self) -> Iterator[os.DirEntry[str]]:
        """The .eml files; no links, nothing hidden, no name that a page could not write."""
        with (
            contextlib.suppress(FileNotFoundError, NotADirectoryError),
            os.scandir(self.folder) as entries,
        ):
            for entry in entries:
                fit = entry.name.endswith(".eml") and not entry.name.startswith(".")
                if fit and entry.name.isprintable() and entry.is_file(follow_symlinks=False):
                    with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                        entry.stat(follow_symlinks=False)  # which the entry remembers
                        yield entry

    def _summary(self, file: os.DirEntry[str]) -> Summary:
        found = file.stat(follow_symlinks=False)
        key = (file.name, found.st_ino, found.st_mtime_ns, found.st_size)
        known = self._known.get(key)
        if known is None:
            path, head = Path(file.path), b""
            with contextlib.suppress(OSError):  # listed all the same: opening it says why
                head = _head(path)
            known = summary(path, head, size=found.st_size, came_ns=found.st_mtime_ns)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = known
        return known

    def _remove(self, address: str) -> int:
        gone: set[tuple[int, int]] = set()
        copies: set[tuple[int, bytes]] = set()
        doomed = [Path(f.path) for f in self._files() if self._is_for(Path(f.path), address)]
        for path in doomed:
            found = path.stat()
            gone.add((found.st_dev, found.st_ino))
            copies.add((found.st_size, _sha256(path)))
        removed = len(doomed)
        # The Maildir's own files first: those that name nobody are found by their .eml alone.
        for path in self._maildir():
            found = path.stat()
            is_copy = (found.st_dev, found.st_ino) in gone or (
                any(size == found.st_size for size, _ in copies)
                and (found.st_size, _sha256(path)) in copies
            )
            if is_copy or address in addressed_to(_head(path)):
                path.unlink()
                removed += not is_copy
        for path in doomed:
            path.unlink()
        for beside in self.folder.glob(f"*{_ENVELOPE}"):
            whose = beside.with_name(beside.name.removesuffix(_ENVELOPE) + ".eml")
            if whose in doomed or address in _in_envelope(beside):
                beside.unlink()
        if removed:
            self._known.clear()
            for folder in (self.folder, *(self.folder / name for name in _FOLDERS)):
                with contextlib.suppress(FileNotFoundError):
                    sync_folder(folder)
        return removed

    def _maildir(self) -> Iterator[Path]:
        for name in _FOLDERS:
            folder = self.folder / name
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                if path.is_file() and not path.is_symlink():
                    yield path

    def _is_for(self, path: Path, address: str) -> bool:
        named = addressed_to(_head(path))
        beside = path.with_name(path.name.removesuffix(".eml") + _ENVELOPE)
        if address in named or address in _in_envelope(beside):
            return True
        # Names lack some characters: a name is another's where a header says an address like it.
        stem = _stem(address)
        hit = re.fullmatch(r"\S+ (.+?)(?: [0-9]+)?", path.name.removesuffix(".eml"))
        if hit is None or same(hit[1]) != stem:
            return False
        return stem not in {_stem(other) for other in named}


def _age(file: os.DirEntry[str]) -> tuple[int, str]:
    return file.stat(follow_symlinks=False).st_mtime_ns, file.name


def _stem(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9@._+ -]", "_", name).lstrip(".")[:200]


def _put(whole: Path, path: Path, message: bytes) -> None:
    try:
        os.link(whole, path)  # never writes over a file, and appears at once
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _write_new(path, message)


def _write_new(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _written(envelope: Envelope) -> bytes:
    told = {"from": envelope.sender, "to": list(envelope.recipients)}
    return (json.dumps(told, ensure_ascii=False) + "\n").encode("utf-8")


def _in_envelope(path: Path) -> frozenset[str]:
    try:
        to = json.loads(path.read_bytes())["to"]
        return frozenset(same(str(address)) for address in to)
    except (OSError, ValueError, TypeError, KeyError):
        return frozenset()


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _sha256(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _read(path: Path) -> bytes:
    try:
        return read_regular(path, limit=MAX_BYTES)
    except DocumentError as error:
        raise SendError(error.what, hint="Open it with a mail program, or remove it.") from None


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()) or "localhost"
