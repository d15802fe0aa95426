"""Years that went by: a notice of copyright, a tagline or a colophon that nobody renewed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.check.material import COLOPHON, Material
from digest.check.words import shown, squeezed
from digest.models import Finding

RECENT = 3
"""Years back that are taken for forgotten; older ones tell of history."""

_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)[\s,:©]{0,10}(?:[12]\d{3}\s*[-–—]\s*)?([12]\d{3})(?!\d)(?!\s*[-–—]\s*\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d./:-])(20\d\d)(?![\d/:]|[.-]\d)")
_BEGINNING = re.compile(
    r"(?:\b(?:since|est|established|founded|from|seit|gegr[uü]ndet|depuis|fond[eé]e?|desde|fundad[oa]"
    r"|dal|dall|fondat[oa])\b|منذ|創刊|創業|創立)\W{0,3}(?:\w+\W){0,2}$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"20\d\d\s*[-–—/]\s*(?:20)?\d\d")
_URL = re.compile(r"https?://\S+")


def check(material: Material) -> tuple[Finding, ...]:
    """A warning for each year that is not the issue's, in the newsletter's own words.

    A notice of copyright is looked for everywhere, any other recent year in the masthead and the
    colophon alone: an editor may well write of last year. What a source says is its own affair.
    """
    issue = material.issue
    now = {issue.window.start.year, issue.window.end.year, issue.now.year}
    found: list[Finding] = []
    for file, page, *_ in material.forms:
        for at, run in page.texts:
            if not material.is_source(run):
                where = material.in_place(file, at)
                found += _in(material, where, run, now)
    return tuple(dict.fromkeys(found))


def _in(material: Material, where: str, run: str, now: set[int]) -> Iterator[Finding]:
    text = _URL.sub(" ", run)
    marked = [hit for hit in _COPYRIGHT.finditer(text) if int(hit[1]) not in now]
    for hit in marked:
        yield _finding(where, hit[0].strip(), hit[1], now)
    if marked or not _around(where) or _is_own(material, text):
        return
    text = _RANGE.sub(" ", text)
    for hit in _YEAR.finditer(text):
        year = int(hit[1])
        if min(now) - RECENT <= year < min(now) and not _BEGINNING.search(
            text[max(0, hit.start() - 60) : hit.start()]
        ):
            yield _finding(where, shown(run), hit[1], now)


def _around(where: str) -> bool:
    """Whether it stands above or below the stories; plain text tells no masthead from a story."""
    file, _, place = where.partition(", ")
    return file != "email.txt" and place in {"", COLOPHON}


def _is_own(material: Material, text: str) -> bool:
    """Whether it is of this issue alone, or a part of the postal address."""
    issue, words = material.issue, squeezed(text)
    own = [issue.intro, issue.outro, issue.subject, issue.newsletter.postal_address]
    for notice in issue.notices:
        own += [notice.title, notice.text, notice.sponsor]
    for story in issue.stories:
        own += [story.headline, story.kicker, story.note, story.blurb.text]
    streets = [squeezed(line) for line in issue.newsletter.postal_address.splitlines()]
    return any(words in squeezed(one) for one in own) or any(
        street and street in words for street in streets
    )


def _finding(where: str, said: str, year: str, now: set[int]) -> Finding:
    return Finding(
        check="stale-year",
        level="warning",
        where=where,
        what=f"“{shown(said)}” names the year {year}; the issue is of {max(now)}.",
        why="Readers take the newsletter for one that nobody looks after.",
        mend="Mend the theme, or the setting that says so; `issue.day` is the issue's own date.",
    )
