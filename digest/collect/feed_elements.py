"""The fast reader of feeds: libxml2's tree, and a table of which element says what.

No library of feeds tells which element a value came from, which `provenance` promises; this table
does. RSS 0.9x to 2.0, RDF and Atom share it, since real feeds mix their elements.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from lxml import etree

from digest.collect.feed_items import FeedItem, ParsedFeed
from digest.collect.feed_markup import inner_markup
from digest.collect.feed_pictures import pictures, thumbnails

_XML = "{http://www.w3.org/XML/1998/namespace}"
# Namespaces by what their address holds: they are misspelled in case, scheme and last slash.
_FAMILIES = (
    ("purl.org/dc/", "dc"),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("search.yahoo.com/mrss", "media"),
    ("video.search.yahoo.com/mrss", "media"),
    ("itunes.com/dtds", "itunes"),
    ("www.w3.org/2005/atom", "atom"),
    ("purl.org/atom/ns", "atom"),
    ("www.w3.org/1999/xhtml", "xhtml"),
    ("www.google.com/schemas/play-podcasts", "googleplay"),
    ("rssnamespace.org/feedburner", "feedburner"),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
    ("purl.org/rss/1.0/modules/", "module"),
    ("purl.org/rss/", ""),
    ("my.netscape.com/rdf", ""),
    ("channel.netscape.com/rdf", ""),
    ("backend.userland.com/rss", ""),
    ("blogs.law.harvard.edu/tech/rss", ""),
)

_TITLES = ("title", "dc:title", "media:title", "itunes:title")
_LINKS = ("feedburner:origlink", "pheedo:origlink", "link")
_GUIDS = ("guid", "id")
_DESCRIPTIONS = (
    "description", "summary", "dc:description", "itunes:summary", "media:description",
    "itunes:subtitle", "abstract",
)  # fmt: skip
_CONTENTS = ("content:encoded", "content", "xhtml:body", "body", "xhtml:div", "fullitem")
# The first words for when something was published; "updated" only where none of them stands.
_DATES = (
    "pubdate", "published", "issued", "dc:date", "dc:issued", "dc:created", "created", "date",
    "updated", "modified", "dc:modified", "lastbuilddate",
)  # fmt: skip
_AUTHORS = ("author", "dc:creator", "dc:author", "creator", "itunes:author")
_TAGS = ("category", "dc:subject", "itunes:keywords", "media:keywords", "media:category")


@lru_cache(maxsize=4096)
def _key(tag: str) -> str:
    """An element's name in lower case, with its family where that is not the feed's own.

    Atom's elements bear no prefix: an `<atom:updated>` in RSS means what it means in Atom.
    """
    space, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    if space:
        low = space.lower()
        family = next((name for part, name in _FAMILIES if part in low), "other")
    else:
        prefix, colon, rest = local.partition(":")  # a prefix that is bound to nothing
        family, local = (prefix.lower(), rest) if colon else ("", local)
        family = {"dcterms": "dc", "a10": "", "atom10": "", "atom03": ""}.get(family, family)
    family = "" if family == "atom" else family
    return f"{family}:{local}".lower() if family else local.lower()


def read_elements(root: Any, *, limit: int) -> ParsedFeed:
    """The feed of a parsed document, at most `limit` items; a document without items has none."""
    nodes = _item_nodes(root, limit)
    head = _head(root)
    kind = _kind(root)
    top = _by_key(head)
    link, _ = _link(top)
    items = tuple(_item(node, kind) for node in nodes)
    return ParsedFeed(
        title=_value(_first(top, ("title", "dc:title"))),
        link=link,
        language=_language(root, head, top),
        authors=tuple(_people(top, ("author",))) if kind == "Atom" else (),
        items=items,
        parser="elements",
    )


def _item_nodes(root: Any, limit: int) -> list[Any]:
    """The items, at any depth, of the families that feeds are written in."""
    found = []
    for node in root.iter(etree.Element):
        tag = node.tag
        if tag[-4:].lower() in ("item", "ntry") and _key(tag) in _ITEMS:
            found.append(node)
            if len(found) == limit:
                break
    return found


_ITEMS = frozenset({"item", "entry", "rss:item", "rdf:item"})


def _head(root: Any) -> Any:
    """The element that speaks for the feed: `<channel>`, or the root itself."""
    if _key(root.tag) in ("feed", "channel", "entry"):
        return root
    for node in root.iter(etree.Element):
        if _key(node.tag) in ("channel", "feed"):
            return node
    return root


def _kind(root: Any) -> str:
    """What the format is called in `provenance`."""
    name = _key(root.tag)
    if name in ("feed", "entry"):
        return "Atom"
    return "RDF" if name == "rdf:rdf" else "RSS"


Elements = Mapping[str, Sequence[Any]]


def _by_key(node: Any) -> Elements:
    found: dict[str, list[Any]] = {}
    for child in node.iterchildren(etree.Element):
        found.setdefault(_key(child.tag), []).append(child)
    for group in found.get("media:group", ()):
        for child in group.iterchildren(etree.Element):
            found.setdefault(_key(child.tag), []).append(child)
    return found


def _first(elements: Elements, names: Sequence[str]) -> Any:
    """The first element, by the order of `names`, that holds something; None where none does."""
    for name in names:
        for node in elements.get(name, ()):
            if len(node) or (node.text and not node.text.isspace()):
                return node
    return None


def _item(node: Any, kind: str) -> FeedItem:
    found = _by_key(node)
    where: dict[str, str] = {}

    def told(name: str, element: Any) -> Any:
        if element is not None:
            where[name] = f"{kind} {_printed(element)}"
        return element

    title = told("title", _first(found, _TITLES))
    described = told("summary", _first(found, _DESCRIPTIONS))
    content = told("text", _content(found))
    link, holder = _link(found)
    told("url", holder)
    guid = _first(found, _GUIDS)
    identity = _value(guid) or node.get(_RDF_ABOUT) or ""
    if not link and _is_address(guid, identity):
        link = identity
        told("url", guid if guid is not None else node)
    people = [*_people(found, _AUTHORS)]
    told("byline", _first(found, _AUTHORS))
    tags = tuple(_tags(found))
    told("tags", next((found[name][0] for name in _TAGS if found.get(name)), None))
    base = content if content is not None else described if described is not None else node
    return FeedItem(
        title=_value(title),
        link=link,
        guid=identity,
        description=_value(described),
        content=_value(content) or _value(described),
        base=base.base or "",
        dates=tuple(
            (f"{kind} {_printed(date)}", _text(date))
            for name in _DATES
            if name in found
            for date in found[name]
        ),
        authors=tuple(people),
        tags=tags,
        pictures=pictures(found) if found.keys() & _PICTURED else (),
        thumbnails=thumbnails(found) if found.keys() & _SMALL else (),
        language=_language_of(content) or _language_of(node) or _text(_first(found, _SPOKEN)),
        provenance=where,
    )


_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PICTURED = frozenset({"media:content", "enclosure", "link"})
_SMALL = frozenset(
    {"media:thumbnail", "media:content", "itunes:image", "googleplay:image", "image"}
)
_SPOKEN = ("dc:language", "language")


def _is_address(guid: Any, identity: str) -> bool:
    """Whether an item's identity is where it stands: a guid says so unless it says it is not."""
    permanent = guid is None or (guid.get("isPermaLink") or "").strip().lower() != "false"
    return permanent and identity.lower().startswith(("http://", "https://"))


