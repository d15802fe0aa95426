"""The suppression list: who leaves, comes back, is forgotten; and that no trace stays."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from typing import Literal

import pytest

from digest.errors import LedgerError, SendError
from digest.models import Failure
from digest.send import Reference, Unsubscribed, read_record
from digest.send.delivery import Change
from digest.send.ledger import store, tables
from tests.send.ledgers import LIST, NEW, OLD, SLUG, Desk, addresses, people, settle

pytestmark = pytest.mark.xdist_group("servers")

ANN = "ann@example.org"


def line(
    desk: Desk, what: Literal["unsubscribed", "again"], *, minute: int, address: str = ANN
) -> Unsubscribed:
    at = desk.now + timedelta(minutes=minute)
    return Unsubscribed(at=at, reference=desk.reference(address), what=what, how="page")


@pytest.mark.parametrize(
    ("record", "left"),
    [
        ([("unsubscribed", 1)], True),
        ([("unsubscribed", 1), ("again", 2)], False),
        ([("unsubscribed", 1), ("again", 1)], False),
        ([("unsubscribed", 1), ("again", 2), ("unsubscribed", 3)], True),
        ([("unsubscribed", 1), ("again", 2), ("unsubscribed", 2)], True),
        ([("again", 2), ("unsubscribed", 1)], False),
        ([("unsubscribed", 3), ("unsubscribed", 1), ("again", 2)], True),
        ([("again", 1)], False),
    ],
)
@pytest.mark.parametrize("pieces", ["whole", "line by line", "twice"])
def test_the_latest_word_counts_however_often_a_record_is_read(
    desk: Desk,
    record: list[tuple[Literal["unsubscribed", "again"], int]],
    left: bool,
    pieces: str,
) -> None:
    lines = [line(desk, what, minute=minute) for what, minute in record]
    if pieces == "line by line":
        if [one.at for one in lines] != sorted(one.at for one in lines):
            return  # a record that is read while it grows is in order
        for upto in range(1, len(lines) + 1):
            desk.ledger.take_over(lines[:upto])
    else:
        for _ in range(1 + (pieces == "twice")):
            desk.ledger.take_over(lines)
    assert desk.ledger.is_suppressed(desk.reference(ANN)) is left
    assert desk.ledger.who_left([ANN]) == ({ANN: "unsubscribed"} if left else {})
    assert desk.ledger.suppressed() == ({"unsubscribed": 1} if left else {})


def test_how_many_are_new_and_which_lines_do_not_count(desk: Desk) -> None:
    torn = Failure(where="record, line 2", what="torn")
    lines: list[Unsubscribed | Failure] = [line(desk, "unsubscribed", minute=1), torn,
             line(desk, "unsubscribed", minute=1, address="ben@example.org")]  # fmt: skip
    assert desk.ledger.take_over(lines) == (2, [torn])
    assert desk.ledger.take_over(lines) == (0, [torn])


def test_who_unsubscribed_under_a_key_that_is_gone_stops_everything(desk: Desk) -> None:
    from digest.send import Keyring

    gone = Keyring([NEW]).reference(ANN)
    row = {"at": "2026-11-20T09:00:00+00:00", "key": "b", "reference": gone.digest.hex(),
           "what": "unsubscribed", "how": "page"}  # fmt: skip
    record = desk.folder / "record.jsonl"
    record.write_text(json.dumps(row) + "\n", "utf-8")
    with pytest.raises(LedgerError, match="under a key 'b'") as refused:
        desk.ledger.take_over(read_record(record, keyring=Keyring([OLD])))
    assert "Put that key back" in refused.value.hint
    assert "record.jsonl, line 1" in refused.value.what


def test_a_click_does_not_bring_back_who_bounced_or_complained(desk: Desk) -> None:
    for reason in ("bounced", "complained", "by hand", "forgotten"):
        address = f"{reason.replace(' ', '-')}@example.org"
        desk.ledger.suppress(desk.reference(address), reason, at=desk.now)
        desk.ledger.take_over([line(desk, "again", minute=5, address=address)])
        assert desk.ledger.is_suppressed(desk.reference(address))


def test_a_bounce_of_before_does_not_undo_who_came_back(desk: Desk) -> None:
    desk.ledger.take_over([line(desk, "unsubscribed", minute=1)])
    desk.ledger.take_over([line(desk, "again", minute=9)])
    ann = desk.reference(ANN)
    assert not desk.ledger.suppress(ann, "bounced", at=desk.now + timedelta(minutes=8))
    assert not desk.ledger.is_suppressed(ann)
    assert desk.ledger.suppress(ann, "bounced", at=desk.now + timedelta(minutes=10))
    assert desk.ledger.who_left([ANN]) == {ANN: "mail to this address came back"}


def test_forgotten_is_never_overwritten(desk: Desk) -> None:
    ann = desk.reference(ANN)
    assert desk.ledger.suppress(ann, "unsubscribed")
    assert not desk.ledger.suppress(ann, "complained")
    desk.ledger.suppress(ann, "forgotten")
    desk.ledger.suppress(ann, "bounced", at=desk.now + timedelta(days=9))
    assert desk.ledger.suppressed() == {"forgotten": 1}


def test_people_are_known_under_an_older_key_too(desk: Desk) -> None:
    desk.ledger.suppress(desk.reference(ANN), "unsubscribed")
    desk.close()
    desk.secrets = (NEW, OLD)
    desk.ledger.suppress(desk.reference("ben@example.org"), "unsubscribed")
    assert {ref.key_id for ref in map(desk.reference, (ANN, "ben@example.org"))} == {"b"}
    found = desk.plan(f"{ANN}\nben@example.org\ncat@example.org\n")
    assert (found.planned, found.left) == (1, 2)
    desk.ledger.need_keys()
    desk.close()
    desk.secrets = (NEW,)
    with pytest.raises(LedgerError, match="knows people by the key 'a'") as refused:
        desk.ledger.need_keys()
    assert "Put that key back" in refused.value.hint
    desk.close()
    desk.secrets = ()
    with pytest.raises(LedgerError):
        desk.ledger.need_keys()


def test_soft_bounces_are_counted_by_mail_and_by_time(desk: Desk) -> None:
    ann, day = desk.reference(ANN), timedelta(days=1)
    for mail, at in (("<1@x>", 0), ("<2@x>", 2), ("<2@x>", 5), ("<3@x>", 4)):
        desk.ledger.add_soft_bounce(ann, mail=mail, at=desk.now + at * day)
    assert desk.ledger.soft_bounces(ann, since=desk.now) == {"<1@x>", "<2@x>", "<3@x>"}
    assert desk.ledger.soft_bounces(ann, since=desk.now + day) == {"<2@x>", "<3@x>"}
    other = Reference("a", b"\0" * 16)
    assert desk.ledger.soft_bounces(other, since=desk.now) == frozenset()


def test_a_note_of_any_length_is_kept(desk: Desk) -> None:
    assert desk.ledger.suppress(desk.reference(ANN), "bounced", note="550 " * 900)


def test_nothing_names_who_is_forgotten(desk: Desk) -> None:
    """Not in a table; in SQLite's file and its log not in any byte, even of what was moved."""
    names = [ANN, *people(300)]
    for slug in (SLUG, "2026-W48"):
        desk.plan(["address,note", *(f"{name},note-of-{name}" for name in names)], slug=slug)
    book = desk.book()
    jobs = book.fetch("", 200)
    # Rows that grow move, and leave their old selves behind in the page.
    book.write([Change(job, "temp", 450, f"{job.recipient.address} " * 20, 1, 9) for job in jobs])
    desk.ledger.add_soft_bounce(desk.reference(ANN), mail="<of-ann@example.org>", at=desk.now)
    assert desk.ledger.forget(ANN) == 2
    assert desk.ledger.is_suppressed(desk.reference(ANN))
    assert desk.ledger.soft_bounces(desk.reference(ANN), since=desk.now) == frozenset()
    forgotten = [row for row in desk.ledger.rows(SLUG) if not row.address]
    assert [(row.state, row.reply, row.line) for row in forgotten] == [("withdrawn", "", 0)]
    assert desk.status().total == 301
    if desk.is_file:
        for path in desk.folder.glob("ledger.db*"):
            raw = path.read_bytes().lower()
            assert b"ann@example" not in raw, path
            assert b"of-ann" not in raw, path
    else:
        from sqlalchemy import create_engine, text

        engine = create_engine(desk.url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connection:
            for table in ("sends", "lists", "deliveries", "suppressions", "soft_bounces"):
                rows = connection.execute(text(f"SELECT x::text FROM {table} x")).scalars()
                assert not [row for row in rows if "ann@" in row or "of-ann" in row]
        engine.dispose()


def test_who_is_forgotten_stays_so_whatever_list_comes(desk: Desk) -> None:
    desk.plan(f"{ANN}\nben@example.org\n")
    desk.ledger.forget(ANN)
    found = desk.plan(f"{ANN}\ncat@example.org\n", name="others.csv")
    assert (found.planned, found.left) == (1, 1)
    assert ANN not in desk.states()
    desk.plan(f"{ANN}\n", slug="2026-W48")
    assert [row.address for row in desk.ledger.rows("2026-W48")] == []
    assert desk.ledger.forget(ANN) == 0


def test_who_was_planned_under_two_names_is_forgotten_once_more(desk: Desk) -> None:
    """An older program wrote the address down again after it was forgotten."""
    desk.plan(f"{ANN}\n")
    desk.ledger.forget(ANN)
    with desk.ledger._store.begin() as connection:
        connection.execute(
            tables.deliveries.insert().values(
                send_id=1,
                list_id=1,
                key=ANN,
                address=ANN,
                round=1,
                fields="",
                line=1,
                state="withdrawn",
            )
        )
    assert desk.ledger.forget(ANN) == 1
    assert ANN not in desk.states()


def test_who_got_it_is_forgotten_and_the_figures_stand(desk: Desk) -> None:
    desk.plan(f"{ANN}\nben@example.org\n")
    book = desk.book()
    settle(book, book.fetch("", 2))
    desk.ledger.forget(ANN)
    assert desk.status().counts == {"sent": 2, "waiting": 0}
    assert addresses(desk.book().fetch("", 5)) == []


def test_a_file_that_is_in_use_is_scrubbed_later(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = file_desk
    desk.plan(f"{ANN}\n")
    monkeypatch.setattr(store, "_PATIENCE", 0.05)
    reader = sqlite3.connect(desk.file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM deliveries").fetchall()
    with pytest.raises(LedgerError, match="still holds remainders") as refused:
        desk.ledger.forget(ANN)
    assert "once more" in refused.value.hint
    assert desk.states() == {"": "withdrawn"}
    reader.close()
    assert desk.ledger.forget(ANN) == 0
    assert all(b"ann@" not in path.read_bytes() for path in desk.folder.glob("ledger.db*"))


def test_nobody_is_forgotten_without_a_key(desk: Desk) -> None:
    desk.secrets = ()
    with pytest.raises(SendError, match="no key"):
        desk.ledger.forget(ANN)


def test_a_report_has_rows_of_who_is_forgotten_without_a_name(desk: Desk) -> None:
    desk.plan(f"{ANN}\n")
    desk.ledger.forget(ANN)
    (row,) = desk.ledger.rows(SLUG)
    assert (row.list_name, row.address) == (LIST, "")
