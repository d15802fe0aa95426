"""What the ledger tells: how far a list is, and where each of its recipients stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select

from digest.send.address import same
from digest.send.delivery import State
from digest.send.ledger.nouns import Outcomes, SendStatus, Standing
from digest.send.ledger.tables import deliveries, lists, sends


def status(connection: Connection, slug: str | None) -> Iterator[SendStatus]:
    """How far every list is, or those of one issue; the latest planned last."""
    query = (
        select(lists.c.id, lists.c.send_id, lists.c.name, lists.c.sha256, lists.c.planned_at,
               sends.c.slug, sends.c.message)
        .join(sends, sends.c.id == lists.c.send_id)
        .order_by(lists.c.planned_at, lists.c.id)
    )  # fmt: skip
    if slug is not None:
        query = query.where(sends.c.slug == slug)
    for row in connection.execute(query).all():
        yield SendStatus(
            slug=row.slug,
            list_name=row.name,
            sha256=row.sha256,
            message=row.message,
            planned_at=_moment(row.planned_at),
            counts=counts(connection, row.send_id, list_id=row.id),
        )


def counts(connection: Connection, send_id: int, *, list_id: int | None = None) -> dict[str, int]:
    """How many deliveries of a send are in which state.

    `waiting` are those of `temp` that are tried again by themselves.
    """
    mine = deliveries.c.send_id == send_id
    if list_id is not None:
        mine = and_(mine, deliveries.c.list_id == list_id)
    by_state = connection.execute(
        select(deliveries.c.state, func.count()).where(mine).group_by(deliveries.c.state)
    )
    found: dict[str, int] = {row[0]: row[1] for row in by_state}
    waiting = connection.execute(
        select(func.count()).where(mine, deliveries.c.next_at.is_not(None))
    ).scalar()
    return {**found, "waiting": int(waiting or 0)}


def of_issue(
    connection: Connection, slug: str, *, states: Sequence[State] = ()
) -> Iterator[Standing]:
    """Every delivery of an issue, list by list in the order of their lines."""
    query = _all().where(sends.c.slug == slug)
    if states:
        query = query.where(deliveries.c.state.in_(tuple(states)))
    ordered = query.order_by(deliveries.c.list_id, deliveries.c.line, deliveries.c.key)
    for row in connection.execution_options(yield_per=1000).execute(ordered):
        yield _standing(row)


def of_address(connection: Connection, address: str) -> Iterator[Standing]:
    """Every delivery to an address, of all issues."""
    for send_id, slug in connection.execute(select(sends.c.id, sends.c.slug)).all():
        mine = (deliveries.c.send_id == send_id) & (deliveries.c.key == same(address))
        for row in connection.execute(_all().where(mine, sends.c.slug == slug)):
            yield _standing(row)


def outcomes(connection: Connection, slug: str, *, most: int) -> Outcomes:
    """What became of an issue's deliveries, with the `most` frequent replies."""
    send_id = connection.execute(select(sends.c.id).where(sends.c.slug == slug)).scalar()
    if send_id is None:
        return Outcomes()
    mine = deliveries.c.send_id == send_id
    number = func.count().label("number")
    about = (deliveries.c.state, deliveries.c.code, deliveries.c.reply)
    replies = connection.execute(
        select(*about, number)
        .where(mine, deliveries.c.state != "sent", deliveries.c.reply.is_not(None))
        .group_by(*about)
        .order_by(number.desc(), *about)
        .limit(most)
    ).all()
    moments = select(func.min(deliveries.c.begun_at), func.max(deliveries.c.ended_at)).where(mine)
    first, last = connection.execute(moments).one()
    domains: dict[str, Counter[str]] = {}
    keys = select(deliveries.c.key, deliveries.c.state).where(mine)
    for key, state in connection.execution_options(yield_per=1000).execute(keys):
        domains.setdefault(key.rpartition("@")[2], Counter())[state] += 1
    return Outcomes(
        domains=domains,
        replies=tuple((r.state, r.code or 0, r.reply, r.number) for r in replies),
        first=None if first is None else _moment(first),
        last=None if last is None else _moment(last),
    )


def _all() -> Select[Any]:
    return (
        select(deliveries, lists.c.name, sends.c.slug)
        .join(lists, lists.c.id == deliveries.c.list_id)
        .join(sends, sends.c.id == deliveries.c.send_id)
    )


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        slug=row.slug,
        list_name=row.name,
        line=row.line,
        address=row.key if row.address is None else row.address,
        state=row.state,
        code=row.code or 0,
        reply=row.reply or "",
        attempts=row.attempts or 0,
        begun_at=None if row.begun_at is None else _moment(row.begun_at),
        ended_at=None if row.ended_at is None else _moment(row.ended_at),
    )


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
