"""The templates of the pages and their one stylesheet, both package data."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

CLIP_BYTES = 102_000
"""Gmail hides what comes after about 102 KB of HTML."""
NEAR_CLIP_BYTES = 100_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("digest.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "day": _day,
        "moment": _moment,
        "clock": _clock,
        "kb": _kilobytes,
        "mark": lambda moment: moment.isoformat(),
        "web_only": _web_only,
    }
    environment.globals |= {"clip": CLIP_BYTES, "near_clip": NEAR_CLIP_BYTES}
    return environment


def page(template: str, **values: Any) -> str:
    """The page of `template`; control characters, which HTML forbids, are left out.

    With a `version`, the page asks at the address `follow` (from `root`) whether it is still that.
    """
    values = {"version": "", "follow": "version"} | values
    return _CONTROL.sub("", _templates().get_template(template).render(**values))


def follow_script() -> bytes:
    """The script of pages that follow a server; a published page has none."""
    return (files("digest.site") / "static" / "follow.js").read_bytes()


_SHEETS = ("site.css", "search.css")
"""The parts of the stylesheet, in their order; a family of pages may bring one of its own."""


def stylesheet() -> bytes:
    """The one CSS file of all pages."""
    folder = files("digest.site") / "static"
    return b"\n".join((folder / name).read_bytes() for name in _SHEETS)


def _day(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b} {moment.year:04d}"


def _clock(moment: datetime) -> str:
    offset = f"{moment:%z}"
    zone = "UTC" if offset == "+0000" else f"{offset[:3]}:{offset[3:5]}"
    return f"{moment:%H:%M} {zone}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)}, {_clock(moment)}"


def _kilobytes(size: int) -> str:
    if size < 100:
        return f"{size} bytes"
    return f"{size / 1000:,.1f} KB" if size < 10_000 else f"{size / 1000:,.0f} KB"


def _web_only(url: str | None) -> str:
    """`url` where a click on it is harmless, else nothing."""
    return url if url and re.match(r"https?://[^\s]", url, re.IGNORECASE) else ""
