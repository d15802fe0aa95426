"""What is new in the findings of one issue against those of another."""

from __future__ import annotations

import re
from collections.abc import Iterable

from digest.models import Finding, Issue

_NAMED = re.compile(r"“[^”]*”|\d[\d,.]*")
"""What of a finding is one issue's own: the words that it quotes, and its figures."""


def new_since(
    findings: Iterable[Finding], issue: Issue, known: Iterable[Finding], earlier: Issue
) -> tuple[Finding, ...]:
    """The findings of `issue` that are not among those `known` of an `earlier` one.

    Two are the same where check, level and file are, and what they say. Of what is said of a whole
    file, its masthead or its colophon, which come from the theme and the settings, quoted words and
    figures do not count; of a story all counts but its place in the issue; and what is said of a
    subject or a preheader is the same for the same words only.
    """
    before = {_kin(finding, earlier) for finding in known}
    return tuple(finding for finding in findings if _kin(finding, issue) not in before)


def _kin(finding: Finding, issue: Issue) -> tuple[str, ...]:
    file, _, place = finding.where.partition(", ")
    own = {"subject": issue.subject, "preheader": issue.preheader}.get(place)
    if own is not None:
        said: tuple[str, ...] = (place, finding.what, own)
    elif place.startswith(("lead ", "teaser ")):
        said = ("story", finding.what)
    else:
        said = (place, _NAMED.sub("", finding.what))
    return finding.check, finding.level, file, *said
