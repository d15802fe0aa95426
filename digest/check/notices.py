"""A sponsor's notice stands in every form, right under its label; an editor's note stands there."""

from __future__ import annotations

from collections.abc import Iterator

from digest.check.material import Material
from digest.check.page import Page
from digest.check.words import shown, squeezed
from digest.models import Finding, Notice
from digest.text.catalogues import translations

_BETWEEN = 40
"""Characters that a theme may put between label and title, beside the sponsor's name."""


def check(material: Material) -> tuple[Finding, ...]:
    """An error for each notice that is missing or unlabelled, and for each note that is missing."""
    return (*_notices(material), *_notes(material))


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


def _notes(material: Material) -> Iterator[Finding]:
    for file, page, _, stories in material.forms:
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
