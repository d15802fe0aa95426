"""What Outlook's engine, Word, reads: the conditional comments opened, and its tables held to rule.

Word shows `<!--[if mso | IE]>…<![endif]-->` and drops `<!--[if !mso]><!-->…<!--<![endif]-->`. Its
layout is tables, and it forgives no tag that is left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_DROPPED = re.compile(r"<!--\[if !mso[^\]]*\]><!-->.*?<!--<!\[endif\]-->", re.DOTALL)
_SHOWN = re.compile(r"<!--\[if (?!!)[^\]]*\]>(.*?)<!\[endif\]-->", re.DOTALL)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
     "wbr")
)  # fmt: skip
_UNITLESS = re.compile(r"""<mj-[^<>]*?\bpadding[a-z-]*="(?:[^"]*\s)?0(?:\s[^"]*)?\"""")
_INSIDE = {
    "tr": {"table", "tbody", "thead", "tfoot"}, "td": {"tr"}, "th": {"tr"},
    "tbody": {"table"}, "thead": {"table"}, "tfoot": {"table"},
}  # fmt: skip


def as_word_reads(html: str) -> str:
    """`html` with the comments that are meant for Word opened, and what is hidden from it gone."""
    return _SHOWN.sub(r"\1", _DROPPED.sub("", html))


def faults_in_word(html: str, *, page: int) -> tuple[str, ...]:
    """What is wrong with the tables of an email of `page` pixels as Word reads them.

    Tags that do not close in order; rows outside a table, cells outside a row; a row of ghost
    columns that is not as wide as its section's; any width above the page's or the cell's around.
    """
    reader = _Reader(page)
    reader.feed(as_word_reads(html))
    reader.close()
    reader.end()
    return tuple(reader.faults)


def unitless_zeros(mjml: str) -> tuple[str, ...]:
    """Tags of MJML whose padding holds a zero without a unit: mrml then miscounts the widths."""
    return tuple(hit[0] for hit in _UNITLESS.finditer(mjml))


@dataclass(slots=True)
class _Open:
    """A tag that is open: the pixels it says it is wide, and those it leaves to what is inside."""

    name: str
    line: int
    width: float | None
    room: float
    cells: list[float | None] = field(default_factory=list)


class _Reader(HTMLParser):
    """A strict stack of open tags; HTML's own leniency is what Word does not have."""

    def __init__(self, page: int) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._page = page
        self._open: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._check_width(tag, _width(tag, attrs))
            return
        parents = _INSIDE.get(tag)
        if parents and (not self._open or self._open[-1].name not in parents):
            self._fault(f"<{tag}> stands in <{self._open[-1].name if self._open else ''}>")
        width = _width(tag, attrs)
        self._check_width(tag, width)
        room = self._open[-1].room if self._open else self._page
        room = min(room, width or room)
        if tag in {"td", "th"} and self._open:
            self._open[-1].cells.append(width)
        sides = sum(_side_padding(attrs))
        self._open.append(_Open(tag, self.getpos()[0], width, room - sides))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself: a void one, or one of VML's and Office's."""
        self._check_width(tag, _width(tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self._open or self._open[-1].name != tag:
            what = self._open[-1].name if self._open else "nothing"
            self._fault(f"</{tag}> closes <{what}>")
            return
        closed = self._open.pop()
        if closed.name == "tr":
            self._check_row(closed)

    def end(self) -> None:
        """Tell what was never closed."""
        self.faults += [f"line {tag.line}: <{tag.name}> is never closed" for tag in self._open]

    def _check_width(self, tag: str, width: float | None) -> None:
        room = self._open[-1].room if self._open else self._page
        if width is not None and width > room + 0.5:
            self._fault(f"<{tag}> is {width:g} px wide where {room:g} are left")

    def _check_row(self, row: _Open) -> None:
        """Cells that all say a width are ghost columns: together they fill their section."""
        widths = [cell for cell in row.cells if cell is not None]
        if not widths or len(widths) < len(row.cells):
            return
        ghost = next((tag for tag in reversed(self._open) if tag.name == "table"), None)
        total = sum(widths)
        if total > row.room + 0.5:
            self._fault(f"a row's cells are {total:g} px wide where {row.room:g} are left")
        elif ghost is not None and len(widths) > 1 and total < row.room - 1:
            self._fault(f"a row's cells are {total:g} px wide and leave {row.room - total:g} empty")

    def _fault(self, what: str) -> None:
        line = self.getpos()[0]
        self.faults.append(f"line {line}: {what}")


def _style(attrs: list[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    for rule in (dict(attrs).get("style") or "").split(";"):
        name, _, value = rule.partition(":")
        yield name.strip().lower(), value.strip()


def _width(tag: str, attrs: list[tuple[str, str | None]]) -> float | None:
    """The pixels that a tag says it is wide: its attribute, else its style where Word reads it."""
    said = dict(attrs).get("width") or ""
    if re.fullmatch(r"\d+(?:\.\d+)?(?:px)?", said):
        return float(said.removesuffix("px"))
    if tag in {"td", "th", "table"}:
        styled = dict(_style(attrs)).get("width", "")
        if re.fullmatch(r"\d+(?:\.\d+)?px", styled):
            return float(styled.removesuffix("px"))
    return None


def _side_padding(attrs: list[tuple[str, str | None]]) -> tuple[float, float]:
    """Left and right padding in pixels."""
    left = right = 0.0
    for name, value in _style(attrs):
        sizes = [float(number) for number in re.findall(r"(-?\d+(?:\.\d+)?)(?:px)?(?=\s|$)", value)]
        if not sizes:
            continue
        if name == "padding":
            right = sizes[1] if len(sizes) > 1 else sizes[0]
            left = sizes[3] if len(sizes) > 3 else right
        elif name == "padding-left":
            left = sizes[0]
        elif name == "padding-right":
            right = sizes[0]
    return left, right
