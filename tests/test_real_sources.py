"""Builds over real documents: nothing is lost in silence, nothing raises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Digest, digest  # noqa: F401  # the fixture is used by name

# The feeds were saved in different years; this week holds entries of many of them.
WEEK = ("--now", "2025-11-21T12:00:00+00:00", "--since", "2025-01-01")


@pytest.fixture
def seed(bench_data: Path) -> Path:
    return next((bench_data / "seed").glob("*.txt"))


def test_the_saved_page_alone(digest: Digest, seed: Path) -> None:  # noqa: F811
    said = digest("build", seed, "--json")
    assert said.status == 0, said.err + said.out
    report = json.loads(said.out)
    assert len(report["leads"]) == 1
    assert sum(len(ids) for ids in report["sections"].values()) == 4
    issue = json.loads(digest("issues", "show", "--json").out)
    lead = issue["leads"][0]
    gold = json.loads((seed.parent / "gold.json").read_text("utf-8"))
    assert lead["headline"] == gold["lead"]["title"]
    assert lead["entry"]["byline"] == gold["lead"]["author"]
    told = lead["blurb"]["text"]
    assert lead["blurb"]["origin"] == "text"
    assert told.startswith(gold["lead"]["sections"][0]["paragraphs"][0]["text"])
    assert gold["lead"]["dateline"]["raw"] not in told
    assert not any(caption["text"] in told for caption in gold["lead"]["captions"])
    teasers = [s for section in issue["sections"] for s in section["stories"]]
    assert {t["headline"] for t in teasers} == {r["title"] for r in gold["related"]}
    assert all(t["blurb"]["cut"] for t in teasers)
    assert all(t["blurb"]["text"].endswith("...") for t in teasers)
    assert all(t["entry"]["summary"].endswith(t["blurb"]["text"]) for t in teasers)


def test_no_feed_is_lost_in_silence(digest: Digest, bench_data: Path) -> None:  # noqa: F811
    folder = bench_data / "feeds" / "real"
    feeds = sorted(p for p in folder.iterdir() if p.is_file())
    said = digest("build", *feeds, *WEEK, "--json")
    report = json.loads(said.out)
    accounted = [s for s in report["sources"] if s["entries"] or s["note"]]
    named = {Path(s["place"]).name for s in accounted}
    named |= {Path(f["where"]).name for f in report["failures"]}
    assert {p.name for p in feeds} <= named
    assert sum(s["entries"] for s in report["sources"]) > 2000
    assert [f for f in report["findings"] if f["level"] == "error"] == []


def test_real_and_bundled_sources_together(
    digest: Digest,  # noqa: F811
    bench_data: Path,
    seed: Path,
) -> None:
    from digest import sample

    said = digest(
        "build", sample.folder() / "sources.opml", seed, bench_data / "feeds" / "real",
        "--now", "2026-11-20T10:00:00+00:00", "--since", "2025-01-01", "--json",
    )  # fmt: skip
    report = json.loads(said.out)
    assert report["path"]
    assert len(report["leads"]) == 2
