"""Every field that an entry fills says where it was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest import sample
from digest.collect import PROVENANCE
from digest.models import Entry
from tests.collect.doubles import FIXTURES, gather


def untold(entries: tuple[Entry, ...]) -> list[tuple[str, str]]:
    return [
        (entry.title, name)
        for entry in entries
        for name in PROVENANCE
        if getattr(entry, name) and name not in dict(entry.provenance)
    ]


@pytest.mark.parametrize("folder", [FIXTURES, sample.folder()], ids=["fixtures", "sample"])
def test_no_field_is_without_its_origin(folder: Path) -> None:
    found = gather(str(folder))
    assert len(found.entries) > 10
    assert untold(found.entries) == []
    for entry in found.entries:
        assert [name for name, _ in entry.provenance] == [
            name for name in PROVENANCE if getattr(entry, name)
        ]


def test_no_field_of_real_documents_is(bench_data: Path) -> None:
    found = gather(str(bench_data / "feeds" / "real"), str(bench_data / "seed"))
    assert untold(found.entries) == []
