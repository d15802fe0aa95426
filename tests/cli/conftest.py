"""A newsletter's folder and the commands, run as a person runs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from digest.cli.main import run

NOW = "2026-11-20T09:30:00+00:00"


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str


Digest = Callable[..., Said]


@pytest.fixture
def digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Digest:
    """`digest WORDS…` in an empty folder. It never raises: that would be a traceback."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str | Path) -> Said:
        capfd.readouterr()
        status = run([str(word) for word in words])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Said(status, out, err)

    return call
