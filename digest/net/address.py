"""Which addresses may be dialed: resolve a host, and refuse what is not on the public Internet."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from digest.errors import FetchError
from digest.net.deadline import Deadline
from digest.net.failures import of_resolver, shown
from digest.net.policy import Policy
from digest.net.target import Target

# IANA's registries of special-purpose addresses; `ipaddress.is_private` changed between patch
# releases of Python 3.11 and 3.12, so the table is our own.
_SPECIAL_4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared (carrier-grade NAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_SPECIAL_6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
        ("2001::/23", "reserved"),  # Teredo, ORCHID, benchmarking
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")  # all that IANA hands out as global unicast
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_MAPPED = IPv6Network("::ffff:0:0/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")  # RFC 2765
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, 2.5.5.1
_SIX_TO_FOUR = IPv6Network("2002::/16")

# What hands a cloud machine's credentials to whoever asks: closed even where private is open.
_METADATA = frozenset(
    {
        ip_address("169.254.169.254"),  # most clouds
        ip_address("169.254.170.2"),  # containers of AWS
        ip_address("169.254.170.23"),
        ip_address("168.63.129.16"),  # Azure; in public space
        ip_address("100.100.100.200"),  # Alibaba
        ip_address("192.0.0.192"),  # Oracle
        ip_address("fd00:ec2::254"),
        ip_address("fd00:ec2::23"),
        ip_address("fd20:ce::254"),  # Google
    }
)
_NEVER = frozenset({"metadata", "multicast", "unspecified"})


def kind_of_address(address: str) -> str:
    """What keeps `address` from being a public one: "loopback", "metadata", …; "" for nothing.

    An IPv4 address inside an IPv6 one (mapped, translated, NAT64, 6to4) is judged as itself.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        ip = IPv6Address(int(ip))  # without a zone
        inner = _embedded(ip)
        if inner is not None:
            return _kind_4(inner)
        if ip in _METADATA:
            return "metadata"
        for network, name in _SPECIAL_6:
            if ip in network:
                return name
        return "" if ip in _GLOBAL_6 else "reserved"
    return _kind_4(ip)


def _kind_4(ip: IPv4Address) -> str:
    if ip in _METADATA:
        return "metadata"
    return next((name for network, name in _SPECIAL_4 if ip in network), "")


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    if ip in _MAPPED or ip in _TRANSLATED or ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip in _SIX_TO_FOUR:
        return IPv4Address(int(ip) >> 80 & 0xFFFFFFFF)
    if ip in _COMPATIBLE and int(ip) > 0xFFFF:  # ::1 and :: are themselves
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


def vetted(target: Target, policy: Policy, deadline: Deadline) -> tuple[str, ...]:
    """The addresses of the target's host, in the resolver's order, all of them allowed.

    One that is not refuses the host: a name that mixes public and private addresses is an attack.
    Raises FetchError, TimeoutError.
    """
    addresses = _resolved(target, policy, deadline)
    for address in addresses:
        kind = kind_of_address(address)
        if kind in _NEVER or (kind and not policy.allow_private):
            named = "" if target.host == address else f" ({address})"
            hint = "No source lives there; check the address."
            if kind not in _NEVER:
                hint = "If it is a source of your own, set DIGEST_ALLOW_PRIVATE=yes."
            raise FetchError(
                f"{shown(target.url)} lies at {_article(kind)} {kind} address{named}, "
                "which is not fetched.",
                hint=hint,
                reason="private",
            )
    return addresses


def _article(kind: str) -> str:
    return "an" if kind[:1] in "aeiou" else "a"


def _resolved(target: Target, policy: Policy, deadline: Deadline) -> tuple[str, ...]:
    try:
        return (str(ip_address(target.host)),)
    except ValueError:
        pass
    try:
        rows = _in_time(target, policy, deadline)
        addresses = tuple(dict.fromkeys(str(row[4][0]) for row in rows))
        for address in addresses:
            ip_address(address)
    except (OSError, ValueError) as error:
        if isinstance(error, TimeoutError):
            raise
        raise of_resolver(target.url, target.host, error) from None
    if not addresses:
        raise of_resolver(target.url, target.host, OSError())
    return addresses


def _in_time(target: Target, policy: Policy, deadline: Deadline) -> list[tuple[Any, ...]]:
    """The resolver's rows. `getaddrinfo` knows no timeout, so it is asked in a thread of its own.

    A thread that is still waiting when time is up is left behind; it ends with the resolver's own
    patience, and keeps nothing from exiting.
    """
    import socket

    outcome: list[Iterable[tuple[Any, ...]] | Exception] = []

    def ask() -> None:
        try:
            outcome.append(list(policy.resolve(target.host, target.port, type=socket.SOCK_STREAM)))
        except Exception as error:  # handed to the thread that waits
            outcome.append(error)

    thread = threading.Thread(target=ask, name=f"resolve {target.host}", daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not outcome:
        raise TimeoutError
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return list(outcome[0])
