"""Dovecot: takes mail by LMTP (RFC 2033) and gives it back by IMAP, byte for byte."""

from __future__ import annotations

import base64
import contextlib
import imaplib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mail_servers.mail import Mail, delivered, wait_for
from tests.mail_servers.process import (
    HOST,
    free_port,
    greets,
    needs_root,
    open_folder,
    program,
    running,
)
from tests.send.servers import PASSWORD

EVERYBODY = "everybody@example.org"


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running Dovecot. Every address is a user, with the password PASSWORD of tests/send.

    `transport` is how Postfix reaches it; `auth` is the socket that Postfix asks about passwords.
    """

    host: str
    port: int  # of LMTP
    imap_port: int
    url: str  # of IMAP
    transport: str
    auth: str
    log: Path

    def mails(self, count: int = 0, user: str = EVERYBODY) -> tuple[Mail, ...]:
        """What IMAP gives of the user's inbox, waiting for `count` or more."""
        with self.imap(user) as imap:
            return wait_for(count, lambda: _fetch(imap), log=self.log)

    @contextlib.contextmanager
    def imap(self, user: str = EVERYBODY) -> Iterator[imaplib.IMAP4]:
        """A connection, logged in as the user."""
        with imaplib.IMAP4(self.host, self.imap_port, timeout=20) as imap:
            # imaplib's own login sends no password beyond ASCII.
            secret = f"\0{user}\0{PASSWORD}".encode()
            imap.authenticate("PLAIN", lambda _: secret)
            yield imap


def _fetch(imap: imaplib.IMAP4) -> tuple[Mail, ...]:
    _, found = imap.select("INBOX", readonly=True)
    if not found or found[0] in {None, b"0"}:
        return ()
    _, parts = imap.fetch("1:*", "(BODY.PEEK[])")
    return tuple(delivered(part[1]) for part in parts if isinstance(part, tuple))


@contextlib.contextmanager
def dovecot(*, each: bool = False) -> Iterator[Dovecot]:
    """Dovecot on loopback: one inbox for all recipients, or `each` one their own."""
    needs_root("dovecot")
    path = program("dovecot", "dovecot-imapd")
    program("lmtp", "dovecot-lmtpd")
    program("imap", "dovecot-imapd")
    with open_folder("dovecot") as folder:
        port, imap_port = free_port(), free_port()
        (folder / "mail").mkdir()
        (folder / "mail").chmod(0o777)
        conf = _CONF.format(
            folder=folder,
            port=port,
            imap_port=imap_port,
            user="%u" if each else "all",
            password=base64.b64encode(PASSWORD.encode()).decode(),  # it has blanks
        )
        (folder / "dovecot.conf").write_text(conf, "utf-8")
        command: list[str | Path] = [path, "-F", "-c", folder / "dovecot.conf"]
        log = folder / "log"
        with running(command, log=log, ready=lambda: greets(port) and greets(imap_port)):
            yield Dovecot(
                host=HOST,
                port=port,
                imap_port=imap_port,
                url=f"imap://{HOST}:{imap_port}",
                transport=f"lmtp:inet:{HOST}:{port}",
                auth=str(folder / "run/postfix"),
                log=log,
            )


_CONF = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:{folder}/mail/{user}
mail_fsync = never
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/{user} allow_all_users=yes
}}
passdb {{
  driver = static
  args = password={{PLAIN.b64}}{password}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {port}
  }}
}}
service auth {{
  unix_listener postfix {{
    mode = 0666
  }}
}}
"""
