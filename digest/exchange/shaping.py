"""A newsletter's blocks without its frame, each of the kind that it is meant as."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from digest.exchange.blocks import Block
from digest.exchange.frame import frame_of
from digest.exchange.heads import Resolve, anchors, paragraph_head


def shaped(
    blocks: Sequence[Block], resolve: Resolve, left: Counter[str], *, own: bool
) -> list[Block]:
    """The blocks without the frame; a list that was typed with line breaks is one of blocks."""
    kept: list[Block] = []
    paid = False
    for block in blocks:
        if block.kind == "rule":
            kept.append(block)
            continue
        if paid and block.kind == "paragraph" and not anchors(block, resolve):
            left["sponsor"] += 1  # what stands below a sponsor's link is the sponsor's too
            paid = False
            continue
        reason = "" if own else block.aside or (frame_of(block) if block.kind != "heading" else "")
        paid = reason == "sponsor" and not block.aside and bool(anchors(block, resolve))
        if reason:
            left[reason] += 1
        elif block.kind == "caption":
            left["caption"] += 1
        elif block.kind == "paragraph":
            rows = block.lines()
            heads = sum(paragraph_head(row, resolve) is not None for row in rows)
            many = len(rows) > 1 and heads > 1
            kept += [_heading(row, resolve) for row in (rows if many else (block,))]
        else:
            kept.append(block)
    return kept


def _heading(block: Block, resolve: Resolve) -> Block:
    """A paragraph that is bold from end to end, short and no sentence, as the heading it is."""
    if block.kind != "paragraph" or not all(p.strong or not p.text.strip() for p in block.pieces):
        return block
    text = block.text
    if len(text) > 100 or text.endswith((".", "!", "?", "。")) or anchors(block, resolve):
        return block
    return replace(block, kind="heading", level=7)
