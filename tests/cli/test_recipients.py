"""`digest recipients`: lists and the people on them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.cli.conftest import SLUG, Digest
from tests.cli.test_send import LEDGER, SEND, unsubscribes
from tests.send.servers import Inbox

YES = (*SEND, "--yes")
ANN = "ann@example.org"


def test_a_list_is_examined_before_it_is_used(digest: Digest) -> None:
    Path("list.csv").write_text(
        "name;email\nAnn;ann@example.org\nBen;ben@example.com\nX;nobody\nAnn;ANN@example.org\n"
    )
    said = digest("recipients", "check", "list.csv")
    assert said.status == 1
    assert "list.csv: 2 recipients, 1 row that names one of them again, 1 bad row" in said.out
    assert "fields, parted by ';': name" in said.out
    assert "line 4" in said.err
    assert "line 5" in said.err
    assert not LEDGER.exists()
    report = Path("bad.csv")
    assert digest("recipients", "check", "list.csv", "--report", report).status == 1
    assert len(report.read_text().splitlines()) == 3
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    Path("good.csv").write_text("ann@example.org\n")
    assert digest("recipients", "check", "good.csv").status == 0


def test_who_is_suppressed_gets_nothing_until_restored(post: Digest, inbox: Inbox) -> None:
    said = post("recipients", "suppress", ANN, "--note", "asked by phone")
    assert "1 person more" in said.out
    assert "0 people more" in post("recipients", "suppress", "Ann@Example.org").out
    assert "taken off by hand" in post("recipients", "show", ANN).out
    assert post("recipients", "restore", ANN).out.strip() == f"{ANN} gets mail again."
    assert "was not suppressed" in post("recipients", "restore", ANN).out
    post("recipients", "suppress", ANN)
    assert post(*YES).status == 0
    assert sorted(to for _, to, _ in inbox.mails) == ["ben@example.com", "cat@example.org"]


def test_a_record_of_the_unsubscribe_page_is_taken_over(post: Digest, inbox: Inbox) -> None:
    elsewhere = Path("from-the-web.jsonl")
    elsewhere.write_bytes(unsubscribes("ben@example.com"))
    assert "1 person more" in post("recipients", "suppress", "--from", elsewhere).out
    assert "0 people more" in post("recipients", "suppress", "--from", elsewhere).out
    missing = post("recipients", "suppress", "--from", "nowhere.jsonl")
    assert missing.status == 1
    assert "nowhere.jsonl is not there" in missing.err
    post(*YES)
    assert "ben@example.com" not in {to for _, to, _ in inbox.mails}


def test_all_that_is_known_of_a_person_is_told(post: Digest, inbox: Inbox) -> None:
    post(*YES)
    post("send", SLUG, "--test", ANN)
    shown = post("recipients", "show", "ANN@example.org").out
    assert "readers.csv, line 2" in post("recipients", "show", ANN, "--list", "readers.csv").out
    assert f"{SLUG} (readers.csv): sent" in shown
    assert "Nothing is known" in post("recipients", "show", "zoe@example.org").out


ENCODINGS = {
    "utf-8": "utf-8",
    "a byte order mark": "utf-8-sig",
    "utf-16": "utf-16",
    "big endian": "utf-16-be",
    "western": "cp1252",
}


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_a_person_is_forgotten_and_every_other_byte_stays(
    post: Digest, inbox: Inbox, encoding: str
) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    lines = [
        f"{mark}address,name\r\n", '"ann@example.org","Ännchen, die"\r\n',
        "ben@example.com,Bén\r\n", "# a remark\r\n", "ANN@EXAMPLE.ORG,again\r\n",
        "cat@example.org,Cat\r\n",
    ]  # fmt: skip
    file = Path("readers.csv")
    file.write_bytes("".join(lines).encode(encoding))
    file.chmod(0o640)
    post(*YES)
    dry = post("recipients", "forget", ANN, "--list", file)
    assert "2 lines" in dry.out
    assert "1 delivery" in dry.out
    assert "Nothing changed" in dry.out
    assert file.read_bytes() == "".join(lines).encode(encoding)
    said = post("recipients", "forget", ANN, "--list", file, "--yes")
    assert said.status == 0, said.err
    kept = [line for line in lines if "ann@" not in line.casefold()]
    assert file.read_bytes() == "".join(kept).encode(encoding)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert "asked to be forgotten" in post("recipients", "show", ANN).out
    for path in Path().rglob("*"):
        if path.is_file() and path.name != ".env":
            assert b"ann@example.org" not in path.read_bytes().lower(), path
    file.write_bytes("".join(lines).encode(encoding))  # an old copy of the list comes back
    again = post(*SEND, "--resume", "--on-change", "follow", "--yes")
    assert again.status in {0, 1}
    assert [to for _, to, _ in inbox.mails].count(ANN) == 1


def test_reports_and_mails_of_a_forgotten_person_go_too(post: Digest) -> None:
    reports = Path("var/reports")
    reports.mkdir(parents=True)
    rows = f"where,what,hint\nline 2,{ANN} stands in line 1 already.,\nline 3,other,\n"
    (reports / "rows.csv").write_text(rows)
    post("send", SLUG, "--test", ANN, "ben@example.com")
    assert "1 mail" in post("recipients", "forget", ANN).out
    post("recipients", "forget", ANN, "--yes")
    assert (reports / "rows.csv").read_text() == "where,what,hint\nline 3,other,\n"
    left = sorted(path.name for path in Path("var/mailbox").glob("*.eml"))
    assert left == [f"{SLUG} ben@example.com.eml"]


def test_without_a_secret_nobody_can_be_told_apart(digest: Digest) -> None:
    for words in (("suppress", ANN), ("restore", ANN), ("forget", ANN)):
        said = digest("recipients", *words)
        assert said.status == 1
        assert "DIGEST_SECRET" in said.err
    assert digest("recipients", "suppress").status == 2
    assert digest("recipients", "show", "no address").status == 2
