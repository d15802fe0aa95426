"""SMTP after signing in, without a socket: bytes to write, and replies out of bytes that came.

Where the server announces PIPELINING (RFC 2920), the envelope goes out in one piece, and the next
one behind a message's final dot; else each command waits for the answer to the one before.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from digest.send.address import needs_smtputf8
from digest.send.smtp.replies import Reply, Step

MOST_LINES = 100
"""Lines of one reply. The longest honest ones, to EHLO, have about 20."""
LONGEST_LINE = 4096  # RFC 5321, 4.5.3.1.5 asks for 512
_PLAIN = re.compile(rb"[!-*,-<>-~]+")
_OK = {"mail": 2, "rcpt": 2, "data": 3}


class NoSmtpError(Exception):
    """What came is no SMTP, or answers nothing that was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What a server announced. `size` is the longest message in bytes; 0: it did not say."""

    pipelining: bool = False
    eight_bit: bool = False
    smtputf8: bool = False
    dsn: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """The server's answer to an envelope: None where the message may follow, else what it said."""

    refused: Reply | None


@dataclass(frozen=True, slots=True)
class Taken:
    """The server's answer to a whole message."""

    reply: Reply


Event = Opened | Taken


class Wire:
    """One conversation. Not thread-safe, and no clock: the caller keeps the deadlines.

    `clean` makes the server's words fit to be shown.
    """

    def __init__(
        self, sender: str, features: Features, clean: Callable[[bytes | str], str]
    ) -> None:
        self._sender = sender
        self._clean = clean
        self.features = features
        self.replies = 0
        """How many came whole."""
        self._buffer = bytearray()
        self._lines: list[bytes] = []
        self._expected: deque[Step | str] = deque()
        self._envelope: tuple[bytes, ...] = ()
        self._refused: Reply | None = None
        self._needs_reset = False
        self._over = False
        self._goes_on: bytes = b""

    @property
    def waiting(self) -> bool:
        """Whether an answer is due."""
        return bool(self._expected)

    def envelope(
        self, recipient: str, *, size: int, eight_bit: bool, envelope_id: str = ""
    ) -> bytes:
        """What to write so that a message to `recipient` may follow; answered by `Opened`.

        Where the server reports on deliveries (RFC 3461), `envelope_id` comes back in its reports,
        with the message's headers alone.
        """
        options = b" BODY=8BITMIME" if eight_bit and self.features.eight_bit else b""
        if needs_smtputf8(recipient):
            options += b" SMTPUTF8"
        if self.features.dsn and envelope_id:
            options += b" RET=HDRS ENVID=%b" % _xtext(envelope_id)
        if self.features.size and size:
            options += b" SIZE=%d" % size
        commands: tuple[bytes, ...] = (
            b"MAIL FROM:<%b>%b\r\n" % (self._sender.encode("utf-8"), options),
            b"RCPT TO:<%b>\r\n" % recipient.encode("utf-8"),
            b"DATA\r\n",
        )
        self._refused = None
        steps: tuple[Step | str, ...] = ("mail", "rcpt", "data")
        if self._needs_reset:
            commands = (b"RSET\r\n", *commands)
            steps = ("rset", *steps)
            self._needs_reset = False
        if self.features.pipelining:
            self._expected.extend(steps)
            return b"".join(commands)
        self._envelope = commands[1:]
        self._expected.append(steps[0])
        return commands[0]

    def body(self) -> None:
        """The message has been written, with its final dot; answered by `Taken`.

        It comes before the answers to an envelope that is written behind it.
        """
        self._expected.append("body")

    def feed(self, data: bytes, events: list[Event]) -> None:
        """Put what the server says with `data` behind `events`; raises NoSmtpError after that.

        Afterwards `more()` gives what is to be written next.
        """
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[: end + 1])
            del self._buffer[: end + 1]
            self._line(line, events)
        if len(self._buffer) > LONGEST_LINE:
            raise NoSmtpError("a line of its reply has no end")

    def more(self) -> bytes:
        """What is to be written to go on after the last answers."""
        data, self._goes_on = self._goes_on, b""
        return data

    def _line(self, line: bytes, events: list[Event]) -> None:
        number, more, words = reply_line(line)
        self._lines.append(words)
        if more:
            if len(self._lines) >= MOST_LINES:
                raise NoSmtpError("its reply has no end")
            return
        self.replies += 1
        said = b" ".join(self._lines)
        self._lines.clear()
        step = self._expected[0] if self._expected else ""
        # Nobody reads the words that let an envelope pass, and to clean them takes a while.
        passed = step in _OK and number // 100 == _OK[step]
        self._answered(number, "" if passed else self._clean(said), events)

    def _answered(self, code: int, text: str, events: list[Event]) -> None:
        if self._over:
            return
        if not self._expected:
            raise NoSmtpError(f"it said {code} {text}")  # a 421 for being idle, mostly
        step = self._expected.popleft()
        if step == "rset":
            if code // 100 != 2:
                raise NoSmtpError(f"it answered RSET with {code} {text}")
            self._next_command()
            return
        if step == "stray":
            return
        reply = Reply(code, text, step)  # type: ignore[arg-type] # what is left are the steps
        if step == "body":
            if code // 100 == 3:
                raise NoSmtpError(f"it answered {code} {text}")
            events.append(Taken(reply))
            return
        self._envelope_answered(reply, events)

    def _envelope_answered(self, reply: Reply, events: list[Event]) -> None:
        good = reply.code // 100 == _OK[reply.at]
        if not good and self._refused is None:
            self._refused = reply
        if reply.code == 421:  # it closes; whatever else it says was not asked
            self._over = True
            events.append(Opened(reply))
        elif reply.at == "data":
            if good and self._refused is not None:
                # It waits for a message although nobody is there to get it: an empty one ends that
                # (RFC 2920, 3.1).
                self._goes_on += b".\r\n"
                self._expected.append("stray")
            self._needs_reset = self._refused is not None
            events.append(Opened(self._refused))
        elif self.features.pipelining:
            return
        elif good:
            self._next_command()
        else:
            self._needs_reset = True
            events.append(Opened(self._refused))

    def _next_command(self) -> None:
        if self.features.pipelining or not self._envelope:
            return
        command, self._envelope = self._envelope[0], self._envelope[1:]
        self._goes_on += command
        steps = {b"MAIL": "mail", b"RCPT": "rcpt", b"DATA": "data"}
        self._expected.append(steps[command[:4]])


def reply_line(line: bytes) -> tuple[int, bool, bytes]:
    """Code, whether the reply goes on, and words of a line of it; raises NoSmtpError."""
    if len(line) > LONGEST_LINE:
        raise NoSmtpError("a line of its reply has no end")
    text = line.rstrip(b"\r\n")
    code, mark = text[:3], text[3:4]
    if not (code.isdigit() and b"2" <= code[:1] <= b"5" and mark in {b" ", b"-", b""}):
        raise NoSmtpError("no SMTP came back")
    return int(code), mark == b"-", text[4:]


def _xtext(text: str) -> bytes:
    """`text` as a parameter's value (RFC 3461, 4)."""
    plain = text.encode("utf-8")
    if _PLAIN.fullmatch(plain):
        return plain
    return b"".join(
        bytes([c]) if 33 <= c <= 126 and c not in b"+=" else b"+%02X" % c for c in plain
    )
