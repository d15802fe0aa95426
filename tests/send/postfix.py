"""A postfix of our own on loopback, from Debian's package, that bounces into a Maildir."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BOUNCES = "bounces@news.example.org"
_DAEMONS = Path("/usr/lib/postfix/sbin")

_MASTER = """\
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
_MAIN = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file_prefixes = {home}
maillog_file = {home}/log
myhostname = mx.example.org
mydestination =
local_recipient_maps =
local_transport = error:5.1.1 no local mail here
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_reject_unlisted_recipient = no
smtputf8_enable = yes
# Names are asked of the machine alone; .invalid is no name to anybody (RFC 6761).
smtp_dns_support_level = disabled
smtp_host_lookup = native
virtual_mailbox_domains = example.org, news.example.org
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = inline:{{ {{ {bounces} = bounces/ }}, {{ ann@example.org = ann/ }} }}
virtual_mailbox_limit = 0
virtual_alias_maps = inline:{{ {{ team@example.org = ann@example.org, gone@example.org }} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
maximal_queue_lifetime = {lifetime}
bounce_queue_lifetime = 1h
minimal_backoff_time = 1s
queue_run_delay = 1s
transport_maps = inline:{{ {{ far.example.org = smtp:[127.0.0.1]:{far} }} }}
"""


def can_run() -> bool:
    """Whether postfix is installed and may be started: its master runs as root."""
    return os.geteuid() == 0 and (_DAEMONS / "virtual").exists()


@dataclass(frozen=True, slots=True)
class Postfix:
    """One that runs: its port, and the Maildir of what comes back."""

    port: int
    maildir: Path
    log: Path

    def send(self, message: bytes, to: str, sender: str = BOUNCES) -> None:
        """Hand a mail over; raises what smtplib does where it is refused."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as smtp:
            smtp.sendmail(sender, [to], message)

    def came_back(self, count: int, *, patience_s: float = 20) -> list[bytes]:
        """The first `count` mails that came back, in the order in which they came."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            found = sorted((self.maildir / "new").glob("*"), key=lambda p: p.stat().st_mtime_ns)
            if len(found) >= count:
                return [path.read_bytes() for path in found]
            time.sleep(0.1)
        raise AssertionError(f"fewer than {count} bounces came: {self.log.read_text()[-4000:]}")


@contextlib.contextmanager
def postfix(*, far: int = 1, lifetime: str = "1h") -> Iterator[Postfix]:
    """Run one; `far` is the port that mail to far.example.org goes to."""
    home = Path(tempfile.mkdtemp(prefix="digest-postfix-"))
    home.chmod(0o755)
    nobody = pwd.getpwnam("nobody")
    for name in ("conf", "queue", "data", "mail"):
        (home / name).mkdir()
    shutil.chown(home / "data", "postfix")
    shutil.chown(home / "mail", "nobody")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    values = {
        "home": home, "port": f"127.0.0.1:{port}", "uid": nobody.pw_uid, "gid": nobody.pw_gid,
        "bounces": BOUNCES, "lifetime": lifetime, "far": far,
    }  # fmt: skip
    (home / "conf" / "main.cf").write_text(_MAIN.format(**values))
    (home / "conf" / "master.cf").write_text(_MASTER.format(**values))
    run = ["/usr/sbin/postfix", "-c", str(home / "conf")]
    try:
        subprocess.run([*run, "start"], check=True, capture_output=True, timeout=60)
        yield Postfix(port, home / "mail" / "bounces", home / "log")
    finally:
        subprocess.run([*run, "stop"], check=False, capture_output=True, timeout=60)
        shutil.rmtree(home, ignore_errors=True)
