"""Inflating under a bound."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.net.inflate import Coding, CodingError, CutError, TooLargeError, coding_of, inflate
from tests.servers import BOMB_BYTES, bomb


def packed(body: bytes, coding: str) -> bytes:
    if coding == "gzip":
        return gzip.compress(body, mtime=0)
    packer = zlib.compressobj(wbits=-15 if coding == "raw" else 15)
    return packer.compress(body) + packer.flush()


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


@given(st.binary(max_size=4000), st.integers(1, 64), st.sampled_from(["gzip", "zlib", "raw"]))
def test_bodies_survive_any_cutting_into_pieces(body: bytes, size: int, coding: str) -> None:
    sent = packed(body, coding)
    name: Coding = "gzip" if coding == "gzip" else "deflate"
    assert inflate(pieces(sent, size), name, max_bytes=10_000) == body


@given(st.binary(max_size=400), st.integers(1, 64), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_inflated_or_refused(sent: bytes, size: int, coding: Coding) -> None:
    try:
        body = inflate(pieces(sent, size), coding, max_bytes=1000)
    except (CodingError, CutError, TooLargeError):
        return
    assert len(body) <= 1000


@pytest.mark.parametrize("coding", ["gzip", "zlib", "raw"])
def test_every_cut_is_noticed(coding: str) -> None:
    sent = packed(b"The ferry runs again on Sunday.", coding)
    name: Coding = "gzip" if coding == "gzip" else "deflate"
    for end in range(1, len(sent)):
        with pytest.raises(CutError):
            inflate([sent[:end]], name, max_bytes=1000)


def test_nothing_sent_is_nothing() -> None:
    assert inflate([], "gzip", max_bytes=10) == b""


def test_the_bound_holds_as_sent_and_as_inflated() -> None:
    assert inflate([b"1234567890"], "", max_bytes=10) == b"1234567890"
    with pytest.raises(TooLargeError):
        inflate([b"12345", b"678901"], "", max_bytes=10)
    with pytest.raises(TooLargeError):
        inflate([packed(bytes(100_001), "gzip")], "gzip", max_bytes=100_000)


def test_the_bomb_of_these_tests_is_one() -> None:
    """Each block inflates to 1 MiB, and its last piece closes the stream rightly."""
    sent = list(bomb())
    assert sum(map(len, sent)) < 1_100_000
    short = zlib.decompressobj(31).decompress(b"".join(sent[:3]))
    assert len(short) * (len(sent) - 2) // 2 == BOMB_BYTES


@pytest.mark.parametrize("cap", [100_000, 2**20, 32 * 2**20])
def test_a_bomb_takes_64_kb_past_the_bound_at_most(cap: int) -> None:
    sent = list(pieces(b"".join(bomb()), 16 * 1024))
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            inflate(sent, "gzip", max_bytes=cap)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - cap <= 64 * 1024


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        (" GZIP ", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate", "deflate"),
        ("identity, gzip", "gzip"),
    ],
)
def test_codings_that_are_read(header: str, coding: str) -> None:
    assert coding_of(header) == coding


@pytest.mark.parametrize("header", ["br", "zstd", "gzip, gzip", "deflate, gzip", "utf-8", "\x1b"])
def test_codings_that_are_not(header: str) -> None:
    with pytest.raises(CodingError):
        coding_of(header)
