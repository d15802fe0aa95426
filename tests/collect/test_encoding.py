"""Bytes to text: marks, declarations and lies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.encoding import decode

WORDS = "Café “à la carte” – 5 €"
CYRILLIC = "Привет, это длинная строка текста на русском языке о погоде и о городе. " * 4


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        (WORDS.encode(), "", WORDS),
        (b"\xef\xbb\xbf" + WORDS.encode(), "", WORDS),
        (WORDS.encode("utf-16"), "", WORDS),
        (WORDS.encode("cp1252"), "", WORDS),
        (WORDS.encode("cp1252"), "utf-8", WORDS),
        (WORDS.encode(), "iso-8859-1", WORDS),
        (WORDS.encode("cp1252"), "iso-8859-1", WORDS),
        (CYRILLIC.encode("cp1251"), "windows-1251", CYRILLIC),
        (CYRILLIC.encode("cp1251"), "", CYRILLIC),
        (b'<?xml version="1.0" encoding="koi8-r"?>' + "Мир".encode("koi8-r"), "utf-8", "Мир"),
        (b'<meta charset="shift_jis">' + "日本".encode("cp932"), "", "日本"),
        (b"\x1b$BF|K\\\x1b(B", "iso-2022-jp", "日本"),
        (b'<?xml encoding="rot13"?>abc', "base64", "abc"),
        *((WORDS.encode("cp1252"), name, WORDS) for name in ("idna", "punycode", "undefined")),
        (WORDS.encode("cp1252") + b"\\x41", "unicode_escape", WORDS + "\\x41"),
        ("caf\u00e9 ".encode() * 20 + b"\xe9", "", "caf\u00e9 " * 20 + "\u00e9"),
    ],
)
def test_encodings(data: bytes, charset: str, text: str) -> None:
    assert decode(data, charset).endswith(text)


@given(st.binary(max_size=300), st.text(max_size=12))
def test_no_bytes_break_it(data: bytes, charset: str) -> None:
    assert isinstance(decode(data, charset), str)


@given(st.text(max_size=200))
def test_utf8_is_read_whatever_was_declared(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass").decode("utf-8", "ignore").encode()
    if not data.isascii() and not data.startswith((b"\xef\xbb\xbf", b"<\0", b"\0<")):
        assert decode(data, "iso-8859-15") == data.decode()
