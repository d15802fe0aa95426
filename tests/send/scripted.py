"""A mail server that pipelines and takes several connections, and whose every answer is a rule."""

from __future__ import annotations

import contextlib
import enum
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


class End(enum.Enum):
    """How a server stops talking."""

    RESET = "reset"
    CLOSE = "close"
    SILENCE = "silence"


@dataclass
class Talk:
    """One connection: its number from 1, whom the present message is for, how many it took."""

    number: int
    said: str = ""
    address: str = ""
    taken: int = 0
    over: bool = False
    """A rule sets it where the server closes the connection behind its answer."""


Step = str
"""`greet`, `mail`, `rcpt`, `data`, `amid` (the first line of a message came), `body`, `rset`."""
Rule = Callable[[Talk, Step], bytes | End | None]
"""What a server answers at a step; None: what a good one would."""

_GOOD: dict[Step, bytes] = {
    "greet": b"220 mail.example.org\r\n",
    "data": b"354 go on\r\n",
    "amid": b"",
    "body": b"250 2.0.0 taken\r\n",
}
_STEPS: dict[bytes, Step] = {b"MAIL": "mail", b"RCPT": "rcpt", b"DATA": "data", b"RSET": "rset"}


class Log:
    """What happened, in the order in which it did, by whatever thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.lines: list[tuple[str, str]] = []

    def add(self, what: str, whom: str) -> None:
        with self._lock:
            self.lines.append((what, whom))

    def of(self, what: str) -> list[str]:
        with self._lock:
            return [whom for kind, whom in self.lines if kind == what]


@dataclass
class Scripted:
    """The server. Its log tells `rcpt`, `amid` (a message began to come), `body` (it came whole).

    `taken` are the addresses whose message was answered with 2xx.
    """

    rule: Rule = lambda _talk, _step: None
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME")
    tls: ssl.SSLContext | None = None
    log: Log = field(default_factory=Log)
    taken: list[str] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    ended: int = 0
    at_once: int = 0
    most_at_once: int = 0
    port: int = 0

    def __enter__(self) -> Scripted:
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._hang_up()
        for thread in self._threads:
            thread.join(timeout=30)
            assert not thread.is_alive()

    def restart(self, pause: float) -> None:
        """Break all connections, and refuse new ones for so many seconds."""
        self._hang_up()
        threading.Timer(pause, self._listen).start()

    def _listen(self) -> None:
        if self._ended.is_set():
            return
        self._socket = socket.create_server(("127.0.0.1", self.port), backlog=64)
        # Small, and so never made larger: what fits into it is handed over as a whole.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        self.port = self._socket.getsockname()[1]
        thread = threading.Thread(target=self._accept, args=(self._socket,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            for connection in self._open:
                _reset(connection)

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            self._open.add(connection)
            self.at_once += 1
            self.most_at_once = max(self.at_once, self.most_at_once)
            talk = Talk(self.connections)
        raw = connection
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self._follow(connection, talk)
        except OSError:
            pass
        finally:
            with self._lock:
                self.at_once -= 1
                self._open.discard(raw)
            connection.close()
            with self._lock:
                self.ended += 1

    def _follow(self, connection: socket.socket, talk: Talk) -> None:
        with connection.makefile("rb") as reader:
            if not self._answer(connection, talk, "greet"):
                return
            while line := reader.readline():
                said = talk.said = line.decode("utf-8").strip()
                word = line[:4].upper()
                if word == b"EHLO":
                    shown = "".join(f"250-{name}\r\n" for name in self.extensions)
                    connection.sendall(f"{shown}250 HELP\r\n".encode())
                    continue
                if word == b"QUIT":
                    connection.sendall(b"221 bye\r\n")
                    return
                with self._lock:
                    self.commands.append(said)
                step = _STEPS[word]
                if step == "rcpt":
                    talk.address = said.partition("<")[2].rpartition(">")[0]
                    self.log.add("rcpt", talk.address)
                answer = self._answer(connection, talk, step)
                if not answer:
                    return
                if answer.startswith(b"354") and not self._body(connection, reader, talk):
                    return

    def _body(self, connection: socket.socket, reader: object, talk: Talk) -> bool:
        lines: list[bytes] = []
        while (line := reader.readline()) != b".\r\n":  # type: ignore[attr-defined]
            if not line:
                return False
            lines.append(line)
            if len(lines) == 1:
                self.log.add("amid", talk.address)
                answer = self._answer(connection, talk, "amid")
                if answer is None:
                    return False
                if answer:  # it reads on when that was heard
                    time.sleep(1)
        self.log.add("body", talk.address)
        self.bodies[talk.address] = b"".join(lines)
        talk.taken += 1
        return bool(self._answer(connection, talk, "body"))

    def _answer(self, connection: socket.socket, talk: Talk, step: Step) -> bytes | None:
        """Say what the rule says; None where the conversation is over."""
        answer = self.rule(talk, step)
        if answer is None:
            answer = _GOOD.get(step, b"250 OK\r\n")
        if answer is End.SILENCE:
            connection.settimeout(0.05)
            while not self._ended.is_set():
                with contextlib.suppress(TimeoutError):
                    if not connection.recv(1 << 16):
                        break
        if answer is End.RESET:
            _reset(connection)
        if isinstance(answer, End):
            return None
        if step == "body" and answer.startswith(b"2"):
            with self._lock:  # before it is said: whoever hears it may look here
                self.taken.append(talk.address)
        connection.sendall(answer)
        return None if talk.over or answer.startswith(b"421") else answer


def _reset(connection: socket.socket) -> None:
    """End it as a crash does: without a farewell."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.shutdown(socket.SHUT_RD)
        connection.close()


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Whether it becomes true in that time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
