"""The polite fetch: one request at a time for a host, robots.txt, what is unchanged, patience.

A `Courier` is a `Fetcher`: called with a URL, from several threads, it brings the bytes or raises
FetchError in one sentence.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime

from digest.errors import FetchError
from digest.net import failures
from digest.net.fetch import fetch
from digest.net.policy import Fetched, Policy
from digest.net.robots import FRESH_S, MAX_BYTES, OPEN, Rules, read_rules
from digest.net.store import Kept, Store
from digest.net.target import Target, read_target

_LONGEST_ASKED_S = 7 * 86_400.0
"""A Retry-After beyond a week is taken for a mistake, and heeded for a week."""


class Courier:
    """Brings what URLs hold, under one policy, as a good guest of every host."""

    def __init__(self, policy: Policy, store: Store | None = None) -> None:
        self._policy = policy
        self._store = store
        self._mutex = threading.Lock()
        self._hosts: dict[str, _Host] = {}
        self._rules: dict[str, Rules] = {}
        self._waits = dict(store.waits()) if store else {}

    def __call__(self, url: str) -> Fetched:
        """The bytes behind `url`; those of an earlier run where the server says they still hold."""
        target = read_target(url)
        kept = self._store.find(url) if self._store else None
        for attempt in range(self._policy.retries + 1):
            try:
                return self._asked(url, kept)
            except FetchError as error:
                pause = self._pause(error, attempt)
                if pause is None:
                    raise self._noted(target, error) from None
                self._policy.sleep(pause)
        raise AssertionError  # the last attempt returned or raised

    def _asked(self, url: str, kept: Kept | None) -> Fetched:
        known = kept.fetched if kept else Fetched(url=url)
        fetched = fetch(
            url, self._policy, etag=known.etag, last_modified=known.last_modified, gate=self._gate
        )
        if self._store is None:
            return fetched
        now = self._policy.clock()
        if fetched.not_modified and kept:
            return self._store.vouched(url, kept, fetched, at=now)
        if fetched.storable and (fetched.etag or fetched.last_modified):
            self._store.keep(url, fetched, at=now)
        return fetched

    # Patience

    def _pause(self, error: FetchError, attempt: int) -> float | None:
        """How long to wait before asking again; None where asking again helps nobody."""
        if not error.again or attempt >= self._policy.retries:
            return None
        asked = self._asked_wait(error.retry_after)
        if asked is not None:
            return asked if asked <= self._policy.patience_s else None
        # Exponential, with jitter, so that many programs do not come back at one moment.
        return float(0.5 * 2**attempt * (0.5 + self._policy.random()))

    def _noted(self, target: Target, error: FetchError) -> FetchError:
        """Remember a host that asked for a longer wait than this run has."""
        asked = self._asked_wait(error.retry_after)
        if asked is not None and asked > self._policy.patience_s:
            now = self._policy.clock()
            host = error.host or target.host
            with self._mutex:
                self._waits[host] = now + asked
            if self._store:
                self._store.wait(host, until=now + asked, now=now)
        return error

    def _asked_wait(self, retry_after: str) -> float | None:
        """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3); None for none."""
        text = retry_after.strip()
        if text.isdecimal():
            return min(float(text[:9]), _LONGEST_ASKED_S)
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(0.0, moment.timestamp() - self._policy.clock()), _LONGEST_ASKED_S)

    # The turn of a host

    @contextmanager
    def _gate(self, target: Target) -> Iterator[float]:
        """Wait for the host's turn; gives the seconds that this took. Raises FetchError."""
        rules = self._allowed(target)
        began = self._policy.clock()
        with self._turn(target, rules.delay_s):
            yield max(0.0, self._policy.clock() - began)

    @contextmanager
    def _turn(self, target: Target, delay_s: float) -> Iterator[None]:
        with self._mutex:
            host = self._hosts.setdefault(target.host, _Host())
        with host.lock:
            self._refuse_waiting(target)
            rest = host.last + max(delay_s, self._policy.pause_s) - self._policy.clock()
            if host.last and rest > 0:
                self._policy.sleep(rest)
            try:
                yield
            finally:
                host.last = self._policy.clock()

    def _refuse_waiting(self, target: Target) -> None:
        left = self._waits.get(target.host, 0.0) - self._policy.clock()
        if left > 0:
            raise FetchError(
                f"{failures.shown(target.url)} is not asked: {target.host} asked to be left alone "
                f"for another {_span(left)} (Retry-After).",
                hint="Build again after that.",
                reason="unasked",
            )

    # robots.txt

    def _allowed(self, target: Target) -> Rules:
        if not self._policy.robots:
            return OPEN
        rules = self._rules_of(target)
        refusal = rules.refusal(target.url)
        if refusal:
            raise FetchError(
                f"{failures.shown(target.url)} is not fetched: {refusal}.",
                hint="If you may, ask its owner, or set DIGEST_ROBOTS=no.",
                reason="unasked",
            )
        return rules

    def _rules_of(self, target: Target) -> Rules:
        """The rules of the target's host, asked for once a run."""
        origin = f"{target.scheme}://{target.authority}"
        with self._mutex:
            host = self._hosts.setdefault(target.host, _Host())
        with host.robots_lock:
            if origin not in self._rules:
                self._rules[origin] = self._asked_rules(f"{origin}/robots.txt")
            return self._rules[origin]

    def _asked_rules(self, url: str) -> Rules:
        now = self._policy.clock()
        kept = self._store.find(url) if self._store else None
        if kept and 0 <= now - kept.at < FRESH_S:
            return read_rules(kept.fetched.body)
        policy = replace(
            self._policy,
            max_bytes=MAX_BYTES,
            timeout_s=min(10, self._policy.timeout_s),
            head_only=False,
        )
        known = kept.fetched if kept else Fetched(url=url)
        try:
            fetched = fetch(
                url, policy, etag=known.etag, last_modified=known.last_modified, gate=self._door
            )
        except FetchError as error:
            if error.status >= 500 or error.status == 429:
                told = f"its site's robots.txt cannot be read now ({error.status})"
                return Rules(closed=told)
            return OPEN  # none there (RFC 9309, 2.3.1.3), or a site that is not there at all
        if fetched.not_modified and kept and self._store:
            fetched = self._store.vouched(url, kept, fetched, at=now)
        elif self._store:
            self._store.keep(url, fetched, at=now)
        return read_rules(fetched.body)

    @contextmanager
    def _door(self, target: Target) -> Iterator[float]:
        """The turn alone: nobody asks robots.txt whether robots.txt may be asked for."""
        began = self._policy.clock()
        with self._turn(target, 0.0):
            yield max(0.0, self._policy.clock() - began)


class _Host:
    """One request at a time, and when the last one ended."""

    __slots__ = ("last", "lock", "robots_lock")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.robots_lock = threading.Lock()
        self.last = 0.0


def _span(seconds: float) -> str:
    """A length of time in the largest unit that says it: "40 s", "3 min", "2 h"."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.0f} h"
