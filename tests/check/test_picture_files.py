"""Pictures that are broken, or heavier than what they show; and those that are well."""

from __future__ import annotations

from io import BytesIO
from random import Random

import pytest
from PIL import Image

from digest.models import Finding
from tests.check.good_issue import HTML, PICTURE, PNG, made

LEAD = "email.html, lead 1: “The pier opens on Saturday”"


def noise(width: int, height: int, kind: str = "JPEG", quality: int = 90) -> bytes:
    """A picture that does not compress, the same each time."""
    pixels = Random(1).randbytes(width * height * 3)
    file = BytesIO()
    Image.frombytes("RGB", (width, height), pixels).save(file, kind, quality=quality)
    return file.getvalue()


def found(data: bytes, html: str = HTML, **more: bytes) -> tuple[Finding, ...]:
    media = {PICTURE: data, **{f"media/{name}.jpg": value for name, value in more.items()}}
    return made(html=html, media=media, sent_picture=data).findings()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_broken_picture_is_an_error(kind: str) -> None:
    whole = noise(64, 64, kind)
    assert found(whole) == ()
    for broken in (whole[: len(whole) // 2], b"", b"<svg></svg>", b"\x89PNG\r\n\x1a\n" + bytes(90)):
        (one,) = found(broken)
        assert (one.check, one.level, one.where) == ("pictures", "error", LEAD)
        assert one.what == f"The picture {PICTURE} cannot be read."
        assert one.why
        assert one.mend


def test_a_bomb_is_not_decoded() -> None:
    file = BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    (one,) = found(file.getvalue())
    assert one.level == "error"


def test_a_heavy_picture() -> None:
    data = noise(640, 480, quality=95)
    assert len(data) > 200_000
    (one,) = found(data)
    assert (one.check, one.level, one.where) == ("pictures", "warning", LEAD)
    assert one.what == f"The picture {PICTURE} has {len(data):,} bytes; 200,000 are plenty."
    light = noise(640, 480, quality=40)
    assert len(light) < 200_000
    assert found(light) == ()


def test_pixels_that_no_screen_shows() -> None:
    data = noise(1300, 200, quality=60)
    assert 100_000 < len(data) < 200_000
    (one,) = found(data)
    assert one.what.endswith(
        "is 1,300 pixels wide and is shown 600 wide: 1,200 are enough for the sharpest screens."
    )
    assert found(noise(1200, 216, quality=60)) == ()
    assert found(noise(1300, 50, quality=60)) == ()  # few bytes: nothing is won


def test_all_pictures_together() -> None:
    one = noise(640, 480, quality=60)
    assert 100_000 < len(one) < 200_000
    names = "abcdefghi"
    more = "".join(f"<img src='media/{n}.jpg' alt='The pier' width=600>" for n in names)
    html = HTML.replace("<h2>Ashore", f"{more}{more}<h2>Ashore")
    weight = len(one) * (len(names) + 1)
    assert weight > 1_000_000
    everything = found(one, html, **dict.fromkeys(names, one))
    heavy = [f for f in everything if "together" in f.what]
    assert [(f.level, f.where) for f in heavy] == [("warning", "email.html")]
    assert f"{weight:,} bytes" in heavy[0].what
    few = html.replace(f"{more}{more}", more[: len(more) // 3])
    assert not [f for f in found(one, few, **dict.fromkeys("abc", one)) if "together" in f.what]


@pytest.mark.parametrize("width", ["", ' width="100%"', ' width="auto"', ' width="0"'])
def test_a_picture_without_a_width(width: str) -> None:
    html = HTML.replace(' width="600"', width)
    (one,) = found(PNG, html)
    assert (one.check, one.level, one.where) == ("pictures", "warning", LEAD)
    assert one.what == f"A picture has no width attribute: {PICTURE}"
    assert one.clients == ("Outlook",)


@pytest.mark.parametrize("width", ['"600"', "600", '"600px"'])
def test_a_picture_with_a_width(width: str) -> None:
    assert found(PNG, HTML.replace('"600"', width)) == ()
