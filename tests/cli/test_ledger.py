"""`digest ledger`, and that test mails leave the readers' ledger alone."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import SLUG, Digest
from tests.cli.test_send import ISSUE, LEDGER, SEND, json_rows, unsubscribes
from tests.mail_servers import postgresql
from tests.send.servers import Answers, Inbox, real_server

TEST = ("send", SLUG, "--test")


@pytest.fixture
def sent(post: Digest, monkeypatch: pytest.MonkeyPatch) -> Digest:
    """After a send to four, of whom one has an address that a spreadsheet computes."""
    Path("readers.csv").write_text(
        "ann@example.org\n+1@example.org\nben@example.org\ncat@example.com\n"
    )

    def rcpt(address: str) -> str:
        return "550 =HYPERLINK(no)" if address.startswith("ben") else "250 OK"

    with real_server(Answers(rcpt=rcpt, after=lambda _: "250 =1+1 taken")) as inbox:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{inbox.port}")
        assert post(*SEND, "--yes").status == 1
    return post


@pytest.mark.parametrize(
    "words",
    [["status"], ["status", SLUG], ["report", SLUG], ["export", SLUG], ["status", "--json"],
     ["report", SLUG, "--json"], ["export", SLUG, "--json"]],
)  # fmt: skip
def test_without_a_ledger_there_is_nothing_and_none_is_made(post: Digest, words: list[str]) -> None:
    said = post("ledger", *words)
    assert (said.status, said.err) == (0, "")
    assert not LEDGER.exists()
    if words == ["status", "--json"]:
        assert json.loads(said.out) == []
    elif "--json" in words:
        assert said.out == ""


def test_without_a_ledger_there_is_nothing_to_copy(post: Digest) -> None:
    said = post("ledger", "backup", "copy.db")
    assert said.status == 1
    assert "no ledger yet" in said.err
    assert not Path("copy.db").exists()


def test_an_empty_ledger_says_so(post: Digest) -> None:
    from tests.send.ledgers import Desk

    Path("var").mkdir(exist_ok=True)
    Desk("sqlite:///var/ledger.db", Path.cwd()).ledger.check()
    assert post("ledger", "status").out == "Nothing was sent yet.\n"
    assert post("ledger", "status", "2026-w47").out == "Nothing of 2026-w47 was sent yet.\n"


def test_status(sent: Digest) -> None:
    (row,) = json.loads(sent("ledger", "status", "--json").out)
    assert row.pop("planned_at")
    assert row == {
        "issue": SLUG, "list": "readers.csv", "total": 4, "left": 0, "sent": 3, "planned": 0,
        "sending": 0, "temp": 0, "perm": 1, "unknown": 0, "withdrawn": 0,
    }  # fmt: skip
    said = sent("ledger", "status")
    assert said.status == 0
    assert [word for word in ("sent", "perm", "readers.csv") if word not in said.out] == []


def test_a_report_has_who_did_not_get_it(sent: Digest) -> None:
    (row,) = json_rows(sent("ledger", "report", SLUG.lower(), "--json").out)
    assert (row["address"], row["state"], row["code"]) == ("ben@example.org", "perm", 550)
    said = sent("ledger", "report", SLUG)
    assert "ben@example.org" in said.out
    assert "ann@example.org" not in said.out
    assert "ann@example.org" in sent("ledger", "report", SLUG, "--state", "sent").out
    assert "There is nobody" in sent("ledger", "report", SLUG, "--state", "temp").out
    assert "Nothing of 2026-W01 was sent" in sent("ledger", "report", "2026-W01").out


def test_an_export_is_for_its_owner_and_no_spreadsheet_computes_it(sent: Digest) -> None:
    said = sent("ledger", "export", SLUG, "--to", "sent.csv")
    assert (said.status, said.out, said.err) == (0, "", "wrote sent.csv\n")
    assert stat.S_IMODE(Path("sent.csv").stat().st_mode) == 0o600
    text = Path("sent.csv").read_text("utf-8")
    assert text == sent("ledger", "export", SLUG).out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["address"] for row in rows] == [
        "ann@example.org", "'+1@example.org", "ben@example.org", "cat@example.com"
    ]  # fmt: skip
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+"))]
    assert rows[2]["reply"] == "'=HYPERLINK(no)"
    plain = json_rows(sent("ledger", "export", SLUG, "--json").out)
    assert plain[1]["address"] == "+1@example.org"
    only = sent("ledger", "export", SLUG, "--json", "--state", "perm").out
    assert [row["address"] for row in json_rows(only)] == ["ben@example.org"]


def test_a_copy_is_a_ledger(sent: Digest) -> None:
    said = sent("ledger", "backup", "copy.db")
    assert (said.status, said.out) == (0, "wrote copy.db\n")
    with sqlite3.connect("copy.db") as copy:
        assert copy.execute("SELECT count(*) FROM deliveries").fetchone() == (4,)
    copy.close()
    assert sent("ledger", "backup", "copy.db").status == 1


def test_tests_leave_ledger_and_issue_alone(post: Digest, inbox: Inbox) -> None:
    before = ISSUE.read_bytes()
    for _ in range(2):
        said = post(*TEST, "ann@example.org")
        assert said.status == 0, said.err
    assert len(inbox.mails) == 2
    assert not LEDGER.exists()
    assert ISSUE.read_bytes() == before


@pytest.mark.parametrize("where", ["the ledger", "the record"])
def test_who_left_gets_no_tests_either(post: Digest, inbox: Inbox, where: str) -> None:
    Path("var").mkdir(exist_ok=True)
    record = Path("var/unsubscribed.jsonl")
    record.write_bytes(unsubscribes("ann@example.org"))
    if where == "the ledger":
        Path("others.csv").write_text("zoe@example.org\n")
        assert post("send", SLUG, "--list", "others.csv", "--yes").status == 0
        record.unlink()
    inbox.mails.clear()
    before = LEDGER.read_bytes() if LEDGER.exists() else b""
    said = post(*TEST, "Ann@example.org", "ben@example.org")
    assert said.status == 1
    assert "Ann@example.org: unsubscribed" in said.err
    assert [to for _, to, _ in inbox.mails] == ["ben@example.org"]
    assert (LEDGER.read_bytes() if LEDGER.exists() else b"") == before
    said = post(*TEST, "ann@example.org")
    assert said.status == 1
    assert len(inbox.mails) == 1


def test_a_suppression_list_that_nobody_can_reach_stops_tests_too(
    post: Digest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGEST_DATABASE_URL", "postgresql://ann:hunter2@127.0.0.1:1/news")
    said = post(*TEST, "ann@example.org")
    assert said.status == 1
    assert "127.0.0.1:1" in said.err
    assert "hunter2" not in said.out + said.err
    assert inbox.mails == []


@pytest.mark.xdist_group("servers")
def test_the_whole_way_with_postgresql(
    post: Digest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgresql() as server:
        url = server.new_database()
        monkeypatch.setenv("DIGEST_DATABASE_URL", url.replace("@", ":hunter2@"))
        said = [
            post(*SEND),
            post(*TEST, "zoe@example.org"),
            post(*SEND, "--yes", "--limit", "1"),
            post(*SEND, "--yes", "--resume"),
            post(*SEND, "--yes"),
            post("ledger", "export", SLUG, "--json"),
            post("ledger", "backup", "copy.db"),
        ]
    assert [one.status for one in said] == [0, 0, 1, 0, 1, 0, 1]
    assert "sent to readers.csv already" in said[4].err
    assert {row["state"] for row in json_rows(said[5].out)} == {"sent"}
    assert "pg_dump" in said[6].err
    assert len(inbox.mails) == 4
    assert not LEDGER.exists()
    assert "hunter2" not in "".join(one.out + one.err for one in said)
