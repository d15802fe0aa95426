"""What the tests of the review share: a browser, and an archive with three issues."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.archive import Archive
from digest.models import Status
from tests.archive.newsroom import made, save
from tests.browser import chromium

__all__ = ["chromium"]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "issues")
    statuses: tuple[Status, ...] = ("sent", "approved", "draft")
    for week, status in enumerate(statuses, start=45):
        save(archive, made(week, status=status))
    return archive
