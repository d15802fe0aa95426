"""Our email beside npm mjml's rendering of the same MJML, pixel by pixel in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.chromium import Browser
from bench.node_tools import NpmMjml
from bench.rendering_cases import Case
from bench.screenshots import Shot, show

WIDTHS = (600, 375, 800)


def differing_pixels(
    browser: Browser, npm: NpmMjml, case: Case, folder: Path
) -> Iterator[tuple[Shot, int]]:
    """How many pixels differ, for each width and color scheme.

    A page that is longer than the other differs in all pixels of what it is longer by.
    """
    here = case.write(folder, npm=npm.compile(case.mjml).html)
    for width in WIDTHS:
        for dark in (False, True):
            shot = Shot(width=width, dark=dark)
            yield shot, _differing(browser, here, shot)


def _differing(browser: Browser, here: Path, shot: Shot) -> int:
    import numpy as np

    pixels = []
    for name in ("email", "npm"):
        show(browser, here / f"{name}.html", shot)
        pixels.append(np.asarray(browser.screenshot(whole=True)))
    ours, theirs = pixels
    common = min(len(ours), len(theirs))
    apart = int((ours[:common] != theirs[:common]).any(axis=2).sum())
    return apart + abs(len(ours) - len(theirs)) * shot.width
