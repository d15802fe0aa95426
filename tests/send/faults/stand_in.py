"""A small sender that does it right, or wrong in one known way: the harness must tell them apart.

python -m tests.send.faults.stand_in FOLDER --port N --connections C [--wrong HOW]
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import signal
import smtplib
import sqlite3
import sys
import threading
from pathlib import Path

WRONG = {
    "resends": "a left-over `sending` is sent again",
    "retries after the dot": "a lost answer is taken for a refusal",
    "moves the checkpoint first": "a batch counts as sent when it is fetched",
    "forgets a refusal": "a 4xx counts as sent",
    "claims too early": "sent is written before the answer came",
    "no lock": "two may send at once",
    "intends too much": "a whole batch is `sending` at once",
    "stops badly": "SIGINT ends it at once",
}


class StandIn:
    """Connections in threads, smtplib, one row a recipient."""

    def __init__(self, folder: Path, *, port: int, connections: int, wrong: str) -> None:
        self._port, self._connections, self._wrong = port, connections, wrong
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._db = sqlite3.connect(folder / "stand-in.db", check_same_thread=False, timeout=20)
        # A kill takes nothing from the page cache, so nothing here has to wait for the disk.
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;")
        with self._db:
            self._db.execute("CREATE TABLE IF NOT EXISTS row (address PRIMARY KEY, state, tries)")
            self._db.executemany(
                "INSERT OR IGNORE INTO row VALUES (?, 'planned', 0)",
                [(a,) for a in (folder / "list.txt").read_text().split()],
            )
            left = "planned" if wrong == "resends" else "unknown"
            self._db.execute("UPDATE row SET state = ? WHERE state = 'sending'", (left,))

    def run(self) -> None:
        """Send until nobody is left, or until told to stop."""
        for name in (signal.SIGINT, signal.SIGTERM):
            if self._wrong != "stops badly":
                signal.signal(name, lambda *_: self._stop.set())
            else:
                signal.signal(name, signal.SIG_DFL)
        threads = [threading.Thread(target=self._work) for _ in range(self._connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _next(self) -> list[str]:
        batch = {"moves the checkpoint first": 10, "intends too much": 20}.get(self._wrong, 1)
        intent = "sent" if self._wrong == "moves the checkpoint first" else "sending"
        with self._lock, self._db:
            rows = self._db.execute(
                "SELECT address FROM row WHERE state = 'planned' ORDER BY tries LIMIT ?", (batch,)
            ).fetchall()
            self._db.executemany("UPDATE row SET state = ? WHERE address = ?",
                                 [(intent, *row) for row in rows])  # fmt: skip
        return [address for (address,) in rows]

    def _keep(self, address: str, state: str) -> None:
        with self._lock, self._db:
            self._db.execute(
                "UPDATE row SET state = ?, tries = tries + 1 WHERE address = ?", (state, address)
            )

    def _work(self) -> None:
        smtp: smtplib.SMTP | None = None
        while not self._stop.is_set() and (batch := self._next()):
            for address in batch:
                state = "planned"
                try:
                    smtp = smtp or smtplib.SMTP("127.0.0.1", self._port, timeout=4)
                    state = self._send(smtp, address)
                except (OSError, smtplib.SMTPException):
                    pass
                if state in {"planned", "unknown"}:
                    if smtp is not None:
                        smtp.close()
                    smtp = None
                    self._stop.wait(0.02)
                self._keep(address, state)

    def _send(self, smtp: smtplib.SMTP, address: str) -> str:
        smtp.ehlo_or_helo_if_needed()
        for command in ("MAIL FROM:<news@example.org>", f"RCPT TO:<{address}>", "DATA"):
            code, _ = smtp.docmd(command)
            if command == "DATA" and code == 354:
                break
            if code // 100 != 2 or command == "DATA":
                return self._refused(code if command != "DATA" or code >= 400 else 400)
        if self._wrong == "claims too early":
            self._keep(address, "sent")
        head = f"Message-ID: <{address.replace('@', '.')}@example.org>\r\nTo: {address}\r\n\r\n"
        smtp.send(head.encode() + b"The news. " * 2000 + b"\r\n.\r\n")
        try:
            code, _ = smtp.getreply()
        except (OSError, smtplib.SMTPException):
            code = -1
        if code // 100 in {4, 5}:
            return self._refused(code)
        lost = "planned" if self._wrong == "retries after the dot" else "unknown"
        return "sent" if code // 100 == 2 else lost

    def _refused(self, code: int) -> str:
        if code // 100 == 5:
            return "perm"
        return "sent" if self._wrong == "forgets a refusal" else "planned"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--wrong", choices=WRONG, default="")
    given = parser.parse_args()
    with contextlib.ExitStack() as held:
        if given.wrong != "no lock":
            lock = held.enter_context((given.folder / "lock").open("w"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sys.exit("Somebody else is sending.")
        StandIn(
            given.folder, port=given.port, connections=given.connections, wrong=given.wrong
        ).run()


if __name__ == "__main__":
    main()
