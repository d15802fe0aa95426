"""Markdown with front matter: the keys that say who, when and where; the rest as text."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from digest.collect.body import read_body
from digest.collect.bylines import written_byline
from digest.collect.dates import parse_date
from digest.collect.document import Document, Place, Reading
from digest.collect.entries import make_entry
from digest.collect.front_matter import front_matter, unquoted
from digest.collect.pictures import Pictures
from digest.errors import SourceError
from digest.text.markup import Picture, read_markup
from digest.text.urls import safe_link


def read_markdown(document: Document, text: str) -> Reading:
    """The one entry of a Markdown file; its front matter is obeyed, and what it cannot give noted.

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
    pictures = Pictures(document.folder)
    base = document.url
    named = Picture(keys.get("image", ""), keys.get("image_alt", ""), keys.get("image_caption", ""))
    stated = pictures.image(named, base)
    shown = [stated, *(pictures.image(p, base) for p in markup.pictures)]
    said = written_byline(keys.get("author", "") or keys.get("byline", ""))
    date = keys.get("date", "") or keys.get("published", "")
    published = parse_date(date)
    notes = []
    if date and published is None:
        notes.append(f"its date “{date[:60]}” names no day: write it as 2026-11-20")
    if named.src and stated is None:
        notes.append(f"its image “{named.src[:120]}” is not shown: {pictures.refusal(named)}")
    entry = make_entry(
        title=title,
        now=document.now,
        text=body.text,
        summary=summary,
        parts=body.parts,
        url=_address(keys, document),
        guid=keys.get("id", ""),
        source=place.name or keys.get("source", ""),
        published=published,
        byline=said or body.byline,
        agency=keys.get("agency", "") or ("" if said else body.agency),
        dateline=body.dateline,
        tags=_list(keys.get("tags", "") or keys.get("categories", "")),
        image=next((image for image in shown if image is not None), None),
        language=keys.get("lang", "") or keys.get("language", ""),
        section=keys.get("section", "") or place.section,
        provenance=_provenance(keys, place, said=said, url=document.url),
    )
    return Reading(
        kind="markdown",
        entries=(entry,),
        name=entry.source,
        note="; ".join(notes),
        pictures=pictures.found,
    )


_KEYS = {
    "title": ("title",), "summary": ("summary", "description"), "byline": ("author", "byline"),
    "agency": ("agency",), "published": ("date", "published"), "tags": ("tags", "categories"),
    "url": ("url", "link", "canonical"), "image": ("image",), "language": ("lang", "language"),
    "source": ("source",), "section": ("section",),
}  # fmt: skip


def _provenance(keys: Mapping[str, str], place: Place, *, said: str, url: str) -> dict[str, str]:
    """Which key of the front matter gave which field; else where in the text it stands."""
    where = {
        "text": "the paragraphs",
        "title": "the first heading",
        "byline": "a line of the text",
        "agency": "a line of the text",
        "dateline": "the first paragraph",
        "image": "the first picture",
        "url": "where it was fetched" if url else "",
    }
    for name, some in _KEYS.items():
        key = next((key for key in some if keys.get(key)), "")
        if key and (name != "byline" or said):
            where[name] = f"front matter {key}"
    if place.name:
        where["source"] = "the list of sources"
    if place.section:
        where["section"] = "the list of sources"
    return where


def _address(keys: Mapping[str, str], document: Document) -> str | None:
    raw = keys.get("url", "") or keys.get("link", "") or keys.get("canonical", "")
    link = safe_link(raw, document.url) if raw else None
    if link and urlsplit(link).scheme in ("http", "https"):
        return link
    return document.url or None


def _list(raw: str) -> list[str]:
    return [unquoted(piece) for piece in raw.strip("[]").split(",")]
