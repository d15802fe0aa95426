"""Front matter: the lines at the top of a story that say its title, author, date and the like."""

from __future__ import annotations

import re

from digest.text.markup import clean_text

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"([A-Za-z][\w -]{0,40}?)\s*:(?:\s+(.*))?$")
_WORDS = (
    "title author byline date published summary description image image_alt image_caption url "
    "link canonical tags categories source agency lang language section id"
)
KNOWN = frozenset(_WORDS.split())
"""The keys that a story's front matter may have."""


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """(keys in lower case with their values, the text below) of a document that may have none.

    One `key: value` a line, quotes around a value dropped; a list in brackets, or `- item` lines
    below the key, is given as `a, b`. Without the dashes, two or more of the known keys at the
    very top are front matter too, up to the first line that is none. Between lines of `+++` it is
    TOML.
    """
    hit = _FRONT.match(text)
    if hit:
        return _keys(hit[1].split("\n")), text[hit.end() :]
    hit = _TOML.match(text)
    if hit:
        return _toml(hit[1]), text[hit.end() :]
    return _bare(text)


def has_front_matter(text: str) -> bool:
    """Whether a document begins with front matter; `text` may be only its beginning."""
    return bool(front_matter(text)[0])


def _bare(text: str) -> tuple[dict[str, str], str]:
    lines = text.lstrip("\ufeff \t\r\n").split("\n")
    end = 0
    for line in lines[:60]:
        name, _ = _pair(line.rstrip())
        if name not in KNOWN and not (end and re.match(r"\s*-\s+\S", line)):
            break
        end += 1
    keys = _keys(lines[:end])
    if len(keys) < 2:
        return {}, text
    return keys, "\n".join(lines[end:]).lstrip("\n")


_TOML = re.compile(r"\A\ufeff?\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)


def _toml(text: str) -> dict[str, str]:
    """The keys of TOML front matter; none where it is no TOML."""
    from digest.text.toml import read_toml

    try:
        table = read_toml(text)
    except (ValueError, RecursionError):
        return {}
    keys: dict[str, str] = {}
    for name, value in table.items():
        words = value if isinstance(value, list) else [value]
        if all(not isinstance(word, dict | list) for word in words):
            keys[name.lower().replace("-", "_")] = ", ".join(clean_text(str(w)) for w in words)
    return keys


def _keys(lines: list[str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    last = ""
    folded = False
    for line in lines:
        if folded and line[:1].isspace() and line.strip():  # a block of YAML: `summary: >`
            keys[last] = f"{keys[last]} {clean_text(line)}".strip()
            continue
        item = re.match(r"\s*-\s+(.+)$", line)
        name, value = _pair(line)
        if item and last:
            more = unquoted(item[1])
            keys[last] = f"{keys[last]}, {more}" if keys[last] else more
        elif name:
            last = name
            folded = re.fullmatch(r"[>|][+-]?", value.strip()) is not None
            keys[last] = "" if folded else unquoted(value)
    return keys


def _pair(line: str) -> tuple[str, str]:
    hit = _KEY.match(line)
    if hit is None:
        return "", ""
    return hit[1].strip().lower().replace("-", "_").replace(" ", "_"), hit[2] or ""


def unquoted(raw: str) -> str:
    """A value without the quotes around it, on one line."""
    value = clean_text(raw)
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
