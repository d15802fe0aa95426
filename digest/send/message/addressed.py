"""An issue's message, addressed to one recipient."""

from __future__ import annotations

from datetime import datetime

from digest.models import Recipient
from digest.send.message.prepared import Prepared


def addressed(
    message: bytes, recipient: Recipient, *, as_test: bool, now: datetime | None = None
) -> bytes:
    """`message` with a To header, a Message-ID and slots filled for `recipient`; see `Prepared`.

    For one copy, or a few. A message whose lines end in LF keeps them so.
    """
    made = Prepared(message, as_test=as_test, now=now).for_recipient(recipient)
    return made if b"\r" in message else made.replace(b"\r\n", b"\n")
