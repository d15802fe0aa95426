"""The stories of a newsletter, from its blocks: which headings are sections, which are headlines.

Structure decides, never a document: a heading is a section where headlines stand below it, and a
headline where it is a link, or where prose and a "Read more" stand below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from digest.exchange.blocks import Block
from digest.exchange.frame import bare, is_shut_section
from digest.exchange.headings import Judge, heads_of, prose_in
from digest.exchange.heads import (
    LONGEST_TITLE,
    Head,
    Resolve,
    anchors,
    ends,
    main_anchor,
    more_url,
    names,
    note_of,
)
from digest.exchange.phrases import FEATURED
from digest.exchange.shaping import shaped
from digest.models import Tier
from digest.text.urls import canonical

_MOST_LEADS = 5
_MOST_FEATURED = 3
_LONGEST_NAME = 120
_MOST_STORIES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as the newsletter told it; `url` is "" where it led nowhere."""

    headline: str
    url: str = ""
    section: str = ""
    kicker: str = ""
    blurb: str = ""
    note: str = ""
    tier: Tier = "teaser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What the blocks hold; `left` counts what was left out, by what it is."""

    stories: tuple[Told, ...] = ()
    title: str = ""
    intro: tuple[str, ...] = ()
    outro: tuple[str, ...] = ()
    left: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class _Story:
    headline: str
    url: str
    section: str
    item: int = 0
    by_heading: bool = False
    level: int = 0
    """That of the heading or the item that tells it."""
    takes_more: bool = True
    kicker: str = ""
    note: str = ""
    words: list[str] = field(default_factory=list)


def read_stories(
    blocks: Sequence[Block],
    *,
    resolve: Resolve,
    title: str = "",
    name: str = "",
    own: bool = False,
) -> Body:
    """The stories of `blocks`, in order, of the newsletter `name`, whose name heads no story.

    `own`: the file says that this program wrote it, so nothing in it is a frame to be left out.
    """
    left: Counter[str] = Counter()
    known = bare(name)
    blocks = [b for b in blocks if own or not known or bare(b.text) != known]
    kept = shaped(blocks, resolve, left, own=own)
    return _Reader(kept, resolve, left, title=title, own=own).read()


