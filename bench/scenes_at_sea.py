"""The pictures of water: the ferry, the lighthouse, the storm, the whale, the sea floor."""

from __future__ import annotations

from functools import partial
from math import pi, sin

import numpy as np

from bench.poster import (
    WIDTH,
    Point,
    Poster,
    arc,
    gull,
    mix,
    ridge,
    spline,
    strip,
)

INK, NAVY, TEAL, SEA = "#0b1f2a", "#14384a", "#1f5a66", "#3d8a8c"
CREAM, SAND, GOLD, CORAL, BRICK = "#f7ecd2", "#ecd3a0", "#f2b65a", "#e2694a", "#a83c32"


def ferry() -> Poster:
    """Dusk: a two-deck ferry on calm water, hills and a low sun behind it."""
    p = Poster([(0, "#17364a"), (0.22, "#3f6272"), (0.42, "#c98a72"), (0.545, "#f4b66e"),
                (0.6, "#f9d894"), (1, "#f9d894")])  # fmt: skip
    p.glow(880, 372, 420, "#ffd98a", 0.75)
    p.disc(880, 352, 58, "#fff0c4")
    p.ground(ridge(402, 84, 3, rough=0.42), "#b98476")
    p.ground(ridge(404, 60, 11, rough=0.5), "#7d6a70")
    p.haze(350, 430, "#fbd9a0", 0.55)
    _town(p)
    water = [(0, "#f6cd8c"), (0.6, "#f6cd8c"), (0.66, "#c99a7e"), (0.78, "#4c6f78"), (1, "#10303f")]
    p.ground([(-20, 405), (1220, 405)], water)
    p.glitter(880, 409, 668, spread=34, color="#fff0c2", seed=5)
    p.glitter(300, 440, 660, spread=150, color="#8fa3a1", seed=8)
    _boat(p, 250, 468)
    for x, y, s in ((560, 150, 22), (628, 118, 15), (672, 172, 12), (1010, 214, 11)):
        gull(p, x, y, s, "#17303f")
    return p


def _town(p: Poster) -> None:
    """Roofs along the left shore, some windows lit, and a mole with a small light."""
    random = np.random.default_rng(21)
    dark = "#3d4a58"
    x = -10.0
    while x < 330:
        w = random.uniform(20, 38)
        top = 404 - random.uniform(24, 50) * (1 - x / 520)
        peak = top - w * 0.42
        p.shape([(x, 410), (x, top), (x + w / 2, peak), (x + w, top), (x + w, 410)],
                mix(dark, "#5d5f69", random.uniform(0, 0.8)))  # fmt: skip
        for wx in (x + w * 0.26, x + w * 0.6):
            if random.uniform() < 0.55:
                p.box(wx, top + 7, 4.5, 6.5, "#ffd88c")
        x += w + random.uniform(-2, 5)
    p.shape([(120, 410), (120, 348), (126, 326), (132, 348), (132, 410)], "#35434f")
    p.box(320, 399, 210, 8, "#3d4a58")
    p.box(518, 374, 7, 28, "#3d4a58")
    p.disc(521.5, 371, 5, "#ff9a6a")
    p.glow(521.5, 371, 34, "#ff9a6a", 0.5)


