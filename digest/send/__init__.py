"""An issue's message → people: lists of recipients, addressed messages, a mailbox or a server.

The one stage that reaches outside. A recipient or a row that fails is reported and the rest goes
on; no password reaches an error, a log or a repr.
"""

from __future__ import annotations

from digest.send.address import parse_address
from digest.send.dkim import Signer, dns_record, signers_of
from digest.send.mailbox import Kept, Mailbox
from digest.send.message import addressed
from digest.send.prepared import Prepared
from digest.send.recipients import RecipientList, parse_addresses, read_recipients
from digest.send.server import Server, parse_smtp_url
from digest.send.smtp import Outcome, deliver

__all__ = [
    "Kept",
    "Mailbox",
    "Outcome",
    "Prepared",
    "RecipientList",
    "Server",
    "Signer",
    "addressed",
    "deliver",
    "dns_record",
    "parse_address",
    "parse_addresses",
    "parse_smtp_url",
    "read_recipients",
    "signers_of",
]
