"""Mail that came in is read from wherever it lies, and none of it is ever lost."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SendError
from digest.send import Maildir, read_mails
from digest.send.returned.mime import LIMIT

ONE = b"From: ann@example.org\n\none\n"
TWO = b"From: ben@example.org\n\ntwo\n"


def maildir(folder: Path, **files: bytes) -> Maildir:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, (name, raw) in enumerate(files.items()):
        path = folder / name.replace("__", "/").replace("_2", ":2,")
        path.write_bytes(raw)
        os.utime(path, (1_000 + number, 1_000 + number))
    return Maildir(folder)


def raws(box: Maildir, *, seen: bool = False) -> list[bytes]:
    return [mail.raw for mail in box.mails(seen=seen)]


def everything(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_oldest_comes_first_and_what_is_seen_is_passed_over(tmp_path: Path) -> None:
    box = maildir(tmp_path, cur__a_2=TWO, new__b=ONE, cur__c_2S=b"X: 3\n", tmp__d=b"half")
    assert raws(box) == [TWO, ONE]
    assert raws(box, seen=True) == [TWO, ONE, b"X: 3\n"]


def test_a_handled_mail_moves_and_keeps_its_bytes_and_flags(tmp_path: Path) -> None:
    box = maildir(tmp_path, new__a=ONE, cur__b_2R=TWO)
    first, second = box.mails()
    assert box.handled(first) == tmp_path / "cur" / "a:2,S"
    assert box.handled(second, flags="FS") == tmp_path / "cur" / "b:2,FRS"
    assert raws(box) == []
    assert everything(tmp_path) == sorted([ONE, TWO])
    assert not list((tmp_path / "new").iterdir())


def test_a_mail_that_is_read_again_stays_where_it_is(tmp_path: Path) -> None:
    box = maildir(tmp_path, cur__a_2S=ONE)
    (mail,) = box.mails(seen=True)
    assert box.handled(mail) == tmp_path / "cur" / "a:2,S"
    assert everything(tmp_path) == [ONE]


def test_no_mail_takes_anothers_place(tmp_path: Path) -> None:
    box = maildir(tmp_path, new__a=ONE, cur__a_2S=TWO)
    (mail,) = box.mails()
    with pytest.raises(SendError, match="cannot be moved"):
        box.handled(mail)
    assert everything(tmp_path) == sorted([ONE, TWO])


def test_a_mail_that_another_program_took(tmp_path: Path) -> None:
    box = maildir(tmp_path, new__a=ONE, new__b=TWO)
    mails = box.mails()
    first = next(mails)
    assert first.path is not None
    first.path.rename(tmp_path / "cur" / "a:2,T")
    (tmp_path / "new" / "b").unlink()
    assert list(mails) == []
    box.handled(first)
    assert everything(tmp_path) == [ONE]


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    box = maildir(tmp_path, new__a=ONE)
    (mail,) = box.mails()
    box.handled(mail)
    assert (tmp_path / "cur" / "a:2,S").read_bytes() == ONE


def test_a_crash_between_the_two_names_of_a_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = maildir(tmp_path, new__a=ONE)
    (mail,) = box.mails()
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            box.handled(mail)
    (mail,) = box.mails()
    box.handled(mail)
    assert everything(tmp_path) == [ONE]
    assert raws(box) == []


def test_what_is_no_mail_file_is_left_alone(tmp_path: Path) -> None:
    box = maildir(tmp_path, new__a=ONE)
    (tmp_path / "secret").write_bytes(TWO)
    (tmp_path / "new" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "new" / "folder").mkdir()
    (tmp_path / "new" / ".hidden").write_bytes(TWO)
    os.mkfifo(tmp_path / "new" / "pipe")
    assert raws(box) == [ONE]


def test_a_folder_that_is_no_maildir_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SendError, match="is no Maildir"):
        list(read_mails(tmp_path))
    with pytest.raises(SendError, match="cannot be read"):
        list(read_mails(tmp_path / "none"))


def test_huge_mails_are_cut(tmp_path: Path) -> None:
    raw = b"From: ann@example.org\n\n" + b"x" * 3 * LIMIT
    (mail,) = maildir(tmp_path, new__a=raw).mails()
    assert mail.raw == raw[: LIMIT + 1]
    (streamed,) = read_mails(io.BytesIO(raw))
    assert streamed.raw == raw[: LIMIT + 1]


def test_one_mail_on_standard_input_or_in_a_file(tmp_path: Path) -> None:
    assert [mail.raw for mail in read_mails(io.BytesIO(ONE))] == [ONE]
    (tmp_path / "a.eml").write_bytes(ONE)
    (mail,) = read_mails(tmp_path / "a.eml")
    assert (mail.name, mail.raw, mail.path) == ("a.eml", ONE, None)
    assert list(read_mails(io.BytesIO(b""))) == []


LINE = b"From MAILER-DAEMON Fri Nov 20 10:00:00 2026\n"


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_an_mbox(newline: bytes) -> None:
    prose = b"From: a@example.org\n\nWe sail.\n\nFrom here on it rains.\n"
    mbox = (LINE + ONE + b"\n" + LINE + prose + b"\n" + LINE + TWO).replace(b"\n", newline)
    found = list(read_mails(io.BytesIO(mbox)))
    assert [mail.raw.replace(b"\r\n", b"\n").rstrip(b"\n") for mail in found] == [
        ONE.rstrip(b"\n"), prose.rstrip(b"\n"), TWO.rstrip(b"\n"),
    ]  # fmt: skip
    assert [mail.name for mail in found] == [f"standard input, mail {n}" for n in (1, 2, 3)]


@given(st.lists(st.sampled_from([LINE, b"\n", ONE, TWO, b"From x\n", b"x"]), max_size=20))
def test_no_line_of_an_mbox_is_lost(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    kept = b"".join(mail.raw for mail in read_mails(io.BytesIO(data)))
    assert kept.replace(LINE, b"") == data.replace(LINE, b"")
