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


_NAMESPACE = ("unshare", "--pid", "--ipc", "--fork", "--kill-child")
_FIRST = '"$@" </dev/null; exit $?'
_WATCHED = 'exec 3<&0; { cat; kill -9 0; } <&3 >/dev/null & exec "$@" </dev/null 3<&-'


@functools.cache
def _has_namespaces() -> bool:
    """A container may lack the right to make them."""
    return not subprocess.run([*_NAMESPACE, "true"], check=False, capture_output=True).returncode


def _shelter() -> tuple[str, ...]:
    """What to put before a command, so that nothing of it survives us, even when we are killed.

    A process namespace ends with its first process: here a shell, which dies with `unshare`,
    which dies with us. The shell is there because a process that changes its user, as servers
    do, is no longer told of its parent's death (prctl(2), PR_SET_PDEATHSIG). The namespace of
    semaphores and shared memory leaves none of those behind either. Without namespaces, a watcher
    kills the process group when its standard input, a pipe of ours, ends.
    """
    if _has_namespaces():
        return ("setpriv", "--pdeathsig", "KILL", *_NAMESPACE, "sh", "-c", _FIRST, "sh")
    return ("sh", "-c", _WATCHED, "sh")


@contextlib.contextmanager
def running(
    command: Sequence[str | Path], *, log: Path, ready: Callable[[], bool], seconds: float = 90
) -> Iterator[None]:
    """Run a server in the foreground while the block runs, its output in `log`.

    Entered once it is `ready`. Raises RuntimeError with the log's end where it never is.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*_shelter(), *command],
            stdin=subprocess.PIPE,
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
    """End a server and all its processes. What they hold is thrown away: no farewells."""
    if process.poll() is None and _has_namespaces():
        # `unshare` waits for the namespace's first process, which ends after all the others.
        for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
