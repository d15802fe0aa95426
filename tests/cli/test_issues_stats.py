"""`digest issues stats`: what stands out, and all of it as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from digest.archive import Archive
from tests.archive.newsroom import made, save
from tests.cli.conftest import Digest


@pytest.fixture
def newsletter(digest: Digest) -> Digest:
    archive = Archive(Path("issues"))
    for week in (45, 46, 47):
        save(archive, made(week, status="sent" if week < 47 else "draft"))
    return digest


def test_what_stands_out_and_the_tables(newsletter: Digest) -> None:
    said = newsletter("issues", "stats")
    assert (said.status, said.err) == (0, "")
    assert "3 issues, 2026-W45 to 2026-W47: 12 stories out of 15 candidates." in said.out
    assert "Harbor Gazette told 100 % of the leads." in said.out
    assert not re.search(r"\d%", said.out), "one spelling of a share"
    for word in ("Quayside Notes", "Around the bay", "2026-W46", "بريد المرفأ"):
        assert word in said.out
    assert Path("var/cache/tallies.jsonl").is_file()
    assert newsletter("issues", "stats").out == said.out


def test_all_of_it_as_json(newsletter: Digest) -> None:
    said = newsletter("issues", "stats", "--json")
    found = json.loads(said.out)
    assert found["whole"]["stories"] == 12
    assert found["step"] == "issue"
    assert [row["label"] for row in found["periods"]] == ["2026-W45", "2026-W46", "2026-W47"]
    first = found["sources"][0]
    assert first == {
        "name": "Harbor Gazette", "candidates": 3, "stories": 3, "leads": 3, "imported": 0,
        "accepted": 1.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        (("--last", "1"), ["2026-W47"]),
        (("--from", "2026-11-13"), ["2026-W46", "2026-W47"]),
        (("--to", "2026-11-13"), ["2026-W45", "2026-W46"]),
        (("--from", "2026-11-07", "--to", "2026-11-19", "--last", "9"), ["2026-W46"]),
        (("--to", "2001-01-01"), []),
    ],
)
def test_some_of_the_issues(newsletter: Digest, words: tuple[str, ...], labels: list[str]) -> None:
    found = json.loads(newsletter("issues", "stats", "--json", *words).out)
    assert [row["label"] for row in found["periods"]] == labels


def test_nothing_to_count(digest: Digest) -> None:
    said = digest("issues", "stats")
    assert said.status == 0
    assert "digest build" in said.out


def test_no_issue_of_that_time(newsletter: Digest) -> None:
    assert "digest issues list" in newsletter("issues", "stats", "--to", "2001-01-01").out


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--from", "2026-11-20", "--to", "2026-11-13"), "later than"),
        (("--from", "Friday"), "'Friday' is no day such as 2026-11-20."),
        (("--last", "0"), "0"),
    ],
)
def test_wrong_use(newsletter: Digest, words: tuple[str, ...], what: str) -> None:
    said = newsletter("issues", "stats", *words)
    assert said.status == 2
    assert what in said.err


def test_a_damaged_issue_is_named_and_the_others_are_counted(newsletter: Digest) -> None:
    Path("issues/2026-W46/entries.jsonl").write_text("{}\n", "utf-8")
    said = newsletter("issues", "stats", "--json")
    assert said.status == 1
    assert "issues/2026-W46/entries.jsonl" in said.err
    assert json.loads(said.out)["whole"]["issues"] == 2
