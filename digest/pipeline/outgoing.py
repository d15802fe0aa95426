"""What an issue needs before it may leave for a list: judged alike by a dry run and a send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from digest.archive import Archive, edited_since_build, issue_version, read_edits
from digest.errors import DigestError, SendError
from digest.models import Failure, Finding
from digest.pipeline.outbox import envelope_of, prepared, sha256, signers
from digest.pipeline.reader_list import ReaderList
from digest.send import (
    Keyring,
    Prepared,
    SendStatus,
    Unsubscribed,
    parse_smtp_url,
    read_record,
)
from digest.settings import Settings

if TYPE_CHECKING:
    from digest.send import Ledger

_AHEAD = timedelta(hours=1)
"""How far an issue's date may lie ahead: clocks differ, and signatures are refused for less."""
MOST_TOLD = 10_000
"""Bad rows that are told one by one; of more only the number is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the editor wants of one run; None: as the settings say.

    `on_unknown`: leave those of whom nobody knows (`hold`), or send to them once more. `on_change`
    says what happens where the list changed since it was planned: `refuse`, send to those who were
    planned (`keep`), or add who is new and withdraw who is gone (`follow`).
    """

    resume: bool = False
    limit: int | None = None
    rate: float | None = None
    connections: int | None = None
    on_unknown: Literal["hold", "resend"] = "hold"
    retry_failed: bool = False
    on_change: Literal["refuse", "keep", "follow"] = "refuse"


@dataclass(slots=True)
class Told:
    """Rows that add nobody, as they are met."""

    failures: list[Failure] = field(default_factory=list)

    def __call__(self, failure: Failure) -> None:
        """Keep a row's failure."""
        if len(self.failures) < MOST_TOLD:
            self.failures.append(failure)


