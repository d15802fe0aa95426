"""The bundled theme's issue, as it lies in the archive, passes what is asked of any theme."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from digest.archive import Archive
from digest.check import check
from digest.models import Finding

ARCHIVE = Archive(Path(__file__).parents[2] / "issues")
SLUG = "2026-W47"
FAMILIES = ("support", "contrast", "structure")


def told(old: str = "", new: str = "") -> list[Finding]:
    renderings = ARCHIVE.renderings(SLUG)
    assert old in renderings.email_html
    renderings = replace(renderings, email_html=renderings.email_html.replace(old, new))
    found = check(ARCHIVE.load(SLUG), renderings, media=ARCHIVE.media(SLUG))
    return [finding for finding in found if finding.check in FAMILIES]


def test_the_issue_passes() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("old", "new", "family", "says"),
    [
        ("display:inline-block;", "display:flex;", "support", "display:flex"),
        ("color:#1c1a17", "color:#bbb", "contrast", "light design #bbbbbb on #ffffff"),
        (".paper .accent { color: #f0a197", ".paper .accent { color: #8a1f1b", "contrast",
         "dark design #8a1f1b on #1b1a19"),
        ('[if mso | IE]><table border="0" cellpadding="0" cellspacing="0" role="presentation"',
         "[if mso | IE]><table", "structure", "inside a comment for Outlook"),
        (' lang="ja"', "", "structure", "The story is in “ja”"),
    ],
)  # fmt: skip
def test_a_slip_in_its_theme_is_told(old: str, new: str, family: str, says: str) -> None:
    found = told(old, new)
    assert found
    assert {finding.check for finding in found} == {family}
    assert any(says in finding.what for finding in found)
