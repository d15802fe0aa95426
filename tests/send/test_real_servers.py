"""Whole sends over real servers, and every mail fetched back and held to what was promised."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from digest import sample
from digest.archive import Archive
from digest.errors import SendError
from digest.models import Recipient
from digest.pipeline import Manners, Outgoing, ReaderList, Sent, Wishes, approve, build, send
from digest.send import Keyring, Patience, deliver, dns_record, on_the_wire, signers_of
from tests.mail_servers import Dovecot, Mail, Opensmtpd, Postfix, dovecot, opensmtpd, postfix
from tests.newsletter import SLUG, copied, new_newsletter, no_network, settings_of, write
from tests.send.ed25519 import verified_by_openssl
from tests.send.servers import PASSWORD, USER, Certificates, make_certificates

# They listen on ports that were free a moment ago: one at a time.
pytestmark = pytest.mark.xdist_group("servers")

DOMAIN = "weekly.example.org"  # of the bundled newsletter's sender
GONE, FULL = "gone@example.org", "full@example.org"
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
NAMES = (
    "Ännchen Grüßle", "Łucja", "Zoë", "港の人", "", "Bob <b>O'Hara</b> & Söhne", "=?utf-8?q?x?=",
    "..dots.", "Ann-Maria Josefine Wilhelmine " * 6, '"quoted", and more',
)  # fmt: skip
PEOPLE = [(f"reader.{number}@example.org", NAMES[number % len(NAMES)]) for number in range(60)]
PEOPLE[7] = ("first+tag@EXAMPLE.com", PEOPLE[7][1])
PEOPLE[8] = ("l" * 64 + "@example.org", PEOPLE[8][1])
PATIENT = Manners(patience=Patience(retry=(), reopen=0.1))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def mta(certificates: Certificates, mailboxes: Dovecot) -> Iterator[Postfix]:
    """It encrypts, asks dovecot for passwords, and delivers there."""
    with postfix(
        tls=certificates,
        sasl=mailboxes.auth,
        transport=mailboxes.transport,
        answers={GONE: "550 5.1.1 no such mailbox", FULL: "452 4.2.2 full"},
    ) as server:
        yield server


@pytest.fixture(scope="module")
def plain_mta() -> Iterator[Opensmtpd]:
    with opensmtpd(refused=[GONE]) as server:
        yield server


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsletter whose issue greets its readers by name, approved, and two DKIM keys."""
    folder = new_newsletter(tmp_path_factory.mktemp("made") / "newsletter")
    templates = folder / "templates" / "gazette"
    greeting = '{{ recipient.first_name | default("reader") }}'
    text = (templates / "issue.txt.j2").read_text("utf-8")
    write(
        templates / "issue.txt.j2", text + f"\n{greeting}, you get this mail because you asked.\n"
    )
    mast = (templates / "_masthead.mjml.j2").read_text("utf-8")
    write(
        templates / "_masthead.mjml.j2",
        mast.replace(
            '<p class="intro">{{ paragraph', f'<p class="intro">{greeting}: {{{{ paragraph'
        ),
    )
    for name, key in (
        ("rsa", rsa.generate_private_key(65537, 2048)),
        ("ed", ed25519.Ed25519PrivateKey.generate()),
    ):
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.pem").write_bytes(pem)
        (folder / f"{name}.pem").chmod(0o600)
    with (folder / ".env").open("a", encoding="utf-8") as env:
        env.write(f"\nDIGEST_SECRET=b:{'n' * 40},a:{'o' * 40}\n")
        env.write("DIGEST_DKIM_KEYS=rsa2026=rsa.pem,ed2026=ed.pem\nDIGEST_CONNECTIONS=4\n")
        env.write("DIGEST_FEEDBACK_ID=weekly:quay\nDIGEST_PRECEDENCE=bulk\n")
    rebuilt(folder)
    approve(Archive(folder / "issues"), SLUG, save=True)
    return folder


