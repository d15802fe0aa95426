"""Display widths and wrapping, over every script that a headline comes in."""

from __future__ import annotations

import textwrap

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


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("港の朝は、早い", 8, ["港の朝", "は、早い"]),  # no line begins with a comma
        ("港の朝早。い", 8, ["港の朝", "早。い"]),
        ("港の朝早」い", 8, ["港の朝", "早」い"]),
        ("港の朝早）い", 8, ["港の朝", "早）い"]),
        ("港のサービー", 10, ["港のサー", "ビー"]),  # nor with a long-vowel mark
        ("港の朝ちょっと", 8, ["港の朝", "ちょっと"]),  # nor with small kana
        ("港の朝キャッチ", 8, ["港の朝", "キャッチ"]),
        ("港の人々", 6, ["港の", "人々"]),  # nor with the repetition mark
        ("港の朝「早い」", 8, ["港の朝", "「早い」"]),  # none ends with an opening bracket
        ("港の朝（早い）", 8, ["港の朝", "（早い）"]),
        ("港の朝早い海辺", 8, ["港の朝早", "い海辺"]),  # elsewhere it breaks where the line is full
        ("港の朝ｱｯﾌﾟ", 7, ["港の朝", "ｱｯﾌﾟ"]),  # half-width kana have the same rules
        (
            "港の。。。。",
            4,
            ["港", "の。", "。。", "。"],
        ),  # too long to keep together: it must break
        ("小港口的图书馆，开", 14, ["小港口的图书", "馆，开"]),
    ],
)
def test_kinsoku_by_line(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("ท่าเรือเล็ก", 4, ["ท่าเรื", "อเล็ก"]),  # Thai: between any two clusters
        ("각힣각힣", 4, ["각힣", "각힣"]),  # Hangul syllables
        ("\u1112\u1161\u11ab" * 3, 4, ["\u1112\u1161\u11ab" * 2, "\u1112\u1161\u11ab"]),  # jamo
        ("क्षत्रिय", 4, ["क्षत्रि", "य"]),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f👍🏽❤\ufe0f", 4, None),
        ("ဆိပ်ကမ်းငယ်", 4, ["ဆိပ်က", "မ်းငယ်"]),  # a visarga stays with its letter
        ("\u115f" * 5, 4, ["\u115f" * 2, "\u115f" * 2, "\u115f"]),  # one cluster, without end
        ("e\u0301\u0323" * 5, 4, ["e\u0301\u0323" * 4, "e\u0301\u0323"]),
    ],
)
def test_words_without_spaces_break_between_clusters(
    text: str, columns: int, lines: list[str] | None
) -> None:
    broken = wrap(text, columns)
    assert "".join(broken) == text
    assert all(0 <= wcswidth(line) <= columns for line in broken)
    assert lines is None or broken == lines
    if "\u115f" not in text:
        assert [c for line in broken for c in graphemes(line)] == list(graphemes(text))


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


@given(
    st.lists(st.text("aéß“”—.-(", min_size=1, max_size=20), max_size=40),
    st.integers(min_value=20, max_value=80),
)
def test_narrow_words_wrap_as_textwrap_does_it(words: list[str], columns: int) -> None:
    text = " ".join(words)
    assert wrap(text, columns) == textwrap.wrap(text, columns, break_on_hyphens=False)
    assert wrap(text, columns, "  ") == [f"  {line}" for line in wrap(text, columns - 2)]


@given(st.text("ab é", max_size=60), st.integers(min_value=2, max_value=40))
def test_narrow_text_is_cut_as_text_with_wide_letters_is(text: str, columns: int) -> None:
    # A letter of another script behind it, out of reach, takes the way of all other text.
    line = f"{text} {'x' * columns} x"
    assert cut_to_width(line, columns) == cut_to_width(f"{line}漢", columns)
