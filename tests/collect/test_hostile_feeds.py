"""Feeds and mails made to hang a reader are read or refused, within seconds and half a gigabyte."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.collect.hostile_inputs import MEGABYTES, READ, REFUSED


def outcome(name: str) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.collect.hostile_inputs", name],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert run.returncode == 0, run.stderr or "stopped: it took too long"
    told: dict[str, Any] = json.loads(run.stdout)
    assert told["megabytes"] < MEGABYTES
    return told


@pytest.mark.parametrize("name", READ)
def test_what_is_read(name: str) -> None:
    told = outcome(name)
    assert told["failures"] == []
    assert told["entries"] >= 1


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    (what,) = outcome(name)["failures"]
    assert REFUSED[name][1] in what
