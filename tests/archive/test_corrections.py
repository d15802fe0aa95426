"""`corrections.toml`: read with errors that say where, written a note at a time."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest import disk
from digest.archive import Archive, add_correction, read_corrections, remove_correction
from digest.archive.corrections import NAME, appended, parse_corrections
from digest.archive.edits_file import changed
from digest.corrections import LONGEST_NOTE, MOST_CORRECTIONS, Correction
from digest.errors import ArchiveError, BusyError, DocumentError, UsageError
from tests.archive.newsroom import made, save

SLUG = "2026-W45"
MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)
SOUND = """# kept by the desk
[[correction]]
moment = 2026-11-21T09:00:00+01:00  # Saturday
note = "The fair is on Sunday."
story = "ferry-45"

[[correction]]
note = "Mayor, not governor."
moment = 2026-11-20T09:00:00Z
"""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "issues")
    save(archive, made(45, status="sent"))
    save(archive, made(46, status="approved"))
    return archive


def file(archive: Archive) -> Path:
    return archive.folder / SLUG / NAME


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {NAME, ".lock"}
    }


def test_they_are_read_oldest_first(archive: Archive) -> None:
    file(archive).write_text(SOUND, "utf-8")
    first, last = read_corrections(archive.folder, SLUG)
    assert (first.note, first.story, first.line) == ("Mayor, not governor.", "", 7)
    assert (last.note, last.story, last.line) == ("The fair is on Sunday.", "ferry-45", 2)
    assert last.moment.utcoffset() == timedelta(hours=1)


def test_no_file_and_no_issue_have_none(archive: Archive) -> None:
    assert read_corrections(archive.folder, SLUG) == ()
    assert read_corrections(archive.folder, "2020-W01") == ()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("[[corection]]\n", 1, "no key 'corection'"),
        ("[[correction]]\nmoment = 2026-11-20T09:00:00Z\nnotes = 'a'\n", 3, "no key 'notes'"),
        ("[[correction]]\nnote = 'a'\n", 1, "moment: it is required"),
        ("[[correction]]\nmoment = 2026-11-20T09:00:00Z\n", 1, "note: it is required"),
        ("#\n[[correction]]\nnote = 'a'\nmoment = 2026-11-20\n", 4, "moment: this is a day alone"),
        ("[[correction]]\nnote = 'a'\nmoment = 'now'\n", 3, "moment: this is no date-time"),
        ("[[correction]]\nnote = 'a'\nmoment = 2026-11-20T09:00:00\n", 3, "moment: needs an off"),
        ("[[correction]]\nnote = 'a'\nmoment = 0001-01-01T09:00:00Z\n", 3, "moment: lies in"),
        ("[[correction]]\nmoment = 2026-11-20T09:00:00Z\nnote = ' '\n", 3, "note: is empty"),
        ("[[correction]]\nmoment = 2026-11-20T09:00:00Z\nnote = 1\n", 3, "note: expected a text"),
        (
            "[[correction]]\nmoment = 2026-11-20T09:00:00Z\nnote = 'a'\nstory = 1\n",
            4, "story: expected a text",
        ),
        (
            f"[[correction]]\nmoment = 2026-11-20T09:00:00Z\nnote = '{'a' * 2001}'\n",
            3, "note: has 2,001 characters",
        ),
        ("correction = 1\n", 1, "expected tables"),
        ("correction = [1]\n", 1, "expected tables"),
        ("[correction]\n", 1, "expected tables"),
        ("a = \n", 1, "this is not TOML"),
        ("[[correction]]\nnote = 'a'\nnote = 'b'\n", 3, "this is not TOML"),
        ("x = " + "[" * 5_000, 0, "not TOML"),
        ("[[correction]]\nmoment = 2026-11-20T09:00:00Z\nnote = 'a'\n" * 201, 601, "more than 200"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(
    archive: Archive, text: str, line: int, what: str
) -> None:
    file(archive).write_text(text, "utf-8")
    with pytest.raises(DocumentError) as caught:
        read_corrections(archive.folder, SLUG)
    assert what in caught.value.what
    assert f"issues/{SLUG}/{NAME}" + (f", line {line}" if line else "") in caught.value.what
    assert caught.value.hint
    assert len(caught.value.what) < 300


def test_the_nearest_key_is_named(archive: Archive) -> None:
    file(archive).write_text("[[correction]]\nmomment = 1\n", "utf-8")
    with pytest.raises(DocumentError, match="Did you mean 'moment'"):
        read_corrections(archive.folder, SLUG)


def test_a_file_that_is_none_is_refused(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(SOUND, "utf-8")
    file(archive).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ArchiveError, match="symbolic link"):
        read_corrections(archive.folder, SLUG)
    with pytest.raises(ArchiveError, match="symbolic link"):
        add_correction(archive.folder, SLUG, Correction(moment=MOMENT, note="a"))
    file(archive).unlink()
    os.mkfifo(file(archive))
    with pytest.raises(ArchiveError, match="not a regular file"):
        read_corrections(archive.folder, SLUG)
    file(archive).unlink()
    file(archive).write_bytes(b"note = '\xff'")
    with pytest.raises(DocumentError, match="line 1: this is not UTF-8"):
        read_corrections(archive.folder, SLUG)
    file(archive).write_bytes(b"#" * 1_000_001)
    with pytest.raises(DocumentError, match="at most 1 MB"):
        read_corrections(archive.folder, SLUG)


def test_what_was_sent_stays_as_it_was(archive: Archive) -> None:
    before = hashes(archive.folder)
    issue = archive.load(SLUG)
    add_correction(archive.folder, SLUG, Correction(moment=MOMENT, note="One."))
    add_correction(archive.folder, SLUG, Correction(moment=MOMENT, note="Two.", story="ferry-45"))
    remove_correction(archive.folder, SLUG, 1)
    assert hashes(archive.folder) == before
    assert archive.load(SLUG) == issue
    assert archive.verify(SLUG) == ()
    assert [row.note for row in read_corrections(archive.folder, SLUG)] == ["Two."]


def test_comments_and_lines_stay(archive: Archive) -> None:
    file(archive).write_text(SOUND, "utf-8")
    added = Correction(moment=MOMENT + timedelta(days=3), note="Third.")
    before, after = add_correction(archive.folder, SLUG, added, save=False)
    assert before == SOUND == file(archive).read_text("utf-8")
    assert after.startswith(SOUND)
    add_correction(archive.folder, SLUG, added)
    assert file(archive).read_text("utf-8") == after
    taken, _, left = remove_correction(archive.folder, SLUG, 1)  # the second of the file
    assert taken.note == "Mayor, not governor."
    assert "# kept by the desk" in left
    assert "# Saturday" in left
    assert [row.note for row in read_corrections(archive.folder, SLUG)] == [
        "The fair is on Sunday.", "Third.",
    ]  # fmt: skip


def test_tables_in_one_line_are_added_to(archive: Archive) -> None:
    text = 'correction = [{moment = 2026-11-20T09:00:00Z, note = "a"}]\n'
    file(archive).write_text(text, "utf-8")
    add_correction(archive.folder, SLUG, Correction(moment=MOMENT, note="b"))
    assert [row.note for row in read_corrections(archive.folder, SLUG)] == ["a", "b"]
    remove_correction(archive.folder, SLUG, 1)
    assert [row.note for row in read_corrections(archive.folder, SLUG)] == ["b"]


@pytest.mark.parametrize(
    ("slug", "what"), [("2026-W46", "was not sent yet"), ("2026-W01", "There is no issue")]
)
def test_only_what_was_sent_is_corrected(archive: Archive, slug: str, what: str) -> None:
    with pytest.raises(ArchiveError, match=what):
        add_correction(archive.folder, slug, Correction(moment=MOMENT, note="a"))
    assert not (archive.folder / slug / NAME).exists()


def test_a_number_that_is_not_there(archive: Archive) -> None:
    with pytest.raises(UsageError, match="There is none"):
        remove_correction(archive.folder, SLUG, 1)
    file(archive).write_text(SOUND, "utf-8")
    for number in (0, -1, 3):
        with pytest.raises(UsageError, match="There are 2"):
            remove_correction(archive.folder, SLUG, number)
    assert file(archive).read_text("utf-8") == SOUND


def test_nobody_writes_beside_another(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.archive.corrections._PATIENCE", 0.0)
    with disk.lock(archive.folder / ".lock", what="The archive"), pytest.raises(BusyError):
        add_correction(archive.folder, SLUG, Correction(moment=MOMENT, note="a"))


def test_the_bounds_hold_for_what_is_added_too(archive: Archive) -> None:
    with pytest.raises(ValueError, match="characters"):
        Correction(moment=MOMENT, note="a" * (LONGEST_NOTE + 1))
    row = "[[correction]]\nmoment = 2026-11-20T09:00:00Z\nnote = 'a'\n"
    file(archive).write_text(row * MOST_CORRECTIONS, "utf-8")
    with pytest.raises(DocumentError, match="more than 200"):
        add_correction(archive.folder, SLUG, Correction(moment=MOMENT, note="a"))
    assert file(archive).read_text("utf-8") == row * MOST_CORRECTIONS


notes = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(
    lambda text: bool(text.strip())
)
moments = st.integers(1, 4_000_000_000).map(
    lambda second: datetime.fromtimestamp(second, timezone(timedelta(hours=5)))
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(moments, notes, notes | st.just("")), max_size=4))
def test_what_is_written_is_read_back(rows: list[tuple[datetime, str, str]]) -> None:
    text = ""
    wanted = [Correction(moment=moment, note=note, story=story) for moment, note, story in rows]
    for one in wanted:
        text = changed(text, appended(one))
    found = [replace(row, line=0) for row in parse_corrections(text, where=NAME)]
    assert found == sorted(wanted, key=lambda row: row.moment)
