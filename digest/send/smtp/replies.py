"""What a server's answer decides: for this recipient, this connection, or the whole run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digest.errors import SendError
from digest.send.delivery import State
from digest.send.returned import status_codes
from digest.send.returned.status_codes import CODE

Step = Literal["mail", "rcpt", "data", "body"]
"""The command that was answered; `body` is the message with its final dot."""

Scope = Literal["recipient", "connection", "run"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered to `at`."""

    code: int
    text: str
    at: Step

    @property
    def shown(self) -> str:
        """Code and words."""
        return f"{self.code} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply means: the recipient's new state, and whom else it concerns.

    Scope `connection`: nothing is said about the recipient, and the connection is of no use now.
    Scope `run`: nobody would fare better. `grey`: the server may want to be asked again later.
    """

    state: State
    scope: Scope = "recipient"
    grey: bool = False


_NO_SMTPUTF8 = frozenset({501, 504, 555})  # of a parameter (RFC 5321, 4.2.2 and 4.1.1.11)


def judge(reply: Reply, *, international: bool = False) -> Verdict:
    """The verdict on `reply` (RFC 5321, 4.2.1); of an `international` address it may be alone."""
    kind = reply.code // 100
    state: State = "temp"  # also for an answer that fits nothing: not taken, as far as one can tell
    scope: Scope = "recipient"
    if reply.code == 421:  # the server is closing, whatever was asked
        state, scope = "planned", "connection"
    elif international and reply.at == "mail" and _is_about_smtputf8(reply):
        state = "perm"
    elif kind == 5 and (reply.at == "mail" or reply.code in {530, 535}):
        state, scope = "planned", "run"
    elif kind == 4 and reply.at == "mail":
        state, scope = "planned", "connection"
    elif kind == 5:
        state = "perm"
    elif kind == 2 and reply.at == "body":
        state = "sent"
    return Verdict(state, scope, grey=reply.at == "rcpt" and reply.code in {450, 451, 452})


def _is_about_smtputf8(reply: Reply) -> bool:
    """Whether MAIL was refused for its SMTPUTF8, which no other message has (RFC 6531, 3.5)."""
    hit = CODE.match(reply.text)
    return reply.code in _NO_SMTPUTF8 or bool(hit and hit[0] in {"5.6.7", "5.6.9"})


def over(reply: Reply, *, server: str, sender: str) -> SendError:
    """Why a run ends at a reply whose verdict is on the run."""
    if reply.code in {530, 535}:
        return SendError(
            f"{server} wants to be signed in to: {reply.shown}",
            hint="Put user and password into DIGEST_SMTP_URL.",
        )
    if reply.code == 552:  # RFC 1870, 6.1
        return SendError(
            f"{server} does not take messages of this size: {reply.shown}",
            hint="Make its pictures fewer: DIGEST_PICTURES=media links to them.",
        )
    return SendError(
        f"{server} refused the sender {sender}: {reply.shown}",
        hint="Check DIGEST_SENDER, and whether the server lets this user send as it.",
    )


def dead(reply: Reply) -> str:
    """Why the address itself takes no mail, in words; empty where the reply does not say so.

    Only an answer to the recipient's command, with an enhanced code (RFC 3463), is as sure as that.
    """
    hit = CODE.match(reply.text)
    if reply.at != "rcpt" or reply.code // 100 != 5 or hit is None:
        return ""
    judgement, why = status_codes.judge(hit[0])
    return why if judgement == "hard" else ""
