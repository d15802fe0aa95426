"""What a real postfix sends back is read as what it means."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from digest.send import Keyring, Maildir, Report, read_report
from tests.mail_servers import Postfix, postfix
from tests.send.returned import KEYS, MESSAGE_ID, ours

SENDER = "bounces@example.com"
TOKEN = Keyring(KEYS).token("ann@example.org")
ANSWERS = {
    "full@example.org": "552 5.2.2 <full@example.org> holds too much",
    "gone@example.org": "550 5.1.1 <gone@example.org> is nobody here",
    "wall@example.org": "550 5.7.1 your server is on a list",
}
FAR_LIMIT = 50_000
CASES = [
    ("unlisted@example.com", 10, "hard", "5.1.1"),  # postfix itself knows nobody of that name
    ("ben@nothing.invalid", 10, "hard", "5.4.4"),
    ("gone@example.org", 10, "hard", "5.1.1"),
    ("full@example.org", 10, "soft", "5.2.2"),
    ("wall@example.org", 10, "blocked", "5.7.1"),
    ("large@example.org", 90_000, "blocked", "5.3.4"),
    ("team@example.com", 10, "hard", "5.1.1"),
]


@pytest.fixture(scope="module")
def relay() -> Iterator[Postfix]:
    """A server that takes mail for everybody, and one behind it that refuses."""
    with ExitStack() as stack:
        far = stack.enter_context(postfix(answers=ANSWERS, size_limit=FAR_LIMIT))
        there = f"smtp:[{far.host}]:{far.port}"
        yield stack.enter_context(
            postfix(
                settings={
                    "mynetworks": "127.0.0.0/8",
                    "smtpd_relay_restrictions": "permit_mynetworks, reject",
                    "smtpd_reject_unlisted_recipient": "no",
                    "virtual_mailbox_domains": "example.com",
                    "virtual_mailbox_maps": f"inline:{{ {{ {SENDER} = all/ }} }}",
                    "virtual_alias_maps": "inline:{ { team@example.com = gone@example.org } }",
                    "transport_maps": f"inline:{{ {{ example.org = {there} }} }}",
                    # Names are asked of the machine alone; .invalid is nobody's (RFC 6761).
                    "smtp_dns_support_level": "disabled",
                    "smtp_host_lookup": "native",
                }
            )
        )


@pytest.fixture(scope="module")
def came_back(relay: Postfix) -> dict[str, Report]:
    """The report on each address that was written to."""
    with smtplib.SMTP(relay.host, relay.port, timeout=30) as smtp:
        for to, size, _, _ in CASES:
            body = ("x" * 70 + "\n") * (size // 71 + 1)
            message = f"{ours(TOKEN, to)}\n{body}".replace("\n", "\r\n")
            smtp.sendmail(SENDER, [to], message.encode())
    relay.mails(len(CASES))
    found = {}
    for mail in Maildir(relay.maildir).mails():
        report = read_report(mail.raw)
        assert report is not None
        assert report.returned is not None
        found[report.returned.to] = report
    return found


@pytest.mark.parametrize(("to", "size", "judgement", "status"), CASES)
def test_a_real_bounce(
    came_back: dict[str, Report], to: str, size: int, judgement: str, status: str
) -> None:
    report = came_back[to]
    assert (report.kind, report.form, report.reporter) == ("bounce", "dsn", "mail.example.org")
    (one,) = report.affected
    assert one.original == to
    assert (one.address == to) is (to != "team@example.com")
    assert (one.action, one.judgement, one.status) == ("failed", judgement, status)
    assert one.sure


def test_a_real_bounce_brings_back_what_names_the_reader(came_back: dict[str, Report]) -> None:
    keyring = Keyring(KEYS)
    for report in came_back.values():
        assert report.returned is not None
        assert report.returned.message_id == MESSAGE_ID
        token = report.returned.links[0].rpartition("t=")[2]
        assert keyring.read(token) == keyring.reference("ann@example.org")
