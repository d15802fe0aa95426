"""Whatever bytes a server answers, a fetch gives a body within its bound or one sentence."""

from __future__ import annotations

import socket
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from digest.errors import FetchError
from digest.net import Policy, fetch

HEADERS = st.sampled_from(
    [
        b"Content-Length: 5",
        b"Content-Length: -1",
        b"Content-Length: 99999999999999999999999",
        b"Content-Length: five",
        b"content-length: \xb2",
        b"Transfer-Encoding: chunked",
        b"Content-Encoding: gzip",
        b"Content-Encoding: deflate",
        b"Content-Type: text/html; charset=\x1b[31m",
        b"Location: /next",
        b"Location: //\xff:99999/",
        b"Location: http://[::1",
        b"Retry-After: \xff",
        b"Connection: keep-alive",
        b": nameless",
        b"no colon",
        b" folded",
    ]
)
STATUS = st.sampled_from(
    b"200 OK,100 Continue,103 Early Hints,101 x,204 x,301 Moved,304 x,206 x,404 x,999 x,1000 x,"
    b"000 x,-20 x,ok,".split(b",")
)
BODIES = st.sampled_from(
    [b"", b"5\r\nferry\r\n0\r\n\r\n", b"-1\r\n", b"zz\r\n", b"ffffffffff\r\nx"]
)
ANSWERS = st.builds(
    lambda status, headers, body: b"HTTP/1.1 " + b"\r\n".join([status, *headers, b"", body]),
    STATUS,
    st.lists(HEADERS, max_size=4),
    BODIES | st.binary(max_size=40),
)


def policy(answer: bytes) -> Policy:
    """One that is connected to a socket on which `answer` waits, whatever is asked."""

    def resolve(*_: object, **__: object) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", ("93.184.216.34", 80))]

    def connect(_: object, seconds: float) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(answer)
            theirs.shutdown(socket.SHUT_WR)
            ours.settimeout(seconds)
            return _Deaf(ours)

    return Policy(resolve=resolve, connect=connect, max_bytes=100)


class _Deaf(socket.socket):
    """A socket whose other end listens to nothing: what is sent is dropped."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock.family, sock.type, sock.proto, sock.detach())

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Nothing: the answer is there already."""


@given(ANSWERS | st.binary(max_size=100))
def test_any_answer_gives_a_body_or_one_sentence(answer: bytes) -> None:
    try:
        fetched = fetch("http://news.example.org/", policy(answer))
    except FetchError as error:
        said = str(error)
    else:
        said = fetched.url + fetched.content_type + fetched.etag
        assert len(fetched.body) <= 100
    assert said.isprintable()
