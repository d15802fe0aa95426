"""`digest send --yes`: sent, stopped, resumed; each reader once, whatever happens."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from digest.archive import freeze, issue_version
from digest.cli.main import run as digest_run
from tests.cli.conftest import SLUG, THREE, Digest, Said
from tests.cli.test_send import ISSUE, LEDGER, SEND, json_rows, unsubscribes
from tests.send.ledgers import people
from tests.send.servers import Answers, Inbox, real_server

JOB = sys.modules["digest.pipeline.send"]  # the package calls a function so, too
YES = (*SEND, "--yes")
RESUME = f"digest send {SLUG} --list readers.csv --resume --yes"


def got(inbox: Inbox) -> Counter[str]:
    return Counter(to for _, to, _ in inbox.mails)


def states(post: Digest) -> dict[str, str]:
    rows = json_rows(post("ledger", "export", SLUG, "--json").out)
    return {row["address"]: row["state"] for row in rows}


def readers(count: int) -> None:
    Path("readers.csv").write_text("\n".join(people(count)) + "\n", "utf-8")


def test_everybody_gets_it_once_and_the_issue_is_frozen(post: Digest, inbox: Inbox) -> None:
    said = post(*YES)
    assert (said.status, said.err) == (0, "")
    assert "3 of 3 of readers.csv have 2026-W47" in said.out
    assert got(inbox) == {"ann@example.org": 1, "ben@example.com": 1, "cat@example.org": 1}
    for _, to, raw in inbox.mails:
        assert f"\r\nTo: {to}\r\n".encode() in raw
        assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    assert '"sent"' in ISSUE.read_text("utf-8")
    refused = post("build", "--again", "--issue", SLUG)
    assert refused.status == 1
    assert "sent" in refused.err
    for more in ((), ("--resume",)):
        again = post(*YES, *more)
        assert again.status == 1
        assert "was sent to readers.csv already" in again.err
        assert "3 of 3 got it" in again.err.replace("\n", " ")
    assert got(inbox).total() == 3


def test_a_part_goes_and_then_the_rest(post: Digest, inbox: Inbox) -> None:
    readers(7)
    said = post(*YES, "--limit", "3")
    assert said.status == 1
    assert f"4 are left. Go on: {RESUME}" in said.err
    assert got(inbox).total() == 3
    refused = post(*YES)
    assert refused.status == 1
    assert "3 of 7 got it, 4 are left" in refused.err.replace("\n", " ")
    assert "--resume --yes" in refused.err
    dry = post(*SEND, "--resume")
    assert dry.status == 0
    assert "are left of a send that was begun" in dry.out
    assert post(*YES, "--resume").status == 0
    assert set(got(inbox).values()) == {1}
    assert set(got(inbox)) == set(people(7))


def _printed(after: str, text: str) -> list[str]:
    """The command that is printed behind these words."""
    command = next(line for line in text.splitlines() if after in line).partition(after)[2]
    program, *words = shlex.split(command)
    assert program == "digest"
    return words


def _words(text: str) -> str:
    return " ".join(text.split())


def test_the_command_behind_a_dry_run_does_what_was_rehearsed(post: Digest, inbox: Inbox) -> None:
    readers(7)
    said = post(*SEND, "--limit", "3", "--rate", "500", "--connections", "2")
    said = post(*_printed("Next: ", said.out))
    assert got(inbox).total() == 3
    assert f"Go on: digest send {SLUG} --list readers.csv --resume --rate 500" in said.err
    rest = _printed("Go on: ", said.err)
    assert rest[-3:] == ["--connections", "2", "--yes"]
    assert post(*rest).status == 0
    assert got(inbox) == Counter(people(7))


def test_the_command_that_goes_on_keeps_to_the_plan_that_was_kept(
    post: Digest, inbox: Inbox
) -> None:
    readers(4)
    post(*YES, "--limit", "1")
    Path("readers.csv").write_text("new@example.org\n")
    said = post(*SEND, "--resume", "--limit", "1", "--on-change", "keep")
    assert "would get it now 0 are left of a send that was begun 3" in _words(said.out)
    said = post(*_printed("Next: ", said.out))
    assert got(inbox).total() == 2
    assert post(*_printed("Go on: ", said.err)).status == 0
    assert got(inbox) == Counter(people(4))


def test_there_is_nothing_to_resume_of_what_was_not_begun(post: Digest, inbox: Inbox) -> None:
    said = post(*YES, "--resume")
    assert said.status == 1
    assert "there is nothing to resume" in said.err
    assert inbox.mails == []


def test_another_list_is_no_reason_to_go_on_with_the_first(post: Digest, inbox: Inbox) -> None:
    readers(5)
    post(*YES, "--limit", "2")
    Path("others.csv").write_text("reader5@example.org\nzoe@example.org\n")
    said = post("send", SLUG, "--list", "others.csv", "--yes")
    assert said.status == 0, said.err
    assert sorted(got(inbox)) == ["reader1@example.org", "reader2@example.org", "zoe@example.org"]


def test_who_failed_is_tried_again_when_asked(
    post: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = {"ann@example.org"}
    answers = Answers(rcpt=lambda a: "550 5.7.1 not today" if a in full else "250 OK")
    with real_server(answers) as inbox:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{inbox.port}")
        said = post(*YES)
        assert said.status == 1
        assert "digest ledger report 2026-W47 --state perm" in said.err
        assert states(post)["ann@example.org"] == "perm"
        full.clear()
        assert "failed, and would be tried again 1" in _words(post(*SEND, "--retry-failed").out)
        assert post(*YES, "--resume").status == 1, "nothing is left of itself"
        assert post(*_printed("the cause is gone: ", said.err)).status == 0
        assert set(got(inbox).values()) == {1}
        assert len(got(inbox)) == 3


def test_who_is_unknown_is_held_until_asked(post: Digest, inbox: Inbox) -> None:
    readers(4)
    post(*YES, "--limit", "1")
    from tests.send.ledgers import LIST, Desk, settle

    desk = Desk("sqlite:///var/ledger.db", Path.cwd())
    book = desk.book(name=LIST)
    settle(book, book.fetch("", 1), "unknown")
    desk.close()
    said = post(*YES, "--resume")
    assert said.status == 1, "somebody is unknown"
    assert "unknown" in said.err
    assert got(inbox).total() == 3
    assert post(*YES, "--resume").status == 1
    rehearsed = _words(post(*SEND, "--on-unknown", "resend").out)
    assert "are unknown, and some would get it twice 1" in rehearsed
    assert post(*_printed("to some twice: ", said.err)).status == 0
    assert got(inbox) == Counter(people(4))


@pytest.mark.parametrize("how", ["keep", "follow", "refuse"])
def test_a_list_that_changed_in_mid_send(post: Digest, inbox: Inbox, how: str) -> None:
    readers(4)
    post(*YES, "--limit", "1")
    Path("readers.csv").write_text("\n".join([*people(3), "new@example.org"]) + "\n")
    said = post(*YES, "--resume", "--on-change", how)
    if how == "refuse":
        assert said.status == 1
        assert "readers.csv changed since 2026-W47 was planned" in said.err.replace("\n", " ")
        assert "--on-change keep" in said.err
        assert got(inbox).total() == 1
        return
    assert said.status == 0, said.err
    expected = people(4) if how == "keep" else [*people(3), "new@example.org"]
    assert got(inbox) == Counter(expected)


def test_a_dry_run_of_a_list_that_changed_tells_who_is_gone(post: Digest, inbox: Inbox) -> None:
    readers(4)
    post(*YES, "--limit", "1")
    Path("readers.csv").write_text("\n".join([*people(3), "new@example.org"]) + "\n")
    before = LEDGER.read_bytes()
    said = post(*SEND, "--resume", "--on-change", "follow")
    assert said.status == 0, said.err
    assert "are gone from the list" in said.out
    assert LEDGER.read_bytes() == before


def test_a_message_that_changed_since_is_refused(post: Digest, inbox: Inbox) -> None:
    readers(3)
    post(*YES, "--limit", "1")
    message = Path("issues", SLUG, "message.eml")
    message.write_bytes(message.read_bytes().replace(b"Port Ellery", b"Port Allery"))
    said = post(*YES, "--resume")
    assert said.status == 1
    assert "message.eml" in said.err
    assert got(inbox).total() == 1


def test_a_ledger_that_was_lost_is_refused(post: Digest, inbox: Inbox) -> None:
    post(*YES)
    for path in Path("var").glob("ledger.db*"):
        path.unlink()
    for more in ((), ("--yes",)):
        said = post(*SEND, *more)
        assert said.status == 1
        assert "this ledger knows nothing of it" in said.err.replace("\n", " ")
    assert got(inbox).total() == 3


def test_an_issue_that_was_planned_and_never_left_may_be_built_anew(
    post: Digest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between the plan and the first mail must not leave an issue that cannot be sent."""
    with monkeypatch.context() as patch:
        from digest.errors import BusyError

        def busy(*_: object, **__: object) -> None:
            raise BusyError("issues is being written by process 1.")

        patch.setattr(JOB, "freeze", busy)
        said = post(*YES)
    assert said.status == 1
    assert "issues is being written by process 1" in said.err
    assert "is being sent" not in said.err
    Path(".env").write_text(Path(".env").read_text("utf-8") + "DIGEST_INTRO=Hello again.\n")
    assert post("build", "--again", "--issue", SLUG).status == 0
    assert post(*YES, "--resume").status == 0
    assert got(inbox).total() == 3
    assert all(b"Hello again." in raw for _, _, raw in inbox.mails)


