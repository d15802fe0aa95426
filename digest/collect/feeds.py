"""RSS, RDF and Atom to entries."""

from __future__ import annotations

import re
from collections import Counter

from digest.collect.body import Body, read_body
from digest.collect.bylines import Byline, of_house, parse_byline
from digest.collect.dates import parse_date
from digest.collect.document import Document, Reading
from digest.collect.encoding import as_utf8
from digest.collect.entries import make_entry
from digest.collect.feed_items import MOST_OF_A_KIND, FeedItem, ParsedFeed, bounded
from digest.collect.feed_parsers import parse_feed
from digest.collect.lines import ends_cut, part_kind, same_line
from digest.collect.names import site_name
from digest.collect.pictures import Pictures
from digest.collect.raw_feed import MAX_ITEMS, read_raw
from digest.errors import SourceError
from digest.models import Entry, Image, Part
from digest.text.markup import Block, Picture, clean_text, read_markup
from digest.text.titles import title_text
from digest.text.urls import canonical, host, safe_link

FULL_TEXT = 150
"""Words from which a description without any content beside it counts as the whole text."""


def read_feed(document: Document, text: str) -> Reading:
    """The entries of a feed, in its order.

    Raises SourceError where no parser can read it. A feed without entries is no error; the report
    says 0.
    """
    raw = read_raw(as_utf8(text, document.data))
    feed, unread = bounded(parse_feed(raw, where=document.place.given))
    name = source_name(document, feed)
    pictures = Pictures(document.folder)
    entries = feed_entries(document, feed, name, pictures)
    notes = []
    if raw.cut:
        notes.append(f"only the first {MAX_ITEMS} entries were read")
    told = any(entry.title or entry.text or entry.summary for entry in entries)
    if not told and not _ITEM_END.search(text):
        _refuse_malformed(document, text)
    if not feed.printed:
        notes.append("the feed is valid but has no entries")
    if len(entries) < feed.printed:
        lost = feed.printed - len(entries)
        notes.append(f"{lost} of {feed.printed} items could not be read")
    if unread:
        notes.append(unread)
    return Reading(
        kind="feed", entries=entries, name=name, note="; ".join(notes), pictures=pictures.found
    )


