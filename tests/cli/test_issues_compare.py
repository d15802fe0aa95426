"""`digest issues diff` and `digest issues verify`, as a person types them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from digest.archive import Archive
from tests.archive.newsroom import made, save, story
from tests.cli.conftest import SLUG, Digest

FOLDER = Path("issues", SLUG)


@pytest.fixture
def newsletter(digest: Digest, built: Path, tmp_path: Path) -> Digest:
    """`digest` in a copy of a small newsletter whose issue is approved."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return digest


@pytest.fixture
def weeks(digest: Digest) -> Digest:
    """Two issues; the later one tells a story of the earlier again, and one under other words."""
    archive = Archive(Path("issues"))
    save(archive, made(46))
    later = made(47)
    again = made(46).issue.stories[1].entry
    section = later.issue.sections[0]
    stories = (replace(story(again, lead=False), headline="Seeds\x1b[31m again"), *section.stories)
    issue = replace(later.issue, sections=(replace(section, stories=stories),), subject="Another")
    rows = (*later.candidates, replace(later.candidates[1], entry=again))
    text = later.renderings.email_txt.replace("old customs house", "new customs hall", 1)
    words = replace(later.renderings, email_txt=f"{text}\n\nThe bell\x1b[2J rings.\n")
    save(archive, replace(later, issue=issue, candidates=rows, renderings=words))
    return digest


def test_two_weeks_tell_repeats_first_then_sources_and_stories(weeks: Digest) -> None:
    said = weeks("issues", "diff")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0] == "What is different in 2026-W47 from 2026-W46:"
    assert "Told in both" in lines[1]
    assert "ran before" in said.out
    assert "Seeds[31m again" in said.out  # no escape reaches the terminal
    assert "\x1b" not in said.out
    assert "added, " in said.out
    assert "digest issues diff 2026-W47 2026-W46 --text" in said.out


def test_as_json_every_story_stands_once(weeks: Digest) -> None:
    found = json.loads(weeks("issues", "diff", "2026-w47", "2026-W46", "--json", "--text").out)
    assert (found["before"], found["after"]) == ("2026-W46", "2026-W47")
    after = [row["after"]["id"] for row in found["pairs"]] + [row["id"] for row in found["added"]]
    before = [row["before"]["id"] for row in found["pairs"]]
    before += [row["id"] for row in found["dropped"]]
    archive = Archive(Path("issues"))
    for slug, ids in (("2026-W47", after), ("2026-W46", before)):
        assert sorted(ids) == sorted(s.entry.id for s in archive.load(slug).stories)
    assert {"what": "subject", "before": made(46).issue.subject, "after": "Another"} in found[
        "about"
    ]
    assert {row["op"] for row in found["text"]} <= {"added", "dropped", "reworded"}


def test_the_text_is_compared_word_by_word(weeks: Digest) -> None:
    out = " ".join(weeks("issues", "diff", "--text").out.split())
    assert "~ A library of seeds opens in the [-old customs house-] {+new customs hall+} A" in out
    assert "… 1 paragraph the same …" in out
    assert "+ The bell\x1b[2J rings." not in out
    assert "+ The bell[2J rings." in out


def test_the_first_issue_has_none_before_it(weeks: Digest) -> None:
    said = weeks("issues", "diff", "2026-W46")
    assert said.status == 1
    assert "2026-W46 is the first issue of the archive" in said.err
    assert "--today" in said.err
    said = weeks("issues", "diff", "2026-W40")
    assert said.status == 1
    assert "There is no issue '2026-W40'" in said.err
    assert weeks("issues", "diff", "2026-W47", "2026-W46", "--today").status == 2


def test_today_is_the_same_until_something_changes(newsletter: Digest) -> None:
    said = newsletter("issues", "diff", "--today")
    assert said.out == f"{SLUG} would be the same, byte for byte, if it was made today.\n"
    assert json.loads(newsletter("issues", "diff", "--today", "--json").out)["same"] is True

    env = Path(".env")
    env.write_text(
        env.read_text("utf-8").replace("TEASERS=1", "TEASERS=0") + "DIGEST_THEME=bulletin\n",
        "utf-8",
    )
    before = {path: path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    said = newsletter("issues", "diff", SLUG, "--today", "--text")
    assert said.status == 0
    assert "as it would be made today (bulletin)" in said.out
    assert "Rendered again" in said.out
    assert "Styles: dropped" in " ".join(said.out.split())
    assert "dropped" in said.out.partition("this would be different")[2]
    found = json.loads(newsletter("issues", "diff", SLUG, "--today", "--json").out)
    assert [row["name"] for row in found["renderings"] if row["differs"]]
    assert len(found["stories"]["dropped"]) == 1
    assert {path: path.read_bytes() for path in before} == before


def test_verify_says_what_is_well_and_what_is_not(newsletter: Digest) -> None:
    said = newsletter("issues", "verify")
    assert said.status == 0, said.err
    assert "sound; made again, every byte is the same" in said.out
    assert "1 issue verified, all sound. Nothing was written." in said.out
    assert newsletter("issues", "verify", "--quiet").out == ""
    assert "sound; not made again" in newsletter("issues", "verify", SLUG, "--quick").out

    (FOLDER / "email.txt").write_bytes(b"another")
    (FOLDER / "web.html").unlink()
    said = newsletter("issues", "verify", "--all")
    assert said.status == 1
    assert "2 failures" in said.out
    assert "1 of 1 not sound" in said.out
    assert f"failed: issues/{SLUG}/email.txt is not what issue.json recorded" in said.err
    assert f"failed: issues/{SLUG}/web.html is missing." in said.err
    (row,) = json.loads(newsletter("issues", "verify", "--json").out)
    assert [f["where"] for f in row["failures"]] == [
        f"issues/{SLUG}/email.txt",
        f"issues/{SLUG}/web.html",
    ]


def test_one_damaged_issue_stops_no_other(newsletter: Digest) -> None:
    Path("issues", "2026-W40").mkdir()
    Path("issues", "2026-W41").symlink_to(SLUG)
    said = newsletter("issues", "verify", "--quick")
    assert said.status == 1
    assert "2 of 3 not sound" in said.out
    assert "issues/2026-W40/issue.json is missing" in said.err
    assert "issues/2026-W41 is a symbolic link" in said.err
    assert newsletter("issues", "verify", SLUG, "--quick").status == 0
    assert newsletter("issues", "verify", "2026-w41", "--quick").status == 1


def test_verify_of_nothing(digest: Digest) -> None:
    assert "There is no issue in issues/ yet" in digest("issues", "verify").out
    assert digest("issues", "verify", "2026-W47").status == 1
    assert digest("issues", "verify", "--all", "2026-W47").status == 2
