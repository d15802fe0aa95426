"""A web page to its article: trafilatura finds the text, a layer of our own the metadata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from digest.collect.body import read_body
from digest.collect.document import Document, Reading
from digest.collect.entries import make_entry
from digest.collect.lines import same_line
from digest.collect.metadata import read_metadata
from digest.collect.pictures import Pictures
from digest.errors import SourceError
from digest.models import Image
from digest.text.markup import Block, Picture, clean_text, links, parse_html, read_markup
from digest.text.urls import host, safe_link

MAX_PAGE = 8_000_000
"""Characters of a page that are read."""
_SHORTEST = 200
"""Characters under which what was found is a menu or a notice rather than an article."""
_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
)


def read_article(document: Document, text: str) -> Reading:
    """The one entry of a page.

    Raises SourceError where the page has no article; it names the page's feed, if it has one.
    """
    text = text[:MAX_PAGE]
    place = document.place
    root = parse_html(text)
    blocks = article_blocks(text) if root is not None else ()
    if root is None or sum(len(b.text) for b in blocks if b.kind != "heading") < _SHORTEST:
        raise SourceError(
            f"{place.given} is a page with no article in it.", hint=_instead(text, document)
        )
    meta = read_metadata(root, url=document.url)
    body = read_body(blocks, title=meta.title)
    pictures = Pictures(document)
    base = _base(root, document.url) or meta.url or ""
    entry = make_entry(
        title=meta.title,
        now=document.now,
        text=body.text,
        summary=meta.summary,
        parts=body.parts,
        url=meta.url,
        source=place.name or meta.site or host(meta.url or ""),
        published=meta.published,
        byline=meta.byline or body.byline,
        agency=meta.agency or body.agency,
        dateline=body.dateline,
        tags=meta.tags,
        image=_image(text, meta.image, blocks, pictures, base),
        language=meta.language,
        section=place.section,
    )
    return Reading(kind="page", entries=(entry,), name=entry.source, pictures=pictures.found)


def article_blocks(text: str) -> tuple[Block, ...]:
    """The article's paragraphs, headings and lists in reading order; empty where there is none."""
    from trafilatura import extract

    try:
        found = extract(
            text,
            favor_precision=True,
            include_comments=False,
            with_metadata=False,
            output_format="html",
        )
    except Exception:
        # trafilatura 2.3.1 lets errors of its parsers through on damaged pages.
        return ()
    return read_markup(found).blocks if isinstance(found, str) else ()


def _image(
    text: str, stated: Picture | None, blocks: Sequence[Block], pictures: Pictures, base: str
) -> Image | None:
    """The picture that the page states, with the alt text and caption that it has in the page."""
    found = read_markup(text).pictures
    if stated is not None:
        twin = next((p for p in found if _file(p.src) == _file(stated.src)), None)
        if twin is not None:
            stated = Picture(
                stated.src,
                stated.alt or twin.alt,
                stated.caption or twin.caption,
                stated.width,
                stated.height,
            )
        image = pictures.image(stated, base)
        if image is not None:
            return image
    prose = {same_line(b.text)[:60] for b in blocks}
    for picture in found:
        # Without a stated one: the first with a caption, or large enough to illustrate.
        if picture.caption or (picture.width or 0) >= 300 or same_line(picture.alt)[:60] in prose:
            image = pictures.image(picture, base)
            if image is not None:
                return image
    return None


def _file(src: str) -> str:
    return urlsplit(src).path.rsplit("/", 1)[-1].lower()


def _base(root: Any, url: str) -> str:
    node = root.find(".//base[@href]")
    link = safe_link(clean_text(node.get("href")), url) if node is not None else None
    return link or url


def feed_links(text: str, url: str) -> tuple[str, ...]:
    """The feeds that a page names in its head, absolute where its URL is known."""
    found: list[str] = []
    for href, attributes in links(text[:MAX_PAGE]):
        if (
            "alternate" in attributes.get("rel", "").lower().split()
            and attributes.get("type", "").lower() in _FEED_TYPES
        ):
            found.append(safe_link(href, url) or href)
    return tuple(dict.fromkeys(found))


def _instead(text: str, document: Document) -> str:
    feeds = feed_links(text, document.url)
    if feeds:
        return f"It names a feed: add {feeds[0]} instead."
    return "Give the address of one article, or of the site's feed."


def not_a_feed(document: Document, text: str) -> SourceError:
    """The error of a feed's address that gave a page."""
    feeds = feed_links(text, document.url)
    hint = (
        f"The page names this feed: {feeds[0]}"
        if feeds
        else "Open it in a browser and look for the feed's address."
    )
    return SourceError(f"{document.place.given} gave a web page (HTML), not a feed.", hint=hint)
