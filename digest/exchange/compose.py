"""A letter as an issue of the archive, with the candidates that tell where it came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from digest.exchange.letter import Letter
from digest.exchange.stories import Told
from digest.models import (
    Blurb,
    Candidate,
    Entry,
    Issue,
    Newsletter,
    Section,
    Span,
    Story,
    Verdict,
    Window,
)
from digest.text.sentences import split
from digest.text.urls import host
from digest.text.verbatim import ends_cut, quote

RULE = "imported"
"""The rule of a verdict by which an imported issue is known."""
MOST_WORDS = 1_500
"""Characters of a blurb; a longer one ends with the last whole sentence that fits."""

Identify = Callable[[str | None, str, str], str]
"""The id of an entry with this address, source and title."""


def composed(
    letter: Letter,
    *,
    origin: str,
    slug: str,
    newsletter: Newsletter,
    window: Window,
    number: int,
    theme: str,
    rest: str,
    identify: Identify,
) -> tuple[Issue, tuple[Candidate, ...]]:
    """The issue `slug` and its candidates, from a letter that stands in the file `origin`.

    `rest` is the section of teasers that stood in none.
    """
    ids: dict[str, int] = {}
    stories = tuple(
        _story(told, order, origin=origin, rest=rest, identify=identify, ids=ids)
        for order, told in enumerate(letter.stories)
    )
    teasers: dict[str, list[Story]] = {}
    for story in stories:
        if story.tier == "teaser":
            teasers.setdefault(story.section, []).append(story)
    headlines = [story.headline for story in stories]
    title = letter.title or headlines[0]
    issue = Issue(
        slug=slug,
        newsletter=newsletter,
        window=window,
        now=window.end,
        number=number,
        theme=theme,
        status="sent",
        subject=title,
        preheader=letter.preheader or _opening(letter.intro) or " · ".join(headlines[:3]),
        intro=letter.intro,
        outro=letter.outro,
        leads=tuple(story for story in stories if story.tier == "lead"),
        sections=tuple(Section(name=n, stories=tuple(some)) for n, some in teasers.items()),
    )
    rows = tuple(_candidate(story, window.end, origin) for story in stories)
    return issue, rows


def _story(
    told: Told,
    order: int,
    *,
    origin: str,
    rest: str,
    identify: Identify,
    ids: dict[str, int],
) -> Story:
    url = told.url or None
    source = host(told.url) if told.url else ""
    found = identify(url, source, told.headline)
    times = ids[found] = ids.get(found, 0) + 1
    section = told.section or (rest if told.tier == "teaser" else "")
    where = f"imported from {origin}"
    fields = {"title": told.headline, "summary": told.blurb, "url": told.url, "source": source}
    flags = (() if url else ("no-url",)) + ("no-date",)
    entry = Entry(
        id=found if times == 1 else f"{found}-{times}",
        title=told.headline,
        summary=told.blurb,
        cut=ends_cut(told.blurb),
        url=url,
        source=source,
        section=section,
        order=order,
        flags=flags,
        provenance=tuple((name, where) for name, value in fields.items() if value)
        + ((("section", where),) if told.section else ()),
    )
    return Story(
        entry=entry,
        tier=told.tier,
        headline=told.headline,
        section=section,
        kicker=told.kicker or (section if told.tier == "lead" else ""),
        blurb=_blurb(told.blurb),
        note=told.note,
    )


def _blurb(words: str) -> Blurb:
    """The words themselves, by their places; as many whole sentences as fit."""
    if not words:
        return Blurb()
    spans: tuple[Span, ...] = ((0, len(words)),)
    if len(words) > MOST_WORDS:
        fitting = [span for span in split(words) if span[1] <= MOST_WORDS]
        spans = ((0, fitting[-1][1]),) if fitting else ()
    if not spans:
        return Blurb()
    text = quote(words, spans, " ")
    whole = spans[-1][1] == len(words)
    return Blurb(text=text, origin="summary", spans=spans, cut=whole and ends_cut(text))


def _opening(intro: str) -> str:
    """The whole sentences at the begin of an intro that an inbox may show."""
    first = intro.partition("\n")[0]
    end = 0
    for _, stop in split(first):
        if stop > 200:
            break
        end = stop
    return first[:end].strip()


def _candidate(story: Story, end: datetime, origin: str) -> Candidate:
    place = "lead" if story.tier == "lead" else "teaser"
    return Candidate(
        entry=story.entry,
        first_seen=end,
        verdict=Verdict(
            place=place,  # type: ignore[arg-type] # one of the two that a tier can be
            rule=RULE,
            because=f"It stood there in the newsletter that was imported from {origin}.",
            section=story.section,
        ),
    )
