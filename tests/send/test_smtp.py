"""Over SMTP: to a real server on loopback, and to servers that break, lie and say nothing."""

from __future__ import annotations

import base64
import logging
import socket
import ssl
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from digest.errors import SendError
from digest.models import Recipient
from digest.send import (
    Outcome,
    Patience,
    Progress,
    Tally,
    deliver,
    on_the_wire,
    parse_smtp_url,
)
from tests.send.servers import (
    BYE,
    HELLO,
    PASSWORD,
    TAKEN,
    TO_BODY,
    USER,
    Answers,
    Certificates,
    Liar,
    make_certificates,
    real_server,
)

SENDER = "Harbor Weekly <editor@example.org>"
RAW = (
    b"Subject: Tides\r\nTo: x@example.org\r\n\r\n"
    b".a dot begins a line\r\n..two do\r\n\r\n.\r\nafter a lone dot\r\n"
)
ANN, BEN, CLEO = (Recipient(address=f"{name}@example.org") for name in ("ann", "ben", "cleo"))


def send(
    port: int, *recipients: Recipient, url: str = "smtp://127.0.0.1:{}", raw: bytes = RAW,
    tls: ssl.SSLContext | None = None, timeout: float = 5, final_timeout: float = 5,
    progress: Progress | None = None, token: Callable[[], str] | None = None,
) -> tuple[Outcome, ...]:  # fmt: skip
    return deliver(
        recipients or (ANN,),
        lambda _: on_the_wire(raw),
        smtp_url=url.format(port),
        sender=SENDER,
        tls=tls,
        patience=Patience(reply=timeout, final=final_timeout, reopen=0, drops=2, troubles=4),
        progress=progress,
        token=token,
    )


def states(outcomes: tuple[Outcome, ...]) -> list[str]:
    return [outcome.state for outcome in outcomes]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


# --- A real server


def test_each_recipient_gets_the_message_over_one_connection() -> None:
    told: list[tuple[int, int]] = []

    def progress(tally: Tally) -> None:
        told.append((tally.sent, tally.total))

    with real_server() as inbox:
        sent = send(inbox.port, ANN, BEN, progress=progress)
    assert states(sent) == ["sent", "sent"]
    assert sent[0].reply == "250 2.0.0 taken"
    assert inbox.mails == [
        ("editor@example.org", "ann@example.org", RAW),
        ("editor@example.org", "ben@example.org", RAW),
    ]
    assert len(inbox.peers) == 1
    assert told[-1] == (2, 2)


@pytest.mark.parametrize(
    ("raw", "taken"),
    [
        (b"A: b\n\none\rtwo\nthree", b"A: b\r\n\r\none\r\ntwo\r\nthree\r\n"),
        (b"A: b\r\n\r\nx\n.\nMAIL FROM:<evil@example.org>\n",
         b"A: b\r\n\r\nx\r\n.\r\nMAIL FROM:<evil@example.org>\r\n"),
        (b"A: b\r\n\r\nx\r.\rDATA\r", b"A: b\r\n\r\nx\r\n.\r\nDATA\r\n"),
    ],
)  # fmt: skip
def test_a_body_cannot_end_its_message_early(raw: bytes, taken: bytes) -> None:
    """A bare CR or LF around a dot ("SMTP smuggling") is a line's end like any other."""
    with real_server() as inbox:
        assert states(send(inbox.port, ANN, BEN, raw=raw)) == ["sent", "sent"]
    assert [mail[2] for mail in inbox.mails] == [taken, taken]


def test_a_refused_recipient_does_not_stop_the_others() -> None:
    answers = {
        "ann@example.org": "550 5.1.1 no such mailbox",
        "ben@example.org": "450 4.2.1 come back later",
    }
    with real_server(Answers(rcpt=lambda a: answers.get(a, "250 OK"))) as inbox:
        sent = send(inbox.port, ANN, BEN, CLEO)
    assert states(sent) == ["perm", "temp", "sent"]
    assert sent[0].reply == "550 5.1.1 no such mailbox"
    assert [to for _, to, _ in inbox.mails] == ["cleo@example.org"]
    assert len(inbox.peers) == 1


@pytest.mark.parametrize(
    ("answer", "state"), [("554 5.7.1 spam", "perm"), ("451 4.3.0 busy", "temp")]
)
def test_a_message_that_is_not_taken(answer: str, state: str) -> None:
    with real_server(Answers(after=lambda n: answer if n == 1 else "250 OK")) as inbox:
        sent = send(inbox.port, ANN, BEN)
    assert states(sent) == [state, "sent"]
    assert sent[0].reply == answer


