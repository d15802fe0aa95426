"""A folder that is damaged, or was made to harm, gives one sentence."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from digest.archive import Archive
from digest.errors import ArchiveError
from tests.archive.newsroom import CUTOFF, made, save

FILES = ("email.html", "email.txt", "web.html", "message.eml", "entries.jsonl", "media/ferry47.png")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "issues")
    save(archive, made())
    return archive


@pytest.mark.parametrize("slug", ["../secret", "/etc", "2026-W47/../../x", "..", "", "2026-W47\0"])
def test_a_slug_never_leaves_the_folder(archive: Archive, slug: str, tmp_path: Path) -> None:
    for read in (archive.load, archive.path, archive.media, archive.candidates):
        with pytest.raises(ArchiveError, match="is not the name of an issue"):
            read(slug)
    build = made()
    with pytest.raises(ArchiveError, match="is not the name of an issue"):
        save(archive, replace(build, issue=replace(build.issue, slug=slug)))
    assert [p.name for p in tmp_path.iterdir()] == ["issues"]


@pytest.mark.parametrize("name", ["../x.png", "media/../x.png", "media/", "media/.x", "x.png"])
def test_a_picture_never_leaves_its_folder(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match="is not a name for a picture"):
        save(archive, replace(made(), media={name: b"x"}))
    with pytest.raises(ArchiveError, match="has no file"):
        archive.read("2026-W47", name)


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_known_by_its_hash(archive: Archive, name: str) -> None:
    path = archive.path("2026-W47") / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ArchiveError) as raised:
        archive.load("2026-W47")
    assert f"issues/2026-W47/{name} is not what issue.json recorded" in str(raised.value)
    assert "`digest build --issue 2026-W47`" in raised.value.hint
    assert [f.where for f in archive.verify("2026-W47")] == [f"issues/2026-W47/{name}"]
    path.unlink()
    with pytest.raises(ArchiveError, match=f"issues/2026-W47/{name} is missing"):
        archive.load("2026-W47")
    path.mkdir()
    assert len(archive.verify("2026-W47")) == 1
    with pytest.raises(ArchiveError, match="is a folder where a file belongs"):
        save(archive, made())
    path.rmdir()
    save(archive, made())
    assert archive.verify("2026-W47") == ()


@pytest.mark.parametrize("name", FILES)
def test_a_link_is_not_followed(archive: Archive, name: str, tmp_path: Path) -> None:
    path = archive.path("2026-W47") / name
    outside = tmp_path / "outside"
    path.rename(outside)
    path.symlink_to(outside)
    with pytest.raises(ArchiveError, match=f"issues/2026-W47/{name} is a symbolic link"):
        archive.load("2026-W47")
    kept = outside.read_bytes()
    save(archive, made(words="again"))
    assert not path.is_symlink()
    assert outside.read_bytes() == kept


def test_a_linked_media_folder_is_not_followed(archive: Archive, tmp_path: Path) -> None:
    media = archive.path("2026-W47") / "media"
    media.rename(tmp_path / "outside")
    media.symlink_to(tmp_path / "outside")
    with pytest.raises(ArchiveError, match="issues/2026-W47/media is a symbolic link"):
        archive.media("2026-W47")
    with pytest.raises(ArchiveError, match="issues/2026-W47/media is not a folder"):
        save(archive, made())
    assert [p.name for p in (tmp_path / "outside").iterdir()] == ["ferry47.png"]


def test_a_linked_issue_is_named_and_not_used(archive: Archive, tmp_path: Path) -> None:
    (archive.folder / "2026-W48").symlink_to(archive.folder / "2026-W47")
    (archive.folder / "2026-W49").write_text("a file", "utf-8")
    (archive.folder / "notes").mkdir()
    (archive.folder / "2026-W50.bak").mkdir()
    assert archive.slugs() == ("2026-W47",)
    problems = {row.slug: row.problem for row in archive.rows()}
    assert list(problems) == ["2026-W47", "2026-W48", "2026-W49"]
    assert "is a symbolic link" in problems["2026-W48"]
    assert "is not a folder" in problems["2026-W49"]
    for week, why in ((48, "symbolic link|not a folder"), (49, "not a folder")):
        with pytest.raises(ArchiveError, match=why):
            archive.load(f"2026-W{week}")
        with pytest.raises(ArchiveError, match=why):
            save(archive, made(week))


def test_a_pipe_does_not_hold_the_reader(archive: Archive) -> None:
    path = archive.path("2026-W47") / "issue.json"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ArchiveError, match=r"issue\.json is not a regular file"):
        archive.load("2026-W47")


def change(key: str, value: object) -> Callable[[bytes], bytes]:
    def changed(raw: bytes) -> bytes:
        document = json.loads(raw)
        *way, last = key.split(".")
        inner = document
        for step in way:
            inner = inner[int(step)] if step.isdigit() else inner[step]
        inner[last] = value
        return json.dumps(document).encode()

    return changed


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda _: b"", "Invalid JSON"),
        (lambda raw: raw[: len(raw) // 2], "Invalid JSON"),
        (lambda _: b"\xff\xfe\x00", "Invalid JSON"),
        (lambda _: b"[" * 500_000, "Invalid JSON|recursion"),
        (lambda _: b'{"schema": 1, "x": ' + b"[" * 500_000, "Invalid JSON|recursion"),
        (lambda _: b"[]", "the document|schema"),
        (change("schema", 2), "schema 2; this program reads schema 1"),
        (change("schema", "one"), "schema"),
        (change("issue", []), "issue"),
        (change("issue.slug", "2026-W46"), "holds the issue '2026-W46', not 2026-W47"),
        (change("issue.window", None), "window"),
        (change("issue.now", "2026-11-20T09:00:00"), "now needs an offset"),
        (change("issue.leads", 7), "does not name its entry"),
        (change("issue.leads", ["ferry-47"]), "does not name its entry"),
        (change("issue.leads.0.entry", "nobody"), "no line for the story 'nobody'"),
        (change("issue.sections", {"a": 1}), "does not name its entry"),
        (change("issue.status", "lost"), "status"),
        (change("files.../../x", "0"), "files: '../../x' is no file of an issue"),
        (change("files", {}), r"files: email\.html is not listed"),
    ],
)
def test_a_damaged_document_gives_one_sentence(
    archive: Archive, damage: Callable[[bytes], bytes], sentence: str
) -> None:
    if sentence.startswith("files: '../../x'"):
        damage = _plant
    path = archive.path("2026-W47") / "issue.json"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ArchiveError, match=sentence) as raised:
        archive.load("2026-W47")
    assert "issues/2026-W47/" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert len(archive.verify("2026-W47")) == 1
    assert len(archive.rows()) == 1
    archive.past(CUTOFF.replace(day=28), 12)
    archive.previous_cutoff(CUTOFF.replace(day=28))
    with contextlib.suppress(ArchiveError):  # anything else would be a traceback
        archive.renderings("2026-W47")
    save(archive, made(words="mended"))
    assert archive.verify("2026-W47") == ()


def _plant(raw: bytes) -> bytes:
    document = json.loads(raw)
    document["files"]["../../x"] = "0"
    return json.dumps(document).encode()


def test_a_huge_issue_is_not_read(archive: Archive) -> None:
    os.truncate(archive.path("2026-W47") / "issue.json", 100_000_000)
    with pytest.raises(ArchiveError, match=r"issue\.json has 100 MB; at most 16 MB are read"):
        archive.load("2026-W47")
    assert "at most 16 MB" in archive.rows()[0].problem


def test_what_could_not_be_read_back_is_not_written(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="at most 32 MB are read"):
        save(archive, replace(made(), media={"media/big.png": bytes(33_000_000)}))
    assert archive.load("2026-W47") == made().issue


def test_leftovers_that_are_not_ours_are_left(archive: Archive, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "issue.json").write_text("{}", "utf-8")
    (archive.folder / ".ready-2026-W40").symlink_to(outside)
    (archive.folder / ".staging-link").symlink_to(outside)
    save(archive, made(words="again"))
    assert (outside / "issue.json").read_text("utf-8") == "{}"
    assert archive.slugs() == ("2026-W47",)


def test_the_archive_may_be_no_folder_at_all(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "issues")
    assert archive.rows() == ()
    archive.folder.write_text("a file", "utf-8")
    for act in (archive.rows, archive.slugs, lambda: save(archive, made())):
        with pytest.raises(ArchiveError, match="issues cannot be read: it is not a folder") as bad:
            act()
        assert "Move it away" in bad.value.hint
    archive.folder.unlink()
    archive.folder.symlink_to(tmp_path / "unplugged")
    for act in (archive.rows, archive.slugs, lambda: save(archive, made())):
        with pytest.raises(ArchiveError, match="issues is a symbolic link that leads nowhere") as b:
            act()
        assert "remove the link" in b.value.hint
    (tmp_path / "unplugged").mkdir()
    save(archive, made())
    assert archive.slugs() == ("2026-W47",), "a link to a folder is as good as the folder"


@pytest.fixture
def shared() -> Iterator[Archive]:
    """An archive of two issues in a folder that any user of this machine can reach."""
    with tempfile.TemporaryDirectory() as name:
        archive = Archive(Path(name) / "issues")
        for week in (46, 47):
            save(archive, made(week, status="sent" if week == 46 else "draft"))
        archive.load("2026-W47")  # imports now what the plain user may not read
        for path in (Path(name), *Path(name).rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
            if os.geteuid() == 0:
                os.chown(path, _NOBODY, _NOBODY)
        yield archive


_NOBODY = 65534


@contextlib.contextmanager
def refused(path: Path, mode: int = 0) -> Iterator[None]:
    """`path` without its rights, for a user whom rights bind (root they do not)."""
    before = path.stat().st_mode
    path.chmod(mode)
    root = os.geteuid() == 0
    if root:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        path.chmod(before)


UNREADABLE = {
    "the issue": ("2026-W47", 0),
    "an issue that can only be listed": ("2026-W47", 0o444),
    "its document": ("2026-W47/issue.json", 0),
    "its pictures": ("2026-W47/media", 0),
    "its pictures, which can only be listed": ("2026-W47/media", 0o444),
    "a picture": ("2026-W47/media/ferry47.png", 0),
}


@pytest.mark.parametrize(("name", "mode"), UNREADABLE.values(), ids=UNREADABLE)
def test_one_unreadable_issue_is_one_sentence_and_the_others_go_on(
    shared: Archive, name: str, mode: int
) -> None:
    with refused(shared.folder / name, mode):
        older, newer = shared.rows()
        assert not older.problem
        assert ("Permission denied" in newer.problem) is ("media" not in name)
        for read in (shared.load, shared.media):
            with pytest.raises(ArchiveError, match="cannot be read: Permission denied") as caught:
                read("2026-W47")
            assert f"issues/{name}" in caught.value.what
            assert "chmod" in caught.value.hint
            assert "build" not in caught.value.hint, "building it anew is no way out"
        assert any("Permission denied" in f.what for f in shared.verify("2026-W47"))
        if name != "2026-W47/media/ferry47.png":
            with pytest.raises(ArchiveError, match="Permission denied"):
                save(shared, made(words="again"))
        past, failures = shared.past(CUTOFF + timedelta(weeks=1), 12)
        assert len(past) + len(failures) == 2
        assert shared.first_seen()
    assert shared.verify("2026-W47") == ()


def test_nobody_builds_over_an_issue_that_may_have_been_sent(shared: Archive) -> None:
    with refused(shared.folder / "2026-W46" / "issue.json"):
        for act in (lambda: shared.refuse_frozen("2026-W46"), lambda: save(shared, made(46))):
            with pytest.raises(ArchiveError, match=r"W46/issue\.json cannot be read"):
                act()
    assert shared.load("2026-W46").status == "sent"


@pytest.mark.parametrize("mode", [0, 0o444])
def test_an_unreadable_archive_is_one_sentence(shared: Archive, mode: int) -> None:
    with refused(shared.folder, mode):
        with pytest.raises(ArchiveError, match="cannot be read: Permission denied") as caught:
            shared.load("2026-W47")
        with pytest.raises(ArchiveError, match="Permission denied"):
            save(shared, made())
        if mode:
            assert {bool(row.problem) for row in shared.rows()} == {True}
        else:
            with pytest.raises(ArchiveError, match="archive issues cannot be read") as caught:
                shared.rows()
            assert "chmod" in caught.value.hint
