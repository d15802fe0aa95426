"""What a picture's file holds beside the picture: found by its blocks, without decoding it.

A file that is `bare` may travel as it is. Whatever else it carries (where and when a photo was
taken, a comment, another file behind the picture's end) goes when the picture is encoded anew.
"""

from __future__ import annotations

from typing import NamedTuple

# ISO/IEC 10918-1, B.1.1.3, and the application segments that say how colors are meant.
_JPEG_SCAN, _JPEG_END = 0xDA, b"\xff\xd9"
_JPEG_APPLICATION = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_JPEG_FREE = frozenset({*range(0xE0, 0xF0), 0xFE})  # application segments and comments
# PNG (W3C), 11.2 and 11.3, without text, time and what programs add for themselves.
_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP acTL fcTL fdAT".split()
)


class Blocks(NamedTuple):
    """The frames that a file holds, and whether it holds nothing but them."""

    frames: int
    bare: bool


def blocks(data: bytes) -> Blocks | None:
    """What stands in a JPEG, PNG or GIF; None for another file, and for one that breaks off."""
    try:
        if data.startswith(b"\xff\xd8"):
            return Blocks(1, _jpeg_is_bare(data))
        if data.startswith(_PNG_START):
            return _png(data)
        if data.startswith((b"GIF87a", b"GIF89a")):
            return _gif(data)
    except IndexError:
        pass
    return None


def _jpeg_is_bare(data: bytes) -> bool:
    at = 2
    while data[at] == 0xFF and data[at + 1] != _JPEG_SCAN:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        start = _JPEG_APPLICATION.get(kind)
        if kind in _JPEG_FREE and not (start and data.startswith(start, at + 4)):
            return False
        at += 2 + max(2, length)
    if data[at : at + 2] != bytes((0xFF, _JPEG_SCAN)):
        return False
    # Between scans a table may hold these two bytes by chance: then it is encoded anew.
    return data.find(_JPEG_END, at) == len(data) - 2


def _png(data: bytes) -> Blocks:
    at, frames, bare, kind = len(_PNG_START), 1, True, b""
    while kind != b"IEND" and at < len(data):
        kind = data[at + 4 : at + 8]
        bare = bare and kind in _PNG_CHUNKS
        if kind == b"acTL":
            frames = int.from_bytes(data[at + 8 : at + 12])
        at += 12 + int.from_bytes(data[at : at + 4])
    return Blocks(frames, bare and kind == b"IEND" and at == len(data))


def _gif(data: bytes) -> Blocks:
    at = 13 + _gif_colors(data[10])
    frames, bare = 0, True
    while data[at] != 0x3B:
        if data[at] == 0x2C:  # a frame: its place and size, its colors, its pixels
            frames += 1
            at += 10 + _gif_colors(data[at + 9]) + 1
        elif data[at] == 0x21:  # an extension: 0xF9 times a frame, and a loop is an application's
            looping = data[at + 1] == 0xFF and data[at + 3 : at + 14] == b"NETSCAPE2.0"
            bare = bare and (data[at + 1] == 0xF9 or looping)
            at += 2
        else:
            return Blocks(frames, False)
        while data[at]:  # sub-blocks, up to the empty one
            at += 1 + data[at]
        at += 1
    return Blocks(frames, bare and at == len(data) - 1)


def _gif_colors(flags: int) -> int:
    """Bytes of the color table that these flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0
