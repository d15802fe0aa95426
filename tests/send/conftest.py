"""Ledgers, each test's over SQLite and over PostgreSQL; servers that pipeline or do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail_servers import Postgresql, postgresql
from tests.send.ledgers import Desk
from tests.send.runs import PLAIN


@pytest.fixture(scope="session")
def database_server() -> Iterator[Postgresql]:
    with postgresql() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    if request.param == "sqlite":
        return Desk("sqlite:///ledger.db", tmp_path)
    server: Postgresql = request.getfixturevalue("database_server")
    return Desk(server.new_database(), tmp_path)


@pytest.fixture
def file_desk(tmp_path: Path) -> Desk:
    return Desk("sqlite:///ledger.db", tmp_path)


@pytest.fixture(params=["pipelined", "step by step"])
def extensions(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return ("PIPELINING", "8BITMIME") if request.param == "pipelined" else PLAIN
