"""The Internet of these tests: names with public addresses, all of them served from loopback."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

from digest.net import Policy
from tests.servers import FaultServer

PUBLIC = "93.184.216.34"
CERTIFICATE = Path(__file__).with_name("loopback.pem")
"""A certificate for news.example.org that signed itself, with its key; for these tests alone."""

NAMES: dict[str, tuple[str, ...]] = {
    "news.example.org": (PUBLIC,),
    "other.example.org": (PUBLIC,),
    "xn--bcher-kva.example.org": (PUBLIC,),
    "six.example.org": ("2606:2800:220:1::1", PUBLIC),
    "inside.example.org": ("10.0.0.1",),
    "mixed.example.org": (PUBLIC, "10.0.0.1"),
    "meta.example.org": ("169.254.169.254",),
    "empty.example.org": (),
    "odd.example.org": ("not an address",),
}


class Loopback:
    """Resolver and connector; keeps what was looked up and what was dialed."""

    def __init__(self, server: FaultServer) -> None:
        self.server = server
        self.names = dict(NAMES)
        self.looked_up: list[str] = []
        self.dialed: list[str] = []

    def resolve(self, host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        self.looked_up.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(0, 0, 0, "", (address, port)) for address in self.names[host]]

    def connect(self, address: tuple[str, int], seconds: float) -> socket.socket:
        self.dialed.append(address[0])
        if ":" in address[0]:
            raise OSError(101, "Network is unreachable")
        return socket.create_connection(("127.0.0.1", self.server.port), seconds)

    def policy(self, **changes: Any) -> Policy:
        """The shipped policy on this Internet, with `changes`."""
        return Policy(**{"resolve": self.resolve, "connect": self.connect, **changes})


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def client_tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))
