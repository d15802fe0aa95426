"""The parts and headers of a mail that anybody may have sent, read in bounded time and memory.

Not by the `email` package: it takes gigabytes for 1 MB of encoded words, raises on some damaged
headers, and nests as deep as it is told to (Python 3.11 to 3.14).
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

LIMIT = 2**20
"""Bytes of a mail that are read. A report stands before the mail that it returns."""
_MOST_HEADERS = 400
_LONGEST = 4_000
"""Bytes of one header that are read; RFC 5322 lets a line have 998."""
_MOST_PARTS = 60
_DEEPEST = 4
_NAME = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")  # RFC 5322, 3.6.8
_PARAMETER = re.compile(r';\s*([\w-]{1,40})\s*=\s*("(?:[^"\\]|\\.)*+"|[^;\s]*+)')
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one block of headers: names in lower case, values on one line.

    `damaged`: a line of the block is no field and continues none.
    """

    fields: tuple[tuple[str, str], ...] = ()
    damaged: bool = False

    def all(self, name: str) -> tuple[str, ...]:
        """The values of every field called `name`."""
        return tuple(value for key, value in self.fields if key == name)

    def get(self, name: str) -> str:
        """The value of the first field called `name`; "" for none."""
        return next((value for key, value in self.fields if key == name), "")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail. `whole`: its end was seen, so that nothing of it can be missing."""

    headers: Headers
    body: bytes
    whole: bool = True

    @property
    def kind(self) -> str:
        """The content type, such as `text/plain`; that is also what stands for none."""
        found = self.headers.get("content-type").partition(";")[0].strip().lower()
        return found if "/" in found else "text/plain"

    def parameter(self, name: str) -> str:
        """A parameter of the content type, such as `boundary`; "" for none."""
        for key, raw in _PARAMETER.findall(self.headers.get("content-type")[:2_000]):
            if key.lower() == name:
                quoted = raw.startswith('"')
                return re.sub(r"\\(.)", r"\1", raw[1:-1]) if quoted else str(raw)
        return ""

    @property
    def content(self) -> bytes:
        """The body without its transfer encoding; as it stands where that is broken."""
        encoding = self.headers.get("content-transfer-encoding").strip().lower()
        if encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        if encoding == "base64":
            try:
                return binascii.a2b_base64(self.body).replace(b"\r\n", b"\n")
            except binascii.Error:
                return self.body
        return self.body

    @property
    def text(self) -> str:
        """The body as text: UTF-8, and what is not, as Latin-1, where ASCII stays ASCII."""
        data = self.content
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("latin-1")


def read_part(raw: bytes, *, whole: bool = True) -> Part:
    """A mail, or a part of one: headers up to the first empty line, then the body."""
    if raw.startswith((b"From ", b">From ")):  # a line of mbox, or of a spool
        raw = raw.partition(b"\n")[2]
    if raw.startswith(b"\n"):
        return Part(Headers(), raw[1:], whole)
    head, _, body = raw.partition(b"\n\n")
    return Part(read_headers(head), body, whole)


def read_mail(raw: bytes) -> Part:
    """The first `LIMIT` bytes of a mail, with lines that end in LF alone."""
    kept = raw[:LIMIT].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return read_part(kept.lstrip(b"\n"), whole=len(raw) <= LIMIT)


def read_headers(block: bytes) -> Headers:
    """The fields of a block of lines; the first 400 of them, 4,000 bytes of each."""
    fields: list[tuple[str, bytearray]] = []
    damaged = False
    for line in block.split(b"\n"):
        if line[:1] in {b" ", b"\t"}:
            if fields:
                room = _LONGEST - len(fields[-1][1])
                fields[-1][1].extend(b" " + line.strip()[: max(room, 0)] if room > 0 else b"")
            damaged |= not fields
            continue
        hit = _NAME.match(line)
        if hit is None:
            damaged |= bool(line.strip())
            continue
        if len(fields) >= _MOST_HEADERS:
            damaged = True
            break
        fields.append((hit[1].decode("ascii").lower(), bytearray(line[hit.end() :][:_LONGEST])))
    return Headers(tuple((name, _text(bytes(value))) for name, value in fields), damaged)


def leaves(part: Part) -> Iterator[Part]:
    """The parts that hold something, in order; what lies inside a returned mail is not entered."""
    stack = [(part, 0)]
    seen = 0
    while stack and seen < _MOST_PARTS:
        one, depth = stack.pop()
        seen += 1
        inner = _split(one) if one.kind.startswith("multipart/") and depth < _DEEPEST else ()
        if inner:
            stack += [(each, depth + 1) for each in reversed(inner)]
        else:
            yield one


def _split(part: Part) -> tuple[Part, ...]:
    """The parts of a multipart (RFC 2046, 5.1.1), without preamble and epilogue."""
    boundary = part.parameter("boundary")
    if not boundary or len(boundary) > 200:
        return ()
    found: list[Part] = []
    begin: int | None = None
    for start, end, last in _marks(part.body, b"--" + boundary.encode("utf-8", "replace")):
        if begin is not None:
            found.append(read_part(part.body[begin:start]))
        begin = end
        if last or len(found) >= _MOST_PARTS:
            return tuple(found)
    if begin is not None:
        found.append(read_part(part.body[begin:], whole=False))
    return tuple(found)


def _marks(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each boundary's line begins (with the newline before it) and ends; whether it closes.

    By `find`: a regular expression takes ten times as long over a long body.
    """
    at = body.find(mark)
    while at != -1:
        # Looked at within narrow bounds, or a line of nothing but marks would take hours.
        rest, newline, _ = body[at + len(mark) : at + len(mark) + 80].partition(b"\n")
        ends = bool(newline) or at + len(mark) + len(rest) == len(body)
        if ends and rest.rstrip() in {b"", b"--"} and (at == 0 or body[at - 1 : at] == b"\n"):
            yield max(at - 1, 0), at + len(mark) + len(rest) + 1, rest.startswith(b"--")
        at = body.find(mark, at + 1)


def _text(value: bytes) -> str:
    """A value as text without controls or hidden characters; bytes that are no UTF-8 replaced."""
    return _HIDDEN.sub(" ", value.decode("utf-8", "replace")).strip()
