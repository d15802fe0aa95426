"""The ledger: planned lists, one sender at a time, copies, versions, faults."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest

from digest.errors import LedgerError, SendError
from digest.models import Failure
from digest.send import Unsubscribed, open_list
from digest.send.delivery import Change
from tests.send.ledgers import LIST, MESSAGE, SLUG, Desk, addresses, listed, people, settle

pytestmark = pytest.mark.xdist_group("servers")


def test_a_list_is_planned_once_however_it_is_spelled(desk: Desk) -> None:
    text = (
        "address,name\n"
        "Ann@Example.org,Ann\n"
        "ben@bücher.example.com,Ben\n"
        "no address,Nobody\n"
        "ann@example.ORG,Ann again\n"
        "ben@xn--bcher-kva.example.com,Ben again\n"
    )
    trial = desk.plan(text, trial=True)
    found = desk.plan(text)
    assert (found.planned, found.twice, found.bad) == (2, 2, 1)
    assert sorted(trial.domains.values()) == [1, 1]
    assert [failure.where for failure in desk.told] == [
        f"{LIST}, line 4",
        f"{LIST}, line 5",
        f"{LIST}, line 6",
    ]
    assert "stands in line 2 already" in desk.told[1].what
    assert "stands in line 3 already" in desk.told[2].what
    jobs = desk.book().fetch("", 10)
    assert [job.recipient.fields for job in jobs] == [{"name": "Ann"}, {"name": "Ben"}]
    assert [job.recipient.line for job in jobs] == [2, 3]


def test_suppressed_people_are_withdrawn_with_the_reason_in_every_spelling(desk: Desk) -> None:
    desk.ledger.suppress(desk.reference("ann@example.org"), "unsubscribed")
    desk.ledger.suppress(desk.reference("ben@example.org"), "complained")
    found = desk.plan("Ann@example.org\nann@example.org\nben@EXAMPLE.org\ncat@example.org\n")
    assert (found.planned, found.left) == (1, 2)
    assert addresses(desk.book().fetch("", 10)) == ["cat@example.org"]
    reasons = {address.lower(): reply for address, reply in desk.replies().items()}
    assert reasons == {
        "ann@example.org": "unsubscribed",
        "ben@example.org": "reported a mail as spam",
        "cat@example.org": "",
    }


def test_who_is_in_another_list_of_the_issue_is_not_planned_again(desk: Desk) -> None:
    desk.plan(people(3))
    found = desk.plan(people(3, first=3), name="others.csv")
    assert (found.planned, found.elsewhere, found.twice) == (2, 1, 0)
    assert desk.told == []
    assert desk.status().total == 3
    assert desk.status(name="others.csv").total == 2
    assert desk.plan(people(3), slug="2026-W48").planned == 3


def test_a_list_planned_once_more_names_nobody_twice(desk: Desk) -> None:
    desk.plan(people(4))
    found = desk.plan(["new@example.org", *reversed(people(4))])
    assert (found.planned, found.known, found.twice) == (1, 4, 0)
    assert desk.told == []


def test_a_trial_changes_nothing(desk: Desk) -> None:
    record = [Unsubscribed(at=desk.now, reference=desk.reference("reader2@example.org"),
                           what="unsubscribed", how="page")]  # fmt: skip
    told: list[Failure] = []
    found = desk.ledger.plan(
        SLUG,
        listed([*people(3), "bad"]),
        name=LIST,
        message=MESSAGE,
        told=told.append,
        trial=True,
        record=[*record, Failure(where="record, line 2", what="torn")],
    )
    assert (found.planned, found.left, found.bad) == (2, 1, 1)
    assert [failure.where for failure in told] == ["record, line 2", f"{LIST}, line 4"]
    assert desk.ledger.status() == ()
    assert desk.ledger.suppressed() == {}
    assert desk.plan(people(3)).planned == 3


class Torn(io.BytesIO):
    """A list on a disk that fails half-way."""

    def __init__(self, good: bytes) -> None:
        super().__init__(good)

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        if not found:
            raise OSError(5, "Input/output error")
        return found

    readinto = None  # type: ignore[assignment]
    read1 = read


@pytest.mark.parametrize("before", [False, True])
def test_a_list_that_fails_half_way_plans_nobody(desk: Desk, before: bool) -> None:
    if before:
        desk.plan(people(2))
    many = "\n".join(people(50_000, first=3)).encode() + b"\n"
    with pytest.raises((SendError, OSError)):
        desk.ledger.plan(SLUG, open_list(Torn(many), shown=LIST), name=LIST, message=MESSAGE)
    assert [status.total for status in desk.ledger.status()] == ([2] if before else [])


def test_a_list_that_changed_is_followed(desk: Desk) -> None:
    desk.plan(people(6))
    book = desk.book()
    one, two, three = book.fetch("", 3)
    settle(book, [one])
    settle(book, [two], "temp", wait=60)
    settle(book, [three], "perm")
    changed = ["new@example.org", "reader4@example.org"]
    trial = desk.follow(changed, trial=True)
    assert desk.status().total == 6
    found = desk.follow(changed)
    assert trial == found
    assert (found.planned, found.gone, found.twice) == (1, 3, 0)
    assert desk.told == []
    assert desk.states() == {
        "reader1@example.org": "sent",
        "reader2@example.org": "withdrawn",
        "reader3@example.org": "perm",
        "reader4@example.org": "planned",
        "reader5@example.org": "withdrawn",
        "reader6@example.org": "withdrawn",
        "new@example.org": "planned",
    }
    assert desk.book().next_due() is None
    back = desk.follow([*changed, "reader5@example.org", "reader1@example.org"])
    assert (back.planned, back.back, back.gone) == (0, 1, 0)
    assert desk.states()["reader5@example.org"] == "planned"
    assert desk.states()["reader1@example.org"] == "sent"
    assert desk.status().sha256 == listed_sha([*changed, "reader5@example.org",
                                               "reader1@example.org"])  # fmt: skip


def listed_sha(lines: list[str]) -> str:
    rows = listed(lines)
    list(rows)
    return rows.sha256


def test_only_one_sends_an_issue(desk: Desk) -> None:
    desk.plan(people(2))
    other = desk.another()
    with desk.ledger.hold(SLUG):
        taken = pytest.raises(LedgerError, match="being sent by another process")
        with taken as refused, other.hold(SLUG):
            pass
        assert f"digest ledger status {SLUG}" in refused.value.hint
        with other.hold("2026-W48"):
            pass
    with other.hold(SLUG):
        pass


HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from digest.send import Keyring, Ledger, Tally
from digest.send.delivery import Change
ledger = Ledger(sys.argv[1], folder=Path(sys.argv[2]), keyring=Keyring([]),
                clock=lambda: datetime.now(UTC))
with ledger.hold(sys.argv[3]):
    book = ledger.book(sys.argv[3], name=sys.argv[4], tally=Tally())
    book.write([Change(job, "sending") for job in book.fetch("", 2)])
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_holder_that_is_killed_leaves_its_mails_unknown(desk: Desk) -> None:
    desk.plan(people(3))
    words = [sys.executable, "-c", HOLD, desk.url, str(desk.folder), SLUG, LIST]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        taken = pytest.raises(LedgerError, match="being sent by another process")
        with taken, desk.ledger.hold(SLUG):
            pass
        os.kill(holder.pid, signal.SIGKILL)
    assert desk.status().counts == {"planned": 1, "sending": 2, "waiting": 0}
    for _ in range(1500):  # a server notices a moment later that its client is gone
        try:
            with desk.ledger.hold(SLUG):
                assert desk.status().counts == {"planned": 1, "unknown": 2, "waiting": 0}
                break
        except LedgerError:
            threading.Event().wait(0.02)
    else:
        pytest.fail("the lock outlived its holder")
    assert set(desk.replies().values()) == {"", "The run ended before the answer came."}


def test_what_was_put_off_before_has_no_code_when_its_answer_is_lost(desk: Desk) -> None:
    desk.plan(people(1))
    book = desk.book()
    settle(book, book.fetch("", 1), "temp", wait=1)
    desk.wait(seconds=2)
    book.write([Change(job, "sending", attempts=job.attempts) for job in book.due(1)])
    with desk.ledger.hold(SLUG):
        (row,) = desk.ledger.rows(SLUG)
    assert (row.state, row.code) == ("unknown", 0)


def test_a_failure_inside_a_hold_is_not_taken_for_the_ledger_s(desk: Desk) -> None:
    from digest.errors import BusyError

    for fault in (BusyError("The archive is being written."), OSError(28, "No space left")):
        with pytest.raises(type(fault)) as raised, desk.ledger.hold(SLUG):
            raise fault
        assert raised.value is fault


def test_who_looks_sees_each_list(desk: Desk) -> None:
    desk.plan([*people(4)])
    desk.wait(hours=1)
    desk.plan(people(2, first=10), name="others.csv")
    book = desk.book()
    first, second, third, _ = book.fetch("", 10)
    settle(book, [first])
    settle(book, [second], "temp", wait=60)
    settle(book, [third], "temp")
    status, other = desk.ledger.status(SLUG)
    assert status.counts == {"sent": 1, "temp": 2, "planned": 1, "waiting": 1}
    assert (status.total, status.left) == (4, 2)
    assert (other.total, other.left) == (2, 2)
    assert status.planned_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert status.message == MESSAGE
    assert desk.ledger.status("2026-W01") == ()
    (row,) = desk.ledger.rows(SLUG, states=("sent",))
    assert (row.address, row.line, row.code, row.reply) == (
        "reader1@example.org", 1, 250, "its answer"
    )  # fmt: skip
    assert row.attempts == 1
    assert row.begun_at == row.ended_at == desk.now
    assert [row.list_name for row in desk.ledger.rows(SLUG)] == [LIST] * 4 + ["others.csv"] * 2


def test_another_message_may_go_only_while_nothing_went(desk: Desk) -> None:
    desk.plan(people(1))
    desk.ledger.replace_message(SLUG, "b" * 64)
    assert desk.status().message == "b" * 64
    assert not desk.ledger.has_begun(SLUG)
    book = desk.book()
    book.write([Change(job, "sending") for job in book.fetch("", 1)])
    assert desk.ledger.has_begun(SLUG)
    desk.ledger.replace_message(SLUG, "c" * 64)
    assert desk.status().message == "b" * 64


@pytest.mark.parametrize("text", ["address,name\n", "address\nnobody\n"])
def test_a_list_of_nobody_plans_nothing_and_withdraws_nobody(desk: Desk, text: str) -> None:
    with pytest.raises(SendError, match=r"names (nobody|no recipient)"):
        desk.plan(text)
    assert desk.ledger.status() == ()
    desk.plan(people(2))
    with pytest.raises(SendError, match=r"names (nobody|no recipient)"):
        desk.follow(text)
    assert desk.status().counts == {"planned": 2, "waiting": 0}


def test_a_list_that_is_written_while_it_is_followed_withdraws_nobody(desk: Desk) -> None:
    desk.plan(people(4))
    texts = [people(5), people(2)]
    with pytest.raises(SendError, match="is being written at this moment"):
        desk.ledger.plan_anew(
            SLUG, lambda: listed(texts.pop(0)), name=LIST, message=MESSAGE, told=desk.told.append
        )
    assert desk.states() == dict.fromkeys(people(4), "planned")
