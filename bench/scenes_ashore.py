"""The pictures on land: the fish auction, the island school, the theater."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from bench.poster import HEIGHT, WIDTH, Poster, arc, circle, gull, mix, ridge, spline

INK, NAVY, CREAM = "#0b1f2a", "#14384a", "#f7ecd2"


def market() -> Poster:
    """A hall with iron arches, a large clock, buyers on the tiers, boxes of fish in rows."""
    p = Poster([(0, "#2b5a63"), (0.5, "#5d8f8c"), (0.75, "#caa873"), (1, "#8a5a3a")])
    p.box(0, 0, WIDTH, HEIGHT, "#f1d79e", alpha=0.18)
    for depth, tone in enumerate(
        ("#173d49", "#245560", "#3a6f75", "#5f928f", "#8db3a4", "#c9d2ae", "#f6e6bb")
    ):
        r = 640 - depth * 76
        y = 420 - depth * 6
        opening = [*arc(600, y, r, 0.5, 1.0, tall=0.72), (600 + r, 700), (600 - r, 700)]
        p.shape(opening, tone)
        rib = [
            *arc(600, y, r, 0.5, 1.0, tall=0.72),
            *reversed(arc(600, y, r - 9, 0.5, 1.0, tall=0.72)),
        ]
        p.shape(rib, mix("#0f2f3a", tone, 0.35))
        for side in (-1, 1):
            p.box(600 + side * (r - 4.5) - 4.5, y, 9, 300, mix("#0f2f3a", tone, 0.35))
    _clock(p, 600, 262)
    _tiers(p)
    floor = [(-20, 520), (1220, 520)]
    p.ground(floor, [(0, "#7c8f86"), (0.77, "#7c8f86"), (1, "#2b4d55")])
    for row, (y, wide) in enumerate(((530, 128), (566, 158), (614, 196))):
        gap = wide + 14 + row * 6
        start = 600 - gap * (4.5 + (row % 2) * 0.5)
        for i in range(11):
            _crate(p, start + i * gap, y, w=wide, h=26 + row * 9, seed=row * 11 + i)
    return p


def _clock(p: Poster, x: float, y: float) -> None:
    p.line([(x, 60), (x, y - 80)], "#12303b", 5)
    p.disc(x, y + 5, 92, INK, alpha=0.3, blur=6)
    p.disc(x, y, 90, "#b17f2e")
    p.disc(x, y, 82, "#e4b04e")
    p.disc(x, y, 74, "#fbf3dc")
    for i in range(60):
        a = i * pi / 30
        inner = 62 if i % 5 == 0 else 67
        p.line([(x + inner * cos(a), y + inner * sin(a)), (x + 71 * cos(a), y + 71 * sin(a))],
               "#173340", 3.4 if i % 5 == 0 else 1.2)  # fmt: skip
    p.shape([(x - 4, y + 12), (x + 30, y - 54), (x + 5, y + 6)], "#c2452f")
    p.line([(x, y), (x - 40, y - 22)], "#173340", 5)
    p.disc(x, y, 7, "#173340")


def _tiers(p: Poster) -> None:
    """Two banks of benches with buyers on them, left and right of the aisle."""
    random = np.random.default_rng(6)
    coats = ("#14384a", "#8a3a2c", "#2d5a5c", "#3b3f4a", "#b2752c", "#5a4636")
    for row, y in enumerate((428, 468, 512)):
        for side in (-1, 1):
            near = 150 + row * 34
            x = 600.0 + side * near
            while 0 < abs(x - 600) < 640:
                if random.uniform() < 0.86:
                    _buyer(p, x, y, 1 + row * 0.16, coats[int(random.integers(0, 6))])
                x += side * random.uniform(44, 66)
            edge = 600 + side * (120 + row * 34)
            outer = 600 + side * 660
            p.shape([(edge, y), (outer, y - 6), (outer, y + 60), (edge, y + 60)],
                    mix("#7d5a36", "#4c3626", row / 2))  # fmt: skip
            p.shape(
                [(edge, y), (outer, y - 6), (outer, y + 2), (edge, y + 7)],
                mix("#c69a5e", "#8a6238", row / 2),
            )


def _buyer(p: Poster, x: float, y: float, size: float, coat: str) -> None:
    p.shape(spline([(x - 20 * size, y + 12), (x - 18 * size, y - 24 * size), (x, y - 36 * size),
                    (x + 18 * size, y - 24 * size), (x + 20 * size, y + 12)]), coat)  # fmt: skip
    p.disc(x, y - 44 * size, 10.5 * size, "#6b4634")
    p.shape(
        [*arc(x, y - 46 * size, 11 * size, 0.5, 1.0), (x + 14 * size, y - 45 * size)],
        mix(coat, INK, 0.45),
    )


def _crate(p: Poster, x: float, y: float, *, w: float, h: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    p.shape(
        [(x - 4, y + h), (x + w + 6, y + h), (x + w, y + h + 8), (x, y + h + 8)],
        INK,
        alpha=0.35,
        blur=3,
    )
    p.shape([(x + 6, y - h * 0.55), (x + w - 6, y - h * 0.55), (x + w, y), (x, y)], "#e9efe6")
    for i in range(5):
        fx = x + w * (0.13 + i * 0.185)
        fy = y - h * 0.26 + random.uniform(-2, 2)
        half = w * 0.085
        tone = ("#9fb7b6", "#7f9fa3", "#c3cfc6")[int(random.integers(0, 3))]
        fish = spline([(fx - half, fy), (fx, fy - h * 0.2), (fx + half, fy), (fx, fy + h * 0.2)])
        p.shape(fish, tone)
        p.shape(
            [
                (fx + half * 0.8, fy),
                (fx + half * 1.5, fy - h * 0.16),
                (fx + half * 1.5, fy + h * 0.16),
            ],
            tone,
        )
        p.shape(spline([(fx - half * 0.9, fy), (fx, fy + h * 0.02), (fx + half * 0.9, fy),
                        (fx, fy + h * 0.2)]), "#eef2e8", alpha=0.7)  # fmt: skip
        p.disc(fx - half * 0.66, fy - h * 0.03, 1.4, INK)
    box = "#c2553c" if seed % 3 == 0 else "#2e6f78" if seed % 3 == 1 else "#d9a441"
    p.box(x, y, w, h, box)
    p.box(x, y, w, 4, mix(box, "#ffffff", 0.35))
    p.box(x, y + h * 0.72, w, h * 0.28, INK, alpha=0.16)
    p.box(x + w * 0.38, y + h * 0.34, w * 0.24, h * 0.2, mix(box, INK, 0.5))


def school() -> Poster:
    """A small white schoolhouse with a bell tower on a hill above the sea."""
    p = Poster([(0, "#7fb3b5"), (0.3, "#b7d3c2"), (0.58, "#f5e3b5"), (1, "#f5e3b5")])
    p.glow(980, 150, 260, "#fff3cf", 0.7)
    p.disc(980, 150, 46, "#fff7e0")
    for x, y, s in ((210, 120, 1.1), (560, 82, 0.8), (800, 210, 0.65), (60, 250, 0.6)):
        _cloud(p, x, y, s)
    p.ground(ridge(398, 46, 17), "#9dbcae")
    p.ground(
        [(-20, 396), (1220, 396)],
        [(0, "#5fa3a6"), (0.59, "#6fb0ae"), (0.8, "#2f7884"), (1, "#1b5566")],
    )
    random = np.random.default_rng(3)
    for _ in range(70):
        left, top = random.uniform(0, WIDTH), random.uniform(402, 520)
        p.box(left, top, random.uniform(10, 34), 1.4, CREAM, alpha=random.uniform(0.15, 0.5))
    p.shape(spline([(960, 418), (990, 424), (1030, 424), (1046, 412), (1000, 414)]), "#7a3428")
    p.shape([(1000, 412), (1000, 366), (1034, 406)], CREAM)
    p.shape([(996, 412), (996, 376), (974, 408)], "#f0d49a")
    hill = spline([(-30, 520), (120, 486), (300, 440), (470, 414), (620, 420), (780, 470),
                   (930, 548), (1080, 620), (1230, 660)], closed=False)  # fmt: skip
    mask = p.ground(hill, [(0, "#8fae6a"), (0.62, "#8fae6a"), (1, "#3c6b52")])
    for dy, tone, alpha in ((54, "#7b9f61", 0.9), (120, "#5f8a58", 0.9), (186, "#47744f", 0.9)):
        edge = [(x, y + dy + 16 * sin(x / 120 + dy)) for x, y in hill]
        p.shape([*edge, (1230, 700), (-30, 700)], tone, alpha=alpha, inside=mask)
    path = spline(
        [(520, 432), (560, 470), (520, 510), (600, 556), (560, 604), (660, 690)], closed=False
    )
    for i, (at, down) in enumerate(path[::3]):
        w = 26 + i * 1.25
        p.shape(circle(at, down, w / 2, tall=0.26), "#ecd8a6" if i % 2 else "#dfc48c")
    _house(p, 330, 424)
    _bunting(p)
    for x, y, s in ((700, 250, 17), (752, 226, 12), (660, 300, 9)):
        gull(p, x, y, s, "#2b4f5a")
    return p


def _cloud(p: Poster, x: float, y: float, s: float) -> None:
    lobes = ((0, 0, 46), (54, -16, 58), (116, -2, 44), (160, 10, 30), (-40, 12, 28))
    for dx, dy, r in lobes:
        p.shape(
            [*arc(x + dx * s, y + 22 * s, (r + 0.0) * s, 0.5, 1.0, tall=1 - dy / 90)],
            "#fdf5df",
            alpha=0.92,
        )


def _house(p: Poster, x: float, y: float) -> None:
    """The schoolhouse; (x, y) is the lower left corner."""
    p.shape(
        [(x - 26, y + 14), (x + 270, y - 6), (x + 330, y + 22), (x + 20, y + 34)],
        "#2f5a44",
        alpha=0.4,
        blur=4,
    )
    p.shape([(x, y + 14), (x, y - 92), (x + 206, y - 92), (x + 206, y + 6)], "#fbf4e0")
    p.shape(
        [
            (x + 206, y - 92),
            (x + 250, y - 128),
            (x + 294, y - 92),
            (x + 294, y + 10),
            (x + 206, y + 6),
        ],
        "#e7dcc0",
    )
    p.shape([(x - 14, y - 86), (x + 16, y - 144), (x + 250, y - 144), (x + 206, y - 86)], "#b8503a")
    p.shape([(x + 200, y - 82), (x + 250, y - 146), (x + 304, y - 82), (x + 290, y - 82),
             (x + 250, y - 128), (x + 212, y - 82)], "#8f3a2c")  # fmt: skip
    for i in range(5):
        p.line(
            [(x - 10 + i * 7, y - 96 - i * 11), (x + 208 + i * 8.6, y - 96 - i * 11)],
            "#9d4231",
            1.4,
            alpha=0.7,
        )
    tx = x + 96
    p.box(tx, y - 204, 44, 66, "#fbf4e0")
    p.box(tx + 28, y - 204, 16, 66, "#e7dcc0")
    p.shape(
        [*arc(tx + 22, y - 178, 12, 0.5, 1.0), (tx + 34, y - 152), (tx + 10, y - 152)], "#33515a"
    )
    bell = [(tx + 15, y - 160), (tx + 18, y - 176), (tx + 26, y - 176), (tx + 29, y - 160)]
    p.shape(bell, "#e4b04e")
    p.shape([(tx - 8, y - 202), (tx + 22, y - 250), (tx + 52, y - 202)], "#b8503a")
    p.shape([(tx + 22, y - 250), (tx + 52, y - 202), (tx + 30, y - 202)], "#8f3a2c")
    p.line([(tx + 22, y - 250), (tx + 22, y - 276)], "#33515a", 2)
    p.shape([(tx + 22, y - 276), (tx + 46, y - 269), (tx + 22, y - 262)], "#e2694a")
    for i in range(3):
        wx = x + 20 + i * 62
        p.box(wx, y - 68, 36, 46, "#39606b")
        p.shape([(wx, y - 68), (wx + 36, y - 68), (wx, y - 40)], "#7fa7a6", alpha=0.8)
        p.box(wx + 16.5, y - 68, 3, 46, CREAM)
        p.box(wx, y - 47, 36, 3, CREAM)
        p.box(wx - 4, y - 22, 44, 4, "#d9cba6")
    p.shape([*arc(x + 250, y - 44, 19, 0.5, 1.0), (x + 269, y + 9), (x + 231, y + 7)], "#2e6f78")
    p.disc(x + 262, y - 16, 2.4, "#e4b04e")


def _bunting(p: Poster) -> None:
    line = spline([(640, 306), (730, 372), (830, 352)], closed=False)
    p.line([(640, 306), (640, 424)], "#6b4a34", 5)
    p.line([(830, 352), (832, 496)], "#6b4a34", 5)
    p.line(line, "#33515a", 1.6)
    tones = ("#e2694a", "#f2b65a", "#2e6f78", "#fdf5df")
    for i, (x, y) in enumerate(line[3:-3:5]):
        p.shape([(x - 7, y), (x + 7, y + 1), (x, y + 17)], tones[i % 4])


def theater() -> Poster:
    """A stage with red curtains half open on a painted sea, rows of empty seats before it."""
    p = Poster([(0, "#1a1220"), (0.5, "#2b1a26"), (1, "#120c16")])
    p.box(170, 92, 860, 420, "#f0cf8e")
    stage = p.box(170, 92, 860, 420, "#1e4a5c")
    p.lay([(0, "#16384c"), (0.45, "#3e7c86"), (0.62, "#f0cf9a"), (1, "#f0cf9a")], stage)
    p.glow(600, 230, 300, "#ffedbd", 0.6)
    moon = p.disc(690, 196, 60, "#fdf0cb")
    p.disc(716, 184, 54, "#f4dca4", alpha=0.55, inside=moon)
    p.line([(690, 92), (690, 136)], "#fdf0cb", 1.4)
    for x, top in ((430, 92), (470, 92), (840, 92)):
        y = 150 + (x % 7) * 14
        p.line([(x, top), (x, y)], "#fdf0cb", 1.2, alpha=0.8)
        star = []
        for i in range(10):
            r = 14 if i % 2 == 0 else 6
            star.append((x + r * sin(i * pi / 5), y + 10 - r * cos(i * pi / 5)))
        p.shape(star, "#fdf0cb")
    for row, tone in enumerate(("#5f9f9f", "#3b7f88", "#24606f", "#164556")):
        y = 336 + row * 38
        wave = []
        for x in range(160, 1044, 4):
            s = (x / (74 + row * 8) + row * 0.5) % 1
            wave.append((float(x), y - 30 * s**2.4 + 4))
        p.shape([*wave, (1044, 520), (160, 520)], tone, inside=stage)
        p.line(wave, CREAM, 2, alpha=0.55, inside=stage)
        if row == 1:
            _paper_ship(p, 540, y - 6)
    floor = [(150, 496), (1050, 496), (1130, 560), (70, 560)]
    p.shape(floor, "#8a5a34")
    for i in range(17):
        plank = i * 56.25
        p.line([(150 + plank, 496), (70 + plank * 1.178, 560)], "#5d3a22", 1.4, alpha=0.8)
    p.shape(floor, "#ffdf9a", alpha=0.22)
    _curtains(p)
    p.box(60, 556, 1080, 14, "#d6a24a")
    p.box(60, 568, 1080, 40, "#3b1a1c")
    for i in range(19):
        x = 96 + i * 56
        p.shape([*arc(x, 557, 11, 0.5, 1.0)], "#fff0c2")
        p.glow(x, 552, 40, "#ffdf9a", 0.35)
    _seats(p)
    return p


def _paper_ship(p: Poster, x: float, y: float) -> None:
    p.shape([(x - 62, y - 14), (x + 62, y - 14), (x + 42, y + 18), (x - 42, y + 18)], "#c2553c")
    p.shape([(x - 62, y - 14), (x + 62, y - 14), (x + 58, y - 7), (x - 58, y - 7)], CREAM)
    p.box(x - 2, y - 104, 4, 92, "#6b4a34")
    p.shape(spline([(x + 4, y - 100), (x + 42, y - 56), (x + 50, y - 22), (x + 4, y - 24)]), CREAM)
    p.shape(
        spline([(x - 4, y - 86), (x - 34, y - 50), (x - 42, y - 24), (x - 4, y - 26)]), "#efdcb0"
    )
    p.shape([(x, y - 106), (x + 24, y - 99), (x, y - 92)], "#e2694a")


def _curtains(p: Poster) -> None:
    """Folds of red, gathered to the sides, with a scalloped valance above."""
    folds = 11
    for side in (-1, 1):
        for i in range(folds * 4):
            share = i / (folds * 4)
            light = 0.5 + 0.5 * sin(share * folds * 2 * pi)
            tone = mix("#5a1219", "#c33a35", light * (0.55 + 0.45 * share))
            top0, top1 = 640 - 400 * share * 0.72, 640 - 400 * (share + 1 / 44) * 0.72
            knot0, knot1 = 540 - 66 * share, 540 - 66 * (share + 1 / 44)
            low0, low1 = 560 - 130 * share, 560 - 130 * (share + 1 / 44)
            upper = spline([(600 + side * top0, 70), (600 + side * (knot0 * 0.82 + 60), 240),
                            (600 + side * knot0, 392), (600 + side * low0, 556)],
                           closed=False)  # fmt: skip
            lower = spline([(600 + side * top1, 70), (600 + side * (knot1 * 0.82 + 60), 240),
                            (600 + side * knot1, 392), (600 + side * low1, 556)],
                           closed=False)  # fmt: skip
            p.shape([*upper, *reversed(lower)], tone)
        tie = 600 + side * 506
        p.shape(spline([(tie - 40, 384), (tie, 378), (tie + 40, 384), (tie + 40, 398), (tie, 404),
                        (tie - 40, 398)]), "#e4b04e")  # fmt: skip
    p.box(0, 0, WIDTH, 60, "#3d0d14")
    for i in range(9):
        x = -10 + i * 137.5
        swag = [*arc(x + 60, 56, 76, 0.0, 0.5, tall=0.72)]
        p.shape([(x - 16, 0), (x + 136, 0), *swag], "#9c2a2b")
        for k, tone in ((0.74, "#b43432"), (0.46, "#8a2126"), (0.2, "#a52d2d")):
            p.shape([(x - 16 + 76 * (1 - k), 0), (x + 136 - 76 * (1 - k), 0),
                     *arc(x + 60, 56, 76 * k, 0.0, 0.5, tall=0.72 / max(k, 0.55))],
                    tone)  # fmt: skip
        p.line(swag, "#e4b04e", 4)


def _seats(p: Poster) -> None:
    for row, (y, wide, tone) in enumerate(
        ((612, 62, "#4a1a20"), (646, 78, "#331218"), (690, 96, "#1d0b10"))
    ):
        start = 600 - (wide + 10) * 10 - (row % 2) * (wide + 10) / 2
        for i in range(22):
            x = start + i * (wide + 10)
            back = [
                *arc(x + wide / 2, y, wide / 2, 0.5, 1.0, tall=0.62),
                (x + wide, y + 60),
                (x, y + 60),
            ]
            p.shape(back, tone)
            rim = arc(x + wide / 2, y, wide / 2 - 2, 0.56, 0.94, tall=0.62)
            p.line(rim, "#d98a4a", 2, alpha=0.55 - row * 0.14)
