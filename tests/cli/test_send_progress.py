"""What a person sees while an issue is being sent: how far, how fast, how well."""

from __future__ import annotations

import io
import re
import sys

import pytest

from digest.cli import output
from digest.send import Tally


class Terminal(io.StringIO):
    """What is written to a screen."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, tally: Tally, *, quiet: bool = False) -> str:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "xterm")
    with output.sending("2026-W47", quiet=quiet) as (step, progress):
        step("Planning readers.csv", 500, 0)
        if progress is not None:
            progress(tally)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())


def test_how_far_how_fast_and_how_well(monkeypatch: pytest.MonkeyPatch) -> None:
    tally = Tally(total=1000, sent=400, perm=2, temp=3, unknown=1, connections=4, seconds=10)
    said = shown(monkeypatch, tally)
    for words in (
        "Sending 2026-W47",
        "406/1000",
        "40/s, 4 connections",
        "2 perm",
        "3 temp",
        "1 unknown",
    ):
        assert words in said, words
    assert "next try" not in said


def test_how_long_it_waits_where_all_were_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "next try in 3 min 20 s" in shown(monkeypatch, Tally(total=9, sent=4, next_try=200))


def test_nothing_where_nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not shown(monkeypatch, Tally(total=9, sent=4), quiet=True)