class _Reader:
    """One pass over the blocks."""

    def __init__(
        self, blocks: list[Block], resolve: Resolve, left: Counter[str], *, title: str, own: bool
    ) -> None:
        self._blocks = blocks
        self._resolve = resolve
        self._left = left
        self._title = title
        self._own = own
        self._stories: list[_Story] = []
        self._section = ""
        self._shut = ("", 0)
        self._intro: list[str] = []
        self._loose: list[str] = []
        judge = Judge(blocks, resolve, title=title, own=own)
        self._roles, self._urls = judge.roles()
        self._title = judge.title

    def read(self) -> Body:
        for at, block in enumerate(self._blocks):
            if len(self._stories) >= _MOST_STORIES:
                self._left["beyond 2,000 stories"] += len(self._blocks) - at
                break
            if block.kind == "heading":
                self._at_heading(at, block)
            elif block.kind == "rule":
                self._close()
            elif self._shut[0]:
                self._left[self._shut[0]] += 1
            elif block.kind == "item":
                self._at_item(block)
            else:
                self._at_paragraph(block)
        self._end_of_last()
        stories = self._tiers(self._distinct())
        return Body(
            stories=stories,
            title=self._title,
            intro=tuple(self._intro),
            outro=tuple(self._loose[:3]),
            left=tuple(sorted(self._left.items())),
        )

    # -- block by block ----------------------------------------------------------------------

    def _at_heading(self, at: int, block: Block) -> None:
        self._close()
        reason, level = self._shut
        if reason and block.level <= level:
            self._shut = ("", 0)
        role = self._roles[at]
        if role == "title":
            return
        if role == "story":
            if self._shut[0]:
                self._left[self._shut[0]] += 1
                return
            story = self._begin(Head(self._headline(block), self._urls[at]), by_heading=True)
            story.kicker = self._kicker(at)
            story.level = block.level
            return
        reason = "" if self._own or self._shut[0] else is_shut_section(block.text)
        if reason:
            self._shut = (reason, block.level)
            self._left[reason] += 1
        elif not self._shut[0]:
            self._section = block.text.rstrip(":： ")[:_LONGEST_NAME]

    def _headline(self, block: Block) -> str:
        """The words of a heading; without a number or a host that stand beside its link."""
        main = main_anchor(block, anchors(block, self._resolve))
        return main.text if main is not None and names(main) else block.text

    def _kicker(self, at: int) -> str:
        """A few words of their own above a headline."""
        above = self._blocks[at - 1] if at else None
        if above is None or above.kind != "paragraph" or anchors(above, self._resolve):
            return ""
        text = above.text
        short = len(text) <= 40 and len(text.split()) <= 5 and any(c.isalpha() for c in text)
        told = (
            prose_in(above, self._resolve, own=self._own)
            or any(c.isdigit() for c in text)
            or note_of(text)
        )
        return text if short and not told and "·" not in text else ""

    def _at_item(self, block: Block) -> None:
        last = self._stories[-1] if self._stories else None
        heads = heads_of(block, self._resolve)
        below = bool(last and last.item and block.level > last.level and not heads)
        if last and last.item and (last.item == block.item or below):
            self._attach(last, block)
        elif last and last.by_heading and last.takes_more:
            if heads or not prose_in(block, self._resolve, own=self._own):
                self._left["links beside a story" if heads else "other words"] += 1
            else:
                last.words.append(prose_in(block, self._resolve, own=self._own))
        elif heads:
            for head in heads:
                self._begin(head, item=block.item).level = block.level
        else:
            self._left["other words"] += 1

    def _at_paragraph(self, block: Block) -> None:
        last = self._stories[-1] if self._stories else None
        if last and last.item and last.item == block.item:
            self._attach(last, block)
            return
        heads = heads_of(block, self._resolve) if block.kind == "paragraph" else ()
        more = more_url(block, self._resolve)
        if last and heads and heads[0].url == last.url:
            heads = ()
            if last.takes_more:
                self._attach(last, block)
            return
        below = last is not None and last.takes_more
        if below and last and last.by_heading and heads and heads[0].by != "link":
            heads = ()
        if below and last and (not heads or (more and not last.words)):
            self._attach(last, block)
            if more and not self._own:
                last.url = last.url or more
                last.takes_more = False
        elif heads:
            for head in heads:
                self._begin(head)
        elif (words := prose_in(block, self._resolve, own=self._own)) and (
            self._own or ends(words)
        ):
            (self._loose if self._stories else self._intro).append(words)
        else:
            self._left["other words"] += 1

    def _attach(self, story: _Story, block: Block) -> None:
        """Give a story the words of a block below its headline."""
        note = note_of(block.text)
        words = prose_in(block, self._resolve, own=self._own)
        if note:
            story.note = story.note or note
        elif words and not (block.kind == "quote" and story.words):
            story.words.append(words)
            if not story.by_heading and not story.item:
                story.takes_more = False  # what comes then is the newsletter's own again
        else:
            self._left["other words"] += 1

    def _begin(self, head: Head, *, item: int = 0, by_heading: bool = False) -> _Story:
        self._close()
        self._left["other words"] += len(self._loose)
        self._loose.clear()
        story = _Story(
            headline=head.title[:LONGEST_TITLE],
            url=head.url,
            section=self._section,
            item=item,
            by_heading=by_heading,
            words=[head.blurb] if head.blurb else [],
            takes_more=by_heading or (not head.blurb and not item),
        )
        self._stories.append(story)
        return story

    def _close(self) -> None:
        if self._stories:
            self._stories[-1].takes_more = False
            self._stories[-1].item = 0

    # -- behind the last block ---------------------------------------------------------------

    def _end_of_last(self) -> None:
        """Give back what stands below the last story, where all others have fewer paragraphs."""
        if self._own:
            return
        others = [len(s.words) for s in self._stories[:-1] if s.by_heading]
        last = self._stories[-1] if self._stories else None
        if last and last.by_heading and len(others) >= 2 and len(last.words) > max(others):
            most = max(1, *others)
            self._loose[:0] = last.words[most:]
            del last.words[most:]

    def _distinct(self) -> list[_Story]:
        """The stories without those that were told before under the same headline."""
        seen: set[tuple[str, str]] = set()
        kept: list[_Story] = []
        for story in self._stories:
            key = (canonical(story.url), bare(story.headline)) if story.url else None
            if key in seen and not self._own:
                self._left["told twice"] += 1
                continue
            if key:
                seen.add(key)
            kept.append(story)
        return kept

    def _tiers(self, found: list[_Story]) -> tuple[Told, ...]:
        """The stories; leads are those that the newsletter sets apart."""
        above = [s for s in found if not s.section and s.by_heading]
        bare_items = any(not s.section and not s.by_heading for s in found)
        sections = Counter(s.section for s in found if s.section)
        apart = 0 < len(above) <= _MOST_LEADS and bool(sections) and not bare_items

        def tier(story: _Story) -> Tier:
            if self._own:
                return "lead" if story.level == 2 else "teaser"
            count = sections[story.section]
            few = count <= _MOST_FEATURED and count < len(found)
            featured = few and bare(story.section).replace("’", "'") in FEATURED
            return "lead" if (apart and not story.section) or featured else "teaser"

        # Without sections, the words over the headlines are their names.
        named = not sections and sum(bool(s.kicker) for s in found) * 2 > len(found)
        return tuple(
            Told(
                headline=s.headline,
                url=s.url,
                section=s.section or (s.kicker if named or tier(s) == "lead" else ""),
                kicker=s.kicker,
                blurb=" ".join(s.words),
                note=s.note,
                tier=tier(s),
            )
            for s in found
        )
