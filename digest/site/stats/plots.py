"""Small plots as SVG that stands in a page: bars, columns over time, lines, and small areas.

A plot is 360 units wide: on a phone a unit is about a pixel, so that its letters can be read there.
It takes its colors from the page (`stats.css`), by class. What it says, a table beside it says too;
`title` and `desc` are for those who listen. Equal values give equal bytes; what is no number (None,
NaN) is a gap, and what is below zero stands at zero.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from digest.text.widths import graphemes, width

WIDTH = 360
_BOTTOM, _RIGHT, _LEGEND = 22.0, 8.0, 22.0
_LABEL, _AXIS = 12.0, 11.0
"""Sizes of letters, in units."""

_LONGEST = 500
"""Characters of a text that are looked at: more than any room of a plot holds."""

Value = float | None
Said = Callable[[float], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar with its name above it; `mark` is another value, shown as a line across it."""

    name: str
    value: float
    said: str
    mark: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Values over time, one for each label of the plot; `quiet` ones stand back behind the rest."""

    name: str
    values: tuple[Value, ...]
    quiet: bool = False


def ticks(top: float, *, most: int = 5) -> tuple[float, ...]:
    """Round values from 0 to at least `top`, `most` steps or fewer, each 1, 2 or 5 times a ten."""
    top = min(_sound(top), 1e15)
    top = top if top > 1e-9 else 1.0
    size = 10.0 ** math.floor(math.log10(top / most))
    step = next(size * n for n in (1, 2, 5, 10, 20) if size * n * most >= top * (1 - 1e-9))
    steps = max(1, math.ceil(top / step - 1e-9))
    return tuple(step * n for n in range(steps + 1))


def bars(rows: Sequence[Bar], *, key: str, title: str, desc: str, top: float = 0.0) -> Markup:
    """A bar for each row, the longest as wide as the plot, or `top` where that is more.

    `key` is the plot's name on its page, for the ids of its title and its description.
    """
    most = max([top, *(_sound(row.value) for row in rows), *(_sound(row.mark) for row in rows)])
    most = most or 1.0
    track = "".join(f"M0 {34 * at + 18}h{WIDTH}v8H0z" for at in range(len(rows)))
    body = [f'<path class="track" d="{track}"/>']
    for at, row in enumerate(rows):
        y = 34.0 * at
        said = _fitted(row.said, WIDTH / 2, _LABEL)
        name = _fitted(row.name, WIDTH - _units(said, _LABEL) - 12, _LABEL)
        whole = _fitted(row.name, 2 * WIDTH, _LABEL)
        body.append(f"<g><title>{escape(whole)}</title>" if whole != name else "")
        body.append(_text(0, y + 12, name))
        body.append("</g>" if whole != name else "")
        body.append(_text(WIDTH, y + 12, said, kind="value", anchor="end"))
        body.append(_rect(0, y + 18, WIDTH * (_sound(row.value) / most), 8, "s1"))
        if row.mark is not None:
            x = min(WIDTH - 1.5, max(1.5, WIDTH * (_sound(row.mark) / most)))
            body.append(_rect(x - 1.5, y + 15, 3, 14, "mark"))
    return _svg("".join(body), height=34.0 * max(1, len(rows)), key=key, title=title, desc=desc)


def columns(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    key: str,
    title: str,
    desc: str,
    said: Said,
    height: float = 200.0,
) -> Markup:
    """A column for each label, the first series at its foot and the others stacked on it."""
    heights = [[_sound(one.values[at]) for one in series] for at in range(len(labels))]
    frame = _Frame(labels, max(map(sum, heights), default=0.0), said, height, legend=series)
    room = frame.room / max(1, len(labels))
    wide = min(24.0, max(1.0, room * 0.72))
    body = [frame.drawn()]
    for at, parts in enumerate(heights):
        x = frame.left + room * (at + 0.5) - wide / 2
        told = ", ".join(f"{one.name} {said(v)}" for one, v in zip(series, parts, strict=True))
        foot = 0.0
        body.append(f"<g><title>{escape(_clean(f'{labels[at]}: {told}'))}</title>")
        for number, value in enumerate(parts, start=1):
            low, high = frame.y(foot), frame.y(foot + value)
            if low - high > 0.05:
                body.append(_rect(x, high, wide, low - high, _kind(number, series[number - 1])))
            foot += value
        body.append("</g>")
    return _svg("".join(body), height=height, key=key, title=title, desc=desc)


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    key: str,
    title: str,
    desc: str,
    said: Said,
    limit: tuple[float, str] | None = None,
    height: float = 200.0,
) -> Markup:
    """A line for each series, told apart by color and by dashes; `limit` is one across, named."""
    values = [_sound(value) for one in series for value in one.values]
    most = max([*values, limit[0] if limit else 0.0], default=0.0)
    frame = _Frame(labels, most, said, height, legend=series, as_lines=True)
    body = [frame.drawn()]
    if limit:
        y = frame.y(limit[0])
        body.append(_line(frame.left, y, WIDTH - _RIGHT, y, "limit"))
        body.append(_text(frame.left + 2, y - 5, limit[1], kind="axis"))
    for number, one in enumerate(series, start=1):
        body += _strokes(frame, one.values, f"l{number}")
    return _svg("".join(body), height=height, key=key, title=title, desc=desc)


def area(
    labels: Sequence[str],
    values: Sequence[Value],
    *,
    key: str,
    title: str,
    desc: str,
    said: Said,
    top: float,
    height: float = 96.0,
) -> Markup:
    """A small plot among others of the same `top`: an area over time, with few words."""
    most = max([top, *(_sound(value) for value in values)])
    frame = _Frame(labels, most, said, height, steps=2)
    body = [frame.drawn()]
    for run in _runs(frame, values):
        if len(run) == 1:
            x, y = run[0]
            body.append(_rect(x - 1, y, 2, frame.y(0) - y, "s1"))
            continue
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in run)
        foot = _n(frame.y(0))
        outline = f"{_n(run[0][0])},{foot} {points} {_n(run[-1][0])},{foot}"
        body.append(f'<polygon class="fill" points="{outline}"/>')
        body.append(f'<polyline class="l1" points="{points}"/>')
    return _svg("".join(body), height=height, key=key, title=title, desc=desc)


class _Frame:
    """The axes of a plot over time, and where a value stands in it."""

    def __init__(
        self,
        labels: Sequence[str],
        most: float,
        said: Said,
        height: float,
        *,
        legend: Sequence[Series] = (),
        as_lines: bool = False,
        steps: int = 4,
    ) -> None:
        self._labels = [_fitted(label, WIDTH / 3, _AXIS) for label in labels]
        self._ticks = [(tick, _fitted(said(tick), 90, _AXIS)) for tick in ticks(most, most=steps)]
        self._legend = legend if len(legend) > 1 else ()
        self._as_lines = as_lines
        self._most = self._ticks[-1][0]
        self._top = 10.0 + (_LEGEND if self._legend else 0)
        self._foot = height - _BOTTOM
        self.left = 8.0 + max(_units(text, _AXIS) for _, text in self._ticks)
        self.room = WIDTH - _RIGHT - self.left

    def x(self, at: int) -> float:
        """The middle of the room of the label of that number."""
        return self.left + self.room * (at + 0.5) / max(1, len(self._labels))

    def y(self, value: float) -> float:
        """The height of a value."""
        share = min(1.0, _sound(value) / self._most)
        return self._foot - share * (self._foot - self._top)

    def drawn(self) -> str:
        """Legend, grid and labels."""
        parts: list[str] = []
        x, room = self.left, self.room / max(1, len(self._legend))
        for number, one in enumerate(self._legend, start=1):
            if self._as_lines:
                parts.append(_line(x, 10, x + 18, 10, f"l{number}"))
            else:
                parts.append(_rect(x + 4, 5, 10, 10, _kind(number, one)))
            name = _fitted(one.name, room - 38, _AXIS)
            parts.append(_text(x + 24, 14, name, kind="legend"))
            x += 38 + _units(name, _AXIS)
        for tick, text in self._ticks:
            y = self.y(tick)
            parts.append(_line(self.left, y, WIDTH - _RIGHT, y, "grid"))
            parts.append(_text(self.left - 6, y + 4, text, kind="axis", anchor="end"))
        parts += self._below()
        return "".join(parts)

    def _below(self) -> Iterator[str]:
        """As many labels as stand beside each other, at even steps back from the last."""
        count = len(self._labels)
        if not count:
            return
        widest = max(_units(label, _AXIS) for label in self._labels) + 24
        fit = max(1, min(count, int(self.room / widest)))
        for at in reversed(range(count - 1, -1, -math.ceil(count / fit))):
            label = self._labels[at]
            half = _units(label, _AXIS) / 2
            x = min(WIDTH - half - 1, max(half + 1, self.x(at)))
            yield _text(x, self._foot + 16, label, kind="axis", anchor="middle")


def _runs(frame: _Frame, values: Sequence[Value]) -> Iterator[list[tuple[float, float]]]:
    """The points of each stretch of values without a gap."""
    run: list[tuple[float, float]] = []
    for at, value in enumerate((*values, None)):
        if value is not None and math.isfinite(value):
            run.append((frame.x(at), frame.y(value)))
        elif run:
            yield run
            run = []


def _strokes(frame: _Frame, values: Sequence[Value], kind: str) -> Iterator[str]:
    for run in _runs(frame, values):
        if len(run) == 1:
            x, y = run[0]
            yield f'<circle class="{kind} dot" cx="{_n(x)}" cy="{_n(y)}" r="2.5"/>'
        else:
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in run)
            yield f'<polyline class="{kind}" points="{points}"/>'


def _svg(body: str, *, height: float, key: str, title: str, desc: str) -> Markup:
    name = escape(key)
    return Markup(  # noqa: S704 — every text in `body` is escaped where it is put there
        f'<svg class="plot" viewBox="0 0 {WIDTH} {_n(height)}" role="img" '
        f'aria-labelledby="{name}-t" aria-describedby="{name}-d">'
        f'<title id="{name}-t">{escape(_clean(title))}</title>'
        f'<desc id="{name}-d">{escape(_clean(desc))}</desc>{body}</svg>'
    )


def _text(x: float, y: float, words: str, *, kind: str = "", anchor: str = "start") -> str:
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{_n(x)}" y="{_n(y)}"{side}>{escape(_clean(words))}</text>'


def _rect(x: float, y: float, wide: float, high: float, kind: str) -> str:
    at = f'x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}"'
    return f'<rect class="{kind}" {at}/>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"/>'


def _kind(number: int, one: Series) -> str:
    return "rest" if one.quiet else f"s{number}"


def _n(value: float) -> str:
    """A coordinate, to a tenth of a unit."""
    return f"{value:.1f}".removesuffix(".0")


def _sound(value: Value) -> float:
    """The value where it is a number from 0 up, else 0."""
    return value if value is not None and math.isfinite(value) and value > 0 else 0.0


def _clean(text: str) -> str:
    """`text` on one line, without what XML forbids or what turns the direction of others."""
    kept = (
        c
        for c in " ".join(text.split())
        if (unicodedata.category(c) not in {"Cc", "Cf", "Cs"} or c in "\u200c\u200d")
        and c not in "\ufffe\uffff"
    )
    return "".join(kept)


def _units(text: str, size: float) -> float:
    """About how wide `text` is in letters of that size, rather more than less."""
    return size * sum(map(_ems, graphemes(text)))


def _ems(character: str) -> float:
    first = character[0]
    if width(character) > 1:
        return 1.35 if len(character) > 1 or ord(first) > 0xFFFF else 1.05
    if first in "WM@%mw—…" or unicodedata.category(first) == "So":
        return 1.0
    if first in " .,:;'|ilj!·":
        return 0.34
    return 0.78 if first.isupper() else 0.62


def _fitted(text: str, room: float, size: float) -> str:
    """`text`, cut with an ellipsis where it is wider than `room` units."""
    text = _clean(text[:_LONGEST])
    kept: list[str] = []
    used, fits = 0.0, 0
    for character in graphemes(text):
        used += size * _ems(character)
        if used > room:
            return "".join(kept[:fits]).rstrip() + "…"
        kept.append(character)
        if used + size <= room:  # and the ellipsis behind it
            fits = len(kept)
    return text
