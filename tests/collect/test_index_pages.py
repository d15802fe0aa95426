"""Pages that tease many stories: front pages, blogs' homes, lists of links, in seven languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect import Collected
from tests.collect.doubles import FIXTURES, answer, gather

URL = "https://www.example.org/"
PAGES = sorted((FIXTURES / "index").glob("*.html"))


def read(html: bytes) -> Collected:
    return gather(URL, answers={URL: answer(html, content_type="text/html", url=URL)})


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_an_index_gives_its_stories_and_nothing_else(path: Path) -> None:
    found = read(path.read_bytes())
    assert found.sources[0].kind == "index"
    rows = [
        {
            "title": e.title,
            "url": e.url,
            "excerpt": e.summary,
            "byline": e.byline,
            "published": e.published.date().isoformat() if e.published else None,
            "image": e.image.url if e.image else None,
        }
        for e in found.entries
    ]
    assert rows == json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert {dict(e.provenance)["title"] for e in found.entries} == {"the headline of its block"}


def test_an_index_tells_of_the_feed_that_it_names() -> None:
    found = read((FIXTURES / "index" / "blog-home.html").read_bytes())
    assert "https://www.example.org/feed" in found.sources[0].note


def test_an_article_with_a_block_of_others_below_is_an_article() -> None:
    body = "".join(
        f"<p>{'The harbor office said on Monday that it will. ' * 4}</p>" for _ in "1234"
    )
    others = "".join(
        f"<div class='card'><h3><a href='/{n}'>Another story of the harbor, number {n}</a></h3>"
        "<p>A short excerpt of it, which says little.</p></div>"
        for n in range(6)
    )
    found = read(
        f"<html><head><title>The one story</title></head><body><article>"
        f"<h1>The one story</h1>{body}</article><section>{others}</section></body></html>".encode()
    )
    assert [e.title for e in found.entries] == ["The one story"]


def test_a_page_of_navigation_alone_is_nothing() -> None:
    links = "".join(
        f"<li><a href='/{n}'>All of the pages about part {n}</a></li>" for n in range(9)
    )
    found = read(f"<html><body><nav><ul>{links}</ul></nav></body></html>".encode())
    assert not found.entries
    assert "no article" in found.failures[0].what


def test_no_real_article_is_taken_for_an_index(bench_data: Path) -> None:
    from bench.index_pages import articles

    assert articles(bench_data)[1] == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PAGES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30)), max_size=6))
def test_damaged_indexes_raise_nothing(path: Path, cuts: list[tuple[float, int]]) -> None:
    data = path.read_bytes()
    for where, size in cuts:
        at = int(where * len(data))
        data = data[:at] + data[at + size :]
    assert not [f for f in read(data).failures if "a parser failed" in f.what]
