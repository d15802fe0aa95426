"""`digest issues search` and `digest issues ran`, as a person types them."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.archive.archived import put, told
from tests.cli.conftest import Digest

FERRY = (
    "The ferry to Skerry Island will run on batteries from the first of May, the harbor board of "
    "Port Ellery decided on Tuesday night. The Marigold loses both diesel engines and gets cells."
)


@pytest.fixture
def archived(digest: Digest, tmp_path: Path) -> Digest:
    """`digest` beside an archive of two issues."""
    ferry = told("Batteries for the ferry", FERRY, lead=True)
    put(tmp_path / "issues", ferry, week=46)
    evil = told("Escapes \x1b[31mred\x1b[0m [bold]sail[/bold]", "A sail.", source="Quayside Notes")
    put(tmp_path / "issues", evil, told("Old boats", "A ferry too."), week=47, status="draft")
    return digest


def test_stories_are_found_and_shown(archived: Digest) -> None:
    said = archived("issues", "search", "ferries")
    assert said.status == 0
    assert said.out.index("Batteries for the ferry") < said.out.index("Old boats")
    assert "2026-W46  2026-11-13  lead  Harbor Gazette" in said.out
    assert "(draft)" in said.out
    assert "https://news.example.org/batteries-for-the-ferry" in said.out
    assert said.out.endswith("2 stories.\n")
    assert Path("var/cache/search.db").exists()


def test_nothing_of_a_story_steers_the_terminal(archived: Digest) -> None:
    said = archived("issues", "search", "sail")
    assert "\x1b" not in said.out
    assert "[bold]sail[/bold]" in said.out


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["ferry", "--", "-old"], 1),
        (["ferry -old"], 1),
        (["old boats"], 1),
        (["boats old"], 0),  # what the shell took for one word is a phrase
        (['"boats old"'], 0),
        (["boats", "old"], 1),
        (["ferr*", "--tier", "lead"], 1),
        (["--source", "quayside"], 1),
        (["--from", "2026-11-20"], 2),
        (["--to", "2026-11-19"], 1),
        (["--issue", "latest"], 2),
        (["--issue", "2026-w46", "ferry"], 1),
        (["--language", "en", "ferry"], 2),
        (["ferry", "--limit", "1"], 2),
        (["ferry", "--limit", "1", "--page", "2"], 2),
    ],
)
def test_words_and_options(archived: Digest, words: list[str], count: int) -> None:
    said = archived("issues", "search", "--json", *words)
    assert said.status == 0
    found = json.loads(said.out)
    assert found["total"] == count
    limit = 1 if "--limit" in words else count
    assert len(found["stories"]) == min(count, limit)


def test_json_says_all(archived: Digest) -> None:
    said = archived("issues", "search", "battery ferry*", "--json")
    (row,) = json.loads(said.out)["stories"]
    assert row["issue"] == "2026-W46"
    assert row["headline"] == "Batteries for the ferry"
    assert row["found"] == ["Batteries", "batteries", "ferry"]
    assert row["id"] == "batteries-for-the-ferry"


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["feryr"], 0, "Did you mean: digest issues search ferry"),
        (["ferry", "sail"], 0, "no story has all of them"),
        (["--tier", "main", "x"], 2, "'main' is not one of"),
        (["--from", "soon", "x"], 2, "'soon' is no day such as 2026-11-20."),
        (["--section", "nope"], 0, "digest issues stats"),
        (["--issue", "2020-W01", "x"], 1, "There is no issue"),
        ([], 2, "There is nothing to search for."),
    ],
)
def test_what_is_said_where_nothing_is_found(
    archived: Digest, monkeypatch: pytest.MonkeyPatch, words: list[str], status: int, sentence: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["digest"])
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/digest")
    said = archived("issues", "search", *words)
    assert said.status == status
    assert sentence in said.out + said.err


def test_damage_is_a_failure_and_the_rest_is_found(archived: Digest) -> None:
    Path("issues/2026-W47/issue.json").write_text("{}", "utf-8")
    said = archived("issues", "search", "ferry")
    assert said.status == 1
    assert "Batteries for the ferry" in said.out
    assert "issues/2026-W47/issue.json" in said.err


def test_without_issues_the_first_step_is_named(digest: Digest) -> None:
    said = digest("issues", "search", "ferry")
    assert said.status == 0
    assert said.out.startswith("There is no issue in issues/ to search yet. Build one: ")


def test_have_we_run_this_address(archived: Digest) -> None:
    said = archived("issues", "ran", "http://www.news.example.org/batteries-for-the-ferry?utm_id=1")
    assert said.status == 0
    assert "2026-W46" in said.out
    assert "It stands at this address." in said.out
    assert "No issue ran this address" in archived("issues", "ran", "https://a.example.org/b").out


def test_have_we_run_this_text(
    archived: Digest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "story.txt").write_text(f"Ferry news\n\n{FERRY}", "utf-8")
    (row,) = json.loads(archived("issues", "ran", "story.txt", "--json").out)["ran"]
    assert (row["how"], row["slug"], row["tier"]) == ("copy", "2026-W46", "lead")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FERRY.encode())))
    assert "2026-W46" in archived("issues", "ran", "-").out


@pytest.mark.parametrize(
    "what",
    ["no such file", "nothing", "x" * 5000, "issues", "notes.txt", "../a.html", "old/notes.html"],
)
def test_what_is_neither_file_nor_address(archived: Digest, what: str) -> None:
    said = archived("issues", "ran", what)
    assert said.status == 1
    assert said.err.startswith("error: ")


@pytest.mark.parametrize(
    "words",
    [
        ("ferry", "-batteries"),
        ("-batteries", "ferry"),
        ("ferry", "-batteries", "--limit", "5"),
        ("ferry", "--source", "Harbor", "-batteries", "-q"),
        ("ferry", "--", "-batteries"),
        ("ferry -batteries",),
    ],
)
def test_a_word_with_a_hyphen_leaves_out(archived: Digest, words: tuple[str, ...]) -> None:
    said = archived("issues", "search", *words)
    assert said.status == 0
    assert "Old boats" in said.out
    assert "Batteries for the ferry" not in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ferry", "--sorce", "Harbor"), "--source"),
        (("ferry", "-source", "Harbor"), "the option is --source"),
        (("ferry", "-limit=5"), "the option is --limit"),
    ],
)
def test_an_option_that_is_none_is_refused(
    archived: Digest, words: tuple[str, ...], told: str
) -> None:
    said = archived("issues", "search", *words)
    assert (said.status, said.out) == (2, "")
    assert told in said.err
