"""A page to its one entry, and the pages that have none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.headline import without_site
from tests.collect.doubles import FIXTURES, answer, gather

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


def page_of(head: str, body: str) -> bytes:
    prose = "<p>" + "The old mill by the weir will open as a library in the spring. " * 4 + "</p>"
    more = (
        "<p>" + "Ten thousand books will move there, and all of them are dry again. " * 4 + "</p>"
    )
    return f"<html><head>{head}</head><body>{body.format(prose + more)}</body></html>".encode()


SUBJECT = '<![CDATA[{"@type":"Article","name":"The mill","headline":"building in the valley"}]]>'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        # The header's <h1> is the site's, and <title> says more.
        ("<title>Mill opens as a library</title>",
         "<div><h1>Valley Health Center</h1></div><div>{}</div>", "Mill opens as a library"),
        ("<title>Mill opens as a library | Vera Stone</title>",
         "<div><h1>Hi, I am Vera.</h1></div><div>{}</div>", "Mill opens as a library"),
        # The <h1> is the site's side of <title>.
        ("<title>Mill opens as a library - The Valley Post</title>",
         "<h1>The Valley Post</h1><div>{}</div>", "Mill opens as a library"),
        ("<title>Valley Post - Mill opens as a library</title>",
         "<h1>Valley Post</h1><div>{}</div>", "Mill opens as a library"),
        # The <h1> is the headline's side.
        ("<title>Mill opens as a library - Vera Stone (Vera) of the Valley</title>",
         "<h1>Mill opens as a library</h1><div>{}</div>", "Mill opens as a library"),
        # <title> names the site alone, and the article's heading says it.
        ("<title>Valley Post</title>",
         "<header><h1>Valley Post</h1></header><article><h2>Mill is a library now</h2>{}</article>",
         "Mill is a library now"),
        ("", "<article><h1>Mill opens as a library</h1>{}</article>", "Mill opens as a library"),
        # What the page states for machines counts first.
        ("<title>Post</title><meta property='og:title' content='Mill opens'>",
         "<h1>Information and more</h1><div>{}</div>", "Mill opens"),
        (f"<title>The mill</title><script type='application/ld+json'>{SUBJECT}</script>",
         "<h1>The mill</h1><div>{}</div>", "The mill"),
    ],
)  # fmt: skip
def test_headlines(head: str, body: str, title: str) -> None:
    body = body.replace("{}", "\0").replace("{", "{{").replace("}", "}}").replace("\0", "{}")
    (entry,) = gather(URL, answers={URL: page_of(head, body)}).entries
    assert entry.title == title


def test_what_json_ld_calls_an_organization_is_the_agency() -> None:
    head = (
        "<title>Mill opens as a library</title><script type='application/ld+json'>"
        '{"@type":"NewsArticle","headline":"Mill opens as a library",'
        '"author":[{"@type":"Organization","name":"Friends of Mills"},'
        '{"@type":"Person","name":"Vera Stone"}]}</script>'
    )
    (entry,) = gather(URL, answers={URL: page_of(head, "<div>{}</div>")}).entries
    assert (entry.byline, entry.agency) == ("Vera Stone", "Friends of Mills")


def test_a_page_that_a_browser_saved_tells_where_from(tmp_path: Path) -> None:
    text = "The ferry runs again on Sunday, the harbor office said. " * 8
    (tmp_path / "saved.html").write_text(
        "<!DOCTYPE html>\n<!-- saved from url=(0036)https://harbor.example.org/2026/ferry -->\n"
        "<html><head><title>Ferry</title></head><body><article><h1>The ferry runs</h1>"
        f"<p>{text}</p><img src='/ferry.png' width='600' alt='The ferry'></article></body></html>"
    )
    (entry,) = gather("saved.html", folder=tmp_path).entries
    assert entry.url == "https://harbor.example.org/2026/ferry"
    assert dict(entry.provenance)["url"] == "the browser's note of where it was saved from"
    assert entry.image is not None
    assert entry.image.url == "https://harbor.example.org/ferry.png"


@pytest.mark.parametrize("known_by", ["address", "title"])
def test_of_several_articles_in_json_ld_the_pages_own_counts(known_by: str) -> None:
    url = "https://news.example.org/2026/bridge"
    own = {
        "@type": "NewsArticle",
        "headline": "A bridge for the harbor",
        "datePublished": "2026-02-02T10:00:00+01:00",
        "author": {"name": "Ada Quill"},
    }
    if known_by == "address":
        own |= {"url": url, "headline": "The bridge"}
    other = {
        "@type": "NewsArticle",
        "headline": "Another story",
        "datePublished": "2020-01-01",
        "url": "https://news.example.org/other",
    }
    text = "The council met for two hours about the bridge and the road to it. " * 6
    html = (
        "<html><head><title>A bridge for the harbor - News</title><script type="
        f"'application/ld+json'>{json.dumps({'@graph': [other, own]})}</script></head>"
        f"<body><article><h1>A bridge for the harbor</h1><p>{text}</p></article></body></html>"
    )
    (entry,) = gather(url, answers={url: answer(html.encode(), url=url)}).entries
    assert entry.published == datetime(2026, 2, 2, 9, tzinfo=UTC)
    assert entry.byline == "Ada Quill"


def test_a_page_of_countless_elements_is_read_to_a_bound() -> None:
    url = "https://news.example.org/a"
    text = "The council met for two hours about the bridge and the road to it. " * 6
    html = f"<html><body><article><h1>The bridge</h1><p>{text}</p>" + "<h1>x y z</h1>" * 300_000
    found = gather(url, answers={url: answer(html.encode(), url=url)})
    assert [entry.text[:20] for entry in found.entries] == ["The council met for "]
