"""Brushes for flat, poster-like pictures: gradients, silhouettes, glow, grain.

Everything is drawn at three times the size and scaled down, so that edges are smooth; whatever is
random has a fixed seed, so that a picture comes out the same each time.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT, SCALE = 1200, 675, 3
LIMIT = 58 * 1024
"""Bytes of a JPEG: what a reader on a phone's connection waits for."""
Point = tuple[float, float]
Stops = Sequence[tuple[float, str]]
Floats = NDArray[np.float64]


def rgb(color: str) -> tuple[int, int, int]:
    """`#rrggbb` as three numbers."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mix(one: str, other: str, share: float) -> str:
    """A color between two: `share` of the way from `one` to `other`."""
    parts = (round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def spline(points: Sequence[Point], *, closed: bool = True, steps: int = 24) -> list[Point]:
    """A smooth line through `points` (Catmull–Rom, tension ½)."""
    ring = [points[-1], *points, points[0], points[1]] if closed else None
    run = ring or [points[0], *points, points[-1]]
    out: list[Point] = []
    for i in range(1, len(run) - 2):
        a, b, c, d = run[i - 1 : i + 3]
        for step in range(steps):
            t = step / steps
            out.append(
                (
                    _between(a[0], b[0], c[0], d[0], t),
                    _between(a[1], b[1], c[1], d[1], t),
                )
            )
    return out if closed else [*out, points[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )


def ridge(base: float, height: float, seed: int, *, rough: float = 0.5) -> list[Point]:
    """The upper edge of a hill line across the picture, in 4-pixel steps."""
    random = np.random.default_rng(seed)
    xs = np.arange(-8, WIDTH + 12, 4, dtype=float)
    ys = np.zeros_like(xs)
    for octave in range(1, 7):
        wave = random.uniform(0.7, 1.3) * octave**1.6 * 2 * pi / WIDTH
        ys += rough**octave * np.sin(xs * wave + random.uniform(0, 2 * pi))
    ys = (ys - ys.min()) / (ys.max() - ys.min())
    return [(float(x), base - height * float(y)) for x, y in zip(xs, ys, strict=True)]


@dataclass(frozen=True, slots=True)
class Stencil:
    """What a shape covers: a mask, and where its upper left corner lies, in drawn pixels."""

    left: int
    top: int
    mask: Image.Image

    def within(self, other: Stencil) -> Stencil:
        """The part of this one that the other covers too."""
        window = Image.new("L", self.mask.size, 0)
        window.paste(other.mask, (other.left - self.left, other.top - self.top))
        return Stencil(self.left, self.top, ImageChops.multiply(self.mask, window))

    def fading(self, top: float, bottom: float) -> Stencil:
        """The same shape, thinning out from one height to another."""
        rows = (np.arange(self.mask.height) + self.top) / SCALE
        share = np.clip((bottom - rows) / (bottom - top), 0, 1)
        return Stencil(self.left, self.top, ImageChops.multiply(self.mask, self._column(share)))

    def _column(self, share: Floats) -> Image.Image:
        column = (share * 255).round().astype(np.uint8)[:, None]
        return Image.fromarray(np.repeat(column, self.mask.width, axis=1), "L")


def polygon(points: Sequence[Point], blur: float = 0) -> Stencil:
    """A filled outline."""
    return _drawn(points, blur * 3 + 2, blur, lambda draw, at: draw.polygon(at, fill=255))


def stroke(points: Sequence[Point], width: float) -> Stencil:
    """An open line with round joints."""
    size = max(1, round(width * SCALE))
    return _drawn(
        points, width + 2, 0, lambda draw, at: draw.line(at, fill=255, width=size, joint="curve")
    )


def _drawn(
    points: Sequence[Point],
    margin: float,
    blur: float,
    draw: Callable[[ImageDraw.ImageDraw, list[Point]], object],
) -> Stencil:
    """Drawn on no more of the canvas than is needed."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, right = max(-60.0, min(xs) - margin), min(WIDTH + 60.0, max(xs) + margin)
    top, bottom = max(-60.0, min(ys) - margin), min(HEIGHT + 60.0, max(ys) + margin)
    at = round(left * SCALE), round(top * SCALE)
    size = max(1, round((right - left) * SCALE)), max(1, round((bottom - top) * SCALE))
    mask = Image.new("L", size, 0)
    draw(ImageDraw.Draw(mask), [(x * SCALE - at[0], y * SCALE - at[1]) for x, y in points])
    if blur:
        mask = mask.filter(ImageFilter.GaussianBlur(blur * SCALE))
    return Stencil(*at, mask)


