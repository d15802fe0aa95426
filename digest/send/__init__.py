"""An issue's message → people: lists of recipients, addressed messages, a mailbox or a server.

The one stage that reaches outside. A recipient or a row that fails is reported and the rest goes
on; no password reaches an error, a log or a repr.
"""

from __future__ import annotations

from digest.send.address import parse_address
from digest.send.bounces import read_report
from digest.send.mailbox import Kept, Mailbox
from digest.send.maildir import Incoming, Maildir, read_mails
from digest.send.message import addressed
from digest.send.recipients import RecipientList, parse_addresses, read_recipients
from digest.send.reports import Affected, Report, Returned
from digest.send.server import Server, parse_smtp_url
from digest.send.smtp import Outcome, deliver
from digest.send.tokens import Keyring, Reference, unsubscribe_url

__all__ = [
    "Affected",
    "Incoming",
    "Kept",
    "Keyring",
    "Mailbox",
    "Maildir",
    "Outcome",
    "RecipientList",
    "Reference",
    "Report",
    "Returned",
    "Server",
    "addressed",
    "deliver",
    "parse_address",
    "parse_addresses",
    "parse_smtp_url",
    "read_mails",
    "read_recipients",
    "read_report",
    "unsubscribe_url",
]
