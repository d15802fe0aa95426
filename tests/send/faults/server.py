"""A mail server that misbehaves, in a process of its own, so that no kill of a sender reaches it.

    python -m tests.send.faults.server --log FILE --port-file FILE --seed N

Before it answers the final dot it writes into its log who got what: that is the truth with which a
ledger is compared. Each line of the log is one event as JSON: open, closed, accepted, fault.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import random
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.send.faults.faults import FAULTS, Fault, Step, chosen, fault_at, worded

_END = b"\r\n.\r\n"
_CRASH = Fault("crash", "body", 0, then="reset")


class _GoneError(Exception):
    """The connection is over."""


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How one server behaves.

    `away`: the mean seconds between two absences, 0 for none; `late`: the mean seconds before it
    answers a recipient, and again a message that it took: that is when kills hurt.
    """

    seed: int
    faults: tuple[Fault, ...] = FAULTS
    pipelining: bool = True
    serving: ssl.SSLContext | None = None
    expired: ssl.SSLContext | None = None
    away: float = 0
    late: float = 0


class Log:
    """One line an event. The page cache outlives every process that is killed here."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, event: str, **values: Any) -> None:
        """Add an event; it is there for every other process when this returns."""
        line = json.dumps({"event": event, **values}) + "\n"
        os.write(self._file, line.encode())


class Conversation:
    """One connection: commands in their order, each answered honestly or by a fault."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        number: int,
        manners: Manners,
        log: Log,
    ) -> None:
        self._reader, self._writer = reader, writer
        self._number, self._manners, self._log = number, manners, log
        self._rng = random.Random(f"{manners.seed}/{number}")
        self._buffer = bytearray()
        self._mail = self._encrypted = False
        self._recipient = ""
        self._taken = 0

    async def hold(self) -> None:
        """Talk until one side goes."""
        self._log.write("open", connection=self._number)
        try:
            with contextlib.suppress(_GoneError, OSError, asyncio.IncompleteReadError):
                await self._answer("greeting", b"220 mail.example.org ESMTP\r\n")
                while await self._command():
                    pass
        finally:
            self._writer.transport.abort()
            self._log.write("closed", connection=self._number)

    async def _command(self) -> bool:
        line = await self._line()
        verb = line[:4].upper()
        match verb:
            case b"EHLO" | b"HELO":
                await self._answer("ehlo", self._features())
            case b"STAR" if self._manners.serving and not self._encrypted:
                await self._start_tls(self._manners.serving)
            case b"MAIL":
                self._recipient = ""
                self._mail = await self._answer("mail", b"250 2.1.0 OK\r\n")
            case b"RCPT" if self._mail:
                await self._rcpt(line)
            case b"DATA" if self._recipient:
                await self._data()
            case b"RSET":
                self._mail, self._recipient = False, ""
                await self._answer("rset", b"250 2.0.0 OK\r\n")
            case b"NOOP":
                await self._say(b"250 2.0.0 OK\r\n")
            case b"QUIT":
                await self._say(b"221 2.0.0 bye\r\n")
                return False
            case _:
                await self._say(b"503 5.5.1 bad sequence of commands\r\n")
        return True

    def _features(self) -> bytes:
        names = [b"mail.example.org", b"8BITMIME", b"SMTPUTF8", b"ENHANCEDSTATUSCODES"]
        names += [b"PIPELINING"] * self._manners.pipelining
        names += [b"STARTTLS"] * bool(self._manners.serving and not self._encrypted)
        lines = [b"250-" + name for name in names[:-1]] + [b"250 " + names[-1]]
        return b"\r\n".join(lines) + b"\r\n"

    async def _start_tls(self, serving: ssl.SSLContext) -> None:
        fault = fault_at("starttls", self._manners.faults, self._rng)
        if fault is not None:
            self._tell(fault)
            if fault.say:
                await self._say(fault.say)
                return
            serving = self._manners.expired or serving
        await self._say(b"220 2.0.0 go on\r\n")
        self._buffer.clear()  # nothing said before TLS counts after it
        with contextlib.suppress(ssl.SSLError):
            await self._writer.start_tls(serving)
            self._encrypted = True
            return
        raise _GoneError

    async def _rcpt(self, line: bytes) -> None:
        self._recipient = line.partition(b"<")[2].partition(b">")[0].decode()
        await self._take_time()
        if not await self._answer("rcpt", b"250 2.1.5 OK\r\n"):
            self._recipient = ""

    async def _data(self) -> None:
        if await self._answer("data", b"354 go on\r\n"):
            await self._body()
        self._mail, self._recipient = False, ""

    async def _body(self) -> None:
        broken = fault_at("body", self._manners.faults, self._rng)
        if broken is not None:
            wanted = self._rng.randrange(1, 20_000)
            while len(self._buffer) < wanted and _END not in self._buffer:
                await self._more()
            self._tell(broken)
            await self._happen(broken)
        at = start = 0
        while (at := self._buffer.find(_END, start)) < 0:
            start = max(0, len(self._buffer) - len(_END))
            await self._more()
        body = bytes(self._buffer[: at + 2])
        del self._buffer[: at + len(_END)]
        fault = fault_at("dot", self._manners.faults, self._rng)
        if fault is None or fault.accepts:
            self._take(body)
            await self._take_time()
        if fault is None:
            await self._say(b"250 2.0.0 taken\r\n")
        else:
            self._tell(fault)
            await self._happen(fault)

    async def _take_time(self) -> None:
        if self._manners.late:
            await asyncio.sleep(self._rng.uniform(0, 2 * self._manners.late))

    def _take(self, body: bytes) -> None:
        head = body.partition(b"\r\n\r\n")[0]
        found = re.search(rb"(?im)^message-id:\s*(<[^>]*>)", head)
        to = re.search(rb"(?im)^to:(.*(?:\r\n[ \t].*)*)", head)
        self._taken += 1
        self._log.write(
            "accepted",
            recipient=self._recipient,
            message_id=found[1].decode("latin-1") if found else "",
            to_them=to is not None and self._recipient.encode() in to[1],
            sha=hashlib.sha256(body).hexdigest(),
            connection=self._number,
            n=self._taken,
        )

    def crash(self) -> None:
        """Reset the connection; the other side may have handed over a message at this moment."""
        self._tell(_CRASH)
        self._writer.transport.abort()

    async def _answer(self, step: Step, honest: bytes) -> bool:
        """Whether the step went well."""
        fault = fault_at(step, self._manners.faults, self._rng)
        if fault is None:
            await self._say(honest)
            return True
        self._tell(fault)
        await self._happen(fault)
        return False

    def _tell(self, fault: Fault) -> None:
        self._log.write(
            "fault",
            step=fault.step,
            name=fault.name,
            recipient=self._recipient,
            connection=self._number,
            honest_unknown=fault.is_honest_unknown,
        )

    async def _happen(self, fault: Fault) -> None:
        self._writer.write(fault.say)
        if fault.then == "go on":
            await self._writer.drain()
            return
        if fault.then == "close":
            # The other side reads what was said before it sees the end: no reset overtakes it.
            await self._writer.drain()
            with contextlib.suppress(OSError, NotImplementedError):
                if self._writer.can_write_eof():
                    self._writer.write_eof()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._until_they_go(), 1)
        elif fault.then == "silence":
            await self._until_they_go()
        raise _GoneError

    async def _until_they_go(self) -> None:
        while await self._reader.read(65536):
            pass

    async def _say(self, reply: bytes) -> None:
        for piece, wait in worded(reply, self._rng):
            if wait:
                await asyncio.sleep(wait)
            self._writer.write(piece)
            await self._writer.drain()

    async def _line(self) -> bytes:
        while b"\n" not in self._buffer:
            await self._more()
        line, _, rest = bytes(self._buffer).partition(b"\n")
        self._buffer[:] = rest
        return line

    async def _more(self) -> None:
        data = await self._reader.read(262_144)
        if not data:
            raise _GoneError
        self._buffer += data


