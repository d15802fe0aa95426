"""Themes: a folder of templates with `theme.toml`, read once into a frozen value."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from digest.errors import TemplateError

NEEDED = ("issue.mjml.j2", "issue.txt.j2", "web.html.j2")
_BESIDE_PACKAGE = Path(__file__).parent.parent / "templates"
_BESIDE_SOURCE = Path(__file__).parent.parent.parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colors of one mode, as `#rrggbb`.

    `backdrop` lies around the `paper`; `ink` is text, `muted` the small print, `rule` a hairline,
    `accent` kickers and links.
    """

    backdrop: str
    paper: str
    ink: str
    muted: str
    rule: str
    accent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typefaces:
    """Font stacks: headlines, running text, and labels (bylines, small print)."""

    display: str
    text: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """CSS pixels: the page, the space left and right of the text, the same on a phone."""

    page: int
    gutter: int
    phone_gutter: int

    @property
    def column(self) -> int:
        """The width of the text: what a picture fills."""
        return self.page - 2 * self.gutter


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme, complete: nothing is read from disk once it is loaded.

    `own` says that it is a reader's own and runs sandboxed; `shown` is its folder as errors name
    it; `files` are the templates, by name.
    """

    name: str
    title: str
    own: bool
    shown: str
    light: Palette
    dark: Palette
    type: Typefaces
    widths: Widths
    files: tuple[tuple[str, str], ...] = field(repr=False)


def load_theme(name: str, *, folder: Path) -> Theme:
    """The theme `name`: from `folder/templates/<name>` if that is there, else a bundled one.

    Raises TemplateError: no such theme (the known ones are named), a file missing, or a mistake
    in `theme.toml` (file, line, key, what was expected).
    """
    known = theme_names(folder=folder)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        raise TemplateError(
            f"There is no theme “{name}”; known are: {', '.join(known) or 'none'}.",
            hint=f"Did you mean DIGEST_THEME={near[0]}?" if near else "Set DIGEST_THEME to one.",
        )
    own = folder / "templates" / name
    is_own = own.is_dir() and own.resolve() != (_bundled() / name).resolve()
    return _read(own if is_own else _bundled() / name, name, own=is_own)


def theme_names(*, folder: Path) -> tuple[str, ...]:
    """The names that `load_theme` knows, in alphabetical order."""
    found = {
        theme.parent.name
        for root in (folder / "templates", _bundled())
        for theme in root.glob("*/theme.toml")
    }
    return tuple(sorted(found))


def _bundled() -> Path:
    return _BESIDE_PACKAGE if _BESIDE_PACKAGE.is_dir() else _BESIDE_SOURCE


def _read(folder: Path, name: str, *, own: bool) -> Theme:
    shown = f"templates/{name}"
    files = tuple(
        (path.name, _text(path, f"{shown}/{path.name}")) for path in sorted(folder.glob("*.j2"))
    )
    missing = [needed for needed in NEEDED if needed not in dict(files)]
    if missing:
        raise TemplateError(
            f"{shown} has no {missing[0]}.",
            hint=f"A theme holds theme.toml, {', '.join(NEEDED)}, and partials of any name.",
        )
    settings = _ThemeFile(
        f"{shown}/theme.toml", _text(folder / "theme.toml", f"{shown}/theme.toml")
    )
    theme = Theme(
        name=name,
        title=settings.text("theme", "title"),
        own=own,
        shown=shown,
        light=Palette(**settings.colors("light")),
        dark=Palette(**settings.colors("dark")),
        type=Typefaces(**settings.stacks("type")),
        widths=Widths(
            page=settings.pixels("widths", "page", 320, 800),
            gutter=settings.pixels("widths", "gutter", 8, 64),
            phone_gutter=settings.pixels("widths", "phone_gutter", 8, 32),
        ),
        files=files,
    )
    settings.refuse_unknown()
    return theme


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise TemplateError(f"{shown} cannot be read: {reason}.") from None


class _ThemeFile:
    """`theme.toml`, read key by key, so that each mistake is named with its line."""

    def __init__(self, shown: str, text: str) -> None:
        self._shown = shown
        self._lines = text.splitlines()
        self._asked: set[tuple[str, str]] = set()
        try:
            self._tables: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise TemplateError(
                f"{shown}: {error}.", hint="It must be TOML: text values stand in quotes."
            ) from None

    def text(self, table: str, key: str) -> str:
        return self._get(table, key, re.compile(r"[^\x00-\x1f]{1,80}"), "a short text in quotes")

    def colors(self, mode: str) -> dict[str, str]:
        pattern = re.compile(r"#[0-9a-fA-F]{6}")
        return {
            f.name: self._get(mode, f.name, pattern, 'a color such as "#8a1c1c"')
            for f in fields(Palette)
        }

    def stacks(self, table: str) -> dict[str, str]:
        pattern = re.compile(r"[A-Za-z0-9 ,'-]{1,200}")
        return {
            f.name: self._get(
                table, f.name, pattern, "font names such as \"Georgia, 'Times', serif\""
            )
            for f in fields(Typefaces)
        }

    def pixels(self, table: str, key: str, low: int, high: int) -> int:
        value = self._value(table, key)
        if type(value) is not int or not low <= value <= high:
            raise self._wrong(table, key, f"a whole number of pixels from {low} to {high}", value)
        return value

    def refuse_unknown(self) -> None:
        """Every key must be one that was asked for."""
        known = {table for table, _ in self._asked}
        for table, keys in self._tables.items():
            for key in keys if isinstance(keys, Mapping) else [""]:
                if (table, key) not in self._asked:
                    options = [k for t, k in sorted(self._asked) if t == table] or sorted(known)
                    raise TemplateError(
                        f"{self._place(table, key)}: {f'[{table}] ' if key else ''}{key or table} "
                        f"is not known; known are: {', '.join(options)}."
                    )

    def _get(self, table: str, key: str, pattern: re.Pattern[str], expected: str) -> str:
        value = self._value(table, key)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise self._wrong(table, key, expected, value)
        return value

    def _value(self, table: str, key: str) -> object:
        self._asked.add((table, key))
        keys = self._tables.get(table)
        if not isinstance(keys, Mapping) or key not in keys:
            raise TemplateError(
                f"{self._place(table, '')}: {key} is missing in [{table}].",
                hint="Bundled themes show every key.",
            )
        value: object = keys[key]
        return value

    def _wrong(self, table: str, key: str, expected: str, found: object) -> TemplateError:
        return TemplateError(
            f"{self._place(table, key)}: {key} in [{table}]: expected {expected}, found {found!r}."
        )

    def _place(self, table: str, key: str) -> str:
        """File and line of a key, or of its table; the file alone where neither is found."""
        inside, place = False, 0
        for number, line in enumerate(self._lines, start=1):
            if head := re.match(r"\s*\[\s*([\w-]+)\s*\]", line):
                inside = head[1] == table
                place = number if inside else place
            elif re.match(rf"\s*{re.escape(key or table)}\s*=", line) and inside == bool(key):
                return f"{self._shown}, line {number}"
        return f"{self._shown}, line {place}" if place else self._shown
