"""How many broken links one client may try: a bucket each, and a bounded number of buckets."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from datetime import datetime

BURST = 20
"""Broken links that may follow one upon the other."""
EVERY_S = 6.0
"""Seconds after which one more may come."""
MOST_CLIENTS = 10_000


class Buckets:
    """A token bucket a client; the client that was idle longest is forgotten first."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, client: str, now: datetime) -> int:
        """0 where one more may come now, which is counted; else the seconds to wait."""
        name = _network(client)
        with self._lock:
            left, since = self._buckets.pop(name, (float(BURST), now))
            # A clock that jumps back refills nothing.
            left = min(BURST, left + max(0.0, (now - since).total_seconds()) / EVERY_S)
            allowed = left >= 1
            left -= allowed
            self._buckets[name] = (left, now)
            if len(self._buckets) > MOST_CLIENTS:
                self._buckets.popitem(last=False)
        return 0 if allowed else int((1 - left) * EVERY_S) + 1

    def __len__(self) -> int:
        return len(self._buckets)


def _network(client: str) -> str:
    """One client's name: an IPv6 host has a whole /64 of addresses to itself."""
    if ":" not in client:
        return client[:64]
    try:
        return str(ipaddress.ip_network((client.partition("%")[0], 64), strict=False))
    except ValueError:
        return client[:64]
