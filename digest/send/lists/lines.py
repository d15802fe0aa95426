"""A list as bytes → its lines as text, a block at a time: opened, hashed, decoded, bounded."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from digest.errors import SendError

BLOCK = 64 * 1024
"""Bytes that are read at once; more is no faster, and what they become takes ten times as much."""
LONGEST = 64 * 1024
"""Characters of the longest line; a longer one is cut, and ends with a NUL to be told by."""
# Files of other programs that people hand over instead of an export.
_FOREIGN = ((b"PK\x03\x04", "a spreadsheet"), (b"\xd0\xcf\x11\xe0", "a spreadsheet"),
            (b"%PDF", "a PDF"), (b"\x1f\x8b", "a compressed file"),
            (b"{\\rtf", "a text document"))  # fmt: skip
_EXPORT = "Export it as CSV, or write one address a line."
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"),
          (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_ESCAPED = "surrogateescape"


def open_source(path: Path, shown: str, *, limit: int | None = None) -> BinaryIO:
    """The bytes of a list file, to be closed by who asked.

    A pipe or a device is refused without waiting for it. Raises SendError, also where the file
    holds more than `limit` bytes.
    """
    try:
        # Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise SendError(
            f"{shown} is not there.",
            hint="Name the file of a list, or write one: one address a line will do.",
        ) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SendError(f"{shown} cannot be read: {why}.", hint="Check the path.") from None
    found = os.fstat(handle)
    problem = ""
    if not stat.S_ISREG(found.st_mode):
        problem = "is a folder" if stat.S_ISDIR(found.st_mode) else "is no regular file"
    elif limit is not None and found.st_size > limit:
        problem = f"is larger than {limit / 2**20:g} MB, more than is read"
    if problem:
        os.close(handle)
        hint = "Name a file of addresses that can be read; standard input is named by -."
        raise SendError(f"{shown} {problem}.", hint=hint)
    return os.fdopen(handle, "rb", buffering=0)


class Lines:
    """The lines of a list, a block at a time, whatever pieces its source gives them in.

    A line that is not in the list's encoding holds surrogates in place of the bytes that could
    not be read, and so fails alone. `sha256` and `encoding` are known when all has been read.
    """

    def __init__(self, source: BinaryIO, shown: str) -> None:
        self.encoding = ""
        """Empty as long as there is nothing but ASCII to tell by."""
        self._source = source
        self._shown = shown
        self._hash = hashlib.sha256()
        self._wide: codecs.IncrementalDecoder | None = None

    @property
    def sha256(self) -> str:
        """Of the bytes that were read so far, in hexadecimal."""
        return self._hash.hexdigest()

    def blocks(self) -> Iterator[str]:
        """Whole lines, each ended by a line feed. Raises SendError for a file of another kind."""
        rest = b""
        first = True
        while True:
            raw = self._block()
            if first:
                self._judge(raw)
                raw = raw.removeprefix(codecs.BOM_UTF8)
                first = False
            text = self._narrow(raw, final=not raw)
            rest += text
            if not raw:
                break
            cut = rest.rfind(b"\n") + 1
            if not cut:  # old Macs end lines with \r; one at the very end may belong to a \n
                cut = rest.rfind(b"\r", 0, -1) + 1
            if cut:
                yield self._lines(rest[:cut])
                rest = rest[cut:]
            elif len(rest) > 8 * LONGEST:  # no character takes more than four bytes
                rest = rest[: 8 * LONGEST] + (b"\r" if rest.endswith(b"\r") else b"")
        if rest:
            yield self._lines(rest)

    def _block(self) -> bytes:
        """The next BLOCK bytes, fewer only at the end: a pipe gives what it has."""
        parts: list[bytes] = []
        missing = BLOCK
        while missing:
            try:
                part = self._source.read(missing)
            except OSError as error:
                raise SendError(
                    f"{self._shown} cannot be read: {error.strerror or error}.",
                    hint="Check the file, then run this command again.",
                ) from None
            if not part:
                break
            parts.append(part)
            missing -= len(part)
        whole = b"".join(parts)
        self._hash.update(whole)
        return whole

    def _judge(self, head: bytes) -> None:
        """What the first bytes tell: a foreign file, a byte order mark, UTF-16 without one."""
        for magic, what in _FOREIGN:
            if head.startswith(magic):
                raise SendError(f"{self._shown} is {what}, not a text file.", hint=_EXPORT)
        self.encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "")
        if not self.encoding:
            # Without a mark, UTF-16 of mostly Latin letters has a NUL in every other byte.
            start = head[:2000]
            if start[1::2].count(0) > len(start) / 4:
                self.encoding = "utf-16-le"
            elif start[0::2].count(0) > len(start) / 4:
                self.encoding = "utf-16-be"
        if self.encoding.startswith(("utf-16", "utf-32")):
            self._wide = codecs.getincrementaldecoder(self.encoding)("replace")

    def _narrow(self, raw: bytes, *, final: bool) -> bytes:
        """UTF-16 as UTF-8, so that lines are found and fail in one way; other bytes as they are.

        What is not UTF-16 becomes a byte that is in no UTF-8 text.
        """
        if self._wide is None:
            return raw
        text = self._wide.decode(raw, final)
        return text.encode("utf-8").replace("\N{REPLACEMENT CHARACTER}".encode(), b"\xff")

    def _lines(self, raw: bytes) -> str:
        """The text of whole lines: they end as in a file, not at all that Unicode ends them by."""
        if b"\r" in raw:
            raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not self.encoding and not raw.isascii():
            self.encoding = _told(raw)
        if self.encoding == "cp1252" and not raw.isascii():
            text = "\n".join(map(_western, raw.split(b"\n")))
        else:
            text = raw.decode("utf-8", _ESCAPED)
        if not text.endswith("\n"):
            text += "\n"
        return _bounded(text)


def _bounded(text: str) -> str:
    """`text` with every line that is longer than LONGEST cut to it, and a NUL in place of the rest.

    Such a line has half of it at least without an end, from where a half begins.
    """
    half = LONGEST // 2
    if all("\n" in text[at : at + half] for at in range(0, len(text) - half, half)):
        return text
    lines = text.split("\n")
    return "\n".join(f"{x[:LONGEST]}\0" if len(x) > LONGEST else x for x in lines)


def _told(raw: bytes) -> str:
    """UTF-8 or Windows-1252, by most of the lines that are not ASCII; other bytes fail by line."""
    votes = 0
    for line in raw.split(b"\n"):
        if not line.isascii():
            votes += 1 if _is_utf8(line) else -1
    return "utf-8" if votes >= 0 else "cp1252"


def _western(line: bytes) -> str:
    """A line of Windows-1252. One in UTF-8 came from another file, and is not guessed at."""
    if not line.isascii() and _is_utf8(line):
        return line.decode("ascii", _ESCAPED)
    return line.decode("cp1252", _ESCAPED)


def _is_utf8(line: bytes) -> bool:
    with contextlib.suppress(UnicodeDecodeError):
        line.decode("utf-8")
        return True
    return False
