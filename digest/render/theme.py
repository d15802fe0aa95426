"""Themes: a folder of templates with `theme.toml`, read once into a frozen value."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from digest.disk import read_regular
from digest.errors import DocumentError, TemplateError

NEEDED = ("issue.mjml.j2", "issue.txt.j2", "web.html.j2")
MAX_BYTES = 1 << 20
"""Of one file of a theme; the largest of Gazette's has 6 KB."""
MAX_FILES = 100
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0\ufdd1\ufffe\uffff]")
"""What no page may hold, and the two characters that mark places (see `templates.py`)."""
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

    Raises TemplateError: no such theme (the known ones are named), a file missing, too large or no
    text, or a mistake in `theme.toml` (file, line, key, what was expected).
    """
    known = theme_names(folder=folder)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        raise TemplateError(
            f"There is no theme “{name}”; known are: {', '.join(known) or 'none'}.",
            hint=f"Did you mean DIGEST_THEME={near[0]}?" if near else "Set DIGEST_THEME to one.",
        )
    own = folder / "templates" / name
    is_own = name in _names(folder / "templates") and (
        own.resolve() != (_bundled() / name).resolve()
    )
    return _read(own if is_own else _bundled() / name, name, own=is_own)


def theme_names(*, folder: Path) -> tuple[str, ...]:
    """The names that `load_theme` knows, in alphabetical order.

    Raises TemplateError where `folder/templates` is there and cannot be read.
    """
    return tuple(sorted({*_names(folder / "templates"), *_names(_bundled())}))


def _names(root: Path) -> set[str]:
    """The themes in `root`: the folders that hold a theme.toml, and those that nobody may open."""
    try:
        return {path.name for path in root.iterdir() if _may_be_theme(path)}
    except (FileNotFoundError, NotADirectoryError):
        return set()
    except OSError as error:
        raise _closed(root.name, error) from None


def _may_be_theme(folder: Path) -> bool:
    try:
        (folder / "theme.toml").lstat()
    except PermissionError:
        return True  # loading it says why it cannot be read
    except OSError:
        return False
    return True


def _closed(shown: str, error: OSError) -> TemplateError:
    return TemplateError(
        f"The folder {shown} cannot be read: {error.strerror}.",
        hint=f"Look at who may open it: ls -ld {shown}",
    )


def _bundled() -> Path:
    return _BESIDE_PACKAGE if _BESIDE_PACKAGE.is_dir() else _BESIDE_SOURCE


def _read(folder: Path, name: str, *, own: bool) -> Theme:
    shown = f"templates/{name}"
    files = tuple(
        (file, _template(folder / file, f"{shown}/{file}")) for file in _templates(folder, shown)
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


def _templates(folder: Path, shown: str) -> list[str]:
    """The names of a theme's templates; what an editor keeps beside them (`.#a.j2`) is none."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise _closed(shown, error) from None
    found = [name for name in names if name.endswith(".j2") and not name.startswith(".")]
    if len(found) > MAX_FILES:
        raise TemplateError(
            f"{shown} holds {len(found)} templates, more than the {MAX_FILES} that are read.",
            hint="Remove those that are not used.",
        )
    return found


def _template(path: Path, shown: str) -> str:
    text = _text(path, shown)
    if stray := CONTROL.search(text):
        line = text.count("\n", 0, stray.start()) + 1
        column = stray.start() - text.rfind("\n", 0, stray.start())
        raise TemplateError(
            f"{shown}, line {line}, column {column}: the character U+{ord(stray[0]):04X} can stand "
            "in no page.",
            hint="Remove it; most editors do not show it.",
        )
    return text


def _text(path: Path, shown: str) -> str:
    """A file's text, lines ending in LF, without a byte order mark."""
    try:
        text = read_regular(path, limit=MAX_BYTES, shown=shown).decode("utf-8-sig")
    except DocumentError as error:
        raise TemplateError(
            error.what, hint=f"A theme's files are plain ones of at most {MAX_BYTES >> 20} MB."
        ) from None
    except UnicodeDecodeError:
        raise TemplateError(
            f"{shown} cannot be read: not UTF-8 text.", hint="Save it again, as UTF-8."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _ThemeFile:
    """`theme.toml`, read key by key, so that each mistake is named with its line."""

    def __init__(self, shown: str, text: str) -> None:
        self._shown = shown
        self._lines = text.splitlines()
        self._asked: set[tuple[str, str]] = set()
        self._tables = self._parsed(text)

    def _parsed(self, text: str) -> dict[str, Any]:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            told, hint = f"{self._shown}: {error}", "It must be TOML: text values stand in quotes."
        except RecursionError:
            # tomllib reads an array inside an array by calling itself, and names no line.
            place = self._line_with(r"(?:[\[{]\s*){9}")
            told = f"{place}: arrays are nested too deeply"
            hint = "A theme needs none: bundled themes show every key."
        except ValueError:
            # `int` refuses more than 4300 digits (sys.int_info), and tomllib passes that on.
            place = self._line_with(r"[0-9][0-9_]{999}")
            told = f"{place}: a number has too many digits"
            hint = "A theme's numbers are pixels, such as page = 620."
        raise TemplateError(f"{told}.", hint=hint)

    def _line_with(self, pattern: str) -> str:
        """File and line where `pattern` stands first; the file alone where it stands nowhere."""
        for number, line in enumerate(self._lines, start=1):
            if re.search(pattern, line):
                return f"{self._shown}, line {number}"
        return self._shown

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
            f"{self._place(table, key)}: {key} in [{table}]: expected {expected}, found "
            f"{_quoted(found)}."
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


def _quoted(value: object) -> str:
    """`value` as a message quotes it: not longer than a line."""
    try:
        told = repr(value)
    except (ValueError, RecursionError):  # a hexadecimal number of more than 4300 digits
        return "one that is too large to be shown"
    return told if len(told) <= 80 else f"{told[:79]}…"