def rebuilt(folder: Path) -> None:
    build(
        settings=settings_of(folder),
        folder=folder,
        archive=Archive(folder / "issues"),
        now=sample.SAMPLE_NOW,
        fetch=no_network,
        blurbs=folder / "blurbs.jsonl",
    )


def outgoing(folder: Path, url: str, *, people: list[tuple[str, str]] = PEOPLE) -> Outgoing:
    rows = ["address,first_name"]
    rows += [f'{address},"{name.replace(chr(34), chr(34) * 2)}"' for address, name in people]
    readers = folder / "readers.csv"
    readers.write_text("\n".join(rows) + "\n", "utf-8")
    return Outgoing(
        SLUG,
        ReaderList(path=readers, folder=folder),
        archive=Archive(folder / "issues"),
        settings=replace(settings_of(folder), smtp_url=url),
        folder=folder,
    )


def sent(going: Outgoing, wishes: Wishes | None = None) -> Sent:
    return send(going, wishes or Wishes(), clock=lambda: NOON, manners=PATIENT)


# --- Every mail, read again


@pytest.fixture(scope="module")
def came(
    approved: Path,
    mta: Postfix,
    mailboxes: Dovecot,
    certificates: Certificates,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Outgoing, dict[str, Mail]]:
    """A send over STARTTLS with a password, fetched over IMAP."""
    folder = copied(approved, tmp_path_factory.mktemp("sent") / "newsletter")
    user = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"
    going = outgoing(folder, f"smtp://{user}@localhost:{mta.port}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(certificates.certificate))
        done = sent(going)
    assert done.error is None
    assert (done.tally.sent, done.status.counts["sent"]) == (60, 60)
    mails = mailboxes.mails(60)
    assert len(mails) == 60
    return going, {mail.recipient.casefold(): mail for mail in mails}


def parsed(mail: Mail) -> EmailMessage:
    return email.message_from_bytes(mail.message, policy=email.policy.default)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def link_of(message: EmailMessage) -> str:
    found = re.fullmatch(r"<(https://[^<>\s,]+)>", str(message["List-Unsubscribe"]))
    assert found is not None
    return found[1]


Came = tuple[Outgoing, dict[str, Mail]]


def test_everybody_got_the_bytes_that_were_prepared(came: Came) -> None:
    going, mails = came
    assert set(mails) == {address.casefold() for address, _ in PEOPLE}
    prepared = going.prepared()
    for address, name in PEOPLE:
        meant = prepared.for_recipient(
            Recipient(address=address.replace("EXAMPLE", "example"), fields={"first_name": name})
        )
        mail = mails[address.casefold()]
        assert mail.message == meant, address
        assert mail.sender == f"editor@{DOMAIN}"


def test_one_click_unsubscribing_is_as_rfc_8058_asks(came: Came) -> None:
    going, mails = came
    keyring = Keyring(going.settings.secret)
    for address, _ in PEOPLE:
        mail = mails[address.casefold()]
        head = mail.message.split(b"\r\n\r\n", 1)[0] + b"\r\n"
        lines = re.findall(rb"(?im)^list-unsubscribe: <https://[!-;=?-~]+>\r\n(?![ \t])", head)
        assert len(lines) == 1
        assert head.count(b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") == 1
        signed = [
            {name.strip().lower() for name in value.split(":")}
            for value in re.findall(
                r"\bh=([^;]+)", "".join(parsed(mail).get_all("DKIM-Signature", []))
            )
        ]
        assert len(signed) == 2
        for names in signed:
            assert {"from", "to", "subject", "date", "message-id", "list-id",
                    "list-unsubscribe", "list-unsubscribe-post"} <= names  # fmt: skip
        token = parse_qs(urlsplit(link_of(parsed(mail))).query)["t"][0]
        assert keyring.read(token) == keyring.reference(address)


def test_every_signature_verifies(came: Came) -> None:
    going, mails = came
    signers = signers_of(going.settings.dkim_keys, folder=going.folder, domain=DOMAIN)
    records = {
        f"{signer.selector}._domainkey.{DOMAIN}.".encode(): dns_record(signer).encode()
        for signer in signers
    }

    def answer(name: bytes, timeout: int = 5) -> bytes | None:
        del timeout
        return records.get(name)

    assert len(records) == 2
    with verified_by_openssl():
        for mail in mails.values():
            verifier = dkim.DKIM(mail.message)
            assert verifier.verify(idx=0, dnsfunc=answer)
            assert verifier.verify(idx=1, dnsfunc=answer)
        other = next(iter(mails.values())).message.replace(b"\r\nTo: ", b"\r\nTo: x")
        for number in (0, 1):
            assert not dkim.DKIM(other).verify(idx=number, dnsfunc=answer)


def test_text_and_html_hold_the_same_link_and_every_slot_is_filled(came: Came) -> None:
    _, mails = came
    for address, name in PEOPLE:
        message = parsed(mails[address.casefold()])
        text, html = body(message, "plain"), body(message, "html")
        link = link_of(message)
        assert link in text
        assert f'href="{link}"' in html
        assert "slot." not in text + html
        assert "X-Digest-Slots" not in message
        shown = " ".join(name.split()) or "reader"
        assert f"{shown}, you get this mail" in " ".join(text.split())
        assert "<b>O'Hara" not in html
        kinds = [part.get_content_type() for part in message.iter_parts()]
        assert kinds[0] == "text/plain"


def test_headers_are_whole_and_each_mail_is_one_of_its_own(came: Came) -> None:
    _, mails = came
    for mail in mails.values():
        message = parsed(mail)
        assert message.defects == []
        assert all(len(line) <= 998 for line in mail.message.split(b"\r\n"))
        assert b"\n" not in mail.message.replace(b"\r\n", b"")
        counted = Counter(name.lower() for name in message.keys())  # noqa: SIM118 # with repeats
        assert counted.pop("dkim-signature") == 2
        assert set(counted.values()) == {1}
        assert {"from", "to", "subject", "date", "message-id", "list-id", "mime-version",
                "feedback-id", "precedence"} <= set(counted)  # fmt: skip
        assert [a.addr_spec.casefold() for a in message["To"].addresses] == [
            mail.recipient.casefold()
        ]
        assert message["Date"].datetime is not None
        assert "[TEST]" not in str(message["Subject"])
    ids = {str(parsed(mail)["Message-ID"]) for mail in mails.values()}
    tokens = {link_of(parsed(mail)) for mail in mails.values()}
    assert (len(ids), len(tokens)) == (60, 60)


def test_the_same_issue_prepared_again_has_the_same_ids(came: Came) -> None:
    going, mails = came
    address = PEOPLE[0][0]
    again = going.prepared().for_recipient(Recipient(address=address))
    message = email.message_from_bytes(again, policy=email.policy.default)
    assert message["Message-ID"] == parsed(mails[address])["Message-ID"]


# --- What servers say


def test_a_send_that_nobody_trusted_goes_on_where_it_was(
    approved: Path, mta: Postfix, certificates: Certificates, tmp_path: Path
) -> None:
    """First the certificate is nobody's; then it is trusted, and single recipients are refused."""
    folder = copied(approved, tmp_path / "newsletter")
    people = [(f"other.{number}@example.org", "") for number in range(8)]
    people[3], people[5] = (GONE, ""), (FULL, "")
    going = outgoing(folder, f"smtp://localhost:{mta.port}", people=people)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE", raising=False)
        done = sent(going)
        assert done.error is not None
        assert re.fullmatch(
            r"The certificate of localhost:\d+ cannot be trusted: self.signed certificate\.",
            done.error.what,
        )
        assert done.status.counts["planned"] == 8
        patch.setenv("SSL_CERT_FILE", str(certificates.certificate))
        done = sent(going, Wishes(resume=True))
    assert done.error is None
    rows = {row.address: (row.state, row.code) for row in going.ledger(lambda: NOON).rows(SLUG)}
    assert rows.pop(GONE) == ("perm", 550)
    assert rows.pop(FULL) == ("temp", 452)
    assert set(rows.values()) == {("sent", 250)}
    with pytest.raises(SendError, match=r"was sent to readers\.csv already"):
        sent(going, Wishes(resume=True))


@pytest.mark.parametrize("connections", [1, 4])
def test_a_server_that_does_not_pipeline_gets_the_same(
    connections: int, approved: Path, plain_mta: Opensmtpd, tmp_path: Path
) -> None:
    folder = copied(approved, tmp_path / "newsletter")
    people = [(f"plain.{connections}.{number}@example.org", "Zoë") for number in range(12)]
    people[4] = (GONE, "")
    before = len(plain_mta.mails())
    going = outgoing(folder, plain_mta.url, people=people)
    done = sent(going, Wishes(connections=connections))
    assert done.error is None
    assert (done.status.counts["sent"], done.status.counts["perm"]) == (11, 1)
    prepared = going.prepared()
    found = {mail.recipient: mail.message for mail in plain_mta.mails(before + 11)}
    for address, name in people:
        if address != GONE:
            recipient = Recipient(address=address, fields={"first_name": name})
            assert found[address] == prepared.for_recipient(recipient)


MESSAGE = (
    b"From: Editor <editor@example.org>\r\nTo: x@example.org\r\nSubject: Issue 47\r\n"
    b"Date: Fri, 20 Nov 2026 07:00:00 +0000\r\nMessage-ID: <47.x@example.org>\r\n\r\n"
    b".\r\n..\r\n.dot\r\n" + b"x" * 990 + b"\r\n"
)


@pytest.mark.parametrize("implicit", [True, False])
def test_encrypted_both_ways_several_at_once(
    implicit: bool, mta: Postfix, mailboxes: Dovecot, certificates: Certificates
) -> None:
    before = len(mailboxes.mails())
    people = [Recipient(address=f"tls.{implicit}.{number}@example.org") for number in range(40)]
    port, scheme = (mta.tls_port, "smtps") if implicit else (mta.port, "smtp")
    outcomes = deliver(
        people,
        lambda _: on_the_wire(MESSAGE),
        smtp_url=f"{scheme}://localhost:{port}",
        sender="editor@example.org",
        connections=4,
        tls=certificates.trusting,
    )
    assert [outcome.state for outcome in outcomes] == ["sent"] * 40
    mails = mailboxes.mails(before + 40)[before:]
    assert Counter(mail.recipient.casefold() for mail in mails) == Counter(
        person.address.casefold() for person in people
    )
    assert {mail.message for mail in mails} == {MESSAGE}


@pytest.mark.parametrize("implicit", [True, False])
def test_an_expired_certificate_is_one_sentence(implicit: bool, tmp_path: Path) -> None:
    expired = make_certificates(tmp_path, days=-1)
    with postfix(tls=expired) as server:
        port, scheme = (server.tls_port, "smtps") if implicit else (server.port, "smtp")
        with pytest.raises(SendError) as told:
            deliver(
                [Recipient(address="ann@example.org")],
                lambda _: on_the_wire(MESSAGE),
                smtp_url=f"{scheme}://localhost:{port}",
                sender="editor@example.org",
                tls=expired.trusting,
            )
    assert re.fullmatch(
        r"The certificate of localhost:\d+ cannot be trusted: certificate has expired\.",
        told.value.what,
    )


def test_a_wrong_password_is_one_sentence(mta: Postfix, certificates: Certificates) -> None:
    people = [Recipient(address="ann@example.org")]
    with pytest.raises(SendError, match="refused the user name or the password: 535") as told:
        deliver(
            people,
            lambda _: on_the_wire(MESSAGE),
            smtp_url=f"smtp://{quote(USER)}:wr0ng@localhost:{mta.port}",
            sender="editor@example.org",
            connections=3,
            tls=certificates.trusting,
        )
    assert "wr0ng" not in str(told.value)
