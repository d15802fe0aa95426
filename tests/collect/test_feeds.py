"""RSS, RDF, Atom and JSON Feed: every field, and what is damaged or hostile."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import fastfeedparser
import feedparser
import pytest

from digest.collect.raw_feed import MAX_DEPTH, MAX_ITEMS
from digest.models import Entry
from tests.collect.doubles import FIXTURES, gather

URL = "https://courier.example.org/feed.xml"
RSS = (FIXTURES / "harbor.rss").read_bytes()
ATOM = (FIXTURES / "lamp.atom").read_bytes()


def entries(feed: bytes) -> tuple[Entry, ...]:
    return gather(URL, answers={URL: feed}).entries


def item(inside: str) -> Entry:
    feed = f"<rss version='2.0'><channel><title>T</title><item>{inside}</item></channel></rss>"
    (entry,) = entries(feed.encode())
    return entry


def test_every_field_of_a_full_item() -> None:
    entry = entries(RSS)[0]
    assert entry.title == "Ferry & bridge: a new timetable"
    assert entry.url == "https://courier.example.org/2026/ferry?utm_source=rss"
    assert entry.text == (
        "The ferry between the two banks will run every twenty minutes from spring, "
        "the harbor board said.\n\nTwo boats were ordered last week."
    )
    assert entry.summary == "The ferry will run every twenty minutes from spring."
    assert not entry.cut
    assert entry.source == "Harbor Courier"
    assert entry.published == datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
    assert (entry.byline, entry.agency) == ("Ada Quill", "Coast News Agency")
    assert entry.dateline == "PORT ELM"
    assert entry.tags == ("Transport", "Harbor")
    assert entry.language == "en-GB"
    assert entry.image is not None
    assert entry.image.url == "https://courier.example.org/img/ferry.jpg"
    assert (entry.image.alt, entry.image.caption) == ("A white ferry", "The ferry at dusk.")
    assert [(p.kind, p.text) for p in entry.parts] == [
        ("caption", "The ferry at dusk."),
        ("dateline", "PORT ELM"),
        ("subhead", "More boats"),
        ("call-to-action", "Read more: the old timetable"),
        ("share", "Share on Facebook"),
        ("notice", "The post Ferry appeared first on Harbor Courier."),
    ]
    assert entry.flags == ()


def test_an_excerpt_is_the_summary_and_stays_cut() -> None:
    entry = entries(RSS)[1]
    assert entry.text == ""
    assert entry.summary == "The market moves to Friday because the square is being paved and […]"
    assert entry.cut
    assert entry.byline == "Ben Oar"
    assert entry.image is not None
    assert (entry.image.url, entry.image.width) == ("https://img.example.org/market.png", 800)


def test_what_is_missing_or_absurd_is_flagged_and_kept() -> None:
    _, _, bare, future, old = entries(RSS)
    assert bare.flags == ("no-title", "no-url", "no-id", "no-date")
    assert bare.title == "A note without a title, a link or a date."
    assert future.flags == ("future-date",)
    assert future.published == datetime(2027, 1, 1, tzinfo=UTC)
    assert old.flags == ("old-date",)
    assert [e.order for e in entries(RSS)] == [0, 1, 2, 3, 4]


def test_atom_with_xhtml_two_authors_and_relative_links() -> None:
    first, second = entries(ATOM)
    assert first.title == "Une petite lampe"
    assert first.url == "https://lamp.example.org/blog/lampe"
    assert first.text == "La lampe éclaire la rue.\n\nElle coûte peu."
    assert first.byline == "Inès Fanal, Luc Mèche"
    assert first.published == datetime(2026, 11, 16, 8, tzinfo=UTC), "no zone is UTC"
    assert (first.source, first.language) == ("Lamp & Wick", "fr")
    assert second.published == datetime(2026, 11, 17, 8, tzinfo=UTC), "updated stands in"
    assert (second.text, second.summary) == ("", "Une phrase de résumé.")


def test_rdf() -> None:
    feed = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b'<channel rdf:about="https://r.example.org/"><title>R</title></channel>'
        b'<item rdf:about="https://r.example.org/1"><title>One</title>'
        b"<link>https://r.example.org/1</link><dc:date>2026-11-12T10:00+01:00</dc:date>"
        b"<dc:creator>Eve Byte</dc:creator></item></rdf:RDF>"
    )
    (entry,) = entries(feed)
    assert entry.published == datetime(2026, 11, 12, 9, tzinfo=UTC)
    assert (entry.title, entry.byline, entry.source) == ("One", "Eve Byte", "R")


def test_json_feed() -> None:
    found = gather("reef.json")
    first, second = found.entries
    assert first.title == "Count <of> the crabs"
    assert first.text == "Divers counted 412 crabs.\n\nThey will count again in May."
    assert (first.summary, first.byline) == ("A count of crabs.", "Mo Tide")
    assert first.published == datetime(2026, 11, 15, 17, tzinfo=UTC)
    assert first.tags == ("sea", "counting")
    assert first.image is not None
    assert first.image.url == "https://reef.example.org/reef.png"
    assert (second.agency, second.text) == ("Coral Team", "Plain words.\n\nA second paragraph.")
    assert second.flags == ("no-url", "no-date")
    assert "1 of 3" in found.sources[0].note


@pytest.mark.parametrize("text", ['{"version": "https://jsonfeed.org/version/1"', '{"items": 3}'])
def test_json_that_cannot_be_read_is_a_failure(text: str) -> None:
    url = "https://reef.example.org/feed.json"
    found = gather(url, answers={url: text.encode()})
    assert not found.entries
    assert found.failures


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<title>A &lt;b&gt;bold&lt;/b&gt; one</title>", "A bold one"),
        ("<title>The &amp;lt;select&amp;gt; tag</title>", "The <select> tag"),
        ("<title><![CDATA[x<script>alert(1)</script>y]]></title>", "xy"),
        ("<title>Q&amp;amp;A &amp;#8211; now</title>", "Q&A – now"),
        ("<title>  two\n lines </title>", "two lines"),
        ("<title>red \x1b[31mink</title>", "red ink"),
    ],
)
def test_titles_are_cleaned_of_markup(inside: str, title: str) -> None:
    assert item(inside).title == title


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("/story", "https://courier.example.org/story"),
    ],
)
def test_only_web_links_pass(link: str, url: str | None) -> None:
    assert item(f"<title>x</title><link>{link}</link>").url == url


def test_a_date_is_never_made_up() -> None:
    """fastfeedparser 0.6.5 reads a numeric guid as a date of the running month; we do not."""
    faulty = fastfeedparser.parse(
        "<rss version='2.0'><channel><item><title>x</title><guid>0512</guid></item></channel></rss>"
    )
    assert "published" in faulty.entries[0], "the fault is gone: read its dates again"
    assert item("<title>x</title><guid>0512</guid>").published is None
    assert item("<title>x</title><pubDate>Thursday</pubDate>").published is None


def test_a_description_is_never_made_up() -> None:
    """fastfeedparser 0.6.5 makes up a description from the content; we take none."""
    content = (
        "<content type='html'>&lt;p&gt;" + "A long sentence here. " * 20 + "&lt;/p&gt;</content>"
    )
    feed = (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title>{content}</entry></feed>"
    )
    faulty = fastfeedparser.parse(feed)
    assert faulty.entries[0]["description"], "the fault is gone: trust its descriptions again"
    (entry,) = entries(feed.encode())
    assert entry.summary == ""
    assert entry.text.startswith("A long sentence here.")


def test_a_summary_is_never_copied_from_the_content() -> None:
    """feedparser 6.0.14 gives an entry's content as its summary too; we take none."""
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'>x</div></title>"
        "<content type='html'>&lt;p&gt;Words of the body.&lt;/p&gt;</content></entry></feed>"
    )
    faulty = feedparser.parse(io.BytesIO(feed.encode()))
    assert faulty.entries[0]["summary"], "the fault is gone: trust its summaries again"
    (entry,) = entries(feed.encode())
    assert (entry.text, entry.summary) == ("Words of the body.", "")


