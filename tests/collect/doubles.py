"""Doubles of the one seam to the network: a function from URL to answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digest.collect import Collected, collect
from digest.errors import FetchError
from digest.net import Fetched, Fetcher, shown

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parent / "fixtures"


def answer(body: bytes, **more: Any) -> Fetched:
    """What a fetch brings: the fields that collecting reads."""
    return Fetched(**{"url": "", "body": body, **more})


def network(answers: Mapping[str, bytes | Fetched]) -> Fetcher:
    """A fetch that knows these URLs; any other one is unreachable."""

    def fetch(url: str) -> Fetched:
        if url not in answers:
            raise FetchError(f"{shown(url)} could not be reached.", hint="Check the address.")
        found = answers[url]
        return answer(found) if isinstance(found, bytes) else found

    return fetch


def gather(
    *places: str, folder: Path = FIXTURES, answers: Mapping[str, bytes | Fetched] | None = None
) -> Collected:
    """Collect, with the fixtures as the folder and no network unless it is given."""
    return collect(places, folder=folder, now=NOW, fetch=network(answers or {}))
