"""No bytes, however damaged, get an exception or a control character through the door."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect import Collected
from tests.collect.doubles import FIXTURES, gather

SAMPLES = [p.read_bytes() for p in sorted(FIXTURES.iterdir()) if p.suffix != ".opml"]
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
        assert entry.title
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
    assert sum("no-date" in e.flags for e in found.entries) <= 3


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
