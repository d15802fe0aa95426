"""The pictures of docs/themes.md, made from the sample issue: `python -m bench.theme_pictures`.

Of each theme a sheet that Chromium shows (600, 375 and 800 pixels wide, light and dark) and the web
page; then each in Thunderbird, and the text part in mutt. `--only chromium` leaves the mail clients
out, which take Debian's packages thunderbird, mutt, xterm and xvfb.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from bench.chromium import Browser, chromium
from bench.mail_clients import mutt, thunderbird
from bench.screenshots import Shot, show
from digest.cli.main import run
from digest.render import theme_names

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "pictures" / "themes"
SLUG = "2026-W47"
BACKDROP = (214, 211, 204)
HEIGHT, GAP = 1500, 28
COLORS = 256
"""Of a picture's palette, which keeps rare ones such as accents: a third of the bytes is enough."""


def built(theme: str, folder: Path) -> Path:
    """The folder of the sample issue, built in `theme`."""
    folder.mkdir()
    if run(["-q", "-C", str(folder), "build", "--sample", "--theme", theme]):
        raise SystemExit(f"The sample issue cannot be built in {theme}.")
    return folder / "issues" / SLUG


def shot(browser: Browser, page: Path, width: int, *, dark: bool = False) -> Image.Image:
    """The first HEIGHT pixels of a page."""
    show(browser, page, Shot(width=width, dark=dark))
    return browser.screenshot(height=HEIGHT)


def row(pictures: Sequence[Image.Image], *, scale: float = 0.5) -> Image.Image:
    """Pictures side by side on a backdrop, made smaller."""
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) + 1)
    high = max(picture.height for picture in pictures) + 2 * GAP
    sheet = Image.new("RGB", (width, high), BACKDROP)
    at = GAP
    for picture in pictures:
        sheet.paste(picture, (at, GAP))
        at += picture.width + GAP
    size = round(width * scale), round(high * scale)
    return sheet.resize(size, Image.Resampling.LANCZOS)


def saved(picture: Image.Image, name: str) -> None:
    """Write a picture of docs/themes.md, with few colors."""
    OUT.mkdir(parents=True, exist_ok=True)
    few = picture.quantize(COLORS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(OUT / name, optimize=True)
    print(OUT.relative_to(ROOT) / name)


def main(words: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="The pictures of docs/themes.md.")
    parser.add_argument("--only", choices=["chromium", "clients"])
    asked = parser.parse_args(words)
    names = theme_names(folder=Path("nowhere"))
    with tempfile.TemporaryDirectory() as folder:
        issues = {name: built(name, Path(folder) / name) for name in names}
        if asked.only != "clients":
            _in_chromium(issues)
        if asked.only != "chromium":
            raw = {name: (path / "message.eml").read_bytes() for name, path in issues.items()}
            saved(row([thunderbird(message) for message in raw.values()]), "thunderbird.png")
            saved(mutt(raw["gazette"]), "text.png")


def _in_chromium(issues: dict[str, Path]) -> None:
    with chromium() as browser:
        for name, path in issues.items():
            email = path / "email.html"
            sizes = ((800, False), (600, False), (600, True), (375, False), (375, True))
            looks = [shot(browser, email, width, dark=dark) for width, dark in sizes]
            saved(row(looks), f"{name}.png")
            web = [shot(browser, path / "web.html", 1200), shot(browser, path / "web.html", 375)]
            saved(row(web), f"{name}-web.png")


if __name__ == "__main__":
    main()
