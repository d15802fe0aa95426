"""`digest bounces`, as a person or a cron job runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from digest.cli import bounces as command
from digest.cli.session import Session
from digest.errors import DigestError
from digest.send import Keyring
from tests.pipeline.test_bounces import Book
from tests.send.returned import KEYS, dsn, group, ours, plain

RING = Keyring(KEYS)
HARD = dsn(group("ann@example.org"), inside=ours(RING.token("ann@example.org")))
NASTY = plain(
    "Thanks!", top="Subject: \x1b[31mred\n", sender="\x1b]0;title\x07 <e\x1bvil@example.org>"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1").write_bytes(HARD)
    (tmp_path / "box" / "new" / "2").write_bytes(NASTY)
    secret = ",".join(f"{name}:{key}" for name, key in KEYS)
    (tmp_path / ".env").write_text(f"DIGEST_SECRET={secret}\nDIGEST_BOUNCES=box\n")
    (tmp_path / ".env").chmod(0o600)
    return tmp_path


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    made = Book()

    monkeypatch.setattr(Session, "ledger", lambda _: made)
    return made


def run(folder: Path, *words: str, stdin: bytes = b"", quiet: bool = False) -> Result:
    session = Session(folder=folder, quiet=quiet)
    return CliRunner().invoke(command.bounces, words, obj=session, input=stdin)


def names(folder: Path) -> list[str]:
    return sorted(f"{p.parent.name}/{p.name}" for p in (folder / "box").rglob("*") if p.is_file())


def test_a_dry_run_shows_and_changes_nothing(folder: Path, book: Book) -> None:
    before = names(folder)
    said = run(folder, "--dry-run")
    assert said.exit_code == 0
    for words in ("ann@example.org", "bounce", "hard", "gets no more mail", "does not exist"):
        assert words in said.output
    assert "2 mails; gets no more mail: 1, nothing: 1." in said.output
    assert "Nothing was changed" in said.output
    assert names(folder) == before
    assert book == Book()


def test_a_run_suppresses_and_a_second_one_finds_nothing_to_do(folder: Path, book: Book) -> None:
    assert run(folder).exit_code == 0
    assert set(book.gone) == {RING.reference("ann@example.org")}
    assert names(folder) == ["cur/1:2,S", "new/2"]
    assert "1 mail; nothing: 1." in run(folder).output
    assert "got no more mail before" in run(folder, "--all").output


def test_json(folder: Path, book: Book) -> None:
    rows = json.loads(run(folder, "--json").stdout)
    assert [(row["kind"], row["judgement"], row["outcome"]) for row in rows] == [
        ("bounce", "hard", "suppressed"),
        ("other", "other", "left"),
    ]
    assert rows[0]["addresses"][0]["status"] == "5.1.1"


def test_standard_input_and_a_file(folder: Path, book: Book) -> None:
    assert "gets no more mail" in run(folder, "-", stdin=HARD).output
    (folder / "one.eml").write_bytes(HARD)
    assert "got no more mail before" in run(folder, str(folder / "one.eml")).output


def test_nothing_reaches_the_terminal_raw(folder: Path, book: Book) -> None:
    assert "\x1b" not in run(folder, "--dry-run").output
    assert "\x07" not in run(folder, "--dry-run").output


def test_quiet(folder: Path, book: Book) -> None:
    assert run(folder, quiet=True).output == ""


WRONG = [
    ("DIGEST_SECRET=\nDIGEST_BOUNCES=box\n", (), "DIGEST_SECRET"),
    (f"DIGEST_SECRET=b:{'k' * 40}\n", (), "DIGEST_BOUNCES"),
    (f"DIGEST_SECRET=b:{'k' * 40}\n", ("none",), "none cannot be read"),
    (f"DIGEST_SECRET=b:{'k' * 40}\nDIGEST_BOUNCES=box/new\n", (), "is no Maildir"),
]


@pytest.mark.parametrize(("env", "words", "said"), WRONG)
def test_what_is_missing_is_one_sentence(
    folder: Path, book: Book, env: str, words: tuple[str, ...], said: str
) -> None:
    (folder / ".env").write_text(env)
    result = run(folder, *words)
    assert isinstance(result.exception, DigestError)
    assert said in str(result.exception)


def test_an_empty_maildir(folder: Path, book: Book) -> None:
    for path in (folder / "box" / "new").iterdir():
        path.unlink()
    assert run(folder).output == "Nothing came back.\n"
