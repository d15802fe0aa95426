"""What a template left behind: tokens that nobody filled in, and values that were not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.check.material import Material
from digest.check.words import shown, squeezed, unresolved
from digest.models import Finding

_NOTHING = frozenset({"None", "none", "undefined", "Undefined", "null", "NaN", "nil",
                      "[objectObject]"})  # fmt: skip
_MJML = re.compile(r"<mj-[a-z-]*", re.IGNORECASE)
_READ_ALOUD = ("href", "src", "alt", "title", "aria-label", "style")


def check(material: Material) -> tuple[Finding, ...]:
    """An error for each token in a subject, a text or an attribute.

    A token that a story's source itself holds, in its headline say, is no finding.
    """
    return (*_subject(material), *_html(material), *_text(material), *_lone(material))


def _subject(material: Material) -> Iterator[Finding]:
    subject = material.mail.subject
    for token in dict.fromkeys(
        (*_left(material, material.issue.subject), *_left(material, subject))
    ):
        yield _finding("message.eml, subject", token)


def _html(material: Material) -> Iterator[Finding]:
    for file, page, markup in (
        ("email.html", material.html, material.renderings.email_html),
        ("web.html", material.web, material.renderings.web_html),
    ):
        # Words cross tags and lines: they are searched as they are read.
        for token in _left(material, page.words):
            at = page.words.find(squeezed(token))
            yield _finding(material.in_place(file, at), token)
        for element in page.contents:
            for name in _READ_ALOUD:
                for token in _left(material, element.get(name) or ""):
                    yield _finding(material.in_page(file, element), token)
        loose = [*page.styles, *_MJML.findall(markup)]
        for token in dict.fromkeys(t for text in loose for t in _left(material, text)):
            yield _finding(file, token)


def _text(material: Material) -> Iterator[Finding]:
    for token in _left(material, material.text.words):
        yield _finding("email.txt", token)


def _lone(material: Material) -> Iterator[Finding]:
    """Words such as “None” that stand alone where a value should."""
    for file, page, *_ in material.forms:
        for run in dict.fromkeys(run for run in page.runs() if run in _NOTHING):
            if not material.is_source(run, alone=True):
                yield _finding(file, run, what=f"“{run}” stands there alone.")


def _left(material: Material, text: str) -> Iterator[str]:
    if unresolved(text):
        left = unresolved(material.without_sources(text))
        yield from (token for token in left if not material.is_source(token))


def _finding(where: str, token: str, *, what: str = "") -> Finding:
    return Finding(
        check="tokens",
        level="error",
        where=where,
        what=what or f"A token was not filled in: {shown(token)}",
        why="Readers would see the template's own words.",
        mend="Mend the theme's template, or the setting that holds it, then build again.",
    )
