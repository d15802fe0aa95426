"""The nouns of sending: a delivery to be made, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from digest.models import Recipient

State = Literal["planned", "sending", "sent", "temp", "perm", "unknown", "withdrawn"]
"""Where a delivery stands.

`planned`: nothing went out. `sending`: its message may be on its way at this moment. `sent`: the
server took it. `temp`: not sent, and another try may help. `perm`: the server never will take it.
`unknown`: the message was handed over and the answer was lost, so the mail may have gone; it is
not sent again unless somebody asks for it. `withdrawn`: the recipient left before it went.
"""


class Job(NamedTuple):
    """A delivery to be made: by which key the book knows it, to whom, how often it was tried."""

    key: str
    recipient: Recipient
    domain: str
    attempts: int = 0


class Change(NamedTuple):
    """A new state of a delivery.

    `wait` is in seconds, until it may be tried again. `dead` says why, in words, where the address
    itself does not exist.
    """

    job: Job
    state: State
    code: int = 0
    reply: str = ""
    attempts: int = 0
    wait: float = 0.0
    dead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one recipient's mail, and the server's reply."""

    recipient: Recipient
    state: State
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long is waited, in seconds, and how often something is tried.

    `final` is for the answer to a whole message (RFC 5321, 4.5.3.2.6 asks for 10 minutes). `retry`
    are the waits before each new attempt at a recipient who was put off; `grey` is the least after
    450, 451 or 452 to a recipient, since servers that greylist ask for 5 minutes. `reopen` is the
    first wait after a connection broke, doubled each time up to a minute; after `troubles` in a
    row without one answer the run stops, and so it does after `refusals` for good in a row: then it
    is not the recipients who are wrong. `goodbye` is how long a run that was asked to stop waits
    for answers to what is handed over. `idle` is how long a connection may stay without a message:
    servers close one after 5 minutes (RFC 5321, 4.5.3.2.7).
    """

    reply: float = 60.0
    final: float = 600.0
    retry: tuple[float, ...] = (60.0, 300.0, 900.0, 3600.0)
    grey: float = 300.0
    reopen: float = 1.0
    troubles: int = 6
    refusals: int = 100
    drops: int = 3
    goodbye: float = 20.0
    idle: float = 120.0

    @property
    def longest(self) -> float:
        """More than anybody is put off for, in seconds, by a tenth: clocks are set a little.

        Whoever seems to be put off for longer was so by a clock that was wrong.
        """
        return 1.1 * max((*self.retry, self.grey))


@dataclass(slots=True)
class Tally:
    """How far a run is: of `total` recipients, so many are in each state."""

    total: int = 0
    sent: int = 0
    temp: int = 0
    perm: int = 0
    unknown: int = 0
    withdrawn: int = 0
    connections: int = 0
    seconds: float = 0.0
    trouble: str = ""
    """What broke last, while nothing has been answered since."""
    next_try: float = 0.0
    """Seconds until the next attempt, where everybody who is left was put off; else 0."""

    @property
    def done(self) -> int:
        """Recipients who need no more work in this run."""
        return self.sent + self.temp + self.perm + self.unknown + self.withdrawn

    @property
    def rate(self) -> float:
        """Messages that were taken, a second."""
        return self.sent / self.seconds if self.seconds else 0.0


Progress = Callable[[Tally], None]
"""Told several times a second how far a run is."""