class Poster:
    """A picture in the making; all measures are in pixels of the finished one."""

    def __init__(self, stops: Stops, *, palette: Sequence[str] = ()) -> None:
        """`palette`: the colors of a PNG, which a photograph-like JPEG has no need of."""
        self.image = _gradient(stops, 0, (WIDTH * SCALE, HEIGHT * SCALE))
        self.palette = palette

    def lay(self, color: str | Stops, stencil: Stencil, alpha: float = 1) -> None:
        """Cover the stencil with a color, or with a gradient over the picture's whole height."""
        mask = stencil.mask
        if alpha < 1:
            mask = mask.point([round(value * alpha) for value in range(256)])
        at = stencil.left, stencil.top
        if isinstance(color, str):
            self.image.paste(rgb(color), (*at, at[0] + mask.width, at[1] + mask.height), mask)
        else:
            self.image.paste(_gradient(color, stencil.top, mask.size), at, mask)

    def shape(
        self,
        points: Sequence[Point],
        color: str | Stops,
        *,
        alpha: float = 1,
        blur: float = 0,
        inside: Stencil | None = None,
    ) -> Stencil:
        """A filled outline; `inside` limits it to a stencil. Gives its own stencil back."""
        stencil = polygon(points, blur)
        if inside is not None:
            stencil = stencil.within(inside)
        self.lay(color, stencil, alpha)
        return stencil

    def ground(self, edge: Sequence[Point], color: str | Stops, *, alpha: float = 1) -> Stencil:
        """Everything under a line that crosses the picture."""
        below = [(WIDTH + 20.0, HEIGHT + 20.0), (-20.0, HEIGHT + 20.0)]
        return self.shape([*edge, *below], color, alpha=alpha)

    def box(self, x: float, y: float, w: float, h: float, color: str, **how: Any) -> Stencil:
        """A rectangle from its upper left corner."""
        return self.shape([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], color, **how)

    def disc(self, x: float, y: float, r: float, color: str, **how: Any) -> Stencil:
        """A filled circle."""
        return self.shape(circle(x, y, r), color, **how)

    def line(
        self,
        points: Sequence[Point],
        color: str,
        width: float,
        *,
        alpha: float = 1,
        inside: Stencil | None = None,
    ) -> None:
        """An open line with round joints."""
        stencil = stroke(points, width)
        self.lay(color, stencil.within(inside) if inside else stencil, alpha)

    def glow(self, x: float, y: float, radius: float, color: str, strength: float) -> None:
        """Light that fades out around a point."""
        left, top = round((x - radius) * SCALE), round((y - radius) * SCALE)
        size = round(2 * radius * SCALE)
        rows, columns = np.ogrid[:size, :size]
        far = np.hypot(columns - size / 2, rows - size / 2) / (size / 2)
        light = np.clip(1 - far, 0, 1) ** 2 * strength * 255
        self.lay(color, Stencil(left, top, Image.fromarray(light.astype(np.uint8), "L")))

    def haze(self, top: float, bottom: float, color: str, alpha: float) -> None:
        """Mist, thickest half-way between two heights."""
        half = (bottom - top) / 2
        upper = Stencil(0, round(top * SCALE), _solid(half)).fading(top + half, top)
        lower = Stencil(0, round((top + half) * SCALE), _solid(half)).fading(top + half, bottom)
        self.lay(color, upper, alpha)
        self.lay(color, lower, alpha)

    def glitter(
        self, x: float, top: float, bottom: float, *, spread: float, color: str, seed: int
    ) -> None:
        """A path of light on water: bars that grow wider and rarer toward the viewer."""
        random = np.random.default_rng(seed)
        y = top
        while y < bottom:
            near = (y - top) / (bottom - top)
            for _ in range(3):
                half = random.uniform(0.2, 1) * (10 + 46 * near)
                middle = x + random.normal(0, spread * (0.25 + near))
                thick = 1.2 + 3.4 * near
                self.shape(_lens(middle, y, half, thick), color, alpha=random.uniform(0.25, 0.8))
            y += 5 + 13 * near

    def save(self, path: Path) -> None:
        """Scale down and write: a palette PNG, or a JPEG with a soft dark edge and a little grain.

        A JPEG is written at the best quality at which it stays under `LIMIT` bytes.
        """
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        if path.suffix == ".png":
            palette = Image.new("P", (1, 1))
            palette.putpalette([part for color in self.palette for part in rgb(color)])
            done = small.quantize(palette=palette, dither=Image.Dither.NONE)
            done.save(path, optimize=True)
            return
        pixels = np.asarray(small, dtype=float)
        rows, columns = np.ogrid[:HEIGHT, :WIDTH]
        far = np.hypot((columns - WIDTH / 2) / WIDTH, (rows - HEIGHT / 2) / HEIGHT)
        edge = 1 - 0.16 * np.clip(far - 0.38, 0, 1) / 0.33
        noise = np.random.default_rng(7).normal(0, 0.8, (HEIGHT, WIDTH))
        pixels = pixels * edge[..., None] + noise[..., None]
        done = Image.fromarray(pixels.clip(0, 255).round().astype(np.uint8), "RGB")
        for quality in range(84, 40, -2):
            out = io.BytesIO()
            done.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= LIMIT:
                break
        path.write_bytes(out.getvalue())


