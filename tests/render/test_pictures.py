"""Pictures made fit to travel: what is kept, what is made anew and how, what is refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageChops, ImageCms, ImageOps, ImageStat

from digest.render import Copy, copied, within
from digest.render.pictures import ISSUE_BYTES, PICTURE_BYTES, STEPS
from tests.render.drawn_pictures import (
    HOSTILE,
    chart,
    chunk,
    file,
    grain,
    moving,
    photo,
    png,
    seen,
    turned_photo,
)

WIDTH = 1096


def copy_of(data: bytes, width: int = WIDTH) -> Copy:
    found = copied(data, width=width)
    assert isinstance(found, Copy), found
    picture = seen(found.data)
    assert (found.width, found.height) == picture.size
    assert len(found.data) <= PICTURE_BYTES
    return found


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (file(photo(1200, 675), "JPEG", quality=70), "jpg"),
        (file(chart(1096, 600), "PNG"), "png"),
        (file(chart(300, 200), "GIF"), "gif"),
        (moving(20), "gif"),
        (file(chart(300, 200).convert("RGBA"), "PNG"), "png"),
    ],
    ids=["photo", "chart", "gif", "moving", "transparent"],
)
def test_what_is_light_and_bare_stays_byte_for_byte(data: bytes, kind: str) -> None:
    copy = copy_of(data)
    assert (copy.data, copy.kind, copy.still) == (data, kind, False)
    assert copy.name.endswith(f".{kind}")


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (file(photo(2400, 1350), "JPEG", quality=90), "jpg", (1096, 616)),
        (file(photo(1400, 700), "JPEG", quality=60), "jpg", (1096, 548)),
        (file(photo(1000, 700), "JPEG", quality=98), "jpg", (1000, 700)),
        (file(photo(1300, 700), "PNG"), "jpg", (1096, 590)),
        (file(chart(3000, 1500), "PNG"), "png", (1096, 548)),
        (file(photo(800, 600), "WEBP"), "jpg", (800, 600)),
        (file(chart(800, 600), "WEBP", lossless=True), "png", (800, 600)),
        (file(photo(900, 500, mode="RGBA"), "PNG"), "png", (900, 500)),
        (file(photo(1000, 600).convert("CMYK"), "JPEG", quality=50), "jpg", (1000, 600)),
        (file(photo(200, 6000), "JPEG", quality=80), "jpg", (146, 4384)),
        (file(photo(1500, 900).convert("L"), "JPEG", quality=80), "jpg", (1096, 658)),
        (file(chart(1500, 900).convert("1", dither=Pillow.Dither.NONE), "PNG"), "png", (1096, 658)),
    ],
    ids=["large", "wide", "heavy", "png", "chart", "webp", "flat webp", "alpha", "cmyk", "high",
         "gray", "two colors"],
)  # fmt: skip
def test_what_is_too_large_or_of_another_kind_is_made_anew(
    data: bytes, kind: str, size: tuple[int, int]
) -> None:
    copy = copy_of(data)
    assert (copy.kind, (copy.width, copy.height)) == (kind, size)
    assert copy == copy_of(data)
    assert copy_of(copy.data).data == copy.data, "a copy of a copy is the copy"


def test_transparency_is_kept_and_an_opaque_alpha_is_not() -> None:
    clear = photo(1500, 800, mode="RGBA")
    clear.putalpha(Pillow.linear_gradient("L").resize(clear.size))
    alpha = seen(copy_of(file(clear, "PNG")).data).convert("RGBA").getchannel("A")
    low, high = alpha.getextrema()
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    assert low < 20
    assert high > 235
    opaque = photo(1500, 800)
    opaque.putalpha(255)
    assert copy_of(file(opaque, "PNG")).kind == "jpg"


def test_a_turned_photo_stands_upright_and_tells_neither_place_nor_maker() -> None:
    data = turned_photo()
    assert b"SECRETMAKER" in data
    copy = copy_of(data)
    picture = seen(copy.data).convert("RGB")
    assert picture.size == (1096, 1461)
    assert not picture.getexif()
    assert b"SECRET" not in copy.data
    above, below = picture.getpixel((500, 100)), picture.getpixel((500, 1300))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[0] > above[2] + 150, "red above"
    assert below[2] > below[0] + 150, "blue below"


SMALL = file(photo(300, 200), "JPEG", quality=60)


@pytest.mark.parametrize(
    "data",
    [
        file(photo(300, 200), "JPEG", comment=b"SECRET"),
        file(photo(300, 200), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0SECRET"),
        SMALL + b"PK\x03\x04SECRET",
        SMALL + b"SECRET\xff\xd9",
        png(30, 20, before=chunk(b"tEXt", b"Comment\0SECRET")),
        png(30, 20, after=chunk(b"tIME", b"SECRET!")),
        png(30, 20) + b"SECRET",
        moving(3) + b"SECRET;",
        file(chart(30, 20), "GIF", comment=b"SECRET"),
        file(photo(300, 200), "WEBP", exif=b"Exif\0\0SECRET"),
    ],
    ids=["comment", "exif", "zip behind", "jpeg behind", "text", "time", "behind png",
         "behind gif", "gif comment", "webp exif"],
)  # fmt: skip
def test_what_stands_beside_the_picture_never_travels(data: bytes) -> None:
    assert b"SECRET" in data
    assert b"SECRET" not in copy_of(data).data


@pytest.mark.parametrize("turn", range(1, 10))
def test_each_way_to_hold_a_camera_is_known(turn: int) -> None:
    """As Pillow itself turns them; 9 is none."""
    picture = photo(1400, 700)
    exif = Pillow.Exif()
    exif[0x0112] = turn
    data = file(picture, "JPEG", exif=exif)
    with Pillow.open(io.BytesIO(data)) as original:
        upright = ImageOps.exif_transpose(original)
    found = seen(copy_of(data).data)
    meant = upright.resize(found.size, Pillow.Resampling.LANCZOS)
    difference = ImageStat.Stat(ImageChops.difference(meant, found)).mean
    assert max(difference) < 6


def test_colors_are_those_that_the_profile_means() -> None:
    """Red and green are exchanged by a profile: encoded for all screens they are exchanged."""
    picture = Pillow.new("RGB", (1500, 600), (220, 30, 30))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = srgb.replace(b"rXYZ", b"tmp1", 1).replace(b"gXYZ", b"rXYZ", 1)
    exchanged = exchanged.replace(b"tmp1", b"gXYZ", 1).replace(b"s\0R\0G\0B", b"x\0x\0x\0x")
    copy = seen(copy_of(file(picture, "JPEG", icc_profile=exchanged, quality=95)).data)
    assert "icc_profile" not in copy.info
    shown = copy.convert("RGB").getpixel((9, 9))
    assert isinstance(shown, tuple)
    assert shown[1] > shown[0] + 100
    plain = seen(copy_of(file(picture, "JPEG", icc_profile=srgb, quality=95)).data)
    shown = plain.convert("RGB").getpixel((9, 9))
    assert isinstance(shown, tuple)
    assert shown[0] > shown[1] + 100


def test_a_profile_that_cannot_be_read_is_no_harm() -> None:
    data = file(photo(1500, 600), "JPEG", icc_profile=b"\0" * 500, quality=70)
    assert "icc_profile" not in seen(copy_of(data).data).info


def test_a_moving_picture_that_is_too_heavy_stands_still() -> None:
    many = [photo(500, 300, seed=n).quantize() for n in range(6)]
    data = file(many[0], "GIF", save_all=True, append_images=many[1:])
    assert len(data) > PICTURE_BYTES
    copy = copy_of(data)
    assert copy.still
    assert getattr(seen(copy.data), "n_frames", 1) == 1


def test_quality_gives_way_before_size() -> None:
    light, heavy = copy_of(file(photo(2000, 1000), "PNG")), copy_of(file(grain(1096, 900), "PNG"))
    assert (light.step, light.width) == (0, 1096)
    assert heavy.step >= 3
    assert heavy.width < 1096
    shares, qualities = [s.share for s in STEPS], [s.quality for s in STEPS]
    assert shares == sorted(shares, reverse=True)
    assert qualities == sorted(qualities, reverse=True)


def test_what_is_too_heavy_at_every_step_is_refused() -> None:
    assert copied(file(grain(3000, 3000), "PNG")[: 10 * 2**20], width=WIDTH) != ""
    found = copied(file(grain(1500, 1500), "JPEG", quality=90), width=9000)
    assert isinstance(found, str)
    assert "200 KB" in found


@pytest.mark.parametrize("what", HOSTILE)
def test_what_would_do_harm_is_refused_with_its_reason(what: str) -> None:
    data, reason = HOSTILE[what]
    found = copied(data, width=WIDTH)
    assert isinstance(found, str)
    assert found.startswith("it ")
    assert reason in found


SEEDS = (
    file(photo(60, 40), "JPEG"),
    turned_photo()[:4000],
    file(chart(60, 40), "PNG"),
    file(photo(60, 40, mode="RGBA"), "PNG"),
    moving(4),
    file(photo(60, 40), "WEBP"),
)


@settings(max_examples=300, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=6),
)
def test_damaged_files_give_a_whole_copy_or_a_reason(
    seed: bytes, cuts: list[tuple[float, bytes]]
) -> None:
    data = seed
    for share, new in cuts:
        at = int(share * len(data))
        data = data[:at] + new + data[at + len(new) :]
    found = copied(data, width=100)
    if isinstance(found, Copy):
        assert seen(found.data).size == (found.width, found.height)
        assert found.width <= 125
    else:
        assert found.startswith("it ")


# The budget of an issue


def some(count: int) -> list[Copy]:
    return [copy_of(file(photo(1096, 700, seed=n), "JPEG", quality=85)) for n in range(count)]


def test_an_issue_within_its_budget_keeps_its_pictures() -> None:
    copies = some(3)
    assert within(copies) == copies


def test_the_last_pictures_give_way_first_and_none_is_lost_without_need() -> None:
    copies = some(5)
    total = sum(len(copy.data) for copy in copies)
    budget = total - 5000
    kept = within(copies, budget=budget)
    left = [copy for copy in kept if copy is not None]
    assert len(left) == 5
    assert sum(len(copy.data) for copy in left) <= budget
    assert kept[0] == copies[0]
    assert left[-1].step == 1
    assert within(copies, budget=budget) == kept
    steps = [copy.step for copy in left]
    assert steps == sorted(steps)


def test_where_nothing_else_helps_the_last_pictures_are_left_out() -> None:
    copies = some(4)
    kept = within(copies, budget=40_000)
    assert kept[0] is not None
    assert kept[-1] is None
    there = [copy for copy in kept if copy is not None]
    assert kept == [*there, *[None] * (4 - len(there))]
    assert 0 < sum(len(copy.data) for copy in there) <= 40_000


def test_no_budget_no_picture_and_no_pictures_no_budget() -> None:
    assert within(some(1), budget=0) == [None]
    assert within([]) == []
    assert ISSUE_BYTES >= 5 * PICTURE_BYTES


def test_a_moving_picture_that_gives_way_stands_still_and_says_so() -> None:
    data = moving(60, (300, 200))
    (kept,) = within([copy_of(data)], budget=len(data) - 1)
    assert kept is not None
    assert kept.still
    with Pillow.open(io.BytesIO(kept.data)) as picture:
        assert getattr(picture, "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("size", "ratio", "wanted"),
    [
        ((1600, 800), 1.5, (600, 400)),  # cut left and right, then made smaller
        ((800, 1600), 1.5, (600, 400)),  # cut above and below
        ((600, 400), 1.5, (600, 400)),
        ((300, 100), 1.0, (100, 100)),
        ((9, 3000), 1.0, (9, 9)),
        ((1600, 800), 0, (600, 300)),
    ],
)
def test_a_copy_has_the_shape_that_is_asked_for(
    size: tuple[int, int], ratio: float, wanted: tuple[int, int]
) -> None:
    for kind in ("JPEG", "PNG"):
        made = copied(file(grain(*size), kind), width=600, ratio=ratio)
        assert isinstance(made, Copy)
        assert (made.width, made.height) == wanted


def test_the_middle_is_what_a_crop_leaves() -> None:
    image = Pillow.new("RGB", (900, 300), "red")
    image.paste("blue", (300, 0, 600, 300))
    made = copied(file(image, "PNG"), width=300, ratio=1)
    assert isinstance(made, Copy)
    with Pillow.open(io.BytesIO(made.data)) as cropped:
        assert cropped.convert("RGB").getcolors() == [(300 * 300, (0, 0, 255))]
