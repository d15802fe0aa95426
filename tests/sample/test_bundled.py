"""The bundled newsroom is well-formed, big enough, of one week, and wholly invented."""

from __future__ import annotations

import io
import json
import re
import tomllib
from calendar import timegm
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import struct_time
from urllib.parse import urlsplit

import feedparser
import lxml.etree
import lxml.html
import pytest

from digest import sample
from digest.settings import read_settings

FOLDER = sample.folder()
FEEDS = sorted([*FOLDER.glob("*.rss"), *FOLDER.glob("*.atom")])
WRITTEN = sorted(p for p in FOLDER.iterdir() if p.is_file() and p.suffix != ".py")
PICTURES = sorted((FOLDER / "pictures").iterdir())
END = datetime(2026, 11, 20, 9, 0, tzinfo=sample.SAMPLE_NOW.tzinfo)
START = END - timedelta(days=7)

OUTSIDE = {
    "https://courier.example.org/2026/12/04/holiday-market-stalls": "in the future",
    "https://courier.example.org/2026/11/20/kittiwake-sea-trial": "after the cut-off",
    "https://courier.example.org/2026/11/13/lantern-parade-indoors": "before the window",
    "https://courier.example.org/tides/2026-12": "without a date",
    "https://wire.example.com/sallow/2026/11/20/speed-limit": "at the cut-off itself",
    "https://wire.example.com/sallow/2026/11/12/jobless-rate": "before the window",
    "https://gannethead.example.org/notes/plankton-friday": "after the cut-off",
}
"""The entries that are meant to lie outside the week."""


def moment(parsed: struct_time) -> datetime:
    return datetime.fromtimestamp(timegm(parsed), tz=UTC)


def items() -> dict[str, datetime | None]:
    """Every feed entry's URL and moment, read without this project's own code."""
    found: dict[str, datetime | None] = {}
    for path in FEEDS:
        for entry in feedparser.parse(path.read_bytes()).entries:
            when = entry.get("published_parsed")
            found[entry.link] = moment(when) if when else None
    for item in json.loads((FOLDER / "institute.json").read_text("utf-8"))["items"]:
        found[item["url"]] = datetime.fromisoformat(item["date_published"])
    return found


def outlines() -> list[lxml.etree._Element]:
    tree = lxml.etree.parse(FOLDER / "sources.opml")
    return [o for o in tree.iter("outline") if o.get("xmlUrl") or o.get("url")]


@pytest.mark.parametrize("path", [*FEEDS, FOLDER / "sources.opml"], ids=lambda p: p.name)
def test_every_xml_file_is_well_formed(path: Path) -> None:
    lxml.etree.fromstring(path.read_bytes())
    if path in FEEDS:
        parsed = feedparser.parse(path.read_bytes())
        assert not parsed.bozo, parsed.get("bozo_exception")
        assert all(entry.title and entry.link for entry in parsed.entries)


def test_the_list_names_every_source_once_and_each_in_a_section() -> None:
    places = [o.get("xmlUrl") or o.get("url") for o in outlines()]
    assert len(places) == len(set(places))
    assert len(places) >= 5
    others = {"sources.opml", "newsletter.env"}
    assert set(places) == {p.name for p in WRITTEN} - others
    for outline in outlines():
        parent = outline.getparent()
        assert parent is not None
        assert parent.get("text"), "its section"
        assert outline.get("text")


def test_it_is_big_enough_and_speaks_several_languages() -> None:
    assert len(items()) >= 40
    languages = {feedparser.parse(path.read_bytes()).feed.get("language") for path in FEEDS}
    assert {"ar", "ja"} <= languages


def test_all_entries_are_of_the_week_except_those_meant_not_to_be() -> None:
    found = items()
    assert set(OUTSIDE) <= set(found)
    for url, when in found.items():
        inside = when is not None and START <= when < END
        assert inside == (url not in OUTSIDE), (url, when)
    assert found["https://courier.example.org/tides/2026-12"] is None
    assert found["https://wire.example.com/sallow/2026/11/20/speed-limit"] == END
    assert found["https://gannethead.example.org/notes/open-day"] == START


def test_the_slug_is_the_week_of_the_cutoff_and_now_lies_just_behind_it() -> None:
    year, week, _ = END.isocalendar()
    assert f"{year}-W{week:02d}" == sample.SAMPLE_SLUG
    assert END < sample.SAMPLE_NOW < END + timedelta(hours=1)
    settings = read_settings(FOLDER / "newsletter.env", {})
    assert str(sample.SAMPLE_NOW.tzinfo) == settings.zone
    assert str(settings.cutoff) == "fri 09:00"


def test_the_settings_leave_nothing_out_that_a_bulk_email_needs() -> None:
    settings = read_settings(FOLDER / "newsletter.env", {})
    assert settings.sources == ("sources.opml",)
    for value in (
        settings.name, settings.tagline, settings.sender, settings.postal_address,
        settings.unsubscribe_url, settings.home_url, settings.intro, settings.outro,
    ):  # fmt: skip
        assert value
    assert (settings.leads, settings.teasers) == (2, 16)


