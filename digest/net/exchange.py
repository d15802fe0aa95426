"""One question and its answer: a GET to one vetted target, no redirect followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from digest.errors import FetchError
from digest.net import failures
from digest.net.address import vetted
from digest.net.deadline import Deadline
from digest.net.inflate import (
    ACCEPTED,
    STEP,
    CodingError,
    CutError,
    TooLargeError,
    coding_of,
    inflate,
)
from digest.net.policy import Policy
from digest.net.target import Target
from digest.net.wire import dial

if TYPE_CHECKING:
    import socket

    from urllib3.response import HTTPResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one server said; `headers` by lower-case name; the body only of a 2xx answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def exchange(
    target: Target, policy: Policy, deadline: Deadline, conditions: Mapping[str, str]
) -> Answer:
    """Ask `target` once; `conditions` are the headers of a conditional GET.

    Raises FetchError, and nothing else, whatever the server does.
    """
    from http.client import HTTPException

    from urllib3.connection import HTTPConnection
    from urllib3.exceptions import HTTPError

    headers = {
        "Host": target.authority,
        "User-Agent": policy.user_agent,
        "Accept": "application/atom+xml, application/rss+xml, application/feed+json, "
        "text/html;q=0.9, application/xhtml+xml;q=0.9, application/xml;q=0.9, */*;q=0.8",
        "Accept-Encoding": ACCEPTED,
        "Connection": "close",
        **conditions,
    }
    try:
        addresses = vetted(target, policy, deadline)
        with dial(target, addresses, policy, deadline) as wire:
            connection = HTTPConnection(target.host, target.port)
            # A connection that has its socket never dials, so nothing is looked up twice.
            connection.sock = cast("socket.socket", wire)
            connection.request(
                "GET", target.asked, headers=headers, preload_content=False, decode_content=False
            )
            response = connection.getresponse()
            try:
                return _answer(response, target, policy)
            finally:
                response.close()
                connection.close()
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise failures.of_exchange(target.url, error, policy.timeout_s) from None


def _answer(response: HTTPResponse, target: Target, policy: Policy) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if policy.head_only or not 200 <= response.status < 300:
        return Answer(status=response.status, headers=headers)
    return Answer(
        status=response.status, headers=headers, body=_body(response, target, policy, headers)
    )


def _body(
    response: HTTPResponse, target: Target, policy: Policy, headers: Mapping[str, str]
) -> bytes:
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > policy.max_bytes:
        raise failures.too_large(target.url, policy.max_bytes)
    encoding = headers.get("content-encoding", "")
    try:
        return inflate(_chunks(response), coding_of(encoding), max_bytes=policy.max_bytes)
    except TooLargeError:
        raise failures.too_large(target.url, policy.max_bytes) from None
    except CutError:
        raise failures.cut_off(target.url) from None
    except CodingError:
        raise FetchError(
            f"{failures.shown(target.url)} sends a body in a coding that cannot be read "
            f"(Content-Encoding: {failures.quoted(encoding)}; asked for: {ACCEPTED}).",
            hint="Tell its publisher; the server should heed Accept-Encoding.",
        ) from None


def _chunks(response: HTTPResponse) -> Iterator[bytes]:
    """The body as sent, without the chunks of HTTP/1.1 but in its coding."""
    from urllib3.exceptions import ProtocolError

    try:
        yield from response.stream(STEP, decode_content=False)
    except ProtocolError as error:
        if error.__cause__ is None:  # "Response ended prematurely", between two chunks
            raise CutError from None
        raise
