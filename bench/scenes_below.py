"""The pictures under water: the whale and the sea floor."""

from __future__ import annotations

from itertools import pairwise
from math import pi, sin

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from bench.poster import (
    HEIGHT,
    SCALE,
    WIDTH,
    Floats,
    Poster,
    Stencil,
    circle,
    mix,
    polygon,
    ridge,
    spline,
    strip,
)

INK, NAVY, CREAM = "#0b1f2a", "#14384a", "#f7ecd2"


def whale() -> Poster:
    """A humpback under a small boat in deep green water, light falling from above."""
    p = Poster([(0, "#f3e3b8"), (0.135, "#f0d9a8"), (0.137, "#7fb8a4"), (0.35, "#3c8a88"),
                (0.7, "#17505e"), (1, "#08222f")])  # fmt: skip
    surface = [(x, 92 + 3.5 * sin(x / 46) + 2 * sin(x / 17 + 1)) for x in range(-20, 1224, 4)]
    p.ground(
        surface,
        [(0, "#9cc9ae"), (0.13, "#9cc9ae"), (0.3, "#4b9791"), (0.62, "#1c5b68"), (1, "#08222f")],
    )
    for x0, w, slope in (
        (250, 70, -150),
        (400, 40, -90),
        (560, 120, 20),
        (770, 60, 110),
        (900, 90, 230),
    ):
        ray = [(x0, 96), (x0 + w, 96), (x0 + w * 2.1 + slope, 640), (x0 - w * 0.4 + slope, 640)]
        p.lay("#e6f0cf", polygon(ray, 7).fading(96, 560), 0.20)
    p.line([(x, y + 1) for x, y in surface], CREAM, 2.4, alpha=0.8)
    _rowboat(p, 792, 92)
    _humpback(p)
    random = np.random.default_rng(2)
    for _ in range(120):
        x, y = random.uniform(0, WIDTH), random.uniform(130, 660)
        p.disc(x, y, random.uniform(0.6, 2.2), "#dfeed4", alpha=random.uniform(0.1, 0.45))
    p.ground(ridge(690, 66, 31), "#071b26")
    return p


def _rowboat(p: Poster, x: float, y: float) -> None:
    p.shape(spline([(x - 62, y - 13), (x, y - 6), (x + 62, y - 15), (x + 40, y + 11),
                    (x - 42, y + 11)]), "#7a3428")  # fmt: skip
    p.shape([(x - 60, y - 14), (x, y - 8), (x + 60, y - 16), (x + 58, y - 11), (x, y - 3),
             (x - 58, y - 9)], CREAM)  # fmt: skip
    for dx, coat in ((-14, NAVY), (22, "#c98b2f")):
        p.shape(spline([(x + dx - 10, y - 6), (x + dx - 8, y - 26), (x + dx, y - 33),
                        (x + dx + 8, y - 26), (x + dx + 10, y - 6)]), coat)  # fmt: skip
        p.disc(x + dx, y - 39, 7, "#5c3a2c")
    p.line([(x - 8, y - 18), (x - 92, y + 4)], "#5a3a26", 2.6)
    p.line([(x + 26, y - 18), (x + 88, y + 6)], "#5a3a26", 2.6)


def _humpback(p: Poster) -> None:
    back = [(176, 372), (240, 340), (340, 312), (470, 300), (600, 312), (690, 338), (722, 330),
            (744, 352), (850, 392), (950, 420), (1010, 418)]  # fmt: skip
    belly = [(1016, 436), (940, 452), (850, 456), (740, 470), (600, 486), (450, 486), (320, 462),
             (230, 428), (182, 398)]  # fmt: skip
    fluke = [(1000, 424), (1052, 392), (1110, 356), (1150, 346), (1132, 386), (1090, 420),
             (1128, 440), (1150, 478), (1104, 470), (1050, 446), (1006, 436)]  # fmt: skip
    p.shape(spline([(x + 16, y + 96) for x, y in [*back, *belly]]), INK, alpha=0.22, blur=14)
    p.shape(spline(fluke), "#123544")
    body = p.shape(
        spline([*back, *belly]),
        [(0, "#2a5a68"), (0.44, "#24505f"), (0.6, "#143a4a"), (1, "#143a4a")],
    )
    pale = spline([(176, 392), (250, 408), (360, 432), (480, 446), (600, 452), (720, 458),
                   (760, 474), (600, 520), (400, 520), (220, 470)])  # fmt: skip
    p.shape(pale, "#cfdcc6", inside=body)
    for i in range(9):
        groove = spline([(186 + i * 10, 400 + i * 4), (330 + i * 18, 434 + i * 5.4),
                         (560 + i * 12, 458 + i * 4), (700 - i * 16, 462 + i * 2)],
                        closed=False)  # fmt: skip
        p.shape(strip(groove, lambda t: 2 * sin(t * pi) ** 0.5), "#7f9d97", inside=body, alpha=0.85)
    light = spline(
        [(190, 362), (330, 306), (470, 292), (620, 308), (560, 330), (440, 326), (300, 346)]
    )
    p.shape(light, "#8cc0b0", alpha=0.28, inside=body, blur=6)
    mouth = spline([(182, 392), (236, 388), (300, 392), (338, 408)], closed=False)
    p.line(mouth, "#0c2a38", 3)
    p.disc(350, 396, 5, "#0a1f2a")
    p.disc(351.5, 394.5, 1.6, CREAM)
    for x, y in ((204, 368), (232, 354), (262, 346), (290, 350), (250, 368), (316, 344)):
        p.disc(x, y, 4, "#0f2f3d", alpha=0.8)
    fin = spline([(424, 440), (466, 452), (462, 500), (438, 556), (398, 604), (352, 634),
                  (346, 622), (380, 572), (402, 516), (408, 464)])  # fmt: skip
    p.shape(fin, "#123644")
    edge = spline([(462, 500), (438, 556), (398, 604), (352, 634), (346, 624), (390, 590),
                   (428, 540), (448, 496)])  # fmt: skip
    p.shape(edge, "#cfdcc6", alpha=0.9)
    far = spline([(566, 474), (594, 476), (616, 512), (626, 560), (612, 556), (584, 516)])
    p.shape(far, "#0f2e3b")


