"""URLs: spellings that name one page, pairs that only look alike, and links fit to print."""

from __future__ import annotations

import importlib.util
import re
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.urls import canonical, host, safe_link, without_tracking

STORY = "https://www.example.org/2026/11/ferry-runs"

SAME = [
    # campaigns and clicks
    "https://www.example.org/2026/11/ferry-runs?utm_source=rss&utm_medium=feed",
    "https://www.example.org/2026/11/ferry-runs?UTM_Source=x&amp;utm_medium=y",
    "https://www.example.org/2026/11/ferry-runs?gclid=1&msclkid=2&mc_cid=3&_hsenc=4&igshid=5",
    "https://www.example.org/2026/11/ferry-runs?ns_campaign=rss&at_medium=RSS&hsa_acc=7",
    "https://www.example.org/2026/11/ferry-runs?source=rss----1a2b&ref=home",
    "https://www.example.org/2026/11/ferry-runs?partner=rss&emc=rss&smid=tw-share",
    "https://www.example.org/2026/11/ferry-runs?",
    "https://www.example.org/2026/11/ferry-runs?&",
    # fragments that are noise
    "https://www.example.org/2026/11/ferry-runs#",
    "https://www.example.org/2026/11/ferry-runs#comments",
    "https://www.example.org/2026/11/ferry-runs#respond",
    "https://www.example.org/2026/11/ferry-runs#:~:text=The%20ferry",
    "https://www.example.org/2026/11/ferry-runs#utm_source=rss",
    "https://www.example.org/2026/11/ferry-runs#xtor=RSS-1",
    "https://www.example.org/2026/11/ferry-runs#comments?utm_source=rss",
    # hosts
    "http://www.example.org/2026/11/ferry-runs",
    "https://example.org/2026/11/ferry-runs",
    "https://m.example.org/2026/11/ferry-runs",
    "https://mobile.example.org/2026/11/ferry-runs",
    "https://WWW.Example.ORG./2026/11/ferry-runs",
    "https://www.example.org:443/2026/11/ferry-runs",
    "http://www.example.org:80/2026/11/ferry-runs",
    "https://reader:secret@www.example.org/2026/11/ferry-runs",
    # paths
    "https://www.example.org/2026/11/ferry-runs/",
    "https://www.example.org//2026/11/./x/../ferry-runs",
    "https://www.example.org/2026/11/ferry%2Druns",
    "https://www.example.org/2026/11/ferry-runs/index.html",
    "https://www.example.org/2026/11/ferry-runs/Default.aspx",
    "https://www.example.org/2026/11/ferry-runs;jsessionid=0A1B",
    " https://www.example.org/2026/11/ferry-runs\n",
    # AMP
    "https://www.example.org/2026/11/ferry-runs/amp",
    "https://www.example.org/2026/11/ferry-runs/index.html/amp/",
    "https://www.example.org/amp/2026/11/ferry-runs",
    "https://amp.example.org/2026/11/ferry-runs",
    "https://www.example.org/2026/11/ferry-runs.amp",
    "https://www.example.org/2026/11/ferry-runs?amp",
    "https://www.example.org/2026/11/ferry-runs?outputType=amp",
    "https://www.google.com/amp/s/www.example.org/2026/11/ferry-runs",
    "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/2026/11/ferry-runs",
]