def test_every_picture_is_used_and_every_one_used_is_there() -> None:
    used = {
        name
        for path in WRITTEN
        for name in re.findall(r"pictures/[\w.-]+", path.read_text("utf-8"))
    }
    assert used == {f"pictures/{path.name}" for path in PICTURES}


@pytest.mark.parametrize("path", PICTURES, ids=lambda p: p.name)
def test_a_picture_is_small_and_of_one_size(path: Path) -> None:
    from PIL import Image

    data = path.read_bytes()
    assert len(data) < 60_000
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        assert picture.size == (1200, 675)
        assert picture.format == {".jpg": "JPEG", ".png": "PNG"}[path.suffix]
        assert not picture.getexif(), "nothing of the machine that drew it"


def test_every_picture_of_a_feed_has_a_description() -> None:
    for path in WRITTEN:
        text = path.read_text("utf-8").replace('\\"', '"')
        for tag in re.findall(r"<img [^>]*>", text):
            assert re.search(r'alt="[^"]{20,}"', tag), tag


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: p.name)
def test_every_address_is_invented(path: Path) -> None:
    text = path.read_text("utf-8")
    formats = {"www.w3.org", "purl.org", "search.yahoo.com", "jsonfeed.org", "schema.org"}
    for url in re.findall(r"https?://[^\s\"'<>\\]+", text):
        host = urlsplit(url).hostname or ""
        assert host in formats or re.search(r"(^|\.)example\.(org|com)$", host), url
    for address in re.findall(r"[\w.+-]+@([\w.-]+\w)", text):
        assert re.search(r"(^|\.)example\.(org|com)$", address), address


def test_the_same_event_is_told_three_times_in_different_words() -> None:
    telling = [
        "https://courier.example.org/2026/11/17/ferry-barge-collision",
        "https://wire.example.com/sallow/2026/11/17/ferry-barge",
        "https://netloft.example.org/posts/aboard-the-kittiwake",
    ]
    words = [set(re.findall(r"[a-z]{4,}", body(url).lower())) for url in telling]
    for i, one in enumerate(words):
        assert {"kittiwake", "barge"} <= one
        for other in words[i + 1 :]:
            assert len(one & other) / len(one | other) < 0.35


def test_an_updated_copy_and_a_repeat_are_there() -> None:
    first = body("https://wire.example.com/sallow/2026/11/15/storm-hedda").split()
    update = body("https://courier.example.org/2026/11/16/storm-hedda-schools").split()
    runs = {tuple(first[i : i + 8]) for i in range(len(first) - 7)}
    again = {tuple(update[i : i + 8]) for i in range(len(update) - 7)}
    assert len(runs & again) / len(runs) > 0.4
    original = "https://courier.example.org/2026/11/14/fish-auction-clock"
    assert [u for u in items() if u.startswith(original + "?utm_source=")]


def test_the_saved_text_has_the_shape_of_a_page_saved_as_text() -> None:
    lines = (FOLDER / "lamp-room.txt").read_text("utf-8").split("\n")
    assert re.fullmatch(r"By\u00a0 [^/]+/[^\u00a0]+\u00a0", lines[2])
    assert lines[4].startswith("FILE – ")
    assert re.match(r"[A-Z ,]+ — ", lines[6])
    twins = [i for i, line in enumerate(lines) if "keepers' logbooks" in line]
    assert [lines[i + 1].replace("’", "'") for i in twins] == [lines[i] for i in twins]
    below = [line for line in lines[lines.index("Popular") + 1 :] if line]
    assert len(below) == 8
    assert all(line.startswith("By ") and line.endswith("...") for line in below[1::2])


def test_the_page_says_the_same_in_its_metadata_as_in_its_text() -> None:
    page = lxml.html.fromstring((FOLDER / "council-notes.html").read_bytes())
    data = json.loads(str(page.xpath("string(//script[@type='application/ld+json'])")))
    assert data["headline"] == page.xpath("string(//h1)")
    assert data["datePublished"] == page.xpath("string(//time/@datetime)")
    assert START <= datetime.fromisoformat(data["datePublished"]) < END


def test_the_package_data_is_inside_the_package() -> None:
    root = Path(__file__).parents[2]
    wheel = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    assert wheel["targets"]["wheel"]["packages"] == ["digest"]
    assert root / "digest" / "sample" == FOLDER


def body(url: str) -> str:
    """The text of one feed entry's full content."""
    for path in FEEDS:
        for entry in feedparser.parse(path.read_bytes()).entries:
            if entry.link == url:
                longest = max((content.value for content in entry.content), key=len)
                return " ".join(map(str, lxml.html.fromstring(longest).itertext()))
    raise AssertionError(url)
