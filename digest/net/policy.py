"""What a fetch may do, and what it gives."""

from __future__ import annotations

import random
import re
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import ssl

Resolver: TypeAlias = Callable[..., Iterable[tuple[Any, ...]]]
"""As `socket.getaddrinfo`: (host, port, type=…) → rows whose last item begins with an address."""

Connector: TypeAlias = Callable[[tuple[str, int], float], socket.socket]
"""As `socket.create_connection`: ((address, port), seconds) → a connected socket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The bounds of one fetch.

    `timeout_s` is for the whole of it: names, redirects, and the last byte of a body that drips.
    `max_bytes` bounds the body as sent and as inflated. `allow_private` opens private and loopback
    networks, for sources of one's own; services that hand out a machine's credentials stay closed.
    `head_only`: what a server says of itself is enough, and no body is read. `robots`: heed
    robots.txt. What fails and may pass is asked for again `retries` times at most;
    a wait of `patience_s` that a server asks for is waited out, a longer one ends the fetch;
    `pause_s` lies between two requests to one host. `resolve`, `connect`, `tls`, `sleep`, `clock`
    (seconds of the epoch) and `random` (0 to 1) are the seams to the system's own.
    """

    timeout_s: float = 30.0
    max_bytes: int = 32 * 2**20
    max_redirects: int = 5
    head_only: bool = False
    allow_private: bool = False
    user_agent: str = "digest"
    resolve: Resolver = socket.getaddrinfo
    connect: Connector = socket.create_connection
    tls: ssl.SSLContext | None = None
    robots: bool = True
    retries: int = 2
    patience_s: float = 5.0
    pause_s: float = 0.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time
    random: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back.

    `url` is where it was found after redirects; `content_type` the header and `charset`
    the lower-case hint in it; `body` the inflated bytes. `etag` and `last_modified` are for the
    next conditional fetch. `not_modified`: the server said that what we hold is current; the body
    is empty, unless an earlier run kept it. `storable`: the server does not forbid keeping it.
    `moved_to` is the address that a permanent redirect names. Text that is absent is "".
    """

    url: str
    status: int = 200
    content_type: str = ""
    charset: str = ""
    body: bytes = b""
    etag: str = ""
    last_modified: str = ""
    not_modified: bool = False
    storable: bool = True
    moved_to: str = ""


Fetcher: TypeAlias = Callable[[str], Fetched]
"""What the stages take: a URL → what came back, or FetchError."""


def user_agent(contact: str, version: str) -> str:
    """The User-Agent header: the program, its version, and whom to tell when it misbehaves.

    `contact` is a URL or an address; what a header comment cannot hold is left out.
    """
    told = re.sub(r"[^!-~ ]|[()\\]", "", contact).strip()
    return f"digest/{version} (+{told})" if told else f"digest/{version}"
