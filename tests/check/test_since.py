"""What another issue has too is no news; what is said of this issue's own words is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.check import new_since
from digest.models import Finding
from tests.check.good_issue import ISSUE

EARLIER = replace(ISSUE, slug="2026-W46", subject="Another subject", preheader="Other words")


def said(what: str, where: str = "email.html", check: str = "size", level: str = "warning"
         ) -> Finding:  # fmt: skip
    return Finding(check=check, level="error" if level == "error" else "warning", where=where,
                   what=what, why="w", mend="m")  # fmt: skip


SAME = [
    (said("The HTML has 101,312 bytes."), said("The HTML has 99,876 bytes.")),
    (said("The notice “Paint” is missing."), said("The notice “Rope” is missing.")),
    (said("No postal address.", "email.html, colophon"),
     said("No postal address.", "email.html, colophon")),
    (said("A token was not filled in: {{x}}", "email.html, lead 1: “The pier, again”"),
     said("A token was not filled in: {{x}}", "email.html, teaser 9: “Boats”")),
]  # fmt: skip
NEW = [
    (said("The HTML has 101,312 bytes."), said("The HTML has 101,312 bytes.", level="error")),
    (said("The HTML has 101,312 bytes."), said("The HTML has 101,312 bytes.", check="other")),
    (said("It shows no words."), said("It shows no words.", "web.html")),
    (said("A relative link: /about"), said("A relative link: /terms")),
    (said("An insecure link: http://example.org/1", "email.html, lead 1: “Pier”"),
     said("An insecure link: http://example.org/2", "email.html, lead 1: “Pier”")),
    (said("The headline “A” is missing.", "email.html, lead 1: “A”"),
     said("The headline “B” is missing.", "email.html, lead 1: “B”")),
    (said("It is all capitals.", "message.eml, subject"),
     said("It is all capitals.", "message.eml, subject")),
    (said("It is short.", "email.html, preheader"), said("It is short.", "email.html, preheader")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_is_left_out(one: Finding, other: Finding) -> None:
    assert new_since([one], ISSUE, [other], EARLIER) == ()


@pytest.mark.parametrize(("one", "other"), NEW)
def test_what_differs_is_new(one: Finding, other: Finding) -> None:
    assert new_since([one], ISSUE, [other], EARLIER) == (one,)


def test_a_subject_that_stays_is_judged_once() -> None:
    one = said("It is all capitals.", "message.eml, subject")
    assert new_since([one], ISSUE, [one], ISSUE) == ()
