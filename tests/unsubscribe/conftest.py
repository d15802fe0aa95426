"""A running page, and a browser to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.unsubscribe.host import Site, served

__all__ = ["chromium"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with served(tmp_path / "var" / "unsubscribed.jsonl", home_url="https://example.org") as site:
        yield site
