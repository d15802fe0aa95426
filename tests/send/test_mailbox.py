"""A mailbox on this machine: what is kept is what was handed over, for its owner's eyes alone."""

from __future__ import annotations

import email.policy
import errno
import functools
import mailbox
import os
import stat
from email.message import EmailMessage
from pathlib import Path

import pytest

from digest.errors import SendError
from digest.models import Recipient
from digest.send import Mailbox, addressed

ANN = Recipient(address="ann@example.org")
BEN = Recipient(address="ben/../x@example.org")


@functools.cache  # each one made has a boundary of its own
def message(words: str = "Tides") -> bytes:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"] = "editor@example.org"
    made["Subject"] = f"{words} – täglich"
    made["Message-ID"] = "<2026-w47.0123456789abcdef@example.org>"
    made.set_content("Low water at noon.\n")
    made.add_alternative("<p>Low water at noon.</p>", subtype="html")
    return addressed(made.as_bytes(), ANN, as_test=True)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_kept_reads_as_what_was_sent(tmp_path: Path) -> None:
    box = Mailbox(tmp_path / "var" / "mailbox")
    path = box.deliver(message(), slug="2026-W47", recipient=ANN)
    assert path == tmp_path / "var" / "mailbox" / "2026-W47 ann@example.org.eml"
    assert path.read_bytes() == message()
    (kept,) = box.messages()
    assert kept.path == path
    assert kept.raw == message()
    assert kept.message["To"] == "ann@example.org"
    assert kept.message["Subject"] == "[TEST] Tides – täglich"
    assert [d for part in kept.message.walk() for d in part.defects] == []
    assert [p.get_content_type() for p in kept.message.iter_parts()] == ["text/plain", "text/html"]


def test_it_is_a_maildir(tmp_path: Path) -> None:
    box = Mailbox(tmp_path / "box")
    for words in ("one", "two"):
        box.deliver(message(words), slug="2026-W47", recipient=ANN)
    found = mailbox.Maildir(str(tmp_path / "box"), create=False)
    assert sorted(found.get_bytes(key) for key in found.keys()) == [message("one"), message("two")]  # noqa: SIM118 - a Maildir iterates over its messages
    assert list((tmp_path / "box" / "tmp").iterdir()) == []


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        box = Mailbox(tmp_path / "box")
        (tmp_path / "box").mkdir(mode=0o777)
        path = box.deliver(message(), slug="2026-W47", recipient=ANN)
    finally:
        os.umask(before)
    for folder in ("", "tmp", "new", "cur"):
        assert mode(tmp_path / "box" / folder) == 0o700
    assert mode(path) == 0o600
    assert [mode(p) for p in (tmp_path / "box" / "new").iterdir()] == [0o600]


def test_no_mail_takes_anothers_place(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    paths = [box.deliver(message(str(n)), slug="2026-W47", recipient=ANN) for n in range(3)]
    assert [p.name for p in paths] == [
        "2026-W47 ann@example.org.eml",
        "2026-W47 ann@example.org 2.eml",
        "2026-W47 ann@example.org 3.eml",
    ]
    assert [p.read_bytes() for p in paths] == [message(str(n)) for n in range(3)]
    assert [kept.path for kept in box.messages()] == paths


@pytest.mark.parametrize("slug", ["2026-W47", "../../etc", "/tmp", "..", ".hidden"])
def test_no_name_leads_out_of_the_mailbox(tmp_path: Path, slug: str) -> None:
    box = Mailbox(tmp_path / "box")
    path = box.deliver(message(), slug=slug, recipient=BEN)
    assert path.parent == tmp_path / "box"
    assert not path.name.startswith(".")
    assert "/" not in path.name
    assert path.suffix == ".eml"


def test_a_mailbox_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert Mailbox(tmp_path / "none").messages() == ()


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "box"):
        with pytest.raises(SendError, match="cannot be written"):
            Mailbox(folder).deliver(message(), slug="2026-W47", recipient=ANN)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_file_system_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    box = Mailbox(tmp_path)
    for number in range(2):
        box.deliver(message(str(number)), slug="2026-W47", recipient=ANN)
    assert [kept.raw for kept in box.messages()] == [message("0"), message("1")]
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_a_disk_that_is_full_leaves_no_half_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Mailbox(tmp_path)
    box.deliver(message(), slug="2026-W47", recipient=ANN)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SendError, match="No space left"):
        box.deliver(message("two"), slug="2026-W47", recipient=ANN)
    assert len(list(tmp_path.rglob("*.eml"))) == 1
    assert list((tmp_path / "tmp").iterdir()) == []
    assert len(list((tmp_path / "new").iterdir())) == 1
