"""What tests of runs share: people, patience, a run that has ended, and rules for servers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from digest.send import Job, Patience, Run, Schedule, on_the_wire, parse_smtp_url
from tests.send.notebook import Notebook
from tests.send.scripted import End, Scripted, Step, Talk

MESSAGE = b"Subject: Tides\r\n\r\n.dots\r\n..\r\n"
QUICK = Patience(
    reply=5, final=5, retry=(0.05, 0.06), grey=0.1, reopen=0.02, troubles=6, drops=3, goodbye=5
)
STEADY = replace(QUICK, reopen=600.0)
"""For servers that are no trouble: a run that paused would not end before its test."""
UNHURRIED = replace(QUICK, reply=600, final=600)
"""For runs by the fast clock over servers that always answer: no machine is too slow for it."""
PLAIN = ("8BITMIME",)
LARGE = on_the_wire((b"x" * 990 + b"\r\n") * 8_000)
"""More than the buffers on its way hold: what fits into them is handed over as a whole."""


def addresses(count: int) -> list[str]:
    return [f"r{number}@example.org" for number in range(count)]


def fast() -> float:
    """A clock that runs ten times as fast, so that waits are short."""
    return time.monotonic() * 10


def run(
    book: Notebook,
    server: Scripted,
    *,
    connections: int = 1,
    patience: Patience = QUICK,
    build: Callable[[Job], bytes] = lambda _: on_the_wire(MESSAGE),
    **more: object,
) -> Run:
    """A run that has ended."""
    made = Run(
        book,
        build,
        server=parse_smtp_url(f"smtp://127.0.0.1:{server.port}"),
        sender="editor@example.org",
        connections=connections,
        patience=patience,
        **{"schedule": Schedule(), **more},  # type: ignore[arg-type] # they are Run's own
    )
    made.go()
    return made


def at(step: Step, answer: bytes | End, *, whom: str = "", times: int = 1) -> RuleOf:
    return RuleOf(step, answer, whom=whom, times=times)


class RuleOf:
    """Gives `answer` so many times at a step, to everybody or for one address."""

    def __init__(self, step: Step, answer: bytes | End, *, whom: str, times: int) -> None:
        self._step, self._answer, self._whom, self._left = step, answer, whom, times
        self._lock = threading.Lock()

    def __call__(self, talk: Talk, step: Step) -> bytes | End | None:
        with self._lock:
            if step != self._step or self._whom not in {"", talk.address} or not self._left:
                return None
            self._left -= 1
            return self._answer
