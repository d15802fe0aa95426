"""The tables of the ledger, and the steps from one version of them to the next.

Moments are whole milliseconds since 1970 in UTC: both databases compare them alike.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    text,
)

metadata = MetaData()
# SQLite counts rows only where the key is called INTEGER.
_Row = BigInteger().with_variant(Integer, "sqlite")

schema = Table("schema", metadata, Column("version", Integer, nullable=False))

sends = Table(
    "sends",
    metadata,
    Column("id", _Row, primary_key=True),
    Column("slug", String(16), nullable=False, unique=True),
    Column("message", String(64), nullable=False),
    Column("begun_at", BigInteger, nullable=False),
)
"""An issue that is sent: the SHA-256 of its message.eml, which every recipient gets a copy of."""

lists = Table(
    "lists",
    metadata,
    Column("id", _Row, primary_key=True),
    Column("send_id", ForeignKey("sends.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("planned_at", BigInteger, nullable=False),
    Column("rounds", Integer, nullable=False, server_default="0"),
    UniqueConstraint("send_id", "name"),
)
"""A list that an issue is sent to, the SHA-256 of its file when it was planned, and how often that
was."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("send_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("list_id", BigInteger, nullable=False),
    Column("round", Integer, nullable=False),
    Column("address", Text),
    Column("fields", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("state", String(10), nullable=False, server_default="planned"),
    Column("code", Integer),
    Column("reply", Text),
    Column("attempts", Integer),
    Column("next_at", BigInteger),
    Column("begun_at", BigInteger),
    Column("ended_at", BigInteger),
    sqlite_with_rowid=False,
)
"""One recipient of one issue, planned by the list's `round`.

`key` is what all spellings of an address have in common, and the row's place: one tree, and no
index beside it into which a million rows would have to be sorted. `address` stands where it is
written otherwise. What is not known yet is NULL, which takes no room. That the sends and lists
that a row names are there is not asked a million times.
"""

_WAITING = "next_at IS NOT NULL"
Index(
    "deliveries_waiting",
    deliveries.c.send_id,
    deliveries.c.next_at,
    sqlite_where=text(_WAITING),
    postgresql_where=text(_WAITING),
)
"""Who was put off: few, and looked for again and again."""

suppressions = Table(
    "suppressions",
    metadata,
    Column("key_id", String(4), primary_key=True),
    Column("reference", LargeBinary(16), primary_key=True),
    Column("reason", String(16), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("at", BigInteger, nullable=False),
    Column("lifted", Boolean, nullable=False, server_default=text("false")),
)
"""Who gets nothing any more, by a keyed hash of the address alone."""

soft_bounces = Table(
    "soft_bounces",
    metadata,
    Column("key_id", String(4), primary_key=True),
    Column("reference", LargeBinary(16), primary_key=True),
    Column("message_id", String(255), primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""Mails that came back for a reason that may pass, one row for each."""


def _first(connection: Connection) -> None:
    """Version 1: sends, lists, deliveries, suppressions."""
    tables = (schema, sends, lists, deliveries, suppressions)
    metadata.create_all(connection, tables=tables)


def _second(connection: Connection) -> None:
    """Version 2: bounces that may pass are counted."""
    metadata.create_all(connection, tables=(soft_bounces,))


STEPS: tuple[Callable[[Connection], None], ...] = (_first, _second)
"""Step n makes version n + 1 out of version n. What was released is never changed."""

VERSION = len(STEPS)


def version_of(connection: Connection) -> int:
    """The version of the tables that are there; 0 where there are none."""
    if not inspect(connection).has_table("schema"):
        return 0
    found = connection.execute(text("SELECT max(version) FROM schema")).scalar()
    return int(found or 0)


def migrate(connection: Connection) -> None:
    """Bring the tables to `VERSION`, step by step; the caller's transaction holds it together."""
    if connection.dialect.name == "postgresql":  # two processes may come to a new database at once
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('digest migrates'))"))
    have = version_of(connection)
    for number, step in enumerate(STEPS[have:], start=have + 1):
        step(connection)
        connection.execute(schema.delete())
        connection.execute(schema.insert().values(version=number))
