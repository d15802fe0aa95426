"""`digest send --list` as a dry run, and everything for which it refuses to begin."""

from __future__ import annotations

import csv
import io
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from digest.send import Keyring, Unsubscribed
from tests.cli.conftest import KEY, SLUG, THREE, Digest
from tests.newsletter import files
from tests.send.ledgers import NOON
from tests.send.servers import Inbox

LEDGER = Path("var/ledger.db")
ISSUE = Path("issues", SLUG, "issue.json")
SEND = ("send", SLUG, "--list", "readers.csv")
KEYS = Keyring([("a", KEY)])


def unsubscribes(address: str, *, keys: Keyring = KEYS) -> bytes:
    """A line of the unsubscribe page's record."""
    who = keys.reference(address)
    return Unsubscribed(at=NOON, reference=who, what="unsubscribed", how="page").written()


def test_a_dry_run_tells_what_would_be_and_changes_nothing(post: Digest, inbox: Inbox) -> None:
    Path("readers.csv").write_text(f"{THREE}ANN@example.org,Ann\ndan@example.com,Dan\nnobody,x\n")
    Path("var").mkdir(exist_ok=True)
    Path("var/unsubscribed.jsonl").write_bytes(unsubscribes("cat@example.org"))
    before = files(Path())
    said = post(*SEND)
    assert files(Path()) == before
    assert inbox.mails == []
    assert not LEDGER.exists()
    assert "nothing leaves" in said.out
    figures = {" ".join(line.split()[:-1]): line.split()[-1] for line in said.out.splitlines()
               if line.strip()[-1:].isdigit()}  # fmt: skip
    assert figures["would get it now"] == "3"
    assert figures["stand in the list twice"] == "1"
    assert figures["unsubscribed, or are suppressed"] == "1"
    assert figures["bad rows"] == "1"
    assert figures["example.com"] == "2"
    assert figures["example.org"] == "1"
    assert "ann@example.org stands in line 2 already" in said.err.replace("\n", " ").lower()
    assert "would refuse" not in said.err
    assert f"digest send {SLUG} --list readers.csv --yes" in said.out
    assert said.status == 1, "a row failed"


def test_a_dry_run_of_a_clean_list_ends_with_success(post: Digest, inbox: Inbox) -> None:
    said = post(*SEND, "--rate", "0.5")
    assert (said.status, said.err) == (0, "")
    assert "6.0 s" in said.out


def test_a_dry_run_of_a_file_that_is_called_strangely_prints_what_to_type(
    post: Digest, inbox: Inbox
) -> None:
    Path("readers.csv").rename("our readers.csv")
    said = post("send", SLUG, "--list", "our readers.csv")
    assert f"digest send {SLUG} --list 'our readers.csv' --yes" in said.out


def test_each_setting_that_is_missing_is_named(
    post: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DIGEST_SECRET")
    said = post(*SEND)
    assert said.status == 1
    assert "DIGEST_SMTP_URL is not set" in said.err
    assert "DIGEST_SECRET is not set" in said.err
    for missing in ("DIGEST_SMTP_URL", "DIGEST_SECRET"):
        said = post(*SEND, "--yes")
        assert said.status == 1
        assert f"{missing} is not set" in said.err
        monkeypatch.setenv("DIGEST_SMTP_URL", "smtp://127.0.0.1:1")
    assert not LEDGER.exists()
    assert '"draft"' in ISSUE.read_text("utf-8")


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("DIGEST_UNSUBSCRIBE_URL", "mailto:leave@example.org", "no https page"),
        ("DIGEST_SENDER", "", "DIGEST_SENDER"),
    ],
)
def test_an_issue_without_it_does_not_leave(
    post: Digest, inbox: Inbox, setting: str, value: str, words: str
) -> None:
    env = Path(".env").read_text("utf-8").splitlines()
    kept = [line for line in env if not line.startswith(setting)]
    Path(".env").write_text("\n".join([*kept, f"{setting}={value}"]) + "\n")
    assert post("build", "--again", "--issue", SLUG).status in {0, 1}
    for more in ((), ("--yes",)):
        said = post(*SEND, *more)
        assert said.status == 1
        assert words in said.err.replace("\n", " ")
    assert inbox.mails == []


