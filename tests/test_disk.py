"""Atomic writes and the lock that names its holder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from digest.disk import lock, read_kept, read_regular, write_atomic, write_kept
from digest.errors import ArchiveError, BusyError, DocumentError


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


def test_a_link_in_the_locks_place_is_refused_and_its_target_stays(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / ".lock").symlink_to(victim)
    with pytest.raises(ArchiveError, match="cannot be locked"), lock(tmp_path / ".lock", what="x"):
        pass
    assert victim.read_text() == "precious"


def test_only_regular_files_within_the_bound_are_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_regular(tmp_path / "a", limit=5) == b"12345"
    os.mkfifo(tmp_path / "pipe")
    for path, said in (
        (tmp_path / "a", "larger"),
        (tmp_path / "pipe", "no regular file"),
        (tmp_path, "a folder"),
        (Path("/dev/zero"), "no regular file"),
        (tmp_path / "none", "cannot be read: No such file"),
        (Path("a\0b"), "no path"),
    ):
        with pytest.raises(DocumentError, match=said):
            read_regular(path, limit=4)


def test_what_is_kept_is_the_owners_alone_and_never_in_the_way(tmp_path: Path) -> None:
    kept = tmp_path / "cache" / "rows"
    assert read_kept(kept, limit=9) is None
    assert write_kept(kept, "rows")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert read_kept(kept, limit=9) == b"rows"
    assert read_kept(kept, limit=3) is None
    assert not write_kept(kept, "half a character: \ud800")
    assert not write_kept(kept / "below a file", "rows")
    assert read_kept(kept, limit=9) == b"rows"


def test_a_full_disk_has_locks_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written under the lock tells of the disk; the lock's own name is a courtesy."""

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    path = tmp_path / ".lock"
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with (
            lock(path, what="The archive"),
            pytest.raises(BusyError, match="by another process"),
            lock(path, what="The archive"),
        ):
            pass
    assert path.read_bytes() == b""
