"""A socket that listens on this machine, for the servers that the commands start."""

from __future__ import annotations

import errno
import socket

from digest.errors import DigestError


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at `host`, an address, and `port`; port 0 takes a free one.

    Raises DigestError, one sentence with the option to type, when the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(64)
    except OSError as error:
        listening.close()
        busy = error.errno == errno.EADDRINUSE
        why = "is in use" if busy else f"cannot be had: {error.strerror}"
        raise DigestError(
            f"Port {port} on {host} {why}.",
            hint="Take another with --port, or a free one with --port 0.",
        ) from None
    return listening
