"""The plots: sound XML, all of it inside the view, no number that is none, every word escaped."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from digest.site.stats import plots
from digest.site.stats.plots import WIDTH, Bar, Series, ticks

HOSTILE = (
    '"><script>alert(1)</script>&amp;',
    "ميناء الصيد يفتح سوقًا ليلية للمراكب الصغيرة في الميناء القديم",
    "港の市場が百周年を迎え、夜の灯りが戻る" * 20,
    "\u202eright to left\u202c \x00\x1b[31m \ud800 \ufffe",
    "W" * 700,
    "👩‍👩‍👧‍👦" * 20,
    "",
)
words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
numbers = st.one_of(st.none(), st.floats(), st.floats(0, 1e6), st.integers(0, 10**6).map(float))


def said(value: float) -> str:
    return f"{value:,.0f} <KB>"


def checked(svg: Markup, *texts: str) -> ET.Element:
    """The plot, which is XML, keeps inside its view and has no number that is none."""
    root = ET.fromstring(svg)
    assert "nan" not in svg.lower().replace(said(math.nan), "") or any(
        "nan" in text.lower() for text in texts
    )
    left, top, wide, high = map(float, root.attrib["viewBox"].split())
    assert (left, top, wide) == (0, 0, WIDTH)
    for element in root.iter():
        inside(element, high)
    assert root.attrib["role"] == "img"
    named = {element.attrib.get("id"): element for element in root.iter()}
    assert named[root.attrib["aria-labelledby"]].tag == "title"
    assert named[root.attrib["aria-describedby"]].tag == "desc"
    assert {element.tag for element in root.iter()} <= {
        "svg", "title", "desc", "g", "rect", "line", "text", "path", "polyline", "polygon",
        "circle",
    }  # fmt: skip
    return root


def inside(element: ET.Element, high: float) -> None:
    at = element.attrib
    across = [float(at[key]) for key in ("x", "x1", "x2", "cx") if key in at]
    down = [float(at[key]) for key in ("y", "y1", "y2", "cy") if key in at]
    if element.tag == "rect":
        assert float(at["width"]) >= 0
        assert float(at["height"]) >= 0
        across.append(float(at["x"]) + float(at["width"]))
        down.append(float(at["y"]) + float(at["height"]))
    for pair in at.get("points", "").split():
        x, y = pair.split(",")
        across.append(float(x))
        down.append(float(y))
    assert all(-0.1 <= x <= WIDTH + 0.1 for x in across), at
    assert all(-0.1 <= y <= high + 0.1 for y in down), at


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(words, numbers, words, numbers), max_size=14), words)
@example([(text, math.inf, text, math.nan) for text in HOSTILE], HOSTILE[0])
def test_bars(rows: list[tuple[str, float | None, str, float | None]], title: str) -> None:
    made = [
        Bar(name=name, value=math.nan if value is None else value, said=told, mark=mark)
        for name, value, told, mark in rows
    ]
    texts = [title, *(text for row in rows for text in (row[0], row[2]))]
    checked(plots.bars(made, key="k", title=title, desc=title), *texts)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(words, numbers, numbers), max_size=30), words)
@example([(text, 1e308, 1e308) for text in HOSTILE], HOSTILE[4])
@example([("only", 5e-324, None)], "")
def test_plots_over_time(rows: list[tuple[str, float | None, float | None]], name: str) -> None:
    labels = [row[0] for row in rows]
    one = Series(name=name, values=tuple(row[1] for row in rows))
    two = Series(name=name, values=tuple(row[2] for row in rows), quiet=True)
    texts = [*labels, name]
    for svg in (
        plots.columns(labels, (one, two), key="k", title=name, desc=name, said=said),
        plots.lines(
            labels, (one, two), key="k", title=name, desc=name, said=said, limit=(9.0, name)
        ),
        plots.area(labels, one.values, key="k", title=name, desc=name, said=said, top=2.0),
    ):
        checked(svg, *texts)


def test_words_from_outside_stay_words() -> None:
    svg = plots.bars(
        [Bar(name=text, value=1.0, said="1") for text in HOSTILE], key="k", title="t", desc="d"
    )
    assert "<script" not in svg
    assert "\u202e" not in svg
    shown = [element.text or "" for element in ET.fromstring(svg).iter("text")]
    assert HOSTILE[0] in shown
    assert any(text.startswith("港の") and text.endswith("…") for text in shown)


@given(st.floats(0, 1e12), st.integers(2, 6))
def test_ticks_are_round_and_reach_the_top(top: float, most: int) -> None:
    found = ticks(top, most=most)
    assert found[0] == 0
    assert 2 <= len(found) <= most + 1
    assert found[-1] >= top * (1 - 1e-6) or top <= 1e-9
    assert float(f"{found[1]:.0e}") == pytest.approx(found[1])
    assert f"{found[1]:.0e}"[0] in "125"


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (0, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (7, (0, 2, 4, 6, 8)),
        (100, (0, 20, 40, 60, 80, 100)),
        (101, (0, 50, 100, 150)),
    ],
)
def test_usual_ticks(top: float, expected: tuple[float, ...]) -> None:
    assert ticks(top) == pytest.approx(expected)


def test_a_gap_breaks_the_line_and_a_lone_value_is_a_dot() -> None:
    series = Series(name="n", values=(1.0, 2.0, None, 3.0, None, 4.0, 5.0))
    svg = plots.lines("abcdefg", (series,), key="k", title="t", desc="d", said=said)
    assert svg.count("<polyline") == 2
    assert svg.count("<circle") == 1


def test_stacked_columns_stand_on_each_other() -> None:
    series = (Series(name="a", values=(2.0,)), Series(name="b", values=(3.0,)))
    svg = plots.columns(["x"], series, key="k", title="t", desc="d", said=said)
    low, high = (
        next(e.attrib for e in ET.fromstring(svg).iter("rect")
             if e.attrib["class"] == kind and float(e.attrib["width"]) > 10)
        for kind in ("s1", "s2")
    )  # fmt: skip
    assert float(high["y"]) + float(high["height"]) == pytest.approx(float(low["y"]), abs=0.2)
    assert float(high["height"]) / float(low["height"]) == pytest.approx(1.5, abs=0.02)


def test_labels_below_do_not_touch() -> None:
    labels = [f"2026-W{week:02d}" for week in range(1, 53)]
    series = Series(name="n", values=tuple(float(n) for n in range(52)))
    svg = plots.columns(labels, (series,), key="k", title="t", desc="d", said=said)
    places = [float(x) for x in re.findall(r'x="([\d.]+)" y="194" text-anchor="middle"', svg)]
    assert len(places) >= 3
    assert min(b - a for a, b in pairwise(places)) > 56


def test_equal_values_give_equal_bytes() -> None:
    rows = [Bar(name="a", value=1 / 3, said="x", mark=0.1)]
    assert plots.bars(rows, key="k", title="t", desc="d") == plots.bars(
        list(rows), key="k", title="t", desc="d"
    )