_ITEM_END = re.compile(r"</(?:[\w.-]{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)


def source_name(document: Document, feed: ParsedFeed) -> str:
    """What a feed is called: by its list, but inside a folder that a list names by itself."""
    place = document.place
    own = site_name(feed.title, feed.link or document.url)
    given = (own, place.name) if place.member else (place.name, own)
    return next(filter(None, given), "") or host(feed.link or document.url)


def _refuse_malformed(document: Document, text: str) -> None:
    """Raise SourceError where a feed gave nothing because it is not XML to its end."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(
            f"{document.place.given} is a malformed feed: no entry can be read, and its XML "
            f"breaks at line {error.lineno}.",
            hint="Fetch or save it again; a feed validator shows what is wrong.",
        ) from None


def feed_entries(
    document: Document, feed: ParsedFeed, name: str, pictures: Pictures
) -> tuple[Entry, ...]:
    """The items of a feed as entries, none left out; shared by XML and JSON feeds."""
    home = _resolved(feed.link, document.url) or document.url
    bases = [_resolved(item.base, home) or home for item in feed.items]
    addresses = [_resolved(item.link, base) for item, base in zip(feed.items, bases, strict=True)]
    times = Counter(canonical(url) for url in addresses if url)
    own = canonical(home) if home else ""
    return tuple(
        _feed_entry(
            item,
            document=document,
            feed=feed,
            name=name,
            pictures=pictures,
            order=index,
            base=base,
            url=url,
            shared=bool(url) and (times[canonical(url)] > 1 or canonical(url) == own),
        )
        for index, (item, base, url) in enumerate(zip(feed.items, bases, addresses, strict=True))
    )


def _resolved(link: str, base: str) -> str:
    """An http(s) address, resolved; "" for what is none."""
    found = safe_link(clean_text(link), base) if link else None
    return found if found and found.startswith("http") else ""


def _feed_entry(
    item: FeedItem,
    *,
    document: Document,
    feed: ParsedFeed,
    name: str,
    pictures: Pictures,
    order: int,
    base: str,
    url: str,
    shared: bool,
) -> Entry:
    """An item as an entry; `base` is against what its links stand, `url` its own address."""
    title = title_text(item.title)
    content = read_markup(item.content)
    body = read_body(content.blocks, title=title)
    described = read_markup(item.description) if item.description != item.content else content
    summary, notices = plain_summary(described.blocks)
    text, summary = _text_or_summary(item, body, summary)
    people = [of_house(parse_byline(author), name) for author in item.authors or feed.authors]
    who = Byline(
        ", ".join(dict.fromkeys(p.name for p in people if p.name)),
        next((p.agency for p in people if p.agency), ""),
    )
    dated = next(((at, when) for at, raw in item.dates if (when := parse_date(raw))), None)
    where = _provenance(item, feed, document, name=name, body=body, named=bool(who.name))
    if dated:
        where["published"] = dated[0]
    return make_entry(
        title=title,
        now=document.now,
        text=text,
        summary=summary,
        parts=_joined_parts(body.parts, notices),
        url=url or None,
        guid=clean_text(item.guid),
        shared_url=shared,
        source=name,
        published=dated[1] if dated else None,
        byline=who.name or body.byline,
        agency=who.agency or body.agency,
        dateline=body.dateline,
        tags=(title_text(tag) for tag in item.tags),
        image=_image(item, [*content.pictures, *described.pictures], pictures, base),
        language=item.language or feed.language,
        section=document.place.section,
        order=order,
        provenance=where,
    )


def _provenance(
    item: FeedItem, feed: ParsedFeed, document: Document, *, name: str, body: Body, named: bool
) -> dict[str, str]:
    """Where each field of an entry was read, but its date."""
    where = dict(item.provenance)
    text, summary = where.get("text"), where.get("summary")
    where["text"] = text or summary or ""
    where["summary"] = summary or text or ""
    in_text = f"a line of {where['text']}"
    if not named and body.byline:
        where["byline"] = in_text
    elif not item.authors:
        where["byline"] = "the feed's author"
    where["agency"] = where.get("byline", "") or in_text
    where["dateline"] = in_text
    where["source"] = "the feed's title" if feed.title else "the feed's address"
    if name == document.place.name:
        where["source"] = "the list of sources"
    where["section"] = "the list of sources"
    where["language"] = "the item's language" if item.language else "the feed's language"
    where["image"] = _pictured(item)
    return where


def _pictured(item: FeedItem) -> str:
    if item.pictures:
        return "the item's own picture"
    return (
        "the first picture of the text"
        if "<img" in item.content + item.description
        else "thumbnail"
    )


def plain_summary(blocks: tuple[Block, ...]) -> tuple[str, tuple[Part, ...]]:
    """A description as plain text, and its lines that are no description ("Read more", notices)."""
    words: list[str] = []
    parts: list[Part] = []
    for block in blocks:
        text, notice = _split_notice(block.text)
        if notice:
            parts.append(Part(kind="notice", text=notice))
        kind = part_kind(text) if text and len(blocks) > 1 else None
        if kind in ("notice", "call-to-action", "share"):
            parts.append(Part(kind=kind, text=text))
        elif text and block.kind != "code":
            words.append(text)
    return _TAIL.sub(r"\1", " ".join(words)).strip(), tuple(parts)


# Links that end an excerpt: "… Continue reading", "[…] Read more →", "Read more" after the text.
_TAIL = re.compile(
    r"(…|\.\.\.|\[…\]|\[\.\.\.\]|[.!?]|^)[”\"’]?\s*[(\[]?"
    r"(?:(?:continue reading|read (?:more|on|the full|the rest)|leer más|lire la suite|weiterlesen|"
    r"leggi tutto|ler mais)\b.{0,160}|more\W{0,4})$",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_NOTICE = 800
_APPEARED = re.compile(
    r"\s*(?:The post .{1,500} (?:first )?appeared first on .{1,200}|"
    r"L’article .{1,500} est apparu en premier sur .{1,200}|"
    r"Der Beitrag .{1,500} erschien zuerst auf .{1,200}|"
    r"La entrada .{1,500} (?:se publicó primero|aparece primero) en .{1,200})$"
)


def _split_notice(text: str) -> tuple[str, str]:
    """(text, notice): WordPress's "The post X appeared first on Y." taken off the end."""
    hit = _APPEARED.search(text, max(0, len(text) - _LONGEST_NOTICE))
    return (text[: hit.start()].strip(), hit[0].strip()) if hit else (text, "")


def _text_or_summary(item: FeedItem, body: Body, summary: str) -> tuple[str, str]:
    """Which words are the text and which the description.

    A description with content beside it is the summary. Alone, it is the summary too, unless it
    is as long as an article. Content that breaks off is an excerpt, thus the summary.
    """
    paragraphs = [part for part in (_split_notice(p)[0] for p in body.paragraphs) if part]
    text = "\n\n".join(paragraphs)
    words = len(text.split())
    if not text:
        return "", summary
    alone = item.description == item.content
    short = words < FULL_TEXT and len(text) < 6 * FULL_TEXT
    one_line = " ".join(paragraphs)
    if alone:
        # The body's lines are the description without its byline and dateline.
        return ("", one_line) if short else (text, "")
    if short and (ends_cut(one_line) or _TAIL.search(one_line)):
        excerpt = _TAIL.sub(r"\1", one_line).strip()
        return "", summary if len(summary) > len(excerpt) else excerpt
    if same_line(summary) == same_line(one_line):
        return ("", summary) if short else (text, "")
    return text, summary


def _joined_parts(parts: tuple[Part, ...], more: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(dict.fromkeys([*parts, *more]))


def _image(item: FeedItem, inline: list[Picture], pictures: Pictures, base: str) -> Image | None:
    """The feed's own picture, else the first in the text, else a thumbnail."""
    inline = inline[:MOST_OF_A_KIND]
    twins = {p.src.split("?")[0]: p for p in reversed(inline)}
    for picture in [*item.pictures, *inline, *item.thumbnails]:
        twin = twins.get(picture.src.split("?")[0])
        if twin is not None:
            picture = Picture(  # noqa: PLW2901 - the same picture, described by the text around it
                picture.src,
                twin.alt or picture.alt,
                twin.caption or picture.caption,
                picture.width or twin.width,
                picture.height or twin.height,
            )
        image = pictures.image(picture, base)
        if image is not None:
            return image
    return None
