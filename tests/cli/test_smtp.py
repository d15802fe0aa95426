"""`digest send --test` with a server set: over a real SMTP server on loopback."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest

from tests.cli.conftest import Digest
from tests.send.servers import real_server


def test_a_test_goes_to_the_list_over_smtp_and_nowhere_else(
    digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest("build", "--sample")
    Path("recipients.test.csv").write_text("address,name\nann@example.org,Ann\nbo@example.org,Bo\n")
    Path("recipients.csv").write_text("reader@example.org\n")
    with real_server() as inbox:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{inbox.port}")
        said = digest("send", "--test")
    assert said.status == 0, said.err
    assert "2 of 2 sent" in said.out
    assert [to for _, to, _ in inbox.mails] == ["ann@example.org", "bo@example.org"]
    assert not Path("var/mailbox").exists()
    for _, to, raw in inbox.mails:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert message["To"] == to
        assert message["Subject"].startswith("[TEST] ")
        assert [d for part in message.walk() for d in part.defects] == []


def test_a_server_that_is_not_there_is_named_without_its_password(
    digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest("build", "--sample")
    monkeypatch.setenv("DIGEST_SMTP_URL", "smtp://user:hunter2@127.0.0.1:1")
    said = digest("send", "--test", "ann@example.org")
    assert said.status == 1
    assert "127.0.0.1:1" in said.err
    assert "hunter2" not in said.out + said.err
