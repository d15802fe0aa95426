"""Handing messages to a mail server: one connection, every recipient's answer kept."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from digest.errors import SendError
from digest.models import Recipient
from digest.send.address import envelope_sender, is_plain
from digest.send.server import Server, parse_smtp_url

if TYPE_CHECKING:
    from digest.send.connection import Connection, Reply

State = Literal["sent", "refused", "failed", "unknown"]
Progress = Callable[[int, "Outcome"], None]
"""Told after each recipient: how many are done, and what became of this one."""

_MOST_FAILURES = 3
"""Recipients in a row for whom the connection broke twice, before the run stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one recipient's mail, and the server's reply.

    `sent`: the server took it. `refused`: it never will. `failed`: not sent, and another try may
    help. `unknown`: the connection broke after the message was handed over and before the answer;
    the mail may have gone, so it is not sent again.
    """

    recipient: Recipient
    state: State
    reply: str


def deliver(
    messages: Iterable[tuple[Recipient, bytes]],
    *,
    smtp_url: str,
    sender: str,
    progress: Progress | None = None,
    tls: ssl.SSLContext | None = None,
    timeout: float = 60.0,
    final_timeout: float = 600.0,
) -> tuple[Outcome, ...]:
    """Hand each message to the server of `smtp_url`, over one connection.

    `sender` is `Name <address>`; `tls` overrules which certificates are trusted; `timeout` is in
    seconds, for each answer; `final_timeout` for the one to the whole message (RFC 5321,
    4.5.3.2.6). Raises SendError where nobody was sent to and nobody can be: the
    server cannot be reached, refuses the password or the sender, or does not encrypt. Where that
    happens later, the recipients who are left are `failed`, with the reason.
    """
    from digest.send.connection import Connection

    server = parse_smtp_url(smtp_url)
    run = _Run(
        server,
        envelope_sender(sender),
        partial(Connection, server, tls=tls, timeout=timeout, final_timeout=final_timeout),
    )
    outcomes: list[Outcome] = []
    stopped = ""
    try:
        for recipient, message in messages:
            if stopped:
                outcome = Outcome(recipient=recipient, state="failed", reply=stopped)
            else:
                try:
                    outcome = run.deliver(recipient, message)
                except SendError as error:
                    if not outcomes:
                        raise
                    stopped = f"Stopped: {error.what}"
                    outcome = Outcome(recipient=recipient, state="failed", reply=stopped)
            outcomes.append(outcome)
            if progress is not None:
                progress(len(outcomes), outcome)
    except BaseException:  # Ctrl-C amid a message: QUIT would become a part of it
        run.drop()
        raise
    run.close()
    return tuple(outcomes)


class _Run:
    """One run over one server: opens the connection, and opens it again when it breaks."""

    def __init__(self, server: Server, sender: str, connect: Callable[[], Connection]) -> None:
        self._server = server
        self._sender = sender
        self._connect = connect
        self._connection: Connection | None = None
        self._failures = 0

    def deliver(self, recipient: Recipient, message: bytes) -> Outcome:
        """What became of one message; a connection that breaks before its end is opened once more.

        Raises SendError where no other recipient would fare better.
        """
        from digest.send.connection import DroppedError, prepared

        if not is_plain(recipient.address):
            return Outcome(
                recipient=recipient, state="refused", reply="It is no address that mail can go to."
            )
        body = prepared(message)
        why = ""
        for _ in range(2):
            connection = self._connected()
            try:
                reply = connection.hand_over(self._sender, recipient.address, body)
            except DroppedError as error:
                self.drop()
                if error.after_dot:
                    why = f"The connection broke before the answer: {error}."
                    return Outcome(recipient=recipient, state="unknown", reply=why)
                why = f"The connection broke: {error}."
                continue
            if not connection.usable:
                self.drop()
            if reply.code != 421:  # which says that the server closes the connection: once more
                return self._outcome(recipient, reply)
            why = reply.shown
        return self._failed(recipient, why)

    def _outcome(self, recipient: Recipient, reply: Reply) -> Outcome:
        self._failures = 0
        if reply.at == "mail" and reply.code // 100 == 5:
            raise SendError(
                f"{self._server} refused the sender {self._sender}: {reply.shown}",
                hint="Check DIGEST_SENDER, and whether the server lets this user send as it.",
            )
        state: State = "refused" if reply.code // 100 == 5 else "failed"
        if reply.at == "body" and reply.code // 100 == 2:
            state = "sent"
        return Outcome(recipient=recipient, state=state, reply=reply.shown)

    def close(self) -> None:
        """End the conversation, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def drop(self) -> None:
        """Close the connection, if there is one, without a word."""
        if self._connection is not None:
            self._connection.drop()
            self._connection = None

    def _failed(self, recipient: Recipient, why: str) -> Outcome:
        self._failures += 1
        if self._failures >= _MOST_FAILURES:
            raise SendError(
                f"{self._server} broke the connection again and again. {why}",
                hint="Send again later; those who got it are listed.",
            )
        return Outcome(recipient=recipient, state="failed", reply=why)
