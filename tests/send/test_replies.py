"""What a server's answer decides, by the command that it answers and its code."""

from __future__ import annotations

import pytest

from digest.send import State
from digest.send.smtp.replies import Reply, Scope, Step, Verdict, dead, judge

STEPS: tuple[Step, ...] = ("mail", "rcpt", "data", "body")


def verdict(code: int, at: Step) -> tuple[State, Scope, bool]:
    found = judge(Reply(code, "words", at))
    return found.state, found.scope, found.grey


@pytest.mark.parametrize(
    ("at", "code", "expected"),
    [
        ("body", 250, ("sent", "recipient", False)),
        ("body", 451, ("temp", "recipient", False)),
        ("body", 452, ("temp", "recipient", False)),
        ("body", 550, ("perm", "recipient", False)),
        ("body", 552, ("perm", "recipient", False)),
        ("body", 554, ("perm", "recipient", False)),
        ("rcpt", 450, ("temp", "recipient", True)),
        ("rcpt", 451, ("temp", "recipient", True)),
        ("rcpt", 452, ("temp", "recipient", True)),
        ("rcpt", 454, ("temp", "recipient", False)),
        ("rcpt", 550, ("perm", "recipient", False)),
        ("rcpt", 553, ("perm", "recipient", False)),
        ("data", 451, ("temp", "recipient", False)),
        ("data", 554, ("perm", "recipient", False)),
        ("mail", 450, ("planned", "connection", False)),
        ("mail", 452, ("planned", "connection", False)),
        ("mail", 501, ("planned", "run", False)),
        ("mail", 550, ("planned", "run", False)),
        ("mail", 553, ("planned", "run", False)),
    ],
)
def test_verdicts(at: Step, code: int, expected: tuple[State, Scope, bool]) -> None:
    assert verdict(code, at) == expected


@pytest.mark.parametrize("at", STEPS)
def test_421_is_about_the_connection_whatever_was_asked(at: Step) -> None:
    assert verdict(421, at) == ("planned", "connection", False)


@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("code", [530, 535])
def test_a_server_that_wants_a_password_serves_nobody(at: Step, code: int) -> None:
    assert verdict(code, at) == ("planned", "run", False)


@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("kind", [2, 3, 4, 5])
def test_only_2xx_to_the_whole_message_means_sent(at: Step, kind: int) -> None:
    for code in range(kind * 100, kind * 100 + 100):
        assert (verdict(code, at)[0] == "sent") == (at == "body" and kind == 2)


@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("kind", [2, 3, 4])
def test_only_5xx_is_for_ever(at: Step, kind: int) -> None:
    for code in range(kind * 100, kind * 100 + 100):
        assert verdict(code, at)[0] != "perm"


def test_a_verdict_is_about_one_recipient_unless_it_says_more() -> None:
    assert Verdict("temp") == Verdict("temp", "recipient", grey=False)


@pytest.mark.parametrize(
    ("code", "text", "why"),
    [
        (550, "5.1.1 no such mailbox", "does not exist"),
        (550, "5.1.1", "does not exist"),
        (550, "5.1.2 no such domain", "domain"),
        (550, "5.1.6 moved", "moved"),
        (556, "5.1.10 takes no mail", "takes no mail"),
        (550, "5.1.0 other", ""),
        (550, "5.1.11 nothing", ""),
        (550, "5.1.100 nothing", ""),
        (550, "5.1.8 your own domain does not exist", ""),
        (552, "5.2.2 full", ""),
        (550, "5.7.1 your server is on a list", ""),
        (550, "no such user", ""),
        (550, "we saw 5.1.1 elsewhere", ""),
        (450, "4.1.1 not now", ""),
        (450, "5.1.1 which contradicts itself", ""),
    ],
)
def test_which_addresses_are_dead_and_why(code: int, text: str, why: str) -> None:
    told = dead(Reply(code, text, "rcpt"))
    assert bool(told) == bool(why)
    assert why in told


@pytest.mark.parametrize("at", ["mail", "data", "body"])
def test_what_is_said_to_another_command_kills_no_recipient(at: Step) -> None:
    assert not dead(Reply(550, "5.1.1 no such mailbox", at))
