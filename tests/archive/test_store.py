"""Saving an issue, loading it back, and what a rebuild keeps."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from digest.archive import Archive, is_slug, slug_of
from digest.errors import ArchiveError, DocumentError
from digest.models import Status
from tests.archive.newsroom import CUTOFF, made, save


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "issues")


def test_what_is_saved_is_what_is_loaded(archive: Archive) -> None:
    build = made()
    path = save(archive, build)
    assert path == archive.path("2026-W47") == archive.folder / "2026-W47"
    assert archive.load("2026-W47") == build.issue
    assert archive.candidates("2026-W47") == build.candidates
    assert archive.renderings("2026-W47") == build.renderings
    assert archive.media("2026-W47") == build.media
    assert archive.read("2026-W47", "email.txt") == build.renderings.email_txt.encode()
    assert archive.verify("2026-W47") == ()
    assert sorted(p.relative_to(path).as_posix() for p in path.rglob("*")) == [
        "email.html",
        "email.txt",
        "entries.jsonl",
        "issue.json",
        "media",
        "media/ferry47.png",
        "message.eml",
        "web.html",
    ]


def test_issue_json_reads_well_without_the_program(archive: Archive) -> None:
    path = save(archive, made())
    raw = (path / "issue.json").read_text("utf-8")
    document = json.loads(raw)
    assert raw.endswith("}\n")
    assert '\n  "issue": {\n    "slug": "2026-W47"' in raw
    assert "ميناء" in raw, "letters stand as they are"
    assert list(document) == ["schema", "issue", "settings", "versions", "files"]
    assert document["schema"] == 1
    assert document["settings"] == {"DIGEST_NAME": "Harbor Weekly"}
    assert document["issue"]["leads"][0]["entry"] == "ferry-47"
    assert document["issue"]["sections"][0]["stories"][0]["entry"] == "library-47"
    assert "The council voted" not in raw, "the text of an entry stands in entries.jsonl, once"
    assert document["files"] == {
        file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(path.rglob("*"))
        if file.is_file() and file.name != "issue.json"
    }
    rows = (path / "entries.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(row)["entry"]["id"].partition("-")[0] for row in rows] == [
        "ferry",
        "library",
        "tides",
        "arabic",
        "cjk",
    ]


def test_the_same_build_gives_the_same_bytes(archive: Archive, tmp_path: Path) -> None:
    first = save(archive, made())
    second = save(Archive(tmp_path / "elsewhere"), made())
    save(archive, made(words="in between"))
    save(archive, made())
    for file in (p for p in second.rglob("*") if p.is_file()):
        assert (first / file.relative_to(second)).read_bytes() == file.read_bytes()


def test_a_rebuild_keeps_what_is_not_the_build_s_own(archive: Archive) -> None:
    path = save(archive, made(pictures=3))
    own = {"edits.toml": "[stories]\n", "corrections.toml": "# none\n", "notes.txt": "call Ann\n"}
    for name, text in own.items():
        (path / name).write_text(text, "utf-8")
    (path / "media" / "mine.png").write_bytes(b"mine")
    build = made(words="again", pictures=1)
    save(archive, build)
    assert archive.load("2026-W47") == build.issue
    assert {name: (path / name).read_text("utf-8") for name in own} == own
    assert sorted(p.name for p in (path / "media").iterdir()) == ["ferry47.png", "mine.png"]
    (path / "media" / "mine.png").unlink()
    save(archive, made(pictures=0))
    assert not (path / "media").exists()


def test_edits_may_be_there_before_the_first_build(archive: Archive) -> None:
    folder = archive.folder / "2026-W47"
    folder.mkdir(parents=True)
    (folder / "edits.toml").write_text("[stories]\n", "utf-8")
    save(archive, made())
    assert archive.load("2026-W47") == made().issue
    assert (folder / "edits.toml").read_text("utf-8") == "[stories]\n"


@pytest.mark.parametrize("status", ["draft", "approved"])
def test_what_was_not_sent_is_built_again(archive: Archive, status: Status) -> None:
    save(archive, made(status=status))
    archive.refuse_frozen("2026-W47")
    save(archive, made(words="again"))
    assert archive.load("2026-W47") == made(words="again").issue


@pytest.mark.parametrize("damage", ["none", "cut", "not JSON"])
def test_what_was_sent_is_frozen_also_when_damaged(archive: Archive, damage: str) -> None:
    path = save(archive, made(status="sent")) / "issue.json"
    if damage != "none":
        raw = path.read_bytes()
        path.write_bytes(raw[: len(raw) * 3 // 4] if damage == "cut" else raw + b"]")
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match=r"issues/2026-W47 was sent; it is frozen"):
        archive.refuse_frozen("2026-W47")
    with pytest.raises(ArchiveError, match="frozen"):
        save(archive, made(words="changed"))
    assert path.read_bytes() == before


def test_a_story_that_speaks_of_being_sent_freezes_nothing(archive: Archive) -> None:
    path = save(archive, made(words='"status": "sent"')) / "issue.json"
    path.write_bytes(path.read_bytes() + b"]")
    archive.refuse_frozen("2026-W47")
    save(archive, made())


def test_a_story_is_written_as_the_issue_holds_it(archive: Archive) -> None:
    build = made()
    lead = build.issue.leads[0]
    mended = replace(lead.entry, title="Mended on the way")
    issue = replace(build.issue, leads=(replace(lead, entry=mended),))
    save(archive, replace(build, issue=issue))
    assert archive.load("2026-W47") == issue
    assert archive.candidates("2026-W47")[0].entry == mended


def test_a_story_without_its_candidate_is_refused(archive: Archive) -> None:
    build = made()
    with pytest.raises(ArchiveError, match="The story 'ferry-47' of 2026-W47 is not among"):
        save(archive, replace(build, candidates=build.candidates[1:]))
    assert archive.slugs() == ()


def test_odd_characters_survive(archive: Archive) -> None:
    build = made()
    odd = "line\u2028separator\u0085next\x1c\u0000\u200f👩‍👧 \\ \" '"
    first, *rest = build.candidates
    lead = build.issue.leads[0]
    entry = replace(first.entry, text=odd, id=f"id {odd}")
    issue = replace(build.issue, leads=(replace(lead, entry=entry, headline=odd),))
    save(archive, replace(build, issue=issue, candidates=(replace(first, entry=entry), *rest)))
    assert archive.load("2026-W47") == issue
    assert archive.candidates("2026-W47")[0].entry == entry
    assert archive.past(CUTOFF + timedelta(weeks=1), 1)[0][0].ran[0] == entry


def test_half_a_character_is_named_and_nothing_is_written(archive: Archive) -> None:
    build = made()
    broken = replace(build.renderings, email_txt="half \ud83d")
    with pytest.raises(ArchiveError, match=r"email\.txt cannot be written as UTF-8"):
        save(archive, replace(build, renderings=broken))
    assert archive.slugs() == ()


def test_rows_for_the_list(archive: Archive) -> None:
    assert archive.slugs() == ()
    assert archive.rows() == ()
    save(archive, made(47))
    save(archive, made(46, status="sent"))
    old, new = archive.rows()
    assert archive.slugs() == ("2026-W46", "2026-W47")
    assert (old.slug, old.status, old.problem) == ("2026-W46", "sent", "")
    assert (new.leads, new.teasers, new.number) == (1, 3, 3)
    assert new.sender == "Harbor Weekly <desk@example.org>"
    assert new.subject == made(47).issue.subject
    assert new.preheader == made(47).issue.preheader
    assert new.window == made(47).issue.window
    assert new.html_bytes == len(made(47).renderings.email_html.encode())
    assert new.message_bytes == len(made(47).renderings.message)
    assert archive.row("2026-W47") == new


def test_candidates_name_each_bad_line(archive: Archive) -> None:
    path = save(archive, made()) / "entries.jsonl"
    lines = path.read_text("utf-8").splitlines()
    lines[1] = '{"entry": 7}'
    lines[3] = "not JSON"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(DocumentError) as raised:
        archive.candidates("2026-W47")
    assert "issues/2026-W47/entries.jsonl, line 2: entry: " in str(raised.value)
    assert "issues/2026-W47/entries.jsonl, line 4: " in str(raised.value)
    assert "line 3" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("2026-W47", True),
        ("2026-W01", True),
        ("2026-W53", True),
        ("2026-W00", False),
        ("2026-W54", False),
        ("2026-W7", False),
        ("2026-w47", False),
        ("2026-W47 ", False),
        ("2026-W47\n", False),
        ("٢٠٢٦-W47", False),
        ("../2026-W47", False),
        ("", False),
    ],
)
def test_what_a_slug_is(name: str, good: bool) -> None:
    assert is_slug(name) is good


def test_the_slug_of_a_cutoff_is_read_in_its_zone() -> None:
    assert slug_of(CUTOFF) == "2026-W47"
    sunday = (CUTOFF + timedelta(days=2)).replace(hour=23, minute=30)
    assert slug_of(sunday) == "2026-W47"
    assert slug_of(sunday.astimezone(timezone(timedelta(hours=1)))) == "2026-W48"
