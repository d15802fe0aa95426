"""A web page to its article: trafilatura finds the text, a layer of our own the metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from digest.collect.article import SHORTEST, Article, find_article, parse_page, size_of
from digest.collect.body import read_body
from digest.collect.document import Document, Place, Reading
from digest.collect.entries import make_entry
from digest.collect.index_pages import is_index, teased
from digest.collect.lines import same_line
from digest.collect.metadata import Metadata, read_metadata
from digest.collect.pictures import Pictures
from digest.collect.story_entries import Around, story_entry
from digest.collect.teaser_blocks import Teased
from digest.errors import SourceError
from digest.models import Image
from digest.text.markup import Block, Picture, clean_text, links, read_tree, up_to
from digest.text.urls import host, safe_link

MAX_PAGE = 4_000_000
"""Characters of a page that are read."""
MAX_TAGS = 60_000
"""Tags of a page that are read, three times those of the largest of 152 real ones: beyond it, the
time that finding an article takes grows with the square."""
_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
)


def read_article(document: Document, text: str) -> Reading:
    """The one entry of a page, or the stories that an index teases.

    Raises SourceError where the page has neither; it names the page's feed, if it has one.
    """
    text = _bounded(text)
    place = document.place
    root = parse_page(text)
    if root is None:
        raise _no_article(document, text)
    saved_from = "" if document.url else _saved_from(text)
    meta = read_metadata(root, url=document.url or saved_from)
    base = _base(root, document.url or saved_from) or meta.url or ""
    shown = read_tree(root).pictures
    stories = () if meta.is_article else teased(root, base=base)
    article = find_article(root)
    if is_index(stories, article.blocks):
        return _index(document, stories, meta, text)
    if size_of(article.blocks) < SHORTEST and document.folder is not None:
        article = _whole(root)  # a file that somebody saved is what they mean to read
    if size_of(article.blocks) < (1 if document.folder else SHORTEST):
        raise _no_article(document, text)
    body = read_body(typed_blocks(article, shown), title=meta.title)
    pictures = Pictures(document.folder)
    by_line = f"a line of {article.found_by}'s text"
    where = {**meta.where, "text": article.found_by, "dateline": by_line}
    if saved_from and meta.url == saved_from:
        where["url"] = "the browser's note of where it was saved from"
    if not meta.byline:
        where["byline"] = by_line
    if not meta.agency:
        where["agency"] = by_line
    where["source"] = _source_where(place, meta)
    where["section"] = "the list of sources"
    where["image"] = where["image"] or "the first picture that illustrates it"
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
        image=_image(shown, meta.image, article.blocks, pictures, base),
        language=meta.language,
        section=place.section,
        provenance=where,
    )
    return Reading(kind="page", entries=(entry,), name=entry.source, pictures=pictures.found)


def _whole(root: Any) -> Article:
    """All paragraphs of a page, for one that is too short for an article to be found in it."""
    kept = tuple(block for block in read_tree(root).blocks if block.kind != "code")
    return Article(kept, "the page's paragraphs")


def _index(document: Document, stories: Sequence[Teased], meta: Metadata, text: str) -> Reading:
    """The entries of a page that teases many stories."""
    place = document.place
    pictures = Pictures(document.folder)
    around = Around(
        now=document.now,
        source=place.name or meta.site or host(document.url),
        section=place.section,
        language=meta.language,
        where={
            "language": meta.where.get("language", ""),
            "section": "the list of sources",
            "source": _source_where(place, meta),
        },
    )
    entries = tuple(
        story_entry(story, order=order, around=around, pictures=pictures, base=document.url)
        for order, story in enumerate(stories)
    )
    feeds = feed_links(text, document.url)
    note = f"it names a feed, which holds dates and texts: {feeds[0]}" if feeds else ""
    return Reading(
        kind="index", entries=entries, name=around.source, note=note, pictures=pictures.found
    )


def _source_where(place: Place, meta: Metadata) -> str:
    if place.name:
        return "the list of sources"
    return meta.where["source"] if meta.site else "its address"


def _bounded(text: str) -> str:
    """The page up to the bounds of length and tags."""
    return up_to(text[:MAX_PAGE], "<", MAX_TAGS)


_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,5}\)(https?://[^\s<>]{1,4000})\s*-->")


def _saved_from(text: str) -> str:
    """The address that a browser writes into a page that it saves; "" for none."""
    hit = _SAVED_FROM.search(text[:4000])
    return hit[1] if hit else ""


def _no_article(document: Document, text: str) -> SourceError:
    return SourceError(
        f"{document.place.given} is a page with no article in it.", hint=_instead(text, document)
    )


def typed_blocks(article: Article, shown: Sequence[Picture]) -> tuple[Block, ...]:
    """The blocks with the page's captions known as such, and without lines that are only links."""
    captions = {same_line(p.caption) for p in shown if p.caption}
    captions |= {same_line(p.alt) for p in shown if len(p.alt.split()) >= 3}
    blocks: list[Block] = []
    for block in article.blocks:
        if block.kind in ("paragraph", "item") and same_line(block.text) in captions:
            blocks.append(Block("caption", block.text))
        elif block.text in article.links and block.kind != "heading":
            blocks.append(Block("aside", block.text))
        else:
            blocks.append(block)
    return tuple(blocks)


def _image(
    found: Sequence[Picture],
    stated: Picture | None,
    blocks: Sequence[Block],
    pictures: Pictures,
    base: str,
) -> Image | None:
    """The picture that the page states, with the alt text and caption that it has in the page."""
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
