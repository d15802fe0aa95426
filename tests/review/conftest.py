"""What the tests of the review share: a browser, and an archive with three issues."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from digest.archive import Archive
from digest.models import Status
from tests.archive.newsroom import made, save
from tests.browser import chromium
from tests.newsletter import new_newsletter

__all__ = ["chromium"]


@pytest.fixture(scope="session")
def three_issues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three issues: to be copied, not changed."""
    archive = Archive(tmp_path_factory.mktemp("three") / "issues")
    statuses: tuple[Status, ...] = ("sent", "approved", "draft")
    for week, status in enumerate(statuses, start=45):
        save(archive, made(week, status=status))
    return archive.folder


@pytest.fixture
def archive(three_issues: Path, tmp_path: Path) -> Archive:
    shutil.copytree(three_issues, tmp_path / "issues")
    return Archive(tmp_path / "issues")


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsletter's folder with a draft as a build makes one: to be copied, not changed."""
    return new_newsletter(tmp_path_factory.mktemp("desk") / "news")
