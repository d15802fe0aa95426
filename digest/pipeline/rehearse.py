"""The dry run of a send: what it would do, and why it would not begin."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import DigestError, SendError
from digest.models import Failure, Finding
from digest.pipeline.check import check_issue
from digest.pipeline.make import Step
from digest.pipeline.outgoing import Outgoing, Told, Wishes
from digest.send import Planned, SendStatus, is_there

if TYPE_CHECKING:
    from digest.send import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a send would do.

    `refusals` are why it would not begin, `warnings` what is doubtful; `seconds` is how long it
    takes at the limits that are set, 0 where there are none.
    """

    slug: str
    list_name: str
    planned: Planned
    status: SendStatus | None
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    refusals: tuple[DigestError, ...]
    warnings: tuple[str, ...]
    seconds: float
    message_bytes: int


def rehearse(
    outgoing: Outgoing,
    wishes: Wishes,
    *,
    clock: Callable[[], datetime],
    step: Step = lambda *_: None,
) -> Rehearsal:
    """What `send` would do with the same wishes. Nothing is written, nobody is written to."""
    findings = check_issue(outgoing.slug, archive=outgoing.archive).findings
    refusals = list(outgoing.refusals(findings, now=clock()))
    told = Told()
    with _ledger(outgoing, clock) as ledger:
        status = outgoing.status(ledger)
        follow = status is not None and wishes.on_change == "follow"
        planned = _trial(outgoing, ledger, told, refusals, step, follow=follow)
        try:
            outgoing.need_same_message(ledger)
            outgoing.need_sense(status, wishes)
        except DigestError as error:
            refusals.append(error)
    return Rehearsal(
        slug=outgoing.slug,
        list_name=outgoing.readers.name,
        planned=planned,
        status=status,
        findings=findings,
        failures=tuple(told.failures),
        refusals=tuple(refusals),
        warnings=outgoing.warnings(),
        seconds=_seconds(outgoing, planned, wishes, left=status.left if status else 0),
        message_bytes=len(outgoing.message),
    )


def _trial(
    outgoing: Outgoing,
    ledger: Ledger,
    told: Told,
    refusals: list[DigestError],
    step: Step,
    *,
    follow: bool,
) -> Planned:
    name = outgoing.readers.name
    try:
        ledger.need_keys()
        if follow and not outgoing.readers.is_stream:
            return ledger.plan_anew(
                outgoing.slug,
                outgoing.readers.open,
                name=name,
                message=outgoing.sha256,
                told=told,
                trial=True,
                record=outgoing.left_lately(),
            )
        with outgoing.readers.open() as rows:
            return ledger.plan(
                outgoing.slug,
                rows,
                name=name,
                message=outgoing.sha256,
                told=told,
                trial=True,
                record=outgoing.left_lately(),
                step=lambda count: step(f"Reading {name}", count, 0),
            )
    except SendError as error:
        refusals.append(error)
        return Planned()


@contextmanager
def _ledger(outgoing: Outgoing, clock: Callable[[], datetime]) -> Iterator[Ledger]:
    """The ledger, or an empty one that is thrown away where there is none yet."""
    if is_there(outgoing.settings.database_url, folder=outgoing.folder):
        with closing(outgoing.ledger(clock)) as ledger:
            yield ledger
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(outgoing.ledger(clock, elsewhere=Path(folder))) as ledger,
    ):
        yield ledger


def _seconds(outgoing: Outgoing, planned: Planned, wishes: Wishes, *, left: int) -> float:
    settings = outgoing.settings
    rate = settings.rate if wishes.rate is None else wishes.rate
    whole = planned.planned + left
    count = whole if wishes.limit is None else min(whole, wishes.limit)
    slowest = max(
        (planned.domains.get(domain, 0) / limit for domain, limit in settings.domain_rates),
        default=0.0,
    )
    return max(count / rate if rate else 0.0, slowest)
