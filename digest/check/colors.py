"""Colors of CSS, and how well one is read on another (WCAG 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple


class Color(NamedTuple):
    """Red, green, blue and opacity, each from 0 to 1, in sRGB."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, below: Color) -> Color:
        """What is seen where this lies on an opaque color."""
        own = self.alpha
        mixed = [a * own + b * (1 - own) for a, b in zip(self[:3], below[:3], strict=True)]
        return Color(mixed[0], mixed[1], mixed[2])

    def __str__(self) -> str:
        return "#" + "".join(f"{round(part * 255):02x}" for part in self[:3])


BLACK, WHITE = Color(0, 0, 0), Color(1, 1, 1)
_KNOWN = frozenset({"rgb", "rgba", "hsl", "hsla", "hwb"})


@lru_cache(maxsize=4096)
def color_in(value: str, *, dark: bool) -> Color | str | None:
    """The color in a value of `color`, `background` or `background-color`.

    "current" for currentcolor and inherit, "none" where it says no color, and None where it has one
    that cannot be told: a picture, a gradient, a function of colors.
    """
    import tinycss2

    said: Color | str = "none"
    for node in tinycss2.parse_component_value_list(value):
        found = _color(node, dark=dark)
        if found is None:
            return None
        if found != "none":
            said = found
    return said


def _color(node: Any, *, dark: bool) -> Color | str | None:
    if node.type == "ident" and node.lower_value in {"currentcolor", "inherit"}:
        return "current"
    if node.type == "function" and node.lower_name == "light-dark":
        halves = list(_split(node.arguments))
        chosen = halves[min(int(dark), len(halves) - 1)]
        return next((_color(part, dark=dark) for part in chosen), None)
    if node.type == "url" or (node.type == "function" and node.lower_name not in _KNOWN):
        return None
    return _plain(node) if node.type in {"ident", "hash", "function"} else "none"


def _plain(node: Any) -> Color | str | None:
    from tinycss2.color4 import parse_color

    found = parse_color(node)
    if found is None:
        return "none"
    try:
        red, green, blue = found.to("srgb").coordinates
    except (NotImplementedError, TypeError, ValueError):
        return None
    parts = [min(max(float(part or 0), 0.0), 1.0) for part in (red, green, blue, found.alpha)]
    return Color(parts[0], parts[1], parts[2], parts[3])


def _split(nodes: list[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    for node in nodes:
        if node.type == "literal" and node.value == ",":
            yield part
            part = []
        elif node.type not in {"whitespace", "comment"}:
            part.append(node)
    yield part


@lru_cache(maxsize=1024)
def ratio(one: Color, other: Color) -> float:
    """The contrast of two opaque colors, from 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(color: Color) -> float:
    parts = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3])
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


_SIZE = re.compile(r"(?<![\w.#-])(\d{0,6}\.?\d{1,6})(px|pt|em|rem|%)(?![\w-])")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "rem": 16.0}
_NAMED = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0,
    "x-large": 24.0, "xx-large": 32.0,
}  # fmt: skip


def size_in(value: str, parent: float) -> float:
    """The pixels of a `font-size` or `font`; of several (clamp, say) the first; else `parent`."""
    low = value[:200].lower()
    hit = _SIZE.search(low)
    if hit:
        number, unit = float(hit[1]), hit[2]
        share = {"em": 1.0, "%": 0.01}
        return number * (share[unit] * parent if unit in share else _PIXELS[unit])
    if low.strip() == "0":
        return 0.0
    return next((size for word, size in _NAMED.items() if low.strip() == word), parent)
