"""An issue's message → people: lists of recipients, addressed messages, a mailbox or a server.

The one stage that reaches outside. A recipient or a row that fails is reported and the rest goes
on; no password reaches an error, a log or a repr.
"""

from __future__ import annotations

from digest.send.address import envelope_sender, needs_smtputf8, parse_address, same
from digest.send.delivery import Job, Outcome, Patience, Progress, State, Tally
from digest.send.ledger import Ledger, Planned, SendStatus, Standing, is_there
from digest.send.lists.bad_rows import BadRows, harmless, report_rows
from digest.send.lists.lines import open_source
from digest.send.lists.reading import STDIN, RecipientRows, open_list
from digest.send.lists.recipients import RecipientList, parse_addresses, read_recipients
from digest.send.lists.rows import Row
from digest.send.mailbox.mailbox import Envelope, Kept, Mailbox
from digest.send.mailbox.sink import Came, Sink, loopback_address
from digest.send.mailbox.summaries import Summaries, Summary
from digest.send.message.addressed import addressed
from digest.send.message.dkim import Signer, dns_record, signers_of
from digest.send.message.prepared import Prepared
from digest.send.returned.maildir import Incoming, Maildir, read_mails
from digest.send.returned.reading import read_report
from digest.send.returned.reports import Affected, Report, Returned
from digest.send.smtp.deliver import deliver, on_the_wire
from digest.send.smtp.run import Run, Stop
from digest.send.smtp.schedule import Schedule
from digest.send.smtp.server import Server, parse_smtp_url
from digest.send.tokens import Keyring, Reference, unsubscribe_url
from digest.send.unsubscribed import Unsubscribed, read_record

__all__ = [
    "STDIN",
    "Affected",
    "BadRows",
    "Came",
    "Envelope",
    "Incoming",
    "Job",
    "Kept",
    "Keyring",
    "Ledger",
    "Mailbox",
    "Maildir",
    "Outcome",
    "Patience",
    "Planned",
    "Prepared",
    "Progress",
    "RecipientList",
    "RecipientRows",
    "Reference",
    "Report",
    "Returned",
    "Row",
    "Run",
    "Schedule",
    "SendStatus",
    "Server",
    "Signer",
    "Sink",
    "Standing",
    "State",
    "Stop",
    "Summaries",
    "Summary",
    "Tally",
    "Unsubscribed",
    "addressed",
    "deliver",
    "dns_record",
    "envelope_sender",
    "harmless",
    "is_there",
    "loopback_address",
    "needs_smtputf8",
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
