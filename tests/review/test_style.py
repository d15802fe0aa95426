"""The colors of the pages can be read: WCAG 2.2, contrast of at least 4.5 to 1."""

from __future__ import annotations

import re

import pytest

from digest.site import stylesheet

LIGHT, DARK = re.findall(r":root \{(.*?)\}", stylesheet().decode("utf-8"), re.DOTALL)[:2]


def colors(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "raised", "chip"])
@pytest.mark.parametrize("text", ["ink", "quiet", "accent", "good", "warn"])
def test_text_stands_out_from_its_ground(block: str, ground: str, text: str) -> None:
    found = colors(block)
    low, high = sorted((luminance(found[ground]), luminance(found[text])))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_stylesheet_reaches_for_nothing() -> None:
    css = stylesheet().decode("utf-8")
    assert "url(" not in css
    assert "@import" not in css
