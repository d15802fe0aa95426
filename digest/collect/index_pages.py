"""A page that teases many stories and tells none: a front page, a blog's home, a list of links.

A teaser is a headline that is a link, with what stands in the same block and in no other: excerpt,
byline, date, picture. Blocks count as the page's stories where several are built alike, outside
its navigation and its side lists.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from digest.collect import lines
from digest.collect.teaser_blocks import (
    HEADINGS,
    Teased,
    is_headline,
    names_of,
    read_block,
    text_of,
)
from digest.text.markup import Block, clean_text
from digest.text.urls import canonical, safe_link

LEAST = 3
"""Stories from which a page without an article is an index."""
LEAST_PLAIN = 5
"""Links without headings from which a list of them is one of stories."""
SHARE = 0.5
"""Share of such an article's words that must stand in the stories' own blocks."""
_MOST = 200
_SIDE_TAGS = ("nav", "footer", "aside", "form", "menu")
_SIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|footer|sidebar|side|aside|widget|breadcrumbs?|"
    r"pagination|pager|pages|social|share|tags?|tagcloud|cloud|comments?|related|popular|trending|"
    r"most-?read|mostread|recommended|newsletter|promo|sponsor(?:ed)?|ad|ads|advert(?:isement)?|"
    r"cookie|login|search|toolbar|topbar|languages?|meistgelesen|masleido)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"(?:^|[\s_-])(?:title|headline|heading|entry-?title|hed)(?:$|[\s_-])", re.IGNORECASE
)


def teased(root: Any, *, base: str) -> tuple[Teased, ...]:
    """The stories that a parsed page teases, in its order; empty where it teases none."""
    heads = _alike(_by_heading(root)) or _alike(_plain_links(root), least=LEAST_PLAIN)
    boxes = _boxes(heads)
    found: dict[str, Teased] = {}
    for head in heads[:_MOST]:
        link = safe_link(head.anchor.get("href") or "", base)
        if not link or not link.startswith("http") or canonical(link) == canonical(base or "x"):
            continue
        story = read_block(head.anchor, head.holder, boxes[head.anchor], link)
        found.setdefault(canonical(link), story)
    return tuple(found.values())


def is_index(stories: Sequence[Teased], blocks: Sequence[Block]) -> bool:
    """Whether a page is one of stories rather than one story.

    `blocks` are those of what was taken for its article.
    """
    if len(stories) < LEAST:
        return False
    body = [block.text for block in blocks if block.kind != "caption"]
    words = sum(map(len, body))
    if words < 200:
        return True
    told = "\n".join(story.around for story in stories)
    inside = sum(len(text) for text in body if lines.same_line(text) in told)
    return inside >= SHARE * words


@dataclass(frozen=True, slots=True)
class _Head:
    """A headline: its link, the element that holds it, and how both are built."""

    anchor: Any
    holder: Any
    build: tuple[str, ...]


def _by_heading(root: Any) -> list[_Head]:
    """Links that are headings, or stand in what is called a title, outside side blocks."""
    found: list[_Head] = []
    seen: set[Any] = set()
    for anchor in root.iter("a"):
        holder = _holder(anchor)
        if holder is None or holder in seen or not is_headline(anchor) or _is_aside(anchor):
            continue
        seen.add(holder)
        found.append(_Head(anchor, holder, _build(holder)))
    return found


def _holder(anchor: Any) -> Any:
    """The heading around a link, or inside it, or the element that is called a title."""
    inner = next(anchor.iter(*HEADINGS), None)
    if inner is not None:
        return inner
    node = anchor
    for _ in range(4):
        if node.tag in (*HEADINGS, "dt") or (node is not anchor and _TITLED.search(names_of(node))):
            return node
        if node is anchor and _TITLED.search(names_of(node)):
            return node
        node = node.getparent()
        if node is None or node.tag in ("body", "html", "li", "td", "article", "section"):
            return node if node is not None and _TITLED.search(names_of(node)) else None
    return None


def _plain_links(root: Any) -> list[_Head]:
    """Links that make up most of a list item, a cell or a paragraph: lists of bare headlines."""
    found: list[_Head] = []
    for anchor in root.iter("a"):
        if not is_headline(anchor) or _is_aside(anchor):
            continue
        holder = anchor.getparent()
        while holder is not None and holder.tag in ("span", "b", "strong", "em", "font", "i"):
            holder = holder.getparent()
        if holder is None or holder.tag not in ("li", "td", "p", "div", "dt"):
            continue
        text = clean_text("".join(holder.itertext()))
        if len(text_of(anchor)) * 2 >= len(text) or holder.tag in ("li", "dt"):
            found.append(_Head(anchor, holder, _build(holder)))
    return found


def _alike(heads: Sequence[_Head], *, least: int = LEAST) -> list[_Head]:
    """The headlines whose build several share; a front page may have two or three builds."""
    builds = Counter(head.build for head in heads)
    tags = Counter(head.holder.tag for head in heads)
    return [
        head
        for head in heads
        if builds[head.build] >= least or (tags[head.holder.tag] >= least and len(heads) <= 12)
        or (builds[head.build] == 1 and head.holder.tag in ("h1", "h2") and len(heads) > least)
    ]  # fmt: skip


def _build(holder: Any) -> tuple[str, ...]:
    """How an element and what it stands in are built: tags, and the first word of classes."""
    steps: list[str] = []
    node = holder
    for _ in range(3):
        if node is None:
            break
        first = (names_of(node).split() or [""])[0]
        steps.append(f"{node.tag}.{re.sub(r'[0-9]+', '', first)}")
        node = node.getparent()
    return tuple(steps[:2])


def _is_aside(node: Any) -> bool:
    """Whether an element stands in navigation, a footer, a side list or a form."""
    for around in node.iterancestors():
        if around.tag in ("body", "html"):
            return False
        if around.tag in _SIDE_TAGS or around.get("role") in ("navigation", "complementary"):
            return True
        if around.tag == "header" and not _in_story(around):
            return True
        if around.tag in ("div", "section", "ul", "ol", "table", "td") and _SIDE.search(
            names_of(around)
        ):
            return True
    return False


def _in_story(node: Any) -> bool:
    return any(
        around.tag in ("article", "main", "section", "li") for around in node.iterancestors()
    )


def _boxes(heads: Sequence[_Head]) -> dict[Any, Any]:
    """By headline, the largest element around it that holds no other headline."""
    holds: Counter[Any] = Counter()
    for head in heads:
        holds.update(head.holder.iterancestors())
    boxes: dict[Any, Any] = {}
    for head in heads:
        box = head.holder
        for around in head.holder.iterancestors():
            if holds[around] > 1 or around.tag in ("body", "html"):
                break
            box = around
        boxes[head.anchor] = box
    return boxes
