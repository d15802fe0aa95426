"""One newsletter read: Markdown, HTML or plain text in, its title, stories and dates out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from digest.exchange.blocks import Page, read_page
from digest.exchange.dating import Dated, printed_days, stated_moments
from digest.exchange.heads import resolver
from digest.exchange.stories import Body, Told, read_stories
from digest.text.markup import clean_text

GENERATOR = "digest"
"""What the front matter of an exported issue says of its program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A newsletter as it was sent.

    `left` counts what was left out, by what it is. `stated` are the days that the document gives
    itself, surest first, and where it does so.
    """

    title: str
    preheader: str = ""
    intro: str = ""
    outro: str = ""
    stories: tuple[Told, ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    stated: tuple[tuple[date, str], ...] = ()

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of the sections, in order."""
        return tuple(dict.fromkeys(s.section for s in self.stories if s.section))


def markdown_html(text: str) -> str:
    """Markdown as HTML; raw HTML stays markup, to be read as such."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


_BARE_KEY = re.compile(r"([A-Za-z][A-Za-z_ -]{0,30}):[ \t]+(\S.*)")


def bare_keys(text: str) -> tuple[dict[str, str], str]:
    """(keys, the text below) of a document that begins with `Title: …` lines and no dashes."""
    keys: dict[str, str] = {}
    lines = text.lstrip("\ufeff \r\n").split("\n")
    for at, line in enumerate(lines[:40]):
        hit = _BARE_KEY.fullmatch(line.rstrip())
        if hit is None:
            ends = not line.strip() and len(keys) >= 2 and "title" in keys
            return (keys, "\n".join(lines[at:])) if ends else ({}, text)
        keys[hit[1].lower().replace("-", "_").replace(" ", "_")] = clean_text(hit[2])
    return {}, text


def read_letter(
    html: str,
    *,
    keys: Mapping[str, str],
    zone: str,
    dated: Dated,
    clean: Callable[[str], str] = str,
    subject: str = "",
    name: str = "",
) -> Letter:
    """The newsletter in `html`, with the `keys` of its front matter.

    `dated` reads a printed date; `clean` takes out of words and addresses what a file must not
    tell, such as who received it; `subject` is that of a mail, `name` the newsletter's.
    """
    own = keys.get("generator", "") == GENERATOR
    page = read_page(html, bare_links=not own)
    named = clean_text(keys.get("title", "") or keys.get("subject", "") or subject)
    given = named or _first_part(page.title)
    base = keys.get("canonical", "") or keys.get("url", "") or page.base
    body = _body(page, base, given, name=name, own=own)
    if not body.stories and any(block.aside for block in page.blocks):
        # A page that is called what a frame is called, from its first word to its last.
        again = _body(read_page(html, by_name=False), base, given, name=name, own=own)
        body = again if again.stories else body
    left = Counter(dict(body.left))
    if page.pictures:
        left["picture"] += page.pictures
    metas = dict(reversed(page.metas))
    said = _first(
        keys, "description", "subtitle", "excerpt", "preheader", "preview_text", "summary"
    )
    intro = clean(_up_to(body.intro, 1_000))
    return Letter(
        title=clean(given or body.title),
        preheader=clean(said or metas.get("description", "") or page.hidden)[:300],
        intro=intro,
        outro=clean(_up_to(body.outro, 1_000)),
        stories=tuple(_cleaned(body.stories, clean)),
        left=tuple(sorted((reason, count) for reason, count in left.items() if count)),
        stated=tuple(_stated(keys, page, given, zone=zone, dated=dated)),
    )


def local_day(moment: datetime, zone: str) -> date:
    """The day of a moment in the newsletter's zone; of one that names no time, as it is printed."""
    offset = moment.utcoffset()
    bare = (moment.hour, moment.minute, moment.second) == (0, 0, 0) and not offset
    return moment.date() if bare else moment.astimezone(ZoneInfo(zone)).date()


def _body(page: Page, base: str, title: str, *, name: str, own: bool) -> Body:
    resolve = resolver(base)
    return read_stories(page.blocks, resolve=resolve, title=title, name=name, own=own)


def _cleaned(stories: tuple[Told, ...], clean: Callable[[str], str]) -> Iterator[Told]:
    for story in stories:
        yield replace(
            story,
            headline=clean(story.headline),
            section=clean(story.section),
            kicker=clean(story.kicker),
            url=clean(story.url) if clean(story.url).startswith("http") else "",
            blurb=clean(story.blurb),
            note=clean(story.note),
        )


def _stated(
    keys: Mapping[str, str], page: Page, title: str, *, zone: str, dated: Dated
) -> Iterator[tuple[date, str]]:
    for moment, where in stated_moments(dict(keys), page.metas, dated=dated):
        yield local_day(moment, zone), where
    for day in islice(printed_days(title, dated=dated), 1):
        yield day, "its title"
    top = " \n ".join(block.text[:200] for block in page.blocks[:15])
    for day in islice(printed_days(top, dated=dated), 1):
        yield day, "its first lines"


def _first(keys: Mapping[str, str], *names: str) -> str:
    return next((clean_text(keys[name]) for name in names if keys.get(name)), "")


def _first_part(title: str) -> str:
    """A page's title; where a bar parts it from the site's name, the longest part."""
    parts = [part for part in re.split(r"\s+[|·•]\s+", title) if part]
    return max(parts, key=len) if parts else ""


def _up_to(paragraphs: tuple[str, ...], limit: int) -> str:
    """Whole paragraphs, separated by a blank line, as many as fit into `limit` characters."""
    kept: list[str] = []
    for words in paragraphs:
        if sum(map(len, kept)) + len(words) > limit:
            break
        kept.append(words)
    return "\n\n".join(kept)
