"""A page to its one entry, and the pages that have none."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.metadata import without_site
from tests.collect.doubles import FIXTURES, gather

URL = "https://post.example.org/2026/mill?utm_source=x"
PAGE = (FIXTURES / "page.html").read_bytes()


def test_every_field_of_an_article() -> None:
    (entry,) = gather(URL, answers={URL: PAGE}).entries
    assert entry.title == "Old mill becomes a library"
    assert entry.url == "https://post.example.org/2026/mill"
    assert entry.source == "Valley Post"
    assert entry.byline == "Vera Stone"
    assert entry.published == datetime(2026, 11, 14, 5, tzinfo=UTC)
    assert entry.summary == "The mill by the weir opens as a library in March."
    assert entry.text.startswith("The old mill by the weir will open")
    assert "Ten thousand books will move" in entry.text
    assert "Contact" not in entry.text
    assert "Staff Writer" not in entry.text
    assert ("subhead", "Ten thousand books") in [(p.kind, p.text) for p in entry.parts]
    assert entry.language == "en"
    assert entry.image is not None
    assert entry.image.url == "https://post.example.org/2026/mill.png"
    assert entry.image.alt == "The mill by the weir"
    assert entry.image.caption == "The mill in 1990, before the flood."
    assert entry.flags == ()


def test_a_page_without_an_article_says_so_and_names_its_feed() -> None:
    page = (
        b'<html><head><link rel="alternate" type="application/atom+xml" href="/feed.atom"></head>'
        b"<body><a href='/1'>One</a> <a href='/2'>Two</a></body></html>"
    )
    found = gather(URL, answers={URL: page})
    assert not found.entries
    assert "no article" in found.failures[0].what
    assert "https://post.example.org/feed.atom" in found.failures[0].hint


def test_a_date_in_a_caption_or_a_url_is_no_date() -> None:
    page = PAGE.replace(b'"datePublished":"2026-11-14T06:00:00+01:00",', b"").replace(
        b"The mill in 1990", b"The mill, April 3, 2019"
    )
    (entry,) = gather(URL, answers={URL: page}).entries
    assert entry.published is None
    assert entry.flags == ("no-date",)


def test_a_canonical_link_to_another_site_is_not_believed() -> None:
    page = PAGE.replace(b"https://post.example.org/2026/mill", b"https://elsewhere.example.com/x")
    (entry,) = gather(URL, answers={URL: page}).entries
    assert entry.url == URL


def test_a_local_page_has_the_address_that_it_states(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    (entry,) = gather("page.html", folder=tmp_path).entries
    assert entry.url == "https://post.example.org/2026/mill"


@pytest.mark.parametrize(
    ("title", "site", "clean"),
    [
        ("Mill opens | Valley Post", "Valley Post", "Mill opens"),
        ("Valley Post: News - Mill opens", "", "Valley Post: News - Mill opens"),
        ("Mill opens - The Valley Post", "Valley Post", "Mill opens"),
        ("Valley Post | Mill opens", "Valley Post", "Mill opens"),
        ("Mill opens – and closes again", "Valley Post", "Mill opens – and closes again"),
        ("Why the mill matters today » News » Post", "", "Why the mill matters today"),
        ("Mill-owner wins", "Mill", "Mill-owner wins"),
    ],
)
def test_the_name_of_the_site_is_taken_off(title: str, site: str, clean: str) -> None:
    assert without_site(title, site) == clean


def test_damaged_metadata_is_no_error() -> None:
    page = PAGE.replace(b'{"@context"', b'{{"@context"').replace(
        b'content="mill.png"', b'content="data:x"'
    )
    (entry,) = gather(URL, answers={URL: page}).entries
    assert entry.title == "Old mill becomes a library"
    assert entry.published is None
