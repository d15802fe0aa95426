"""A newsroom with four issues, made once and copied for each test that publishes it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.pipeline.published import Newsroom, newsroom


@pytest.fixture(scope="module")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsroom(tmp_path_factory.mktemp("kept") / "harbor").folder


@pytest.fixture
def room(harbor: Path, tmp_path: Path) -> Newsroom:
    shutil.copytree(harbor, tmp_path / "harbor")
    return Newsroom(tmp_path / "harbor")
