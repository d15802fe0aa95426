"""What a run takes from the ledger and writes back: in order, each once, nobody who left."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from digest.send import Job, Patience, Run, Schedule, State, Tally, parse_smtp_url
from digest.send.delivery import Change
from digest.send.ledger import tables
from digest.send.ledger.deliveries import SendBook
from digest.send.smtp import run as loop
from tests.send.ledgers import LIST, NEW, OLD, Desk, addresses, people, settle
from tests.send.servers import real_server

pytestmark = pytest.mark.xdist_group("servers")


def test_each_is_fetched_once_in_the_order_of_the_list(desk: Desk) -> None:
    desk.plan(people(7))
    book = desk.book()
    pieces = [addresses(book.fetch("", 3)) for _ in range(4)]
    assert [len(piece) for piece in pieces] == [3, 3, 1, 0]
    assert [a for piece in pieces for a in piece] == people(7)
    assert addresses(desk.book().fetch("", 9)) == people(7), "another run begins anew"


def test_queues_take_their_own(desk: Desk) -> None:
    big = people(3, domain="big.example.com")
    mixed = [a for pair in zip(people(3), big, strict=True) for a in pair]
    desk.plan([*mixed, "zoe@BIG.example.com"])
    book = desk.book(queues=("big.example.com",))
    assert addresses(book.fetch("big.example.com", 2)) == big[:2]
    assert addresses(book.fetch("", 10)) == people(3)
    assert addresses(book.fetch("big.example.com", 10)) == [big[2], "zoe@big.example.com"]
    assert book.fetch("", 10) == book.fetch("big.example.com", 10) == ()


def test_a_book_is_of_one_list(desk: Desk) -> None:
    desk.plan(people(2))
    desk.plan(people(2, first=3), name="others.csv")
    settle(desk.book(), desk.book().fetch("", 1), "temp", wait=1)
    settle(desk.book(), desk.book().fetch("", 1), "perm")
    desk.wait(minutes=1)
    other = desk.book(name="others.csv")
    assert addresses(other.fetch("", 10)) == people(2, first=3)
    assert other.due(10) == []
    assert other.next_due() is None
    assert desk.ledger.again("2026-W47", ("perm", "temp"), name="others.csv") == 0
    assert desk.ledger.again("2026-W47", ("perm", "temp"), name=LIST) == 2
    assert addresses(desk.book().fetch("", 10)) == people(2)
    assert desk.ledger.again("2026-W40", ("perm",), name=LIST) == 0


def test_at_most_so_many_people_are_given_out(desk: Desk) -> None:
    desk.plan(people(9))
    old = desk.book()
    settle(old, old.fetch("", 4), "temp", wait=1)
    desk.wait(minutes=1)
    book = desk.book(limit=3)
    first = book.fetch("", 2)
    assert addresses(first) == people(2, first=5)
    settle(book, first, "temp", wait=1)
    desk.wait(minutes=1)
    again = book.due(10)
    assert len(again) == 3, "the two who were given out, and one more"
    assert set(addresses(first)) < set(addresses(again))
    assert book.fetch("", 10) == ()
    assert book.due(10) == []


def test_who_unsubscribes_meanwhile_is_withdrawn(desk: Desk) -> None:
    desk.plan(people(6))
    tally = Tally()
    book = desk.book(tally=tally)
    settle(book, book.fetch("", 2), "temp", wait=1)
    for number in (1, 3, 4, 6):
        desk.ledger.suppress(desk.reference(f"reader{number}@example.org"), "unsubscribed")
    desk.wait(minutes=1)
    assert addresses(book.fetch("", 2)) == ["reader5@example.org"]
    assert addresses(book.due(5)) == ["reader2@example.org"]
    assert book.fetch("", 2) == ()
    assert tally.withdrawn == 4
    gone = {row.address: row for row in desk.ledger.rows("2026-W47", states=("withdrawn",))}
    assert set(gone) == {f"reader{n}@example.org" for n in (1, 3, 4, 6)}
    assert {row.reply for row in gone.values()} == {"unsubscribed"}
    assert gone["reader1@example.org"].attempts == 1


def test_who_leaves_after_they_were_fetched_is_not_begun(desk: Desk) -> None:
    """Hundreds are fetched at once, and at a slow rate the last of them waits for hours."""
    desk.secrets = (NEW, OLD)
    desk.plan(people(6))
    book = desk.book()
    jobs = book.fetch("", 6)
    with_older = Desk(desk.url, desk.folder, secrets=(OLD,))
    desk.ledger.suppress(with_older.reference("reader1@example.org"), "unsubscribed")
    desk.ledger.suppress(desk.reference("reader2@example.org"), "complained")
    if desk.is_file:
        desk.another().forget("reader3@example.org")
    else:
        desk.ledger.forget("reader3@example.org")
    desk.ledger.suppress(desk.reference("reader4@example.org"), "bounced")
    desk.ledger.restore(desk.reference("reader4@example.org"))
    left = book.write([Change(job, "sending") for job in jobs])
    assert sorted(left) == [f"reader{n}@example.org" for n in (1, 2, 3)]
    assert desk.states() == {
        "reader1@example.org": "withdrawn",
        "reader2@example.org": "withdrawn",
        "": "withdrawn",
        **dict.fromkeys([f"reader{n}@example.org" for n in (4, 5, 6)], "sending"),
    }
    assert desk.replies()["reader1@example.org"] == "unsubscribed"
    assert not book.write([Change(jobs[4], "sending")]), "it was put back, and is begun again"


def test_who_is_put_back_is_not_given_out_a_second_time(desk: Desk) -> None:
    """Whoever was put off is in the run's hands from then on, whatever it writes of them."""
    desk.plan(people(5))
    settle(desk.book(), desk.book().fetch("", 5)[4:], "temp", wait=1)
    desk.wait(minutes=1)
    book = desk.book()
    (late,) = book.due(5)
    store = desk.ledger._store
    again: list[Job] = []
    begin = store.begin

    @contextlib.contextmanager
    def meanwhile() -> Iterator[Connection]:
        again.extend(book.due(5))  # the other thread, before the commit
        with begin() as connection:
            yield connection

    store.begin = meanwhile  # type: ignore[method-assign]
    book.write([Change(late, "planned", attempts=late.attempts)])
    assert again == []
    assert addresses(book.fetch("", 9)) == people(4)
    assert book.due(5) == []
    book.write([Change(late, "sending")])
    book.write([Change(late, "planned"), Change(late, "sending")])
    assert desk.states()[late.key] == "sending"


