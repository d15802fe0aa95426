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
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SendError
from digest.models import Recipient
from digest.send import Mailbox, addressed
from digest.send.mailbox.mailbox import Envelope
from digest.send.mailbox.summaries import addressed_to, summary

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


def other(to: str, words: str = "hi", *, extra: str = "") -> bytes:
    return f"From: x@example.com\r\nTo: {to}\r\nSubject: {words}\r\n{extra}\r\n{words}\r\n".encode()


def left(box: Mailbox) -> list[str]:
    return sorted(str(p.relative_to(box.folder)) for p in box.folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_person_is_removed_and_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:

        def refuse(*_: object) -> None:
            raise OSError(errno.EPERM, "no links here")

        monkeypatch.setattr(os, "link", refuse)
    box = Mailbox(tmp_path / "box")
    box.deliver(message(), slug="2026-W47", recipient=ANN)
    box.deliver(message("two"), slug="2026-W47", recipient=ANN)
    for to in ("Ann <ANN@Example.org>", "ben@example.org, ann@example.org"):
        box.keep(other(to), slug="mail", to="cleo@example.org")
    hidden = Envelope("x@example.com", ("cleo@example.org", "ann@example.org"))
    box.keep(other("cleo@example.org", "Bcc"), slug="mail", to="cleo@example.org", envelope=hidden)
    (tmp_path / "box" / "cur" / "1.host:2,S").write_bytes(other("ann@example.org", "read"))
    stays = [
        box.keep(other(to), slug="mail", to=to)
        for to in ("joann@example.org", "ann@example.org.example.com", "ann@example.com")
    ]
    assert box.remove("Ann@example.org") == 6
    assert sorted(p.name for p in stays) == [n for n in left(box) if "/" not in n]
    assert len([n for n in left(box) if n.startswith("new/")]) == len(stays)
    assert b"ann@example.org>" not in b"".join(p.read_bytes() for p in box.folder.glob("*/*"))
    assert box.remove("ann@example.org") == 0
    assert Mailbox(tmp_path / "none").remove("ann@example.org") == 0


@pytest.mark.parametrize("done", range(3))
def test_a_removal_that_was_cut_short_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    """Also where the envelope alone names the person: it goes last."""
    box = Mailbox(tmp_path / "box")
    hidden = Envelope("x@example.com", ("ann@example.org",))
    box.keep(other("list@example.org"), slug="mail", to="cleo@example.org", envelope=hidden)
    real = Path.unlink
    gone: list[Path] = []

    def some(path: Path, missing_ok: bool = False) -> None:
        if len(gone) == done:
            raise OSError(errno.EROFS, "Read-only file system")
        gone.append(path)
        real(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", some)
        with pytest.raises(SendError, match="Read-only"):
            box.remove("ann@example.org")
    assert len(left(box)) == 3 - done
    box.remove("ann@example.org")
    assert left(box) == []


def test_a_name_that_could_be_two_peoples_is_the_one_in_the_header(tmp_path: Path) -> None:
    box = Mailbox(tmp_path / "box")
    for to in ("a!b@example.org", "a_b@example.org"):
        box.keep(other(to), slug="mail", to=to)
    box.keep(b"Subject: nobody named\r\n\r\nhi\r\n", slug="mail", to="a_b@example.org")
    assert [p.name for p in sorted(box.folder.glob("*.eml"))] == [
        "mail a_b@example.org 2.eml", "mail a_b@example.org 3.eml", "mail a_b@example.org.eml"
    ]  # fmt: skip
    assert box.remove("a_b@example.org") == 2
    (kept,) = box.messages()
    assert kept.message["To"] == "a!b@example.org"


def test_the_inbox_is_newest_first_and_opens_what_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Mailbox(tmp_path)
    for number in range(5):
        path = box.keep(other(f"reader{number}@example.org", f"n{number}"), slug="mail", to="x@y")
        os.utime(path, ns=(0, number * 10**9))
    opened: list[str] = []
    real = Path.open

    def spy(path: Path, mode: str = "r") -> object:
        opened.append(path.name)
        return real(path, mode)

    monkeypatch.setattr(Path, "open", spy)
    found = box.summaries()
    assert len(found) == 5
    assert opened == []
    assert [s.subject for s in found[:2]] == ["n4", "n3"]
    assert len(opened) == 2
    assert box.summaries()[0].to == "reader4@example.org"
    assert len(opened) == 2, "it is remembered"
    assert found.names == tuple(s.name for s in found)
    monkeypatch.setattr("digest.send.mailbox.mailbox.MAX_LISTED", 3)
    assert [s.subject for s in box.summaries()] == ["n4", "n3", "n2"]


def test_a_summary_is_what_an_inbox_shows(tmp_path: Path) -> None:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"] = "Förde Weekly <editor@example.org>"
    made["To"] = "ann@example.org"
    made["Subject"] = "Ebbe \N{EN DASH} \N{RIGHT-TO-LEFT OVERRIDE}täglich"
    made.set_content("The text part.\n")
    made.add_alternative(
        "<html><head><title>No</title><style>p{}</style></head><body>"
        f"<div style='display:none'>A preheader.{'&#847;&zwnj;&nbsp;' * 40}</div>"
        "<p>Low <b>water</b> at noon.<script>no()</script></p></body></html>",
        subtype="html",
    )
    box = Mailbox(tmp_path)
    box.keep(made.as_bytes(), slug="mail", to="ann@example.org")
    (found,) = box.summaries()
    assert (found.shown_sender, found.to) == ("Förde Weekly", "ann@example.org")
    assert found.subject == "Ebbe – täglich"
    assert found.preview == "A preheader."
    assert found.size == len(made.as_bytes())
    assert found.issue == ""


@pytest.mark.parametrize(
    ("html", "preview"),
    [
        ("<p>Low <b>water</b> at noon.</p>", "Low water at noon."),
        ("<p>می\u200cخواهم</p>", "می\u200cخواهم"),
        ("<style>p{}</style><script>no()</script>", "The text part."),
        ("", "The text part."),
    ],
)
def test_a_preview_is_what_the_html_begins_with(tmp_path: Path, html: str, preview: str) -> None:
    made = EmailMessage(policy=email.policy.SMTP)
    made.set_content("The text part.\n")
    made.add_alternative(html, subtype="html")
    found = summary(tmp_path / "x.eml", made.as_bytes(), size=1, came_ns=0)
    assert found.preview == preview


def test_only_what_is_listed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Mailbox(tmp_path / "box")
    box.keep(other("ann@example.org"), slug="mail", to="ann@example.org")
    (tmp_path / "secret.eml").write_text("secret")
    (tmp_path / "box" / "link.eml").symlink_to(tmp_path / "secret.eml")
    (tmp_path / "box" / ".hidden.eml").write_text("hidden")
    (tmp_path / "box" / "folder.eml").mkdir()
    assert box.summaries().names == ("mail ann@example.org",)
    assert box.read("mail ann@example.org") == other("ann@example.org")
    for name in ("../secret", "link", ".hidden", "folder", "", "..", "new/x", "mail ann\0"):
        assert box.read(name) is None
    monkeypatch.setattr("digest.send.mailbox.mailbox.MAX_BYTES", 10)
    with pytest.raises(SendError, match="larger than"):
        box.read("mail ann@example.org")


@given(raw=st.binary(max_size=2_000) | st.from_regex(
    rb"((From|To|Subject|Message-ID|Content-Type|Content-Disposition): [^\0]{0,60}\r?\n){0,6}\r?\n"
    rb"[^\0]{0,200}", fullmatch=True))  # fmt: skip
def test_any_bytes_can_be_listed(raw: bytes) -> None:
    found = summary(Path("mail x.eml"), raw, size=len(raw), came_ns=0)
    for text in (found.sender, found.to, found.subject, found.preview, found.issue):
        assert "\n" not in text
        assert "\x1b" not in text
    addressed_to(raw)
