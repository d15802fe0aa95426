"""Pictures made fit to travel: upright, without metadata, no wider than shown, within a budget.

Bytes in, bytes out; the same bytes and the same Pillow give the same copy. What cannot be a copy
gives the reason, as a clause that begins with "it".
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from digest.render.picture_files import Blocks, blocks

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels
    from PIL.ImageFile import ImageFile

MAX_BYTES = 10 * 2**20
"""Of a file that is read at all."""
MAX_PIXELS = 40_000_000
"""More than a camera's 24 million; decoded they take 160 MB."""
MAX_FRAMES = 500
MAX_SCANS = 100
"""Of a progressive JPEG, which has about ten; each of them costs a pass over all its pixels."""
PICTURE_BYTES = 200_000
"""Of one copy."""
ISSUE_BYTES = 1_000_000
"""Of all copies of an issue together: a message of 1.4 MB, since base64 adds a third."""
HIGH = 4
"""Times its width a picture may be high before its width gives way."""
SLACK = 1.25
"""Up to so many times too large, a light picture stays as it is: encoding it anew costs more."""
UNSEEN = 0.02
"""Of a picture's shape may be wrong before it is cropped."""
_MAX_PROFILE = 2**20
_BROKEN = "it is no whole PNG, JPEG, GIF or WebP"
_FLAT_COLORS = 4096
"""A chart or a drawing has fewer, a photo many more."""


class Bounds(NamedTuple):
    """How wide a copy may be in pixels, and its width to height, 0 where it keeps its own."""

    width: int
    ratio: float = 0

    def cut(self, wide: int, high: int) -> tuple[int, int]:
        """The size of what is left of a picture that is cropped."""
        if not self.ratio or self.is_shaped(wide, high):
            return wide, high
        return min(wide, max(1, round(high * self.ratio))), min(
            high, max(1, round(wide / self.ratio))
        )

    def is_shaped(self, wide: int, high: int) -> bool:
        """Whether a picture has the shape already, within what nobody sees."""
        return not self.ratio or abs(wide / high / self.ratio - 1) < UNSEEN

    def share(self, wide: int, high: int) -> float:
        """What is left of the size of a picture, its shape kept."""
        return min(1.0, self.width / wide, HIGH * self.width / high)


class Step(NamedTuple):
    """How small a copy is made: its share of the full size, JPEG's quality, a PNG's colors."""

    share: float
    quality: int
    colors: int


STEPS = (
    Step(1.0, 82, 256), Step(1.0, 72, 128), Step(1.0, 62, 64), Step(0.75, 62, 64),
    Step(0.5, 62, 64),
)  # fmt: skip
"""In the order in which they are tried: first quality gives way, then size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A picture that may travel.

    `kind` is its extension, `bound` the width it may have, `step` the index in STEPS at which it
    was made; `still` says that only the first frame of a moving picture is left. Sizes are pixels.
    """

    data: bytes
    kind: str
    width: int
    height: int
    bound: int
    step: int = 0
    still: bool = False

    @property
    def name(self) -> str:
        """`media/<hash>.<kind>`."""
        return f"media/{sha256(self.data).hexdigest()[:16]}.{self.kind}"


