"""Markdown with front matter: the keys that say who, when and where; the rest as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from digest.collect.body import read_body
from digest.collect.bylines import parse_byline
from digest.collect.dates import parse_date
from digest.collect.document import Document, Reading
from digest.collect.entries import make_entry
from digest.collect.pictures import Pictures
from digest.errors import SourceError
from digest.text.markup import Picture, clean_text, read_markup
from digest.text.urls import safe_link

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"([A-Za-z][\w -]{0,40}?)\s*:(?:\s+(.*))?$")


def read_markdown(document: Document, text: str) -> Reading:
    """The one entry of a Markdown file.

    Raises SourceError where it has neither text nor summary.
    """
    from markdown_it import MarkdownIt

    place = document.place
    keys, source = front_matter(text.replace("\r\n", "\n"))
    # Raw HTML stays markup here, and is read as such: scripts and styles go, words stay.
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(source)
    markup = read_markup(html)
    first = next((b.text for b in markup.blocks if b.kind == "heading"), "")
    title = keys.get("title", "") or first
    body = read_body(markup.blocks, title=title)
    summary = keys.get("summary", "") or keys.get("description", "")
    if not body.text and not summary:
        raise SourceError(
            f"{place.given} holds no text.", hint="Write a paragraph under its title."
        )
    pictures = Pictures(document)
    base = document.url
    named = Picture(keys.get("image", ""), keys.get("image_alt", ""), keys.get("image_caption", ""))
    shown = [pictures.image(p, base) for p in (named, *markup.pictures) if p.src]
    who = parse_byline(keys.get("author", "") or keys.get("byline", ""))
    entry = make_entry(
        title=title,
        now=document.now,
        text=body.text,
        summary=summary,
        parts=body.parts,
        url=_address(keys, document),
        guid=keys.get("id", ""),
        source=place.name or keys.get("source", ""),
        published=parse_date(keys.get("date", "") or keys.get("published", "")),
        byline=who.name or body.byline,
        agency=keys.get("agency", "") or who.agency or body.agency,
        dateline=body.dateline,
        tags=_list(keys.get("tags", "") or keys.get("categories", "")),
        image=next((image for image in shown if image is not None), None),
        language=keys.get("lang", "") or keys.get("language", ""),
        section=place.section or keys.get("section", ""),
    )
    return Reading(kind="markdown", entries=(entry,), name=entry.source, pictures=pictures.found)


def _address(keys: Mapping[str, str], document: Document) -> str | None:
    raw = keys.get("url", "") or keys.get("link", "") or keys.get("canonical", "")
    link = safe_link(raw, document.url) if raw else None
    if link and urlsplit(link).scheme in ("http", "https"):
        return link
    return document.url or None


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """(keys in lower case with their values, the text below) of a document that may have none.

    One `key: value` a line, quotes around a value dropped; a list in brackets, or `- item` lines
    below the key, is given as `a, b`.
    """
    hit = _FRONT.match(text)
    if not hit:
        return {}, text
    keys: dict[str, str] = {}
    last = ""
    for line in hit[1].split("\n"):
        item = re.match(r"\s*-\s+(.+)$", line)
        found = _KEY.match(line)
        if item and last:
            value = _unquoted(item[1])
            keys[last] = f"{keys[last]}, {value}" if keys[last] else value
        elif found:
            last = found[1].strip().lower().replace("-", "_").replace(" ", "_")
            keys[last] = _unquoted(found[2] or "")
    return keys, text[hit.end() :]


def _unquoted(raw: str) -> str:
    value = clean_text(raw)
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _list(raw: str) -> list[str]:
    return [_unquoted(piece) for piece in raw.strip("[]").split(",")]
