"""The real Chromium that tests look with: one for all tests of a room."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

import bench.chromium
from bench.chromium import Browser

__all__ = ["Browser", "chromium"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser; its absence skips the test by name, and fails it where CI is set."""
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(bench.chromium.chromium())
        except FileNotFoundError:
            assert not os.environ.get("CI"), "CI is set, and there is no Chromium"
            pytest.skip("no Chromium on this machine: nothing was looked at in a real browser")
        yield browser
