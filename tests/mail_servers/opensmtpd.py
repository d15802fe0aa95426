"""OpenSMTPD, unpacked rather than installed (it conflicts with Postfix). It never pipelines."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mail_servers.mail import Mail, wait_for, without_trace
from tests.mail_servers.process import (
    HOST,
    absent,
    free_port,
    greets,
    needs_root,
    open_folder,
    running,
)

_USERS = {"root": 0, "opensmtpd": 990, "opensmtpq": 991}
_FOLDERS = ("dev", "etc", "root", "tmp", "var/lib/opensmtpd/empty", "var/run")


@dataclass(frozen=True, slots=True)
class Opensmtpd:
    """A running OpenSMTPD."""

    host: str
    port: int
    url: str
    log: Path
    queue: Path

    def mails(self, count: int = 0) -> tuple[Mail, ...]:
        """What it took, waiting for `count` or more."""
        return wait_for(count, self._read, log=self.log)

    def _read(self) -> tuple[Mail, ...]:
        mails = []
        for envelope in self.queue.glob("??/*/????????????????"):
            fields = dict(
                line.split(": ", 1) for line in envelope.read_text("utf-8").splitlines() if line
            )
            _, message = without_trace((envelope.parent / "message").read_bytes())
            mails.append(Mail(fields.get("sender", "").strip("<>"), fields["rcpt"], message))
        return tuple(sorted(mails, key=lambda mail: mail.recipient))


@contextlib.contextmanager
def opensmtpd(*, refused: Sequence[str] = (), size_limit: int = 36_700_160) -> Iterator[Opensmtpd]:
    """OpenSMTPD on loopback; it takes mail for everybody at example.org and example.com.

    Mail stays in its queue, undelivered (`-P mda`), as files that tests read. `refused`
    addresses get a 550 at RCPT TO. It adds Date and Message-ID where a message has none.
    """
    needs_root("opensmtpd")
    package = unpacked()
    with open_folder("opensmtpd") as folder:
        root, port = folder / "root", free_port()
        _lay_out(root, package)
        refusing = ", ".join(f'"{address}"' for address in refused)
        conf = [
            f"smtp max-message-size {size_limit}",  # of those that listen below
            f"listen on {HOST} port {port} hostname mail.example.org",
            'table users { "@" = "root" }',
            'action "keep" maildir "/mail" virtual <users>',
            f"match from any for rcpt-to {{ {refusing} }} reject" if refused else "",
            'match from any for domain { "example.org", "example.com" } action "keep"',
        ]
        (root / "etc/smtpd.conf").write_text("\n".join(conf) + "\n", "utf-8")
        command: list[str | Path] = ["chroot", root, "/usr/sbin/smtpd", "-d", "-P", "mda"]
        with running(command, log=folder / "log", ready=lambda: greets(port)):
            queue = root / "var/spool/smtpd/queue"
            yield Opensmtpd(HOST, port, f"smtp://{HOST}:{port}", folder / "log", queue)


def unpacked() -> Path:
    """The folder of Debian's package, fetched and unpacked once on a machine."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    kept = cache / "digest-tests" / "opensmtpd"
    if (kept / "usr/sbin/smtpd").exists():
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as made:
        # As root: apt would rather fetch as a user of its own, who may not write here.
        _run(["apt-get", "download", "-o", "APT::Sandbox::User=root", "opensmtpd"], made)
        _run(["dpkg", "-x", *(str(file) for file in Path(made).glob("*.deb")), "root"], made)
        with contextlib.suppress(OSError):  # another test run was quicker
            (Path(made) / "root").rename(kept)
    return kept


def _run(command: Sequence[str], folder: str) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except OSError as error:
        absent(f"{command[0]}, which fetches opensmtpd: {error}")
    except subprocess.CalledProcessError as error:
        absent(f"opensmtpd to unpack: {error.stderr.strip()[-300:]}")


def _lay_out(root: Path, package: Path) -> None:
    """A root folder of its own: smtpd's paths and users are fixed when it is built."""
    for name in _FOLDERS:
        (root / name).mkdir(parents=True)
    spool = root / "var/spool/smtpd"
    spool.mkdir(mode=0o711, parents=True)
    spool.chmod(0o711)
    programs = [package / "usr/sbin/smtpd", package / "usr/sbin/smtpctl"]
    for file in programs:
        to = root / file.relative_to(package)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, to)
    shutil.chown(root / "usr/sbin/smtpctl", group=_USERS["opensmtpq"])
    (root / "usr/sbin/smtpctl").chmod(0o2755)
    needs = subprocess.run(["ldd", *programs], check=True, capture_output=True, text=True).stdout
    if lacking := re.findall(r"(\S+) => not found", needs):
        absent(f"{', '.join(sorted(set(lacking)))}, which opensmtpd needs")
    for library in set(re.findall(r"(/\S+\.so\S*) \(", needs)):
        to = root / library.lstrip("/")
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, to)
    for name in ("null", "zero", "random", "urandom"):
        like = Path("/dev", name).stat()
        os.mknod(root / "dev" / name, like.st_mode, like.st_rdev)
        (root / "dev" / name).chmod(0o666)
    etc = root / "etc"
    users = [f"{name}:x:{uid}:{uid}::/:/bin/false\n" for name, uid in _USERS.items()]
    (etc / "passwd").write_text("".join(users), "utf-8")
    groups = [f"{name}:x:{gid}:\n" for name, gid in _USERS.items()]
    (etc / "group").write_text("".join(groups), "utf-8")
    (etc / "hosts").write_text("127.0.0.1 localhost\n", "utf-8")
    (etc / "mailname").write_text("mail.example.org\n", "utf-8")
