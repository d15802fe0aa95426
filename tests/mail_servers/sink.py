"""Postfix's own test programs: smtp-sink, which takes mail, and smtp-source, which sends it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mail_servers.mail import Mail, wait_for, without_trace
from tests.mail_servers.process import HOST, free_port, greets, open_folder, program, running

_BACKLOG = "256"  # of connections not yet accepted


@dataclass(frozen=True, slots=True)
class Sink:
    """A running smtp-sink."""

    host: str
    port: int
    url: str
    log: Path
    folder: Path

    def mails(self, count: int = 0) -> tuple[Mail, ...]:
        """What arrived, waiting for `count` or more; always empty without `keep`."""
        return wait_for(count, self._read, log=self.log)

    def _read(self) -> tuple[Mail, ...]:
        return tuple(mail for file in sorted(self.folder.iterdir()) for mail in _mails_of(file))

    def count(self) -> int:
        """How many messages it took, as it says itself (it says so at most once a second)."""
        found = re.findall(rb"mesg=(\d+)", self.log.read_bytes())
        return int(found[-1]) if found else 0


def _mails_of(file: Path) -> Iterator[Mail]:
    """A dump: a `From ` line and X- fields for the envelope, the message, and an empty line."""
    head, received, rest = file.read_bytes().removesuffix(b"\n").partition(b"Received: ")
    _, message = without_trace(received + rest)
    sender = re.search(rb"^X-Mail-Args: <(.*?)>", head, re.MULTILINE)
    for recipient in re.findall(rb"^X-Rcpt-Args: <(.*?)>", head, re.MULTILINE):
        yield Mail(sender[1].decode() if sender else "", recipient.decode(), message)


@contextlib.contextmanager
def smtp_sink(options: Sequence[str] = (), *, keep: bool = False) -> Iterator[Sink]:
    """smtp-sink on loopback with these options of smtp-sink(1), such as `-8` or `-p`.

    keep: writes every message to a file, for `Sink.mails`.
    """
    path = program("smtp-sink", "postfix")
    with open_folder("smtp-sink") as folder:
        (folder / "mails").mkdir()
        (folder / "mails").chmod(0o777)
        words = [path, "-c", *(["-u", "nobody"] if os.geteuid() == 0 else []), *options]
        if keep:
            words += ["-d", f"{folder}/mails/%s."]
        port, log = free_port(), folder / "log"
        with running([*words, f"{HOST}:{port}", _BACKLOG], log=log, ready=lambda: greets(port)):
            yield Sink(HOST, port, f"smtp://{HOST}:{port}", log, folder / "mails")


def smtp_source_path() -> str:
    """The path of smtp-source."""
    return program("smtp-source", "postfix")
