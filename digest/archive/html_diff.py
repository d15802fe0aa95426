"""Two renderings compared as HTML, summed up in sentences: a line diff of it is for no person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SHOWN = 4
"""Of each kind of difference, so many are named; the others are counted."""
_LONGEST = 90


@dataclass(slots=True)
class _Parts:
    tags: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    pictures: Counter[str] = field(default_factory=Counter)
    styles: Counter[str] = field(default_factory=Counter)
    attributes: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)


def html_diff(before: str, after: str) -> tuple[str, ...]:
    """What is different, a sentence for each kind of it; none where the two are equal."""
    if before == after:
        return ()
    old, new = _parts(before), _parts(after)
    size = len(after.encode("utf-8", "replace")) - len(before.encode("utf-8", "replace"))
    rows = (
        ("Words", old.words, new.words),
        ("Elements", old.tags, new.tags),
        ("Links", old.links, new.links),
        ("Pictures", old.pictures, new.pictures),
        ("Styles", old.styles, new.styles),
        ("Attributes", old.attributes, new.attributes),
    )
    told = [_told(name, one, other) for name, one, other in rows if one != other]
    if not told:
        told = ["Only the order of elements, white space or comments differ."]
    if size:
        told.insert(0, f"{abs(size):,} bytes {'less' if size < 0 else 'more'}.")
    return tuple(told)


def _told(name: str, old: Counter[str], new: Counter[str]) -> str:
    come, gone = new - old, old - new
    parts = [
        f"{sign} {_list(found)}" for sign, found in (("dropped", gone), ("added", come)) if found
    ]
    return f"{name}: {'; '.join(parts)}."


def _list(found: Counter[str]) -> str:
    most = sorted(found.items(), key=lambda row: (-row[1], row[0]))
    shown = ", ".join(
        (f"{count} × " if count > 1 else "") + _short(what) for what, count in most[:_SHOWN]
    )
    more = sum(count for _, count in most[_SHOWN:])
    return f"{shown} and {more:,} more" if more else shown


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _parts(markup: str) -> _Parts:
    from digest.text.markup import parse_html

    found = _Parts()
    root = parse_html(markup)
    if root is None:  # nothing in it
        return found
    for element in root.iter():
        found.words.update((element.tail or "").split())
        if isinstance(element.tag, str):
            _count(element, found)
    return found


def _count(element: HtmlElement, found: _Parts) -> None:
    found.tags[str(element.tag)] += 1
    text = element.text or ""
    if element.tag == "style":
        found.styles.update(_declarations(re.sub(r"[{}]", ";", text)))
    else:
        found.words.update(text.split())
    for key, value in _attributes(element):
        if key == "style":
            found.styles.update(_declarations(value))
        elif key == "href":
            found.links[value] += 1
        elif key == "src":
            found.pictures[value] += 1
        else:
            found.attributes[f"{key}={value}"] += 1


def _attributes(element: HtmlElement) -> Iterator[tuple[str, str]]:
    return ((str(key), str(value)) for key, value in element.items())


def _declarations(css: str) -> list[str]:
    return [one for part in css.split(";") if (one := " ".join(part.split()))]
