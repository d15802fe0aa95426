"""The servers that other tests stand on: each takes a message, gives it back, and goes away."""

from __future__ import annotations

import base64
import contextlib
import os
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail_servers import (
    Dovecot,
    Mail,
    Opensmtpd,
    Postfix,
    Postgresql,
    delayed,
    dovecot,
    opensmtpd,
    postfix,
    postgresql,
    smtp_sink,
    smtp_source_path,
)
from tests.mail_servers.process import open_folder, program
from tests.send.servers import PASSWORD, USER, Certificates, make_certificates

# They listen on ports that were free a moment ago: one at a time.
pytestmark = pytest.mark.xdist_group("servers")

SENDER = "bounces@example.org"
ANN = "ann@example.org"
GONE, FULL = "gone@example.org", "full@example.org"
# Every server adds what is missing of From, Date and Message-ID; dots and blanks are traps.
MESSAGE = (
    b"From: Editor <editor@example.org>\r\nTo: ann@example.org\r\nSubject: Issue 47\r\n"
    b"Date: Fri, 20 Nov 2026 07:00:00 +0000\r\nMessage-ID: <47.ann@example.org>\r\n"
    b"List-Id: The Ferry\r\n <ferry.example.org>\r\n\r\n"
    b".\r\n..\r\n.dot\r\nReceived: by nobody\r\ntrailing \t\r\n" + b"x" * 990 + b"\r\n\r\n"
)
SENT = Mail(SENDER, ANN, MESSAGE)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def mta(certificates: Certificates, mailboxes: Dovecot) -> Iterator[Postfix]:
    answers = {GONE: "550 5.1.1 no such mailbox", FULL: "452 4.2.2 full"}
    with postfix(
        tls=certificates, answers=answers, size_limit=50_000, sasl=mailboxes.auth
    ) as server:
        yield server


@pytest.fixture(scope="module")
def plain_mta() -> Iterator[Opensmtpd]:
    with opensmtpd(refused=[GONE], size_limit=50_000) as server:
        yield server


@pytest.fixture(scope="module")
def database() -> Iterator[Postgresql]:
    with postgresql() as server:
        yield server


def features(host: str, port: int) -> set[str]:
    with smtplib.SMTP(host, port, timeout=10) as smtp:
        smtp.ehlo()
        return {name.upper() for name in smtp.esmtp_features}


def refusals(host: str, port: int, *recipients: str) -> dict[str, int]:
    with smtplib.SMTP(host, port, timeout=10) as smtp:
        refused = smtp.sendmail(SENDER, [*recipients, "everybody.else@example.org"], MESSAGE)
    return {address: code for address, (code, _) in refused.items()}


# --- Postfix


def test_postfix_gives_back_what_it_took_in_all_three_ways(
    mta: Postfix, certificates: Certificates
) -> None:
    before = len(mta.mails())
    with smtplib.SMTP(mta.host, mta.port, timeout=10) as smtp:
        smtp.sendmail(SENDER, [ANN], MESSAGE)
        smtp.starttls(context=certificates.trusting)
        smtp.sendmail(SENDER, [ANN], MESSAGE)
    with smtplib.SMTP_SSL(
        mta.host, mta.tls_port, context=certificates.trusting, timeout=10
    ) as smtp:
        secret = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
        assert smtp.docmd("AUTH", f"PLAIN {secret}")[0] == 235
        smtp.sendmail(SENDER, [ANN], MESSAGE)
    assert mta.mails(before + 3)[before:] == (SENT, SENT, SENT)


def test_postfix_announces_what_debians_does(mta: Postfix) -> None:
    named = {"PIPELINING", "STARTTLS", "8BITMIME", "SMTPUTF8", "SIZE", "AUTH"}
    assert named <= features(mta.host, mta.port)


def test_postfix_refuses_whom_and_what_it_is_told_to(mta: Postfix) -> None:
    assert refusals(mta.host, mta.port, GONE, FULL) == {GONE: 550, FULL: 452}
    with smtplib.SMTP(mta.host, mta.port, timeout=10) as smtp:
        with pytest.raises(smtplib.SMTPRecipientsRefused):  # no relay
            smtp.sendmail(SENDER, ["someone@example.net"], MESSAGE)
        with pytest.raises(smtplib.SMTPResponseException) as told:
            smtp.sendmail(SENDER, [ANN], MESSAGE + b"x\r\n" * 20_000)
    assert told.value.smtp_code == 552


def test_postfix_delivers_to_dovecot(mailboxes: Dovecot) -> None:
    before = len(mailboxes.mails())
    with postfix(transport=mailboxes.transport) as server:
        with smtplib.SMTP(server.host, server.port, timeout=10) as smtp:
            smtp.sendmail(SENDER, [ANN], MESSAGE)
        assert mailboxes.mails(before + 1)[before:] == (SENT,)


def test_an_expired_certificate_is_refused_for_that(tmp_path: Path) -> None:
    expired = make_certificates(tmp_path, days=-1)
    with postfix(tls=expired) as server, smtplib.SMTP(server.host, server.port) as smtp:
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            smtp.starttls(context=expired.trusting)
        smtp.close()


# --- OpenSMTPD


