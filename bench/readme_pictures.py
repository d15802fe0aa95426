"""The README's picture, made from the archived sample issue in a real browser.

Run with `python -m bench.readme_pictures` (or `make pictures`): the email as a desktop shows it in
light mode and as a phone shows it in dark mode, side by side.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from bench.chromium import chromium
from bench.screenshots import Shot, take

ROOT = Path(__file__).parents[1]
EMAIL = ROOT / "issues" / "2026-W47" / "email.html"
OUT = ROOT / "docs" / "pictures" / "sample-issue.png"
BACKDROP = (226, 222, 213)
HEIGHT, MARGIN, GAP, ROUND = 1180, 56, 48, 10


def card(picture: Image.Image) -> Image.Image:
    """The picture with rounded corners on a soft shadow."""
    width, height = picture.size
    pad = 40
    sheet = Image.new("RGBA", (width + 2 * pad, height + 2 * pad))
    shade = ImageDraw.Draw(sheet)
    shade.rounded_rectangle((pad, pad + 8, pad + width, pad + 8 + height), ROUND, (40, 34, 24, 90))
    sheet = sheet.filter(ImageFilter.GaussianBlur(16))
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width, height), ROUND, 255)
    sheet.paste(picture, (pad, pad), mask)
    return sheet


def main() -> None:
    """Take the two shots, lay them side by side, write the picture."""
    shots = (Shot(width=680, height=HEIGHT), Shot(width=375, height=HEIGHT, dark=True))
    with chromium() as running:
        taken = [Image.open(BytesIO(take(running, EMAIL, shot))).convert("RGB") for shot in shots]
    width = sum(picture.width for picture in taken) + 2 * MARGIN + GAP
    sheet = Image.new("RGB", (width, HEIGHT + 2 * MARGIN), BACKDROP)
    left = MARGIN
    for picture in taken:
        laid = card(picture)
        sheet.paste(laid, (left - 40, MARGIN - 40), laid)
        left += picture.width + GAP
    OUT.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(OUT, optimize=True)
    print(f"{OUT.relative_to(ROOT)}: {OUT.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