def declared(name: str) -> Callable[[bytes], bytes]:
    return lambda feed: re.sub(rb'encoding="[^"]+"', f'encoding="{name}"'.encode(), feed, count=1)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a raw ampersand": lambda f: f.replace(b"Market day", b"Market & day & AT&T", 1),
    "an entity of HTML": lambda f: f.replace(b"Market day", b"Caf&eacute;&nbsp;day", 1),
    "controls": lambda f: f.replace(b"Market day", b"Mar\x00ket\x0b day", 1),
    "a foreign byte": lambda f: f.replace(b"Market day", b"Caf\xe9 day", 1),
    "blank lines first": lambda f: b"\n\n " + f,
    "a warning first": lambda f: b"<br />\n<b>Warning</b>: include() in x.php\n" + f,
    "an unclosed tag": lambda f: f.replace(b"Market day", b"<b>Market day", 1),
    "junk at the end": lambda f: f + b"<!-- cached --><script>1</script>",
    "an undeclared prefix": lambda f: f.replace(b"</guid>", b"</guid><foo:bar>z</foo:bar>", 1),
    "declared Latin-1": declared("iso-8859-1"),
    "declared nonsense": declared("x-nothing"),
    "declared a codec that is none": declared("base64"),
    "UTF-16": lambda f: declared("utf-16")(f).decode().encode("utf-16"),
    "no declaration, cp1252": lambda f: f.split(b"?>", 1)[1].decode().encode("cp1252", "replace"),
    "a DTD": lambda f: f.replace(b"<rss", b'<!DOCTYPE rss [<!ENTITY x "y">]><rss', 1),
    "wrapped in a page": lambda f: b"<html><body>" + f.split(b"?>", 1)[1] + b"</body></html>",
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_costs_no_entry(name: str) -> None:
    assert len(entries(DAMAGE[name](RSS))) == 5


