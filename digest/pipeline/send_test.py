"""Sending an archived issue to the people who test it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest.archive import Archive
from digest.errors import SendError
from digest.models import Failure, Finding, Recipient
from digest.pipeline.check import check_issue
from digest.pipeline.left import who_left
from digest.pipeline.outbox import envelope_of, prepared, token_from
from digest.send import Mailbox, Outcome, Progress, deliver
from digest.settings import Settings

_CONNECTIONS = 2
"""Testers are few, and a server takes two connections from anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentTest:
    """What became of each test mail; `mailbox` is set when they stayed on this machine."""

    slug: str
    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    findings: tuple[Finding, ...]
    mailbox: Path | None = None
    files: tuple[Path, ...] = ()


def send_test(
    slug: str,
    recipients: Sequence[Recipient],
    *,
    archive: Archive,
    settings: Settings,
    folder: Path,
    mailbox: Path,
    now: datetime,
    as_is: bool = False,
    failures: Sequence[Failure] = (),
    progress: Progress | None = None,
) -> SentTest:
    """Send the issue `slug` as it is archived to `recipients`; the issue itself is not touched.

    Over SMTP where the settings name a server, else into `mailbox` on this machine. Subjects are
    marked `[TEST]` and dated `now` unless `as_is`. Who unsubscribed gets no tests either.
    `failures` are rows of the list that could not be used.
    """
    if not recipients:
        raise SendError("There is nobody to send to.", hint="Name an address after --test.")
    issue = archive.load(slug)
    message = prepared(
        archive.renderings(slug).message,
        issue=issue,
        settings=settings,
        folder=folder,
        as_test=not as_is,
        now=now,
    )
    findings = check_issue(slug, archive=archive).findings
    left = who_left([r.address for r in recipients], settings=settings, folder=folder)
    failures = (*failures, *(Failure(where=who, what=f"{why}.") for who, why in left.items()))
    recipients = [r for r in recipients if r.address not in left]
    if settings.smtp_url:
        outcomes = deliver(
            recipients,
            message.on_the_wire,
            smtp_url=settings.smtp_url,
            sender=envelope_of(issue, settings),
            connections=min(_CONNECTIONS, settings.connections),
            token=token_from(settings),
            progress=progress,
        )
        return SentTest(slug=slug, outcomes=outcomes, failures=tuple(failures), findings=findings)
    box = Mailbox(mailbox)
    files = tuple(box.deliver(message.for_recipient(r), slug=slug, recipient=r) for r in recipients)
    outcomes = tuple(
        Outcome(recipient=r, state="sent", reply=f"kept on this machine as {file.name}")
        for r, file in zip(recipients, files, strict=True)
    )
    return SentTest(
        slug=slug,
        outcomes=outcomes,
        failures=tuple(failures),
        findings=findings,
        mailbox=mailbox,
        files=files,
    )
