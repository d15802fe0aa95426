"""The harness that kills senders finds what is wrong, and finds nothing where all is right."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import smtplib
import ssl
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.send.faults.campaign import Campaign, Result, Run
from tests.send.faults.faults import FAULTS, Fault
from tests.send.faults.senders import DigestSender, StandInSender
from tests.send.faults.served import served
from tests.send.faults.stand_in import WRONG
from tests.send.faults.truth import Truth, differences

pytestmark = pytest.mark.long

SMALL = Campaign(
    seed=1, recipients=60, kills=8, connections=3, pipelining=True, tls=False, away=0, stops=0,
    doubled=0, only=(),
)  # fmt: skip


def outcome(sender: StandInSender, folder: Path, **changes: Any) -> Result:
    return Run(dataclasses.replace(SMALL, **changes), sender, folder).result()


# Where each fault shows at once: what the server does, and how often runs are stopped or doubled.
SHOWN_BY: dict[str, dict[str, Any]] = {
    "resends": {"only": ("dot/silence, taken=0.1",)},
    "retries after the dot": {"only": ("dot/drop, taken=0.3",)},
    "moves the checkpoint first": {},
    "forgets a refusal": {"only": ("rcpt/4xx=0.3",)},
    "claims too early": {"only": ("dot/silence, not taken=0.2",)},
    "no lock": {"doubled": 1.0, "recipients": 600},
    "intends too much": {},
    "stops badly": {"stops": 1.0, "recipients": 300},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_sender_that_is_wrong_is_found_out(wrong: str, tmp_path: Path) -> None:
    for seed in range(5):  # a kill hits the right moment by chance
        folder = tmp_path / str(seed)
        folder.mkdir()
        if outcome(StandInSender(wrong), folder, seed=seed, **SHOWN_BY[wrong]).violations:
            return
    pytest.fail(f"nobody noticed: {WRONG[wrong]}")


def test_nobody_gets_it_twice_and_nobody_is_missed(tmp_path: Path) -> None:
    """`digest send`, killed and resumed; `make kills` and `bench.kills` do it for much longer."""
    campaign = Campaign.drawn(20, recipients=(150, 150), kills=8)
    result = Run(campaign, DigestSender(), tmp_path).result()
    assert not result.violations
    assert result.kills
    assert result.most_unknown <= campaign.connections


def test_who_was_put_off_is_not_sent_to_again_after_a_kill(tmp_path: Path) -> None:
    """Killed while those are tried again whom the server put off before."""
    campaign = dataclasses.replace(SMALL, recipients=40, late=0.15, only=("rcpt/4xx=0.6",))
    result = Run(campaign, DigestSender(), tmp_path).result()
    assert not result.violations
    assert result.kills


def test_a_sender_that_is_right_passes(tmp_path: Path) -> None:
    result = outcome(StandInSender(), tmp_path, only=None, stops=0.2, doubled=0.3, away=1)
    assert not result.violations
    assert result.kills


def events(log: Path, kind: str) -> list[dict[str, Any]]:
    return [e for e in map(json.loads, log.read_text().splitlines()) if e["event"] == kind]


MAIL = "Message-ID: <1@example.org>\r\nTo: reader@example.org\r\n\r\n" + "News. " * 5000


def handed_over(port: int) -> None:
    with closing(smtplib.SMTP("127.0.0.1", port, timeout=60)) as smtp:
        smtp.sendmail("news@example.org", ["reader@example.org"], MAIL)


def test_the_log_tells_who_got_what(tmp_path: Path) -> None:
    with served(tmp_path) as (port, log):
        handed_over(port)
        (taken,) = events(log, "accepted")
    assert taken["recipient"] == "reader@example.org"
    assert taken["message_id"] == "<1@example.org>"
    assert taken["to_them"]


MESSAGE_FAULTS = [f for f in FAULTS if f.step in {"body", "dot"} and f.then != "silence"]


@pytest.mark.parametrize("fault", MESSAGE_FAULTS, ids=lambda f: f"{f.step} {f.name}")
def test_a_message_is_in_the_log_where_the_fault_says_so(fault: Fault, tmp_path: Path) -> None:
    with served(tmp_path, only=[f"{fault.step}/{fault.name}"]) as (port, log):
        with contextlib.suppress(smtplib.SMTPException, OSError):
            handed_over(port)
        assert len(events(log, "accepted")) == fault.accepts
        (told,) = events(log, "fault")
    assert told["honest_unknown"] == fault.is_honest_unknown


def test_only_a_whole_reply_to_the_dot_leaves_nothing_open() -> None:
    known = {f.name for f in FAULTS if f.step == "dot" and not f.is_honest_unknown}
    assert known == {"4xx", "5xx", "421", "250 and gone", "one reply too many"}


def test_pipelining_and_starttls_are_announced_where_asked_for(tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    with (
        served(tmp_path, options=["--no-pipelining", "--authority", str(authority)]) as (port, _),
        closing(smtplib.SMTP("127.0.0.1", port, timeout=60)) as smtp,
    ):
        smtp.ehlo()
        assert not smtp.has_extn("pipelining")
        smtp.starttls(context=ssl.create_default_context(cafile=str(authority)))
        assert smtp.ehlo()[0] == 250


def test_a_certificate_can_be_expired(tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    options, only = ["--authority", str(authority)], ["starttls/expired certificate"]
    with (
        served(tmp_path, only=only, options=options) as (port, _),
        closing(smtplib.SMTP("127.0.0.1", port, timeout=60)) as smtp,
        pytest.raises(ssl.SSLCertVerificationError, match="expired"),
    ):
        smtp.starttls(context=ssl.create_default_context(cafile=str(authority)))


def line(kind: str, recipient: str, **more: Any) -> str:
    event = {"event": kind, "recipient": recipient, "message_id": recipient, "to_them": True}
    return json.dumps(event | more) + "\n"


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ({"a": "sent", "b": "perm"}, ""),
        ({"a": "unknown", "b": "temp"}, ""),
        ({"a": "sent", "b": "sent"}, "never accepted: 1 (b)"),
        ({"a": "temp", "b": "perm"}, "not so in the ledger: 1 (a temp)"),
        ({"a": "sending", "b": "perm"}, "left over at the end: 1 (a sending)"),
        ({"a": "sent"}, "not in the ledger: 1 (b)"),
        ({"a": "sent", "b": "perm", "c": "perm"}, "not on the list: 1 (c)"),
    ],
)
def test_a_ledger_is_compared_with_the_log(
    states: dict[str, str], found: str, tmp_path: Path
) -> None:
    (tmp_path / "log").write_text(line("accepted", "a"))
    truth = Truth(tmp_path / "log")
    truth.read_on()
    said = " · ".join(differences(truth, states, everybody=("a", "b"), at_the_end=True))
    assert found in said
    assert bool(said) == bool(found)


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (line("accepted", "a"), "twice: 1 (a)"),
        (line("accepted", "b", message_id="a"), "Message-IDs of several recipients: 1 (a)"),
        (line("accepted", "b", to_them=False), "got the mail of another: 1 (b)"),
    ],
)
def test_a_log_that_tells_too_much_is_noticed(second: str, found: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(line("accepted", "a") + second)
    truth = Truth(tmp_path / "log")
    truth.read_on()
    states = {"a": "sent", "b": "sent"}
    assert found in " ".join(differences(truth, states, everybody=states, at_the_end=False))