def _boat(p: Poster, x: float, y: float) -> None:
    """The Kittiwake, from its port side; (x, y) is the waterline at the stern."""
    shade = spline([(x - 8, y + 6), (x + 260, y + 2), (x + 540, y + 4), (x + 520, y + 30),
                    (x + 260, y + 44), (x + 20, y + 30)])  # fmt: skip
    p.shape(shade, INK, alpha=0.55, blur=6)
    hull = [(x - 6, y - 62), (x + 470, y - 62), (x + 500, y - 80), (x + 566, y - 92),
            (x + 548, y - 48), (x + 520, y + 6), (x + 14, y + 6), (x, y - 20)]  # fmt: skip
    body = p.shape(hull, "#12303f")
    p.box(x - 20, y - 66, 640, 13, CREAM, inside=body)
    p.box(x - 20, y - 6, 640, 20, BRICK, inside=body)
    p.box(x - 20, y - 50, 640, 60, INK, inside=body, alpha=0.18)
    low = [(x + 26, y - 62), (x + 26, y - 112), (x + 430, y - 112), (x + 452, y - 62)]
    p.shape(low, "#e9dcc0")
    high = [(x + 70, y - 112), (x + 74, y - 152), (x + 366, y - 152), (x + 384, y - 112)]
    p.shape(high, "#f3e7cc")
    p.box(x + 18, y - 116, 424, 6, "#c9b896")
    p.box(x + 62, y - 157, 318, 6, "#c9b896")
    for i in range(13):
        p.box(x + 44 + i * 29, y - 100, 18, 21, "#ffc665" if i % 5 != 3 else "#4a6470")
    for i in range(8):
        p.box(x + 90 + i * 30, y - 142, 19, 16, "#ffd27c" if i % 4 != 1 else "#55707a")
    bridge = [(x + 296, y - 157), (x + 300, y - 186), (x + 372, y - 186), (x + 384, y - 157)]
    p.shape(bridge, "#f7eed8")
    p.box(x + 308, y - 180, 66, 12, "#2c4b5a")
    p.box(x + 292, y - 191, 88, 6, "#c9b896")
    funnel = p.shape([(x + 150, y - 157), (x + 142, y - 212), (x + 190, y - 212),
                      (x + 200, y - 157)], CORAL)  # fmt: skip
    p.box(x + 130, y - 214, 90, 13, INK, inside=funnel)
    p.box(x + 130, y - 194, 90, 8, CREAM, inside=funnel)
    p.line([(x + 334, y - 190), (x + 334, y - 248)], INK, 3)
    p.line([(x + 318, y - 228), (x + 350, y - 228)], INK, 2)
    p.line([(x + 334, y - 244), (x + 560, y - 94)], INK, 0.9, alpha=0.7)
    p.line([(x + 334, y - 244), (x + 12, y - 64)], INK, 0.9, alpha=0.7)
    p.disc(x + 334, y - 250, 3.4, "#ffe3a0")
    smoke = spline([(x + 166, y - 214), (x + 120, y - 240), (x + 30, y - 246), (x - 90, y - 262),
                    (x - 40, y - 238), (x + 60, y - 228), (x + 140, y - 212)])  # fmt: skip
    p.shape(smoke, "#d9b49a", alpha=0.35, blur=5)
    for i in range(14):
        p.box(x + 46 + i * 30, y + 16 + (i % 3) * 7, 16, 2.4, "#ffcf7e", alpha=0.5)
    for dy, w in ((4, 150), (13, 220), (24, 300)):
        p.shape(
            [(x + 10, y + dy), (x - w, y + dy + 7), (x - w * 0.6, y + dy + 1)], CREAM, alpha=0.3
        )
    bow = [(x + 512, y + 6), (x + 546, y - 4), (x + 588, y + 8), (x + 540, y + 10)]
    p.shape(spline(bow), CREAM, alpha=0.8)


def lighthouse() -> Poster:
    """Night: a white tower with a red band on a headland, its beam across the stars."""
    p = Poster([(0, "#0a1c2b"), (0.45, "#173f52"), (0.72, "#3f7b80"), (1, "#9fb9a6")])
    random = np.random.default_rng(4)
    for _ in range(170):
        x, y = random.uniform(0, WIDTH), random.uniform(0, 400) ** 1.0
        p.disc(
            x, y, random.uniform(0.5, 1.7), CREAM, alpha=random.uniform(0.25, 0.9) * (1 - y / 520)
        )
    tx, ty = 812.0, 150.0
    for points, alpha in (
        ([(tx, ty), (-40, -10), (-40, 190)], 0.30),
        ([(tx, ty), (-40, 40), (-40, 138)], 0.30),
        ([(tx, ty), (1260, 150), (1260, 270)], 0.22),
        ([(tx, ty), (1260, 182), (1260, 240)], 0.22),
    ):
        p.shape(points, "#ffe9b0", alpha=alpha, blur=3)
    p.disc(220, 330, 0.1, CREAM)
    p.ground(ridge(476, 34, 9), "#33636c", alpha=0.8)
    sea = [(0, "#2c6670"), (0.7, "#2c6670"), (0.8, "#1b4a59"), (1, "#0a2330")]
    p.ground([(-20, 474), (1220, 474)], sea)
    p.glitter(330, 480, 670, spread=90, color="#bcd3c0", seed=14)
    far = spline([(300, 676), (430, 628), (520, 590), (585, 520), (640, 492), (700, 468),
                  (780, 452), (860, 448), (960, 460), (1080, 436), (1220, 424)],
                 closed=False)  # fmt: skip
    rock = p.ground([*far], [(0, "#173642"), (0.66, "#1d4450"), (1, "#081821")])
    for dy, tone in ((46, "#12303c"), (104, "#0d2631")):
        edge = spline([(380, 700), (560, 600 + dy * 0.6), (690, 520 + dy), (860, 500 + dy),
                       (1000, 520 + dy), (1220, 470 + dy)], closed=False)  # fmt: skip
        p.shape([*edge, (1220, 700), (380, 700)], tone, inside=rock)
    for dx, alpha in ((-8, 0.5), (-26, 0.28), (-50, 0.14)):
        shore = spline([(x + dx, y + 3) for x, y in far[:72]][::8], closed=False)
        p.shape(strip(shore, lambda t: 4.5 * sin(t * pi)), CREAM, alpha=alpha)
    _tower(p, tx, ty)
    cottage = [(880, 456), (880, 418), (906, 396), (968, 396), (990, 418), (990, 456)]
    p.shape(cottage, "#cfd6c4")
    p.shape([(872, 420), (904, 390), (970, 390), (998, 420)], "#7d3830")
    p.box(896, 426, 13, 15, "#ffcf7e")
    p.box(934, 426, 13, 15, "#ffcf7e")
    p.box(962, 428, 14, 28, "#5e3b35")
    p.glow(902, 434, 60, "#ffcf7e", 0.28)
    lawn = spline(
        [(846, 462), (880, 452), (940, 450), (1000, 448), (1030, 450), (1000, 470), (900, 474)]
    )
    p.shape(lawn, "#1c434f")
    return p


