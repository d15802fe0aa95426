"""A sponsor's notice stands in every form, right under its label; an editor's note stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from digest.check import urls
from digest.check.material import Material
from digest.check.page import Page
from digest.check.words import shown, squeezed
from digest.models import Finding, Notice
from digest.text.catalogues import translations

_BETWEEN = 40
"""Characters that a theme may put between label and title, beside the sponsor's name."""


def check(material: Material) -> tuple[Finding, ...]:
    """An error for each notice that is missing or unlabelled, and for each note that is missing."""
    return (*_notices(material), *_whole(material), *_notes(material))


def _notices(material: Material) -> Iterator[Finding]:
    language = material.issue.newsletter.language
    for notice in material.issue.notices:
        for file, page, *_ in material.forms:
            if wrong := _wrong(notice, page, language):
                yield Finding(
                    check="notices",
                    level="error",
                    where=file,
                    what=f"The notice “{shown(notice.title)}” {wrong}.",
                    why="Readers must see at once what is paid for; the law asks for it as well.",
                    mend="Mend the theme: it shows `notice.label` right over `notice.title`.",
                )


def _wrong(notice: Notice, page: Page, language: str) -> str:
    said = notice.label.strip() or translations(language).gettext("Sponsored")
    title, label = squeezed(notice.title), squeezed(said)
    room = len(label) + len(squeezed(notice.sponsor)) + _BETWEEN
    at = page.words.find(title)
    if at < 0:
        return "is missing"
    while at >= 0:
        if label in page.words[max(0, at - room) : at]:
            return ""
        at = page.words.find(title, at + 1)
    return f"does not stand under its label “{shown(said)}”"


def _whole(material: Material) -> Iterator[Finding]:
    """An error where a form lacks words or the link of a notice that another form has.

    A theme may leave either out everywhere.
    """
    linked = material.links
    for notice in material.issue.notices:
        offered = [(words, f"the words “{shown(words)}”") for words in _paragraphs(notice.text)]
        for words, told in offered:
            there = {file: squeezed(words) in page.words for file, page, *_ in material.forms}
            yield from _lacking(notice, there, told)
        if key := urls.key(notice.url):
            there = {form.file: key in linked[form.file] for form in material.forms}
            yield from _lacking(notice, there, f"its link {shown(notice.url, 100)}")


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(filter(squeezed, re.split(r"\n[ \t\r]*\n", text)))


def _lacking(notice: Notice, there: Mapping[str, bool], told: str) -> Iterator[Finding]:
    for file in (file for file, has in there.items() if not has and any(there.values())):
        yield Finding(
            check="notices",
            level="error",
            where=file,
            what=f"The notice “{shown(notice.title)}” lacks {told}.",
            why="What was paid for is owed to all readers, of the HTML, the text and the web page.",
            mend="Mend the theme: it shows `notice.text` and `notice.url`.",
        )


def _notes(material: Material) -> Iterator[Finding]:
    for file, page, _, stories, _ in material.forms:
        for number, story in enumerate(stories):
            words = squeezed(story.note)
            if words and words not in page.words:
                yield Finding(
                    check="notices",
                    level="error",
                    where=material.at(file, number),
                    what=f"The editor's note “{shown(story.note)}” is missing.",
                    why="Some readers see the HTML, some the text or the web page.",
                    mend="Mend the theme: it shows `story.note`.",
                )
