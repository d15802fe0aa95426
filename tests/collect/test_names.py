"""Who is a person, who a house, and what a feed or a site is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.collect.bylines import Byline, parse_byline
from digest.collect.names import site_name
from tests.collect.doubles import gather


@pytest.mark.parametrize(
    ("raw", "name", "agency"),
    [
        ("By Analysis by Vera Stone, XNN-at-large", "Vera Stone", "XNN"),
        ("Analysis by Vera Stone, BBC Editor-at-large", "Vera Stone", "BBC"),
        ("Vera Stone před 2 hodinami", "Vera Stone", ""),
        ("Vera Stone, 3 hours ago", "Vera Stone", ""),
        ("Vera Stone il y a 5 minutes", "Vera Stone", ""),
        ("王小明 3小时前", "王小明", ""),
        ("VERA STONE March 11, 2015 3:46 PM", "VERA STONE", ""),
        ("By Vera Stone | 14 May 2024", "Vera Stone", ""),
        ("POSTHOUSE.COM | BY: VERA STONE", "VERA STONE", "POSTHOUSE.COM"),
        ("http://www.post.example.org", "", ""),
        ("Vera Stone, MA", "Vera Stone, MA", ""),
        ("Vera Stone, M.D., Ph.D.", "Vera Stone, M.D., Ph.D.", ""),
        ("Vera Stone, AP", "Vera Stone", "AP"),
        ("By Vera Stone, Valley Times business reporter", "Vera Stone", "Valley Times"),
        ("Organization for Quiet Works", "", "Organization for Quiet Works"),
        ("University of the Valley", "", "University of the Valley"),
        ("Von der Au", "Von der Au", ""),
        ("vera.d.stone", "vera.d.stone", ""),
    ],
)
def test_bylines(raw: str, name: str, agency: str) -> None:
    assert parse_byline(raw) == Byline(name, agency)


@pytest.mark.parametrize(
    ("raw", "url", "name"),
    [
        ("Races | Cars | Boats | Bikes", "", "Races"),
        ("Valley Post - All that moves, and why", "", "Valley Post"),
        ("Valley Hacks – the blog for valley people", "", "Valley Hacks"),
        ("Válley - World", "https://www.valley.example.org/rss", "Válley"),
        ("Valley Post – World", "https://valleypost.example.org/", "Valley Post"),
        ("post.example.org | Home of news", "", "post.example.org"),
        ("https://www.post.example.org", "", "post.example.org"),
        ("Tech – POST", "https://post.example.org/", "Tech – POST"),
        ("The Courier | All stories", "", "The Courier | All stories"),
        ("Wick &amp; Lamp", "", "Wick & Lamp"),
        ("", "https://post.example.org/", ""),
    ],
)
def test_slogans_go_and_names_stay(raw: str, url: str, name: str) -> None:
    assert site_name(raw, url) == name


def test_in_a_folder_that_a_list_names_feeds_keep_their_titles(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    item = "<item><title>One</title><link>https://one.example.org/</link></item>"
    (saved / "a.rss").write_text(
        f"<rss version='2.0'><channel><title>The Courier</title>{item}</channel></rss>"
    )
    (saved / "b.rss").write_text(f"<rss version='2.0'><channel>{item}</channel></rss>")
    (saved / "c.json").write_text(
        '{"version":"https://jsonfeed.org/version/1.1","title":"Valley Post",'
        '"items":[{"id":"1","title":"Two","url":"https://two.example.org/"}]}'
    )
    (saved / "d.md").write_text("# A note\n\nWith words.")
    (tmp_path / "list.opml").write_text(
        '<opml><body><outline type="link" text="Our folder" url="saved"/>'
        '<outline type="rss" text="My name" xmlUrl="saved/a.rss"/></body></opml>'
    )
    found = gather("list.opml", folder=tmp_path)
    assert [s.name for s in found.sources] == [
        "The Courier", "Our folder", "Valley Post", "Our folder", "My name"
    ]  # fmt: skip
    assert [e.source for e in found.entries] == [s.name for s in found.sources]


def test_an_author_that_is_the_publisher_is_no_person() -> None:
    feed = (
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>"
        "<title>Nights at the Mill!</title>"
        "<item><title>One</title><link>https://one.example.org/</link>"
        "<dc:creator>Nights at the Mill!</dc:creator></item></channel></rss>"
    )
    url = "https://mill.example.org/feed"
    (entry,) = gather(url, answers={url: feed.encode()}).entries
    assert (entry.byline, entry.agency) == ("", "Nights at the Mill!")


def test_an_item_of_nothing_but_a_date_comes_through_and_is_flagged() -> None:
    feed = (
        b"<rss version='2.0'><channel><title>Quiet</title><item><pubDate>Mon, 16 Nov 2026 08:00:00"
        b" GMT</pubDate></item><item><title>One</title></item></channel></rss>"
    )
    url = "https://mill.example.org/feed"
    found = gather(url, answers={url: feed})
    assert [e.title for e in found.entries] == ["", "One"]
    assert found.entries[0].flags == ("no-title", "no-url", "no-id")
    assert not found.sources[0].note
