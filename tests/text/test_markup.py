"""Markup to plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.markup import (
    Block,
    clean_paragraphs,
    clean_text,
    html_to_paragraphs,
    links,
    read_markup,
    strip_markup,
)
from digest.text.titles import title_text


@pytest.mark.parametrize(
    ("html", "paragraphs"),
    [
        ("<p>One <b>bold</b> word</p><p>Two</p>", ("One bold word", "Two")),
        ("One<br>line<br><br>Two", ("One line", "Two")),
        ("plain &amp; simple\n\nsecond", ("plain & simple", "second")),
        ("<div>a<div>b</div>c</div>", ("a", "b", "c")),
        ("<ul><li>one<li>two</ul>", ("one", "two")),
        ("<h2>Head</h2><p>Body</p><figcaption>Cap</figcaption>", ("Body",)),
        ("a<script>x</script><style>y</style><!-- z -->b", ("ab",)),
        ("<p hidden>no</p><p style='display: none'>no</p><p>yes</p>", ("yes",)),
        ("<pre>only code</pre>", ("only code",)),
        ("<p>text</p><pre>code</pre>", ("text",)),
        ("<p>1 < 2 and 3 > 2</p>", ("1 < 2 and 3 > 2",)),
        ("<p>unclosed <b>bold <i>and", ("unclosed bold and",)),
        ("&lt;b&gt;", ("<b>",)),
        ("", ()),
    ],
)
def test_paragraphs(html: str, paragraphs: tuple[str, ...]) -> None:
    assert html_to_paragraphs(html) == paragraphs


def test_blocks_keep_their_kind_in_reading_order() -> None:
    html = (
        "<h2>Head</h2><p>Body</p><figure><img src='a.png' alt='A'><figcaption>Cap</figcaption>"
        "</figure><p class='wp-caption-text'>Old cap</p><div class='pullquote'><p>Pull</p></div>"
        "<aside><p>By the way</p></aside><ul><li>Item</li></ul>"
    )
    found = read_markup(html)
    assert found.blocks == (
        Block("heading", "Head"),
        Block("paragraph", "Body"),
        Block("caption", "Cap"),
        Block("caption", "Old cap"),
        Block("pullquote", "Pull"),
        Block("aside", "By the way"),
        Block("item", "Item"),
    )
    (picture,) = found.pictures
    assert (picture.src, picture.alt, picture.caption) == ("a.png", "A", "Cap")


@pytest.mark.parametrize(
    "inside",
    [
        "<div>On Thursday.</div><div>A. Mill / AFP</div>",
        "<p>On Thursday.</p><p>A. Mill / AFP</p>",
        "On Thursday.<span>A. Mill / AFP</span>",
        "<span>On Thursday.</span><span>A. Mill / AFP</span>",
        "On Thursday.<br><br>A. Mill / AFP",
    ],
)
def test_a_caption_and_its_credit_are_one_caption_with_a_space(inside: str) -> None:
    html = f"<figure><img src='a.png'><figcaption>{inside}</figcaption></figure><p>Body</p>"
    found = read_markup(html)
    assert found.blocks == (
        Block("caption", "On Thursday. A. Mill / AFP"),
        Block("paragraph", "Body"),
    )
    assert [p.caption for p in found.pictures] == ["On Thursday. A. Mill / AFP"]


@pytest.mark.parametrize(
    ("html", "sources"),
    [
        ("<img src=' a.png ' width='640px' height='x'>", [("a.png", 640, None)]),
        ("<img src='data:image/gif;base64,R0' data-src='b.png'>", [("b.png", None, None)]),
        ("<img src='data:image/gif;base64,R0'>", []),
        ("<img alt='none'>", []),
    ],
)
def test_pictures(html: str, sources: list[tuple[str, int | None, int | None]]) -> None:
    assert [(p.src, p.width, p.height) for p in read_markup(html).pictures] == sources


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("A <em>fine</em> day", "A fine day"),
        ("How <select> works", "How <select> works"),
        ("The <table>x</table> tag", "The x tag"),
        ("Line<br/>break", "Line break"),
        ("x<script>alert(1)</script>", "x"),
        ("x<iframe src=a>", "x"),
        ("Q&amp;amp;A", "Q&A"),
        ("1 < 2", "1 < 2"),
        ("a<!-- b -->c", "ac"),
    ],
)
def test_titles(raw: str, title: str) -> None:
    assert title_text(raw) == title


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\x1b[31mb\x1b[0m", "ab"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x9b1mb", "ab"),
        ("a\u202eb\u2066c", "abc"),
        ("a\u00a0 b\t\nc\u2028d", "a b c d"),
        ("e\u0301", "\u00e9"),
        ("so\u00adft\u200b\ufeff", "soft"),
        ("\u0645\u200c\u06cc", "\u0645\u200c\u06cc"),
        ("\x00\x07", ""),
    ],
)
def test_clean_text(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


def test_links_and_stripping() -> None:
    assert [href for href, _ in links("<a href='/a'>x</a><link rel='alternate' href='b'>")] == [
        "/a",
        "b",
    ]
    assert strip_markup("<h1>A</h1><p>b &amp; c</p>") == "A b & c"
    assert clean_paragraphs("a\r\nb\r\n\r\n\r\nc") == ("a b", "c")


@pytest.mark.parametrize(
    "tag", ["<div>", "<b>", "<p>", "<table><tr><td>", "<!--", "<", "&", "<a href='"]
)
def test_bombs_end(tag: str) -> None:
    read_markup(tag * 30_000)
    title_text(tag * 30_000)


@given(st.text(max_size=300))
def test_any_text_is_read_and_clean(html: str) -> None:
    for text in (*html_to_paragraphs(html), strip_markup(html), title_text(html), clean_text(html)):
        assert text == clean_text(text)
        assert "\x1b" not in text
