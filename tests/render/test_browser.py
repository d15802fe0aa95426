"""The sample issue in a real Chromium: nothing overflows, nothing is hidden, nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench.chromium import Browser
from bench.rendering_pages import wide_and_faint
from bench.screenshots import Shot, show, take
from digest.models import Issue, Renderings
from digest.render import Theme, render
from tests.render.sample_issue import sample_media


@pytest.fixture(scope="module")
def folder(made: Renderings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample issue as an archive keeps it, and its mail without any style element."""
    here = tmp_path_factory.mktemp("issue")
    (here / "media").mkdir()
    for name, data in sample_media().items():
        (here / name).write_bytes(data)
    (here / "email.html").write_text(made.email_html, "utf-8")
    (here / "web.html").write_text(made.web_html, "utf-8")
    bare = re.sub(r"<style.*?</style>", "", made.email_html, flags=re.DOTALL)
    (here / "bare.html").write_text(bare, "utf-8")
    return here


@pytest.mark.parametrize("file", ["email.html", "bare.html", "web.html"])
@pytest.mark.parametrize("width", [375, 600, 1000])
@pytest.mark.parametrize("images", [True, False])
def test_nothing_overflows(
    chromium: Browser, folder: Path, file: str, width: int, images: bool
) -> None:
    show(chromium, folder / file, Shot(width=width, images=images))
    size = chromium.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    loaded = "[...document.images].map(i => i.complete && i.naturalWidth > 0)"
    assert size[0] <= size[1] == width
    assert chromium.evaluate(loaded) == [images, images]


@pytest.mark.parametrize("file", ["email.html", "web.html"])
@pytest.mark.parametrize("dark", [False, True])
def test_all_text_is_legible(chromium: Browser, folder: Path, file: str, dark: bool) -> None:
    """Computed contrast of each text against the nearest background: at least 4.5 (WCAG AA)."""
    assert wide_and_faint(chromium, folder / file, Shot(width=600, dark=dark)) == (0, [])


def test_dark_is_dark_and_light_is_light(chromium: Browser, folder: Path) -> None:
    light = take(chromium, folder / "email.html", Shot(width=600, height=60))
    dark = take(chromium, folder / "email.html", Shot(width=600, height=60, dark=True))
    assert _brightness(light) > 200
    assert _brightness(dark) < 60


def test_a_newsletter_from_right_to_left_fits_too(
    chromium: Browser, issue: Issue, theme: Theme, tmp_path: Path
) -> None:
    arabic = replace(issue, newsletter=replace(issue.newsletter, language="ar"))
    made = render(arabic, theme)
    for name, html in (("email.html", made.email_html), ("web.html", made.web_html)):
        (tmp_path / name).write_text(html, "utf-8")
        show(chromium, tmp_path / name, Shot(width=375))
        assert chromium.evaluate("document.documentElement.scrollWidth") == 375
        right = "[...document.querySelectorAll('h3')].pop().getBoundingClientRect().right"
        assert chromium.evaluate(right) >= 350


def _brightness(png: bytes) -> float:
    """The mean of a picture's gray values, 0 to 255."""
    from io import BytesIO

    from PIL import Image, ImageStat

    with Image.open(BytesIO(png)) as picture:
        return ImageStat.Stat(picture.convert("L")).mean[0]