DIFFERENT = [
    ("https://example.org/?p=1", "https://example.org/?p=2"),
    ("https://example.org/a", "https://example.org/a?story=77"),
    ("https://example.org/watch?v=Ab", "https://example.org/watch?v=ab"),
    ("https://example.org/A", "https://example.org/a"),
    ("https://example.org/#episode-16", "https://example.org/#episode-17"),
    ("https://example.org/#!/a", "https://example.org/#!/b"),
    ("https://example.org/#/story?id=1", "https://example.org/#/story?id=2"),
    ("https://example.org/a#comment-1", "https://example.org/a#comment-2"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("https://example.org/a%3Fb", "https://example.org/a?b"),
    ("https://example.org/?a=1%262", "https://example.org/?a=1&2"),
    ("https://example.org:8080/", "https://example.org/"),
    ("https://news.example.org/", "https://sport.example.org/"),
    ("https://example.org/?ref=1", "https://example.org/?ref=2"),
    ("https://example.org/?source=ap", "https://example.org/?source=dpa"),
    ("https://example.org/?campaign_id=1", "https://example.org/?campaign_id=2"),
    ("https://example.org/index.php/a", "https://example.org/index.php/b"),
    ("https://example.org/amplifier", "https://example.org/"),
    ("https://m.org/", "https://www.org/"),
    ("https://straße.example.org/", "https://strasse.example.org/"),
    ("https://bücher.example.org/", "https://bucher.example.org/"),
    ("mailto:a@example.org", "mailto:b@example.org"),
    ("urn:uuid:1", "urn:uuid:2"),
]


@pytest.mark.parametrize("url", SAME)
def test_spellings_of_one_page_meet(url: str) -> None:
    assert canonical(url) == canonical(STORY) == "https://example.org/2026/11/ferry-runs"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/?b=2&a=1", "https://example.org/?a=1&b=2"),
        ("https://example.org/?q=a+b", "https://example.org/?q=a%20b"),
        ("https://example.org", "http://www.example.org/index.php"),
        ("https://bücher.example.org/ä", "https://xn--bcher-kva.example.org/%c3%a4"),
        ("https://en.m.example.co.uk/a", "https://en.example.co.uk/a"),
        ("https://example.org/a#part/", "https://example.org/a/#part"),
        ("https://[2001:DB8::1]:443/", "http://[2001:db8::1]"),
    ],
)
def test_more_spellings_meet(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_only_looks_alike_stays_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(
    st.text(max_size=50)
    | st.text("abAB/.%2Fc?&=#-:@[]é+;amp", max_size=40).map("http://x.".__add__)
)
def test_a_key_is_its_own_key_and_nothing_raises(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)
    assert host(text) == host(text).lower()


# Measured over the addresses of real feeds


@pytest.fixture(scope="session")
def variants(bench_data: Path) -> ModuleType:
    path = bench_data.parent / "measures" / "url_variants.py"
    spec = importlib.util.spec_from_file_location("url_variants", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def real_urls(bench_data: Path) -> list[str]:
    """Every fifth of the link addresses in the real feeds."""
    found: set[str] = set()
    for path in sorted((bench_data / "feeds" / "real").rglob("*")):
        if path.is_file():
            text = path.read_text("utf-8", "replace")
            found.update(re.findall(r"<link>\s*(?:<!\[CDATA\[)?\s*(https?://[^<\s\]]+)", text))
    assert len(found) > 1000
    return [unescape(url) for url in sorted(found)][::5]


def test_variants_of_real_urls_are_recognized(variants: ModuleType, real_urls: list[str]) -> None:
    pairs = [(url, change(url)) for url in real_urls for change in variants.SAME.values()]
    missed = [pair for pair in pairs if canonical(pair[0]) != canonical(pair[1])]
    assert len(missed) / len(pairs) < 0.001, missed


def test_real_urls_that_only_look_alike_stay_apart(
    variants: ModuleType, real_urls: list[str]
) -> None:
    pairs = [
        (one(url), other(url))
        for url in real_urls
        for one, other in variants.DIFFERENT.values()
        if one(url) != other(url)
    ]
    assert len(pairs) > 2000
    assert [pair for pair in pairs if canonical(pair[0]) == canonical(pair[1])] == []


# What a reader sees


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.org/a", "example.org"),
        ("HTTPS://News.Example.ORG:8080/", "news.example.org"),
        ("https://m.example.org/", "example.org"),
        ("https://en.m.example.org/", "en.example.org"),
        ("https://www.org/", "www.org"),
        ("https://user:secret@example.org/", "example.org"),
        ("https://bücher.example.org/", "bücher.example.org"),
        ("http://[2001:db8::1]:8080/", "[2001:db8::1]"),
        ("mailto:a@example.org", ""),
        ("https://", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_host(url: str, name: str) -> None:
    assert host(url) == name


# Links


@pytest.mark.parametrize(
    ("url", "base", "link"),
    [
        ("https://example.org/a?b=c#d", "", "https://example.org/a?b=c#d"),
        ("HTTP://Example.org", "", "http://example.org/"),
        ("/a", "https://example.org/x/y", "https://example.org/a"),
        ("../a?b", "https://example.org/x/y/z", "https://example.org/x/a?b"),
        ("#part", "https://example.org/a?b", "https://example.org/a?b#part"),
        ("//example.org/a", "", "https://example.org/a"),
        ("//example.org/a", "http://example.com/", "http://example.org/a"),
        ("https://example.org/a\n b", "", "https://example.org/a%20b"),
        ("\x00 https://exam\tple.org/", "", "https://example.org/"),
        ("https:\\\\example.org\\a", "", "https://example.org/a"),
        ("https://example.org\\@example.com/", "", "https://example.org/@example.com/"),
        (
            "https://bücher.example.org/ä?ö#ü",
            "",
            "https://xn--bcher-kva.example.org/%C3%A4?%C3%B6#%C3%BC",
        ),
        ("https://user:secret@example.org:8443/", "", "https://example.org:8443/"),
        ("https://example.org:443/", "", "https://example.org/"),
        ("http://example.org:443/", "", "http://example.org:443/"),
        ('https://example.org/"><script>', "", "https://example.org/%22%3E%3Cscript%3E"),
        ("https://example.org/\u202egpj.exe", "", "https://example.org/%E2%80%AEgpj.exe"),
        ("https://example.org/%zz%41", "", "https://example.org/%zz%41"),
        ("http://[2001:db8::1]/", "", "http://[2001:db8::1]/"),
        ("mailto:editor@example.org", "", "mailto:editor@example.org"),
        ("MAILTO:a@example.org?subject=a b", "", "mailto:a@example.org?subject=a%20b"),
    ],
)
def test_links_that_are_safe(url: str, base: str, link: str) -> None:
    assert safe_link(url, base) == link


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "javascript:alert(1)",
        "JaVa\nScRiPt:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "blob:https://example.org/1",
        "view-source:https://example.org/",
        "https://",
        "http:///example.org",
        "https:example.org",
        "https://exam ple.org/",
        "https://exa<mple.org/",
        "https://exa%0ample.org/",
        "http://[::1",
        "http://example.org:99999/",
        "https://example.org/" + "a" * 9000,
        "mailto:",
        "mailto:a",
        "mailto:a@example.org%0aBcc:b@example.org",
        "mailto:a@example.org?body=x%0D%0ABcc:b@example.org",
        "mailto:a@example.org,b@example.org",
    ],
)
def test_links_that_are_not(url: str) -> None:
    assert safe_link(url) is None
    assert safe_link(url, "file:///etc/") is None


@pytest.mark.parametrize("base", ["", "file:///etc/", "javascript:x", "http://[", "urn:x"])
def test_a_relative_link_needs_a_base(base: str) -> None:
    assert safe_link("a/b", base) is None


@given(st.text(max_size=60), st.sampled_from(["", "https://example.org/a/", "http://[", "x"]))
def test_whatever_is_linked_is_harmless(text: str, base: str) -> None:
    link = safe_link(text, base)
    if link is not None:
        assert re.fullmatch(r"(?:https?://|mailto:)[!-~]+", link)
        assert not set(link) & set('<>"\\^`{} ')
        assert safe_link(link) == link


# Without tracking


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://example.org/a?utm_source=x&id=1&fbclid=y#c", "https://example.org/a?id=1#c"),
        ("https://example.org/a?utm_source=x", "https://example.org/a"),
        ("https://example.org/a?utm_source=x#c", "https://example.org/a#c"),
        ("https://example.org/A?b=%2d&&c", "https://example.org/A?b=%2d&&c"),
        ("https://example.org/a?ref=x&source=rss", "https://example.org/a?ref=x&source=rss"),
        ("https://example.org/a#utm_source=x", "https://example.org/a#utm_source=x"),
        ("https://example.org/a?", "https://example.org/a?"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("", ""),
    ],
)
def test_without_tracking(url: str, clean: str) -> None:
    assert without_tracking(url) == clean
