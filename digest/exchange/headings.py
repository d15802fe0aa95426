"""Which heading of a newsletter is a section, and which a headline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from digest.exchange.blocks import Block
from digest.exchange.frame import bare
from digest.exchange.heads import (
    Head,
    Resolve,
    anchors,
    is_also,
    item_head,
    links_only,
    main_anchor,
    more_url,
    note_of,
    paragraph_head,
    prose_of_block,
)

Role = Literal["title", "section", "story", "maybe", "bare"]
"""`maybe`: prose with a link stands below it; `bare`: prose without one."""


def heads_of(block: Block, resolve: Resolve) -> tuple[Head, ...]:
    """The headlines of an item or a paragraph."""
    many = links_only(block, resolve)
    if many:
        return many
    head = (item_head if block.kind == "item" else paragraph_head)(block, resolve)
    return (head,) if head and head.title and head.url else ()


def prose_in(block: Block, resolve: Resolve, *, own: bool) -> str:
    """The words of a block that may be a blurb; "" of what is none. `own`: see `read_stories`."""
    if block.kind in ("rule", "caption", "heading"):
        return ""
    slanted = all(piece.em or not piece.text.strip() for piece in block.pieces)
    if slanted and (own or not block.text.endswith((".", "!", "?", "。"))):
        return ""
    if own:
        return "" if is_also(block.text) or note_of(block.text) else block.text
    return prose_of_block(block, resolve)


class Judge:
    """Judges the headings among `blocks` by what stands below them."""

    def __init__(self, blocks: Sequence[Block], resolve: Resolve, *, title: str, own: bool) -> None:
        self._blocks = blocks
        self._resolve = resolve
        self._own = own
        self.title = title
        """The newsletter's own title, that of its first heading where none was given."""

    def roles(self) -> tuple[dict[int, Role], dict[int, str]]:
        """The role of each heading by its place, and the address of each that is a headline."""
        places = [at for at, block in enumerate(self._blocks) if block.kind == "heading"]
        roles: dict[int, Role] = {}
        urls: dict[int, str] = {}
        first_levels = sum(self._blocks[at].level == 1 for at in places)
        for number, at in enumerate(places):
            block = self._blocks[at]
            links = anchors(block, self._resolve)
            same = not links and bool(bare(self.title)) and bare(block.text) == bare(self.title)
            if not self._own and not roles and ((block.level == 1 and first_levels == 1) or same):
                roles[at] = "title"
                self.title = self.title or block.text
                continue
            end = places[number + 1] if number + 1 < len(places) else len(self._blocks)
            body = [b for b in self._blocks[at + 1 : end] if b.kind != "rule"]
            deeper = end < len(self._blocks) and self._blocks[end].level > block.level
            roles[at], urls[at] = self._role(block, body, deeper=deeper)
        return self._settled(roles), urls

    def _role(self, block: Block, body: list[Block], *, deeper: bool) -> tuple[Role, str]:
        main = main_anchor(block, anchors(block, self._resolve))
        if self._own:  # our sections hold nothing but stories, which stand one level deeper
            return (
                "section" if block.level < 3 and deeper and not body else "story"
            ), main.url if main else ""
        items = [at for at, b in enumerate(body) if b.kind == "item" and heads_of(b, self._resolve)]
        prose = [at for at, b in enumerate(body) if prose_in(b, self._resolve, own=self._own)]
        if main is not None and (not items or (prose and prose[0] < items[0])):
            return "story", main.url
        more = {url for b in body if b.kind != "item" and (url := more_url(b, self._resolve))}
        named = [
            at for at, b in enumerate(body) if b.kind == "paragraph" and heads_of(b, self._resolve)
        ]
        named = [at for at in named if not more_url(body[at], self._resolve)]
        if items or (named and not (len(more) == 1 and prose and prose[0] < named[0])):
            return "section", ""
        if len(more) == 1:
            return "story", more.pop()
        if more or not prose or deeper:
            return "section", ""
        inner = [a for b in body for a in anchors(b, self._resolve) if not is_also(b.text)]
        return ("maybe", inner[0].url) if inner else ("bare", "")

    def _settled(self, roles: dict[int, Role]) -> dict[int, Role]:
        """The roles, what may be a headline judged by the other headings of its level."""
        levels: Counter[tuple[int, str]] = Counter()
        for at, role in roles.items():
            levels[self._blocks[at].level, role] += 1
        out: dict[int, Role] = {}
        for at, role in roles.items():
            level = self._blocks[at].level
            told, grouped = levels[level, "story"], levels[level, "section"]
            out[at] = role
            if role == "maybe":
                out[at] = "story" if told or not grouped else "section"
            elif role == "bare":
                out[at] = "story" if told >= 2 and not grouped else "section"
        return out