DEPTHS = ("#e9d9ad", "#bcd3bd", "#8fbfb5", "#5fa3a6", "#3b8493", "#27667c", "#1a4d66", "#123a52")


def seabed() -> Poster:
    """A sea floor in bands, as if cut from paper, with the channel of a drowned river."""
    marks = ("#e2694a", "#f4ecd0", "#9fc4bb")
    between = [
        mix(one, other, share)
        for one, other in pairwise((*DEPTHS, DEPTHS[0]))
        for share in (0.35, 0.7)
    ]
    edges = [
        mix(mark, tone, share) for mark in marks for tone in DEPTHS[1:] for share in (0.33, 0.66)
    ]
    p = Poster([(0, DEPTHS[0]), (1, DEPTHS[0])], palette=(*DEPTHS, *marks, *between, *edges))
    size = (WIDTH * SCALE, HEIGHT * SCALE)
    smooth = Image.fromarray(_depth().astype(np.float32), "F").resize(
        size, Image.Resampling.BICUBIC
    )
    depth = np.asarray(smooth)
    for level, tone in enumerate(DEPTHS[1:], start=1):
        band = Image.fromarray(((depth > level * 0.125) * 255).astype(np.uint8), "L")
        p.lay(tone, Stencil(0, 0, band))
        inner = ImageChops.subtract(band, band.filter(ImageFilter.MinFilter(5)))
        p.lay("#f4ecd0", Stencil(0, 0, inner), 0.4)
    for i in range(31):
        p.disc(566 + i * 2.5, 196 + i * 1.9, 1.7, "#f4ecd0")
    ring = circle(604, 226, 66)
    p.line([*ring, ring[0]], "#e2694a", 2.4)
    p.line([(650, 178), (716, 112)], "#e2694a", 2.4)
    p.disc(718, 110, 5, "#e2694a")
    _compass(p, 1096, 566)
    return p


def _depth() -> Floats:
    """Depth from 0 (land) to 1 on a quarter-size grid: a plain, islands, and the river's bed."""
    random = np.random.default_rng(18)
    ys, xs = np.mgrid[0:HEIGHT:4, 0:WIDTH:4].astype(float)
    depth = 0.30 + 0.30 * xs / WIDTH + 0.05 * np.sin(ys / 90 + xs / 260)
    for _ in range(90):
        x, y = random.uniform(0, WIDTH), random.uniform(0, HEIGHT)
        r, high = random.uniform(22, 110), random.uniform(-0.075, 0.075)
        depth += high * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * r * r))
    islands = ((360, 108, 66, 0.46), (404, 152, 40, 0.2), (886, 474, 70, 0.6), (930, 430, 40, 0.3),
               (664, 300, 40, 0.24), (60, 600, 130, 0.5), (180, 540, 60, 0.24),
               (1010, 90, 52, 0.34))  # fmt: skip
    for x, y, r, high in islands:
        turn = np.arctan2(ys - y, xs - x)
        ragged = 1 + 0.16 * np.sin(3 * turn + x) + 0.09 * np.sin(7 * turn + y)
        depth -= high * np.exp(-((np.hypot(xs - x, (ys - y) * 1.25) / (r * ragged)) ** 2))
    course = spline([(-40, 250), (110, 300), (230, 400), (370, 420), (470, 330), (560, 240),
                     (660, 216), (760, 290), (800, 380), (740, 470), (700, 560), (800, 620),
                     (940, 600), (1050, 520), (1120, 400), (1240, 330)],
                    closed=False, steps=60)  # fmt: skip
    arm = spline(
        [(548, 250), (574, 340), (660, 384), (750, 366), (800, 372)], closed=False, steps=40
    )
    far = np.full_like(depth, 1e9)
    for x, y in [*course, *arm]:
        far = np.minimum(far, np.hypot(xs - x, ys - y))
    bed = np.clip(depth, 0.25, None) - depth
    deep: Floats = np.clip(
        depth + (0.34 + bed) * np.exp(-((far / 25) ** 2)) + 0.1 * np.exp(-((far / 80) ** 2)), 0, 1.1
    )
    return deep


def _compass(p: Poster, x: float, y: float) -> None:
    for turn in range(8):
        long, wide = (62, 11) if turn % 2 == 0 else (34, 7)
        a = turn * pi / 4
        tip = (x + long * float(np.sin(a)), y - long * float(np.cos(a)))
        for side, tone in ((1, "#f4ecd0"), (-1, "#9fc4bb")):
            b = a + side * pi / 4
            p.shape(
                [
                    (x, y),
                    tip,
                    (x + wide * 1.4 * float(np.sin(b)), y - wide * 1.4 * float(np.cos(b))),
                ],
                tone,
            )
    p.disc(x, y, 5, "#e2694a")
