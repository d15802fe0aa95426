"""The polite fetch against a real server: turns, robots.txt, what is unchanged, patience."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import FetchError
from digest.net import Courier, Fetched, Store, prepare
from digest.net.robots import read_rules
from tests.net.loopback import Loopback
from tests.servers import ETAG, PAGE

NEWS = "http://news.example.org"
OTHER = "http://other.example.org"


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _nothing_left_behind(net: Loopback) -> None:
    net.server.pages.clear()


def courier(net: Loopback, clock: Clock, store: Store | None = None, **changes: Any) -> Courier:
    seams = {"clock": clock, "sleep": clock.sleep, "random": lambda: 0.5, **changes}
    return Courier(net.policy(**seams), store)


def paths(net: Loopback) -> list[str]:
    return [asked.path for asked in net.server.asked]


def refused(ask: Callable[[], object]) -> str:
    with pytest.raises(FetchError) as caught:
        ask()
    return str(caught.value)


# Turns


def test_one_host_is_asked_one_thing_at_a_time_and_two_at_once(net: Loopback, clock: Clock) -> None:
    prepare()
    net.server.most_at_once.clear()
    fetch = courier(net, clock)
    urls = [f"{host}/slow/{n}" for n in range(4) for host in (NEWS, OTHER)]
    threads = [threading.Thread(target=fetch, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len([p for p in paths(net) if p.startswith("/slow")]) == 8
    most = net.server.most_at_once
    assert (most["news.example.org"], most["other.example.org"]) == (1, 1)
    assert most["all"] == 2


def test_waiting_for_a_turn_is_not_counted_as_a_slow_answer(net: Loopback, clock: Clock) -> None:
    fetch = courier(net, clock, robots=False, pause_s=40.0, timeout_s=5.0)
    assert fetch(f"{NEWS}/ok").body == PAGE
    assert fetch(f"{NEWS}/ok").body == PAGE
    assert clock.slept == [40.0]


# robots.txt


def test_robots_txt_is_heeded_and_asked_for_once(net: Loopback, clock: Clock) -> None:
    net.server.add("/robots.txt", "User-agent: *\nDisallow: /private/\nAllow: /private/open\n")
    fetch = courier(net, clock)
    said = refused(lambda: fetch(f"{NEWS}/private/a"))
    assert "robots.txt" in said
    assert "DIGEST_ROBOTS=no" in said
    assert fetch(f"{NEWS}/ok").body == PAGE
    assert "/private/a" not in paths(net)
    assert paths(net).count("/robots.txt") == 1
    assert courier(net, clock, robots=False)(f"{NEWS}/ok").body == PAGE
    assert paths(net).count("/robots.txt") == 1


def test_robots_txt_may_speak_to_this_program_alone(net: Loopback, clock: Clock) -> None:
    net.server.add("/robots.txt", "User-agent: digest\nDisallow: /\n\nUser-agent: *\nAllow: /\n")
    assert "robots.txt" in refused(lambda: courier(net, clock)(f"{NEWS}/ok"))


def test_where_a_redirect_leads_robots_txt_is_heeded_too(net: Loopback, clock: Clock) -> None:
    net.server.add("/robots.txt", "User-agent: *\nDisallow: /ok\n")
    said = refused(lambda: courier(net, clock)(f"{NEWS}/redirect/for-good"))
    assert "redirects, and" in said
    assert "robots.txt" in said


@pytest.mark.parametrize(
    ("status", "open_"), [(404, True), (403, True), (500, False), (503, False)]
)
def test_a_robots_txt_that_is_not_there(
    net: Loopback, clock: Clock, status: int, open_: bool
) -> None:
    """RFC 9309, 2.3.1: what is unavailable allows all, what is unreachable nothing."""
    net.server.add("/robots.txt", "no", status=status)
    fetch = courier(net, clock)
    if open_:
        assert fetch(f"{NEWS}/ok").body == PAGE
    else:
        assert str(status) in refused(lambda: fetch(f"{NEWS}/ok"))


def test_a_crawl_delay_is_heeded_up_to_a_bound(net: Loopback, clock: Clock) -> None:
    net.server.add("/robots.txt", "User-agent: *\nCrawl-delay: 3\n")
    fetch = courier(net, clock)
    fetch(f"{NEWS}/ok")
    fetch(f"{NEWS}/ok?2")
    assert sum(clock.slept) == pytest.approx(6.0)
    assert read_rules(b"User-agent: *\nCrawl-delay: 86400\n").delay_s == 5.0


@given(st.binary(max_size=300))
def test_no_robots_txt_raises(body: bytes) -> None:
    rules = read_rules(body)
    assert isinstance(rules.refusal("https://news.example.org/a"), str)
    assert 0 <= rules.delay_s <= 5


# What is unchanged


def test_a_second_run_brings_no_body_and_gives_the_same(
    net: Loopback, clock: Clock, tmp_path: Path
) -> None:
    net.server.add("/robots.txt", "User-agent: *\nAllow: /\n")
    net.server.add("/feed.xml", b"<rss/>", "application/rss+xml", {"ETag": ETAG})
    first = courier(net, clock, Store(tmp_path))(f"{NEWS}/feed.xml")
    net.server.bodies = 0
    clock.now += 3600
    second = courier(net, clock, Store(tmp_path))(f"{NEWS}/feed.xml")
    assert net.server.bodies == 0
    assert second.not_modified
    assert (second.body, second.content_type, second.url) == (
        first.body,
        first.content_type,
        first.url,
    )
    net.server.add("/feed.xml", b"<rss>2</rss>", "application/rss+xml", {"ETag": '"v2"'})
    assert courier(net, clock, Store(tmp_path))(f"{NEWS}/feed.xml").body == b"<rss>2</rss>"


def test_what_may_not_be_kept_is_not(net: Loopback, clock: Clock, tmp_path: Path) -> None:
    courier(net, clock, Store(tmp_path), robots=False)(f"{NEWS}/no-store")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("damage", ["empty", "cut", "letter", "version", "other address"])
def test_a_damaged_answer_is_as_if_it_were_not_there(tmp_path: Path, damage: str) -> None:
    store = Store(tmp_path / "cache")
    url, other = f"{NEWS}/feed?token=secret", f"{NEWS}/other"
    store.keep(url, Fetched(url=url, body=b"words", etag=ETAG), at=1.0)
    store.keep(other, Fetched(url=other, body=b"other words", etag=ETAG), at=1.0)
    assert store.find(url) is not None
    paths = sorted((tmp_path / "cache").glob("*.answer"))
    assert not [p for p in paths if "secret" in p.name]
    assert {p.stat().st_mode & 0o777 for p in paths} == {0o600}
    mine = next(p for p in paths if b"token" in p.read_bytes())
    data = mine.read_bytes()
    mine.write_bytes(
        {
            "empty": b"",
            "cut": data[:-1],
            "letter": data[:-1] + b"z",
            "version": data.replace(b'"version": 1', b'"version": 0'),
            "other address": next(p for p in paths if p != mine).read_bytes(),
        }[damage]
    )
    assert store.find(url) is None


@given(st.binary(max_size=200))
def test_no_file_of_the_store_raises(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("store")
    store = Store(folder)
    store.keep("u", Fetched(url="u", body=b"x", etag=ETAG), at=1.0)
    for path in folder.iterdir():
        path.write_bytes(data)
    (folder / "hosts.json").write_bytes(data)
    assert store.find("u") is None
    assert store.waits() == {}


def test_a_store_that_cannot_be_written_costs_nothing(
    net: Loopback, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert courier(net, clock, Store(tmp_path / "file" / "x"))(f"{NEWS}/ok").body == PAGE


# Patience


@pytest.mark.parametrize(("path", "pause"), [("/flaky", 1.0), ("/flaky-bare", 0.5)])
def test_what_passes_soon_is_waited_for(
    net: Loopback, clock: Clock, path: str, pause: float
) -> None:
    assert courier(net, clock, robots=False)(f"{NEWS}{path}").body == PAGE
    assert clock.slept == [pause]


def test_a_connection_that_breaks_is_tried_again_and_a_404_is_not(
    net: Loopback, clock: Clock
) -> None:
    fetch = courier(net, clock, robots=False)
    refused(lambda: fetch(f"{NEWS}/hang-up"))
    assert paths(net) == ["/hang-up"] * 3
    assert clock.slept == [0.5, 1.0]
    refused(lambda: fetch(f"{NEWS}/status/404"))
    assert paths(net).count("/status/404") == 1


def test_a_long_wait_is_kept_for_the_next_run(net: Loopback, clock: Clock, tmp_path: Path) -> None:
    said = refused(lambda: courier(net, clock, Store(tmp_path), robots=False)(f"{NEWS}/too-many"))
    assert "429" in said
    assert "120" in said
    clock.now += 60
    again = courier(net, clock, Store(tmp_path), robots=False)
    assert "another 60 s" in refused(lambda: again(f"{NEWS}/ok"))
    assert again(f"{OTHER}/ok").body == PAGE
    assert paths(net) == ["/too-many", "/ok"]
    clock.now += 61
    assert courier(net, clock, Store(tmp_path), robots=False)(f"{NEWS}/ok").body == PAGE


def test_a_wait_until_a_date(net: Loopback, clock: Clock) -> None:
    net.server.add(
        "/later", "no", status=503, headers={"Retry-After": "Fri, 15 Jan 2027 09:00:00 GMT"}
    )
    fetch = courier(net, clock, robots=False)
    refused(lambda: fetch(f"{NEWS}/later"))
    assert "another 60 min" in refused(lambda: fetch(f"{NEWS}/ok"))
    assert clock.slept == []


def test_a_permanent_redirect_tells_where_to(net: Loopback, clock: Clock) -> None:
    fetched = courier(net, clock, robots=False)(f"{NEWS}/redirect/for-good")
    assert fetched.moved_to == f"{NEWS}/ok"
    assert courier(net, clock, robots=False)(f"{NEWS}/redirect/chain/2").moved_to == ""
