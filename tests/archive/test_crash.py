"""A writer that dies at any step leaves the old issue, the new one, or one that is named torn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from digest.archive import Archive
from digest.errors import ArchiveError
from digest.models import Issue
from tests.archive.newsroom import made, save

OLD, NEW = made(47, pictures=3), made(47, words="rebuilt", pictures=2)
EDITS = '[stories]\ndrop = ["ferry-47"]\n'


def killed(tmp_path: Path) -> list[Archive]:
    """The archive after each death, the last one after a save that came to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.archive.killed_writer", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return [Archive(tmp_path / str(n) / "issues") for n in range(1, int(done.stdout) + 1)]


def loaded(archive: Archive) -> Issue | str:
    """The issue, or the sentence with which it was refused."""
    try:
        issue = archive.load("2026-W47")
    except ArchiveError as error:
        return str(error)
    build = OLD if issue == OLD.issue else NEW
    assert archive.renderings("2026-W47") == build.renderings
    assert archive.candidates("2026-W47") == build.candidates
    assert archive.media("2026-W47") == build.media
    return issue


def test_a_rebuild_that_dies_at_any_step(tmp_path: Path) -> None:
    before = Archive(tmp_path / "before" / "issues")
    path = save(before, OLD)
    (path / "edits.toml").write_text(EDITS, "utf-8")
    (path / "media" / "by-hand.txt").write_text("mine", "utf-8")

    states = killed(tmp_path)
    found = [loaded(archive) for archive in states]

    torn = [state for state in found if isinstance(state, str)]
    assert OLD.issue in found
    assert found[-1] == NEW.issue
    assert len(states) > 20, "the writer was not killed at every step"
    assert torn, "no death fell between two renames: the test does not reach them"
    assert all("issues/2026-W47/" in t and "digest build --issue 2026-W47" in t for t in torn)
    for state in found:
        assert isinstance(state, str) or state in (OLD.issue, NEW.issue)
    # Once the new issue is whole it stays: old, then torn, then new, and never back.
    kinds = ["old" if s == OLD.issue else "new" if s == NEW.issue else "torn" for s in found]
    assert kinds == sorted(kinds, key=["old", "torn", "new"].index)
    for archive in states:
        assert (archive.path("2026-W47") / "edits.toml").read_text("utf-8") == EDITS
        assert (archive.path("2026-W47") / "media" / "by-hand.txt").read_text("utf-8") == "mine"


def test_the_next_writer_finishes_what_a_dead_one_began(tmp_path: Path) -> None:
    before = Archive(tmp_path / "before" / "issues")
    (save(before, OLD) / "edits.toml").write_text(EDITS, "utf-8")
    for archive in killed(tmp_path):
        was = loaded(archive)
        save(archive, made(48))
        now = loaded(archive)
        assert now in (OLD.issue, NEW.issue)
        assert was in (now, OLD.issue) or isinstance(was, str)
        assert sorted(p.name for p in archive.folder.iterdir()) == [".lock", "2026-W47", "2026-W48"]
        media = {p.name for p in (archive.path("2026-W47") / "media").iterdir()}
        kept = OLD.media if now == OLD.issue else NEW.media
        assert {f"media/{name}" for name in media} == set(kept)
        assert (archive.path("2026-W47") / "edits.toml").read_text("utf-8") == EDITS


def test_a_first_build_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    save(Archive(tmp_path / "before" / "issues"), made(46))
    for archive in killed(tmp_path)[:-1]:
        assert archive.load("2026-W46") == made(46).issue
        if "2026-W47" in archive.slugs():
            assert loaded(archive) == NEW.issue
        else:
            assert archive.slugs() == ("2026-W46",)


def test_a_disk_that_refuses_is_one_sentence_and_the_old_issue_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path / "issues")
    save(archive, OLD)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(ArchiveError, match=r"issues/2026-W47 cannot be written: No space left"):
            save(archive, NEW)
    assert archive.load("2026-W47") == OLD.issue
    assert sorted(p.name for p in archive.folder.iterdir()) == [".lock", "2026-W47"]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    from digest import disk

    archive = Archive(tmp_path / "issues")
    save(archive, OLD)
    with (
        disk.lock(archive.folder / ".lock", what="The archive issues"),
        pytest.raises(ArchiveError, match=r"The archive issues is being written by process \d+"),
    ):
        save(archive, NEW)
    assert archive.load("2026-W47") == OLD.issue
