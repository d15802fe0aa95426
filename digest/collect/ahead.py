"""Fetching ahead: many hosts at once, the URLs of one host one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from threading import Condition, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from digest.net import Fetched, Fetcher

AT_ONCE = 16
"""Hosts that are asked at the same time."""


def fetched_ahead(urls: Sequence[str], fetch: Fetcher) -> Mapping[str, Future[Fetched]]:
    """What each URL will bring; threads see to it, in the order of the URLs.

    They are daemons, which no executor offers: a server that says nothing must not keep a person
    waiting who pressed Ctrl-C.
    """
    from digest.net import prepare

    ahead: dict[str, Future[Fetched]] = {url: Future() for url in dict.fromkeys(urls)}
    if not ahead:
        return ahead
    prepare()
    turns = _Turns(ahead)

    def work() -> None:
        while (job := turns.next()) is not None:
            host, url = job
            future = ahead[url]
            try:
                if future.set_running_or_notify_cancel():
                    future.set_result(fetch(url))
            except BaseException as error:
                future.set_exception(error)
            finally:
                turns.done(host)

    for _ in range(min(AT_ONCE, turns.hosts)):
        Thread(target=work, daemon=True).start()
    return ahead


class _Turns:
    """Hands out URLs so that no host has two under way, and none waits for another."""

    def __init__(self, urls: Mapping[str, object]) -> None:
        self._waiting: dict[str, deque[str]] = {}
        for url in urls:
            self._waiting.setdefault(_host(url), deque()).append(url)
        self._free = deque(self._waiting)
        self._busy = 0
        self._change = Condition()
        self.hosts = len(self._waiting)

    def next(self) -> tuple[str, str] | None:
        """(host, URL) of what comes next; None when nothing is left to begin."""
        with self._change:
            while not self._free:
                if not self._busy:
                    return None
                self._change.wait()
            host = self._free.popleft()
            self._busy += 1
            return host, self._waiting[host].popleft()

    def done(self, host: str) -> None:
        """The host is free for its next URL, if it has one."""
        with self._change:
            self._busy -= 1
            if self._waiting[host]:
                self._free.append(host)
            self._change.notify_all()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:  # a bracket that opens no IPv6 address; the fetch will say so
        return url
