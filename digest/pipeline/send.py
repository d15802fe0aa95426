"""Sending an issue to its readers: planned, sent, resumed; nobody twice, nobody missed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest.archive import freeze
from digest.errors import SendError
from digest.models import Failure
from digest.pipeline.check import check_issue
from digest.pipeline.make import Step
from digest.pipeline.outbox import envelope_of, token_from
from digest.pipeline.outgoing import Outgoing, Told, Wishes
from digest.send import (
    Job,
    Patience,
    Prepared,
    Progress,
    Run,
    Schedule,
    SendStatus,
    Stop,
    Tally,
    parse_smtp_url,
)

if TYPE_CHECKING:
    from digest.send import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How a run ended: `error` where it ended before its end, `stopped` where somebody asked."""

    slug: str
    list_name: str
    tally: Tally
    status: SendStatus
    failures: tuple[Failure, ...] = ()
    error: SendError | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a run behaves towards who started it, and how patient it is."""

    progress: Progress | None = None
    step: Step = lambda *_: None
    stop: Stop = field(default_factory=Stop)
    patience: Patience | None = None


def send(
    outgoing: Outgoing,
    wishes: Wishes,
    *,
    clock: Callable[[], datetime],
    manners: Manners | None = None,
) -> Sent:
    """Send the issue to its readers, or go on where a run ended.

    Raises SendError, before anything leaves, for everything that `rehearse` calls a refusal, and
    LedgerError where the ledger fails: then no body goes out any more.
    """
    manners = manners or Manners()
    findings = check_issue(outgoing.slug, archive=outgoing.archive).findings
    for refusal in outgoing.refusals(findings, now=clock()):
        raise refusal
    message = outgoing.prepared()
    told = Told()
    with closing(outgoing.ledger(clock)) as ledger, ledger.hold(outgoing.slug):
        ledger.need_keys()
        outgoing.take_over(ledger, told)
        outgoing.need_same_message(ledger)
        status = outgoing.status(ledger)
        outgoing.need_sense(status, wishes)
        ledger.replace_message(outgoing.slug, outgoing.sha256)
        _plan(outgoing, ledger, status, wishes=wishes, told=told, manners=manners)
        if not manners.stop.asked:
            freeze(outgoing.archive.folder, outgoing.slug, version=outgoing.version)
        return _run(outgoing, ledger, message, wishes=wishes, told=told, manners=manners)


def _plan(
    outgoing: Outgoing,
    ledger: Ledger,
    status: SendStatus | None,
    *,
    wishes: Wishes,
    told: Told,
    manners: Manners,
) -> None:
    def step(count: int) -> None:
        if manners.stop.asked:
            raise SendError(
                f"Stopped while {name} was being planned: nothing is kept, and nothing was sent.",
                hint="The same command begins again.",
            )
        manners.step(f"Planning {name}", count, 0)

    name, digest = outgoing.readers.name, outgoing.sha256
    if status is None or (outgoing.readers.is_stream and not wishes.resume):
        with outgoing.readers.open() as rows:
            ledger.plan(outgoing.slug, rows, name=name, message=digest, told=told, step=step)
    elif wishes.on_change == "follow":
        ledger.plan_anew(outgoing.slug, outgoing.readers.open, name=name, message=digest, told=told)
    if wishes.retry_failed:
        ledger.again(outgoing.slug, ("temp", "perm"), name=name)
    if wishes.on_unknown == "resend":
        ledger.again(outgoing.slug, ("unknown",), name=name)


def _run(
    outgoing: Outgoing,
    ledger: Ledger,
    message: Prepared,
    *,
    wishes: Wishes,
    told: Told,
    manners: Manners,
) -> Sent:
    settings = outgoing.settings
    rate = settings.rate if wishes.rate is None else wishes.rate
    schedule = Schedule(rate=rate, domain_rates=dict(settings.domain_rates))
    watch = _RecordWatch(
        outgoing.record, lambda: outgoing.take_over(ledger, told), manners.progress
    )
    outgoing.take_over(ledger, told)  # planning a long list takes a while
    before = outgoing.status(ledger)
    tally = Tally(total=before.left if before else 0)
    if wishes.limit is not None:
        tally.total = min(tally.total, wishes.limit)
    book = ledger.book(
        outgoing.slug,
        name=outgoing.readers.name,
        queues=schedule.limited,
        limit=wishes.limit,
        tally=tally,
        longest=(manners.patience or Patience()).longest,
    )

    def wire(job: Job) -> bytes:
        return message.on_the_wire(job.recipient)

    run = Run(
        book,
        wire,
        server=parse_smtp_url(settings.smtp_url),
        sender=envelope_of(outgoing.issue, settings),
        schedule=schedule,
        connections=wishes.connections or settings.connections,
        token=token_from(settings),
        envelope_id=lambda job: outgoing.keyring.token(job.recipient.address),
        patience=manners.patience,
        tally=tally,
        stop=manners.stop,
        progress=watch,
    )
    run.go()
    after = outgoing.status(ledger)
    assert after is not None  # noqa: S101 # it was planned above
    return Sent(
        slug=outgoing.slug,
        list_name=outgoing.readers.name,
        tally=replace(tally),
        status=after,
        failures=tuple(told.failures),
        error=run.error,
        stopped=manners.stop.asked,
    )


class _RecordWatch:
    """Looks, while a run tells how far it is, whether somebody unsubscribed meanwhile."""

    def __init__(
        self, record: Path, take_over: Callable[[], None], progress: Progress | None
    ) -> None:
        self._record = record
        self._take_over = take_over
        self._progress = progress
        self._seen = self._now()

    def __call__(self, tally: Tally) -> None:
        now = self._now()
        if now != self._seen:
            self._seen = now
            self._take_over()
        if self._progress is not None:
            self._progress(tally)

    def _now(self) -> tuple[int, int]:
        try:
            there = self._record.stat()
        except OSError:
            return (0, 0)
        return (there.st_size, there.st_mtime_ns)