class Outgoing:
    """One issue and one list of its readers, with all that sending needs."""

    def __init__(
        self,
        slug: str,
        readers: ReaderList,
        *,
        archive: Archive,
        settings: Settings,
        folder: Path,
    ) -> None:
        self.slug = slug
        self.readers = readers
        self.archive = archive
        self.settings = settings
        self.folder = folder
        self.keyring = Keyring(settings.secret)
        self.version = issue_version(archive.folder, slug)
        """Of the issue that is judged: another one must not leave in its place."""
        self.issue = archive.load(slug)
        self.message = archive.renderings(slug).message
        self.sha256 = sha256(self.message)

    @property
    def record(self) -> Path:
        """The file in which the unsubscribe page writes down who left."""
        return self.folder / self.settings.unsubscribed

    def ledger(self, clock: Callable[[], datetime], *, elsewhere: Path | None = None) -> Ledger:
        """The ledger of the settings; `elsewhere`: an empty one in that folder."""
        from digest.send import Ledger

        return Ledger(
            self.settings.database_url if elsewhere is None else "sqlite:///empty.db",
            folder=elsewhere or self.folder,
            keyring=self.keyring,
            clock=clock,
        )

    def left_lately(self) -> Iterable[Unsubscribed | Failure]:
        """The lines of the record."""
        return read_record(self.record, keyring=self.keyring)

    def take_over(self, ledger: Ledger, told: Told) -> None:
        """Put who unsubscribed onto the suppression list."""
        _, failures = ledger.take_over(self.left_lately())
        for failure in failures:
            if failure not in told.failures:
                told(failure)

    def status(self, ledger: Ledger) -> SendStatus | None:
        """How far this list is; None where it was not begun."""
        found = [s for s in ledger.status(self.slug) if s.list_name == self.readers.name]
        return found[0] if found else None

    def refusals(self, findings: tuple[Finding, ...], *, now: datetime) -> Iterator[DigestError]:
        """Everything that keeps the issue from leaving, whatever the list."""
        yield from self._missing()
        for need in (self._need_approval, self._need_server, self._need_sender, self.prepared):
            try:
                need()
            except DigestError as error:
                yield error
        if self.issue.now - now > _AHEAD:
            yield SendError(
                f"{self.slug} is dated {self.issue.now:%Y-%m-%d %H:%M}, which is still to come: "
                "servers refuse mail of tomorrow, and signatures of it.",
                hint="Wait until then, or build the issue again.",
            )
        worst = [finding for finding in findings if finding.level == "error"]
        if worst:
            more = f"; and {len(worst) - 1} more" if worst[1:] else ""
            first = f"{worst[0].where}: {worst[0].what.rstrip('.')}"
            yield SendError(
                f"{self.slug} has errors: {first}{more}.",
                hint=f"`digest check {self.slug}` says how to mend them.",
            )

    def warnings(self) -> tuple[str, ...]:
        """What is doubtful about the keys that would sign."""
        try:
            found = signers(self.issue, self.settings, self.folder)
        except DigestError:  # a refusal says it
            return ()
        return tuple(warning for signer in found for warning in signer.warnings)

    def _need_approval(self) -> None:
        approved = read_edits(self.archive.folder, self.slug).status == "approved"
        if approved and edited_since_build(self.archive.folder, self.slug):
            raise SendError(
                f"{self.slug} was edited after it was approved, and is not built again since.",
                hint=f"Build it: `digest build --again --issue {self.slug}`; look at it, approve "
                "it, and send it.",
            )
        if not approved and self.issue.status != "sent":
            raise SendError(
                f"{self.slug} is a draft, and drafts do not leave.",
                hint=f"Look at it, then: digest edit {self.slug} approve",
            )

    def _missing(self) -> Iterator[SendError]:
        settings, url = self.settings, self.issue.newsletter.unsubscribe_url
        key = "the key behind unsubscribe links, such as a:… (`openssl rand -hex 32` prints one)"
        needed = (
            (settings.smtp_url, "DIGEST_SMTP_URL", "the mail server"),
            (settings.secret, "DIGEST_SECRET", key),
        )
        for value, name, what in needed:
            if not value:
                yield SendError(f"{name} is not set: {what}.", hint="Set it in .env.")
        if not url.startswith("https:"):
            yield SendError(
                f"{self.slug} has no https page where readers unsubscribe with one click.",
                hint="Set DIGEST_UNSUBSCRIBE_URL, then: digest build --again. "
                "docs/unsubscribing.md says how to host the page.",
            )

    def _need_server(self) -> None:
        if self.settings.smtp_url:
            parse_smtp_url(self.settings.smtp_url)

    def _need_sender(self) -> None:
        envelope_of(self.issue, self.settings)

    def prepared(self) -> Prepared:
        """The message, ready to be made out to anybody."""
        return prepared(self.message, issue=self.issue, settings=self.settings, folder=self.folder)

    def need_same_message(self, ledger: Ledger) -> None:
        """Raise SendError where the ledger has sent another message of this issue, or lost it.

        An issue that was planned, and built anew before anything went out, may leave as it is now.
        """
        known = ledger.message_of(self.slug)
        began = self.issue.status == "sent" or ledger.has_begun(self.slug)
        if began and known not in {None, self.sha256}:
            raise SendError(
                f"{self.slug}/message.eml is not the message that this issue's send began with.",
                hint="Bring it back from a backup: nobody is to get another issue than the rest.",
            )
        if self.issue.status == "sent" and known is None:
            raise SendError(
                f"{self.slug} was sent, and this ledger knows nothing of it.",
                hint="Bring back the ledger: without it some would get the issue twice.",
            )

    def need_sense(self, status: SendStatus | None, wishes: Wishes) -> None:
        """Raise SendError where the run would do nothing, or not what was meant."""
        name, slug = self.readers.name, self.slug
        if self.readers.is_stream and wishes.on_change == "follow":
            raise SendError(
                "What comes by standard input is read once: nobody can tell who is gone from it.",
                hint="Put the list into a file, and name that after --list.",
            )
        if status is None:
            if wishes.resume:
                raise SendError(
                    f"{slug} was not begun to {name}: there is nothing to resume.",
                    hint=f"Without --resume: digest send {slug} --list {self.readers.typed}",
                )
            return
        if self.readers.is_stream and not wishes.resume:
            return  # who comes by a pipe is added to those who came before
        sent = status.counts.get("sent", 0)
        if not status.left and not _reopens(status, wishes):
            raise SendError(
                f"{slug} was sent to {name} already, on {status.planned_at:%Y-%m-%d}: {sent:,} of "
                f"{status.total:,} got it.",
                hint=_who_else(status),
            )
        if status.left and not wishes.resume:
            raise SendError(
                f"{slug} was begun to {name}: {sent:,} of {status.total:,} got it, {status.left:,} "
                "are left.",
                hint=f"Go on: digest send {slug} --list {self.readers.typed} --resume --yes",
            )
        if wishes.on_change == "refuse" and self.readers.sha256() not in {"", status.sha256}:
            raise SendError(
                f"{name} changed since {slug} was planned to it.",
                hint="Go on with --on-change keep (those who were planned) or --on-change follow "
                "(who is new is added, who is gone gets nothing).",
            )


def _who_else(status: SendStatus) -> str:
    """What there is to do of a send in which nothing is left."""
    counts, said = status.counts, []
    if counts.get("temp", 0) + counts.get("perm", 0):
        said.append("--retry-failed tries who failed")
    if counts.get("unknown", 0):
        said.append("--on-unknown resend sends to who is unknown, to some twice")
    if counts.get("sent", 0) < status.total:
        said.append(f"`digest ledger report {status.slug}` lists the others")
    return f"{'; '.join(said)}." if said else ""


def _reopens(status: SendStatus, wishes: Wishes) -> bool:
    """Whether the run has something to do although nothing is left."""
    counts = status.counts
    failed = counts.get("temp", 0) + counts.get("perm", 0)
    return bool(
        (wishes.retry_failed and failed)
        or (wishes.on_unknown == "resend" and counts.get("unknown", 0))
        or wishes.on_change == "follow"
    )
