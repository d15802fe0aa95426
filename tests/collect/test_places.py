"""Folders and the places that are none: what is said about each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.collect.doubles import gather

NOTE = "# A note\n\nWith words."


def test_a_missing_path_says_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (failure,) = gather("storys", folder=Path()).failures
    assert str(tmp_path / "storys") in failure.what


@pytest.mark.parametrize(
    ("place", "hint"),
    [
        ("www.example.org/news", "https://www.example.org/news"),
        ("example.org/feed.xml", "https://example.org/feed.xml"),
        ("example.org", "https://example.org"),
        ("note.md list.txt", "put a comma between them: note.md, list.txt"),
        ("https://a.example.org/ note.md", "https://a.example.org/, note.md"),
        ("note.md missing.txt", "spelling"),
        ("notes.md", "spelling"),
    ],
)
def test_what_a_path_that_is_none_was_meant_to_be(tmp_path: Path, place: str, hint: str) -> None:
    for name in ("note.md", "list.txt"):
        (tmp_path / name).write_text(NOTE)
    (failure,) = gather(place, folder=tmp_path).failures
    assert hint in failure.hint


def test_a_path_with_a_space_is_a_path(tmp_path: Path) -> None:
    for name in ("a", "note.md", "a note.md"):
        (tmp_path / name).write_text(NOTE)
    assert len(gather("a note.md", folder=tmp_path).entries) == 1


def test_a_bare_ampersand_in_a_list_is_explained(tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(
        '<opml><body>\n<outline type="rss" text="A&B" xmlUrl="a.rss"/></body></opml>'
    )
    (failure,) = gather("list.opml", folder=tmp_path).failures
    assert "line 2" in failure.what
    assert "&amp;" in failure.hint


def test_files_of_other_kinds_are_passed_over_aloud_and_pictures_in_silence(tmp_path: Path) -> None:
    for name in ("a.docx", "b.pdf", "c.png", "d.md", "site.css"):
        (tmp_path / name).write_text(NOTE)
    found = gather(str(tmp_path))
    assert [(Path(s.place).name, s.entries) for s in found.sources] == [
        ("a.docx", 0), ("b.pdf", 0), ("d.md", 1)
    ]  # fmt: skip
    assert all("passed over" in s.note for s in found.sources[:2])
    assert not found.failures


def test_a_folder_of_other_kinds_only_names_them(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text(NOTE)
    (failure,) = gather(str(tmp_path)).failures
    assert "a.docx" in failure.what


def test_a_folder_of_folders_names_the_first_two(tmp_path: Path) -> None:
    for name in ("one", "three", "two"):
        (tmp_path / "all" / name).mkdir(parents=True)
        (tmp_path / "all" / name / "note.md").write_text(NOTE)
    (failure,) = gather("all", folder=tmp_path).failures
    assert "are not read" in failure.what
    assert failure.hint == f"Give {Path('all/one')} or {Path('all/three')} itself."
