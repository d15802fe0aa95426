"""What the benches measure on real documents does not fall behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import blurb_report, blurbs, copies, events, feed_damage, feeds, pages, urls
from bench.blurb_data import held_out
from bench.blurb_systems import Article, systems
from bench.documents import gather
from digest.pipeline import backtest, issues_of_file
from digest.settings import Settings
from digest.text.urls import canonical

pytestmark = pytest.mark.long


def test_no_entry_of_a_feed_is_lost_and_its_fields_are_right(bench_data: Path) -> None:
    found, raw, lost = feeds.entries_found(bench_data)
    assert (found, lost) == (raw, [])
    assert raw > 3_000
    fields = feeds.fields_right(bench_data)
    assert sum(t.right for t in fields.values()) >= 0.97 * sum(t.all for t in fields.values())
    assert {name: t.wrong for name, t in fields.items() if name in ("date", "author", "tag")} == {
        "date": [], "author": [], "tag": [],
    }  # fmt: skip


def test_damaged_feeds_give_nearly_all(bench_data: Path) -> None:
    damages = feed_damage.load(bench_data.parent / "measures" / "feed_damage.py").DAMAGE
    shares: list[float] = []
    for path in sorted((bench_data / "feeds" / "real").iterdir())[::12]:
        data = path.read_bytes()
        whole = feed_damage.ours(data)
        for name, harm in damages.items():
            left = len(whole) * (0.5 if name.startswith("cut") else 1)
            shares.append(
                feed_damage.recall(whole, feed_damage.ours(harm(data)), expected=int(left))
            )
    assert len(shares) > 100
    assert sum(shares) / len(shares) >= 0.995


def test_articles_and_their_metadata(bench_data: Path) -> None:
    found, _ = pages.articles(bench_data, "all")
    assert found.f1("ours, as shown")[0] >= 0.97
    assert found.f1("ours, text only")[0] >= 0.97
    ours = pages.metadata(bench_data, "all")["ours"]
    for name, least in (("title apart", 0.92), ("byline", 0.80), ("date", 0.94)):
        assert ours[name].right >= least * ours[name].all, ours[name].wrong
    assert ours["invented"].wrong == []


def test_spellings_of_addresses(bench_data: Path) -> None:
    variants = feed_damage.load(bench_data.parent / "measures" / "url_variants.py")
    entries = gather(bench_data / "feeds" / "real").entries
    found = urls.measure(sorted({e.url for e in entries if e.url}), variants, canonical)
    right, total = (sum(row[i] for row in found["same"].values()) for i in (0, 1))
    assert right >= 0.99 * total
    assert {name: merged for name, (merged, _) in found["different"].items() if merged} == {}


def test_events_and_topics_by_cross_validation(bench_data: Path) -> None:
    ecb = events.rows_of(bench_data, "ecbplus.jsonl")
    assert events.cross_validated(ecb, "event", "topic")[2] >= 0.88
    headlines = events.rows_of(bench_data, "headlines.jsonl")
    assert events.cross_validated(headlines, "topic", "event")[2] >= 0.78


def test_copies_are_recognized_and_no_two_articles_confused(bench_data: Path) -> None:
    found = copies.measure(bench_data, bench_data.parent / "measures" / "article_edits.py")
    assert found["false"] == 0
    assert float(str(found["recall"])) >= 0.97


def test_the_selection_guesses_what_editors_chose(bench_data: Path) -> None:
    past, _ = issues_of_file(bench_data / "curated" / "haskellweekly.jsonl")
    found = backtest(past, settings=Settings(), last=40)
    assert found.intervals["source"]["ap"][0] > 0
    past, _ = issues_of_file(bench_data / "curated" / "twir.jsonl")
    sections = backtest(past, settings=Settings(), last=15).ours.sections
    assert sections is not None
    assert sections >= 0.65


@pytest.mark.parametrize(("name", "least"), [("inshorts", 1.0), ("cnn", 1.6)])
def test_blurbs_come_nearer_to_peoples_than_the_lead(
    bench_data: Path, name: str, least: float
) -> None:
    definitions = feed_damage.load(bench_data.parent / "measures" / "blurb_defects.py")
    articles = [Article.of(row) for row in held_out(bench_data / "blurbs" / f"{name}.jsonl")]
    named = {one: system for one, system in systems().items() if one in blurb_report.BY_KIND}
    runs = blurbs.measure(articles, named, room=360, defects=definitions.defects)
    found = blurb_report.report(articles, runs)
    for peer in blurb_report.PEERS:
        mean, low, _ = found["ours less"][peer]["R1"]
        assert mean >= least, peer
        assert low > 0, peer
        assert min(found["ours less"][peer][other][0] for other in ("R2", "RLsum")) > 0, peer
    assert found["systems"]["ours"]["defects"][0] <= 5
