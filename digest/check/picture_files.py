"""The files of an issue's pictures: whole, and no heavier than what they show needs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO

from digest.check.material import Material
from digest.check.page import Element
from digest.check.words import shown
from digest.models import Finding, Level

HEAVY = 200_000
"""Bytes of one picture: more takes seconds on a phone's slow network."""
ALL_HEAVY = 1_000_000
"""Bytes of all pictures of a mail."""
LIGHT = 100_000
"""Bytes below which a picture may have more pixels than any screen shows of it."""
DENSE = 2
"""Pixels of a picture for each that it takes, on screens that are sharp enough to show them."""
MAX_PIXELS = 64_000_000
"""Beyond this a picture is not decoded: its bytes could be few and its pixels fill the memory."""

_SHRINK = "Save it smaller, as a JPEG say, and give it anew: `digest edit {slug} image STORY FILE`."


def check(material: Material) -> tuple[Finding, ...]:
    """Errors for pictures that cannot be decoded, warnings for those that are too heavy."""
    images = [
        (img, (img.get("src") or "").strip())
        for img in material.html.elements("img")
        if not img.hidden
    ]
    found: dict[str, Finding] = {}
    for img, source in images:
        for finding in _unsized(material, img, source):
            found.setdefault(f"size of {source}", finding)
        if source in material.media:
            for number, finding in enumerate(_file(material, img, source)):
                found.setdefault(f"{number} of {source}", finding)
    weight = sum(
        len(material.media[source])
        for source in dict.fromkeys(source for _, source in images)
        if source in material.media
    )
    return (*found.values(), *_all(weight))


def _unsized(material: Material, img: Element, source: str) -> Iterator[Finding]:
    if _pixels(img.get("width")) is None:
        what = f"A picture has no width attribute: {shown(source, 100)}"
        why = "Outlook shows it as wide as its file is, and others move what follows as it loads."
        mend = "Give it a width in the theme's issue.mjml.j2 (<mj-image> does by itself)."
        yield _finding("warning", material.in_html(img), what, why, mend, "Outlook")


def _file(material: Material, img: Element, source: str) -> Iterator[Finding]:
    where, data = material.in_html(img), material.media[source]
    quoted, shrink = shown(source, 100), _SHRINK.format(slug=material.issue.slug)
    size = _size(data)
    if size is None:
        why = "Readers would see a broken picture, or a part of it."
        mend = f"Give it another: `digest edit {material.issue.slug} image STORY FILE`."
        yield _finding("error", where, f"The picture {quoted} cannot be read.", why, mend)
        return
    if len(data) > HEAVY:
        what = f"The picture {quoted} has {len(data):,} bytes; {HEAVY:,} are plenty."
        yield _finding("warning", where, what, "It is slow to load on a phone.", shrink)
    width = _pixels(img.get("width"))
    if width and size[0] > DENSE * width and len(data) > LIGHT:
        what = (
            f"The picture {quoted} is {size[0]:,} pixels wide and is shown {width:,} wide: "
            f"{DENSE * width:,} are enough for the sharpest screens."
        )
        yield _finding("warning", where, what, "What nobody can see is loaded all the same.",
                       shrink)  # fmt: skip


def _all(weight: int) -> Iterator[Finding]:
    if weight > ALL_HEAVY:
        what = f"The pictures have {weight:,} bytes together; {ALL_HEAVY:,} are plenty."
        why = "Some servers refuse large mails, and phones take long to load them."
        yield _finding("warning", "email.html", what, why, "Save the largest ones smaller.")


def _pixels(written: str | None) -> int | None:
    """The CSS pixels of a width attribute; None where it is missing, a share, or nothing."""
    text = (written or "").strip().removesuffix("px")
    return int(text[:6]) if text.isascii() and text.isdecimal() and int(text[:6]) else None


def _size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a picture that is whole; None for one that cannot be read."""
    from PIL.Image import open as decoded  # what it is given are bytes: no disk is touched

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is refused here anyway
            with decoded(BytesIO(data)) as picture:
                size = picture.size
                if size[0] * size[1] > MAX_PIXELS:
                    return None
                picture.draft("RGB", (64, 64))  # a JPEG is read whole, and decoded small
                picture.load()
                return size
    except Exception:
        # Pillow's decoders raise dozens of kinds of error on hostile bytes; all mean "no picture".
        return None


def _finding(level: Level, where: str, what: str, why: str, mend: str, *clients: str) -> Finding:
    return Finding(
        check="pictures", level=level, where=where, what=what, why=why, clients=clients, mend=mend
    )
