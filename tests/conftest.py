"""What every test shares: the data to measure on, and a clean environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No test judges by the clock: by default an example that takes 200 ms fails, on a busy machine too.
settings.register_profile("unhurried", settings.default, deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own DIGEST_ settings never reach a test."""
    for key in [k for k in os.environ if k.startswith("DIGEST_")]:
        monkeypatch.delenv(key)


@pytest.fixture(scope="session")
def bench_data() -> Path:
    """The folder of real documents; a test that needs it is skipped, by name, where it is absent.

    Where BENCH_DATA is set the data must be there: its absence is a failure, never a skip.
    """
    named = os.environ.get("BENCH_DATA")
    if not named:
        pytest.skip("BENCH_DATA is not set: no real documents to measure on")
    folder = Path(named).resolve()
    assert folder.is_dir(), f"BENCH_DATA={named} is not a folder"
    return folder
