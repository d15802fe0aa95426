"""Paragraphs that an extraction cut, taken whole from the page they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from digest.text.markup import Block, clean_text

_SHARE = 0.5
"""Share of a paragraph that must have been found, so that the rest of it belongs there too."""
_MOST = 100
"""Cut paragraphs that are looked for in one page; each is compared with all of its paragraphs."""


def whole(blocks: Sequence[Block], root: Any) -> tuple[Block, ...]:
    """The blocks, each that is most of a `<p>` as all of it.

    trafilatura 2.3.1 loses words before a link in some pages. A `<p>` with line breaks is left as
    it was cut: its lines are paragraphs of their own.
    """
    paragraphs = {
        clean_text("".join(node.itertext())): None
        for node in root.iter("p")
        if next(node.iter("br"), None) is None
    }
    mended: list[Block] = []
    seen: set[str] = set()
    looked = 0
    for block in blocks:
        text = block.text
        if block.kind == "paragraph" and text not in paragraphs and looked < _MOST:
            looked += 1
            text = _around(text, paragraphs)
        if text != block.text and text in seen:
            continue  # two pieces of one paragraph
        seen.add(text)
        mended.append(Block(block.kind, text))
    return tuple(mended)


def _around(text: str, paragraphs: Iterable[str]) -> str:
    """The paragraph that `text` is most of; else `text`."""
    if len(text) < 30:
        return text
    for other in paragraphs:
        if len(text) < len(other) <= len(text) / _SHARE and text in other:
            return other
    return text
