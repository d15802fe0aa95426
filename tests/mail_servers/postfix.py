"""Postfix, an instance of its own: STARTTLS, implicit TLS, PIPELINING, CHUNKING, SMTPUTF8."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping
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
from tests.send.servers import Certificates

DOMAINS = ("example.org", "example.com")
_QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
           "private", "saved", "trace")  # fmt: skip
# name, type, unprivileged, wakeup, how many at most, program; nothing is chrooted
_SERVICES = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running Postfix. `tls_port` and `tls_url` are of implicit TLS: 0 and "" without it."""

    host: str
    port: int
    url: str
    tls_port: int
    tls_url: str
    log: Path
    maildir: Path

    def mails(self, count: int = 0) -> tuple[Mail, ...]:
        """What arrived, waiting for `count` or more; always empty with another transport."""
        return wait_for(count, self._read, log=self.log)

    def _read(self) -> tuple[Mail, ...]:
        return tuple(delivered(file.read_bytes()) for file in sorted(self.maildir.glob("new/*")))


@contextlib.contextmanager
def postfix(
    *,
    tls: Certificates | None = None,
    transport: str = "virtual",
    answers: Mapping[str, str] | None = None,
    size_limit: int = 10_240_000,
    sasl: str = "",
    settings: Mapping[str, str] | None = None,
) -> Iterator[Postfix]:
    """Postfix on loopback; it takes mail for everybody at example.org and example.com.

    tls: announces STARTTLS, and listens on a second port with implicit TLS.
    transport: `virtual` delivers into one Maildir, `discard:` nowhere, `lmtp:inet:127.0.0.1:PORT`
    to Dovecot.
    answers: the reply to RCPT TO for an address, such as "550 5.1.1 no such mailbox".
    size_limit: of a message, in bytes. sasl: `Dovecot.auth`; announces AUTH PLAIN LOGIN.
    settings: lines of main.cf that override these.
    """
    needs_root("postfix")
    master = program("master", "postfix")
    with open_folder("postfix") as folder:
        port, tls_port = free_port(), free_port() if tls else 0
        _lay_out(folder)
        table = "".join(f"{address} {reply}\n" for address, reply in (answers or {}).items())
        _write(folder / "conf/answers", table)
        lines = _settings(folder, transport, size_limit)
        if tls:
            lines |= {
                "smtpd_tls_cert_file": str(tls.certificate),
                "smtpd_tls_key_file": str(tls.key),
                "smtpd_tls_security_level": "may",
            }
        if sasl:
            lines |= {
                "smtpd_sasl_auth_enable": "yes",
                "smtpd_sasl_type": "dovecot",
                "smtpd_sasl_path": sasl,
            }
        lines |= settings or {}
        main = "".join(f"{name} = {value}\n" for name, value in lines.items())
        _write(folder / "conf/main.cf", main)
        services = f"{HOST}:{port} inet n - n - - smtpd\n{_SERVICES}"
        if tls:
            services += f"{HOST}:{tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n"
        _write(folder / "conf/master.cf", services)
        # The `postfix` command would check the whole installation first, which takes longer.
        command: list[str | Path] = [master, "-d", "-c", folder / "conf"]
        with running(command, log=folder / "log", ready=lambda: greets(port)):
            yield Postfix(
                host=HOST,
                port=port,
                url=f"smtp://{HOST}:{port}",
                tls_port=tls_port,
                tls_url=f"smtps://{HOST}:{tls_port}" if tls else "",
                log=folder / "log",
                maildir=folder / "mail/all",
            )


def _write(file: Path, text: str) -> None:
    """Postfix waits two seconds for a file that has just changed to cool down: call it old."""
    file.write_text(text, "utf-8")
    then = time.time() - 60
    os.utime(file, (then, then))


def _lay_out(folder: Path) -> None:
    """The folders as Postfix's own installation makes them (postfix-files)."""
    for name in ("conf", "data", "mail", "queue"):
        (folder / name).mkdir()
    queue = folder / "queue"
    (queue / "pid").mkdir()
    for name in (*_QUEUES, "public", "maildrop"):
        (queue / name).mkdir(mode=0o700)
        shutil.chown(queue / name, "postfix")
    for name, mode in (("public", 0o710), ("maildrop", 0o730)):
        shutil.chown(queue / name, group="postdrop")
        (queue / name).chmod(mode)
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", "nobody", "nogroup")


def _settings(folder: Path, transport: str, size_limit: int) -> dict[str, str]:
    return {
        "compatibility_level": "3.6",
        "config_directory": str(folder / "conf"),
        "queue_directory": str(folder / "queue"),
        "data_directory": str(folder / "data"),
        # A machine without an init has no syslog.
        "maillog_file": str(folder / "log"),
        "maillog_file_prefixes": str(folder),
        "myhostname": "mail.example.org",
        "inet_interfaces": HOST,
        "inet_protocols": "ipv4",
        "mydestination": "",
        "mynetworks": "",
        "alias_maps": "",
        "biff": "no",
        "local_header_rewrite_clients": "",  # adds no header of its own
        "virtual_mailbox_domains": ", ".join(DOMAINS),
        "virtual_mailbox_base": str(folder / "mail"),
        "virtual_mailbox_maps": "static:all/",
        "virtual_uid_maps": "static:65534",
        "virtual_gid_maps": "static:65534",
        "virtual_transport": transport,
        "virtual_mailbox_limit": "0",
        "message_size_limit": str(size_limit),
        "smtpd_relay_restrictions": "permit_auth_destination, reject",
        "smtpd_recipient_restrictions": f"check_recipient_access texthash:{folder}/conf/answers",
        # Nothing slows a single client down: a bench is one.
        "smtpd_client_connection_count_limit": "0",
        "smtpd_error_sleep_time": "0",
        "smtpd_hard_error_limit": "100000",
        "smtpd_soft_error_limit": "100000",
        "smtpd_junk_command_limit": "100000",
        "smtpd_peername_lookup": "no",
        "in_flow_delay": "0",
    }
