"""One connection without a run: what is known of it where its end was read with an answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.models import Recipient
from digest.send import Job
from digest.send.smtp.connection import Link, one_line
from digest.send.smtp.line import DroppedError, Line
from digest.send.smtp.wire import Features, Opened, Wire
from tests.send.servers import make_certificates

JOB = Job("1", Recipient(address="ann@example.org"), "example.org")


def words(text: bytes | str) -> str:
    return one_line(text if isinstance(text, str) else text.decode())


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Line]:
    """Encrypted; the server said 354 and was gone, before anything of it was read."""
    certificates = make_certificates(tmp_path)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with certificates.serving.wrap_socket(theirs, server_side=True) as server:
            server.recv(1000)
            server.sendall(b"250 OK\r\n250 OK\r\n354 go on\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    link = Link(
        certificates.trusting.wrap_socket(ours, server_hostname="localhost"),
        Features(pipelining=True),
        words,
    )
    line = Line(link, Wire("editor@example.org", link.features, words), now=0.0)
    line.write(line.wire.envelope(JOB.recipient.address, size=10, eight_bit=False))
    thread.join()
    yield line
    line.close()


def test_a_message_is_not_written_to_a_server_that_has_closed(closed: Line) -> None:
    """The machine's buffers would take it, and the recipient would be "unknown"."""
    assert closed.read() == [Opened(None)]
    assert closed.broken == "it closed the connection"
    closed.carried = JOB
    closed.wire.body()
    with pytest.raises(DroppedError, match="closed the connection"):
        closed.write(b"a message\r\n.\r\n", message=True)
    assert not closed.handed_over