def copied(data: bytes, *, width: int, ratio: float = 0) -> Copy | str:
    """A copy at most `width` pixels wide, HIGH times as high, and of PICTURE_BYTES; else why not.

    With a `ratio` of width to height it is cropped to that, around its middle. A file that is so
    already (see SLACK), upright and bare, stays byte for byte. WebP becomes JPEG or PNG, which
    Outlook shows.
    """
    found = blocks(data)
    if refused := _refused(data, found):
        return refused
    from PIL.Image import DecompressionBombError
    from PIL.Image import open as pixels_of

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is refused here anyway
            with pixels_of(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
                if (pixels := picture.width * picture.height) > MAX_PIXELS:
                    return _too_many(pixels)
                how = Bounds(width, ratio)
                return _as_it_is(picture, data, found, how) or _anew(picture, how)
    except DecompressionBombError:
        return _too_many()
    except Exception:
        # Pillow's decoders raise dozens of kinds of error on hostile bytes; all mean "no picture".
        return _BROKEN


def within(copies: Sequence[Copy], *, budget: int = ISSUE_BYTES) -> list[Copy | None]:
    """The copies, in reading order, made smaller until all are within `budget`.

    From the last to the first each goes one step down, then each another one; where that is not
    enough, the last ones are left out (None).
    """
    kept: list[Copy | None] = list(copies)
    total = sum(len(copy.data) for copy in copies)
    for step in range(1, len(STEPS)):
        for at in reversed(range(len(kept))):
            copy = kept[at]
            if total <= budget:
                return kept
            if copy is not None and copy.step < step:
                smaller = _lowered(copy, step)
                total += len(smaller.data) - len(copy.data)
                kept[at] = smaller
    for at in reversed(range(len(kept))):
        copy = kept[at]
        if total > budget and copy is not None:
            total -= len(copy.data)
            kept[at] = None
    return kept


def _refused(data: bytes, found: Blocks | None) -> str:
    """Why the file is not even opened, where its size, first bytes or blocks say so."""
    if len(data) > MAX_BYTES:
        size = len(data) / 2**20
        return f"it has {size:.1f} MB, and at most {MAX_BYTES // 2**20} MB are read"
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<"):
        svg = b"<svg" in head
        return "it is an SVG, which mail programs do not show" if svg else "it is no picture"
    if found and found.frames > MAX_FRAMES:
        return _too_moving(found.frames)
    if data.startswith(b"\xff\xd8") and (scans := data.count(b"\xff\xda")) > MAX_SCANS:
        return f"it has {scans:,} scans, and at most {MAX_SCANS} are read"
    # Pillow would count the frames of a broken one up to its end.
    return _BROKEN if found is None and data.startswith(b"GIF") else ""


def _too_many(pixels: int = 0) -> str:
    many = f"{pixels / 1e6:.0f} million" if pixels else "too many"
    return f"it has {many} pixels, and at most {MAX_PIXELS // 10**6} million are read"


def _too_moving(frames: int) -> str:
    return f"it has {frames:,} frames, and at most {MAX_FRAMES} are read"


def _as_it_is(picture: ImageFile, data: bytes, found: Blocks | None, how: Bounds) -> Copy | None:
    """The file itself, where nothing is to be done to it."""
    bound = SLACK * how.width
    fits = picture.width <= bound and picture.height <= HIGH * bound and len(data) <= PICTURE_BYTES
    fits = fits and how.is_shaped(picture.width, picture.height)
    # Print's four inks are shown by few mail programs.
    if not fits or picture.mode == "CMYK" or found is None or not found.bare:
        return None
    if found.frames * picture.width * picture.height > MAX_PIXELS:  # for readers' machines
        return None
    kind = {"PNG": "png", "JPEG": "jpg", "GIF": "gif"}[str(picture.format)]
    copy = Copy(data=data, kind=kind, width=picture.width, height=picture.height, bound=how.width)
    picture.load()  # raises where it breaks off
    return copy


def _anew(picture: ImageFile, how: Bounds) -> Copy | str:
    frames = 1 if picture.format in {"JPEG", "MPO"} else getattr(picture, "n_frames", 1)
    if frames > MAX_FRAMES:
        return _too_moving(frames)
    is_photo = picture.format in {"JPEG", "MPO"}
    image = _plain(picture, how)
    flat = not is_photo and image.getcolors(_FLAT_COLORS) is not None
    for step in range(len(STEPS)):
        copy = _encoded(image, step, width=how.width, flat=flat, still=frames > 1)
        if len(copy.data) <= PICTURE_BYTES:
            return copy
    return f"it has more than {PICTURE_BYTES // 1000} KB even when it is made small"


def _lowered(copy: Copy, step: int) -> Copy:
    """The copy made anew at `step`, where that is smaller."""
    from PIL.Image import open as pixels_of

    with pixels_of(io.BytesIO(copy.data), formats=("PNG", "JPEG", "GIF")) as picture:
        moves = copy.still or getattr(picture, "n_frames", 1) > 1
        image = _plain(picture, Bounds(copy.bound))
        flat = copy.kind != "jpg" and image.getcolors(_FLAT_COLORS) is not None
    smaller = _encoded(image, step, width=copy.bound, flat=flat, still=moves)
    return smaller if len(smaller.data) < len(copy.data) else replace(copy, step=step)


def _plain(picture: ImageFile, how: Bounds) -> Pixels:
    """Its first frame, upright, cropped, at most full size, as L, RGB or RGBA in sRGB; no more."""
    profile = picture.info.get("icc_profile", b"")
    # A JPEG is decoded at a half, a quarter or an eighth where that leaves more than is needed.
    wide, high = picture.size
    if how.ratio:  # it may still be turned, and then be cropped
        share = min(1.0, 2 * how.width / min(how.cut(wide, high)[0], how.cut(high, wide)[0]))
    else:
        share = min(1.0, 2 * how.share(wide, high))
    picture.draft(None, (int(picture.width * share), int(picture.height * share)))
    image = _upright(picture)
    if image.mode.startswith("I"):  # 16 bits of gray, of which convert() would clip the upper 8
        image = image.convert("I").point(lambda gray: gray * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() == (255, 255):
            image = image.convert("RGB")
    image = _in_srgb(image, profile)
    if image.mode not in {"L", "RGB", "RGBA"}:
        image = image.convert("L" if image.mode in {"1", "LA"} else "RGB")
    image.info = {}
    image = _cropped(image, how)
    return _sized(image, how.share(image.width, image.height))


def _upright(picture: ImageFile) -> Pixels:
    """As the camera was held. What is written beside that in the EXIF is not read, and may be bad.

    So it is not `ImageOps.exif_transpose`, which also writes the rest anew.
    """
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE, 6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }  # fmt: skip
    picture.load()
    try:
        turn = turns.get(picture.getexif().get(0x0112, 1))
    except Exception:  # hostile or damaged: the picture itself is well
        turn = None
    return picture.copy() if turn is None else picture.transpose(turn)


def _cropped(image: Pixels, how: Bounds) -> Pixels:
    wide, high = how.cut(image.width, image.height)
    if (wide, high) == image.size:
        return image
    left, top = (image.width - wide) // 2, (image.height - high) // 2
    return image.crop((left, top, left + wide, top + high))


def _sized(image: Pixels, share: float) -> Pixels:
    from PIL import Image as Pillow

    size = max(1, round(image.width * share)), max(1, round(image.height * share))
    if size == image.size:
        return image
    return image.resize(size, Pillow.Resampling.LANCZOS)


def _in_srgb(image: Pixels, profile: bytes) -> Pixels:
    """The colors as a screen without color management shows them; unchanged where unreadable."""
    if not profile or len(profile) > _MAX_PROFILE:
        return image
    from PIL import ImageCms

    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(meant).lower() and image.mode != "CMYK":
            return image
        if image.mode not in {"L", "RGB", "RGBA", "CMYK"}:
            image = image.convert("RGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, meant, srgb, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _encoded(image: Pixels, step: int, *, width: int, flat: bool, still: bool) -> Copy:
    how = STEPS[step]
    small = _sized(image, Bounds(round(width * how.share)).share(image.width, image.height))
    if small.mode == "RGBA":
        kind, data = "png", _png(small, how, step)
    else:
        kind, data = "jpg", _jpeg(small, how)
        if flat and len(png := _png(small, how, step)) <= len(data):
            kind, data = "png", png
    return Copy(
        data=data, kind=kind, width=small.width, height=small.height, bound=width, step=step,
        still=still,
    )  # fmt: skip


def _jpeg(image: Pixels, how: Step) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=how.quality, progressive=True, optimize=True)
    return out.getvalue()


def _png(image: Pixels, how: Step, step: int) -> bytes:
    """All its colors at first if they fit, else as many as the step allows."""
    from PIL import Image as Pillow

    out = io.BytesIO()
    if step == 0:
        image.save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= PICTURE_BYTES:
            return out.getvalue()
        out = io.BytesIO()
    octree = Pillow.Quantize.FASTOCTREE  # the one that knows transparency
    method = octree if image.mode == "RGBA" else Pillow.Quantize.MEDIANCUT
    few = image.quantize(how.colors, method=method, dither=Pillow.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()
