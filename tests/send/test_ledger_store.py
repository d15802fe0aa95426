"""The database under the ledger: versions, copies, rights, and every way in which it fails."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert

from digest.errors import LedgerError
from digest.send import Ledger, Planned, is_there
from digest.send.delivery import Change
from digest.send.ledger import tables
from tests.send.ledgers import LIST, MESSAGE, SLUG, Desk, addresses, people, settle

pytestmark = pytest.mark.xdist_group("servers")


def test_a_ledger_of_the_first_version_is_brought_up_with_its_rows(desk: Desk) -> None:
    url = desk.url.replace("postgresql:", "postgresql+psycopg:")
    if desk.is_file:
        url = f"sqlite:///{desk.file}"
    engine = create_engine(url)
    with engine.begin() as connection:
        tables.STEPS[0](connection)
        connection.execute(tables.schema.insert().values(version=1))
        connection.execute(insert(tables.sends).values(slug=SLUG, message=MESSAGE, begun_at=1))
        connection.execute(
            insert(tables.lists).values(send_id=1, name=LIST, sha256="", planned_at=1)
        )
        connection.execute(
            insert(tables.deliveries).values(
                send_id=1,
                list_id=1,
                key="ann@example.org",
                address="ann@example.org",
                round=1,
                fields="",
                line=1,
                state="planned",
            )
        )
    assert (
        desk.ledger.soft_bounces(desk.reference("ann@example.org"), since=desk.now) == frozenset()
    )
    assert addresses(desk.book().fetch("", 5)) == ["ann@example.org"]
    with engine.begin() as connection:
        assert tables.version_of(connection) == tables.VERSION
        connection.execute(tables.schema.update().values(version=tables.VERSION + 1))
    engine.dispose()
    with pytest.raises(LedgerError, match="written by a newer digest") as refused:
        desk.another()
    assert "Update digest" in refused.value.hint


def test_two_may_come_first(desk: Desk) -> None:
    failed: list[Exception] = []

    def come() -> None:
        try:
            desk.another()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert desk.plan(people(1)) == Planned(planned=1)


def test_a_copy_is_whole_while_somebody_writes(file_desk: Desk) -> None:
    desk = file_desk
    desk.plan(people(2000))
    book, over = desk.book(), threading.Event()

    def write() -> None:
        while not over.is_set() and (jobs := book.fetch("", 20)):
            settle(book, jobs)

    writer = threading.Thread(target=write)
    writer.start()
    copy = desk.folder / "copy.db"
    desk.ledger.backup(copy)
    over.set()
    writer.join()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    kept = Desk("sqlite:///copy.db", desk.folder)
    kept.ledger.check()
    assert kept.status().total == 2000
    with pytest.raises(LedgerError, match=r"copy\.db cannot be written: File exists"):
        desk.ledger.backup(copy)


def test_half_a_copy_is_not_kept(file_desk: Desk) -> None:
    file_desk.plan(people(500))
    ledger, copy = file_desk.ledger, file_desk.folder / "copy.db"
    file_desk.file.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    for rest in ("-wal", "-shm"):
        file_desk.file.with_name(f"ledger.db{rest}").unlink(missing_ok=True)
    with pytest.raises(LedgerError, match="damaged"):
        ledger.backup(copy)
    assert not copy.exists()


def test_postgresql_has_a_tool_of_its_own(desk: Desk) -> None:
    if not desk.is_file:
        with pytest.raises(LedgerError, match="PostgreSQL") as refused:
            desk.ledger.backup(desk.folder / "copy.db")
        assert "pg_dump" in refused.value.hint


def test_only_its_owner_reads_the_file(file_desk: Desk) -> None:
    before = os.umask(0)
    try:
        file_desk.plan(people(1))
    finally:
        os.umask(before)
    kept = list(file_desk.folder.glob("ledger.db*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:hunter2@127.0.0.1:1/news",
        "postgresql://ann:hunter2@127.0.0.1:1/news?sslmode=nonsense",
        "postgresql://ann:hunter2@127.0.0.1:1/news?password=hunter2&nonsense=hunter2",
        "postgresql://ann:hunter2@/news?host=/nowhere",
        "postgresql://ann:hunter2@127.0.0.1:port/news",
        "nonsense hunter2",
    ],
)
def test_no_password_is_told(url: str, tmp_path: Path) -> None:
    desk = Desk(url, tmp_path)
    with pytest.raises(LedgerError) as refused:
        desk.another()
    told = f"{refused.value}{refused.value!r}{refused.value.__cause__}"
    assert "hunter2" not in told
    assert "\n" not in str(refused.value)


def test_without_psycopg_there_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match="needs the package psycopg") as refused:
        Desk("postgresql://127.0.0.1:1/news", tmp_path).another()
    assert "pip install 'digest[postgres]'" in refused.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///:memory:",
        "sqlite:///file:var/ledger.db?mode=memory&uri=true",
        "sqlite:///var/ledger.db?timeout=abc",
        "sqlite:///var/%00.db",
    ],
)
def test_what_is_no_file_that_stays_is_no_ledger(url: str, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="names no plain file"):
        Desk(url, tmp_path).another()
    with pytest.raises(LedgerError, match="names no plain file"):
        is_there(url, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("replaced", [True, False])
def test_nothing_is_written_to_a_ledger_that_was_removed(file_desk: Desk, replaced: bool) -> None:
    file_desk.plan(people(2))
    book = file_desk.book()
    jobs = book.fetch("", 2)
    copy = file_desk.folder / "copy.db"
    file_desk.ledger.backup(copy)
    file_desk.file.unlink()
    if replaced:
        copy.rename(file_desk.file)
    with pytest.raises(LedgerError, match="was removed or replaced while it was in use"):
        book.write([Change(job, "sending") for job in jobs])


def test_by_whatever_link_it_is_reached_a_ledger_has_one_lock(file_desk: Desk) -> None:
    file_desk.plan(people(2))
    other = file_desk.folder / "other"
    other.mkdir()
    (other / "linked.db").symlink_to(file_desk.file)
    second = Desk("sqlite:///linked.db", other)
    with (
        file_desk.ledger.hold(SLUG),
        pytest.raises(LedgerError, match="is being sent by another process"),
        second.ledger.hold(SLUG),
    ):
        pass
    with second.ledger.hold(SLUG):
        assert set(second.states().values()) == {"planned"}


@pytest.mark.parametrize("head", [b"", b"SQLite format 3\0"])
def test_a_damaged_file_is_named(file_desk: Desk, head: bytes) -> None:
    file_desk.file.write_bytes(head + b"nothing that a ledger holds" * 300)
    with pytest.raises(LedgerError, match="is damaged") as refused:
        file_desk.another()
    assert "digest ledger backup" in refused.value.hint


def test_a_page_that_is_damaged_is_found_before_a_send(file_desk: Desk) -> None:
    file_desk.plan(people(3000))
    file_desk.close()
    raw = bytearray(file_desk.file.read_bytes())
    middle = len(raw) // 2 // 4096 * 4096
    raw[middle : middle + 4096] = b"\xee" * 4096
    file_desk.file.write_bytes(raw)
    with pytest.raises(LedgerError, match="is damaged"):
        file_desk.another().check()


def test_a_locked_file_is_told_and_nothing_is_written(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digest.send.ledger import store

    monkeypatch.setattr(store, "_PATIENCE", 0.05)
    file_desk.plan(people(2))
    book = file_desk.book()
    jobs = book.fetch("", 2)
    other = sqlite3.connect(file_desk.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match="locked by another process"):
        book.write([Change(jobs[0], "sending")])
    other.execute("ROLLBACK")
    other.close()
    assert set(file_desk.states().values()) == {"planned"}
    book.write([Change(jobs[0], "sending")])
    assert sorted(file_desk.states().values()) == ["planned", "sending"]


def test_a_queue_is_fetched_without_reading_what_is_done(file_desk: Desk) -> None:
    """A million are fetched 500 at a time: each fetch begins where the last one ended."""
    file_desk.plan(people(50))
    asked: list[tuple[str, Any]] = []
    engine = file_desk.ledger._store.engine
    from sqlalchemy import event

    def keep(_c: object, _k: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", keep)
    book = file_desk.book()
    book.fetch("", 10)
    book.due(10)
    book.next_due()
    event.remove(engine, "before_cursor_execute", keep)
    with engine.connect() as connection:
        for statement, values in asked:
            if "deliveries" in statement:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                by = "key>?" if "next_at <=" not in statement and "min(" not in statement else ""
                assert (by or "deliveries_waiting") in str(plan.all()), statement


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///var/ledger.db", "var/ledger.db"),
        ("sqlite://", "var/ledger.db"),
        ("sqlite:///kept%20here.db", "kept here.db"),
        ("sqlite:///{folder}/away.db", "away.db"),
    ],
)
def test_who_only_asks_for_the_file_means_the_same_one(tmp_path: Path, url: str, file: str) -> None:
    from digest.send import Keyring, is_there

    url = url.format(folder=tmp_path)
    assert not is_there(url, folder=tmp_path)
    Ledger(url, folder=tmp_path, keyring=Keyring([]), clock=lambda: datetime.now(UTC))
    assert (tmp_path / file).is_file()
    assert is_there(url, folder=tmp_path)


def test_the_database_is_loaded_only_where_the_ledger_is_opened() -> None:
    asked = "import sys, digest.pipeline, digest.review, digest.unsubscribe; "
    asked += "print('sqlalchemy' in sys.modules); from digest.send import Ledger; "
    asked += "print(Ledger.__name__, 'sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "Ledger", "True"]


def test_a_ledger_that_is_only_looked_at_is_not_made(file_desk: Desk) -> None:
    from digest.send import Keyring, is_there

    assert not is_there(file_desk.url, folder=file_desk.folder)
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger(
            file_desk.url,
            folder=file_desk.folder,
            keyring=Keyring([]),
            clock=lambda: file_desk.now,
            look=True,
        )
    assert not file_desk.file.exists()
    file_desk.plan(people(1))
    assert is_there(file_desk.url, folder=file_desk.folder)
