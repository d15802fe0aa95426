"""Fetching ahead: hosts do not wait for each other, and no host is asked twice at once."""

from __future__ import annotations

import threading
from collections import Counter

from digest.collect.ahead import fetched_ahead
from digest.errors import FetchError
from digest.net import Fetched


def test_a_host_with_many_urls_keeps_no_other_waiting() -> None:
    gate = threading.Event()
    began: list[str] = []

    def fetch(url: str) -> Fetched:
        began.append(url)
        if "busy" in url:
            gate.wait(10)
        return Fetched(url=url)

    urls = [f"https://busy.example.org/{n}" for n in range(50)]
    urls += [f"https://h{n}.example.org/" for n in range(30)]
    ahead = fetched_ahead(urls, fetch)
    for url in urls[50:]:
        assert ahead[url].result(timeout=10).url == url
    assert sum("busy" in url for url in began) == 1
    gate.set()
    assert [ahead[url].result(timeout=10).url for url in urls] == urls
    assert [url for url in began if "busy" in url] == urls[:50]


def test_no_host_is_asked_twice_at_once() -> None:
    now: Counter[str] = Counter()
    most: Counter[str] = Counter()
    lock = threading.Lock()

    def fetch(url: str) -> Fetched:
        host = url.split("/")[2]
        with lock:
            now[host] += 1
            most[host] = max(most[host], now[host])
        threading.Event().wait(0.002)
        with lock:
            now[host] -= 1
        return Fetched(url=url)

    urls = [f"https://h{n % 5}.example.org/{n}" for n in range(60)]
    ahead = fetched_ahead(urls, fetch)
    for future in ahead.values():
        future.result(timeout=10)
    assert set(most.values()) == {1}


def test_what_fails_is_told_to_whoever_asks_and_the_rest_goes_on() -> None:
    def fetch(url: str) -> Fetched:
        if url.endswith("bad"):
            raise FetchError("It is not there.")
        return Fetched(url=url)

    ahead = fetched_ahead(
        ["https://a.example.org/bad", "https://a.example.org/good", "http://["], fetch
    )
    assert isinstance(ahead["https://a.example.org/bad"].exception(timeout=10), FetchError)
    assert ahead["https://a.example.org/good"].result(timeout=10)
    assert ahead["http://["].result(timeout=10)
    assert fetched_ahead([], fetch) == {}