def test_a_refused_sender_stops_the_run_with_one_sentence() -> None:
    with (
        real_server(Answers(mail="553 5.7.1 not your address")) as inbox,
        pytest.raises(SendError, match=r"refused the sender editor@example\.org: 553") as caught,
    ):
        send(inbox.port, ANN, BEN)
    assert "DIGEST_SENDER" in caught.value.hint
    assert inbox.mails == []


def test_an_address_that_could_be_a_command_is_never_said() -> None:
    evil = Recipient(address="ann@example.org>\r\nRSET")
    with real_server() as inbox:
        assert states(send(inbox.port, evil, BEN)) == ["perm", "sent"]
    assert [to for _, to, _ in inbox.mails] == ["ben@example.org"]


@pytest.mark.parametrize("sender", ["", "Nobody", "a@example.org\r\nX: y", "ü@example.org", "<>"])
def test_a_sender_that_is_none(sender: str) -> None:
    with pytest.raises(SendError, match="sender") as caught:
        deliver([ANN], lambda _: on_the_wire(RAW), smtp_url="smtp://127.0.0.1:1", sender=sender)
    assert "DIGEST_SENDER" in caught.value.hint


def test_a_server_that_refuses_everybody_spares_the_rest() -> None:
    everybody = [Recipient(address=f"r{n}@example.org") for n in range(9)]
    with real_server(Answers(rcpt=lambda _: "550 5.7.1 you are on a blocklist")) as inbox:
        sent = deliver(
            everybody,
            lambda _: on_the_wire(RAW),
            smtp_url=f"smtp://127.0.0.1:{inbox.port}",
            sender=SENDER,
            patience=Patience(refusals=4),
        )
    assert states(sent) == ["perm"] * 4 + ["temp"] * 5
    assert "refused 4 recipients in a row" in sent[-1].reply
    assert "blocklist" in sent[-1].reply


# --- TLS and passwords


def test_starttls_is_used_where_it_is_offered(certificates: Certificates) -> None:
    with real_server(tls=certificates.serving) as inbox:
        sent = send(inbox.port, url="smtp://localhost:{}", tls=certificates.trusting)
    assert states(sent) == ["sent"]
    assert inbox.encrypted == [True]


def test_tls_from_the_first_byte(certificates: Certificates) -> None:
    with real_server(tls=certificates.serving, implicit=True) as inbox:
        sent = send(inbox.port, ANN, BEN, url="smtps://localhost:{}", tls=certificates.trusting)
    assert states(sent) == ["sent", "sent"]
    assert inbox.encrypted == [True, True]


@pytest.mark.parametrize(("scheme", "implicit"), [("smtp", False), ("smtps", True)])
def test_a_certificate_that_nobody_vouches_for(
    certificates: Certificates, scheme: str, implicit: bool
) -> None:
    with (
        real_server(tls=certificates.serving, implicit=implicit) as inbox,
        pytest.raises(SendError, match=r"certificate of localhost:\d+ cannot be trusted"),
    ):
        send(inbox.port, url=scheme + "://localhost:{}")
    assert inbox.mails == []


def test_a_certificate_of_another_host(tmp_path: Path) -> None:
    other = make_certificates(tmp_path, name="other.example.org")
    with (
        real_server(tls=other.serving) as inbox,
        pytest.raises(SendError, match="cannot be trusted"),
    ):
        send(inbox.port, url="smtp://localhost:{}", tls=other.trusting)
    assert inbox.mails == []


def test_tls_against_a_port_that_begins_plain() -> None:
    with real_server() as inbox, pytest.raises(SendError, match="does not speak TLS") as caught:
        send(inbox.port, url="smtps://127.0.0.1:{}")
    assert "465" in caught.value.hint


