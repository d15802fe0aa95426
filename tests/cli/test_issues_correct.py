"""`digest issues correct`: a dated note beside an issue that was sent, and nothing else."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from digest.archive import Archive, read_corrections
from tests.archive.newsroom import made, save
from tests.cli.conftest import Digest

SLUG = "2026-W45"
FILE = Path("issues", SLUG, "corrections.toml")
NOTE = "The ferry runs from June, not from May."


@pytest.fixture
def newsletter(digest: Digest) -> Digest:
    archive = Archive(Path("issues"))
    save(archive, made(45, status="sent"))
    save(archive, made(46, status="draft"))
    return digest


def hashes() -> dict[str, str]:
    return {
        str(path): sha256(path.read_bytes()).hexdigest()
        for path in Path("issues").rglob("*")
        if path.is_file() and path != FILE and path.name != ".lock"
    }


def test_a_note_is_added_and_all_else_stays(newsletter: Digest) -> None:
    before = hashes()
    said = newsletter("issues", "correct", SLUG, "--note", f"  {NOTE}\n", "--story", "batteries")
    assert (said.status, said.err) == (0, "")
    assert "The ferry to Skerry Island" in said.out
    (found,) = read_corrections(Path("issues"), SLUG)
    assert (found.note, found.story) == (NOTE, "ferry-45")
    assert hashes() == before


def test_moments_are_in_the_newsletters_zone(newsletter: Digest) -> None:
    Path(".env").write_text("DIGEST_TIMEZONE=Europe/Berlin\nDIGEST_NAME=Harbor Weekly\n")
    newsletter("issues", "correct", SLUG, "--note", NOTE, "--at", "2026-11-20T09:30")
    (found,) = read_corrections(Path("issues"), SLUG)
    assert found.moment.isoformat() == "2026-11-20T09:30:00+01:00"


def test_listed_and_taken_back(newsletter: Digest) -> None:
    assert "has no correction" in newsletter("issues", "correct", SLUG, "--list").out
    newsletter("issues", "correct", SLUG, "--note", "Later.", "--at", "2026-11-21")
    newsletter(
        "issues", "correct", SLUG, "--note", NOTE, "--at", "2026-11-20", "--story", "ferry-45"
    )
    listed = newsletter("issues", "correct", SLUG, "--list").out
    assert listed.index(NOTE) < listed.index("Later.")
    rows = json.loads(newsletter("issues", "correct", SLUG, "--list", "--json").out)
    assert [(row["number"], row["story"]) for row in rows] == [(1, "ferry-45"), (2, "")]
    said = newsletter("issues", "correct", SLUG, "--undo", "1")
    assert NOTE in said.out
    assert [row.note for row in read_corrections(Path("issues"), SLUG)] == ["Later."]


def test_a_dry_run_shows_the_lines_and_writes_nothing(newsletter: Digest) -> None:
    said = newsletter("issues", "correct", SLUG, "--note", NOTE, "--dry-run")
    assert f'+note = "{NOTE}"' in said.out
    assert "nothing was written" in said.out
    assert not FILE.exists()


@pytest.mark.parametrize(
    ("words", "status", "what"),
    [
        (("2026-W46", "--note", NOTE), 1, "digest edit 2026-W46"),
        (("2026-W46", "--undo", "1"), 1, "was not sent yet"),
        (("2026-W01", "--note", NOTE), 1, "There is no issue"),
        ((SLUG,), 2, "--note"),
        ((SLUG, "--note", NOTE, "--list"), 2, "do not go together"),
        ((SLUG, "--list", "--story", "ferry"), 2, "--story goes with --note"),
        ((SLUG, "--note", "  "), 2, "The note is empty"),
        ((SLUG, "--note", "a" * 2_001), 2, "2,001 characters"),
        ((SLUG, "--note", "half \udcff"), 2, "half a character"),
        ((SLUG, "--note", NOTE, "--story", "walrus"), 2, "No story of 2026-W45"),
        ((SLUG, "--note", NOTE, "--story", "the"), 2, "names"),
        ((SLUG, "--note", NOTE, "--story", "港の市場"), 2, "No story of 2026-W45"),
        ((SLUG, "--note", NOTE, "--at", "soon"), 2, "--at takes a date"),
        ((SLUG, "--note", NOTE, "--at", "2026-11-01"), 2, "before the cut-off"),
        ((SLUG, "--note", NOTE, "--at", "2999-11-01"), 2, "has not come yet"),
        ((SLUG, "--undo", "1"), 2, "has no correction number 1"),
    ],
)
def test_what_is_no_correction(
    newsletter: Digest, words: tuple[str, ...], status: int, what: str
) -> None:
    said = newsletter("issues", "correct", *words)
    assert said.status == status
    assert what in said.err
    assert not list(Path("issues").rglob("corrections.toml"))


def test_a_file_that_is_not_sound_is_left_alone(newsletter: Digest) -> None:
    FILE.write_text("[[correction]]\nnotes = 1\n", "utf-8")
    said = newsletter("issues", "correct", SLUG, "--note", NOTE)
    assert said.status == 1
    assert "line 2" in said.err
    assert "'note'" in said.err
    assert FILE.read_text("utf-8") == "[[correction]]\nnotes = 1\n"
