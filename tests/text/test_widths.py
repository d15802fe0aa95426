"""Display widths and wrapping, over every script that a headline comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from digest.text.widths import cut_to_width, graphemes, width, wrap

JAPANESE = (
    "港の朝は早い。漁師たちは、まだ暗いうちに「おはよう」と声をかけ合い、"
    "ちょっとした世間話をしてから船を出す。（写真は昨年のもの。）"
)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("harbor", 6),
        ("港", 2),
        ("e\u0301", 1),
        ("👩‍👧", 2),
        ("🇵🇹", 2),
        ("مرحبا", 5),
        ("a\tb\x07c", 3),
        ("ｈａｒｂｏｒ", 12),
    ],
)
def test_width_counts_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_words_wrap_at_spaces() -> None:
    assert wrap("The boats left  before\nsix.", 12) == ["The boats", "left before", "six."]


def test_every_line_is_behind_the_indent() -> None:
    assert wrap("one two three", 9, "  ") == ["  one two", "  three"]


def test_nothing_gives_no_line() -> None:
    assert wrap(" \n\t ") == []


def test_a_long_url_stands_alone_and_whole() -> None:
    url = "https://example.org/" + "a" * 90
    lines = wrap(f"[12] {url} and more", 72, "  ")
    assert lines == ["  [12]", url, "  and more"]
    assert wrap(f"詳細は{url}。", 72) == ["詳細は", url, "。"]


def test_a_no_break_space_holds_words_together() -> None:
    assert wrap("page 12\u00a0of\u00a090", 10) == ["page", "12\u00a0of\u00a090"]


def test_japanese_fills_its_lines_and_keeps_kinsoku() -> None:
    lines = wrap(JAPANESE, 20)
    assert "".join(lines) == JAPANESE
    assert all(width(line) <= 20 for line in lines)
    assert all(width(line) >= 14 for line in lines[:-1])
    assert not [line for line in lines if line[0] in "、。」）ょっ" or line[-1] in "「（"]


def test_mixed_scripts_keep_their_spaces() -> None:
    assert wrap("日本の NHK は 24 時間", 72) == ["日本の NHK は 24 時間"]


def test_a_word_without_end_is_split_between_clusters() -> None:
    family = "👩‍👧" * 50
    lines = wrap(family, 9)
    assert "".join(lines) == family
    assert set(lines[:-1]) == {"👩‍👧" * 4}


@pytest.mark.parametrize(
    ("text", "columns", "cut"),
    [
        ("short", 10, "short"),
        ("The boats left before six", 12, "The boats…"),
        ("The boats left before six", 10, "The boats…"),
        ("Unbreakablelongword", 8, "Unbreak…"),
        ("港の朝は早い", 7, "港の朝…"),
        ("👩‍👧👩‍👧👩‍👧", 5, "👩‍👧👩‍👧…"),
        ("anything", 1, "…"),
    ],
)
def test_cut_to_width(text: str, columns: int, cut: str) -> None:
    assert cut_to_width(text, columns) == cut


ANY_TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(" \t\n日本語。「」ーっمرحباकषि्\u0301\u200d👩👧🇵🇹❤\ufe0f"),
    ),
    max_size=120,
)


@given(ANY_TEXT, st.integers(min_value=4, max_value=80))
def test_wrapped_lines_are_narrow_and_lose_nothing(text: str, columns: int) -> None:
    lines = wrap(text, columns, " ")
    for line in lines:
        assert 0 <= wcswidth(line) <= columns or "://" in line or "mailto:" in line
    assert _letters("".join(lines)) == _letters(text)


@given(st.text(st.sampled_from("a日कषि्é\u0301👩\u200d👧🇵🇹\ufe0f❤"), max_size=80))
def test_wrapping_never_splits_a_cluster(text: str) -> None:
    pieces = [cluster for line in wrap(text, 6) for cluster in graphemes(line)]
    assert pieces == list(graphemes(text))


@given(ANY_TEXT, st.integers(min_value=1, max_value=40))
def test_a_cut_line_fits(text: str, columns: int) -> None:
    assert width(cut_to_width(text, columns)) <= columns


def _letters(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and c.isprintable())
