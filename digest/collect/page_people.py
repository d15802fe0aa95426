"""Who wrote a page: what it states for machines, and what it marks up as its author."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from digest.collect.bylines import is_name, of_house, parse_byline
from digest.text.markup import clean_text
from digest.text.titles import title_text


@dataclass(frozen=True, slots=True)
class Writer:
    """The byline of a page, and where it was read."""

    name: str = ""
    agency: str = ""
    where: str = ""


def writer(root: Any, article: Mapping[str, Any], meta: Mapping[str, str], site: str) -> Writer:
    """The page's author: of JSON-LD, of `<meta>`, then of what the page marks up as its byline.

    What JSON-LD types as an organization, and the site's own name, is the agency. A login name
    ("CC7567") gives way to a person's that the page shows.
    """
    people, houses = _authors(article)
    agency = next(iter(houses), "")
    login: Writer | None = None
    lines = [("JSON-LD author", ", ".join(people)), *_lines(root, meta)]
    for where, raw in lines:
        if not raw or raw in houses or re.match(r"https?://|www\.", raw) or len(raw) > 200:
            continue
        found = of_house(parse_byline(raw), site)
        if not found.name and not found.agency:
            continue
        told = Writer(found.name, found.agency or agency, where)
        if found.name and _is_login(found.name):
            login = login or told
        elif login is None or (found.name and is_name(found.name)):
            return told
    return login or Writer("", agency, "JSON-LD author" if agency else "")


def _is_login(name: str) -> bool:
    """Whether a name is one that a program was told: one word, in small letters or with figures."""
    word = name.strip()
    return " " not in word and word.isascii() and (word.islower() or any(c.isdigit() for c in word))


def _authors(article: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(people, organizations) that JSON-LD states as authors, each once."""
    authors = article.get("author") or article.get("creator")
    people: dict[str, None] = {}
    houses: dict[str, None] = {}
    for author in authors if isinstance(authors, list) else [authors]:
        name = named(author)
        if name:
            (houses if _is_organization(author) else people)[name] = None
    return list(people), list(houses)


def named(value: object) -> str:
    """The name of a JSON-LD node, or of the first of several; "" where it has none."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
        value = value[0] if isinstance(value, list) and value else value
    return title_text(value) if isinstance(value, str) else ""


def _is_organization(author: object) -> bool:
    kinds = author.get("@type") if isinstance(author, Mapping) else None
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(
        isinstance(kind, str) and re.search(r"(?:Organi[sz]ation|Corporation)$", kind)
        for kind in kinds
    )


_KEYS = (
    "dc.creator", "dcterm.creator", "dcterms.creator", "author", "parsely-author",
    "sailthru.author", "byl",
)  # fmt: skip
_MARKS = (
    ("itemprop=author", ".//*[@itemprop='author']//*[@itemprop='name']"),
    ("itemprop=author", ".//*[@itemprop='author']"),
    ("rel=author", ".//*[@rel='author']"),
    ("class=byline", ".//*[contains(concat(' ', normalize-space(@class), ' '), ' byline ')]"),
    ("class=author", ".//*[contains(concat(' ', normalize-space(@class), ' '), ' author ')]"),
)
_NOT_A_READER = "[not(ancestor::*[contains(@class, 'comment') or contains(@id, 'comment')])]"
"""Who comments on an article is not its author."""
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:\w{0,20}byline|author|writ(?:er|tenby))(?:$|[\s_-])", re.IGNORECASE
)
_NO_BYLINE = re.compile(
    r"comment|bio|about|avatar|related|promo|footer|social|follow|image", re.IGNORECASE
)
_LONGEST = 100


def _lines(root: Any, meta: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(where, text) of what may be a byline, in the order of trust."""
    for key in _KEYS:
        yield f"meta {key}", clean_text(meta.get(key, ""))
    for where, path in _MARKS:
        for node in root.xpath(path + _NOT_A_READER)[:3]:
            around = node.getparent()
            if where == "rel=author" and around is not None and _is_byline_class(around):
                yield where, _line(around)
            yield where, _line(node)
    for node in root.iter("p", "div", "span", "a", "address", "li", "h4", "h5", "h6", "em", "cite"):
        if _is_byline_class(node):
            line = _line(node)
            if 2 < len(line) <= _LONGEST:
                yield "class=byline", line
    yield "meta article:author", clean_text(meta.get("article:author", ""))


def _is_byline_class(node: Any) -> bool:
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    return bool(_BYLINE_CLASS.search(names)) and not _NO_BYLINE.search(names)


def _line(node: Any) -> str:
    """An element's text; a line break is a bar, which parts a byline's segments."""
    pieces: list[str] = []
    for part in node.iter():
        if part.tag == "br":
            pieces.append(" | ")
        elif part.text:
            pieces.append(part.text)
        if part is not node and part.tail:
            pieces.append(part.tail)
    return clean_text(" ".join(pieces)).strip(" |")