def _printed(node: Any) -> str:
    """The element as its document writes it: `dc:creator`."""
    local = node.tag.rpartition("}")[2]
    return f"{node.prefix}:{local}" if node.prefix else str(local)


def _content(found: Elements) -> Any:
    """The element that holds the whole text; of several, the first that is markup or text."""
    for name in _CONTENTS:
        for node in found.get(name, ()):
            if _value(node):
                return node
    return None


def _link(found: Elements) -> tuple[str, Any]:
    """Where an item or a feed stands, and the element that says so."""
    best: tuple[int, str, Any] = (9, "", None)
    for name in _LINKS:
        for node in found.get(name, ()):
            href = (node.get("href") or "").strip()
            address = _text(node) or href
            if not address:
                continue
            rank = 0 if name != "link" else _rank_of_link(node) if href else 1
            if rank < best[0]:
                best = rank, address, node
    return best[1], best[2]


def _rank_of_link(node: Any) -> int:
    """How much an Atom link is the entry's own: 1 alternate and a page, 9 something else."""
    rel = (node.get("rel") or "alternate").strip().lower()
    kind = (node.get("type") or "text/html").lower()
    if rel == "alternate":
        return 1 if "html" in kind else 2
    return 3 if rel in ("canonical", "shorturl") else 9


def _people(found: Elements, names: Sequence[str]) -> Iterator[str]:
    """The authors of the first kind of element that names any."""
    for name in names:
        people = [person for node in found.get(name, ()) if (person := _person(node))]
        if people:
            yield from dict.fromkeys(people)
            return


def _person(node: Any) -> str:
    """A person construct of Atom, or the text of an element of RSS."""
    inside = _by_key(node)
    for name in ("name", "title"):
        for child in inside.get(name, ()):
            if _text(child):
                return _text(child)
    if "email" in inside or "uri" in inside or "url" in inside:
        return ""  # an address is nobody's name
    return _text(node)


def _tags(found: Elements) -> Iterator[str]:
    for name in _TAGS:
        for node in found.get(name, ()):
            text = node.get("label") or node.get("term") or _text(node)
            yield from text.split(",") if name.endswith("keywords") else (text,)


def _language_of(node: Any) -> str:
    return (node.get(f"{_XML}lang") or "") if node is not None else ""


def _language(root: Any, head: Any, top: Elements) -> str:
    return (
        _text(_first(top, ("language", "dc:language"))) or _language_of(head) or _language_of(root)
    )


def _text(node: Any) -> str:
    """All characters inside an element, without its tags."""
    if node is None:
        return ""
    return ("".join(node.itertext()) if len(node) else node.text or "").strip()


def _value(node: Any) -> str:
    """The words of a text construct as markup: inline elements kept, base64 read."""
    if node is None:
        return ""
    if len(node):
        # Escaped markup that stands inside a <div> is markup once more.
        return _text(node) if (node.get("type") or "").lower() == "html" else inner_markup(node)
    text = (node.text or "").strip()
    if text and _is_coded(node):
        return _decoded(text, (node.get("type") or "").lower())
    return text


def _is_coded(node: Any) -> bool:
    """Atom 0.3's mode="base64", and Atom 1.0's content of a type that is no text."""
    if (node.get("mode") or "").lower() == "base64":
        return True
    kind = (node.get("type") or "").lower()
    return "/" in kind and not re.search(r"^text/|[+/](?:xml|html|xhtml\+xml)$|html", kind)


def _decoded(text: str, kind: str) -> str:
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return text
    try:
        return data.decode("utf-8").strip()
    except UnicodeDecodeError:
        # A picture or a recording is no text; of another type it was never base64.
        return "" if kind.startswith(("image/", "audio/", "video/")) else text
