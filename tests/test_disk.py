"""Atomic writes and the lock that names its holder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from digest.disk import lock, write_atomic
from digest.errors import ArchiveError


def test_a_write_replaces_the_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    write_atomic(path, "one")
    write_atomic(path, b"two", mode=0o600)
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["b.txt"]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.txt"
    write_atomic(path, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomic(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["b.txt"]


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    held = tmp_path / ".lock"
    code = (
        "import sys; from pathlib import Path; from digest.disk import lock\n"
        "with lock(Path(sys.argv[1]), what='the archive'):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(held)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == b"held\n"
        with (
            pytest.raises(
                ArchiveError, match=f"the archive is being written by process {other.pid}"
            ),
            lock(held, what="the archive"),
        ):
            pass
        other.stdin.close()
    with lock(held, what="the archive"):
        pass


def test_a_killed_holder_leaves_nothing_to_clean_up(tmp_path: Path) -> None:
    held = tmp_path / ".lock"
    code = (
        "import os, sys; from pathlib import Path; from digest.disk import lock\n"
        "with lock(Path(sys.argv[1]), what='x'): os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(held)], check=False)
    assert done.returncode == -9
    with lock(held, what="x"):
        assert held.exists()
