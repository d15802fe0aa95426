"""The subject: the words that decide whether a mail is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from digest.check.material import Material
from digest.check.placeholders import placeholders
from digest.check.words import shown, squeezed
from digest.models import Finding, Level
from digest.text.widths import width

COLUMNS = 78
"""What a wide inbox shows; phones show about half of it."""

_WHERE = "message.eml, subject"
_LEFTOVER = re.compile(
    r"\[TEST\]|\b(?:lorem ipsum|untitled|todo|tbd|fixme|xxx)\b|^\s*(?:re|fwd?|aw|wg)\s*:",
    re.IGNORECASE,
)


def check(material: Material) -> tuple[Finding, ...]:
    """Errors for a subject that is missing or another than was meant, warnings for a poor one."""
    subject = material.mail.subject
    found = (
        *_missing(material, subject),
        *_poor(material, subject),
        *_leftovers(material, subject),
        *_empty_words(material, subject),
        *_again(material, subject),
    )
    mend = f'Write one: `digest edit {material.issue.slug} subject "…"`, then build again.'
    return tuple(finding if finding.mend else replace(finding, mend=mend) for finding in found)


def _missing(material: Material, subject: str) -> Iterator[Finding]:
    meant = material.issue.subject
    if not subject:
        yield _finding("error", "The message has no subject.", "Filters count it as spam.")
    elif squeezed(meant) and squeezed(meant) != squeezed(subject):
        what = f"The subject is “{shown(subject)}”; the issue's is “{shown(meant)}”."
        yield _finding("error", what, "What was reviewed is not what would be sent.",
                       "Build the issue again.")  # fmt: skip


def _poor(material: Material, subject: str) -> Iterator[Finding]:
    columns = width(subject)
    if columns > COLUMNS:
        what = f"The subject takes {columns} columns; inboxes show at most about {COLUMNS}."
        yield _finding("warning", what, "Its end is cut off in the list of mails.")
    cased = [c for c in subject if c.isupper() or c.islower()]
    if len(cased) >= 8 and all(c.isupper() for c in cased):
        why = "It reads as shouting, and spam filters count it."
        yield _finding("warning", "The subject is all capitals.", why)
    marks = sum(c in "!！¡" for c in subject) - subject.count("¡")
    if (marks > 1 or "!!" in subject) and not material.is_source(subject):
        what = f"The subject has {marks} exclamation marks."
        yield _finding("warning", what, "It reads as shouting, and spam filters count them.")


def _leftovers(material: Material, subject: str) -> Iterator[Finding]:
    left = [hit[0].strip() for hit in _LEFTOVER.finditer(subject)]
    for word in dict.fromkeys((*left, *placeholders(subject))):
        if not material.is_source(word):
            what = f"The subject holds a leftover: “{shown(word)}”."
            yield _finding("warning", what, "It looks unfinished, or like an answer to somebody.")


def _empty_words(material: Material, subject: str) -> Iterator[Finding]:
    """Warnings for a subject that tells nothing of the issue."""
    bare = _bare(subject)
    if subject and not bare:
        why = "Screen readers spell emoji out, and some clients show boxes in their place."
        yield _finding("warning", "The subject has no words.", why)
    elif subject and bare == _bare(material.issue.newsletter.name):
        why = "The sender's name stands beside it already: readers learn nothing of the issue."
        yield _finding("warning", "The subject is the newsletter's name.", why)


def _again(material: Material, subject: str) -> Iterator[Finding]:
    own = _bare(subject)
    past = next((past for past in material.past if own and _bare(past.subject) == own), None)
    if past:
        what = f"The subject is that of {past.slug}: “{shown(subject)}”"
        why = "Readers take the mail for one that they have; Gmail puts both into one conversation."
        yield _finding("warning", what, why)


def _bare(text: str) -> str:
    """Letters and digits alone, whatever their case."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _finding(level: Level, what: str, why: str, mend: str = "") -> Finding:
    return Finding(check="subject", level=level, where=_WHERE, what=what, why=why, mend=mend)
