"""The record: on the disk before the answer, whole after every accident, or an honest 503."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from digest.models import Failure
from digest.send import Unsubscribed, read_record
from digest.unsubscribe import record
from tests.unsubscribe.host import KEYS, SECRET, Site, program, served

ANN = KEYS.token("ann@example.org")


def test_a_line_that_a_crash_tore_takes_no_other_with_it(site: Site) -> None:
    site.record.parent.mkdir()
    site.record.write_bytes(b'{"at": "2026-11-2')
    assert site.click(ANN).status == 200
    torn, whole = read_record(site.record, keyring=KEYS)
    assert isinstance(torn, Failure)
    assert torn.where.endswith("line 1")
    assert isinstance(whole, Unsubscribed)
    assert whole.reference == KEYS.reference("ann@example.org")


def test_a_kill_after_the_answer_keeps_the_line(tmp_path: Path) -> None:
    with program(tmp_path) as running:
        assert running.site.click(running.token).status == 200
        running.process.kill()
        running.process.wait()
        assert running.site.told() == [
            (KEYS.reference("you@example.org"), "unsubscribed", "one-click")
        ]


def test_a_full_disk_is_told_and_leaves_whole_lines(tmp_path: Path) -> None:
    # A block is 512 bytes (POSIX): room for three lines and a part of the next.
    small_disk = ("sh", "-c", 'ulimit -f 1 && exec "$@"', "sh")
    with program(tmp_path, through=small_disk) as running:
        people = [f"reader{n}@example.org" for n in range(8)]
        answers = [running.site.click(KEYS.token(who)) for who in people]
        taken = [who for who, answer in zip(people, answers, strict=True) if answer.status == 200]
        assert 0 < len(taken) < 8
        refused = answers[-1]
        assert refused.status == 503
        assert int(refused.headers["retry-after"]) > 0
        assert "That did not work" in refused.text
        assert [row.reference for row in running.site.left()] == [
            KEYS.reference(who) for who in taken
        ]
        assert running.site.record.read_bytes().endswith(b"\n")
        running.process.kill()
        _, said = running.process.communicate()
    assert "unsubscribed.jsonl cannot be written: File too large" in said
    assert SECRET not in said
    assert not any(KEYS.token(who) in said for who in people)


def test_what_cannot_be_written_is_never_called_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (Path("/dev/full"), folder, pipe, folder / ("x" * 300), Path("/proc/none/x")):
        with served(place) as site:
            assert site.click(ANN).status == 503
            page = site.press(ANN)
            assert page.status == 503
            assert "<button" in page.text

    def refuse(_: int) -> None:
        raise OSError(5, "Input/output error")

    with served(tmp_path / "record") as site:
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", refuse)
            assert site.click(ANN).status == 503
        assert site.click(ANN).status == 200
        assert len(site.left()) == 1


def test_a_record_that_another_process_keeps_is_waited_for_and_then_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "PATIENCE_S", 0.05)
    site.record.parent.mkdir()
    with site.record.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert site.click(ANN).status == 503
    assert site.click(ANN).status == 200


def test_a_record_that_was_moved_away_begins_anew(site: Site) -> None:
    site.click(ANN)
    site.record.rename(site.record.with_suffix(".old"))
    assert site.click(KEYS.token("ben@example.org")).status == 200
    assert [row.reference for row in site.left()] == [KEYS.reference("ben@example.org")]
