"""Writing to disk so that a crash leaves the old file or the new one, never half of one."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from digest.errors import ArchiveError, BusyError, DocumentError


def write_atomic(path: Path, data: bytes | str, *, mode: int = 0o644) -> None:
    """Write `data` to `path` through a temporary file beside it: write, fsync, rename.

    `mode` holds the permission bits; reports with addresses are 0o600.
    """
    raw = data.encode("utf-8") if isinstance(data, str) else data
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read_regular(path: Path, *, limit: int, shown: str = "") -> bytes:
    """The bytes of a regular file that holds at most `limit` of them.

    `shown` is how messages name it (default: the path as given). A pipe or a device is refused
    without waiting for it. Raises DocumentError, in one sentence.
    """
    name = shown or str(path)
    try:
        # Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            os.close(handle)
            kind = "a folder" if stat.S_ISDIR(mode) else "no regular file"
            raise DocumentError(f"{name} is {kind}.", hint="Name a file.")
        with os.fdopen(handle, "rb") as file:
            data = file.read(limit + 1)
    except ValueError:
        raise DocumentError(f"{name!r} is no path.", hint="A path holds no NUL.") from None
    except OSError as error:
        raise DocumentError(
            f"{name} cannot be read: {error.strerror or error}.", hint="Check the path."
        ) from None
    if len(data) > limit:
        raise DocumentError(
            f"{name} is larger than {limit / 2**20:g} MB, more than is read.",
            hint="Split it, or name a smaller file.",
        )
    return data


def read_kept(path: Path, *, limit: int) -> bytes | None:
    """The bytes of a derived file; None where there is none that can be read: it is made anew."""
    try:
        return read_regular(path, limit=limit)
    except DocumentError:
        return None


def write_kept(path: Path, data: bytes | str) -> bool:
    """Keep a derived file, for its owner alone: drafts may be in it. Whether that was possible."""
    try:
        write_atomic(path, data, mode=0o600)
    except (OSError, ValueError):  # a disk that is full or closed; half a character
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def lock(path: Path, *, what: str, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock file `path` for the block; it names its holder.

    The kernel's own lock (`flock`) decides, so a holder that was killed leaves nothing behind to
    clean up. Raises BusyError, which names the holder, when another process has it, and keeps it
    for `patience` seconds.
    """
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    # A link in the lock's place would be followed, and its target emptied.
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        handle = os.open(path, flags, 0o644)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError(errno.EINVAL, "no regular file")
    except OSError as error:
        raise ArchiveError(
            f"{path} cannot be locked: {error.strerror}.",
            hint="Check who may write there; a link or a folder in its place is to be removed.",
        ) from None
    try:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise BusyError(
                        f"{what} is being written by {_holder(path)}.",
                        hint="Wait for it to end, then run this command again.",
                    ) from None
                time.sleep(0.02)
        with contextlib.suppress(OSError):  # on a full disk the lock holds, without a name
            os.ftruncate(handle, 0)
            name = json.dumps({"pid": os.getpid(), "host": socket.gethostname()})
            os.write(handle, name.encode())
        yield
        with contextlib.suppress(OSError):
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _holder(path: Path) -> str:
    try:
        row = json.loads(path.read_text("utf-8"))
        return f"process {int(row['pid'])} on {row['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
