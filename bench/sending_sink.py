"""A sink that reads mail faster than smtp-sink, which looks at every byte: `… PORT`.

It searches for the final dot and nothing else, so that the sender is what is measured.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.mail_servers.process import HOST, free_port, greets, open_folder, running

_END = b"\r\n.\r\n"
_CHUNK = 1 << 18


class _Session:
    """One client: what it sent that is not answered yet, and whether that is a message."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client
        self._in_message = False
        self._left = b""

    def take(self, came: bytes) -> bool:
        """Answer what came in one write. False: the client said goodbye."""
        rest, answers = self._left + came, []
        while rest:
            if self._in_message:
                end = rest.find(_END)
                if end < 0:
                    rest = rest[-4:]  # the end may be cut
                    break
                rest, self._in_message = rest[end + len(_END) :], False
                answers.append(b"250 2.0.0 Ok\r\n")
                continue
            line, ended, rest = rest.partition(b"\r\n")
            if not ended:
                rest = line
                break
            verb = line[:4].upper()
            if verb == b"DATA":
                self._in_message = True
                answers.append(b"354 End data with <CR><LF>.<CR><LF>\r\n")
            elif verb == b"EHLO":
                answers.append(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
            elif verb == b"QUIT":
                self._client.sendall(b"".join(answers) + b"221 Bye\r\n")
                return False
            else:
                answers.append(b"250 Ok\r\n")
        self._left = rest
        if answers:
            self._client.sendall(b"".join(answers))
        return True


def serve(port: int) -> None:
    """Take mail on this port until the process is ended."""
    selector = selectors.DefaultSelector()
    listener = socket.create_server((HOST, port), backlog=256)
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            session: _Session | None = key.data
            if session is None:
                client, _ = listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                client.sendall(b"220 sink ESMTP\r\n")
                selector.register(client, selectors.EVENT_READ, _Session(client))
                continue
            client = key.fileobj  # type: ignore[assignment]  # what was registered above
            came = b""
            with contextlib.suppress(ConnectionError):
                came = client.recv(_CHUNK)
            if not came or not session.take(came):
                selector.unregister(client)
                client.close()


@contextlib.contextmanager
def fast_sink() -> Iterator[int]:
    """The port of a running sink, a process of its own."""
    port = free_port()
    with open_folder("fast-sink") as folder:
        command = [sys.executable, "-m", "bench.sending_sink", str(port)]
        with running(command, log=Path(folder) / "log", ready=lambda: greets(port)):
            yield port


if __name__ == "__main__":
    serve(int(sys.argv[1]))
