"""No bytes, however damaged, get an exception or a control character through the door."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect import Collected
from tests.collect.doubles import FIXTURES, gather

SAMPLES = [p.read_bytes() for p in sorted(FIXTURES.rglob("*.*")) if p.suffix != ".opml"]
URLS = (
    "https://x.example.org/feed.xml",
    "https://x.example.org/story",
    "https://x.example.org/a.md",
)


def is_clean(found: Collected) -> None:
    for entry in found.entries:
        words = [
            entry.title,
            entry.summary,
            entry.byline,
            entry.agency,
            entry.dateline,
            entry.source,
        ]
        words += [*entry.tags, *(part.text for part in entry.parts), *entry.text.split("\n\n")]
        for text in words:
            assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cs")], repr(text)
            assert unicodedata.is_normalized("NFC", text)
            assert text == " ".join(text.split())
        assert entry.title or "no-title" in entry.flags
        assert entry.url is None or entry.url.startswith(("http://", "https://"))
    assert len({entry.id for entry in found.entries}) == len(found.entries)


def read(data: bytes, url: str) -> Collected:
    found = gather(url, answers={url: data})
    assert not [f for f in found.failures if "a parser failed" in f.what]
    return found


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(URLS))
def test_any_bytes(data: bytes, url: str) -> None:
    is_clean(read(data, url))


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), max_size=5),
    st.sampled_from(URLS),
)
def test_damaged_documents(data: bytes, edits: list[tuple[float, int, bytes]], url: str) -> None:
    for where, size, insert in edits:
        at = int(where * len(data))
        data = data[:at] + insert + data[at + size :]
    is_clean(read(data, url))


@pytest.mark.parametrize(
    "data",
    [
        b"", b" \n", b"\x00" * 500, b"<", b"<?xml", b"{", b"[", b"---\n---\n", b"%PDF-1.7 x",
        b"<rss", b"<rss><channel>", b"<feed/>", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf",
        b"{" * 5000, b'{"items":' + b"[" * 5000, b"<a>" * 20000, b"<!--" * 20000,
        b"<![CDATA[" * 9000,
        b"<rss><channel>" + b"<item " * 9000, b"<!DOCTYPE x [" * 9000,
        b"<rss><channel><item><title>" + b"&amp;" * 9000 + b"</title></item></channel></rss>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("url", URLS)
def test_odd_documents(data: bytes, url: str) -> None:
    found = read(data, url)
    is_clean(found)
    assert len(found.sources) == 1


def test_real_feeds_lose_no_entry(bench_data: Path) -> None:
    """The 103 feeds hold 2,992 raw items; each comes through, and none of their dates is lost."""
    found = gather(str(bench_data / "feeds" / "real"))
    is_clean(found)
    assert not found.failures
    assert len(found.sources) == 103
    assert len(found.entries) == 2992
    # Five of these print a day of the year 1, the "not set" of some programs.
    assert sum("no-date" in e.flags for e in found.entries) <= 8


@pytest.mark.parametrize("kind", ["feed_rs", "feedjira", "fastfeedparser_it"])
def test_odd_and_old_feeds(bench_data: Path, kind: str) -> None:
    found = gather(str(bench_data / "feeds" / "fixtures" / kind))
    is_clean(found)
    for failure in found.failures:
        assert re.search("not a feed|malformed feed", failure.what), failure


def test_real_pages(bench_data: Path) -> None:
    folders = sorted((bench_data / "pages" / "readability").iterdir())[::6]
    assert len(folders) >= 8
    found = gather(*(str(folder / "source.html") for folder in folders))
    is_clean(found)
    assert len(found.entries) >= len(folders) - 2
    assert not [f for f in found.failures if "no article" not in f.what]


def test_lists_inside_lists_do_not_multiply_without_end(tmp_path: Path) -> None:
    for depth in range(4):
        inner = "missing.xml" if depth == 3 else f"r{depth + 1}.opml"
        lines = f'<outline type="link" text="x" url="{inner}"/>' * 40
        (tmp_path / f"r{depth}.opml").write_text(f"<opml><body>{lines}</body></opml>")
    found = gather("r0.opml", folder=tmp_path)
    assert len(found.failures) <= 5_001
    assert "more than 5,000 sources" in found.failures[-1].what


@pytest.mark.parametrize("name", ["pipe.opml", "pipe.xml", "zero.opml", "zero.xml"])
def test_a_pipe_or_a_device_is_refused_without_waiting(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.startswith("pipe"):
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    found = gather(name, folder=tmp_path)
    assert "no regular file" in found.failures[0].what


@pytest.mark.parametrize(
    "url", ["http://u:SECRET@feeds.example.org/f", "https://feeds.example.org/f?token=SECRET"]
)
def test_a_secret_in_a_sources_address_is_shown_nowhere(url: str) -> None:
    assert "SECRET" not in str(gather(url))


def test_a_picture_with_an_impossible_address_costs_the_picture_alone(tmp_path: Path) -> None:
    feed = (FIXTURES / "harbor.rss").read_text("utf-8")
    whole = gather("harbor.rss")
    broken = feed.replace("</item>", '<enclosure url="http://[x" type="image/png"/></item>', 1)
    (tmp_path / "harbor.rss").write_text(broken, "utf-8")
    found = gather("harbor.rss", folder=tmp_path)
    assert found.failures == ()
    assert len(found.entries) == len(whole.entries)


@pytest.mark.parametrize("place", ["http://[x", "~nobody-of-that-name/x", "a\0b"])
def test_what_is_no_place_is_named(place: str) -> None:
    found = gather(place)
    assert len(found.failures) == 1
    assert found.failures[0].hint
