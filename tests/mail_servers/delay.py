"""A way to a server on loopback that takes as long as the way to a far one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mail_servers.process import HOST, free_port, open_folder, running


@dataclass(frozen=True, slots=True)
class Delayed:
    """A running proxy; whoever connects to it reaches the server behind, later."""

    host: str
    port: int
    url: str


@contextlib.contextmanager
def delayed(port: int, seconds: float) -> Iterator[Delayed]:
    """A proxy to this port on loopback that holds every byte back for `seconds`, each way.

    0.015 makes a round trip of 30 ms. Throughput is not limited. It is a process of its own, so
    that it does not share Python's lock with whom it delays. (Linux's netem would act on packets,
    but is a kernel module that machines of a cloud often lack.)
    """
    script = Path(__file__).parent / "delaying_proxy.py"
    with open_folder("delayed") as folder:
        mine, log = free_port(), folder / "log"
        command: list[str | Path] = [sys.executable, script, str(mine), str(port), str(seconds)]
        with running(command, log=log, ready=lambda: log.read_bytes().startswith(b"ready")):
            yield Delayed(HOST, mine, f"smtp://{HOST}:{mine}")
