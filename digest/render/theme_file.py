"""`theme.toml`, read key by key: each mistake is told with its line and what was expected."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from digest.errors import TemplateError


class ThemeFile:
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
        """A short text on one line."""
        return self._get(table, key, re.compile(r"[^\x00-\x1f]{1,80}"), "a short text in quotes")

    def colors(self, mode: str, keys: Iterable[str]) -> dict[str, str]:
        """A `#rrggbb` for each key."""
        pattern = re.compile(r"#[0-9a-fA-F]{6}")
        return {key: self._get(mode, key, pattern, 'a color such as "#8a1c1c"') for key in keys}

    def stacks(self, table: str, keys: Iterable[str]) -> dict[str, str]:
        """A font stack for each key."""
        pattern = re.compile(r"[A-Za-z0-9 ,'-]{1,200}")
        expected = "font names such as \"Georgia, 'Times', serif\""
        return {key: self._get(table, key, pattern, expected) for key in keys}

    def ratio(self, table: str, key: str) -> float:
        """Width by height of `"3:2"`; 0 for `"as is"`."""
        pattern = re.compile(r"as is|[1-9][0-9]?:[1-9][0-9]?")
        value = self._get(table, key, pattern, 'a ratio such as "3:2", or "as is"')
        width, _, height = value.partition(":")
        return int(width) / int(height) if height else 0.0

    def pixels(self, table: str, key: str, low: int, high: int) -> int:
        """A whole number of pixels within the bounds."""
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
            there = [k for k in keys if k != key] if isinstance(keys, Mapping) else []
            near = difflib.get_close_matches(key, there, n=1, cutoff=0.8)
            raise TemplateError(
                f"{self._place(table, '')}: {key} is missing in [{table}].",
                hint=f"Is {near[0]} meant for it?" if near else "Bundled themes show every key.",
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
