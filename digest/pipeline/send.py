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
from digest.send import Mailbox, Outcome, addressed, deliver
from digest.settings import Settings


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
    mailbox: Path,
    now: datetime,
    as_is: bool = False,
    failures: Sequence[Failure] = (),
) -> SentTest:
    """Send the issue `slug` as it is archived to `recipients`; the issue itself is not touched.

    Over SMTP where the settings name a server, else into `mailbox` on this machine. Subjects are
    marked `[TEST]` and dated `now` unless `as_is`. `failures` are rows of the list that could not
    be used.
    """
    issue = archive.load(slug)
    message = archive.renderings(slug).message
    messages = [(r, addressed(message, r, as_test=not as_is, now=now)) for r in recipients]
    if not messages:
        raise SendError("There is nobody to send to.", hint="Name an address after --test.")
    findings = check_issue(slug, archive=archive).findings
    if settings.smtp_url:
        sender = settings.sender or issue.newsletter.sender
        outcomes = deliver(messages, smtp_url=settings.smtp_url, sender=sender)
        return SentTest(slug=slug, outcomes=outcomes, failures=tuple(failures), findings=findings)
    box = Mailbox(mailbox)
    files = tuple(box.deliver(raw, slug=slug, recipient=r) for r, raw in messages)
    outcomes = tuple(
        Outcome(recipient=r, state="sent", reply=f"kept on this machine as {file.name}")
        for (r, _), file in zip(messages, files, strict=True)
    )
    return SentTest(
        slug=slug,
        outcomes=outcomes,
        failures=tuple(failures),
        findings=findings,
        mailbox=mailbox,
        files=files,
    )
