"""The miniature of an issue: small, and never more than its bounds."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import html as markup

from digest.archive import Row
from digest.site import issues_page
from digest.site.miniature import miniature

lengths = st.integers(min_value=0, max_value=10**7)


@given(st.lists(st.tuples(lengths, lengths), max_size=12), st.integers(0, 12), st.booleans())
def test_it_stays_small_and_inside_its_frame(
    lines: list[tuple[int, int]], leads: int, has_picture: bool
) -> None:
    picture = "../issues/2026-W47/media/0123456789abcdef.jpg" if has_picture else ""
    drawn = str(miniature(lines, leads=leads, picture=picture))
    assert len(drawn.encode()) < 1000
    assert drawn == str(miniature(lines, leads=leads, picture=picture))
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)(?!v)", drawn):
        assert int(x) + int(length) <= 60
        assert int(y) < 80
    (span,) = markup.fragments_fromstring(drawn)
    assert span.get("aria-hidden") == "true"
    assert [i.get("alt") for i in span.iter("img")] == ([""] if has_picture else [])


def test_longer_words_are_longer_bars() -> None:
    short, long = (str(miniature([(n, 0)], leads=0)) for n in (20, 50))
    assert [re.findall(r"M5 14h(\d+)", drawn) for drawn in (short, long)] == [["17"], ["42"]]


def test_a_picture_s_address_is_no_markup() -> None:
    row = Row(slug="2026-W47", picture='media/"><script>', subject="x", leads=1)
    page = issues_page([Row(slug="2026-W46", problem="<b>")], root="")
    assert "&lt;b&gt;" in page
    assert "<script" not in str(miniature(row.lines, leads=1, picture=row.picture))