def test_a_draft_does_not_leave(post: Digest, inbox: Inbox) -> None:
    Path("issues", SLUG, "edits.toml").unlink()
    for more in ((), ("--yes",)):
        said = post(*SEND, *more)
        assert said.status == 1
        assert f"{SLUG} is a draft" in said.err
        assert f"digest edit {SLUG} approve" in said.err
    assert inbox.mails == []
    assert '"draft"' in ISSUE.read_text("utf-8")


def test_what_lost_its_approval_does_not_leave_before_it_is_built(
    post: Digest, inbox: Inbox
) -> None:
    edits = ISSUE.with_name("edits.toml")
    edits.write_text('status = "approved"\n', "utf-8")
    post("build", "--again", "--issue", SLUG)
    assert '"status": "approved"' in ISSUE.read_text("utf-8")
    edits.unlink()
    said = post("send", SLUG, "--list", "readers.csv", "--yes")
    assert said.status == 1
    assert f"{SLUG} is a draft, and drafts do not leave." in said.err
    edits.write_text('subject = "Older"\n', "utf-8")
    told = post("build", "--again", "--issue", SLUG)
    assert f"{SLUG} was approved and is a draft again" in told.out
    edits.write_text('status = "approved"\nsubject = "Newer"\n', "utf-8")
    said = post("send", SLUG, "--list", "readers.csv", "--yes")
    assert f"{SLUG} was edited after it was approved" in said.err
    assert inbox.mails == []


def test_an_issue_with_errors_does_not_leave(
    post: Digest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = Path(".env").read_text("utf-8").replace("DIGEST_POSTAL_ADDRESS=1 Quay\n", "")
    Path(".env").write_text(text)
    assert post("build", "--again", "--issue", SLUG).status == 1
    for more in ((), ("--yes",)):
        said = post(*SEND, *more)
        assert said.status == 1
        assert "has errors" in said.err
        assert f"digest check {SLUG}" in said.err
    assert inbox.mails == []


@pytest.mark.parametrize(
    ("text", "words"),
    [("address,name\n", "names no recipient"), ("address\nnobody\n", "names nobody")],
)
def test_a_list_of_nobody_is_refused(post: Digest, inbox: Inbox, text: str, words: str) -> None:
    Path("readers.csv").write_text(text)
    for more in ((), ("--yes",)):
        said = post(*SEND, *more)
        assert said.status == 1
        assert words in said.err.replace("\n", " ")
    assert '"draft"' in ISSUE.read_text("utf-8"), "it is not frozen"
    assert post("ledger", "status").out == "Nothing was sent yet.\n"


def test_a_list_that_is_not_there_is_named(post: Digest, inbox: Inbox) -> None:
    said = post("send", SLUG, "--list", "nobody.csv", "--yes")
    assert said.status == 1
    assert "nobody.csv" in said.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["ann@example.org", "--yes"], "--test for testers, or --list FILE for readers"),
        (["--list", "readers.csv", "--as-is"], "--as-is is for tests"),
        (["2026-W46", "--list", "readers.csv"], "One issue at a time"),
        (["--list", "readers.csv", "--limit", "0"], "--limit"),
    ],
)
def test_words_that_do_not_fit(post: Digest, words: list[str], told: str) -> None:
    said = post("send", SLUG, *words)
    assert said.status == 2
    assert told in said.err


def test_more_bad_rows_than_fit_on_a_screen_go_into_a_report(post: Digest, inbox: Inbox) -> None:
    bad = "".join(f"=bad{n},x\n" for n in range(13))
    Path("readers.csv").write_text(THREE + bad)
    said = post(*SEND)
    report = Path("var/reports", f"{SLUG} rows.csv")
    assert "3 more rows" in said.err
    assert said.err.count("is not an address") == 10
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(report.read_text("utf-8"))))
    assert [row["where"] for row in rows] == [f"readers.csv, line {n}" for n in range(5, 18)]


