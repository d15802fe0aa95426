"""HTML, text and the web page tell the same: stories in one order, their blurbs, their links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digest.check.material import Form, Material, headline, shows_headline
from digest.check.page import Page
from digest.check.words import shown, squeezed
from digest.models import Finding, Level, Story
from digest.text.verbatim import verbatim

_WHY = "Some readers see the HTML, some the text or the web page: all are owed the same issue."
_MARK = re.compile(r"\[(\d{1,6})\]")
_NOTE = re.compile(r"^\[(\d{1,6})\]\s{1,9}(\S+)$", re.MULTILINE)
"""A footnote of the text part behind a headline, and the link that it stands for."""
_TEMPLATES = {
    "email.html": "issue.mjml.j2",
    "email.txt": "issue.txt.j2",
    "web.html": "web.html.j2",
}


def check(material: Material) -> tuple[Finding, ...]:
    """Errors for stories, their links and the issue's own words that are missing or moved.

    Credits only warn.
    """
    return (
        *_own_words(material),
        *_stories(material),
        *_blurbs(material),
        *_links(material),
        *_crossed(material),
    )


def _own_words(material: Material) -> Iterator[Finding]:
    """Intro, outro and names of sections: what one form says, each says; a theme may say none."""
    issue = material.issue
    for said in (line for text in (issue.intro, issue.outro) for line in text.split("\n\n")):
        yield from _said_alike(said, material.forms)
    for section in issue.sections:
        ids = {story.entry.id for story in section.stories}
        telling = [f for f in material.forms if any(s.entry.id in ids for s in f.stories)]
        yield from _said_alike(section.name, telling)


def _said_alike(said: str, forms: Sequence[Form]) -> Iterator[Finding]:
    words = squeezed(said)
    missing = [form.file for form in forms if words not in form.page.words]
    if len(missing) < len(forms):
        for file in missing:
            yield _error(file, f"“{shown(said)}” is missing.")


def _stories(material: Material) -> Iterator[Finding]:
    for file, page, places, stories, _ in material.forms:
        moved = False
        for number, story in enumerate(stories):
            if places[number] >= 0:
                continue
            if not shows_headline(page, material.issue, story):
                what = f"The headline “{shown(headline(story))}” is missing."
            elif moved:  # the first one out of order says it all
                continue
            else:
                moved = True
                what = f"“{shown(headline(story))}” stands before a story that it should follow."
            yield _error(material.at(file, number), what)


def _blurbs(material: Material) -> Iterator[Finding]:
    told = {
        file: [_tells(page, places, number, story) for number, story in enumerate(stories)]
        + [None] * (len(material.issue.stories) - len(stories))
        for file, page, places, stories, _ in material.forms
    }
    for number, story in enumerate(material.issue.stories):
        other = next((file for file, tells in told.items() if tells[number]), "")
        for file in (file for file, tells in told.items() if tells[number] is False and other):
            blurb = shown(story.blurb.text)
            what = f"The blurb “{blurb}” does not stand there as it does in {other}."
            yield _error(material.at(file, number), what)
        if not other and verbatim(story.blurb, story.entry):  # else it has an error already
            yield from _told_nowhere(material, number, tuple(told.values()))


def _told_nowhere(
    material: Material, number: int, told: tuple[list[bool | None], ...]
) -> Iterator[Finding]:
    """An error for a blurb that no form tells, where one tells a longer blurb of the tier.

    Without such a one the theme tells none in that tier, or shortens them, which it may.
    """
    stories = material.issue.stories
    story = stories[number]
    if any(tells[number] is False for tells in told) and any(
        tells[at] and other.tier == story.tier and len(other.blurb.text) >= len(story.blurb.text)
        for tells in told
        for at, other in enumerate(stories)
    ):
        yield Finding(
            check="parity",
            level="error",
            where=material.at("issue.json", number),
            what=f"The blurb “{shown(story.blurb.text)}” stands in none of the renderings.",
            why=_WHY,
            mend="Build the issue again.",
        )


def _tells(page: Page, places: tuple[int, ...], number: int, story: Story) -> bool | None:
    """Whether the blurb stands between its headline and the next; None where it has no place."""
    blurb = squeezed(story.blurb.text)
    if not blurb or places[number] < 0:
        return None
    # After the headline: a blurb may begin with the same words.
    at = page.find(blurb, places[number] + len(squeezed(headline(story))), whole=False)
    after = [place for place in places[number + 1 :] if place >= 0]
    return at >= 0 and (not after or at < after[0])


def _links(material: Material) -> Iterator[Finding]:
    linked = material.links
    for form in material.forms:
        found = linked[form.file]
        for number, story in enumerate(form.stories):
            own = material.keys(story.entry.url)
            if own and not own & found:
                what = f"The story's link is missing: {shown(story.entry.url or '', 100)}"
                yield _error(material.at(form.file, number), what)
            for credit in story.also:
                own = material.keys(credit.url)
                # A theme may show no credits at all.
                elsewhere = any(own & there for there in linked.values())
                if own and not own & found and elsewhere:
                    what = f"“Also covered by {shown(credit.source)}” has no link there."
                    yield _finding("warning", material.at(form.file, number), what)


def _crossed(material: Material) -> Iterator[Finding]:
    """An error for each headline whose link, or footnote, leads to another story.

    A link to anywhere else, to a place in the page say, is the theme's affair.
    """
    notes = dict(_NOTE.findall(material.renderings.email_txt))
    for form in material.forms:
        links = tuple(form.page.elements("a"))
        for number, (story, at) in enumerate(zip(form.stories, form.places, strict=False)):
            end = at + len(squeezed(headline(story)))
            if at < 0 or end == at:
                continue
            leads = {a.get("href") or "" for a in links if a.start <= at and end <= a.end}
            if form.file == "email.txt" and (mark := _MARK.match(form.page.words, end)):
                leads = {notes.get(mark[1], "")}
            for url in sorted(leads):
                owners = material.linked(url)
                if owners and number not in owners:
                    what = f"The headline leads to another story: {shown(url, 100)}"
                    yield _error(material.at(form.file, number), what)


def _error(where: str, what: str) -> Finding:
    return _finding("error", where, what)


def _finding(level: Level, where: str, what: str) -> Finding:
    mend = f"Mend the theme's {_TEMPLATES[where.partition(', ')[0]]}, then build again."
    return Finding(check="parity", level=level, where=where, what=what, why=_WHY, mend=mend)