def test_a_server_elsewhere_must_encrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of a host that is not this machine, led to this machine."""
    led = socket.create_connection

    def here(address: tuple[str, int], *rest: object) -> socket.socket:
        return led(("127.0.0.1", address[1]))

    with real_server() as inbox:
        monkeypatch.setattr(socket, "create_connection", here)
        with pytest.raises(SendError, match="does not offer STARTTLS"):
            send(inbox.port, url="smtp://mail.example.org:{}")
    assert inbox.mails == []


def signed(user: str, password: str) -> str:
    return f"smtp://{quote(user, safe='')}:{quote(password, safe='')}@127.0.0.1:{{}}"


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_it_signs_in(mechanism: str) -> None:
    with real_server(mechanisms=[mechanism]) as inbox:
        sent = send(inbox.port, ANN, BEN, url=signed(USER, PASSWORD))
    assert states(sent) == ["sent", "sent"]
    assert inbox.signed_in == [mechanism]


OFFERS_TOKENS = (HELLO[0], b"250-mail.example.org\r\n250 AUTH XOAUTH2 PLAIN\r\n")
TOKEN = "an-access-token-that-nobody-may-see"


def test_it_signs_in_with_an_access_token() -> None:
    welcome = (*OFFERS_TOKENS, b"235 welcome\r\n", *TO_BODY, TAKEN, BYE)
    with Liar([welcome]) as liar:
        sent = send(liar.port, url="smtp://editor@127.0.0.1:{}", token=lambda: TOKEN)
    assert states(sent) == ["sent"]
    command, mechanism, initial = liar.heard[0][1].split()
    assert (command, mechanism) == (b"AUTH", b"XOAUTH2")
    said = f"user=editor\1auth=Bearer {TOKEN}\1\1"
    assert base64.b64decode(initial).decode() == said


def test_a_refused_access_token_is_told_behind_an_empty_answer_and_not_shown() -> None:
    why = base64.b64encode(b'{"status":"401"}')
    echo = b"535 5.7.8 no: " + TOKEN.encode() + b"\r\n"
    with (
        Liar([(*OFFERS_TOKENS, b"334 " + why + b"\r\n", echo, BYE)]) as liar,
        pytest.raises(SendError, match=r"refused the access token: 535 5\.7\.8 no") as caught,
    ):
        send(liar.port, url="smtp://editor@127.0.0.1:{}", token=lambda: TOKEN)
    assert liar.heard[0][2] == b""
    assert "DIGEST_SMTP_TOKEN_COMMAND" in caught.value.hint
    assert TOKEN not in said_of(caught.value)


def test_a_server_that_takes_no_access_tokens() -> None:
    with real_server(mechanisms=["PLAIN"]) as inbox, pytest.raises(SendError, match="XOAUTH2"):
        send(inbox.port, url="smtp://editor@127.0.0.1:{}", token=lambda: TOKEN)
    assert inbox.mails == []


def test_no_way_to_sign_in() -> None:
    with real_server() as inbox, pytest.raises(SendError, match="no way to sign in"):
        send(inbox.port, url=signed(USER, PASSWORD))
    assert inbox.mails == []


def said_of(error: BaseException) -> str:
    shown = "".join(traceback.format_exception(error))
    return f"{shown} {error!r} {error.__context__!r} {error.__cause__!r}"


def forms(password: str, user: str) -> list[str]:
    plain = password.encode()
    both = b"\0" + user.encode() + b"\0" + plain
    return [
        password,
        quote(password, safe=""),
        *(base64.b64encode(b).decode() for b in (plain, both)),
    ]


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_wrong_password_stops_the_run_and_is_nowhere_shown(
    mechanism: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = "wr0ng pässword"
    with (
        caplog.at_level(logging.DEBUG),
        real_server(mechanisms=[mechanism]) as inbox,
        pytest.raises(SendError, match="refused the user name or the password: 535") as caught,
    ):
        send(inbox.port, url=signed(USER, wrong))
    assert inbox.mails == []
    own = "".join(r.getMessage() for r in caplog.records if not r.name.startswith("mail."))
    shown = said_of(caught.value) + own + "".join(capfd.readouterr())
    assert [secret for secret in forms(wrong, USER) if secret in shown] == []


def test_a_server_that_repeats_the_password_does_not_bring_it_out() -> None:
    """In its words, as AUTH writes it, and where they are cut off."""
    password = "hush-hush-hush"
    echoes = [password, *forms(password, USER)[2:], "x" * 295 + password]
    for echo in echoes:
        script = (b"220 hi\r\n", b"250-hi\r\n250 AUTH PLAIN\r\n", f"535 {echo}\r\n".encode(), BYE)
        with Liar([script]) as liar, pytest.raises(SendError) as caught:
            send(liar.port, url=signed(USER, password))
        shown = said_of(caught.value)
        assert password not in shown
        assert "hush" not in shown
        assert [form for form in forms(password, USER) if form in shown] == []


# --- Servers that break


def test_a_drop_before_the_final_dot_is_tried_once_more() -> None:
    broken = (*HELLO, b"250 OK\r\n", b"250 OK\r\n", None)
    good = (*HELLO, *TO_BODY, TAKEN, *TO_BODY, TAKEN, BYE)
    with Liar([broken, good]) as liar:
        sent = send(liar.port, ANN, BEN)
    assert states(sent) == ["sent", "sent"]
    assert len(liar.heard) == 2


@pytest.mark.parametrize(
    "last", [None, b"nonsense\r\n", b"299", b"354 more\r\n", b""],
    ids=["reset", "no SMTP", "half an answer", "another answer", "silence"],
)  # fmt: skip
def test_after_the_final_dot_nobody_knows_and_nothing_is_sent_twice(last: bytes | None) -> None:
    first = (*HELLO, *TO_BODY, last)
    second = (*HELLO, *TO_BODY, TAKEN, BYE)
    with Liar([first, second]) as liar:
        sent = send(liar.port, ANN, BEN, final_timeout=1.5)
    assert states(sent) == ["unknown", "sent"]
    assert "before the answer" in sent[0].reply
    said = [line for heard in liar.heard for line in heard]
    assert said.count(b"RCPT TO:<ann@example.org>") == 1


def test_421_is_tried_again_on_a_new_connection() -> None:
    busy = (*HELLO, b"421 4.7.0 too many messages\r\n")
    good = (*HELLO, *TO_BODY, TAKEN, *TO_BODY, TAKEN, BYE)
    with Liar([(*HELLO, *TO_BODY, TAKEN, *busy[2:]), good]) as liar:
        sent = send(liar.port, ANN, BEN)
    assert states(sent) == ["sent", "sent"]
    with Liar([busy, busy, good]) as liar:
        sent = send(liar.port, ANN, BEN)
    assert states(sent) == ["sent", "sent"]
    with Liar([busy] * 4) as liar, pytest.raises(SendError, match=r"421 4\.7\.0 too many messages"):
        send(liar.port, ANN, BEN)


def test_421_after_the_dot_says_that_it_was_not_taken() -> None:
    busy = (*HELLO, *TO_BODY, b"421 4.3.2 shutting down\r\n")
    with Liar([busy, (*HELLO, *TO_BODY, TAKEN, BYE)]) as liar:
        assert states(send(liar.port)) == ["sent"]


def test_a_refusal_stands_when_the_connection_breaks_behind_it() -> None:
    refusing = (*HELLO, b"250 OK\r\n", b"550 5.1.1 nobody\r\n", None)
    with Liar([refusing, (*HELLO, *TO_BODY, TAKEN, BYE)]) as liar:
        sent = send(liar.port, ANN, BEN)
    assert states(sent) == ["perm", "sent"]
    assert sent[0].reply == "550 5.1.1 nobody"


def test_a_server_that_goes_away_for_good_leaves_the_rest_listed() -> None:
    with Liar([(*HELLO, *TO_BODY, TAKEN, None)]) as liar:
        sent = send(liar.port, ANN, BEN, CLEO)
    assert states(sent) == ["sent", "temp", "temp"]
    assert "cannot be reached" in sent[1].reply
    assert "cannot be reached" in sent[2].reply


def test_a_server_that_always_breaks_is_not_asked_for_ever() -> None:
    broken = (*HELLO, None)
    with Liar([broken] * 20) as liar, pytest.raises(SendError, match="again and again"):
        send(liar.port, *(Recipient(address=f"r{n}@example.org") for n in range(9)))
    assert len(liar.heard) == 4


@pytest.mark.parametrize(
    "greeting",
    [b"554 go away\r\n", None, b"", b"SSH-2.0-OpenSSH\r\n", b"220-" + b"x" * 9000, b"\r\n",
     b"220-more\r\n" * 500],
    ids=["perm", "reset", "silence", "SSH", "a line without end", "nothing", "no end"],
)  # fmt: skip
def test_what_greets_otherwise_is_one_sentence(greeting: bytes | None) -> None:
    with (
        Liar([(greeting, None)]) as liar,
        pytest.raises(SendError, match=r"127\.0\.0\.1:\d+ cannot be reached") as caught,
    ):
        send(liar.port, timeout=0.3)
    assert "DIGEST_SMTP_URL" in caught.value.hint
    assert len(str(caught.value)) < 600


def test_replies_are_one_line_without_controls() -> None:
    nasty = b"550-5.1.1 \x1b[31mred\x07\r\n550 \xff second\r\n"
    with Liar([(*HELLO, b"250 OK\r\n", nasty, b"250 OK\r\n", BYE)]) as liar:
        sent = send(liar.port)
    assert states(sent) == ["perm"]
    assert sent[0].reply.isprintable()
    assert "red" in sent[0].reply
    assert "second" in sent[0].reply


def test_nobody_listens() -> None:
    with Liar([]) as liar:
        pass
    with pytest.raises(SendError, match="Connection refused"):
        send(liar.port)


def test_ctrl_c_amid_a_run_says_nothing_more_to_the_server() -> None:
    def message(recipient: Recipient) -> bytes:
        if recipient is BEN:
            raise KeyboardInterrupt
        return on_the_wire(RAW)

    with Liar([(*HELLO, *TO_BODY, TAKEN, TAKEN)]) as liar, pytest.raises(KeyboardInterrupt):
        deliver([ANN, BEN], message, smtp_url=f"smtp://127.0.0.1:{liar.port}", sender=SENDER)
    assert liar.heard[0][-1] in {b".", b""}  # the end of Ann's message, or of the connection


def test_small_packets_leave_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """smtplib does not see to it: with TLS each message would wait 40 ms for nothing."""
    led = socket.create_connection
    opened: list[socket.socket] = []
    at_once: list[int] = []

    def connect(*args: Any, **named: Any) -> socket.socket:
        opened.append(led(*args, **named))
        return opened[-1]

    def message(_: Recipient) -> bytes:
        at_once.append(opened[-1].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        return on_the_wire(RAW)

    with real_server() as inbox:
        monkeypatch.setattr(socket, "create_connection", connect)
        sent = deliver([ANN], message, smtp_url=f"smtp://127.0.0.1:{inbox.port}", sender=SENDER)
    assert states(sent) == ["sent"]
    assert [bool(option) for option in at_once] == [True]


# --- The URL


@pytest.mark.parametrize(
    ("url", "host", "port", "implicit", "signs_in"),
    [
        ("smtp://mail.example.org", "mail.example.org", 25, False, ("", "")),
        ("smtp://u:p@mail.example.org", "mail.example.org", 587, False, ("u", "p")),
        ("smtps://u:p@mail.example.org/", "mail.example.org", 465, True, ("u", "p")),
        ("smtp://a%40b:%2F%3F%23%25%20é@[::1]:2525", "::1", 2525, False, ("a@b", "/?#% é")),
        ("smtp://u:p@ss@mail.example.org:26", "mail.example.org", 26, False, ("u", "p@ss")),
    ],
)
def test_urls(url: str, host: str, port: int, implicit: bool, signs_in: tuple[str, str]) -> None:
    server = parse_smtp_url(url)
    assert (server.host, server.port, server.implicit_tls) == (host, port, implicit)
    assert (server.user, server.password) == signs_in
    assert "password" not in repr(server)


@pytest.mark.parametrize(
    "url",
    ["", "http://example.org", "smtp://", "smtp://u:pa/ss@example.org", "smtp://u:pa?ss@example.org",
     "smtp://u:pa#ss@example.org", "smtp://u:12/ss@example.org", "smtp://example.org:99999",
     "smtp://example.org:0", "smtp://[x", "smtp://:ss@example.org", "smtp://u:a%0D%0Ass@example.org",
     "smtp://u:%FFss@example.org", "smtp://example.org/path"],
)  # fmt: skip
def test_urls_that_are_none_are_refused_without_being_shown(url: str) -> None:
    with pytest.raises(SendError) as caught:
        parse_smtp_url(url)
    assert "%2F" in caught.value.hint
    assert "ss@" not in said_of(caught.value).replace("password@", "")


@pytest.mark.parametrize(
    "host", ["x" * 64 + ".example.org", "é..x", "a..b", ".a", "a b", "a\xadb" * 30]
)
def test_a_host_that_cannot_be_looked_up_is_one_sentence(host: str) -> None:
    with pytest.raises(SendError, match="host is no host name") as caught:
        send(0, url=f"smtp://u:secret@{host}:2525")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("port", ["65536", "99999999", "-1", "x", "٣x"])
def test_a_port_that_is_none_is_one_sentence(port: str) -> None:
    with pytest.raises(SendError, match="does not read as one"):
        parse_smtp_url(f"smtp://mail.example.org:{port}")


def test_which_hosts_are_this_machine() -> None:
    for url, here in (
        ("smtp://localhost", True), ("smtp://127.0.0.53", True), ("smtp://[::1]", True),
        ("smtp://localhost.example.org", False), ("smtp://10.0.0.1", False),
        ("smtp://127.0.0.1.example.org", False),
    ):  # fmt: skip
        assert parse_smtp_url(url).is_loopback == here, url
