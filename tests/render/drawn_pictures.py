"""Pictures drawn for the tests: photos, drawings, and files that are made to do harm."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image as Pillow

Pixels = Pillow.Image


def photo(width: int, height: int, *, mode: str = "RGB", seed: int = 0) -> Pixels:
    """Soft shapes with grain, of as many colors as a camera's."""
    dice = np.random.default_rng(seed)
    bands = len(mode)
    rough = dice.integers(0, 256, (max(2, height // 40), max(2, width // 40), bands), "uint8")
    soft = Pillow.fromarray(rough).resize((width, height), Pillow.Resampling.BICUBIC)
    grain = np.asarray(soft).astype(int) + dice.integers(-6, 7, (height, width, bands))
    return Pillow.fromarray(grain.clip(0, 255).astype("uint8"))


def grain(width: int, height: int) -> Pixels:
    """Noise, of which no encoder makes little."""
    dice = np.random.default_rng(7)
    return Pillow.fromarray(dice.integers(0, 256, (height, width, 3), "uint8"))


def chart(width: int, height: int) -> Pixels:
    """A few flat colors."""
    picture = Pillow.new("RGB", (width, height), "#fdfaf2")
    for n, color in enumerate(("#8a1f1b", "#29506d", "#e0b04a")):
        picture.paste(color, (width * n // 3, height // (n + 2), width * (n + 1) // 3, height))
    return picture


def file(picture: Pixels, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def seen(data: bytes) -> Pixels:
    """The picture, read back whole."""
    with Pillow.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.copy()


def turned_photo() -> bytes:
    """A camera's photo lying on its side: left half red in the file; with place, maker and time."""
    picture = Pillow.new("RGB", (1600, 1200), "blue")
    picture.paste("red", (0, 0, 800, 1200))
    exif = Pillow.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn clockwise
    exif[0x010F] = "SECRETMAKER"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (48.0, 12.0, 30.0)
    comment = b"SECRETCOMMENT"
    return file(picture, "JPEG", quality=90, exif=exif, comment=comment)


def moving(frames: int, size: tuple[int, int] = (40, 30)) -> bytes:
    """A GIF of so many frames, each different."""
    many = [Pillow.new("P", size, n % 250) for n in range(frames)]
    for n, frame in enumerate(many):
        frame.putpalette([n % 256, 0, 0, 9, 99, 200] * 128)
    return file(many[0], "GIF", save_all=True, append_images=many[1:], loop=0)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """A gray PNG of so many pixels; chunks `before` and `after` its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = [packer.compress(bytes(width + 1)) for _ in range(min(height, 3000))]
    pixels = chunk(b"IDAT", b"".join(rows) + packer.flush())
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before + pixels + after + chunk(b"IEND", b"")
    )


def bomb(label: bytes, kind: bytes) -> bytes:
    """A chunk of 200 KB whose text inflates to 200 MB."""
    packer = zlib.compressobj(9)
    squeezed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    return chunk(kind, label + b"\0\0" + squeezed)


def many_scans() -> bytes:
    """A progressive JPEG whose last scan stands there a thousand times."""
    whole = file(photo(200, 100), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * 1000 + b"\xff\xd9"


def polyglot_gif() -> bytes:
    """Begins as a GIF, and is a script to who runs it."""
    return b"GIF89a/*" + bytes(40) + b"*/=1;alert(document.domain)//;"


HOSTILE = {
    "49 million pixels": (png(7000, 7000), "49 million pixels"),
    "900 million pixels": (png(30_000, 30_000), "too many pixels"),
    "a profile that inflates": (png(8, 8, before=bomb(b"p", b"iCCP")), "no whole PNG"),
    "a text that inflates": (png(8, 8, before=bomb(b"t", b"zTXt")), "no whole PNG"),
    "a text that inflates behind": (png(8, 8, after=bomb(b"t", b"zTXt")), "no whole PNG"),
    "thousands of frames": (moving(3000, (2, 2)), "3,000 frames"),
    "a thousand scans": (many_scans(), "scans"),
    "a JPEG that breaks off": (file(photo(400, 300), "JPEG")[:4000], "no whole PNG"),
    "a PNG that breaks off": (file(photo(400, 300), "PNG")[:4000], "no whole PNG"),
    "a GIF that breaks off": (moving(5)[:-30], "no whole PNG"),
    "a WebP that breaks off": (file(photo(400, 300), "WEBP")[:900], "no whole PNG"),
    "a script that begins as a GIF": (polyglot_gif(), "no whole PNG"),
    "an SVG": (b"<?xml version='1.0'?><!-- x --><svg onload='alert(1)'/>", "an SVG"),
    "a page": (b"\n<!doctype html><p>Not found</p>", "no picture"),
    "a BMP": (file(chart(20, 20), "BMP"), "no whole PNG"),
    "a TIFF": (file(chart(20, 20), "TIFF"), "no whole PNG"),
    "nothing": (b"", "no whole PNG"),
    "11 MB": (file(chart(20, 20), "PNG") + bytes(11 * 2**20), "11.0 MB"),
}
"""By what each is: the file, and a part of why it is refused."""
