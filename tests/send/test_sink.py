"""The SMTP sink: whatever program sends to it, its mail lies in the mailbox as it was sent."""

from __future__ import annotations

import base64
import errno
import json
import logging
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import click
import pytest

from digest.cli.mailbox import mailbox as command
from digest.cli.session import Session
from digest.errors import DigestError, UsageError
from digest.models import Recipient
from digest.send import Came, Mailbox, Sink, addressed, deliver, on_the_wire
from digest.send.mailbox import sink_server as bounds

EDITOR = "editor@example.org"
ANN = "ann@example.org"
PASSWORD = "s3cret-tides"
OWN = (
    b"From: Harbor Weekly <editor@example.org>\r\nSubject: Tides\r\n"
    b"Message-ID: <2026-w47.0123456789abcdef0123456789abcdef@example.org>\r\n"
    b"List-Id: Harbor Weekly <harbor-weekly.example.org>\r\n\r\nLow water at noon.\r\n"
)


class Running:
    """A sink on a free port, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.mailbox = Mailbox(folder / "var" / "mailbox")
        self.told: list[Came] = []
        self.sink = Sink(self.mailbox, port=0, tell=self.told.append)

    def client(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.sink.port, timeout=30, local_hostname="localhost")

    def files(self) -> list[str]:
        return sorted(path.name for path in self.mailbox.folder.glob("*.*"))


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    found = Running(folder)
    thread = threading.Thread(target=found.sink.serve)
    thread.start()
    try:
        yield found
    finally:
        found.sink.stop()
        thread.join(timeout=30)
        assert not thread.is_alive()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as found:
        yield found


def test_a_mail_is_kept_as_it_was_sent(box: Running) -> None:
    raw = b"Subject: dots\r\n\r\n.\r\n..two\r\nbare\nnewline\r\n caf\xc3\xa9\r\n\r\n"
    with box.client() as client:
        client.ehlo()
        client.mail(EDITOR, ["BODY=8BITMIME"])
        client.rcpt(ANN)
        # smtplib would mend the bare newline: the bytes themselves.
        client.docmd("DATA")
        client.send(re.sub(rb"(?m)^\.", b"..", raw) + b".\r\n")
        assert client.getreply()[0] == 250
    assert (box.mailbox.folder / f"mail {ANN}.eml").read_bytes() == raw
    (came,) = box.told
    assert (came.sender, came.recipients, came.subject) == (EDITOR, (ANN,), "dots")
    assert (came.size, came.file, came.problem) == (len(raw), f"mail {ANN}.eml", "")
    assert box.sink.kept == 1


def test_a_mail_for_several_is_one_file_and_its_envelope(box: Running) -> None:
    people = [ANN, "ben@example.org", "cleo@example.com"]
    with box.client() as client:
        client.sendmail(EDITOR, people, "Subject: hello\n\nto all\n")
    assert box.files() == [f"mail {ANN}.eml", f"mail {ANN}.envelope.json"]
    told = json.loads((box.mailbox.folder / f"mail {ANN}.envelope.json").read_text("utf-8"))
    assert told == {"from": EDITOR, "to": people}
    assert len(list((box.mailbox.folder / "new").iterdir())) == 1
    for path in box.mailbox.folder.glob("*.*"):
        assert path.stat().st_mode & 0o077 == 0


def test_an_issues_mail_lies_under_its_issue(box: Running) -> None:
    deliver(
        [Recipient(address=ANN)],
        lambda r: on_the_wire(addressed(OWN, r, as_test=True)),
        smtp_url=box.sink.url,
        sender=EDITOR,
    )
    assert [s.name for s in box.mailbox.summaries()] == [f"2026-W47 {ANN}"]


@pytest.mark.parametrize(
    "header",
    [
        "Message-ID: <2026-w47.0123456789abcdef0123456789abcdef@example.org>",
        "List-Id: <other.example.com>\nMessage-ID: <../../2026-w47.x@example.org>",
        "List-Id: <other.example.com>",
    ],
)
def test_any_other_programs_mail_is_a_mail(box: Running, header: str) -> None:
    with box.client() as client:
        client.sendmail(EDITOR, [ANN], f"Subject: hi\n{header}\n\nhello\n")
    assert [s.name for s in box.mailbox.summaries()] == [f"mail {ANN}"]


def test_what_it_offers(box: Running) -> None:
    with box.client() as client:
        client.ehlo()
        assert client.esmtp_features["size"] == str(bounds.MAX_BYTES)
        for name in ("8bitmime", "smtputf8", "pipelining"):
            assert client.has_extn(name)
        assert not client.has_extn("starttls")
        assert set(client.esmtp_features["auth"].split()) == {"LOGIN", "PLAIN", "XOAUTH2"}


def test_commands_in_one_write_are_answered_in_order(box: Running) -> None:
    """PIPELINING is offered, so it has to hold: two mails, and the end, sent ahead."""
    mail = f"MAIL FROM:<{EDITOR}>\r\nRCPT TO:<{ANN}>\r\nDATA\r\n".encode()
    with socket.create_connection(("127.0.0.1", box.sink.port), timeout=30) as peer:
        peer.sendall(b"EHLO localhost\r\n" + mail)
        peer.sendall(b"Subject: one\r\n\r\n1\r\n.\r\n" + mail)
        peer.sendall(b"Subject: two\r\n\r\n2\r\n.\r\nQUIT\r\n")
        heard = b""
        while more := peer.recv(4096):
            heard += more
    codes = re.findall(rb"(?m)^(\d{3}) ", heard)
    assert codes == [b"220", b"250", *[b"250", b"250", b"354", b"250"] * 2, b"221"]
    assert [came.subject for came in box.told] == ["one", "two"]


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_any_password_will_do_and_none_is_kept(
    box: Running, mechanism: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with box.client() as client:
        client.ehlo()
        client.esmtp_features["auth"] = mechanism
        client.login("editor", PASSWORD)
        client.sendmail(EDITOR, [ANN], "Subject: hi\n\nhello\n")
    _nowhere(box, caplog, PASSWORD)


def test_a_long_token_of_xoauth2(box: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = PASSWORD * 400
    raw = f"user=editor\1auth=Bearer {token}\1\1"
    initial = base64.b64encode(raw.encode()).decode()
    with box.client() as client:
        client.ehlo()
        assert client.docmd("AUTH", f"XOAUTH2 {initial}")[0] == 235
    with box.client() as client:
        client.ehlo()
        assert client.docmd("AUTH", "XOAUTH2")[0] == 334
        assert client.docmd(initial)[0] == 235
        client.sendmail(EDITOR, [ANN], "Subject: hi\n\nhello\n")
    _nowhere(box, caplog, PASSWORD)


def _nowhere(box: Running, caplog: pytest.LogCaptureFixture, secret: str) -> None:
    """Neither on the disk, nor told, nor in a log, plain or in base64."""
    kept = [path.read_bytes() for path in box.mailbox.folder.rglob("*") if path.is_file()]
    assert len(kept) == 3
    seen = b"\n".join(kept).decode() + repr(box.told) + caplog.text
    for form in (secret, base64.b64encode(secret.encode()).decode()[:12]):
        assert form not in seen


@pytest.mark.parametrize(
    ("address", "options", "code"),
    [
        ("jörg@example.org", ["SMTPUTF8"], 250),
        ("jörg@example.org", [], 553),
        ("ann@bücher.example", ["SMTPUTF8"], 250),
    ],
)
def test_an_address_beyond_ascii_needs_smtputf8(
    box: Running, address: str, options: list[str], code: int
) -> None:
    with box.client() as client:
        client.ehlo()
        client.command_encoding = "utf-8"
        assert client.mail(EDITOR, options)[0] == 250
        assert client.rcpt(address)[0] == code
        if code == 250:
            assert client.data("Subject: hé\n\nhi\n".encode())[0] == 250
    if code == 250:
        (beside,) = box.mailbox.folder.glob("*.json")
        assert json.loads(beside.read_text("utf-8"))["to"] == [address]
        assert box.told[0].subject == "hé"
        assert box.mailbox.remove(address) == 1


def test_a_bounce_has_no_sender(box: Running) -> None:
    with box.client() as client:
        client.sendmail("", [ANN], "Subject: returned\n\nno such user\n")
    assert box.told[0].sender == ""
    (beside,) = box.mailbox.folder.glob("*.json")
    assert json.loads(beside.read_text("utf-8"))["from"] == ""


def test_what_is_too_large_is_refused(box: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_BYTES", 10_000)
    with box.client() as client:
        client.ehlo()
        assert client.mail(EDITOR, ["SIZE=10001"])[0] == 552
        client.mail(EDITOR)
        client.rcpt(ANN)
        code, _ = client.data(b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 1_000)
        assert code == 552
        client.mail(EDITOR)
        client.rcpt(ANN)
        code, _ = client.data(b"Subject: x\r\n\r\n" + b"0" * 1_000 + b"\r\n")
        assert code == 500
        client.mail(EDITOR)
        client.rcpt(ANN)
        assert client.data(b"Subject: fits\r\n\r\n" + b"0" * 998 + b"\r\n")[0] == 250
    assert [came.subject for came in box.told] == ["fits"]


def test_no_line_and_no_noise_stops_it(box: Running) -> None:
    for noise in (b"\xff\xfe\r\n", b"X" * 40_000 + b"\r\n", b"MAIL FROM:<\x1b[31m>\r\n", b"\0\r\n"):
        with socket.create_connection(("127.0.0.1", box.sink.port), timeout=30) as peer:
            peer.sendall(b"EHLO x\r\n" + noise + b"QUIT\r\n")
            heard = b""
            while more := peer.recv(4096):
                heard += more
        assert re.search(rb"(?m)^5\d\d ", heard), noise[:20]
        assert b"Traceback" not in heard
    with box.client() as client:
        client.sendmail(EDITOR, [ANN], "Subject: still here\n\nhello\n")
    assert [came.subject for came in box.told] == ["still here"]


def test_recipients_and_connections_are_bounded(
    box: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MAX_RECIPIENTS", 2)
    monkeypatch.setattr(bounds, "MAX_CONNECTIONS", 1)
    with box.client() as client:
        client.ehlo()
        client.mail(EDITOR)
        answers = [client.rcpt(f"reader{n}@example.org")[0] for n in range(3)]
        assert answers == [250, 250, 452]
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            box.client()
        assert refused.value.smtp_code == 421
    # The place is free again once the server has seen the end.
    for _ in range(1500):
        try:
            box.client().quit()
            break
        except smtplib.SMTPConnectError:
            time.sleep(0.02)
    else:
        pytest.fail("a place was never given back")


@pytest.mark.parametrize(
    ("code", "answer"), [(errno.ENOSPC, b"4.3.1 Insufficient"), (errno.EACCES, b"4.3.0 No")]
)
def test_a_mail_that_the_disk_does_not_take_is_not_taken(
    box: Running, monkeypatch: pytest.MonkeyPatch, code: int, answer: bytes
) -> None:
    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    with box.client() as client:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(smtplib.SMTPDataError) as refused:
                client.sendmail(EDITOR, [ANN], "Subject: lost?\n\nno\n")
        assert refused.value.smtp_code == 452
        assert answer in refused.value.smtp_error
        assert os.strerror(code) in box.told[0].problem
        assert [path for path in box.mailbox.folder.rglob("*") if path.is_file()] == []
        client.sendmail(EDITOR, [ANN], "Subject: again\n\nyes\n")
    assert box.sink.kept == 1
    assert [came.problem for came in box.told][1:] == [""]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "mail.example.org", "", "\x1b[31m"])
def test_only_loopback(tmp_path: Path, host: str) -> None:
    with pytest.raises(UsageError, match="no loopback address") as raised:
        Sink(Mailbox(tmp_path), host=host, port=0)
    assert "\x1b" not in raised.value.what


@pytest.mark.parametrize(
    ("host", "address"), [("localhost", "127.0.0.1"), ("[::1]", "::1"), ("127.0.0.2", "127.0.0.2")]
)
def test_every_name_of_loopback(tmp_path: Path, host: str, address: str) -> None:
    try:
        sink = Sink(Mailbox(tmp_path), host=host, port=0)
    except DigestError as error:
        pytest.skip(f"this machine lacks {address}: {error.what}")
    thread = threading.Thread(target=sink.serve)
    thread.start()
    with smtplib.SMTP(address, sink.port, timeout=30) as client:
        client.sendmail(EDITOR, [ANN], "Subject: hi\n\nhello\n")
    sink.stop()
    thread.join(timeout=30)
    assert sink.kept == 1


def test_a_busy_port_is_one_sentence(tmp_path: Path, box: Running) -> None:
    with pytest.raises(DigestError) as raised:
        Sink(Mailbox(tmp_path), port=box.sink.port)
    assert f"Port {box.sink.port} on 127.0.0.1 is in use" in raised.value.what
    assert "--port" in raised.value.hint


def test_the_end_hangs_up_on_whoever_is_there(tmp_path: Path) -> None:
    with running(tmp_path) as found:
        client = found.client()
        client.ehlo()
        client.mail(EDITOR)
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        client.rcpt(ANN)
    client.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", found.sink.port))


PROGRAM = """
from digest.cli.main import VERBS, main
VERBS["mailbox"] = ("digest.cli.mailbox", "")
main(["-C", {folder!r}, *{words!r}])
"""


@contextmanager
def start(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The command as a person starts it; it has ended with the block."""
    with subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM.format(folder=str(folder), words=list(words))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_command_says_what_to_set_what_came_and_how_many(tmp_path: Path) -> None:
    with start(tmp_path, "mailbox", "--port", "0") as process:
        assert process.stdout is not None
        hello = [process.stdout.readline() for _ in range(4)]
        hit = re.search(r"DIGEST_SMTP_URL=smtp://127\.0\.0\.1:(\d+)\n", hello[1])
        assert hit
        assert "digest serve" in hello[2]
        assert "Ctrl-C" in hello[3]
        evil = EmailMessage()
        evil["Subject"] = "red \N{RIGHT-TO-LEFT OVERRIDE}[bold]markup"
        evil.set_content("hello")
        with smtplib.SMTP("127.0.0.1", int(hit[1]), timeout=30) as client:
            client.send_message(evil, EDITOR, [ANN, "ben@example.org"])
            client.sendmail(EDITOR, [ANN], b"Subject: \x1b]0;title\x07\x1b[31mhi\r\n\r\nhello\r\n")
        lines = [process.stdout.readline() for _ in range(2)]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d  editor@example\.org → ann@example\.org and 1 more  "
        r"“red \[bold\]markup”  \d\.\d KB\n",
        lines[0],
    )
    assert "“hi”" in lines[1]
    assert "\x1b" not in "".join(lines)
    assert out.strip() == f"2 mails kept in {tmp_path / 'var' / 'mailbox'}."
    assert (process.returncode, err) == (0, "")


def test_quiet_says_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as busy:
        words = ("mailbox", "-q", "--port", str(busy.sink.port))
        with start(tmp_path, *words) as process:
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (1, "")
    assert err.startswith(f"error: Port {busy.sink.port} on 127.0.0.1 is in use.")


def test_the_command_has_help_and_an_example() -> None:
    assert command.help
    assert command.epilog
    assert "digest mailbox" in command.epilog


def test_another_host_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no loopback address"):
        command.main(["--host", "0.0.0.0"], obj=Session(folder=tmp_path), standalone_mode=False)
    with pytest.raises(click.UsageError):
        command.main(["--port", "70000"], obj=Session(folder=tmp_path), standalone_mode=False)
