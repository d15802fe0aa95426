"""Programs that a test starts, and that cannot outlive it."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

HOST = "127.0.0.1"
_PLACES = ("/usr/sbin", "/usr/lib/postfix/sbin", "/usr/lib/dovecot")


def absent(what: str) -> NoReturn:
    """Skip the test that needs it, by name; where CI is set, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"CI needs {what}")
    pytest.skip(f"no {what}")


def program(name: str, package: str) -> str:
    """The path of a program, also where servers lie that are on nobody's PATH."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *_PLACES]))
    return found or absent(f"{name}: Debian's package is called {package}")


def needs_root(server: str) -> None:
    """Servers that change users must be started by root."""
    if os.geteuid() != 0:
        absent(f"root's rights, which {server} needs")


@contextlib.contextmanager
def open_folder(name: str) -> Iterator[Path]:
    """A folder that servers' own users may enter, as pytest's may not be; and a short name.

    A socket's whole path may have 107 bytes.
    """
    with tempfile.TemporaryDirectory(prefix=f"{name}-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


def free_port() -> int:
    """A port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def greets(port: int) -> bool:
    """Whether a server on this port says something to whoever connects (SMTP, LMTP, IMAP)."""
    try:
        with socket.create_connection((HOST, port), timeout=5) as connection:
            return bool(connection.recv(1))
    except OSError:
        return False


@functools.cache
def _shelter() -> tuple[str, ...]:
    """What to put before a command, so that nothing of it survives us, even when we are killed.

    A process namespace ends with its first process: here a shell, which dies with `unshare`,
    which dies with us. The shell is there because a process that changes its user, as servers
    do, is no longer told of its parent's death (prctl(2), PR_SET_PDEATHSIG). The namespace of
    semaphores and shared memory leaves none of those behind either.
    """
    tied = ("setpriv", "--pdeathsig", "KILL")
    apart = ("unshare", "--pid", "--ipc", "--fork", "--kill-child")
    ended = subprocess.run([*apart, "true"], check=False, capture_output=True)
    if ended.returncode:  # a container without these rights: the group is killed at the end
        return tied
    return (*tied, *apart, "sh", "-c", '"$@"; exit $?', "sh")


@contextlib.contextmanager
def running(
    command: Sequence[str | Path], *, log: Path, ready: Callable[[], bool], seconds: float = 30
) -> Iterator[None]:
    """Run a server in the foreground while the block runs, its output in `log`.

    Entered once it is `ready`. Raises RuntimeError with the log's end where it never is.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*_shelter(), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + seconds
        while not ready():
            if process.poll() is not None or time.monotonic() > end:
                tail = log.read_text("utf-8", "replace")[-3000:]
                raise RuntimeError(f"{Path(command[0]).name} does not start:\n{tail}")
            time.sleep(0.01)
        yield
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and all its processes; they are gone when this returns."""
    if process.poll() is None:
        sheltered = "unshare" in _shelter()
        # `unshare` waits for the namespace's first process, which ends after all the others.
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        first = [int(pid) for pid in children.read_text().split()] if sheltered else [process.pid]
        for pid in first:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if sheltered else signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
