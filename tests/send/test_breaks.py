"""Runs over servers that break, limit and lie: nobody twice, nobody missed."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from digest.send import (
    Patience,
    Stop,
)
from tests.send.notebook import Notebook
from tests.send.runs import LARGE, PLAIN, QUICK, STEADY, addresses, at, fast, run
from tests.send.scripted import End, Log, Scripted, Step, Talk

# --- Connections that break


def test_a_break_before_the_dot_is_tried_again(extensions: tuple[str, ...]) -> None:
    book = Notebook(addresses(3))
    rule = at("amid", End.RESET, whom="r1@example.org", times=2)
    with Scripted(rule, extensions=extensions) as server:
        run(book, server, build=lambda _: LARGE)
    assert set(book.states.values()) == {"sent"}
    assert server.log.of("rcpt").count("r1@example.org") == 3
    assert Counter(server.taken) == Counter(addresses(3))


def test_whoever_breaks_it_before_the_dot_three_times_is_put_off(
    extensions: tuple[str, ...],
) -> None:
    book = Notebook(addresses(3))
    rule = at("amid", End.RESET, whom="r1@example.org", times=99)
    patience = replace(QUICK, retry=())
    with Scripted(rule, extensions=extensions) as server:
        made = run(book, server, build=lambda _: LARGE, patience=patience)
    assert made.error is None
    assert book.states == {
        "r0@example.org": "sent", "r1@example.org": "temp", "r2@example.org": "sent"
    }  # fmt: skip
    assert server.log.of("amid").count("r1@example.org") == 3


@pytest.mark.parametrize("end", [End.RESET, End.CLOSE])
def test_after_the_dot_nobody_is_sent_to_again(end: End, extensions: tuple[str, ...]) -> None:
    book = Notebook(addresses(6))
    with Scripted(at("body", end, whom="r2@example.org"), extensions=extensions) as server:
        made = run(book, server, connections=2)
    assert made.error is None
    assert book.states.pop("r2@example.org") == "unknown"
    assert set(book.states.values()) == {"sent"}
    assert server.log.of("body").count("r2@example.org") == 1
    assert made.tally.unknown == 1
    assert made.tally.sent == 5


def test_an_answer_counts_although_the_connection_broke_behind_it(
    extensions: tuple[str, ...],
) -> None:
    """Answer and end are often read at once."""
    book = Notebook(addresses(6))
    rule = at("rcpt", End.RESET, whom="r3@example.org")
    with Scripted(rule, extensions=extensions) as server:
        run(book, server)
    assert set(book.states.values()) == {"sent"}
    assert Counter(server.log.of("body")) == Counter(addresses(6))


def test_a_recipient_at_whom_the_server_always_breaks_stops_nobody_else(
    extensions: tuple[str, ...],
) -> None:
    book = Notebook(addresses(12))
    patience = replace(QUICK, retry=())
    rule = at("rcpt", End.RESET, whom="r0@example.org", times=99)
    with Scripted(rule, extensions=extensions) as server:
        made = run(book, server, patience=patience)
    assert made.error is None
    assert book.states.pop("r0@example.org") == "temp"
    assert set(book.states.values()) == {"sent"}
    assert server.log.of("rcpt").count("r0@example.org") == 3


@pytest.mark.parametrize("answer", [b"421 4.7.0 too many messages\r\n", End.CLOSE])
def test_a_server_may_take_few_messages_a_connection(
    answer: bytes | End, extensions: tuple[str, ...]
) -> None:
    """Many do, and it is no trouble: the run goes on with as many connections as before."""
    book = Notebook(addresses(24))
    stop = Stop()
    guard = threading.Timer(60, stop.ask)
    guard.start()

    def few(talk: Talk, step: Step) -> bytes | End | None:
        return answer if step == "mail" and talk.taken == 3 else None

    with Scripted(few, extensions=extensions) as server:
        made = run(book, server, connections=2, patience=STEADY, stop=stop)
    guard.cancel()
    assert made.error is None
    assert set(book.states.values()) == {"sent"}
    assert Counter(server.log.of("body")) == Counter(addresses(24))


@pytest.mark.parametrize("answer", [b"421 4.7.0 too many connections\r\n", b"554 no\r\n"])
def test_a_server_may_take_few_connections(answer: bytes) -> None:
    """Those that it greets otherwise are not asked for again and again."""
    book = Notebook(addresses(200))
    greeted = threading.Lock()
    now: set[int] = set()

    def limited(talk: Talk, step: Step) -> bytes | End | None:
        with greeted:
            if step == "greet":
                if len(now) >= 2:
                    time.sleep(0.02)
                    return answer
                now.add(talk.number)
        return None

    with Scripted(limited) as server:
        made = run(book, server, connections=8)
    assert made.error is None
    assert set(book.states.values()) == {"sent"}
    assert server.connections < 40


def test_421_to_new_connections_means_fewer() -> None:
    """At MAIL of a connection that took nothing yet: the server has too much to do."""
    book = Notebook(addresses(120))
    full = threading.Lock()
    allowed: set[int] = set()

    def busy(talk: Talk, step: Step) -> bytes | End | None:
        with full:
            if step == "mail" and talk.number not in allowed:
                if len(allowed) == 2:
                    return b"421 4.3.2 busy\r\n"
                allowed.add(talk.number)
        return None

    with Scripted(busy) as server:
        made = run(book, server, connections=8)
    assert made.error is None
    assert set(book.states.values()) == {"sent"}
    assert Counter(server.taken) == Counter(addresses(120))


def test_a_server_that_restarts_amid_a_run_costs_nobody_his_mail(
    extensions: tuple[str, ...],
) -> None:
    people = addresses(80)
    book = Notebook(people)
    done = threading.Event()

    def restarting(_talk: Talk, step: Step) -> None:
        if step == "body" and len(server.taken) == 20 and not done.is_set():
            done.set()
            server.restart(0.15)

    with Scripted(restarting, extensions=extensions) as server:
        # It may be away for long: what counts is what became of the mails.
        patience = replace(QUICK, reopen=0.05, troubles=99)
        made = run(book, server, connections=3, patience=patience)
    assert made.error is None
    counts = Counter(book.states.values())
    assert counts["sent"] + counts["unknown"] == 80
    assert counts["unknown"] <= 3
    assert max(Counter(server.log.of("body")).values()) == 1


def test_a_server_that_does_not_come_back_ends_the_run_and_the_rest_stays_planned() -> None:
    book = Notebook(addresses(20))

    def leaving(_talk: Talk, step: Step) -> End | None:
        if step != "body" or len(server.taken) < 5:
            return None
        server._hang_up()
        return End.RESET

    with Scripted(leaving) as server:
        made = run(book, server)
    assert made.error is not None
    assert "again and again" in made.error.what
    counts = Counter(book.states.values())
    assert counts == {"sent": 5, "unknown": 1, "planned": 14}


def test_silence_is_not_waited_for_without_end(extensions: tuple[str, ...]) -> None:
    book = Notebook(addresses(4))
    rules = (at("rcpt", End.SILENCE, whom="r1@example.org"),
             at("body", End.SILENCE, whom="r2@example.org"))  # fmt: skip

    def silent(talk: Talk, step: Step) -> bytes | End | None:
        return rules[0](talk, step) or rules[1](talk, step)

    with Scripted(silent, extensions=extensions) as server:
        # Twelve of the fast clock's: what is answered may take a second on a busy machine.
        made = run(book, server, clock=fast, patience=replace(QUICK, reply=12, final=12))
    assert made.error is None
    assert [book.states[address] for address in addresses(4)] == ["sent", "sent", "unknown", "sent"]


def test_a_message_is_not_sent_before_all_of_it_went(extensions: tuple[str, ...]) -> None:
    """A server that says 250 amid a message lies, or answers something else."""
    book = Notebook(addresses(1))
    early = at("amid", b"250 2.0.0 taken\r\n")
    with Scripted(early, extensions=extensions) as server:
        run(book, server, build=lambda _: LARGE)
    assert book.states == {"r0@example.org": "sent"}
    assert len(server.log.of("amid")) == 2


# --- Everything at once


def chaos(seed: int) -> Callable[[Talk, Step], bytes | End | None]:
    """A server of a bad day, the same for the same seed."""
    dice = random.Random(seed)
    lock = threading.Lock()
    answers: dict[Step, list[bytes | End]] = {
        "greet": [b"421 busy\r\n", End.CLOSE, End.RESET],
        "mail": [b"421 busy\r\n", End.RESET, b"451 4.3.0 later\r\n"],
        "rcpt": [b"450 4.2.0 grey\r\n", b"550 5.1.1 nobody\r\n", End.RESET, b"421 bye\r\n"],
        "data": [b"451 4.3.0 later\r\n", End.CLOSE, b"554 5.7.1 no\r\n", b"nonsense\r\n"],
        "amid": [End.RESET, End.CLOSE],
        "body": [b"451 4.3.0 later\r\n", b"554 5.7.1 no\r\n", End.RESET, End.CLOSE, b"25",
                 b"421 bye\r\n"],
    }  # fmt: skip

    def rule(_talk: Talk, step: Step) -> bytes | End | None:
        with lock:
            return dice.choice(answers[step]) if step in answers and dice.random() < 0.06 else None

    return rule


@pytest.mark.parametrize("seed", range(6))
def test_on_a_bad_day_nobody_is_missed_and_nobody_gets_it_twice(seed: int) -> None:
    people = addresses(80)
    log = Log()
    book = Notebook(people, log=log, clock=fast)
    extensions = ("PIPELINING",) if seed % 2 else PLAIN
    patience = Patience(reply=600, final=9, retry=(0.1,), grey=0.1, reopen=0.1, troubles=30)
    with Scripted(chaos(seed), extensions=extensions, log=log) as server:
        made = run(book, server, connections=1 + seed % 4, patience=patience, clock=fast)
    assert made.error is None
    assert set(book.states.values()) <= {"sent", "temp", "perm", "unknown"}
    taken = Counter(server.taken)
    assert max(taken.values()) == 1
    for address, state in book.states.items():
        if state == "sent":
            assert taken[address] == 1
        elif state != "unknown":
            assert taken[address] == 0, (address, book.of(address))
    tally = made.tally
    assert (tally.sent, tally.temp, tally.perm, tally.unknown) == tuple(
        list(book.states.values()).count(state) for state in ("sent", "temp", "perm", "unknown")
    )


@pytest.mark.parametrize("step", ["greet", "mail", "data", "body"])
def test_whoever_answers_byte_by_byte_is_not_waited_for_without_end(step: Step) -> None:
    """Each byte comes in time, and no answer does."""
    steps = {"greet": b"220 x", "ehlo": b"250 x", "mail": b"250 ok", "rcpt": b"250 ok",
             "data": b"354 go", "body": b"250 ok"}  # fmt: skip
    over = threading.Event()

    def serve(listening: socket.socket) -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                drip(listening.accept()[0])

    def drip(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as reader:
            for at, answer in steps.items():
                if at == "body":
                    while reader.readline() != b".\r\n":
                        pass
                elif at != "greet":
                    reader.readline()
                while at == step and not over.wait(0.05):
                    connection.sendall(b"2")
                connection.sendall(answer + b"\r\n")

    book = Notebook(addresses(1))
    # Impatient only where it drips: what leads there may take its time.
    reply = 30 if step == "body" else 0.3
    patience = replace(QUICK, reply=reply, final=0.3, retry=(), drops=2, troubles=2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        ended = threading.Thread(
            target=run, args=(book, SimpleNamespace(port=listening.getsockname()[1])),
            kwargs={"patience": patience}, daemon=True,
        )  # fmt: skip
        ended.start()
        ended.join(60)
        over.set()
        assert not ended.is_alive()
        listening.shutdown(socket.SHUT_RDWR)
    assert book.states["r0@example.org"] == ("unknown" if step == "body" else "planned")
