"""The files of a published site: what each page says, the feed, the sitemap, the search's index."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as markup

from digest.errors import DocumentError
from digest.site import (
    ENTRIES,
    FRONT,
    Front,
    Home,
    PublicCorrection,
    PublicCredit,
    PublicIssue,
    PublicNotice,
    PublicPicture,
    PublicStory,
    issue_page,
    permanent_id,
    search_files,
    year_page,
)
from digest.site.public.words import words

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NASTY = "<script>alert(1)</script> & “ü” \u202e \x00\x0b\ufffe"
HOME = Home(
    name="Harbor & Weekly",
    tagline="Tides",
    web_url="https://harbor.example/news/",
    counts={"2026": 2},
)
STORY = PublicStory(
    headline="The ferry's <b>batteries</b>",
    url="https://news.example.org/ferry?a=1&b=2",
    source="Harbor Gazette",
    lead=True,
    kicker="Boats",
    facts=("By Ana Lima", "2 min read"),
    blurb="They last a day.",
    mark="†",
    note="Seen by us.",
    also=(PublicCredit(source="Quayside", url="https://quay.example/"),),
    picture=PublicPicture(url="media/ferry.png", alt="A ferry", width=600, height=300),
)
ISSUE = PublicIssue(
    slug="2026-W47",
    id="tag:harbor.example,2026-11-20:2026-W47",
    number=7,
    moment=NOON,
    day="Friday, November 20, 2026",
    subject="Ferries & tides",
    preheader="A library of seeds",
    intro=("Good morning.",),
    outro=("Until Friday.",),
    stories=(
        STORY,
        replace(STORY, headline="Tides", lead=False, section="Science", picture=None),
        PublicStory(headline="ميناء الصيد", section="Science", language="ar", direction="rtl"),
    ),
    notices=(PublicNotice(label="Sponsored", title="Rope", text=("Strong.",), after="Science"),),
    corrections=(
        PublicCorrection(
            moment=NOON + timedelta(days=2), day="Sunday", note="It is a day & a half."
        ),
    ),
)
PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head>\n<meta charset="utf-8">\n'
    '<link rel="canonical" href="https://old.example/"><meta property="og:title" content="a > b">\n'
    "<title>T</title><style>p > a { color: red }</style></head>\n"
    '<body class="x"><main><h1>Ferries</h1></main></body></html>\n'
)


def front(*issues: PublicIssue, home: Home = HOME) -> dict[str, bytes]:
    made = Front(
        home=home,
        newest=issues,
        dated=[(issue.slug, issue.updated) for issue in issues],
        versions=[("2026", "abc")],
        first="tag:harbor.example,2020-01-03:2020-W01",
    )
    return {file.path: file.data for make in FRONT for file in make(made)}


def said(element: Any) -> str:
    return "".join(element.itertext())


def many(count: int) -> list[PublicIssue]:
    return [
        replace(ISSUE, slug=f"2026-W{week:02d}", id=f"tag:x.example,2026-01-01:{week}", moment=NOON)
        for week in range(count, 0, -1)
    ]


def test_an_issues_page_keeps_the_themes_and_gains_ways() -> None:
    page = issue_page(PAGE, ISSUE, home=HOME, older="2026-W46", newer="")
    root = markup.document_fromstring(page)
    assert said(root.cssselect("main")[0]) == "Ferries"
    assert "p > a { color: red }" in page
    assert [e.get("href") for e in root.cssselect("link[rel=canonical]")] == [
        "https://harbor.example/news/2026-W47/"
    ]
    og = {e.get("property"): e.get("content") for e in root.cssselect("meta[property]")}
    assert og == {
        "og:type": "article",
        "og:site_name": "Harbor & Weekly",
        "og:title": "Ferries & tides",
        "og:description": "A library of seeds",
        "og:url": "https://harbor.example/news/2026-W47/",
        "og:image": "https://harbor.example/news/2026-W47/media/ferry.png",
        "og:image:alt": "A ferry",
        "article:published_time": "2026-11-20T12:00:00+00:00",
        "article:modified_time": "2026-11-22T12:00:00+00:00",
    }
    assert [a.get("href") for a in root.cssselect(".digest-ways a")] == [
        "../", "../2026-W46/", "../search/", "../feed.xml", "../2026-W46/",
    ]  # fmt: skip
    assert "It is a day & a half." in said(root.cssselect(".digest-corrections")[0])
    policy = root.cssselect("meta[http-equiv]")[0].get("content") or ""
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert page.index("charset") < page.index("Content-Security-Policy") < page.index("<style>")


@pytest.mark.parametrize("page", ["", "words", "<head></head>", "<body></body><head></head>"])
def test_a_page_without_head_and_body_is_refused(page: str) -> None:
    with pytest.raises(DocumentError, match="2026-W47 has no <head> and <body>"):
        issue_page(page, ISSUE, home=HOME, older="", newer="")


@pytest.mark.parametrize(
    "page",
    [
        "<HEAD><META CHARSET=utf-8></HEAD><BODY>x</BODY>",
        '<head data-x=">"></head><body data-x=">">x',
        "<head><!-- <body> --></head><body>x</body>",
    ],
)
def test_any_whole_page_gets_them(page: str) -> None:
    made = issue_page(page, ISSUE, home=HOME, older="2026-W46", newer="2026-W48")
    root = markup.document_fromstring(made)
    assert len(root.cssselect("body > .digest-site")) == 2
    assert len(root.cssselect("head link[rel=canonical]")) == 1


@pytest.mark.parametrize("field", ["subject", "preheader", "day"])
def test_nothing_of_an_issue_becomes_markup(field: str) -> None:
    named: dict[str, Any] = {field: NASTY}
    issue = replace(
        ISSUE,
        **named,
        stories=(replace(STORY, headline=NASTY, blurb=NASTY, source=NASTY, note=NASTY),),
        corrections=(replace(ISSUE.corrections[0], note=NASTY, story=NASTY),),
    )
    home = replace(HOME, name=NASTY, tagline=NASTY)
    pages = {
        **front(issue, home=home),
        "y": year_page(home, "2026", [issue]).data,
        "i": issue_page(PAGE, issue, home=home, older="", newer="").encode(),
    }
    for path, data in pages.items():
        if path.endswith((".js", ".css")):
            continue
        assert b"<script>alert" not in data, path
        assert b"\x00" not in data, path
        if path.endswith(".xml"):
            ET.fromstring(data.decode())
    scripts = markup.document_fromstring(pages["search/index.html"].decode()).cssselect("script")
    assert [e.get("src") for e in scripts] == ["../static/search.js"]
    assert all(e.text is None for e in scripts)


def test_the_feed_is_valid_and_whole() -> None:
    issues = many(ENTRIES + 5)
    data = front(*issues)["feed.xml"]
    feed = feedparser.parse(data)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title == "Harbor & Weekly"
    assert feed.feed.id == "tag:harbor.example,2020-01-03:2020-W01:feed"
    assert {link.rel: link.href for link in feed.feed.links} == {
        "alternate": "https://harbor.example/news/",
        "self": "https://harbor.example/news/feed.xml",
    }
    assert len(feed.entries) == ENTRIES
    entry = feed.entries[0]
    assert entry.link == "https://harbor.example/news/2026-W25/"
    assert (entry.published, entry.updated) == (
        "2026-11-20T12:00:00+00:00",
        "2026-11-22T12:00:00+00:00",
    )
    assert feed.feed.updated == entry.updated
    told = markup.fromstring(f"<div>{entry.content[0].value}</div>")
    text = said(told)
    for words_of in ("Good morning.", "They last a day.†", "Seen by us.",
                     "Also covered by Quayside",
                     "It is a day & a half.", "Rope", "Until Friday.", "ميناء الصيد"):  # fmt: skip
        assert words_of in text
    assert [e.get("src") for e in told.iter("img")] == [
        "https://harbor.example/news/2026-W25/media/ferry.png"
    ]
    root = ET.fromstring(data.decode())
    order = [child.tag.rpartition("}")[2] for child in root]
    assert order[:4] == ["id", "title", "subtitle", "updated"]
    assert len({e.id for e in feed.entries}) == ENTRIES


@settings(max_examples=25)
@given(st.text(max_size=40))
def test_any_words_make_a_feed_that_can_be_read(text: str) -> None:
    issue = replace(ISSUE, subject=text or "x", stories=(replace(STORY, blurb=text),))
    home = replace(HOME, name=text or "x")
    assert not feedparser.parse(front(issue, home=home)["feed.xml"]).bozo


def test_ids_come_of_what_is_frozen() -> None:
    day = date(2026, 11, 20)
    assert (
        permanent_id("Harbor.example", day, "2026-W47", else_of="x")
        == "tag:harbor.example,2026-11-20:2026-W47"
    )
    first = permanent_id("", day, "2026-W47", else_of="Harbor")
    assert first.startswith("urn:uuid:")
    assert first == permanent_id("", day, "2026-W47", else_of="Harbor")
    assert first != permanent_id("", day, "2026-W48", else_of="Harbor")


def test_the_sitemap_dates_every_page() -> None:
    root = ET.fromstring(front(*many(3))["sitemap.xml"].decode())
    rows = [(url[0].text, url[1].text) for url in root]
    at = "https://harbor.example/news/"
    assert [place for place, _ in rows] == [
        at, f"{at}stats/", f"{at}2026/", *(f"{at}2026-W0{week}/" for week in (3, 2, 1)),
    ]  # fmt: skip
    assert {when for _, when in rows} == {"2026-11-22T12:00:00+00:00"}


def test_the_latest_issue_has_an_address_of_its_own() -> None:
    root = markup.document_fromstring(front(ISSUE)["latest/index.html"].decode())
    assert root.cssselect("meta[http-equiv=refresh]")[0].get("content") == "0; url=../2026-W47/"
    canonical = root.cssselect("link[rel=canonical]")[0].get("href")
    assert canonical == "https://harbor.example/news/2026-W47/"
    assert root.cssselect("main a")[0].get("href") == "../2026-W47/"


@pytest.mark.parametrize(
    ("web_url", "root"),
    [("https://x.example/", "/"), ("https://x.example/news/", "/news/"), ("", "./")],
)
def test_the_page_of_what_is_not_there_is_shown_at_any_depth(web_url: str, root: str) -> None:
    page = front(ISSUE, home=replace(HOME, web_url=web_url))["404.html"].decode()
    links = [a.get("href") for a in markup.document_fromstring(page).cssselect("nav a")]
    assert links == [root, f"{root}latest/", f"{root}search/", f"{root}stats/", f"{root}feed.xml"]


def test_pages_speak_the_newsletters_language() -> None:
    home = replace(HOME, language="ar", direction="rtl")
    page = front(ISSUE, home=home)["search/index.html"].decode()
    root = markup.document_fromstring(page)
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    assert "البحث في الأرشيف" in page
    made = issue_page(PAGE, ISSUE, home=home, older="2026-W46", newer="2026-W48")
    assert "→\u00a0" in made or "→&nbsp;العدد السابق" in made


# --- The search. ---


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("The Ferry's batteries", ["the", "ferry", "s", "batteries"]),
        ("Café ÉCLAIR Ångström", ["cafe", "eclair", "angstrom"]),
        ("ΟΔΟΣ οδός", ["οδοσ", "οδοσ"]),
        ("港の市場", ["港の", "の市", "市場", "場"]),
        ("ガス", ["カス", "ス"]),
        ("No.5、港", ["no", "5", "港"]),
        ("x" * 60, ["x" * 40]),
        ("أخبار", ["اخبار"]),
        ("__proto__", ["proto"]),
        ("2 ½ ﬁve", ["2", "1", "2", "five"]),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


def index_of(issues: list[PublicIssue]) -> dict[str, object]:
    return {file.path: json.loads(file.data) for file in search_files("2026", issues)}


def test_the_index_holds_every_word_of_every_story() -> None:
    issues = many(9)
    files = index_of(issues)
    index = files["search/2026/index.json"]
    assert isinstance(index, dict)
    assert index["stories"] == 27
    rows = [row for at in range(3) for row in files[f"search/2026/s{at}.json"]]  # type: ignore[attr-defined]
    assert [row[0] for row in rows[:3]] == [story.headline for story in ISSUE.stories]
    assert rows[0][4:] == ["2026-W09", "Friday, November 20, 2026"]
    held: dict[str, str] = {}
    for at, first in enumerate(index["leaves"]):
        leaf = files[f"search/2026/w{at}.json"]
        assert isinstance(leaf, dict)
        assert next(iter(leaf)) == first
        held |= leaf
    assert list(held) == sorted(held)
    assert held["ferry"] == " ".join(["0!", *["3!"] * 8])
    assert held["quayside"].split()[:3] == ["0", "1", "2"]
    assert "ميناء" in held


def test_a_word_that_tells_nothing_apart_takes_no_room() -> None:
    held = index_of(many(40))["search/2026/w0.json"]
    assert isinstance(held, dict)
    assert held["a"] == "*"
