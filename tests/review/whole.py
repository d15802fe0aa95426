"""A newsletter with everything that the review can show, and the review with all its pages."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from flask import Flask

from bench.review_addresses import Address, addresses, reviewed, values_of
from digest.archive import Archive
from digest.models import Failure, Status
from digest.review import Follow
from digest.send import Mailbox
from tests.archive.newsroom import Made, made, save
from tests.review.test_mailbox import mail

ENV = """DIGEST_NAME="Harbor Weekly"
DIGEST_SENDER="Harbor Weekly <desk@example.org>"
DIGEST_POSTAL_ADDRESS="4 Ropewalk, Port Ellery"
DIGEST_UNSUBSCRIBE_URL="https://weekly.example.org/unsubscribe"
DIGEST_WEB_URL="https://weekly.example.org/issues/"
"""
EDITS = """subject = "What the editor said"

[stories.ferry-47]
note = "A note of hers."

[[add]]
title = "A story of her own"
url = "https://news.example.org/own"
"""
CORRECTIONS = """[[correction]]
moment = 2026-11-21T09:00:00+00:00
note = "The boat was late, not lost."
"""


class _Quiet:
    """Makes nothing again."""

    problem: Failure | None = None

    def run(self, stop: threading.Event) -> None:
        stop.wait()


def newsletter(folder: Path, *, latest: Made | None = None) -> Path:
    """Three issues, the latest a draft with edits, a correction of the first, and a mail."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".env").write_text(ENV, "utf-8")
    archive = Archive(folder / "issues")
    statuses: tuple[Status, ...] = ("sent", "approved", "draft")
    for week, status in enumerate(statuses, start=45):
        save(archive, latest if latest and week == 47 else made(week, status=status))
    (archive.path("2026-W47") / "edits.toml").write_text(EDITS, "utf-8")
    (archive.path("2026-W45") / "corrections.toml").write_text(CORRECTIONS, "utf-8")
    Mailbox(folder / "var" / "mailbox").keep(mail(), slug="mail", to="ann@example.org")
    return folder


def app_of(folder: Path) -> Flask:
    """The review with all its pages; what is not meant to be raised is raised into the test."""
    app = reviewed(folder, Follow(Archive(folder / "issues"), _Quiet()))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


def all_addresses(folder: Path) -> list[Address]:
    """Every address of the review of a sound newsletter."""
    return list(addresses(app_of(folder), values_of(folder)))


@contextmanager
def not_for_ever(seconds: int = 60) -> Iterator[None]:
    """A block that waits for something that never comes is ended, and named by a TimeoutError."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"this did not end within {seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def planted(folder: Path) -> Path:
    """A file beside the newsletter that no page may show."""
    outside = folder.parent / "outside"
    outside.mkdir(exist_ok=True)
    secret = outside / "secret.txt"
    secret.write_text(SECRET * 3, "utf-8")
    return secret


SECRET = "planted-and-never-shown\n"
