"""The theme, the sample issue and its renderings, made once for all tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.models import Issue, Renderings
from digest.render import Theme, load_theme, render
from tests.browser import chromium
from tests.render.sample_issue import sample_issue, sample_media

__all__ = ["chromium"]


@pytest.fixture(scope="session")
def theme() -> Theme:
    return load_theme("gazette", folder=Path("nowhere"))


@pytest.fixture(scope="session")
def issue() -> Issue:
    return sample_issue()


@pytest.fixture(scope="session")
def made(issue: Issue, theme: Theme) -> Renderings:
    return render(issue, theme, media=sample_media())
