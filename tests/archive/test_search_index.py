"""The index is disposable: missing, old, damaged, locked, it never changes an answer."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from digest.archive import Asked, StoryIndex
from tests.archive.archived import put, told

FERRY = told("The ferry runs on batteries", "Electric boats need piers.", lead=True)
SEEDS = told("A library of seeds", "Gardeners borrow beans.")


@pytest.fixture
def archived(tmp_path: Path) -> Path:
    """The folder around an archive of two issues."""
    put(tmp_path / "issues", FERRY, week=46)
    put(tmp_path / "issues", FERRY, SEEDS, week=47)
    return tmp_path


def opened(folder: Path, **given: float) -> StoryIndex:
    return StoryIndex(folder / "issues", folder / "cache", **given)


def slugs(index: StoryIndex, words: str) -> list[str]:
    return [hit.slug for hit in index.search(Asked(words=words)).hits]


def look_again(index: StoryIndex) -> StoryIndex:
    """Let the second pass for which what was seen is believed."""
    index._looked = float("-inf")
    return index


def test_it_is_made_where_it_is_missing_and_for_its_owner_alone(archived: Path) -> None:
    index = opened(archived)
    assert slugs(index, "ferry") == ["2026-W47", "2026-W46"]
    assert stat.S_IMODE(index.path.stat().st_mode) == 0o600
    assert sorted(p.name for p in (archived / "cache").iterdir()) == ["search.db", "search.lock"]


def test_others_lose_the_right_to_read_it(archived: Path) -> None:
    index = opened(archived)
    index.search(Asked(words="ferry"))
    index.close()
    index.path.chmod(0o644)
    assert slugs(opened(archived), "ferry")
    assert stat.S_IMODE(index.path.stat().st_mode) == 0o600


def _garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 500)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _overwritten(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xa5" * (len(raw) - 4096)
    path.write_bytes(raw)


def _header(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[16:100] = b"\xff" * 84
    path.write_bytes(raw)


def _other_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE made (by TEXT)")
        db.execute("INSERT INTO made VALUES ('another program')")
    db.close()


def _no_table(name: str) -> Callable[[Path], None]:
    def drop(path: Path) -> None:
        with sqlite3.connect(path) as db:
            db.execute(f"DROP TABLE {name}")
        db.close()

    return drop


def _link(path: Path) -> None:
    target = path.with_name("elsewhere.db")
    path.rename(target)
    path.symlink_to(target)


def _dead_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _journal(path: Path) -> None:
    path.with_name("search.db-journal").write_bytes(
        b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"x" * 999
    )
    _cut(path)


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink, _garbage, _empty, _cut, _overwritten, _header, _other_database, _journal,
        _no_table("words"), _no_table("told"), _no_table("vocabulary"), _no_table("issues"),
        _no_table("made"), _link, _dead_link, _pipe,
    ],
)  # fmt: skip
@pytest.mark.parametrize("running", [False, True])
def test_whatever_lies_in_its_place_is_replaced(
    archived: Path, damage: Callable[[Path], None], running: bool
) -> None:
    index = opened(archived)
    index.search(Asked(words="ferry"))
    if not running:
        index.close()
    damage(index.path)
    assert slugs(look_again(index), "ferry") == ["2026-W47", "2026-W46"]
    fresh = opened(archived)
    assert slugs(fresh, "seed") == ["2026-W47"]
    assert fresh.failures() == ()
    assert stat.S_ISREG(index.path.lstat().st_mode)
    assert not index.path.with_name("nowhere").exists()


def test_a_link_is_never_followed(archived: Path) -> None:
    index = opened(archived)
    index.search(Asked(words="ferry"))
    index.close()
    precious = archived / "precious.db"
    index.path.rename(precious)
    before = precious.read_bytes()
    index.path.symlink_to(precious)
    put(archived / "issues", SEEDS, week=48)
    assert slugs(opened(archived), "seed") == ["2026-W48", "2026-W47"]
    assert precious.read_bytes() == before
    assert not index.path.is_symlink()


def test_an_index_of_another_version_is_made_anew(
    archived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(archived).search(Asked(words="ferry"))
    inode = (archived / "cache" / "search.db").stat().st_ino
    monkeypatch.setattr("digest.archive.search.tables.made_by", lambda: "another version")
    assert slugs(opened(archived), "ferry") == ["2026-W47", "2026-W46"]
    assert (archived / "cache" / "search.db").stat().st_ino != inode


@pytest.mark.parametrize("place", ["cache", "cache/search.db", "cache/search.lock"])
def test_where_it_cannot_be_kept_it_is_made_in_memory(archived: Path, place: str) -> None:
    path = archived / place
    if place == "cache":
        path.write_text("a file where the folder belongs", "utf-8")
    else:
        path.mkdir(parents=True)
    index = opened(archived)
    assert slugs(index, "ferry") == ["2026-W47", "2026-W46"]
    (note,) = index.failures()
    assert "made in memory" in note.what
    put(archived / "issues", SEEDS, week=48)
    assert slugs(look_again(index), "seed") == ["2026-W48", "2026-W47"]


def test_a_database_that_is_locked_is_not_waited_for_for_ever(archived: Path) -> None:
    first = opened(archived)
    first.search(Asked(words="ferry"))
    first.close()
    other = sqlite3.connect(first.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    index = opened(archived, patience=0.05)
    assert slugs(index, "ferry") == ["2026-W47", "2026-W46"]
    assert "locked" in index.failures()[0].what
    other.execute("ROLLBACK")
    other.close()
    assert opened(archived).failures() == ()


def test_while_another_process_writes_the_answer_is_older_and_says_so(archived: Path) -> None:
    index = opened(archived, patience=0.05)
    index.search(Asked(words="ferry"))
    put(archived / "issues", SEEDS, week=48)
    with (archived / "cache" / "search.lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert slugs(look_again(index), "seed") == ["2026-W47"]
        (note,) = index.failures()
        assert "another process" in note.what
    assert slugs(look_again(index), "seed") == ["2026-W48", "2026-W47"]
    assert index.failures() == ()


def test_what_changes_in_the_archive_changes_the_answer(archived: Path) -> None:
    index = opened(archived)
    assert slugs(index, "seed") == ["2026-W47"]
    inode = index.path.stat().st_ino
    put(archived / "issues", SEEDS, week=48, status="draft")
    assert slugs(look_again(index), "seed") == ["2026-W48", "2026-W47"]
    put(archived / "issues", told("The kingfisher"), week=48)  # built again
    assert slugs(look_again(index), "seed") == ["2026-W47"]
    assert slugs(index, "kingfisher") == ["2026-W48"]
    for file in (archived / "issues" / "2026-W48").iterdir():
        file.unlink()
    (archived / "issues" / "2026-W48").rmdir()
    assert slugs(look_again(index), "kingfisher") == []
    assert index.search(Asked(words="kingfishr")).nearest == ""  # forgotten, not suggested
    assert index.path.stat().st_ino == inode  # all of it without making it anew
    with sqlite3.connect(index.path) as db:
        db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_a_server_sees_what_another_process_indexed(archived: Path) -> None:
    server = opened(archived)
    server.search(Asked(words="ferry"))
    put(archived / "issues", SEEDS, week=48)
    opened(archived).search(Asked(words="ferry"))
    assert slugs(look_again(server), "seed") == ["2026-W48", "2026-W47"]


def test_no_archive_is_an_empty_one(tmp_path: Path) -> None:
    index = opened(tmp_path)
    assert index.search(Asked(words="ferry")).total == 0
    assert index.failures() == ()


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("issue.json", None),
        ("issue.json", "{}"),
        ("issue.json", "[" * 100_000),
        ("issue.json", '{"schema": 99}'),
        ("entries.jsonl", None),
        ("entries.jsonl", "nonsense\n"),
    ],
)
def test_a_damaged_issue_is_reported_and_the_rest_is_searched(
    archived: Path, file: str, content: str | None
) -> None:
    path = archived / "issues" / "2026-W46" / file
    sound = path.read_bytes()
    index = opened(archived)
    index.search(Asked(words="ferry"))
    if content is None:
        path.unlink()
    else:
        path.write_text(content, "utf-8")
    assert slugs(look_again(index), "ferry") == ["2026-W47"]
    (failure,) = index.failures()
    assert failure.where == "issues/2026-W46"
    assert file in failure.what
    path.write_bytes(sound)
    assert slugs(look_again(index), "ferry") == ["2026-W47", "2026-W46"]
    assert index.failures() == ()


def test_links_in_the_archive_are_no_issues(archived: Path) -> None:
    (archived / "issues" / "2026-W48").symlink_to(archived / "issues" / "2026-W47")
    entries = archived / "issues" / "2026-W46" / "entries.jsonl"
    entries.rename(archived / "entries.jsonl")
    entries.symlink_to(archived / "entries.jsonl")
    index = opened(archived)
    assert slugs(index, "ferry") == ["2026-W47"]
    assert "symbolic link" in index.failures()[0].what


def test_several_processes_at_once(archived: Path) -> None:
    words = [sys.executable, "-m", "tests.archive.searching_process", str(archived), "ferry", "3"]
    running = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    put(archived / "issues", SEEDS, week=48)
    for process in running:
        out, err = process.communicate()
        assert err == ""
        assert out.split("\n")[:3] == ["2 0"] * 3
    with sqlite3.connect(archived / "cache" / "search.db") as db:
        db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        assert db.execute("SELECT count(*) FROM issues").fetchone() == (3,)
    db.close()
    assert sorted(p.name for p in (archived / "cache").iterdir()) == ["search.db", "search.lock"]


def _by_hand(folder: Path, slug: str, before: str, after: str) -> None:
    """Change an issue inside its folder, so that nothing in the archive's own folder changes."""
    file = folder / "issues" / slug / "issue.json"
    file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")


