"""The DNS, asked for what the checks of the sender's domain need, within a time that is set."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.check import Answer, Question, examine_sender
from digest.errors import UsageError
from digest.models import Finding, Issue

if TYPE_CHECKING:
    from dns.resolver import Answer as DnsAnswer
    from dns.resolver import Resolver

SECONDS_EACH = 5.0
SECONDS_IN_ALL = 20.0
"""How long one question may take, and all of them together."""

MAX_QUESTIONS = 200
"""Questions in all; a domain in good order takes about 20."""

_AT_ONCE = 8
_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsServer:
    """Whom to ask, in place of the system's own resolver."""

    address: str
    port: int = 53


def parse_server(text: str) -> DnsServer:
    """The server of `127.0.0.1:5353` or `::1`, an address with or without a port.

    Raises UsageError that quotes it.
    """
    host, colon, port = text.rpartition(":")
    if not colon or (text.count(":") > 1 and not text.startswith("[")):
        host, port = text, "53"
    try:
        address = str(ipaddress.ip_address(host.strip("[]")))
        number = int(port)
        if not 0 < number < 1 << 16:
            raise ValueError
    except ValueError:
        raise UsageError(
            f"--resolver takes the IP address of a DNS server, not {text[:80]!r}.",
            hint="For example --resolver 127.0.0.1:5353.",
        ) from None
    return DnsServer(address=address, port=number)


def parse_selectors(given: Sequence[str]) -> tuple[str, ...]:
    """The selectors of DKIM keys as they were typed, each once. Raises UsageError for others."""
    for name in given:
        if not _SELECTOR.fullmatch(name):
            raise UsageError(
                f"--dkim-selector takes the name of a selector, not {name[:80]!r}.",
                hint="It stands as s= in the DKIM-Signature of a mail that you sent.",
            )
    return tuple(dict.fromkeys(given))


def check_dns(
    issue: Issue,
    *,
    sender: str = "",
    selectors: tuple[str, ...] = (),
    server: DnsServer | None = None,
    seconds_each: float = SECONDS_EACH,
    seconds: float = SECONDS_IN_ALL,
) -> tuple[Finding, ...]:
    """Ask the DNS for the domain of `issue`'s sender, and judge what it answers.

    `sender` counts where the issue has none. Never raises for what the DNS does or does not say:
    what could not be found out within the time is a warning.
    """
    known: dict[Question, Answer] = {}
    deadline = time.monotonic() + seconds
    while True:
        examined = examine_sender(
            issue.newsletter.sender or sender,
            known,
            unsubscribe_url=issue.newsletter.unsubscribe_url,
            selectors=selectors,
            is_draft=issue.status == "draft",
        )
        if not examined.missing:
            return examined.findings
        known.update(_ask(examined.missing, server, len(known), seconds_each, deadline))


def _ask(
    questions: Sequence[Question],
    server: DnsServer | None,
    asked: int,
    seconds_each: float,
    deadline: float,
) -> Mapping[Question, Answer]:
    """An answer to each question; those beyond the bounds are `timeout`."""
    resolver = _resolver(server)
    if resolver is None:
        return dict.fromkeys(questions, Answer("timeout"))

    def ask(question: Question) -> Answer:
        left = min(seconds_each, deadline - time.monotonic())
        return _answer(resolver, question, left) if left > 0 else Answer("timeout")

    within = questions[: max(0, MAX_QUESTIONS - asked)]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        answers = dict(zip(within, pool.map(ask, within), strict=True))
    return {q: answers.get(q, Answer("timeout")) for q in questions}


def _resolver(server: DnsServer | None) -> Resolver | None:
    """The system's resolver, or one that asks `server`; None where this machine names none."""
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(configure=server is None)
    except dns.resolver.NoResolverConfiguration:
        return None
    if server is not None:
        resolver.nameservers = [server.address]
        resolver.port = server.port
    resolver.timeout = 2.0  # then the next server is asked, or this one again
    return resolver


def _answer(resolver: Resolver, question: Question, seconds: float) -> Answer:
    import dns.exception
    import dns.resolver

    try:
        answer = resolver.resolve(
            f"{question.name}.",
            question.kind,
            lifetime=seconds,
            raise_on_no_answer=False,
            search=False,
        )
        values = tuple(_values(answer))
    except dns.resolver.NXDOMAIN:
        return Answer("no name")
    except dns.exception.Timeout:
        return Answer("timeout")
    except (dns.exception.DNSException, OSError, ValueError):
        # SERVFAIL, REFUSED, an answer that is garbled, a name that leads to itself
        return Answer("failed")
    return Answer("found", values) if values else Answer("empty")


def _values(answer: DnsAnswer) -> list[str]:
    """What the records say, sorted: servers give them in any order.

    An answer of the DNS has 64 KiB at most, whatever it holds.
    """
    from dns.rdtypes.ANY.MX import MX
    from dns.rdtypes.ANY.TXT import TXT

    values = []
    for record in answer.rrset or ():
        if isinstance(record, TXT):
            values.append(b"".join(record.strings).decode("ascii", "backslashreplace"))
        elif isinstance(record, MX):
            values.append(record.exchange.to_text(omit_final_dot=True).lstrip("."))
        else:
            values.append(record.to_text())
    return sorted(values)
