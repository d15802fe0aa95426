"""Ctrl-C and its like: a run ends in order, or at once, and always says how to go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import SLUG, Digest
from tests.cli.test_send import ISSUE, SEND
from tests.cli.test_send_runs import got, here, readers, states
from tests.send.ledgers import people
from tests.send.servers import Answers, Inbox, real_server

JOB = sys.modules["digest.pipeline.send"]  # the package calls a function so, too
YES = (*SEND, "--yes")
RESUME = f"digest send {SLUG} --list readers.csv --resume"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_stopped_ends_in_order_and_says_how_to_go_on(
    post: Digest, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    began = threading.Event()

    def after(count: int) -> str:
        began.set()
        time.sleep(0.02)
        return "250 taken"

    readers(30)
    with real_server(Answers(after=after)) as inbox:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{inbox.port}")
        run = subprocess.Popen(
            [sys.executable, "-m", "digest", *YES, "--connections", "2", "--rate", "5"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=here(),
        )  # fmt: skip
        assert began.wait(60)
        run.send_signal(number)
        _, err = run.communicate(timeout=90)
        assert run.returncode == 1, err
        assert "Stopping" in err
        assert f"{RESUME} --rate 5 --connections 2 --yes" in err
        assert "Traceback" not in err
        assert 0 < got(inbox).total() < 30
        assert set(states(post).values()) == {"sent", "planned"}, "nothing is in the air"
        assert post(*YES, "--resume").status == 0
    assert got(inbox) == Counter(people(30))


def test_without_a_terminal_its_end_stops_nothing(
    post: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As nohup has it: the signal is passed over already."""
    began = threading.Event()

    def after(count: int) -> str:
        began.set()
        return "250 taken"

    readers(10)
    with real_server(Answers(after=after)) as inbox:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{inbox.port}")
        run = subprocess.Popen(
            ["sh", "-c", 'trap "" HUP; exec "$@"', "sh",
             sys.executable, "-m", "digest", *YES, "--rate", "20"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=here(),
        )  # fmt: skip
        assert began.wait(60)
        run.send_signal(signal.SIGHUP)
        _, err = run.communicate(timeout=90)
    assert (run.returncode, err) == (0, "")
    assert got(inbox) == Counter(people(10))


def test_a_record_that_cannot_be_read_any_more_ends_a_run_in_order(
    post: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digest.send.smtp import run as loop

    monkeypatch.setattr(loop, "_TELL", 0.0)
    readers(30)
    Path("var").mkdir(exist_ok=True)

    def after(count: int) -> str:
        if count == 5:
            Path("var/unsubscribed.jsonl").mkdir()
        return "250 taken"

    with real_server(Answers(after=after)) as inbox:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{inbox.port}")
        said = post(*YES, "--connections", "2", "--rate", "50")
        assert said.status == 1
        assert "holds no record of who unsubscribed" in said.err
        assert RESUME in said.err
        assert set(states(post).values()) == {"sent", "planned"}, "nothing is in the air"
        Path("var/unsubscribed.jsonl").rmdir()
        assert post(*YES, "--resume").status == 0
    assert got(inbox) == Counter(people(30))


def test_a_second_stop_ends_at_once_and_says_what_is_unknown(
    post: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, over = threading.Event(), threading.Event()

    def after(count: int) -> str:
        began.set()
        over.wait(120)  # it never answers
        return "250 taken"

    with real_server(Answers(after=after)) as inbox:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{inbox.port}")
        run = subprocess.Popen(
            [sys.executable, "-m", "digest", *YES, "--connections", "1"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=here(),
        )  # fmt: skip
        try:
            assert began.wait(60)
            assert run.stderr is not None
            run.send_signal(signal.SIGINT)
            said = ""
            while "Stopping" not in said:
                said += run.stderr.readline()
            run.send_signal(signal.SIGINT)
            _, err = run.communicate(timeout=90)
        finally:
            over.set()
            run.kill()
    assert run.returncode == 130, err
    assert "count as unknown" in err
    assert f"{RESUME} --connections 1 --yes" in err
    assert "Nothing half-made" not in err
    assert "Traceback" not in err
    found = Counter(states(post).values())
    assert found["sending"] == 1


def test_a_stop_while_a_list_is_planned_keeps_nothing(
    post: Digest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digest.send.ledger import ledger

    monkeypatch.setattr(ledger, "BATCH", 5)
    readers(50)
    began = JOB._plan

    def interrupted(*args: object, **kwargs: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        began(*args, **kwargs)

    monkeypatch.setattr(JOB, "_plan", interrupted)
    said = post(*YES)
    assert said.status == 1
    assert "nothing was sent" in said.err
    assert inbox.mails == []
    assert '"draft"' in ISSUE.read_text("utf-8")
    assert post("ledger", "status").out == "Nothing was sent yet.\n"