def test_after_a_search_frozen_issues_are_believed_for_some_minutes(tmp_path: Path) -> None:
    """Drafts are looked at each time; a thousand sent issues now and then."""
    put(tmp_path / "issues", FERRY, week=46, status="sent")
    put(tmp_path / "issues", FERRY, SEEDS, week=47, status="draft")
    os.utime(tmp_path / "issues", ns=(10**18, 10**18))  # else its change might be of this tick
    index = opened(tmp_path)
    assert slugs(index, "ferry") == ["2026-W47", "2026-W46"]
    _by_hand(tmp_path, "2026-W46", "The ferry runs", "The tram runs")
    assert slugs(opened(tmp_path), "tram") == []
    os.utime(index.path, (0, 0))  # as if it had been looked at long ago
    assert slugs(opened(tmp_path), "tram") == ["2026-W46"]
    _by_hand(tmp_path, "2026-W47", "The ferry runs", "The tram runs")
    assert slugs(opened(tmp_path), "tram") == ["2026-W47", "2026-W46"]
    (tmp_path / "issues" / "2026-W46").rename(tmp_path / "issues" / "away")
    assert slugs(opened(tmp_path), "tram") == ["2026-W47"]


def test_one_in_memory_is_left_for_the_file_once_that_can_be_had(
    archived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = archived / "cache"
    place.write_text("a file where the folder belongs", "utf-8")
    index = opened(archived)
    assert len(index.failures()) == 1
    place.unlink()
    assert len(look_again(index).failures()) == 1, "not at each question: a lock is waited for"
    monkeypatch.setattr("digest.archive.search.index.ALL_S", 0.0)
    assert slugs(look_again(index), "ferry") == ["2026-W47", "2026-W46"]
    assert index.failures() == ()
    assert index.path.is_file()
