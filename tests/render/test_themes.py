"""Every bundled theme stands every stress issue: it shows all of it, and no check complains."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from digest.models import Finding
from digest.pipeline import themes
from digest.render import load_theme, theme_names
from digest.sample.stress import LONG_HEADLINE, stress_issues

NOWHERE = Path("nowhere")
NAMES = theme_names(folder=NOWHERE)


@pytest.fixture(scope="module", params=NAMES)
def tried(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, themes.Tried]:
    out = tmp_path_factory.mktemp(request.param)
    return {t.name: t for t in themes.try_theme(request.param, folder=NOWHERE, out=out)}


def test_the_bundled_themes_are_those_that_the_docs_tell_of() -> None:
    assert set(NAMES) >= {"bulletin", "gazette"}
    assert len(LONG_HEADLINE) == 200


def test_no_check_complains_of_any_stress_issue(tried: dict[str, themes.Tried]) -> None:
    assert {name for name, _ in stress_issues()} == set(tried)
    for name, row in tried.items():
        assert [f for f in row.findings if not _gives_way(name, f)] == []


def _gives_way(name: str, finding: Finding) -> bool:
    """Sixty teasers with pictures are too many for any mail."""
    return name == "sixty-teasers" and "gives way" in finding.what


def test_sixty_teasers_are_all_there_and_unclipped(tried: dict[str, themes.Tried]) -> None:
    row = tried["sixty-teasers"]
    assert row.html_bytes <= 100_000
    for file in row.files:
        told = re.findall(
            r"\bfor the \d+(?:st|nd|rd|th) time", " ".join(file.read_text("utf-8").split())
        )
        assert len(set(told)) == 61


def test_language_and_direction_are_said(tried: dict[str, themes.Tried]) -> None:
    html = tried["right-to-left"].files[0].read_text("utf-8")
    assert re.search(r'<html[^>]* lang="ar"[^>]* dir="rtl"', html)
    assert 'lang="en" dir="ltr"' in html  # the one story that is in English


@pytest.mark.parametrize("name", NAMES)
def test_a_theme_says_what_it_is(name: str) -> None:
    theme = load_theme(name, folder=NOWHERE)
    assert theme.title
    assert theme.summary.endswith(".")
    assert not theme.own
