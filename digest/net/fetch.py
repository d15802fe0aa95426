"""The door: one URL, its redirects followed and each vetted again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TypeAlias

from digest.errors import FetchError
from digest.net import failures
from digest.net.deadline import Deadline
from digest.net.exchange import Answer, exchange
from digest.net.policy import Fetched, Policy
from digest.net.target import Target, read_target, redirected

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:+-]{1,40})""", re.IGNORECASE)


def prepare() -> None:
    """Import what `fetch` needs, in the thread that calls: to be done before threads fetch.

    Slow imports happen where they are used, and two threads that import parts of one package at
    the same time can each see it half made: with urllib3 2.8 under threads and trafilatura in
    the main thread, two builds in six lost sources that were well.
    """
    import http.client
    import ssl

    import idna
    import protego
    import urllib3.connection
    import urllib3.exceptions
    import urllib3.response
    import urllib3.util

    del http, idna, protego, ssl, urllib3


Gate: TypeAlias = Callable[[Target], AbstractContextManager[float]]
"""Entered before each request, left after it; gives the seconds that it made wait."""


def _open_gate(_: Target) -> AbstractContextManager[float]:
    return nullcontext(0.0)


def fetch(
    url: str,
    policy: Policy,
    *,
    etag: str = "",
    last_modified: str = "",
    gate: Gate = _open_gate,
) -> Fetched:
    """The bytes behind `url`, which must be http or https.

    `etag` and `last_modified`, as an earlier `Fetched` gave them, make the GET conditional: what
    has not changed comes back as `not_modified`, without a body. `gate` is passed for each request,
    those of redirects included. Raises FetchError, and nothing
    else, in one sentence that names the URL, with the next thing to do.
    """
    deadline = Deadline(policy.timeout_s)
    conditions = _conditions(etag, last_modified)
    target = read_target(url)
    passed = {target.place}
    moved = True
    moved_to = ""
    for hop in range(policy.max_redirects + 1):
        try:
            with gate(target) as waited:
                deadline.extend(waited)
                answer = exchange(target, policy, deadline, conditions)
        except FetchError as error:
            raise _on_the_way(url, hop, error) from None
        if answer.status not in _REDIRECTS:
            try:
                fetched = _fetched(target, answer, conditional=bool(conditions))
                return replace(fetched, moved_to=moved_to)
            except FetchError as error:
                raise _on_the_way(url, hop, error) from None
        target = _next(url, target, answer)
        moved = moved and answer.status in (301, 308)
        moved_to = target.url if moved else moved_to
        if target.place in passed:
            raise FetchError(
                f"{failures.shown(url)} redirects in a loop, by way of "
                f"{failures.shown(target.url)}.",
                hint="Open the address in a browser and take the one where it ends.",
            )
        passed.add(target.place)
    raise FetchError(
        f"{failures.shown(url)} redirects more than {policy.max_redirects} times.",
        hint="Open the address in a browser and take the one where it ends.",
    )


def _conditions(etag: str, last_modified: str) -> Mapping[str, str]:
    """The headers of a conditional GET; a validator that no header can hold is not sent."""
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in wanted.items() if _plain(value)}


def _plain(header: str) -> str:
    """A header's value, or "" where it is not printable ASCII."""
    return header if header.isascii() and header.isprintable() else ""


def _next(url: str, target: Target, answer: Answer) -> Target:
    location = answer.headers.get("location", "")
    if not location.strip():
        raise FetchError(
            f"{failures.shown(target.url)} answered {answer.status}, a redirect, and does not "
            "say where to.",
            hint="Check the address.",
        )
    try:
        return read_target(redirected(target, location))
    except FetchError as error:
        raise _on_the_way(url, 1, error) from None


def _on_the_way(url: str, hop: int, error: FetchError) -> FetchError:
    """The error with the address that a person wrote, where redirects led elsewhere."""
    if hop == 0:
        return error
    return FetchError(
        f"{failures.shown(url)} redirects, and {error.what}",
        hint=error.hint,
        status=error.status,
        again=error.again,
        retry_after=error.retry_after,
        host=error.host,
        reason=error.reason,
    )


def _fetched(target: Target, answer: Answer, *, conditional: bool) -> Fetched:
    headers = answer.headers
    not_modified = answer.status == 304 and conditional
    if not 200 <= answer.status < 300 and not not_modified:
        error = failures.of_status(target.url, answer.status, headers.get("retry-after", ""))
        error.host = target.host
        raise error
    if answer.status == 206:
        raise FetchError(
            f"{failures.shown(target.url)} sends only a part (206 Partial Content), though all "
            "of it was asked for.",
            hint="Tell its publisher.",
        )
    content_type = _plain(headers.get("content-type", ""))
    hint = _CHARSET.search(content_type)
    return Fetched(
        url=target.url,
        status=answer.status,
        content_type=content_type,
        charset=hint[1].lower() if hint else "",
        body=answer.body,
        etag=_plain(headers.get("etag", "")),
        last_modified=_plain(headers.get("last-modified", "")),
        not_modified=not_modified,
        storable=_is_storable(headers),
    )


def _is_storable(headers: Mapping[str, str]) -> bool:
    """Whether the answer may be kept: RFC 9111, 5.2.2.5 and 4.1."""
    return (
        "no-store" not in headers.get("cache-control", "").lower()
        and headers.get("vary", "").strip() != "*"
    )
