"""The headline of a page: stated for machines, or found among its title and headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from digest.text.markup import clean_text
from digest.text.titles import title_text


def headline(
    root: Any, article: Mapping[str, Any], meta: Mapping[str, str], site: str
) -> tuple[str, str]:
    """(title, where): of JSON-LD, OpenGraph, `<title>` without the site's name, or a heading.

    A heading that stands in `<title>` is that title without its decoration, unless it is the
    site's name there; one that does not is believed only over a `<title>` that says less.
    """
    heads = _heads(root)
    node = root.find(".//head/title")
    page = title_text(_inner(node)) if node is not None else ""
    stated = (
        ("JSON-LD headline", _stated(article, [page, *heads])),
        ("meta dc.title", title_text(meta.get("dc.title", ""))),
        ("og:title", title_text(meta.get("og:title", ""))),
        ("twitter:title", title_text(meta.get("twitter:title", ""))),
    )
    for where, title in stated:
        if title:
            # A headline on the page that the stated one only decorates is the cleaner one.
            shorter = [h for h in heads if len(h) >= 15 and h != title and title.startswith(h)]
            return (shorter[0], "h1") if shorter else (without_site(title, site), where)
    return _among_headings(root, heads, page, site)


def _among_headings(root: Any, heads: list[str], page: str, site: str) -> tuple[str, str]:
    """The title of a page that states none, from its `<title>` and its headings."""
    inside = [head for head in heads if len(head) >= 10 and head.lower() in page.lower()]
    beside = _heading_of_article(root)
    fuller = beside or _only_heading(root)
    if fuller and _says_less(page, fuller):
        return fuller, "the article's heading"
    named = [head for head in heads if head != beside and _is_site_side(head, page)]
    inside = [head for head in inside if head not in named]
    if inside:
        return max(inside, key=len), "h1"
    own = without_site(page, site or next(iter(named), ""))
    if beside and (not own or _alike(own, site)):
        return beside, "the article's heading"
    if len(heads) == 1 and _alike(own, site):
        return heads[0], "h1"
    return (own, "title element") if own else (heads[0] if heads else "", "h1")


def _stated(article: Mapping[str, Any], shown: list[str]) -> str:
    """JSON-LD's headline; its name where the page shows that one, and the headline nowhere.

    Some put a description of the subject into `headline`.
    """
    title, name = (
        title_text(v) if isinstance(v := article.get(k), str) else "" for k in ("headline", "name")
    )
    everywhere = " ".join(shown).lower()
    return (
        name if name and name.lower() in everywhere and title.lower() not in everywhere else title
    )


def _heads(root: Any) -> list[str]:
    heads = [title_text(_inner(node)) for node in root.iter("h1")]
    return [head for head in heads if head]


_HEADING = (
    "*[self::h1 or self::h2][not(ancestor::nav or ancestor::aside or ancestor::footer or "
    "ancestor::header[not(ancestor::article or ancestor::main)])]"
)
_HEADINGS_OF_ARTICLES = (
    ".//*[self::h1 or self::h2][@itemprop='headline' or .//*[@itemprop='headline']]",
    f".//article//{_HEADING}[self::h1]",
    f".//main//{_HEADING}[self::h1]",
    f".//article//{_HEADING}",
)


def _heading_of_article(root: Any) -> str:
    """The heading that the page marks up as its article's; "" where none is."""
    for path in _HEADINGS_OF_ARTICLES:
        for node in root.xpath(path)[:1]:
            text = title_text(_inner(node))
            if text:
                return text
    return ""


def _only_heading(root: Any) -> str:
    """The page's only h1 outside its navigation; "" where it has none or several."""
    found = root.xpath(f".//{_HEADING}[self::h1]")
    return title_text(_inner(found[0])) if len(found) == 1 else ""


def _says_less(title: str, heading: str) -> bool:
    """Whether a title of a word or two ("Valley Post") stands over a heading that is a sentence."""
    return len(title.split()) <= 2 and len(heading.split()) >= 4


def _is_site_side(head: str, page: str) -> bool:
    """Whether a heading is the site's name in "Headline - Site" or "Site - Headline"."""
    pieces = [piece.strip().lower() for piece in _JOINT.split(page)]
    if len(pieces) < 2 or head.lower() == page.lower():
        return False
    last, first = pieces[-1] == head.lower(), pieces[0] == head.lower()
    rest = pieces[:-1] if last else pieces[1:]
    more = max(len(piece.split()) for piece in rest)
    return (last and more >= 3) or (first and len(head.split()) <= 3 < more)


def _inner(node: Any) -> str:
    return clean_text(" ".join(node.itertext())).replace("<", "&lt;")


_JOINT = re.compile(r"\s+(?:[|•·»›]|[–—-]|::?)\s+|\s*[|»]\s*")


def without_site(title: str, site: str) -> str:
    """A page's title without the site's name, which stands before or after a bar or dash."""
    pieces = [(m.start(), m.end()) for m in _JOINT.finditer(title)]
    if not pieces:
        return title
    start, end = pieces[-1]
    tail, head = title[end:].strip(), title[: pieces[0][0]].strip()
    rest = title[pieces[0][1] :].strip()
    if site and _alike(tail, site):
        return without_site(title[:start].strip(), site)
    if site and _alike(head, site):
        return rest
    bar = title[start:end].strip() in ("|", "»", "•", "·", "::")
    if bar and len(tail.split()) <= 5 and len(title[:start].split()) >= 3:
        return without_site(title[:start].strip(), site)
    if (
        not site
        and len(tail.split()) <= 3
        and len(title[:start].split()) >= 4
        and tail[:1].isupper()
    ):
        return title[:start].strip()
    return title


def _alike(piece: str, site: str) -> bool:
    one, other = (re.sub(r"\W|^the\s", "", word.lower()) for word in (piece, site))
    return bool(one) and bool(other) and (one in other or other in one)
