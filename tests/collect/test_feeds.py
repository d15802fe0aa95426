"""RSS, RDF, Atom and JSON Feed: every field, and what is damaged or hostile."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

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


@pytest.mark.parametrize("date", ["Thursday", "0512", "12:30", "November 2026", "2 hours ago"])
def test_a_date_is_never_made_up(date: str) -> None:
    entry = item(f"<title>x</title><guid>0512</guid><pubDate>{date}</pubDate>")
    assert entry.published is None
    assert "no-date" in entry.flags


def test_a_date_that_names_no_day_gives_way_to_one_that_does() -> None:
    entry = item(
        "<title>x</title><pubDate>soon</pubDate>"
        "<updated xmlns='http://www.w3.org/2005/Atom'>2026-11-18T07:00:00Z</updated>"
    )
    assert entry.published == datetime(2026, 11, 18, 7, tzinfo=UTC)
    assert dict(entry.provenance)["published"] == "RSS updated"


def test_a_description_is_never_made_up() -> None:
    words = "A long sentence here. " * 20
    (entry,) = entries(
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title>"
        f"<content type='html'>&lt;p&gt;{words}&lt;/p&gt;</content></entry></feed>".encode()
    )
    assert entry.summary == ""
    assert entry.text.startswith("A long sentence here.")


def test_a_summary_is_never_copied_from_the_content() -> None:
    """feedparser 6.0.14 gives an entry's content as its summary too; we take none."""
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title><b>x</title>"
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


SPACES = (
    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/' "
    "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    "xmlns:atom='http://www.w3.org/2005/Atom' "
    "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'"
)


@pytest.mark.parametrize(
    ("inside", "field", "value", "where"),
    [
        ("<title>Tide</title>", "title", "Tide", "RSS title"),
        ("<dc:title>Tide</dc:title>", "title", "Tide", "RSS dc:title"),
        ("<title><i>High</i> tide</title>", "title", "High tide", "RSS title"),
        ("<description>Water.</description>", "summary", "Water.", "RSS description"),
        ("<description><p>Water.</p></description>", "summary", "Water.", "RSS description"),
        ("<itunes:summary>Water.</itunes:summary>", "summary", "Water.", "RSS itunes:summary"),
        ("<dc:description>Water.</dc:description>", "summary", "Water.", "RSS dc:description"),
        ("<link>https://e.example.org/1</link>", "url", "https://e.example.org/1", "RSS link"),
        ("<guid>https://e.example.org/1</guid>", "url", "https://e.example.org/1", "RSS guid"),
        ("<guid isPermaLink='false'>https://e.example.org/1</guid>", "url", None, None),
        ("<atom:link href='https://e.example.org/2'/>", "url", "https://e.example.org/2",
         "RSS atom:link"),
        ("<feedburner:origLink>https://e.example.org/3</feedburner:origLink>", "url",
         "https://e.example.org/3", "RSS feedburner:origLink"),
        ("<author>post@example.org (Ada Quill)</author>", "byline", "Ada Quill", "RSS author"),
        ("<dc:creator>Ada Quill</dc:creator><dc:creator>Ben Oar</dc:creator>", "byline",
         "Ada Quill, Ben Oar", "RSS dc:creator"),
        ("<itunes:author>Ada Quill</itunes:author>", "byline", "Ada Quill", "RSS itunes:author"),
        ("<atom:author><atom:name>Ada Quill</atom:name></atom:author>", "byline",
         "Ada Quill", "RSS atom:author"),
        ("<author><email>a@example.org</email></author>", "byline", "", None),
        ("<category>Sea</category><dc:subject>Tides</dc:subject>", "tags", ("Sea", "Tides"),
         "RSS category"),
        ("<itunes:keywords>sea, tides</itunes:keywords>", "tags", ("sea", "tides"),
         "RSS itunes:keywords"),
        ("<pubDate>Wed, 18 Nov 2026 07:00:00 GMT</pubDate>", "published",
         datetime(2026, 11, 18, 7, tzinfo=UTC), "RSS pubDate"),
        ("<dc:date>2026-11-18T08:00:00+01:00</dc:date>", "published",
         datetime(2026, 11, 18, 7, tzinfo=UTC), "RSS dc:date"),
        ("<dc:language>fr</dc:language>", "language", "fr", "the item's language"),
    ],
)  # fmt: skip
def test_which_element_gives_which_field(
    inside: str, field: str, value: object, where: str | None
) -> None:
    feed = f"<rss version='2.0' {SPACES}><channel><item>{inside}</item></channel></rss>"
    (entry,) = entries(feed.encode())
    assert getattr(entry, field) == value
    assert dict(entry.provenance).get(field) == where


GROUP = "<media:group><media:content url='https://e.example.org/b.jpg' type='image/jpeg'/>"
MEDIUM = "<media:content url='https://e.example.org/a.png' medium='image'/>"


@pytest.mark.parametrize(
    ("inside", "url", "alt"),
    [
        (f"{MEDIUM}<media:description>A pier</media:description>", "a.png", "A pier"),
        (f"{GROUP}</media:group>", "b.jpg", ""),
        ("<enclosure url='https://e.example.org/c.jpg' type='image/jpeg'/>", "c.jpg", ""),
        ("<itunes:image href='https://e.example.org/d.png'/>", "d.png", ""),
        ("<description>&lt;img src='//e.example.org/e.png' alt='A net'&gt;</description>",
         "e.png", "A net"),
        ("<media:thumbnail url='https://e.example.org/f.png'/>", "f.png", ""),
    ],
)  # fmt: skip
def test_where_a_picture_is_found(inside: str, url: str, alt: str) -> None:
    feed = f"<rss version='2.0' {SPACES}><channel><item>{inside}</item></channel></rss>"
    (entry,) = entries(feed.encode())
    assert entry.image is not None
    assert (entry.image.url, entry.image.alt) == (f"https://e.example.org/{url}", alt)


def test_atom_words_in_base64_are_read_and_recordings_are_not() -> None:
    feed = (
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry>"
        "<title mode='base64'>SGlnaCB0aWRl</title><summary mode='base64'>V2F0ZXIu</summary></entry>"
        "<entry><title>x</title><content type='image/png'>iVBORw0KGgoAAAANSUhEUg==</content>"
        "</entry></feed>"
    )
    first, second = entries(feed.encode())
    assert (first.title, first.summary) == ("High tide", "Water.")
    assert (second.text, second.summary) == ("", "")


def test_an_atom_entry_without_an_author_has_its_feeds() -> None:
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><author><name>Ada Quill</name></author>"
        "<entry><title>x</title></entry>"
        "<entry><title>y</title><author><name>Ben Oar</name></author></entry></feed>"
    )
    first, second = entries(feed.encode())
    assert (first.byline, dict(first.provenance)["byline"]) == ("Ada Quill", "the feed's author")
    assert second.byline == "Ben Oar"


def test_entries_that_share_an_address_keep_their_ids_when_one_is_added() -> None:
    """Some feeds link every item to their home page."""

    def feed(*titles: str) -> bytes:
        items = "".join(
            f"<item><title>{t}</title><guid isPermaLink='false'>{t}</guid>"
            "<link>https://e.example.org/</link></item>"
            for t in titles
        )
        return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()

    before = {e.title: e.id for e in entries(feed("one", "two"))}
    after = {e.title: e.id for e in entries(feed("three", "one", "two"))}
    assert len(set(after.values())) == 3
    assert before.items() <= after.items()
