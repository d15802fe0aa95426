"""Markdown with and without front matter."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.markdown import front_matter
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
