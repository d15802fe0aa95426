"""What is made ready before an article is looked for, and what is mended after it was found."""

from __future__ import annotations

import pytest

from digest.collect.article import find_article, parse_page
from digest.collect.whole_paragraphs import whole
from digest.models import Entry
from digest.text.markup import Block
from tests.collect.doubles import answer, gather

URL = "https://news.example.org/a"


def line(n: int) -> str:
    return f"On day {n} the harbor office said that berth {n} would stay closed until the thaw."


def paragraphs(*numbers: int) -> str:
    return "".join(f"<p>{line(n)}</p>" for n in numbers)


def read(body: str, title: str = "The harbor freezes over") -> Entry:
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    found = gather(URL, answers={URL: answer(html.encode(), content_type="text/html", url=URL)})
    (entry,) = found.entries
    return entry


def test_a_body_in_several_containers_is_one() -> None:
    part = '<div class="grid article__body">{}</div><div class="ad">Advertisement</div>'
    entry = read(
        f"<article><h1>The harbor freezes over</h1>{part.format(paragraphs(1, 2, 3))}"
        f"{part.format(paragraphs(4, 5, 6))}{part.format(paragraphs(7, 8))}</article>"
    )
    assert entry.text.split("\n\n") == [line(n) for n in range(1, 9)]


def test_other_articles_below_are_left_out() -> None:
    others = "".join(
        f'<article class="post"><h2><a href="/{n}" rel="bookmark">Story {n} of the archive</a></h2>'
        f"<p>{line(n)}</p><p>{line(n + 50)}</p></article>"
        for n in range(20, 26)
    )
    entry = read(
        f"<article><h1>The harbor freezes over</h1>{paragraphs(1, 2, 3, 4)}</article>{others}"
    )
    assert entry.text.split("\n\n") == [line(n) for n in range(1, 5)]


def test_a_card_that_pops_up_over_a_name_is_no_part_of_the_sentence() -> None:
    card = (
        '<span class="rollover-people"><a href="/p">Ada Quill</a><span class="rollover-block">'
        '<img src="/a.jpg"><a href="/1">Quill sues the board</a> <a href="/2">Quill wins</a></span>'
        "</span>"
    )
    entry = read(
        f"<article><h1>The harbor freezes over</h1><p>The skipper {card} was not there, the harbor "
        f"office said on Monday.</p>{paragraphs(1, 2, 3)}</article>"
    )
    assert "Ada Quill was not there" in " ".join(entry.text.split())
    assert "sues" not in entry.text


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ("Monday, 2 November 2026, 08:15", "notice"),
        ("Tags: harbor, ice", "notice"),
        ("Get the news in your inbox. Subscribe to our newsletter.", "call-to-action"),
        ("Follow Ada on Twitter @adaquill for more.", "call-to-action"),
        ('<a href="/x">The winter of 1963 in eleven pictures</a>', "notice"),
    ],
)
def test_lines_that_are_no_text_are_typed_apart(extra: str, kind: str) -> None:
    entry = read(
        f"<article><h1>The harbor freezes over</h1>{paragraphs(1, 2, 3)}<p>{extra}</p></article>"
    )
    assert entry.text.split("\n\n") == [line(1), line(2), line(3)]
    assert [p.kind for p in entry.parts] in ([kind], [])


def test_where_trafilatura_finds_nothing_readability_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import trafilatura

    monkeypatch.setattr(trafilatura, "extract", lambda *_, **__: None)
    html = f"<html><body><div><h1>x</h1>{paragraphs(*range(8))}</div></body></html>"
    article = find_article(parse_page(html))
    assert article.found_by == "readability"
    assert [b.text for b in article.blocks if b.kind == "paragraph"] == [line(n) for n in range(8)]


def test_a_paragraph_that_was_cut_is_taken_whole() -> None:
    full = "Some traders found Wednesday's statement to be a bit gloomier than they had expected."
    root = parse_page(
        f"<html><body><p>{full}</p><p>One<br>Two and more words of it</p></body></html>"
    )
    cut = [
        Block("paragraph", "statement to be a bit gloomier than they had expected."),
        Block("paragraph", "Two and more words of it"),
    ]
    assert [b.text for b in whole(cut, root)] == [full, "Two and more words of it"]
