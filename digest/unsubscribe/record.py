"""Writing down who left: one line, on the disk before anybody is told that it is done."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import stat
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from digest.disk import sync_folder
from digest.send import Unsubscribed

PATIENCE_S = 5.0
"""How long a line waits for another process that holds the record."""
_REPEATED = timedelta(minutes=1)
_TAIL = 1 << 16
MOST_LINES = 20
"""Lines about one person in the record's last 64 KiB, after which taking it back has to wait."""


class TooOftenError(Exception):
    """One link was used to and fro so often that it would fill the disk."""


def write_down(path: Path, event: Unsubscribed) -> None:
    """Append `event` to the record at `path`, and return when it is on the disk.

    What was asked within the last minute, and not taken back since, is not written again: nobody
    fills the disk with one link. Raises OSError where it cannot be written, and TooOftenError for
    an `again` too many; then the record is as it was.
    """
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True)
        sync_folder(path.parent.parent)
    with _held(path) as handle:
        size = os.fstat(handle).st_size
        tail = os.pread(handle, _TAIL, max(0, size - _TAIL))
        if not _is_repeated(tail, event):
            try:
                # A crash may have torn the last line: it must not take this one with it.
                mend = b"" if tail[-1:] in {b"", b"\n"} else b"\n"
                _write(handle, mend + event.written())
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(handle, size)
                raise
        # A line that another process wrote is waited for as well: its fsync may have failed.
        os.fsync(handle)
    if size == 0:
        sync_folder(path.parent)


def _write(handle: int, data: bytes) -> None:
    """All of `data`: a disk that fills up takes a part first, and refuses only the rest."""
    while data:
        data = data[os.write(handle, data) :]


def _is_repeated(tail: bytes, event: Unsubscribed) -> bool:
    about = [line for line in tail.split(b"\n") if event.reference.digest.hex().encode() in line]
    if event.what == "again" and len(about) >= MOST_LINES:
        raise TooOftenError
    try:
        last = json.loads(about[-1])
        age = event.at - datetime.fromisoformat(last["at"])
        same = (last["what"], last["key"]) == (event.what, event.reference.key_id)
    except (IndexError, ValueError, KeyError, TypeError):
        return False
    return same and timedelta(0) <= age < _REPEATED


@contextlib.contextmanager
def _held(path: Path) -> Iterator[int]:
    """The record, open and locked (flock) against other threads and processes."""
    until = time.monotonic() + PATIENCE_S
    while True:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
        handle = os.open(path, flags, 0o600)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise OSError(errno.EINVAL, "it is no regular file")
            _lock(handle, until)
            # Somebody may have moved the file away while this waited.
            if _is_still(path, handle):
                yield handle
                return
        finally:
            os.close(handle)


def _lock(handle: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise OSError(errno.EBUSY, "another process keeps it locked") from None
            time.sleep(0.002)
        else:
            return


def _is_still(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
