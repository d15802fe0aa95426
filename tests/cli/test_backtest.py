"""`digest backtest`: past issues replayed, each with only the past to learn from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from digest.cli.main import run
from tests.cli.conftest import Digest


def rows(issues: int) -> list[dict[str, object]]:
    """An editor who features what one site publishes, and sorts the rest by what it is about."""
    found: list[dict[str, object]] = []
    for n in range(1, issues + 1):
        found += [
            {
                "issue": n,
                "section": "Featured",
                "title": f"Essay {n} about type {m}",
                "url": f"https://essays.example.org/{n}/{m}",
            }
            for m in range(3)
        ]
        for m in range(4):
            site = "tools" if m % 2 else "talk"
            found.append(
                {
                    "issue": n,
                    "section": "Show & tell" if m % 2 else "In brief",
                    "title": f"{'Release' if m % 2 else 'Question'} {n} of {m}",
                    "url": f"https://{site}.example.org/{n}/{m}",
                }
            )
    return found


def write(path: Path, lines: list[str]) -> str:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


def test_what_an_editor_does_every_week_is_learned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "archive.jsonl", [json.dumps(row) for row in rows(12)])
    assert run(["-C", str(tmp_path), "backtest", file, "--last", "5", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["issues"], found["ap"], found["p_at_1"]) == (5, 1.0, 1.0)
    assert found["sections"] >= 0.9
    assert set(found["baselines"]) == {"random", "newest", "source"}
    assert found["baselines"]["random"]["ap"] < 0.8
    low, high = found["gain_95"]["random"]["ap"]
    assert 0 < low <= high


def test_the_same_figures_each_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shuffled = sorted(rows(8), key=lambda row: str(row["url"])[::-1])
    outputs = []
    for name, own in (("a", rows(8)), ("b", shuffled)):
        file = write(tmp_path / f"{name}.jsonl", [json.dumps(row) for row in own])
        assert run(["-C", str(tmp_path), "backtest", file, "--json"]) == 0
        outputs.append(json.loads(capsys.readouterr().out)["ap"])
    assert outputs[0] == outputs[1]  # the order of a file is its editor's, and is not read


def test_bad_rows_are_named_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps(row) for row in rows(6)]
    file = write(tmp_path / "archive.jsonl", [lines[0], "{", '{"title": "x"}', *lines[1:]])
    assert run(["-C", str(tmp_path), "backtest", file]) == 1
    said = capsys.readouterr()
    assert "5 issues replayed" in said.out
    assert "archive.jsonl, line 2" in said.err
    assert "archive.jsonl, line 3" in said.err


def test_an_archive_that_is_too_short_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(tmp_path), "backtest"]) == 0
    assert "Two are needed" in capsys.readouterr().out


def test_a_file_without_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(tmp_path), "backtest", write(tmp_path / "x.jsonl", [""])]) == 1
    assert "holds no row of an archive" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('{"issue": true, "title": "x"}', "needs an issue and a title"),
        ('{"issue": 3, "title": "x", "lead": "yes"}', "“lead” is true or false"),
        ('{"issue": 3, "title": "\\ud800"}', "holds half a character"),
        ('{"issue": 3' + "0" * 5000 + ', "title": "x"}', "is no JSON"),
    ],
)
def test_a_row_that_says_nothing_is_passed_over_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, says: str
) -> None:
    file = write(tmp_path / "archive.jsonl", [row, *map(json.dumps, rows(4))])
    assert run(["-C", str(tmp_path), "backtest", file]) == 1
    said = capsys.readouterr()
    assert "archive.jsonl, line 1" in said.err
    assert says in said.err
    assert "3 issues replayed" in said.out
    assert run(["-C", str(tmp_path), "backtest", write(tmp_path / "one.jsonl", [row])]) == 1
    assert says in capsys.readouterr().err


def test_an_archive_that_shows_no_choice_says_what_a_row_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps({"issue": n, "title": f"Story {n}"}) for n in range(3)]
    assert run(["-C", str(tmp_path), "backtest", write(tmp_path / "x.jsonl", lines)]) == 0
    assert "Nothing can be measured" in capsys.readouterr().out


def test_one_issue_has_no_interval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "x.jsonl", [json.dumps(row) for row in rows(4)])
    assert run(["-C", str(tmp_path), "backtest", file, "--last", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["gain_95"]["random"] == {}


def test_what_is_no_archive_is_told_with_the_next_thing_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "news" / "issues").mkdir(parents=True)
    os.mkfifo(tmp_path / "pipe")
    for name, says in (
        ("news", f"digest backtest {tmp_path / 'news' / 'issues'}"),
        ("news/issues", "holds no issue of an archive"),
        ("pipe", "is no regular file"),
        ("nowhere", "Check the path"),
    ):
        assert run(["backtest", str(tmp_path / name)]) == 1
        assert says in capsys.readouterr().err


def test_issues_that_nobody_edited_are_counted(digest: Digest) -> None:
    for week in ("12", "19", "26"):
        Path("stories").mkdir(exist_ok=True)
        for n in range(4):
            body = " ".join(f"In {week} this is {n}{m} of all." for m in range(30))
            Path("stories", f"{week}-{n}.md").write_text(
                f"---\ntitle: Story {n} of {week}\ndate: 2026-11-{week}\n---\n\n{body}\n"
            )
        said = digest("build", "stories", "--now", f"2026-11-{int(week) + 1}T09:30")
        assert said.status == 0, said.err
    assert "in 2 of them; there, the selection is compared with itself" in digest("backtest").out
    digest("edit", "drop", "Story 3 of 26")
    digest("build", "stories", "--now", "2026-11-27T09:30")
    assert "in 1 of them" in digest("backtest").out
    assert json.loads(digest("backtest", "--json").out)["untouched"] == 1
