"""Reading the record of who left: every line counts, and what does not is named."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SendError
from digest.models import Failure
from digest.send import Keyring, Reference, Unsubscribed, read_record

KEYS = Keyring([("b", "a-new-key-of-more-than-32-characters")])
ANN = KEYS.reference("ann@example.org")
ROW = {
    "at": "2026-11-20T09:00:00+00:00",
    "key": "b",
    "reference": ANN.digest.hex(),
    "what": "unsubscribed",
    "how": "page",
}


def read(data: bytes) -> list[Unsubscribed | Failure]:
    return list(read_record(io.BytesIO(data), keyring=KEYS))


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    st.binary(min_size=16, max_size=16),
    st.sampled_from(["unsubscribed", "again"]),
    st.sampled_from(["one-click", "page"]),
)
def test_what_is_written_reads(at: datetime, digest: bytes, what: Any, how: Any) -> None:
    moment = at.replace(microsecond=0, tzinfo=UTC)
    event = Unsubscribed(at=moment, reference=Reference("b", digest), what=what, how=how, line=1)
    assert read(event.written()) == [event]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading_or_hide_the_next_line(data: bytes) -> None:
    rows = read(data + b"\n" + json.dumps(ROW).encode())
    last = rows[-1]
    assert isinstance(last, Unsubscribed)
    assert last.reference == ANN


@pytest.mark.parametrize(
    "change",
    [
        {"at": "yesterday"}, {"at": "2026-11-20T09:00:00"}, {"at": 5}, {"what": "left"},
        {"what": ["again"]}, {"how": "mail"}, {"how": {}}, {"reference": "00ff"},
        {"reference": "zz" * 16}, {"reference": None},
    ],
)  # fmt: skip
def test_a_line_that_is_none_is_named(change: dict[str, object]) -> None:
    good = json.dumps(ROW)
    told = read(f"{good}\n\n{json.dumps(ROW | change)}\n{good}\n".encode())
    assert isinstance(told[1], Failure)
    assert told[1].where == "standard input, line 3"
    assert [row.line for row in told if isinstance(row, Unsubscribed)] == [1, 4]


@pytest.mark.parametrize("line", ["[" * 4000, "{}", "5", "[]", '"x"', "x" * 100_000])
def test_a_strange_line_is_one_failure(line: str) -> None:
    told = read(f"{line}\n{json.dumps(ROW)}\n".encode())
    assert [type(row) for row in told] == [Failure, Unsubscribed]


def test_a_key_that_is_gone_is_named() -> None:
    (told,) = read(json.dumps(ROW | {"key": "a"}).encode())
    assert isinstance(told, Failure)
    assert "key 'a'" in told.what
    assert "DIGEST_SECRET" in told.what


def test_a_record_that_is_not_there_yet_holds_nobody(tmp_path: Path) -> None:
    assert list(read_record(tmp_path / "none.jsonl", keyring=KEYS)) == []


def test_a_record_that_cannot_be_read_stops_the_sending(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("")
    for place in (tmp_path, tmp_path / "pipe", tmp_path / "file" / "x"):
        with pytest.raises(SendError, match="unsubscribed"):
            list(read_record(place, keyring=KEYS))