def _gradient(stops: Stops, top: int, size: tuple[int, int]) -> Image.Image:
    """Part of a gradient over the picture's whole height, from the drawn row `top`."""
    rows = (np.arange(size[1]) + top) / (SCALE * HEIGHT)
    where = [at for at, _ in stops]
    bands = [np.interp(rows, where, [rgb(color)[i] for _, color in stops]) for i in range(3)]
    column = np.stack(bands, axis=-1).round().astype(np.uint8)[:, None, :]
    return Image.fromarray(np.repeat(column, size[0], axis=1), "RGB")


def _solid(height: float) -> Image.Image:
    return Image.new("L", (WIDTH * SCALE, round(height * SCALE)), 255)


def circle(x: float, y: float, r: float, *, tall: float = 1) -> list[Point]:
    """The outline of a circle, or of an ellipse `tall` times as high as wide."""
    turns = [2 * pi * i / 96 for i in range(96)]
    return [(x + r * cos(t), y + r * tall * sin(t)) for t in turns]


def _lens(x: float, y: float, half: float, thick: float) -> list[Point]:
    return [(x - half, y), (x, y - thick / 2), (x + half, y), (x, y + thick / 2)]


def arc(x: float, y: float, r: float, start: float, end: float, *, tall: float = 1) -> list[Point]:
    """Part of a circle, angles in turns clockwise from the right."""
    steps = 48
    turns = [2 * pi * (start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + r * cos(t), y + r * tall * sin(t)) for t in turns]


def gull(poster: Poster, x: float, y: float, span: float, color: str) -> None:
    """A gull, seen far away: two tapering wings."""
    left = spline([(x - span, y - span * 0.12), (x - span * 0.5, y - span * 0.34), (x, y)],
                  closed=False)  # fmt: skip
    right = spline([(x, y), (x + span * 0.45, y - span * 0.4), (x + span, y - span * 0.22)],
                   closed=False)  # fmt: skip
    lower = [(px, py + span * 0.1 * (1 - abs(px - x) / span)) for px, py in [*left, *right]]
    poster.shape([*left, *right, *reversed(lower)], color)


def hull_between(upper: Sequence[Point], lower: Sequence[Point]) -> list[Point]:
    """The outline between two lines that run the same way."""
    return [*upper, *reversed(lower)]


def strip(points: Sequence[Point], width: Callable[[float], float]) -> list[Point]:
    """A ribbon along a line; `width` takes the share of the way from 0 to 1."""
    left: list[Point] = []
    right: list[Point] = []
    for i, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        long = max(1e-6, ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
        half = width(i / (len(points) - 1)) / 2
        dx, dy = -(y1 - y0) / long * half, (x1 - x0) / long * half
        left.append((x0 + dx, y0 + dy))
        right.append((x0 - dx, y0 - dy))
    return hull_between(left, right)
