"""Runs over servers that behave, put off, refuse, or have to wait for the ledger."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from digest.errors import LedgerError, SendError
from digest.models import Recipient
from digest.send import (
    Job,
    Run,
    Schedule,
    Stop,
    deliver,
    on_the_wire,
    parse_smtp_url,
)
from tests.send.notebook import Notebook
from tests.send.runs import MESSAGE, PLAIN, QUICK, UNHURRIED, addresses, at, fast, run
from tests.send.scripted import End, Log, Scripted, Step, Talk, wait_until
from tests.send.servers import make_certificates

# --- What should happen


def test_who_leaves_before_the_intent_is_kept_gets_nothing(extensions: tuple[str, ...]) -> None:
    people = addresses(20)
    book = Notebook(people, commit=0.002)
    book.left = {people[0], people[7], people[8], people[19]}
    with Scripted(extensions=extensions) as server:
        made = run(book, server, connections=2)
    assert Counter(server.taken) == Counter(set(people) - book.left)
    assert not set(server.log.of("amid")) & book.left
    assert (made.tally.sent, made.tally.withdrawn, made.error) == (16, 4, None)


def test_everybody_gets_it_once_over_several_connections(extensions: tuple[str, ...]) -> None:
    people = addresses(60)
    with Scripted(extensions=extensions) as server:
        outcomes = deliver(
            [Recipient(address=address) for address in people],
            lambda r: on_the_wire(b"To: " + r.address.encode() + b"\r\n\r\n" + MESSAGE),
            smtp_url=f"smtp://127.0.0.1:{server.port}",
            sender="editor@example.org",
            connections=4,
        )
    assert [(o.recipient.address, o.state) for o in outcomes] == [(a, "sent") for a in people]
    assert Counter(server.taken) == Counter(people)
    assert server.connections <= 4
    for address, body in server.bodies.items():
        assert body.startswith(b"To: " + address.encode() + b"\r\n\r\nSubject")
        assert body.endswith(b"\r\n..dots\r\n...\r\n")


def test_a_book_that_gives_few_at_once_is_asked_until_it_has_no_more() -> None:
    """It may give fewer than it was asked for: some have left meanwhile."""
    book = Notebook(addresses(30), at_most=7)
    with Scripted() as server:
        run(book, server)
    assert set(book.states.values()) == {"sent"}


def test_domains_with_a_rate_and_the_others_all_come(extensions: tuple[str, ...]) -> None:
    slow = [f"s{number}@slow.example.org" for number in range(4)]
    book = Notebook([*slow, *addresses(20)])

    def fetch(queue: str, limit: int) -> Sequence[Job]:
        found = [job for job in book._planned if (job.domain == "slow.example.org") == bool(queue)]
        book._planned = [job for job in book._planned if job not in found]
        return found[:limit]

    book.fetch = fetch  # type: ignore[method-assign] # as the ledger's
    with Scripted(extensions=extensions) as server:
        made = run(
            book, server, schedule=Schedule(domain_rates={"slow.example.org": 5}), connections=2
        )
    assert set(book.states.values()) == {"sent"}
    # Four at 0.2 s from each other, less the tenth that is made up for: a busy machine only adds.
    assert made.tally.seconds > 0.45


def test_no_body_goes_out_before_its_intent_is_durable(extensions: tuple[str, ...]) -> None:
    """The promise that a crash leaves at most one recipient a connection unknown."""
    log = Log()
    book = Notebook(addresses(8), log=log, commit=0.1)
    with Scripted(extensions=extensions, log=log) as server:
        run(book, server, connections=3)
    assert set(book.states.values()) == {"sent"}
    begun: set[str] = set()
    open_ones: set[str] = set()
    for what, whom in log.lines:
        if what == "sending":
            begun.add(whom)
            open_ones.add(whom)
        elif what == "amid":
            assert whom in begun
        elif what == "sent":
            open_ones.discard(whom)
        assert len(open_ones) <= 3
    assert len(log.of("amid")) == 8


def test_results_and_next_intents_share_transactions() -> None:
    """Sixteen connections and one fsync: else the ledger would set the pace."""
    commits: list[int] = []

    def count(changes: Sequence[object]) -> None:
        commits.append(len(changes))

    book = Notebook(addresses(64), commit=0.05, refuse=count)
    with Scripted() as server:
        run(book, server, connections=16)
    assert set(book.states.values()) == {"sent"}
    assert sum(commits) == 128
    assert len(commits) < 64


def test_a_run_leaves_neither_threads_nor_files_open() -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    with Scripted() as server:
        run(Notebook(addresses(3)), server, connections=2)
        before, threads = open_files(), threading.active_count()
        for _ in range(3):
            run(Notebook(addresses(3)), server, connections=2)
        assert wait_until(lambda: open_files() <= before)
        assert wait_until(lambda: threading.active_count() <= threads)


def test_tls_carries_large_messages_to_a_server_that_reads_slowly(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    line = b"x" * 990 + b"\r\n"

    def slowly(_talk: Talk, step: Step) -> None:
        if step == "amid":
            time.sleep(0.05)

    with Scripted(slowly, tls=certificates.serving) as server:
        book = Notebook(addresses(6))
        made = Run(
            book,
            lambda job: on_the_wire(job.recipient.address.encode() + b"\r\n" + line * 3_000),
            server=parse_smtp_url(f"smtps://127.0.0.1:{server.port}"),
            sender="editor@example.org",
            schedule=Schedule(),
            connections=2,
            tls=certificates.trusting,
            patience=QUICK,
        )
        made.go()
    assert set(book.states.values()) == {"sent"}
    for address, body in server.bodies.items():
        assert body == address.encode() + b"\r\n" + line * 3_000


# --- Answers that say later


def test_whoever_is_greylisted_gets_it_later(extensions: tuple[str, ...]) -> None:
    people = addresses(5)
    book = Notebook(people, commit=0.03, clock=fast)
    seen: set[str] = set()

    def grey(talk: Talk, step: Step) -> bytes | None:
        if step == "rcpt" and talk.address not in seen:
            seen.add(talk.address)
            return b"450 4.2.0 greylisted\r\n"
        return None

    with Scripted(grey, extensions=extensions) as server:
        made = run(book, server, connections=2, clock=fast, patience=UNHURRIED)
    assert set(book.states.values()) == {"sent"}
    for address in people:
        first, last = book.of(address)
        assert (first.state, first.code, first.attempts, first.wait) == ("temp", 450, 1, QUICK.grey)
        assert (last.state, last.attempts) == ("sent", 2)
    assert (made.tally.sent, made.tally.temp, made.tally.done) == (5, 0, 5)


def test_who_is_always_put_off_is_tried_as_often_as_there_are_waits() -> None:
    book = Notebook(addresses(2), clock=fast)
    rule = at("body", b"451 4.3.0 later\r\n", whom="r0@example.org", times=99)
    with Scripted(rule) as server:
        made = run(book, server, clock=fast, patience=UNHURRIED)
    assert book.states == {"r0@example.org": "temp", "r1@example.org": "sent"}
    tries = [(change.attempts, change.wait) for change in book.of("r0@example.org")]
    assert tries == [(1, 0.05), (2, 0.06), (3, 0.0)]
    assert made.tally.temp == 1


def test_a_connection_that_the_server_closes_while_all_wait_is_opened_again() -> None:
    book = Notebook(addresses(1), clock=fast)
    first = at("rcpt", b"450 4.2.0 greylisted\r\n")

    def impatient(talk: Talk, step: Step) -> bytes | None:
        answer = first(talk, step)
        return b"450 4.2.0 greylisted\r\n421 4.4.2 idle\r\n" if answer else None

    with Scripted(impatient, extensions=PLAIN) as server:
        made = run(book, server, clock=fast, patience=UNHURRIED)
    assert made.error is None
    assert book.states == {"r0@example.org": "sent"}
    assert server.connections == 2


# --- Answers that end a run


@pytest.mark.parametrize(
    ("step", "answer", "said"),
    [
        ("mail", b"553 5.7.1 not yours\r\n", r"refused the sender editor@example\.org: 553"),
        ("mail", b"530 5.7.0 sign in\r\n", r"wants to be signed in to: 530"),
        ("rcpt", b"535 5.7.8 no\r\n", r"wants to be signed in to: 535"),
        ("body", b"530 5.7.0 sign in\r\n", r"wants to be signed in to: 530"),
    ],
)
def test_what_nobody_would_fare_better_with_ends_the_run(
    step: Step, answer: bytes, said: str, extensions: tuple[str, ...]
) -> None:
    book = Notebook(addresses(10))
    rule = at(step, answer, whom="r4@example.org" if step != "mail" else "", times=9)
    with Scripted(rule, extensions=extensions) as server:
        made = run(book, server)
    assert made.error is not None
    with pytest.raises(SendError, match=said):
        raise made.error
    counts = Counter(book.states.values())
    refused = step == "body"
    assert counts["sent"] == (0 if step == "mail" else 4)
    assert counts["temp"] == refused
    assert counts["planned"] == 10 - counts["sent"] - refused


def test_a_message_that_is_too_large_is_not_begun() -> None:
    book = Notebook(addresses(3))
    with Scripted(extensions=("PIPELINING", "SIZE 1000")) as server:
        made = run(book, server, build=lambda _: on_the_wire(b"x" * 70 * 20))
    assert made.error is not None
    assert "1,000 bytes at most" in made.error.what
    assert set(book.states.values()) == {"planned"}
    assert server.commands == []


@pytest.mark.parametrize("knows", [True, False])
def test_international_addresses_go_where_the_server_takes_them(knows: bool) -> None:
    people = ["änn@example.org", "ben@example.org"]
    book = Notebook(people)
    with Scripted(extensions=("PIPELINING", "8BITMIME", *(["SMTPUTF8"] * knows))) as server:
        run(book, server)
    assert book.states == {people[0]: "sent" if knows else "perm", people[1]: "sent"}
    international = [said for said in server.commands if said.endswith(" SMTPUTF8")]
    assert len(international) == knows
    if not knows:
        assert "SMTPUTF8" in book.of(people[0])[0].reply


@pytest.mark.parametrize("refused", [b"553 5.6.7 no", b"501 5.5.4 SMTPUTF8 is unknown", b"555 no"])
def test_a_server_that_only_says_it_takes_them_stops_nobody_else(
    extensions: tuple[str, ...], refused: bytes
) -> None:
    def rule(talk: Talk, step: Step) -> bytes | None:
        return refused + b"\r\n" if step == "mail" and "SMTPUTF8" in talk.said else None

    people = ["änn@example.org", "ben@example.org", "cät@example.org", "dan@example.org"]
    book = Notebook(people)
    with Scripted(rule, extensions=(*extensions, "SMTPUTF8")) as server:
        made = run(book, server)
    assert made.error is None
    assert list(book.states.values()) == ["perm", "sent", "perm", "sent"]
    assert server.taken == [people[1], people[3]]


def test_a_message_that_is_refused_for_its_size_is_told_as_that(
    extensions: tuple[str, ...],
) -> None:
    def rule(talk: Talk, step: Step) -> bytes | None:
        return b"552 5.3.4 at most 10 MB\r\n" if step == "mail" else None

    book = Notebook(addresses(3))
    with Scripted(rule, extensions=extensions) as server:
        made = run(book, server)
    assert set(book.states.values()) == {"planned"}
    assert made.error is not None
    assert "does not take messages of this size: 552 5.3.4" in made.error.what


def test_one_message_that_cannot_be_made_stops_nobody_else() -> None:
    def build(job: Job) -> bytes:
        if job.recipient.address == "r1@example.org":
            raise SendError("It cannot be made.", hint="")
        return on_the_wire(MESSAGE)

    book = Notebook(addresses(3))
    with Scripted() as server:
        run(book, server, build=build)
    assert list(book.states.values()) == ["sent", "perm", "sent"]
    assert book.of("r1@example.org")[0].reply == "It cannot be made."


def test_a_dead_address_is_told_from_a_refused_message() -> None:
    answers = {"r1@example.org": b"550 5.1.1 nobody\r\n", "r2@example.org": b"550 5.7.1 no\r\n"}
    book = Notebook(addresses(3))

    def refusing(talk: Talk, step: Step) -> bytes | None:
        return answers.get(talk.address) if step == "rcpt" else None

    with Scripted(refusing) as server:
        run(book, server)
    dead = [any(change.dead for change in book.of(address)) for address in addresses(3)]
    assert dead == [False, True, False]
    assert list(book.states.values()) == ["sent", "perm", "perm"]


def test_a_server_that_calls_everybody_dead_is_not_believed() -> None:
    book = Notebook(addresses(3))
    with Scripted(lambda _, step: b"550 5.1.1 nobody\r\n" if step == "rcpt" else None) as server:
        run(book, server)
    assert not any(change.dead for address in addresses(3) for change in book.of(address))
    assert list(book.states.values()) == ["perm"] * 3


# --- Somebody stops it


def test_a_stop_waits_for_what_is_handed_over_and_begins_nothing(
    extensions: tuple[str, ...],
) -> None:
    book = Notebook(addresses(30))
    stop = Stop()

    def asking(talk: Talk, step: Step) -> None:
        if step == "body" and talk.address == "r5@example.org":
            stop.ask()
            time.sleep(0.2)

    with Scripted(asking, extensions=extensions) as server:
        made = run(book, server, stop=stop)
    assert made.error is None
    assert book.states["r5@example.org"] == "sent"
    counts = Counter(book.states.values())
    assert counts == {"sent": 6, "planned": 24}
    assert len(server.log.of("amid")) == 6


def test_a_stop_does_not_wait_for_ever(extensions: tuple[str, ...]) -> None:
    book = Notebook(addresses(5))
    stop = Stop()

    def asking(talk: Talk, step: Step) -> End | None:
        if step == "body" and talk.address == "r1@example.org":
            stop.ask()
            return End.SILENCE
        return None

    with Scripted(asking, extensions=extensions) as server:
        run(book, server, stop=stop, clock=fast, patience=UNHURRIED)
    assert list(book.states.values()) == ["sent", "unknown", "planned", "planned", "planned"]
    assert "stopped" in book.of("r1@example.org")[-1].reply


def test_a_stop_before_the_start_sends_nothing() -> None:
    stop = Stop()
    stop.ask()
    book = Notebook(addresses(3))
    with Scripted() as server:
        run(book, server, stop=stop)
    assert set(book.states.values()) == {"planned"}
    assert server.commands == []


# --- A ledger that fails


@pytest.mark.parametrize("good", [0, 1, 2, 5])
def test_after_the_ledger_failed_no_body_goes_out(good: int, extensions: tuple[str, ...]) -> None:
    log = Log()
    commits = 0

    def refuse(_: object) -> Exception | None:
        nonlocal commits
        commits += 1
        if commits <= good:
            return None
        log.add("failed", "")
        return LedgerError("The disk is full.", hint="Make room.")

    book = Notebook(addresses(200), log=log, refuse=refuse)
    with Scripted(extensions=extensions, log=log) as server:
        with pytest.raises(LedgerError, match="disk is full"):
            run(book, server, connections=3)
        assert wait_until(lambda: server.at_once == 0)
    assert not [t for t in threading.enumerate() if t.name == "ledger"]
    assert log.of("failed") == [""]
    begun: set[str] = set()
    for what, whom in log.lines:
        if what == "sending":
            begun.add(whom)
        elif what == "amid":
            assert whom in begun
    if not good:
        assert log.of("amid") == []


def test_a_ledger_that_fails_for_a_test_send_is_an_error_too() -> None:
    def refuse(_: object) -> Exception:
        return LedgerError("The disk is full.", hint="Make room.")

    with Scripted() as server, pytest.raises(LedgerError):
        run(Notebook(addresses(2), refuse=refuse), server)
    assert server.log.of("amid") == []
