"""How well the rules find the boundaries of all hard cases together."""

from __future__ import annotations

from bench.sentences import measure, ours
from tests.text.hard_cases import FIRST, SECOND


def test_boundaries_of_the_hard_cases_are_found() -> None:
    found = measure((*FIRST, *SECOND), ours)
    assert len(FIRST) + len(SECOND) >= 260
    assert found.f1 >= 98, "\n".join(found.misses)