def _tower(p: Poster, tx: float, ty: float) -> None:
    left, right = (
        [(tx - 24, ty + 34), (tx - 44, ty + 308)],
        [(tx + 24, ty + 34), (tx + 44, ty + 308)],
    )
    tower = p.shape([*left, *reversed(right)], "#f5edd8")
    p.shape([(tx - 60, ty + 120), (tx + 60, ty + 120), (tx + 60, ty + 190), (tx - 60, ty + 190)],
            "#c04a3a", inside=tower)  # fmt: skip
    dark = [(tx + 6, ty + 30), (tx + 60, ty + 30), (tx + 60, ty + 320), (tx + 12, ty + 320)]
    p.shape(dark, "#1b3948", alpha=0.30, inside=tower)
    darker = [(tx + 17, ty + 30), (tx + 60, ty + 30), (tx + 60, ty + 320), (tx + 31, ty + 320)]
    p.shape(darker, "#1b3948", alpha=0.28, inside=tower)
    for dy in (78, 226):
        p.shape([*arc(tx - 6, ty + dy, 7, 0.5, 1.0), (tx + 1, ty + dy + 14),
                 (tx - 13, ty + dy + 14)], "#29424e")  # fmt: skip
    p.shape([*arc(tx - 8, ty + 282, 11, 0.5, 1.0), (tx + 3, ty + 308), (tx - 19, ty + 308)],
            "#29424e")  # fmt: skip
    p.box(tx - 36, ty + 26, 72, 9, "#3a5561")
    p.box(tx - 34, ty + 8, 68, 2.4, "#3a5561")
    for i in range(9):
        p.box(tx - 33 + i * 8, ty + 8, 1.8, 20, "#3a5561")
    p.box(tx - 19, ty - 20, 38, 46, "#ffefbe")
    for dx in (-19, -7, 5, 17):
        p.box(tx + dx, ty - 20, 2.2, 46, "#3a5561")
    p.shape([*arc(tx, ty - 20, 25, 0.5, 1.0, tall=0.9)], "#8c352b")
    p.box(tx - 1.5, ty - 58, 3, 18, "#3a5561")
    p.disc(tx, ty - 44, 4, "#8c352b")
    p.glow(tx, ty, 200, "#ffe9b0", 0.75)


