"""A connection to a vetted address on which every single wait ends at the deadline.

A socket's own timeout counts anew for each byte, so that a server which drips one byte a second
holds a reader for hours; here each wait gets what is left of the whole.
"""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from digest.net.deadline import Deadline
from digest.net.inflate import STEP
from digest.net.policy import Policy
from digest.net.target import Target

if TYPE_CHECKING:
    import ssl

    from _typeshed import WriteableBuffer


class Wire:
    """What `http.client` needs of a socket, under a deadline.

    Closing is the business of `dial`: `http.client` closes its socket while the body is still to
    be read from the file that it made.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def settimeout(self, seconds: object) -> None:
        """Nothing: the deadline decides."""

    def sendall(self, data: bytes) -> None:
        """Send all of `data`, or raise TimeoutError at the deadline."""
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """A buffered reader of what arrives; the mode is always "rb"."""
        return io.BufferedReader(_Arriving(self._sock, self._deadline), STEP)

    def close(self) -> None:
        """Nothing: see the class."""


class _Arriving(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


@contextlib.contextmanager
def dial(
    target: Target, addresses: tuple[str, ...], policy: Policy, deadline: Deadline
) -> Iterator[Wire]:
    """A wire to the first of the vetted `addresses` that takes the connection, closed at the end.

    No name is looked up here; TLS checks the certificate against the host's name. Raises OSError.
    """
    sock = _connected(target, addresses, policy, deadline)
    try:
        if target.scheme == "https":
            context = policy.tls or _system_tls()
            sock.settimeout(deadline.left())  # ssl's handshake counts it for the whole of it
            sock = context.wrap_socket(sock, server_hostname=target.host)
        yield Wire(sock, deadline)
    finally:
        sock.close()


def _connected(
    target: Target, addresses: tuple[str, ...], policy: Policy, deadline: Deadline
) -> socket.socket:
    """Each address gets its share of the time that is left: a dead first one leaves some."""
    failure: OSError = OSError("no address")
    for n, address in enumerate(addresses):
        try:
            return policy.connect((address, target.port), deadline.left() / (len(addresses) - n))
        except OSError as error:
            failure = error
    raise failure


@cache
def _system_tls() -> ssl.SSLContext:
    """The system's authorities, read once: that costs 15 ms."""
    import ssl

    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
