"""No page of the review tells a secret, whatever the settings hold and whatever fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.review_addresses import Values, addresses, reviewed
from digest.archive import Archive
from tests.review.house import SLUG, Person

PASSWORD, KEY, DATABASE = (
    "hunter2-of-mails",
    "k3y-of-the-links-that-is-long-enough",
    "hunter2-of-db",
)
SECRETS = (PASSWORD, KEY, DATABASE)


@pytest.fixture
def folder(news: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(news, tmp_path / "news"))


def plant(folder: Path, database: str) -> None:
    with (folder / ".env").open("a", encoding="utf-8") as file:
        file.write(
            f"\nDIGEST_SMTP_URL=smtp://desk:{PASSWORD}@127.0.0.1:1\nDIGEST_SECRET=a:{KEY}\n"
            f"DIGEST_DATABASE_URL={database}\n"
        )


def need_silence(where: str, said: str) -> None:
    assert not [secret for secret in SECRETS if secret in said], where


def walk(folder: Path, *, status: int = 200) -> list[str]:
    """Every page, without what is told of secrets; the addresses that answer `status`."""
    app = reviewed(folder)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()
    story = Archive(folder / "issues").candidates(SLUG)[0].entry.id
    values = Values(slug=SLUG, older=SLUG, picture="none.png", story=story)
    answering = []
    for address in addresses(app, values):
        page = client.get(address.url)
        need_silence(address.url, f"{page.text}{page.headers}")
        if page.status_code == status:
            answering.append(address.url)
    return answering


@pytest.mark.parametrize(
    "database",
    [
        f"postgresql://desk:{DATABASE}@127.0.0.1:1/news",
        f"postgresql://desk:{DATABASE}@[::1/news",
        f"oracle://desk:{DATABASE}@127.0.0.1/news",
    ],
)
def test_pages_tell_no_secret_where_the_ledger_is_out_of_reach(folder: Path, database: str) -> None:
    plant(folder, database)
    assert len(walk(folder)) > 20


def test_a_fault_of_ours_tells_no_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(folder, f"postgresql://desk:{DATABASE}@127.0.0.1:1/news")
    words = (folder / ".env").read_text("utf-8")

    def faulty(*_: object, **__: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr(Archive, "load", faulty)
    assert walk(folder, status=500)


def test_a_test_mail_that_fails_tells_the_server_and_no_password(folder: Path) -> None:
    plant(folder, "sqlite:///var/ledger.db")
    person = Person(folder)
    person.look("sends")
    person.press("Send the test", to="ann@example.org")
    need_silence("the question", person.answer.text)
    assert "127.0.0.1:1" in person.answer.text