def storm() -> Poster:
    """A breakwater with a red beacon under slanting rain; a wave bursts over the wall."""
    p = Poster(
        [(0, "#1b2b36"), (0.35, "#3c535d"), (0.6, "#8b9c99"), (0.68, "#c2c4b2"), (1, "#c2c4b2")]
    )
    random = np.random.default_rng(12)
    for row, tone in enumerate(("#22343f", "#2d424c", "#3a525b", "#4c656b")):
        y = 30 + row * 62
        cloud = [(x, y + 40 * sin(x / 150 + row * 1.7) + random.uniform(-18, 18))
                 for x in range(-60, 1300, 85)]  # fmt: skip
        p.shape([*spline(cloud, closed=False), (1260, -20), (-60, -20)],
                tone, alpha=0.55, blur=2.5)  # fmt: skip
    p.ground(_swell(432, 10, 190, 0.3), "#6d8685")
    p.ground(_swell(462, 18, 260, 1.9), "#4d6d72")
    p.ground(_swell(500, 26, 330, 4.0), "#345761")
    _burst(p, 690, 470, random)
    _breakwater(p)
    for base, high, wave, phase, tone in (
        (560, 36, 410, 2.6, "#24454f"),
        (606, 44, 520, 5.2, "#183540"),
        (660, 40, 640, 1.2, "#0e2731"),
    ):
        edge = _swell(base, high, wave, phase)
        p.ground(edge, tone)
        for part in _runs([(x, y) for x, y in edge if y < base - high * 0.42]):
            lee = part[len(part) // 2 - 2 :]
            p.shape(
                strip([(x, y + 2.5) for x, y in lee], lambda t: 6.5 * (1 - t)), CREAM, alpha=0.75
            )
            p.shape(
                strip([(x, y + 2) for x, y in part], lambda t: 2.2 * sin(t * pi)), CREAM, alpha=0.6
            )
    for _ in range(210):
        left, top = random.uniform(-100, 1300), random.uniform(-40, 640)
        fall = random.uniform(26, 74)
        p.line(
            [(left, top), (left - fall * 0.42, top + fall)],
            "#e6e8da",
            1,
            alpha=random.uniform(0.12, 0.4),
        )
    return p


def _swell(base: float, high: float, long: float, phase: float) -> list[Point]:
    """Waves with sharp crests: a trochoid's cousin."""
    edge = []
    for x in range(-20, WIDTH + 24, 3):
        s = sin(x * 2 * pi / long + phase)
        slow = sin(x * 2 * pi / (long * 2.7) + phase * 1.3)
        edge.append((float(x), base - high * (1 - abs(s)) ** 1.7 - high * 0.35 * slow))
    return edge


def _runs(points: list[Point]) -> list[list[Point]]:
    """The stretches of a line whose points are neighbors."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and point[0] - runs[-1][-1][0] < 4:
            runs[-1].append(point)
        else:
            runs.append([point])
    return [run for run in runs if len(run) > 6]


def _burst(p: Poster, x: float, y: float, random: np.random.Generator) -> None:
    """Spray that stands up behind a wall: jets that the wind bends to the right, and drops."""
    for tone, high, count in (("#8fa3a2", 330, 34), ("#b9c6bf", 265, 34), ("#f1eddd", 190, 30)):
        for i in range(count):
            foot = (i / (count - 1) - 0.5) * 190
            top = high * random.uniform(0.55, 1.12) * (1 - (foot / 150) ** 2 * 0.72)
            wide = random.uniform(24, 46)
            jet = [
                (x + foot * (1 + 0.75 * t) + 46 * t * t, y + 24 - top * (1 - (1 - t) ** 1.6))
                for t in np.linspace(0, 1, 30)
            ]
            p.shape(strip(jet, partial(_jet_width, wide)), tone, alpha=0.9)
    for _ in range(190):
        foot = random.normal(0, 95)
        far = random.uniform(90, 400) * (1 - min(0.8, abs(foot) / 260))
        p.disc(x + foot * 1.5 + far * 0.16, y - far, random.uniform(0.8, 3.4), "#f1eddd",
               alpha=random.uniform(0.4, 1))  # fmt: skip


def _jet_width(wide: float, share: float) -> float:
    return float(wide * (1 - share) ** 0.55 * (0.5 + share))


def _breakwater(p: Poster) -> None:
    """The wall, from the right edge to its round head, and the beacon on it."""
    wall = [(640, 640), (660, 498), (1230, 470), (1230, 660)]
    body = p.shape(wall, "#26363d")
    p.shape([(656, 498), (1230, 468), (1230, 486), (654, 516)], "#52646a")
    for row in range(6):
        y = 530 + row * 24
        p.line([(640, y), (1230, y - 28 + row * 2)], "#17262d", 1.6, alpha=0.8)
        for i in range(11):
            x = 664 + i * 56 + (row % 2) * 28
            p.line([(x, y - 1 - (x - 640) * 0.047), (x - 1, y + 22 - (x - 640) * 0.047)], "#17262d",
                   1.6, alpha=0.7)  # fmt: skip
    p.shape([(640, 640), (660, 498), (700, 496), (684, 640)], INK, alpha=0.3, inside=body)
    tx = 742.0
    tower = p.shape([(tx - 20, 494), (tx - 13, 372), (tx + 13, 372), (tx + 20, 492)], "#b8402f")
    p.box(tx - 30, 414, 60, 26, CREAM, inside=tower)
    p.shape(
        [(tx + 3, 372), (tx + 30, 372), (tx + 30, 494), (tx + 5, 494)],
        INK,
        alpha=0.28,
        inside=tower,
    )
    p.box(tx - 21, 365, 42, 7, "#1c2c34")
    p.box(tx - 10, 342, 20, 24, "#ffd98a")
    p.shape([(tx - 14, 343), (tx, 326), (tx + 14, 343)], "#7f2b22")
    p.glow(tx, 354, 130, "#ffcf7e", 0.65)
