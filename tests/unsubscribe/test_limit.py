"""Broken links are limited for each client, in a bounded memory, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.unsubscribe import limit
from digest.unsubscribe.limit import BURST, Buckets

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def emptied(client: str = "192.0.2.1") -> Buckets:
    buckets = Buckets()
    assert [buckets.wait(client, NOW) for _ in range(BURST)] == [0] * BURST
    return buckets


def test_a_client_waits_as_long_as_it_is_told() -> None:
    buckets = emptied()
    wait = buckets.wait("192.0.2.1", NOW)
    assert wait > 0
    assert buckets.wait("192.0.2.1", NOW + timedelta(seconds=wait)) == 0
    assert buckets.wait("192.0.2.1", NOW + timedelta(seconds=wait)) > 0
    assert buckets.wait("192.0.2.2", NOW) == 0


def test_a_clock_that_jumps_back_locks_nobody_out() -> None:
    buckets = emptied()
    earlier = NOW - timedelta(days=900)
    assert buckets.wait("192.0.2.1", earlier) > 0
    assert buckets.wait("192.0.2.1", earlier + timedelta(minutes=1)) == 0


@pytest.mark.parametrize(
    ("client", "waits"),
    [
        ("2001:db8::2", True), ("2001:db8::1%eth0", True), ("2001:db8:0:1::1", False),
        ("no:address", False), ("", False),
    ],
)  # fmt: skip
def test_one_ipv6_network_is_one_client(client: str, waits: bool) -> None:
    assert bool(emptied("2001:db8::1").wait(client, NOW)) is waits


def test_more_clients_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit, "MOST_CLIENTS", 100)
    buckets = Buckets()
    for number in range(1000):
        buckets.wait(f"client {number}", NOW)
    assert len(buckets) == 100
