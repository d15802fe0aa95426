"""The templates of the pages and their one stylesheet, both package data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from digest.text.catalogues import translations
from digest.text.widths import cut_to_width

if TYPE_CHECKING:
    from jinja2 import Environment

CLIP_BYTES = 102_000
"""Gmail hides what comes after about 102 KB of HTML."""
NEAR_CLIP_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class NavItem:
    """A part of the site: its key, its address from the root, and what its link says."""

    key: str
    href: str
    label: str


NAVIGATION = (
    NavItem("issues", "", "Issues"),
    NavItem("search", "search", "Search"),
    NavItem("ran", "ran", "Ran before?"),
    NavItem("stats", "stats", "Statistics"),
    NavItem("mailbox", "mailbox/", "Mailbox"),
)
"""All parts that a served site may have, in the order of their links."""

_SHOWN: ContextVar[tuple[tuple[NavItem, ...], str]] = ContextVar("_SHOWN", default=((), ""))

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@cache
def _templates(language: str = "en") -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("digest.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension adds this method, which jinja2's own types do not know.
    install = environment.install_gettext_translations  # type: ignore[attr-defined]
    install(translations(language), newstyle=True)
    environment.filters |= {
        "day": _day,
        "moment": _moment,
        "clock": _clock,
        "kb": _kilobytes,
        "mark": lambda moment: moment.isoformat(),
        "web_only": _web_only,
        "story_link": _story_link,
        "short": _short,
    }
    environment.globals |= {"clip": CLIP_BYTES, "near_clip": NEAR_CLIP_BYTES}
    return environment


@contextmanager
def navigation(items: tuple[NavItem, ...], current: str = "") -> Iterator[None]:
    """Pages made within the block link to these parts of a served site, and take keys.

    `current` is the key of the part that they are of. Every family of pages is framed alike, so
    none of their functions hands this on; a published page is made without.
    """
    token = _SHOWN.set((items, current))
    try:
        yield
    finally:
        _SHOWN.reset(token)


def page(template: str, **values: Any) -> str:
    """The page of `template`; control characters, which HTML forbids, are left out.

    With a `version`, the page asks at the address `follow` (from `root`) whether it is still that.
    """
    items, current = _SHOWN.get()
    framed = {"version": "", "follow": "version", "navigation": items, "shown_part": current}
    values = framed | values
    return _CONTROL.sub("", _templates().get_template(template).render(**values))


def public_page(template: str, *, language: str, **values: Any) -> str:
    """A page for readers, whose own words are of `language`; else as `page`."""
    made = _templates(language).get_template(f"public/{template}").render(**values)
    return _CONTROL.sub("", made)


def public_file(name: str) -> bytes:
    """A file that published pages load: `public.css`, `issue.css`, `stats.css`, `search.js`."""
    parts = ("base.css", name) if name == "public.css" else (name,)
    return b"\n".join((files("digest.site") / "static" / part).read_bytes() for part in parts)


def follow_script() -> bytes:
    """The script of pages that follow a server; a published page has none."""
    return (files("digest.site") / "static" / "follow.js").read_bytes()


def keys_script() -> bytes:
    """The script that lets a keyboard move through a served site; nothing needs it."""
    return (files("digest.site") / "static" / "keys.js").read_bytes()


_SHEETS = (
    "base.css",
    "site.css",
    "views.css",
    "stats.css",
    "corrections.css",
    "changes.css",
    "edit.css",
    "search.css",
)
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


def _story_link(href: str) -> bool:
    """Whether `href` leads to a page of ours or of the web: no scheme but http(s)."""
    return bool(re.match(r"https?://[^\s]|[#.\w/?-][^:]*\Z", href, re.IGNORECASE))


def _short(text: str, columns: int = 160) -> str:
    """`text` on one line, cut: what a source wrote is not to make a page as long as it likes."""
    return cut_to_width(text, columns)


def _web_only(url: str | None) -> str:
    """`url` where a click on it is harmless, else nothing."""
    return url if url and re.match(r"https?://[^\s]", url, re.IGNORECASE) else ""