def test_an_intent_beside_another_is_refused(desk: Desk) -> None:
    desk.plan(people(2))
    book = desk.book()
    one, other = book.fetch("", 2)
    assert not book.write([Change(one, "sending")])
    desk.wait(seconds=1)
    assert book.write([Change(one, "sending"), Change(other, "sending")]) == {one.key}
    assert desk.states() == dict.fromkeys(people(2), "sending")
    assert book.write([Change(one, "sent", 250, "taken", 1), Change(one, "sending")]) == {one.key}
    assert desk.states()[one.key] == "sent"


def test_a_crowd_that_left_does_not_end_a_run_of_one(desk: Desk) -> None:
    desk.plan([*people(1499), "zoe@example.org"])
    with desk.ledger._store.begin() as connection:
        known = [desk.reference(address) for address in people(1499)]
        values = [
            {"key_id": who.key_id, "reference": who.digest, "reason": "bounced", "at": 1}
            for who in known
        ]
        connection.execute(tables.suppressions.insert(), values)
    assert addresses(desk.book(limit=1).fetch("", 500)) == ["zoe@example.org"]
    assert desk.status().counts["withdrawn"] == 1499


def test_one_who_left_does_not_end_the_run_for_those_behind(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A piece of the list that comes back shorter, since somebody left, is not its end."""
    desk = file_desk
    monkeypatch.setattr(loop, "_CHUNK", 20)
    desk.plan(people(50))
    desk.ledger.suppress(desk.reference("reader1@example.org"), "unsubscribed")
    tally = Tally(total=50)
    with real_server() as inbox:
        run = Run(
            desk.book(tally=tally),
            lambda job: b"Subject: x\r\n\r\n.\r\n",
            server=parse_smtp_url(f"smtp://127.0.0.1:{inbox.port}"),
            sender="bounces@example.org",
            schedule=Schedule(),
            connections=2,
            tally=tally,
        )
        run.go()
    assert desk.status().counts == {"sent": 49, "withdrawn": 1, "waiting": 0}
    assert len(inbox.mails) == 49


def put_off(desk: Desk, seconds: float) -> tuple[SendBook, Job]:
    desk.plan(people(1))
    book = desk.book()
    (job,) = book.fetch("", 1)
    settle(book, [job], "temp", wait=seconds)
    return book, job


def test_who_was_put_off_is_due_when_the_time_has_come(desk: Desk) -> None:
    book, _ = put_off(desk, 60)
    assert book.next_due() == 60
    assert book.due(5) == []
    desk.wait(seconds=59.9)
    assert book.due(5) == []
    desk.wait(seconds=0.1)
    assert book.next_due() == 0
    (job,) = book.due(5)
    assert job.attempts == 1
    assert book.due(5) == [], "it is given out already"
    settle(book, [job], "temp", wait=1)
    desk.wait(seconds=1)
    (job,) = book.due(5)
    assert job.attempts == 2
    settle(book, [job], "temp")
    assert book.next_due() is None
    desk.wait(days=1)
    assert book.due(5) == [], "it was given up"
    assert desk.status().counts == {"temp": 1, "waiting": 0}


def test_a_clock_that_jumps_a_day_forward_or_back_keeps_nobody_waiting(desk: Desk) -> None:
    book, job = put_off(desk, 300)
    desk.wait(days=1)
    assert addresses(book.due(5)) == [job.recipient.address]
    settle(book, [job], "temp", wait=300)
    desk.wait(days=-1)
    assert book.next_due() == 0
    assert addresses(book.due(5)) == [job.recipient.address]
    settle(book, [job], "temp", wait=300)
    assert book.next_due() == 300
    assert book.due(5) == []


def test_a_clock_that_is_set_right_hurries_nobody(desk: Desk) -> None:
    longest = max(Patience().retry)
    book, _ = put_off(desk, longest)
    desk.wait(seconds=-20)
    assert book.due(5) == []
    assert book.next_due() == longest + 20


@pytest.mark.parametrize(
    ("states", "last"),
    [
        (("sending", "planned"), "planned"),
        (("sending", "sent"), "sent"),
        (("planned", "sending"), "sending"),
        (("sending", "planned", "sending"), "sending"),
        (("sending", "temp", "sending", "unknown"), "unknown"),
    ],
)
def test_of_several_changes_in_one_group_the_last_counts(
    desk: Desk, states: tuple[State, ...], last: State
) -> None:
    desk.plan(people(2))
    book = desk.book()
    one, two = book.fetch("", 2)
    changes = [Change(one, state, attempts=1) for state in states]
    book.write([*changes, Change(two, "sending")])
    assert desk.states() == {"reader1@example.org": last, "reader2@example.org": "sending"}


def test_what_is_released_is_as_it_was(desk: Desk) -> None:
    desk.plan(people(1))
    book = desk.book()
    (job,) = book.fetch("", 1)
    book.write([Change(job, "sending")])
    book.write([Change(job, "planned")])
    (row,) = desk.ledger.rows("2026-W47")
    assert (row.state, row.code, row.reply, row.attempts, row.ended_at) == (
        "planned",
        0,
        "",
        0,
        None,
    )
    assert desk.book().fetch("", 1) == [job]


def test_a_group_is_written_whole_or_not_at_all(desk: Desk) -> None:
    desk.plan(people(2))
    book = desk.book()
    one, two = book.fetch("", 2)
    unfit = Change(two, "sent", reply="\ud800", attempts=1)  # in no encoding
    with pytest.raises(Exception, match=r"surrogates|surrogate|ledger"):
        book.write([Change(one, "sent", attempts=1), unfit])
    assert set(desk.states().values()) == {"planned"}


def test_a_long_answer_is_cut(desk: Desk) -> None:
    desk.plan(people(1))
    book = desk.book()
    book.write([Change(book.fetch("", 1)[0], "perm", 550, "no " * 1000, 1)])
    (row,) = desk.ledger.rows("2026-W47")
    assert len(row.reply) == 500
