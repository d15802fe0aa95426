"""An issue's message → people: lists of recipients, addressed messages, a mailbox or a server.

The one stage that reaches outside. A recipient or a row that fails is reported and the rest goes
on; no password reaches an error, a log or a repr.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.send.address import envelope_sender, parse_address, same
from digest.send.delivery import Job, Outcome, Patience, Progress, State, Tally
from digest.send.ledger.file import is_there
from digest.send.ledger.nouns import Outcomes, Planned, SendStatus, Standing
from digest.send.lists.bad_rows import harmless, report_rows
from digest.send.lists.lines import open_source
from digest.send.lists.reading import STDIN, RecipientRows, open_list
from digest.send.lists.recipients import RecipientList, parse_addresses, read_recipients
from digest.send.lists.rows import Row
from digest.send.mailbox.mailbox import Mailbox
from digest.send.mailbox.sink import Came, Sink
from digest.send.mailbox.summaries import Summary
from digest.send.message.addressed import addressed
from digest.send.message.dkim import Signer, dns_record, signers_of
from digest.send.message.prepared import Prepared
from digest.send.returned.maildir import Incoming, Maildir, read_mails
from digest.send.returned.reading import read_report
from digest.send.returned.reports import Affected, Report
from digest.send.smtp.deliver import deliver, on_the_wire
from digest.send.smtp.run import Run, Stop
from digest.send.smtp.schedule import Schedule
from digest.send.smtp.server import parse_smtp_url
from digest.send.tokens import Keyring, Reference, unsubscribe_url
from digest.send.unsubscribed import Unsubscribed, last_words, read_record

if TYPE_CHECKING:
    from digest.send.ledger.ledger import Ledger

__all__ = [
    "STDIN",
    "Affected",
    "Came",
    "Incoming",
    "Job",
    "Keyring",
    "Ledger",
    "Mailbox",
    "Maildir",
    "Outcome",
    "Outcomes",
    "Patience",
    "Planned",
    "Prepared",
    "Progress",
    "RecipientList",
    "RecipientRows",
    "Reference",
    "Report",
    "Row",
    "Run",
    "Schedule",
    "SendStatus",
    "Signer",
    "Sink",
    "Standing",
    "State",
    "Stop",
    "Summary",
    "Tally",
    "Unsubscribed",
    "addressed",
    "deliver",
    "dns_record",
    "envelope_sender",
    "harmless",
    "is_there",
    "last_words",
    "on_the_wire",
    "open_list",
    "open_source",
    "parse_address",
    "parse_addresses",
    "parse_smtp_url",
    "read_mails",
    "read_recipients",
    "read_record",
    "read_report",
    "report_rows",
    "same",
    "signers_of",
    "unsubscribe_url",
]


def __getattr__(name: str) -> object:
    """Load the ledger where it is asked for: SQLAlchemy takes as long as all the rest of this."""
    if name == "Ledger":
        from digest.send.ledger.ledger import Ledger

        return Ledger
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
