"""One fault server for all tests of the fetch: it holds no state that they could share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.net.loopback import Loopback
from tests.servers import FaultServer


@pytest.fixture(scope="session")
def running() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def net(running: FaultServer) -> Loopback:
    """A fresh view on the server: nothing asked, nothing looked up."""
    running.asked.clear()
    return Loopback(running)
