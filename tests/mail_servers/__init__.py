"""Real servers on loopback, from Debian's packages, that start in a second and cannot stay behind.

::

    with postfix() as server:
        smtplib.SMTP(server.host, server.port).sendmail(…)
        server.mails(1)  # (Mail(sender=…, recipient=…, message=b"…"),): waits for one

Each runs in a folder and on ports of its own, as many at once as a test wants. Where a program is
absent the test is skipped, by name; where CI is set it fails.
"""

from __future__ import annotations

from tests.mail_servers.delay import Delayed, delayed
from tests.mail_servers.dovecot import Dovecot, dovecot
from tests.mail_servers.mail import Mail
from tests.mail_servers.opensmtpd import Opensmtpd, opensmtpd
from tests.mail_servers.postfix import Postfix, postfix
from tests.mail_servers.postgresql import Postgresql, postgresql
from tests.mail_servers.sink import Sink, smtp_sink, smtp_source_path

__all__ = [
    "Delayed",
    "Dovecot",
    "Mail",
    "Opensmtpd",
    "Postfix",
    "Postgresql",
    "Sink",
    "delayed",
    "dovecot",
    "opensmtpd",
    "postfix",
    "postgresql",
    "smtp_sink",
    "smtp_source_path",
]