@pytest.mark.parametrize("rate", ["nan", "inf", "-1", "1e-310", "fast", ""])
def test_a_rate_that_is_none(post: Digest, inbox: Inbox, rate: str) -> None:
    said = post(*SEND, "--yes", "--rate", rate)
    assert said.status == 2
    assert "no rate: expected messages a second, such as 50 or 0.5" in said.err
    assert inbox.mails == []


def test_a_list_comes_by_standard_input(
    post: Digest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pipe(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    pipe(THREE)
    assert post("send", SLUG, "--list", "-").status == 0
    pipe(THREE)
    said = post("send", SLUG, "--list", "-", "--yes")
    assert said.status == 0, said.err
    assert {to for _, to, _ in inbox.mails} == {
        "ann@example.org", "ben@example.com", "cat@example.org"
    }  # fmt: skip
    pipe("ann@example.org\ndan@example.org\n")
    assert post("send", SLUG, "--list", "-", "--yes").status == 0
    assert sorted(to for _, to, _ in inbox.mails)[3:] == ["dan@example.org"]
    pipe("ann@example.org\n")
    said = post("send", SLUG, "--list", "-", "--yes")
    assert said.status == 0, said.err
    pipe("ann@example.org\n")
    said = post("send", SLUG, "--list", "-", "--yes", "--resume", "--on-change", "follow")
    assert said.status == 1
    assert "read once" in said.err
    assert len(inbox.mails) == 4


def test_who_unsubscribed_gets_nothing(post: Digest, inbox: Inbox) -> None:
    Path("var").mkdir(exist_ok=True)
    Path("var/unsubscribed.jsonl").write_bytes(
        unsubscribes("ANN@example.org") + b"torn" + unsubscribes("ben@example.com")
    )
    said = post(*SEND, "--yes")
    assert {to for _, to, _ in inbox.mails} == {"ben@example.com", "cat@example.org"}
    assert "no line of a record" in said.err
    assert said.status == 1, "a line of the record is torn"
    (gone,) = json_rows(post("ledger", "report", SLUG, "--json").out)
    assert (gone["address"], gone["state"], gone["reply"]) == (
        "ann@example.org", "withdrawn", "unsubscribed"
    )  # fmt: skip


def json_rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_record_that_nobody_can_read_stops_the_send(post: Digest, inbox: Inbox) -> None:
    other = Keyring([("z", "another-key-of-more-than-32-characters")])
    Path("var").mkdir(exist_ok=True)
    Path("var/unsubscribed.jsonl").write_bytes(unsubscribes("ann@example.org", keys=other))
    for more in ((), ("--yes",)):
        said = post(*SEND, *more)
        assert said.status == 1
        assert "under a key 'z'" in said.err
    assert inbox.mails == []
    assert '"draft"' in ISSUE.read_text("utf-8")


@pytest.mark.parametrize(
    ("mode", "env", "warned"),
    [
        (0o644, f"DIGEST_SECRET=a:{KEY}\n", True),
        (0o640, "DIGEST_SMTP_URL=smtp://ann:hunter2@127.0.0.1:1\n", True),
        (0o600, f"DIGEST_SECRET=a:{KEY}\n", False),
        (0o644, "DIGEST_NAME=Ours\n", False),
        (0o644, "DIGEST_SECRET=\n", False),
    ],
)
def test_secrets_that_others_may_read_are_told_of_once(
    post: Digest, monkeypatch: pytest.MonkeyPatch, mode: int, env: str, warned: bool
) -> None:
    monkeypatch.delenv("DIGEST_SECRET")
    Path(".env").write_text(Path(".env").read_text("utf-8") + env)
    Path(".env").chmod(mode)
    said = post(*SEND)
    lines = [line for line in said.err.splitlines() if line.startswith("warning:")]
    expected = "warning: .env holds secrets, and others may read it. Type: chmod 600 .env"
    assert lines == ([expected] if warned else [])
    assert "hunter2" not in said.out + said.err