def test_opensmtpd_gives_back_what_it_took(plain_mta: Opensmtpd) -> None:
    with smtplib.SMTP(plain_mta.host, plain_mta.port, timeout=10) as smtp:
        smtp.sendmail(SENDER, [ANN], MESSAGE)
    assert SENT in plain_mta.mails(1)


def test_opensmtpd_does_not_pipeline(plain_mta: Opensmtpd) -> None:
    named = features(plain_mta.host, plain_mta.port)
    assert "8BITMIME" in named
    assert "PIPELINING" not in named


def test_opensmtpd_refuses_whom_and_what_it_is_told_to(plain_mta: Opensmtpd) -> None:
    assert refusals(plain_mta.host, plain_mta.port, GONE) == {GONE: 550}
    with (
        smtplib.SMTP(plain_mta.host, plain_mta.port, timeout=10) as smtp,
        pytest.raises(smtplib.SMTPResponseException) as told,
    ):
        smtp.sendmail(SENDER, [ANN], MESSAGE + b"x\r\n" * 50_000)
    assert told.value.smtp_code == 554


# --- Dovecot


def test_dovecot_keeps_an_inbox_for_each_recipient() -> None:
    addresses = [f"reader{number}@example.org" for number in range(3)]
    with dovecot(each=True) as server:
        with smtplib.LMTP(server.host, server.port) as lmtp:
            for address in addresses:  # smtplib knows one reply a message, LMTP one a recipient
                lmtp.sendmail(SENDER, [address], MESSAGE)
        for address in addresses:
            assert server.mails(1, user=address) == (Mail(SENDER, address, MESSAGE),)


# --- smtp-sink, smtp-source


def test_the_sink_keeps_or_counts_what_the_source_sends() -> None:
    with smtp_sink(keep=True) as sink, smtplib.SMTP(sink.host, sink.port) as smtp:
        smtp.sendmail(SENDER, [ANN], MESSAGE)
        assert sink.mails(1) == (SENT,)
    with smtp_sink() as sink:
        subprocess.run(
            [smtp_source_path(), "-m", "20", "-s", "2", "-f", SENDER, "-t", ANN,
             f"{sink.host}:{sink.port}"],
            check=True, timeout=30,
        )  # fmt: skip
        end = time.monotonic() + 10
        while sink.count() < 20 and time.monotonic() < end:
            time.sleep(0.02)
        assert sink.count() == 20


# --- PostgreSQL


def test_postgresql_answers_and_gives_out_empty_databases(database: Postgresql) -> None:
    from sqlalchemy import create_engine, text

    from digest.setting_kinds import database as database_url

    for url in (database.url, database.new_database(), database.new_database()):
        assert database_url(url) == url
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE ledger (address text)"))
            assert connection.execute(text("SELECT 1")).scalar() == 1
        engine.dispose()


# --- The far server


@pytest.fixture
def far() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection with a round trip of 30 ms."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        delayed(listening.getsockname()[1], 0.015) as way,
        socket.create_connection((way.host, way.port), timeout=10) as near,
        listening.accept()[0] as server,
    ):
        server.settimeout(10)
        yield near, server


def test_a_round_trip_takes_as_long_as_asked(far: tuple[socket.socket, socket.socket]) -> None:
    near, server = far
    begun = time.monotonic()
    near.sendall(b"ping")
    server.sendall(server.recv(4))
    assert near.recv(4) == b"ping"
    assert time.monotonic() - begun >= 0.030


def test_the_way_keeps_bytes_in_order_and_ends_one_direction_at_a_time(
    far: tuple[socket.socket, socket.socket],
) -> None:
    near, server = far
    sent = os.urandom(3_000_000)
    near.sendall(sent)
    near.shutdown(socket.SHUT_WR)
    assert server.makefile("rb").read() == sent
    server.sendall(b"bye")
    server.shutdown(socket.SHUT_WR)
    assert near.makefile("rb").read() == b"bye"


def test_a_reset_comes_through(far: tuple[socket.socket, socket.socket]) -> None:
    near, server = far
    server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    server.close()
    with pytest.raises(ConnectionResetError):
        near.recv(1)


# --- Nothing is skipped in silence


def test_an_absent_program_skips_its_test_by_name_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no postman: Debian's package is called post"):
        program("postman", "post")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI needs postman"):
        program("postman", "post")


# --- Nothing stays


_HELD = """
from tests.mail_servers import dovecot, opensmtpd, postfix, postgresql
import contextlib, time
with contextlib.ExitStack() as stack:
    servers = [stack.enter_context(start()) for start in (postfix, opensmtpd, dovecot, postgresql)]
    print(*(server.port for server in servers), flush=True)
    time.sleep(60)
"""


def test_nothing_stays_of_servers_whose_test_fails_or_is_killed() -> None:
    ports = []
    with contextlib.suppress(ZeroDivisionError), postfix() as server:
        ports.append(server.port)
        raise ZeroDivisionError
    with open_folder("held") as folder:  # nobody else removes what a killed process has made
        command = [sys.executable, "-c", _HELD]
        environment = os.environ | {"TMPDIR": str(folder)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as held:
            assert held.stdout is not None
            ports += [int(port) for port in held.stdout.readline().split()]
            held.kill()
        assert len(ports) == 5
        end = time.monotonic() + 10
        while (left := [port for port in ports if _listens(port)]) and time.monotonic() < end:
            time.sleep(0.05)
    assert left == []


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
