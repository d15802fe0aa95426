"""What a server's answer decides, by the command that it answers and its code."""

from __future__ import annotations

import pytest

from digest.send import State
from digest.send.replies import Reply, Scope, Step, Verdict, is_dead, judge

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
    ("code", "text", "dead"),
    [
        (550, "5.1.1 no such mailbox", True),
        (550, "5.1.1", True),
        (550, "5.1.2 no such domain", True),
        (553, "5.1.3 bad syntax", True),
        (550, "5.1.6 moved", True),
        (556, "5.1.10 takes no mail", True),
        (550, "5.1.0 other", False),
        (550, "5.1.11 nothing", False),
        (550, "5.1.100 nothing", False),
        (550, "5.1.8 your own domain does not exist", False),
        (552, "5.2.2 full", False),
        (550, "5.7.1 your server is on a list", False),
        (550, "no such user", False),
        (550, "we saw 5.1.1 elsewhere", False),
        (450, "4.1.1 not now", False),
        (450, "5.1.1 which contradicts itself", False),
    ],
)
def test_which_addresses_are_dead(code: int, text: str, dead: bool) -> None:
    assert is_dead(Reply(code, text, "rcpt")) == dead


@pytest.mark.parametrize("at", ["mail", "data"])
def test_what_is_said_of_the_sender_kills_no_recipient(at: Step) -> None:
    assert not is_dead(Reply(550, "5.1.1 no such mailbox", at))