async def serve(manners: Manners, *, log: Log, port_file: Path) -> None:
    """Serve for ever on a port of 127.0.0.1, which `port_file` names once it is open."""
    open_now: set[Conversation] = set()
    count = 0

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        conversation = Conversation(reader, writer, number=count, manners=manners, log=log)
        open_now.add(conversation)
        await conversation.hold()
        open_now.discard(conversation)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=1 << 20, backlog=64)
    port = server.sockets[0].getsockname()[1]
    beside = port_file.with_suffix(".new")
    beside.write_text(str(port))
    beside.replace(port_file)
    rng = random.Random(f"{manners.seed}/away")
    while manners.away:
        await asyncio.sleep(rng.expovariate(1 / manners.away))
        server.close()  # whoever comes now is refused
        if rng.random() < 0.5:  # with all who are connected, as a crash takes them
            for conversation in tuple(open_now):
                conversation.crash()
        await asyncio.sleep(rng.uniform(0.05, 0.6))
        server = await asyncio.start_server(connected, "127.0.0.1", port, limit=1 << 20)
    await asyncio.Event().wait()


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port-file", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="these faults alone: step/name=share")
    parser.add_argument("--no-pipelining", action="store_true")
    parser.add_argument("--authority", type=Path, help="offer STARTTLS; whom to trust goes here")
    parser.add_argument("--away", type=float, default=0, help="mean seconds between absences")
    parser.add_argument("--late", type=float, default=0, help="mean seconds before an answer")
    given = parser.parse_args(words)
    serving = expired = None
    if given.authority:
        from tests.send.faults.certificates import serving_context

        serving = serving_context(given.authority, days=2)
        expired = serving_context(given.authority, days=-2)
    manners = Manners(
        seed=given.seed,
        faults=FAULTS if given.only is None else chosen(given.only),
        pipelining=not given.no_pipelining,
        serving=serving,
        expired=expired,
        away=given.away,
        late=given.late,
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(manners, log=Log(given.log), port_file=given.port_file))


if __name__ == "__main__":
    main()
