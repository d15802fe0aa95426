"""An issue's message, addressed to one recipient."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from digest.models import Recipient
from digest.send.head import own_ids, read_head
from digest.send.prepared import Prepared


def addressed(
    message: bytes, recipient: Recipient, *, as_test: bool, now: datetime | None = None
) -> bytes:
    """`message` with a To header, a Message-ID and slots filled for `recipient`; see `Prepared`.

    For one copy, or a few. A message whose lines end in LF keeps them so.
    """
    made = Prepared(message, as_test=as_test, now=now).for_recipient(recipient)
    return made if b"\r" in message else made.replace(b"\r\n", b"\n")


def message_ids(message: bytes) -> Callable[[str], str]:
    """What gives the Message-ID that an address's copy of an issue's `message` has, in its <>.

    Raises SendError for bytes that are no issue's message.
    """
    lines, _ = read_head(message)
    value = next((line.value for line in lines if line.name == "message-id"), b"")
    own = own_ids(value, as_test=False, now=None)
    return lambda address: own(address).decode("ascii")
