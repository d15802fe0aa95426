"""The subject: the words that decide whether a mail is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.check.material import Material
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
    return (*_missing(material, subject), *_poor(subject), *_leftovers(material, subject))


def _missing(material: Material, subject: str) -> Iterator[Finding]:
    meant = material.issue.subject
    if not subject:
        yield _finding("error", "The message has no subject.", "Filters count it as spam.")
    elif squeezed(meant) and squeezed(meant) != squeezed(subject):
        what = f"The subject is “{shown(subject)}”; the issue's is “{shown(meant)}”."
        yield _finding("error", what, "What was reviewed is not what would be sent.",
                       "Build the issue again.")  # fmt: skip


def _poor(subject: str) -> Iterator[Finding]:
    columns = width(subject)
    if columns > COLUMNS:
        what = f"The subject takes {columns} columns; inboxes show at most about {COLUMNS}."
        yield _finding("warning", what, "Its end is cut off in the list of mails.")
    cased = [c for c in subject if c.isupper() or c.islower()]
    if len(cased) >= 8 and all(c.isupper() for c in cased):
        why = "It reads as shouting, and spam filters count it."
        yield _finding("warning", "The subject is all capitals.", why)


def _leftovers(material: Material, subject: str) -> Iterator[Finding]:
    for word in dict.fromkeys(hit[0].strip() for hit in _LEFTOVER.finditer(subject)):
        if not material.is_source(word):
            what = f"The subject holds a leftover: “{shown(word)}”."
            yield _finding("warning", what, "It looks unfinished, or like an answer to somebody.")


def _finding(
    level: Level, what: str, why: str, mend: str = "Set DIGEST_SUBJECT, then build again."
) -> Finding:
    return Finding(check="subject", level=level, where=_WHERE, what=what, why=why, mend=mend)
