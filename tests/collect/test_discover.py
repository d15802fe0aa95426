"""From a page to its feeds, and how a source fares."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.collect import feed_candidates, health
from digest.models import Entry, Failure

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOME = "https://www.example.org/"


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


@pytest.mark.parametrize(
    ("markup", "first"),
    [
        (link("/feed.xml"), "https://www.example.org/feed.xml"),
        (link("/comments/feed") + link("/feed"), "https://www.example.org/feed"),
        (link("/a", title="Kommentare") + link("/b"), "https://www.example.org/b"),
        (link("https://other.example.net/feed") + link("/own/feed"),
         "https://www.example.org/own/feed"),
        (link("/tag/sea/feed") + link("/feed"), "https://www.example.org/feed"),
        (link("/feed.json", "application/feed+json") + link("/atom", "application/atom+xml"),
         "https://www.example.org/atom"),
        ('<link rel="alternate" type="text/html" hreflang="fr" href="/fr"><a href="/rss">RSS</a>',
         "https://www.example.org/rss"),
        ('<a href="https://elsewhere.example.net/rss">theirs</a>', "https://www.example.org/feed"),
        ('<a href="javascript:rss()">x</a>', "https://www.example.org/feed"),
    ],
)  # fmt: skip
def test_the_likeliest_feed_comes_first(markup: str, first: str) -> None:
    found = feed_candidates(f"<html><head>{markup}</head><body></body></html>", HOME)
    assert found[0].url == first
    assert found[0].named == ("<link" in markup and "text/html" not in markup)


def test_usual_addresses_are_tried_below_the_page_and_at_the_root() -> None:
    urls = [one.url for one in feed_candidates("<p>x</p>", "https://example.org/blog/")]
    assert urls[0] == "https://example.org/blog/feed"
    assert "https://example.org/feed" in urls
    assert len(urls) == len(set(urls))


def entry(n: int, **more: object) -> Entry:
    fields = {"id": f"{n}", "title": "x", "url": f"https://e.example.org/{n}",
              "published": NOW - timedelta(days=n), "text": "word " * 200, **more}  # fmt: skip
    return Entry(**fields)  # type: ignore[arg-type]


def test_a_source_that_is_well() -> None:
    found = health("a", "E", "feed", [entry(n) for n in range(8)], now=NOW)
    assert (found.reachable, found.entries, found.fullness) == (True, 8, "whole text")
    assert found.per_week == pytest.approx(7.0)
    assert found.newest == NOW
    assert found.problems == ()


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([], "no entries"),
        ([entry(1, published=None, flags=("no-date",))], "1 of 1 entries have no date"),
        ([entry(1, url=None, flags=("no-url",))], "no address"),
        ([entry(300)], "nothing new for 10 months"),
        ([entry(3), entry(2), entry(1)], "oldest first"),
        ([entry(1, provenance=(("title", "damaged feed: title"),))], "damaged"),
        ([entry(1, published=NOW + timedelta(days=3), flags=("future-date",))], "future"),
    ],
)
def test_what_is_wrong_is_said(entries: list[Entry], said: str) -> None:
    found = health("a", "E", "feed", entries, now=NOW)
    assert any(said in problem for problem in found.problems), found.problems


@pytest.mark.parametrize(
    ("more", "fullness"),
    [({"text": "short", "summary": ""}, "excerpt"), ({"text": "", "summary": ""}, "title only")],
)
def test_how_full_a_source_is(more: dict[str, str], fullness: str) -> None:
    found = health("a", "E", "feed", [entry(1, **more)], now=NOW)
    assert found.fullness == fullness
    assert (found.whole, found.excerpt + found.bare) == (0, 1)


def test_how_full_a_source_is_in_shares() -> None:
    entries = [entry(1), entry(2), entry(3, text="short"), entry(4, text="", summary="")]
    found = health("a", "E", "feed", entries, now=NOW)
    assert found.fullness == "whole text"
    assert (found.whole, found.excerpt, found.bare) == (0.5, 0.25, 0.25)


def test_a_failure_does_not_repeat_the_address() -> None:
    for what in ("https://e.example.org/ answered 404.", "https://e.example.org/: answered 404."):
        failure = Failure(where="https://e.example.org/", what=what, hint="Check it.")
        found = health("https://e.example.org/", "E", "feed", [], now=NOW, failure=failure)
        assert found.problems == ("answered 404. Check it.",)


def test_a_source_that_failed() -> None:
    failure = Failure(where="a", what="It is not there.", hint="Check it.")
    found = health("a", "E", "feed", [], now=NOW, failure=failure)
    assert (found.reachable, found.problems) == (False, ("It is not there. Check it.",))
