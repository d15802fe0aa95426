"""What bounds a page whatever an issue holds: lines, texts, marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.archive import Row
from digest.models import Finding
from digest.site import Around, FoundRow, findings_page, page_of_line, raw_page, source_page
from digest.site.marked import PAGE_CHARACTERS, marked
from tests.review.test_app import words

ROW = Row(slug="2026-W47", name="Harbor Weekly", subject="Tides")
LIMIT = 100_000


def test_a_line_of_a_megabyte_comes_in_pages() -> None:
    text = "<p>\n" + "<&é漢" * 100_000 + "<b id=x>\nlast line\n"
    at = text.split("\n")[1].index("<b id=x>")
    page = page_of_line(text, 2, at)
    shown = source_page(ROW, text, around=Around(), line=2, column=at)
    assert words(shown, "#here") == ["<b id=x>"]
    assert f"Page {page} of " in shown
    for number in (1, 2, page):
        shown = source_page(ROW, text, around=Around(), number=number)
        assert len(shown.encode()) < LIMIT
    assert words(source_page(ROW, text, around=Around(), line=3), "#L3 code") == ["last line"]


@given(st.text(alphabet="a<\n", max_size=300), st.integers(-5, 400), st.integers(-5, 400))
def test_every_line_is_on_some_page(text: str, line: int, column: int) -> None:
    shown = source_page(ROW, text, around=Around(), line=max(0, line), column=column)
    lines = text.split("\n")
    count = len(lines) - (len(lines) > 1 and not lines[-1])
    assert len(words(shown, ".lines li")) == count


def test_many_short_lines_come_in_pages() -> None:
    raw = raw_page(ROW, b"x\r\n" * 30_000, around=Around(), line=29_999)
    assert len(raw.encode()) < LIMIT
    assert words(raw, "#L29999 code") == ["x"]


@given(
    st.text(alphabet="ab\n ", max_size=60),
    st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), max_size=4),
)
def test_marking_loses_no_character(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in marked(text, spans).pieces) == text


def test_marks_stand_where_the_spans_do() -> None:
    text = "First. Second. Third."
    found = [(p.text, p.number) for p in marked(text, [(0, 6), (15, 21)]).pieces]
    assert found == [("First.", 1), (" Second. ", 0), ("Third.", 2)]
    long = "word " * PAGE_CHARACTERS
    at = len(long) - 5
    told = marked(long, [(0, 4), (at, at + 4)])
    assert (told.pages, told.marks) == (5, (1, 5))
    last = marked(long, [(0, 4), (at, at + 4)], number=99)
    assert [(p.text, p.number, p.begins) for p in last.pieces if p.number] == [("word", 2, True)]


def test_findings_without_end_come_in_pages() -> None:
    rows = [
        FoundRow(
            finding=Finding(
                check="links", level="warning", where=f"email.html, lead 1: “{'x' * 9000}”",
                what="<script>" * 2000, why="y" * 9000, mend="z" * 9000, clients=("Outlook",) * 900,
            ),
            file="email.html", line=7, column=3, element="<a>", story="a&b=<c>",
        )
    ] * 300  # fmt: skip
    page = findings_page(ROW, rows, around=Around(), number=2)
    assert len(page.encode()) < LIMIT
    assert 'href="source?file=email.html&amp;line=7&amp;at=3#here"' in page
    assert 'href="story?id=a%26b%3D%3Cc%3E"' in page
    assert "<script>" not in page
    assert "Page 2 of 10" in page