def test_who_unsubscribes_during_a_run_gets_nothing_any_more(
    post: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digest.send.smtp import run as loop

    monkeypatch.setattr(loop, "_CHUNK", 2)
    monkeypatch.setattr(loop, "_TELL", 0.0)
    monkeypatch.setattr("digest.send.smtp.run.LOW", 1, raising=False)
    monkeypatch.setattr("digest.send.smtp.schedule.LOW", 1)
    readers(30)
    Path("var").mkdir(exist_ok=True)

    def after(number: int) -> str:
        if number == 3:
            Path("var/unsubscribed.jsonl").write_bytes(unsubscribes("reader30@example.org"))
        return "250 taken"

    with real_server(Answers(after=after)) as inbox:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{inbox.port}")
        said = post(*YES, "--connections", "1")
    assert said.status == 0, said.err
    assert got(inbox) == Counter(people(29))
    assert states(post)["reader30@example.org"] == "withdrawn"


def test_who_unsubscribes_while_a_list_is_planned_gets_nothing(
    post: Digest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = JOB._plan

    def meanwhile(*args: object, **kwargs: object) -> None:
        planned(*args, **kwargs)
        Path("var/unsubscribed.jsonl").write_bytes(unsubscribes("ann@example.org"))

    monkeypatch.setattr(JOB, "_plan", meanwhile)
    assert post(*YES).status == 0
    assert got(inbox) == {"ben@example.com": 1, "cat@example.org": 1}


def test_two_at_once_send_once(post: Digest, monkeypatch: pytest.MonkeyPatch) -> None:
    began, go_on = threading.Event(), threading.Event()

    def after(number: int) -> str:
        began.set()
        go_on.wait(120)  # the first is not over before the second has tried
        return "250 taken"

    with real_server(Answers(after=after)) as inbox:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{inbox.port}")
        readers(12)
        first = subprocess.Popen(
            [sys.executable, "-m", "digest", *YES],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=here(),
        )  # fmt: skip
        try:
            assert began.wait(60)
            second = post(*YES, "--resume")
            assert second.status == 1
            assert "is being sent by another process" in second.err
            assert post("ledger", "status").status == 0
        finally:
            go_on.set()
        _, err = first.communicate(timeout=90)
        assert first.returncode == 0, err
    assert got(inbox) == Counter(people(12))


def here() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_the_same_ledger_in_another_folder_s_command(post: Digest, inbox: Inbox) -> None:
    """`-C` from elsewhere: the command that is printed works from there."""
    home = Path.cwd()
    readers(3)
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    os.chdir(elsewhere)
    try:
        said: Said = post(
            "-C", "..", "send", SLUG, "--list", "../readers.csv", "--yes", "--limit", "1"
        )
        assert f"digest -C .. send {SLUG} --list ../readers.csv --resume --yes" in said.err
        assert (
            digest_run(["-C", "..", "send", SLUG, "--list", "../readers.csv", "--resume", "--yes"])
            == 0
        )
    finally:
        os.chdir(home)
    assert got(inbox).total() == 3


def test_a_frozen_issue_is_frozen_once(post: Digest) -> None:
    archive = Path("issues")
    freeze(archive, SLUG, version=issue_version(archive, SLUG))
    first = ISSUE.read_bytes()
    freeze(archive, SLUG, version="whatever")
    assert ISSUE.read_bytes() == first
    assert THREE


def test_a_list_that_comes_slowly_holds_up_no_other_send(post: Digest, inbox: Inbox) -> None:
    readers(3)
    post(*YES, "--limit", "1")  # the ledger is there
    slow = subprocess.Popen(
        [sys.executable, "-m", "digest", "send", SLUG, "--list", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=here(),
    )  # fmt: skip
    assert slow.stdin is not None
    try:
        slow.stdin.write("\n".join(people(20_000, first=9)).encode())
        slow.stdin.flush()
        said = post(*YES, "--resume")
        assert slow.poll() is None, "it still waits for the rest of its list"
    finally:
        slow.communicate()
    assert said.status == 0, said.err
    assert got(inbox) == Counter(people(3))


def test_a_list_from_an_input_that_is_closed_is_empty(post: Digest, inbox: Inbox) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m digest send {SLUG} --list - --yes <&-', sys.executable],
        capture_output=True, text=True, env=here(), check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "standard input names no recipient" in done.stderr
    assert "Traceback" not in done.stderr
    assert inbox.mails == []


@pytest.mark.parametrize("becomes", ["a pipe", "nothing"])
def test_a_list_that_is_no_file_any_more_is_not_waited_for(
    post: Digest, inbox: Inbox, becomes: str
) -> None:
    readers(3)
    post(*YES, "--limit", "1")
    Path("readers.csv").unlink()
    if becomes == "a pipe":
        os.mkfifo("readers.csv")
    said = post(*YES, "--resume")
    assert said.status == 1
    assert "regular file" in said.err or "--on-change keep" in said.err
    assert post(*YES, "--resume", "--on-change", "keep").status == 0
    assert got(inbox) == Counter(people(3))


def test_a_limit_of_one_domain_is_reckoned_with_and_nobody_is_missed(
    post: Digest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGEST_DOMAIN_RATES", "example.com=0.1")
    Path("readers.csv").write_text("\n".join(people(3, domain="example.com")) + "\n")
    assert "It would take 30 s" in post(*SEND).out
    monkeypatch.setenv("DIGEST_DOMAIN_RATES", "example.com=50")
    Path("readers.csv").write_text(
        "\n".join([*people(3, domain="example.com"), *people(3, domain="notexample.com")]) + "\n"
    )
    assert post(*YES).status == 0
    assert got(inbox).total() == 6
