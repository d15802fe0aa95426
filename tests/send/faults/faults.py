"""What the misbehaving server does wrong, how often, and how it words what is right."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Step = Literal["greeting", "ehlo", "starttls", "mail", "rcpt", "data", "body", "dot", "rset"]
Then = Literal["go on", "close", "reset", "silence"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong at one step.

    `share`: of all such steps. `say`: what is answered instead of the honest reply; then the server
    goes on, closes politely, resets the connection, or is silent until the client gives up.
    `accepts`, at the dot alone: the message is taken first.
    """

    name: str
    step: Step
    share: float
    say: bytes = b""
    then: Then = "go on"
    accepts: bool = False

    @property
    def is_honest_unknown(self) -> bool:
        """Whether no client can know what became of the message: no whole reply to the dot.

        A connection that breaks in the body counts too: the dot may be on its way already.
        """
        whole = re.search(rb"(?m)^[245]\d\d [^\r]*\r\n\Z", self.say)
        return self.step == "body" or (self.step == "dot" and whole is None)


_GARBAGE = b"HTTP/1.1 400 Bad Request\r\n\0\xff\xfe garbage\r\n"
_BYE = b"421 4.3.2 closing\r\n"


def _anywhere() -> Iterable[Fault]:
    step: Step
    for step in ("greeting", "ehlo", "mail", "rcpt", "data"):
        yield Fault("drop", step, 0.004, then="reset")
        yield Fault("farewell", step, 0.002, then="close")
        yield Fault("421", step, 0.004, _BYE, "close")
        yield Fault("silence", step, 0.001, then="silence")
        yield Fault("truncated", step, 0.003, b"25", "close")
        yield Fault("cut", step, 0.001, b"25", "silence")
        yield Fault("garbage", step, 0.002, _GARBAGE, "close")


FAULTS: tuple[Fault, ...] = (
    *_anywhere(),
    Fault("554", "greeting", 0.01, b"554 5.3.2 no service\r\n", "close"),
    Fault("expired certificate", "starttls", 0.05),
    Fault("454", "starttls", 0.02, b"454 4.7.0 not now\r\n"),
    Fault("4xx", "mail", 0.01, b"451 4.3.0 try later\r\n"),
    Fault("5xx", "mail", 0.0003, b"550 5.7.1 not you\r\n"),
    Fault("4xx", "rcpt", 0.02, b"452 4.2.2 mailbox full\r\n"),
    Fault("one reply too many", "mail", 0.002, b"250 OK\r\n250 OK\r\n"),
    Fault("greylisted", "rcpt", 0.003, b"450 4.2.0 greylisted\r\n"),
    Fault("5xx", "rcpt", 0.01, b"550 5.1.1 no such user\r\n"),
    Fault("250", "data", 0.002, b"250 OK\r\n"),
    Fault("4xx", "data", 0.01, b"451 4.3.0 try later\r\n"),
    Fault("5xx", "data", 0.003, b"554 5.5.1 no valid recipients\r\n"),
    Fault("drop", "body", 0.01, then="reset"),
    Fault("farewell", "body", 0.005, then="close"),
    Fault("4xx", "dot", 0.015, b"451 4.3.0 try later\r\n"),
    Fault("5xx", "dot", 0.01, b"554 5.6.0 not this\r\n"),
    Fault("421", "dot", 0.008, _BYE, "close"),
    Fault("drop, not taken", "dot", 0.006, then="reset"),
    Fault("drop, taken", "dot", 0.01, then="reset", accepts=True),
    Fault("farewell, taken", "dot", 0.005, then="close", accepts=True),
    Fault("silence, not taken", "dot", 0.0005, then="silence"),
    Fault("silence, taken", "dot", 0.001, then="silence", accepts=True),
    Fault("truncated, taken", "dot", 0.004, b"25", "close", accepts=True),
    Fault("without an end, taken", "dot", 0.003, b"250 2.0.0 tak", "close", accepts=True),
    Fault("without a last line, taken", "dot", 0.003, b"250-taken\r\n", "close", accepts=True),
    Fault("garbage, taken", "dot", 0.003, _GARBAGE, "close", accepts=True),
    Fault("354, taken", "dot", 0.002, b"354 go on\r\n", "close", accepts=True),
    Fault("one reply too many", "dot", 0.004, b"250 taken\r\n250 again\r\n", accepts=True),
    Fault("250 and gone", "dot", 0.01, b"250 2.0.0 taken\r\n", "close", accepts=True),
    Fault("no answer", "rset", 0.05, then="silence"),
    Fault("drop", "rset", 0.1, then="reset"),
)  # fmt: skip


def chosen(names: Iterable[str]) -> tuple[Fault, ...]:
    """The faults that `names` tell as `step/name`; a share of its own follows a “=”."""
    found = []
    for name in names:
        place, _, share = name.partition("=")
        step, _, what = place.partition("/")
        fault = next(f for f in FAULTS if (f.step, f.name) == (step, what))
        found.append(Fault(fault.name, fault.step, float(share or 1), fault.say, fault.then,
                           fault.accepts))  # fmt: skip
    return tuple(found)


def fault_at(step: Step, faults: Iterable[Fault], rng: random.Random) -> Fault | None:
    """The fault that happens at a step, if one does."""
    draw = rng.random()
    for fault in faults:
        if fault.step == step:
            draw -= fault.share
            if draw < 0:
                return fault
    return None


def worded(reply: bytes, rng: random.Random) -> tuple[tuple[bytes, float], ...]:
    """An honest reply as it goes out: pieces, each with the seconds to wait before it.

    Mostly at once; else in several lines, with words behind it, in fragments, or late.
    """
    code, manner = reply[:3], rng.random()
    if manner < 0.02:
        reply = code + b"-first\r\n" + code + b"-second\r\n" + reply
    elif manner < 0.04:
        reply = reply.rstrip() + b" id=<1a2b@example.org> [250 OK] 354 421\r\n"
    elif manner < 0.05:
        at = rng.randrange(1, len(reply))
        return ((reply[:at], 0.0), (reply[at:], rng.uniform(0, 0.02)))
    elif manner < 0.06:
        return ((reply, rng.uniform(0, 0.1)),)
    return ((reply, 0.0),)
