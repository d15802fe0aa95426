"""An issue's message → people: lists of recipients, addressed messages, a mailbox or a server.

The one stage that reaches outside. A recipient or a row that fails is reported and the rest goes
on; no password reaches an error, a log or a repr.
"""

from __future__ import annotations

from digest.send.address import parse_address
from digest.send.mailbox import Kept, Mailbox
from digest.send.message import addressed
from digest.send.prepared import Prepared
from digest.send.recipients import RecipientList, parse_addresses, read_recipients
from digest.send.server import Server, parse_smtp_url
from digest.send.smtp import Outcome, deliver
from digest.send.tokens import Keyring, Reference, unsubscribe_url
from digest.send.unsubscribed import Unsubscribed, read_record

__all__ = [
    "Kept",
    "Keyring",
    "Mailbox",
    "Outcome",
    "Prepared",
    "RecipientList",
    "Reference",
    "Server",
    "Unsubscribed",
    "addressed",
    "deliver",
    "parse_address",
    "parse_addresses",
    "parse_smtp_url",
    "read_recipients",
    "read_record",
    "unsubscribe_url",
]
