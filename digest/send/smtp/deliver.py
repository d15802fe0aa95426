"""Handing messages to a mail server without a ledger: tests, and whoever keeps no record."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import replace

from digest.models import Recipient
from digest.send.address import envelope_sender, is_sendable
from digest.send.delivery import Job, Outcome, Patience, Progress, Tally
from digest.send.smtp.book import Memory
from digest.send.smtp.connection import Token
from digest.send.smtp.run import Run, Stop
from digest.send.smtp.schedule import Schedule
from digest.send.smtp.server import parse_smtp_url

_ONCE = replace(Patience(), drops=2, troubles=4, reopen=0.0)
"""A test mail is tried twice where the connection breaks, without waiting."""


def deliver(
    recipients: Sequence[Recipient],
    message_for: Callable[[Recipient], bytes],
    *,
    smtp_url: str,
    sender: str,
    connections: int = 1,
    token: Token | None = None,
    patience: Patience = _ONCE,
    progress: Progress | None = None,
    tls: ssl.SSLContext | None = None,
    stop: Stop | None = None,
) -> tuple[Outcome, ...]:
    """Hand each recipient's message to the server of `smtp_url`; what became of each, in order.

    `message_for` gives a message as it follows DATA: see `on_the_wire`, and `Prepared`. `sender`
    is `Name <address>`; `tls` overrules which certificates are trusted. Raises SendError where
    nobody was sent to and nobody can be: the server cannot be reached, refuses the password or
    the sender, or does not encrypt. Where that happens later, those who are left are `temp`, with
    the reason.
    """
    server = parse_smtp_url(smtp_url)
    envelope = envelope_sender(sender)
    refused = {
        str(at): Outcome(recipient=r, state="perm", reply="It is no address that mail can go to.")
        for at, r in enumerate(recipients)
        if not is_sendable(r.address)
    }
    jobs = [
        Job(str(at), r, r.address.rpartition("@")[2])
        for at, r in enumerate(recipients)
        if str(at) not in refused
    ]
    book = Memory(jobs)
    run = Run(
        book,
        lambda job: message_for(job.recipient),
        server=server,
        sender=envelope,
        schedule=Schedule(),
        connections=connections,
        tls=tls,
        token=token,
        patience=replace(patience, retry=()),
        tally=Tally(total=len(jobs)),
        stop=stop,
        progress=progress,
    )
    run.go()
    settled = {at: o for at, o in book.outcomes.items() if o.state not in {"planned", "sending"}}
    if run.error and not settled:
        raise run.error
    why = f"Stopped: {run.error.what}" if run.error else "Stopped before its turn."
    left = {job.key: Outcome(recipient=job.recipient, state="temp", reply=why) for job in jobs}
    every = {**left, **settled, **refused}
    return tuple(every[str(at)] for at in range(len(recipients)))


def on_the_wire(message: bytes) -> bytes:
    """`message` as it follows DATA: CRLF at every line's end, dots stuffed, the final dot.

    A bare CR or LF in a body lets a hostile text end the message early on some servers.
    """
    body = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    body = re.sub(rb"(?m)^\.", b"..", body)
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"
