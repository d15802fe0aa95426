"""The folder of a published site: what is ours there, what is not, and a run that is cut off."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from digest.errors import DocumentError, UsageError
from tests.pipeline.published import Newsroom


@pytest.mark.parametrize(
    "path", ["2026-W44/index.html", "2026/index.html", "feed.xml", "2026-W45/small.png"]
)
@pytest.mark.parametrize("how", ["changed", "missing", "as long"])
def test_what_was_changed_by_hand_is_mended(room: Newsroom, path: str, how: str) -> None:
    room.publish()
    before = room.files()
    file = room.site / path
    data = file.read_bytes()
    file.unlink()
    if how != "missing":
        file.write_bytes(b"hand" if how == "changed" else bytes(len(data)))
    done = room.publish()
    assert {*done.changed, *done.new} == {path}
    assert room.files() == before


def test_a_site_that_was_copied_is_known_again(room: Newsroom) -> None:
    room.publish()
    shutil.copytree(room.site, room.folder / "moved", copy_function=shutil.copyfile)
    done = room.publish(to=room.folder / "moved")
    assert (done.new, done.changed, done.removed) == ((), (), ())


def test_an_archive_that_was_copied_is_known_again(room: Newsroom) -> None:
    room.publish()
    shutil.rmtree(room.folder / "var")
    shutil.copytree(room.archive.folder, room.folder / "copy", copy_function=shutil.copyfile)
    shutil.rmtree(room.archive.folder)
    (room.folder / "copy").rename(room.archive.folder)
    done = room.publish()
    assert (done.new, done.changed, done.removed) == ((), (), ())


def test_an_issue_that_is_gone_is_removed_and_foreign_files_stay(room: Newsroom) -> None:
    room.publish()
    (room.site / "2026-W44" / "letter.txt").write_text("mine", "utf-8")
    (room.site / "notes").mkdir()
    (room.site / "notes" / "own.html").write_text("mine", "utf-8")
    shutil.rmtree(room.archive.path("2026-W44"))
    done = room.publish()
    assert set(done.removed) >= {"2026-W44/index.html", "2026-W44/media/ferry44.png"}
    assert [p.name for p in (room.site / "2026-W44").iterdir()] == ["letter.txt"]
    assert (room.site / "notes" / "own.html").read_text("utf-8") == "mine"


def test_a_list_names_no_file_that_is_not_a_sites(room: Newsroom, tmp_path: Path) -> None:
    room.publish()
    outside, own = tmp_path / "precious", room.site / "photos.html"
    outside.write_text("mine", "utf-8")
    own.write_text("mine", "utf-8")
    path = room.site / ".digest-site.json"
    listing = json.loads(path.read_text("utf-8"))
    row = listing["files"]["feed.xml"]
    for name in ("../../precious", str(outside), "photos.html", "2026/../../../precious", ".git/x"):
        listing["files"][name] = row
    path.write_text(json.dumps(listing), "utf-8")
    done = room.publish()
    assert not done.removed
    assert outside.exists()
    assert own.exists()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"issues": {"2026-W44": {"updated": "soon"}}}'])
def test_a_list_that_cannot_be_read_is_named(room: Newsroom, text: str) -> None:
    room.publish()
    (room.site / ".digest-site.json").write_text(text, "utf-8")
    with pytest.raises(DocumentError, match=r"site/\.digest-site\.json cannot be read"):
        room.publish()
    (room.site / ".digest-site.json").unlink()
    done = room.publish(beside=True)
    assert (done.new, done.changed, done.removed, done.failures) == ((), (), (), ())


def test_a_folder_that_holds_other_things_is_refused(room: Newsroom) -> None:
    room.site.mkdir()
    (room.site / "CNAME").write_text("harbor.example", "utf-8")
    (room.site / ".git").mkdir()
    room.publish(write=False)  # what a host keeps there is no other thing
    (room.site / "index.html").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match=r"site holds other things, such as 'index.html'") as error:
        room.publish()
    assert "--beside" in error.value.hint
    done = room.publish(beside=True)
    assert [failure.where for failure in done.failures] == ["index.html"]
    assert "was not written by `digest publish`" in done.failures[0].what
    assert (room.site / "index.html").read_text("utf-8") == "mine"
    assert (room.site / "feed.xml").is_file()
    assert [failure.where for failure in room.publish().failures] == ["index.html"]
    (room.site / "index.html").unlink()
    assert room.publish().new == ("index.html",)


@pytest.mark.parametrize(
    "to", [".", "..", "issues", "issues/site", "var/site", "templates", "file"]
)
def test_no_site_is_written_over_the_newsletter(room: Newsroom, to: str) -> None:
    (room.folder / "file").write_text("mine", "utf-8")
    before = sorted(room.folder.rglob("*"))
    with pytest.raises(UsageError):
        room.publish(to=room.folder / to, beside=True)
    assert sorted(room.folder.rglob("*")) == before


def test_no_link_is_followed(room: Newsroom, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "link").symlink_to(elsewhere)
    with pytest.raises(UsageError, match="symbolic link"):
        room.publish(to=tmp_path / "link")
    room.site.mkdir()
    (room.site / "2026-W44").symlink_to(elsewhere)
    (elsewhere / "feed").write_text("mine", "utf-8")
    (room.site / "feed.xml").symlink_to(elsewhere / "feed")
    done = room.publish(beside=True)
    assert {f.where for f in done.failures} >= {"2026-W44/index.html", "feed.xml"}
    assert [p.name for p in elsewhere.iterdir()] == ["feed"]
    assert (elsewhere / "feed").read_text("utf-8") == "mine"
    assert (room.site / "2026-W45" / "index.html").is_file()


@pytest.mark.parametrize("at", range(0, 24, 4))
def test_a_run_that_is_cut_off_is_finished_by_the_next(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    room.publish(to=tmp_path / "whole")
    left = at

    def torn(self: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        os.replace(self, target)  # noqa: PTH105
        return Path(target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", torn)
        with pytest.raises(KeyboardInterrupt):
            room.publish()
    begun = room.site / (room.site / ".digest-site.begun").read_text("utf-8").split()[-1]
    begun.parent.mkdir(parents=True, exist_ok=True)
    begun.with_name(f".{begun.name}.abcdefgh").write_text("half a page", "utf-8")
    room.correct(45, "The boats came at one.")  # what was written is not what is now to be written
    done = room.publish()
    assert not done.failures
    shutil.rmtree(tmp_path / "whole")
    room.publish(to=tmp_path / "whole")
    want = {
        str(p.relative_to(tmp_path / "whole")): p.read_bytes()
        for p in (tmp_path / "whole").rglob("*")
        if p.is_file() and p.name != ".digest-site.json"
    }
    assert room.files() == want


def test_everybody_may_read_it(room: Newsroom) -> None:
    old = os.umask(0o077)
    try:
        room.publish()
    finally:
        os.umask(old)
    for path in (room.site, *room.site.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


@pytest.mark.parametrize("name", [".digest-site.begun", ".digest-site.json"])
def test_a_link_in_the_place_of_what_is_kept_of_the_site_is_not_followed(
    room: Newsroom, tmp_path: Path, name: str
) -> None:
    room.publish()
    outside = tmp_path / "outside.txt"
    outside.write_text("", "utf-8")
    (room.site / name).unlink(missing_ok=True)
    (room.site / name).symlink_to(outside)
    room.correct(44, "The boats came at two.")
    before = room.files()
    with pytest.raises(DocumentError, match="symbolic link"):
        room.publish()
    assert outside.read_text("utf-8") == ""
    assert room.files() == before


def test_a_list_that_was_cut_off_is_swept_away(room: Newsroom) -> None:
    room.publish()
    (room.site / "..digest-site.json.abcdefgh").write_text("{", "utf-8")
    room.correct(44, "The boats came at two.")
    room.publish()
    assert not (room.site / "..digest-site.json.abcdefgh").exists()
