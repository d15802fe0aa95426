"""What tests of several files ask for."""

from __future__ import annotations

import pytest

from tests.send.runs import PLAIN


@pytest.fixture(params=["pipelined", "step by step"])
def extensions(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return ("PIPELINING", "8BITMIME") if request.param == "pipelined" else PLAIN
