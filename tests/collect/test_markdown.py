"""Markdown with and without front matter."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.front_matter import front_matter
from tests.collect.doubles import gather


def test_every_key_of_the_front_matter() -> None:
    (entry,) = gather("note.md").entries
    assert entry.title == "Bees return to the roof"
    assert entry.published == datetime(2026, 11, 13, tzinfo=UTC)
    assert entry.byline == "Ola Comb"
    assert entry.tags == ("bees", "roofs")
    assert entry.url == "https://notes.example.org/bees"
    assert entry.language == "en"
    assert entry.text == (
        "The bees are back on the roof of the town hall.\n\nThey need water and flowers."
    )
    assert [(p.kind, p.text) for p in entry.parts] == [("subhead", "What they need")]


def test_without_front_matter_the_first_heading_is_the_title(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A title\n\nOne.\n\n## Sub\n\nTwo.\n")
    (entry,) = gather(str(tmp_path)).entries
    assert (entry.title, entry.text) == ("A title", "One.\n\nTwo.")
    assert entry.flags == ("no-url", "no-id", "no-date")


def test_without_any_text_it_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: x\n---\n")
    assert "no text" in gather(str(tmp_path)).failures[0].what


@pytest.mark.parametrize(
    ("text", "keys", "rest"),
    [
        ("---\na: b\n---\nx", {"a": "b"}, "x"),
        ("---\ntags:\n  - one\n  - 'two'\n---\n", {"tags": "one, two"}, ""),
        ("---\nT: 'a: b'\n---\n", {"t": "a: b"}, ""),
        ("---\nno end", {}, "---\nno end"),
        ("x\n---\na: b\n---\n", {}, "x\n---\na: b\n---\n"),
    ],
)
def test_front_matter(text: str, keys: dict[str, str], rest: str) -> None:
    assert front_matter(text) == (keys, rest)


@pytest.mark.parametrize("name", ["a.md", "a.txt", "story"])
def test_front_matter_without_dashes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(
        "Title: Bees return\nauthor: Ola Comb\nDate: 2026-11-13\n\nThe bees are back.\n"
    )
    (entry,) = gather(name, folder=tmp_path).entries
    assert (entry.title, entry.byline, entry.text) == (
        "Bees return", "Ola Comb", "The bees are back."
    )  # fmt: skip
    assert entry.published == datetime(2026, 11, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["Title: alone\n\nText.", "Note: a\nWarning: b\n\nText.", "A line\ntitle: a\ndate: b"]
)
def test_one_key_or_foreign_keys_are_text(text: str) -> None:
    assert front_matter(text) == ({}, text)


def test_nothing_is_lost_below_bare_front_matter() -> None:
    keys, rest = front_matter("title: A\nauthor: B\nWarning: this is text.\nMore.")
    assert keys == {"title": "A", "author": "B"}
    assert rest == "Warning: this is text.\nMore."


@pytest.mark.parametrize(
    ("written", "byline"),
    [
        ("The editor", "The editor"),
        ("admin", "admin"),
        ("By Ola Comb", "Ola Comb"),
        ("Ola Comb <ola@example.org>", "Ola Comb"),
        ("[Ola Comb, Rosa Ferry]", "Ola Comb, Rosa Ferry"),
        ("River Desk", "River Desk"),
    ],
)
def test_the_author_in_front_matter_is_obeyed(tmp_path: Path, written: str, byline: str) -> None:
    (tmp_path / "a.md").write_text(f"---\ntitle: A\nauthor: {written}\n---\n\nText.\n")
    (entry,) = gather("a.md", folder=tmp_path).entries
    assert (entry.byline, entry.agency) == (byline, "")


def test_a_date_or_a_picture_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: tomorrow\nimage: gone.png\n---\n\nText.\n")
    (tmp_path / "broken.png").write_text("no picture")
    (tmp_path / "b.md").write_text("---\ntitle: B\nimage: broken.png\n---\n\nText.\n")
    found = gather("a.md", "b.md", folder=tmp_path)
    first, second = (source.note for source in found.sources)
    assert "“tomorrow”" in first
    assert "“gone.png”" in first
    assert "no such file" in first
    assert "no whole PNG" in second
    assert [e.title for e in found.entries] == ["A", "B"]


def test_front_matter_in_toml() -> None:
    keys, rest = front_matter(
        '+++\ntitle = "Bees"\ndate = 2026-11-13\ntags = ["roof", "bees"]\n'
        "[extra]\nx = 1\n+++\nText.\n"
    )
    assert keys == {"title": "Bees", "date": "2026-11-13", "tags": "roof, bees"}
    assert rest == "Text.\n"
    assert front_matter("+++\nno toml\n+++\nText.\n") == ({}, "Text.\n")


@pytest.mark.parametrize("mark", [">", "|", ">-"])
def test_a_block_of_yaml_is_one_line(mark: str) -> None:
    keys, _ = front_matter(
        f"---\nsummary: {mark}\n  The bees are back\n  on the roof.\nauthor: Ola Comb\n---\nText.\n"
    )
    assert keys == {"summary": "The bees are back on the roof.", "author": "Ola Comb"}


def test_the_section_of_a_story_goes_before_that_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: Bees\nsection: Roofs\n---\nThe bees are back.\n")
    (tmp_path / "b.md").write_text("---\ntitle: Wasps\n---\nThe wasps are back, too.\n")
    (tmp_path / "list.opml").write_text(
        '<opml version="2.0"><body><outline text="Notes">'
        '<outline type="link" url="a.md"/><outline type="link" url="b.md"/></outline></body></opml>'
    )
    found = gather("list.opml", folder=tmp_path).entries
    assert [entry.section for entry in found] == ["Roofs", "Notes"]


@pytest.mark.parametrize(
    "toml", [f"x = {'[' * 100_000}", f"x = {'1' * 5_000}", f"[{'.'.join(['a'] * 50_000)}]"]
)
def test_hostile_toml_is_no_front_matter(toml: str) -> None:
    assert front_matter(f"+++\n{toml}\n+++\nText.\n") == ({}, "Text.\n")
