"""An issue's message → people: lists of recipients, addressed messages, a mailbox or a server.

The one stage that reaches outside. A recipient or a row that fails is reported and the rest goes
on; no password reaches an error, a log or a repr.
"""

from __future__ import annotations

from digest.send.address import needs_smtputf8, parse_address, same
from digest.send.bad_rows import BadRows, report
from digest.send.list_rows import Row
from digest.send.lists import RecipientRows, open_list
from digest.send.mailbox import Kept, Mailbox
from digest.send.message import addressed
from digest.send.recipients import RecipientList, parse_addresses, read_recipients
from digest.send.server import Server, parse_smtp_url
from digest.send.smtp import Outcome, deliver

__all__ = [
    "BadRows",
    "Kept",
    "Mailbox",
    "Outcome",
    "RecipientList",
    "RecipientRows",
    "Row",
    "Server",
    "addressed",
    "deliver",
    "needs_smtputf8",
    "open_list",
    "parse_address",
    "parse_addresses",
    "parse_smtp_url",
    "read_recipients",
    "report",
    "same",
]
