"""Bodies inflated under a bound: 1 MB of gzip can hold 1 GB, and none of it is made for nothing."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Literal

ACCEPTED = "gzip, deflate"
"""What we ask servers for. Brotli and zstd are not in the standard library of Python 3.11."""

Coding = Literal["", "gzip", "deflate"]

STEP = 1024
"""Bytes read, and made, at a time: small, so that a whole fetch that is refused as too large takes
less than 64 KB past its bound, of which 42 KB are zlib's own state. 32 MB cost 0.35 s of CPU."""

_BLOCKS = (2**16, 2**20)  # the first, the largest
_CODINGS: dict[str, Coding] = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


class TooLargeError(Exception):
    """More bytes than the bound, as sent or as inflated."""


class CutError(Exception):
    """The compressed stream ends before its end."""


class CodingError(Exception):
    """The bytes are not in the coding that the header names, or the coding is not one we read."""


def coding_of(header: str) -> Coding:
    """The coding that a Content-Encoding header names; "" for none.

    Raises CodingError for one that was not asked for, and for several on top of each other (each
    layer would multiply a bomb).
    """
    words = [w for w in (part.strip().lower() for part in header.split(",")) if w]
    words = [w for w in words if w != "identity"]
    if not words:
        return ""
    if len(words) > 1 or words[0] not in _CODINGS:
        raise CodingError
    return _CODINGS[words[0]]


def inflate(chunks: Iterable[bytes], coding: Coding, *, max_bytes: int) -> bytes:
    """The whole body, `max_bytes` at most, both as sent and inflated.

    Raises TooLargeError, CutError, CodingError.
    """
    kept = _Kept(max_bytes)
    sent = 0
    reader = _Inflater(coding) if coding else None
    for chunk in chunks:
        sent += len(chunk)
        if sent > max_bytes:
            raise TooLargeError
        for at in range(0, len(chunk), STEP):
            data = chunk[at : at + STEP]
            for piece in reader.pieces(data) if reader else (data,):
                kept.add(piece)
    if reader and sent and not reader.ended:
        raise CutError
    return kept.body()


class _Kept:
    """Bytes gathered in blocks that are together never larger than the bound."""

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes
        self._size = 0
        self._blocks: list[bytearray] = []
        self._free = 0  # at the end of the last block

    def add(self, piece: bytes) -> None:
        if len(piece) > self._left:
            raise TooLargeError
        at = 0
        while at < len(piece):
            if not self._free:
                self._free = min(max(_BLOCKS[0], self._size), _BLOCKS[1], self._left)
                self._blocks.append(bytearray(self._free))
            taken = min(self._free, len(piece) - at)
            start = len(self._blocks[-1]) - self._free
            self._blocks[-1][start : start + taken] = piece[at : at + taken]
            at += taken
            self._free -= taken
            self._left -= taken
            self._size += taken

    def body(self) -> bytes:
        if self._free:
            del self._blocks[-1][-self._free :]
        return b"".join(self._blocks)


class _Inflater:
    def __init__(self, coding: Coding) -> None:
        self._coding = coding
        self._stream: zlib._Decompress | None = None
        self._head = b""
        self.ended = False
        self._rubbish = False

    def pieces(self, data: bytes) -> Iterable[bytes]:
        """What `data` inflates to, in steps of at most `STEP`."""
        while data and not self._rubbish:
            if self._stream is None:
                self._head += data
                data = b""
                if len(self._head) < 2:
                    return
                if self.ended and self._head[:2] != b"\x1f\x8b":
                    # After a member comes another or padding, which gzip(1) ignores too.
                    self._rubbish = True
                    return
                self._stream = zlib.decompressobj(self._window())
                self.ended = False
                data, self._head = self._head, b""
            try:
                piece = self._stream.decompress(data, STEP)
            except zlib.error:
                raise CodingError from None
            if piece:
                yield piece
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data = self._stream.unused_data
                self.ended = True
                self._stream = None
                self._rubbish = self._coding == "deflate"

    def _window(self) -> int:
        """The `wbits` of zlib. "deflate" means zlib (RFC 9110), but some servers send it raw."""
        if self._coding == "gzip":
            return 16 + zlib.MAX_WBITS
        first, second = self._head[:2]
        wrapped = first & 0x0F == 8 and (first << 8 | second) % 31 == 0
        return zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS
