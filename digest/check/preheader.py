"""The preheader: what an inbox shows after the subject, and what stands there in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from digest.check.material import Material
from digest.check.words import shown, squeezed
from digest.models import Finding
from digest.text.widths import width

SHOWN = 140
"""Columns that the widest inbox lists show, about."""
SHORT = 40
"""Fewer leave room even on a phone: clients fill it with the mail's next words."""
PADDED = 20
"""Invisible characters behind a preheader that keep the next words away."""

_WHERE = "email.html, preheader"
_PADDING = re.compile(r"[\s\u00a0\u00ad\u034f\u115f\u200b-\u200f\u2007\u2060\ufeff]+")
_FURNITURE = re.compile(
    r"view (?:it |this (?:e-?mail|message|issue) )?(?:in|on) (?:your |a |the )?(?:browser|web)"
    r"|view online|read online|web version|unsubscribe"
    r"|ver (?:en|no) (?:el |tu |o )?navegador|darse de baja|cancelar (?:la )?suscripci[oó]n"
    r"|voir (?:dans|en) (?:le |votre )?(?:navigateur|ligne)|version en ligne|se d[eé]sabonner"
    r"|im browser (?:ansehen|anzeigen|[oö]ffnen)|online ansehen|abbestellen|abmelden"
    r"|visualizza (?:nel|sul) browser|visualizar no navegador|annulla l.iscrizione"
    r"|عرض في المتصفح|إلغاء الاشتراك|ブラウザで(?:表示|見る|開く)|配信停止",
    re.IGNORECASE,
)


def check(material: Material) -> tuple[Finding, ...]:
    """Warnings for an inbox preview that is missing, says the subject again, is cut or too short.

    What is measured is what the mail begins with, hidden words included, as clients read it. A
    preheader that was made of headlines may be cut anywhere, and is not measured.
    """
    mend = f'Write one: `digest edit {material.issue.slug} preheader "…"`, then build again.'
    return tuple(
        finding if finding.mend else replace(finding, mend=mend) for finding in _findings(material)
    )


def _findings(material: Material) -> Iterator[Finding]:
    opening = _PADDING.sub(" ", material.html.opening).strip()
    meant = " ".join((material.issue.preheader or material.issue.intro).split())
    if not opening:
        return  # the rendering shows no words at all, which is told
    start = squeezed(meant)[:SHORT]
    if not start or not squeezed(opening).startswith(start):
        yield _absent(opening, written=bool(start))
    elif material.issue.preheader:
        yield from _poor(material, meant)


def _absent(opening: str, *, written: bool) -> Finding:
    furniture = _FURNITURE.search(opening[:SHOWN])
    what = "The mail does not begin with its preheader" if written else "There is no preheader"
    seen = shown(opening if not furniture else furniture[0], 60)
    why = "What stands there instead tempts nobody to open the mail."
    mend = "Show `issue.preheader` first in the theme's issue.mjml.j2." if written else ""
    return _finding(f"{what}: inboxes show “{seen}”.", why, mend=mend)


def _poor(material: Material, meant: str) -> Iterator[Finding]:
    issue = material.issue
    columns = width(meant)
    if squeezed(meant).casefold() == squeezed(issue.subject).casefold():
        why = "Inboxes show both side by side: the room for a second reason to open it is lost."
        yield _finding("The preheader says what the subject says.", why)
    elif furniture := _FURNITURE.search(meant):
        why = "What is at the foot of every mail tempts nobody to open this one."
        yield _finding(f"The preheader says “{shown(furniture[0])}”.", why)
    elif columns > SHOWN and not _of_headlines(material, meant):
        what = f"The preheader takes {columns} columns; inboxes show at most about {SHOWN}."
        yield _finding(what, "Its end is not seen; phones show about half of that.")
    elif columns < SHORT and not _padded(material):
        what = f"The preheader takes only {columns} columns."
        why = "Clients fill the rest with the mail's next words."
        yield _finding(what, why)


def _of_headlines(material: Material, meant: str) -> bool:
    """Whether it is nothing but the headlines of stories, one after the other."""
    headlines = {squeezed(story.headline) for story in material.issue.stories}
    return all(squeezed(part) in headlines for part in meant.split(" · "))


def _padded(material: Material) -> bool:
    """Whether invisible characters follow it, so that the mail's next words are not drawn up."""
    return any(
        len(hit[0]) - hit[0].count(" ") - hit[0].count("\n") >= PADDED
        for hit in _PADDING.finditer(material.html.opening)
    )


def _finding(what: str, why: str, *, mend: str = "") -> Finding:
    return Finding(check="preheader", level="warning", where=_WHERE, what=what, why=why, mend=mend)
