"""Reading and writing the models."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.codec import from_json, from_rows, schema, to_json
from digest.errors import DocumentError
from digest.models import Entry, Image, Issue, Part

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
images = st.builds(Image, url=text, alt=text, caption=text)
entries = st.builds(
    Entry,
    id=text,
    title=text,
    text=text,
    parts=st.lists(st.builds(Part, kind=st.just("caption"), text=text), max_size=2).map(tuple),
    published=st.none() | st.datetimes(timezones=st.just(UTC)),
    image=st.none() | images,
    tags=st.lists(text, max_size=3).map(tuple),
)


@given(entries)
def test_what_is_written_reads_back_equal(entry: Entry) -> None:
    assert from_json(Entry, to_json(entry), where="x") == entry
    assert "\n" not in to_json(entry)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "x, line 2: the document"),
        ('{"title": "no id"}', "x, line 2: id"),
        ('{"id": "a", "title": 3}', "x, line 2: title"),
        ('{"id": "a", "title": "t", "published": "2026-11-20T09:00:00"}', "needs an offset"),
        ('{"id": "a", "title": "t", "image": {"alt": "no url"}}', "x, line 2: image.url"),
        ('{"id": "a", "title": "t", "parts": [{"kind": "hat", "text": ""}]}', "parts.0.kind"),
    ],
)
def test_a_bad_row_is_named_and_the_others_go_on(row: str, said: str) -> None:
    good = Entry(id="a", title="t")
    read = list(from_rows(Entry, [to_json(good), row, "", to_json(good)], where="x"))
    assert [number for number, _ in read] == [1, 2, 4]
    assert read[0][1] == read[2][1] == good
    assert isinstance(read[1][1], DocumentError)
    assert said in str(read[1][1])


def test_a_moment_keeps_its_offset() -> None:
    entry = Entry(id="a", title="t", published=datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert '"published": "2026-11-20T09:00:00Z"' in to_json(entry)


def test_the_schema_names_every_field() -> None:
    assert set(schema(Entry)["properties"]) >= {"id", "title", "text", "published"}
    assert schema(Issue)["required"]
