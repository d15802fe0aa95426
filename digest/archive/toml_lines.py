"""On which line of a TOML file each of its keys stands; Python's own parser does not say."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""The keys that lead to a value; a table of an array by its number, from 0."""

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEYS})\s*\]")
_VALUE = re.compile(rf"\s*({_KEYS})\s*=")


def lines_of(text: str) -> Mapping[Path, int]:
    """The line of each table and key, from 1. `text` is sound TOML.

    Keys inside an inline table stand on the line of that table; see `line_at`.
    """
    found: dict[Path, int] = {}
    arrays: Counter[Path] = Counter()
    table: Path = ()
    quoted = ""
    for number, line in enumerate(text.split("\n"), start=1):
        inside = quoted
        quoted = _open_quotes(line, quoted)
        if inside:
            continue
        if header := _HEADER.match(line):
            table = _inner(_path(header[2]), arrays)
            if header[1] == "[[":
                arrays[table] += 1
                table = (*table, arrays[table] - 1)
            for end in range(1, len(table) + 1):
                found.setdefault(table[:end], number)
        elif value := _VALUE.match(line):
            path = (*table, *_path(value[1]))
            for end in range(len(table) + 1, len(path) + 1):
                found.setdefault(path[:end], number)
    return found


def line_at(lines: Mapping[Path, int], path: Path) -> int:
    """The line of what `path` leads to, else of the nearest table around it; 0 for none."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 0)


def _inner(path: Path, arrays: Mapping[Path, int]) -> Path:
    """`path`, led into the latest table of each array on the way."""
    found: Path = ()
    for step, key in enumerate(path):
        found = (*found, key)
        if step + 1 < len(path) and arrays.get(found):
            found = (*found, arrays[found] - 1)
    return found


def _path(written: str) -> Path:
    """The keys that a dotted key is made of, as TOML reads it."""
    value: object = tomllib.loads(f"{written} = 0")
    path: Path = ()
    while isinstance(value, dict):
        key = next(iter(value))
        path, value = (*path, key), value[key]
    return path


def _open_quotes(line: str, quoted: str) -> str:
    """The three quotation marks that are still open after `line`, of those before it."""
    at = 0
    while True:
        if quoted:
            end = line.find(quoted, at)
            while quoted == '"""' and end > 0 and line[end - 1] == "\\":
                end = line.find(quoted, end + 1)
            if end < 0:
                return quoted
            at, quoted = end + 3, ""
        else:
            hit = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#').search(line, at)
            if hit is None or hit[0] == "#":
                return ""
            at, quoted = hit.end(), hit[0] if hit[0] in {'"""', "'''"} else ""