def test_a_feed_cut_short_gives_what_it_has() -> None:
    whole = RSS[: RSS.index(b"From the future")]
    assert len(entries(whole)) >= 3


def test_entities_from_outside_are_not_read() -> None:
    feed = (
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "boom">]>'
        b"<rss version='2.0'><channel><item><title>a &x; b</title>"
        b"<description>&y;</description></item></channel></rss>"
    )
    (entry,) = entries(feed)
    assert entry.title.startswith("a")
    assert "boom" not in entry.summary


def test_bombs_are_bounded() -> None:
    many = (
        b"<rss><channel>"
        + b"<item><title>x</title></item>" * (MAX_ITEMS + 50)
        + b"</channel></rss>"
    )
    found = gather(URL, answers={URL: many})
    assert len(found.entries) == MAX_ITEMS
    assert "only the first" in found.sources[0].note
    deep = b"<rss><channel><item><title>x</title>" + b"<a>" * (MAX_DEPTH * 3)
    found = gather(URL, answers={URL: deep})
    assert len(found.entries) <= 1


def test_prefixed_items_without_a_declaration_are_read() -> None:
    feed = (
        b"<rss><rss:channel><rss:title>P</rss:title><rss:item><rss:title>One</rss:title>"
        b"<rss:link>https://p.example.org/1</rss:link>"
        b"<rss:pubDate>Mon, 16 Nov 2026 10:00:00 GMT</rss:pubDate></rss:item></rss:channel></rss>"
    )
    (entry,) = entries(feed)
    assert (entry.title, entry.url) == ("One", "https://p.example.org/1")
    assert entry.published == datetime(2026, 11, 16, 10, tzinfo=UTC)
