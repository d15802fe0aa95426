"""Bytes to text: byte-order mark, valid UTF-8, declarations, HTTP, then a guess; never an error."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{2,40})"
    rb"|<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{2,40})",
    re.IGNORECASE,
)
# What the label says against what such documents hold (WHATWG Encoding Standard, "labels").
_REALLY = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "big5": "big5hkscs", "tis-620": "cp874", "utf-16": "utf-16-le",
}  # fmt: skip
_SEVEN_BIT = ("iso2022", "hz", "utf-7")
"""Encodings that look like ASCII, so that only a declaration tells."""
_NO_DOCUMENTS = ("punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined")
"""Encodings of Python that no document is in: some raise whatever is done, one takes the square."""
_PLAIN_LIMIT = 0.10
"""Share of high bytes under which an undeclared text is western, with a few accents."""

_SHORT = 200
"""Bytes under which a guess at another encoding is worse than none."""


def decode(data: bytes, charset: str = "") -> str:
    """`data` as text; `charset` is what HTTP said. A byte that fits nowhere becomes U+FFFD."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            return _mixed(rest) if name == "utf-8" else rest.decode(name, "replace")
    if data[:4] in (b"<\0?\0", b"\0<\0?"):
        return data.decode("utf-16-le" if data[0] else "utf-16-be", "replace")
    declared = _names(data, charset)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data, declared)
    if data.isascii() and declared and declared[0].replace("_", "").startswith(_SEVEN_BIT):
        return data.decode(declared[0], "replace")
    return text  # non-ASCII bytes are valid UTF-8 only on purpose, whatever was declared


def as_utf8(text: str, data: bytes) -> bytes:
    """`text`, which `decode` made of `data`, in UTF-8: `data` itself where that is what it is."""
    try:
        same = not data.startswith(codecs.BOM_UTF8) and data.decode("utf-8") == text
    except UnicodeDecodeError:
        same = False
    return data if same else text.encode("utf-8", "replace")


def _names(data: bytes, charset: str) -> list[str]:
    """The declared encodings that Python knows as text encodings, the document's own first."""
    hit = _DECLARED.search(data[:4096])
    said = [(hit[1] or hit[2]).decode("ascii") if hit else "", charset]
    known: list[str] = []
    for label in said:
        try:
            name = codecs.lookup(label.strip()).name if label.strip() else ""
            "".encode(name or "utf-8")  # refuses codecs that are no text encodings
        except (LookupError, ValueError):
            continue
        if name and name not in _NO_DOCUMENTS:
            known.append(_REALLY.get(name, name))
    return known


def _not_utf8(data: bytes, declared: list[str]) -> str:
    if _is_nearly_utf8(data):
        return _mixed(data)
    for name in declared:
        if name in ("utf-8", "utf-16-le", "utf-16-be", "utf-16"):
            continue  # declared, and not so
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            lost = data.decode(name, "replace")
            if lost.count("\ufffd") * 100 <= len(lost):
                return lost
    return _guess(data)


def _is_nearly_utf8(data: bytes) -> bool:
    """UTF-8 with a few foreign bytes, such as a feed that quotes a Latin-1 one."""
    wrong = data.decode("utf-8", "replace").count("\ufffd")
    right = len(re.findall(rb"[\xc3-\xf4][\x80-\xbf]+", data))
    return right > 3 * wrong


def _mixed(data: bytes) -> str:
    """UTF-8, each byte that is not read as Windows-1252."""
    return data.decode("utf-8", "digest-cp1252")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("digest-cp1252", _as_cp1252)


def _guess(data: bytes) -> str:
    high = sum(byte > 0x7F for byte in data[:65536])
    if len(data) >= _SHORT and high > _PLAIN_LIMIT * min(len(data), 65536):
        from charset_normalizer import from_bytes

        best = from_bytes(data[:65536]).best()
        if best is not None:
            return data.decode(best.encoding, "replace")
    return data.decode("cp1252", "replace")
