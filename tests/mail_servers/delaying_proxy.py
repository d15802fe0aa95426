"""The program behind `delayed`: `delaying_proxy.py PORT SERVERS_PORT SECONDS`."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections import deque
from collections.abc import Callable
from functools import partial

HOST = "127.0.0.1"


class Side(asyncio.Protocol):
    """One end of a connection; what comes in goes out at the other end, after a while."""

    def __init__(self, seconds: float) -> None:
        self.other: Side
        self._seconds = seconds
        self._due: deque[Callable[[], None]] = deque()
        self._transport: asyncio.Transport | None = None
        self._early: list[Callable[[], None]] = []
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        for act in self._early:
            act()

    def data_received(self, data: bytes) -> None:
        self._later(partial(self.other.write, data))

    def eof_received(self) -> bool:
        self._ended = True
        self._later(self.other.end)
        return True  # the other direction stays open

    def connection_lost(self, exc: Exception | None) -> None:
        self._later(partial(self.other.drop, exc))

    def write(self, data: bytes) -> None:
        if self._transport is None:
            self._early.append(partial(self.write, data))
        elif not self._transport.is_closing():
            self._transport.write(data)

    def end(self) -> None:
        if self._transport is None:
            self._early.append(self.end)
        elif not self._transport.is_closing():
            self._transport.write_eof()
            if self._ended:  # in both directions
                self._transport.close()

    def drop(self, error: Exception | None) -> None:
        if self._transport is None:
            self._early.append(partial(self.drop, error))
        elif error:  # a reset here is a reset there
            end = self._transport.get_extra_info("socket")
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self._transport.abort()
        else:
            self._transport.close()

    def _later(self, act: Callable[[], None]) -> None:
        # Timers that are due together fire in any order; what they do comes from a queue.
        self._due.append(act)
        asyncio.get_running_loop().call_later(self._seconds, self._next)

    def _next(self) -> None:
        self._due.popleft()()


async def serve(port: int, server: int, seconds: float) -> None:
    """Run until killed."""
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[None]] = set()

    async def reach(near: Side, far: Side) -> None:
        # SYN, SYN-ACK and ACK have to cross before a server greets; its greeting crosses next.
        await asyncio.sleep(3 * seconds)
        try:
            await loop.create_connection(lambda: far, HOST, server)
        except OSError as error:
            near.drop(error)

    def accepted() -> Side:
        near, far = Side(seconds), Side(seconds)
        near.other, far.other = far, near
        task = loop.create_task(reach(near, far))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return near

    listening = await loop.create_server(accepted, HOST, port, backlog=1024)
    sys.stdout.write("ready")
    sys.stdout.flush()
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
