"""The runner: every family over one issue, its findings in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from digest.check import (
    active,
    colophon,
    contrast,
    link_words,
    links,
    message,
    notices,
    parity,
    picture_files,
    pictures,
    placeholders,
    preheader,
    repeats,
    size,
    structure,
    subject,
    support,
    tokens,
    verbatim,
    years,
)
from digest.check.material import Material, material
from digest.models import Finding, Issue, PastIssue, Renderings

Family = Callable[[Material], tuple[Finding, ...]]

FAMILIES: tuple[Family, ...] = (
    subject.check,
    preheader.check,
    repeats.check,
    message.check,
    size.check,
    verbatim.check,
    parity.check,
    notices.check,
    tokens.check,
    placeholders.check,
    years.check,
    links.check,
    link_words.check,
    active.check,
    pictures.check,
    picture_files.check,
    colophon.check,
    support.check,
    contrast.check,
    structure.check,
)
"""All families; findings about one place stand in this order."""

_NO_MEDIA: Mapping[str, bytes] = MappingProxyType({})


def check(
    issue: Issue,
    renderings: Renderings,
    *,
    media: Mapping[str, bytes] = _NO_MEDIA,
    past: Sequence[PastIssue] = (),
) -> tuple[Finding, ...]:
    """What is wrong with `renderings` of `issue`: errors first, each kind in reading order.

    `media` holds the issue's own pictures by the names that its renderings use (`media/<name>`).
    `past` are the issues before it, latest first: what they ran is not to be sent again unseen.
    Nothing that renderings hold makes it raise: what cannot be read is a finding.
    """
    examined = material(issue, renderings, media, tuple(past))
    found = dict.fromkeys(finding for family in FAMILIES for finding in family(examined))
    return tuple(sorted(found, key=lambda f: (f.level != "error", examined.rank(f.where))))


def errors(findings: Iterable[Finding]) -> bool:
    """Whether an issue with these findings must not leave: warnings alone do not hold it back."""
    return any(finding.level == "error" for finding in findings)
