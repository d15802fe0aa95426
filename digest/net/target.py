"""A URL taken apart once: what is vetted, dialed and asked for comes from the same reading."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urljoin

from digest.errors import FetchError
from digest.net.failures import shown

MAX_URL = 8192
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
# A host whose last label is a number is an address to browsers (WHATWG URL, "ends in a number"),
# and inet_aton reads 127.1, 0177.0.0.1, 0x7f000001 and 2130706433 as loopback.
_NUMERIC = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One http(s) URL: `host` is ASCII without brackets, `asked` the path and query to ask for."""

    url: str
    scheme: str
    host: str
    port: int
    asked: str

    @property
    def authority(self) -> str:
        """The Host header: brackets round IPv6, the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def place(self) -> str:
        """The URL without its fragment: what a loop of redirects comes back to."""
        return f"{self.scheme}://{self.authority}{self.asked}"


_PORTS = {"http": 80, "https": 443}


def read_target(url: str) -> Target:
    """`url` taken apart.

    Raises FetchError for whatever is not plain http(s): another scheme, a user or password,
    control characters, a host in a spelling that hides its address, a port that is none.
    """
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    text = url.strip(" ")
    scheme = text.partition(":")[0].lower()
    if len(text) > MAX_URL:
        raise FetchError(
            f"{shown(url)} is longer than {MAX_URL} characters.", hint="Check the address."
        )
    if _CONTROL.search(text):
        raise FetchError(f"{shown(url)} holds control characters.", hint="Check the address.")
    if scheme not in _PORTS or not text[len(scheme) :].startswith("://"):
        raise FetchError(
            f"{shown(url)} does not begin with http:// or https://.", hint="Check the address."
        )
    if "\\" in re.split("[?#]", text, maxsplit=1)[0]:
        raise FetchError(
            f"{shown(url)} holds a backslash, which programs read differently.",
            hint="Write / in its place.",
        )
    try:
        parts = parse_url(text)
    except (LocationParseError, ValueError):  # ValueError: a surrogate in the text
        raise FetchError(f"{shown(url)} is not a URL.", hint="Check the address.") from None
    if "@" in re.split("[/?#]", text[len(scheme) + 3 :], maxsplit=1)[0]:
        raise FetchError(
            f"{shown(url)} holds a user or a password.",
            hint="Addresses with a login are not fetched; use one that is public.",
        )
    if parts.port == 0:
        raise FetchError(f"{shown(url)} names the port 0.", hint="Check the address.")
    host = _host(parts.host or "", url)
    target = Target(
        url="", scheme=scheme, host=host, port=parts.port or _PORTS[scheme], asked=parts.request_uri
    )
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return Target(
        url=target.place + fragment,
        scheme=scheme,
        host=host,
        port=target.port,
        asked=target.asked,
    )


def _host(raw: str, url: str) -> str:
    host = raw.lower().removesuffix(".")
    if host.startswith("["):
        try:
            return str(IPv6Address(host[1:-1]))
        except AddressValueError:
            pass
    elif _NUMERIC.search(host):
        try:
            return str(IPv4Address(host))
        except AddressValueError:
            raise FetchError(
                f"{shown(url)} names its host by a number that is no plain IPv4 address.",
                hint="Write the host's name, or four decimal numbers such as 192.0.2.1.",
            ) from None
    elif len(host) <= 253 and _NAME.fullmatch(host):
        return host
    raise FetchError(f"{shown(url)} has no host that can be looked up.", hint="Check the address.")


def redirected(target: Target, location: str) -> str:
    """Where `location`, a header's value, leads from `target`, not judged yet.

    `http.client` reads headers as Latin-1; a location in UTF-8 is mended first. The fragment is
    inherited (RFC 9110, 10.2.2).
    """
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        found = urljoin(target.url, location.strip())
    except ValueError:
        return location
    _, hash_sign, fragment = target.url.partition("#")
    return found if "#" in found else found + hash_sign + fragment
