"""Test mails from the page, and what the ledger tells there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest

from digest.archive import Archive
from digest.errors import LedgerError
from digest.send import Keyring, Ledger, Mailbox, Sink, Tally, open_list
from digest.send.delivery import Change, State
from tests.newsletter import copied
from tests.review.house import NOW, SLUG, Person, hashed, words


@pytest.fixture
def person(news: Path, tmp_path: Path) -> Person:
    found = Person(copied(news, tmp_path / "news"))
    found.look("sends")
    return found


def mails(person: Person) -> list[str]:
    return sorted(path.name for path in (person.folder / "var" / "mailbox").glob("*.eml"))


# --- Tests


def test_a_test_stays_here_and_is_linked(person: Person) -> None:
    before = hashed(person.archive.folder)
    person.press("Send the test", to="ann@example.org, bo@example.org\nann@example.org")
    assert mails(person) == [f"{SLUG} ann@example.org.eml", f"{SLUG} bo@example.org.eml"]
    rows = words(person.answer, ".outcome li")
    assert rows[0].startswith(f"ann@example.org kept on this machine as {SLUG} ann@example.org")
    assert "ann@example.org is named already." in rows[2]
    page = lxml.html.fromstring(person.answer.text)
    (href,) = {a.get("href") for a in page.cssselect(".outcome a") if "ann" in str(a.get("href"))}
    assert unquote(str(href)) == f"../../mailbox/{SLUG} ann@example.org/"
    opened = person.client.get(f"/mailbox/{SLUG} ann@example.org/")
    assert "[TEST]" in opened.text
    assert len(words(person.look("sends"), "section:has(#mails) li")) == 2
    assert hashed(person.archive.folder) == before, "neither status nor anything of the issue"
    assert not (person.folder / "var" / "ledger.db").exists()


def test_as_is_has_no_mark(person: Person) -> None:
    person.press("Send the test", to="ann@example.org", as_is="on")
    (name,) = mails(person)
    assert b"[TEST]" not in (person.folder / "var" / "mailbox" / name).read_bytes()


def test_the_testers_of_the_list_by_default(person: Person) -> None:
    (person.folder / "recipients.test.csv").write_text("address\ncy@example.org\nnobody\n")
    hint = words(person.look("sends"), "#to-whom")[0]
    assert hint.startswith("Empty: the testers of recipients.test.csv.")
    person.press("Send the test")
    assert mails(person) == [f"{SLUG} cy@example.org.eml"]
    assert "recipients.test.csv, line 3" in words(person.answer, ".outcome li")[1]


@pytest.mark.parametrize(
    ("to", "what"),
    [
        ("", "There is nobody to send to."),
        ("nobody", "nobody"),
        (" ".join(f"a{n}@example.org" for n in range(51)), "A page sends to 50 testers at most."),
    ],
)
def test_a_test_to_nobody_is_refused_with_the_input_kept(
    person: Person, to: str, what: str
) -> None:
    answer = person.press("Send the test", to=to)
    assert answer.status_code == 422
    assert what in words(answer, "[role=alert]")[0]
    assert to in answer.text
    assert mails(person) == []


@contextmanager
def server() -> Iterator[tuple[str, Callable[[], int]]]:
    """A mail server on this machine: its URL, and how many mails it took."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        sink = Sink(Mailbox(Path(folder)), port=0)
        thread = threading.Thread(target=sink.serve)
        thread.start()
        try:
            yield sink.url, lambda: sink.kept
        finally:
            sink.stop()
            thread.join()


def test_over_a_server_only_after_it_was_named(person: Person) -> None:
    env = person.folder / ".env"
    plain = env.read_text()
    with server() as (url, took):
        shown = url.removeprefix("smtp://")
        env.write_text(f"{plain}\nDIGEST_SMTP_URL={url}\n")
        assert f"It goes out over {shown}; you are asked before." in words(
            person.look("sends"), "#to-whom"
        )
        person.press("Send the test", to="ann@example.org")
        assert words(person.answer, ".conflict > p")[0].startswith(f"1 mail goes out over {shown}")
        assert words(person.answer, ".to li") == ["ann@example.org"]
        asked = person.answer
        env.write_text(f"{plain}\nDIGEST_SMTP_URL=smtp://ann:secret@127.0.0.1:9\n")
        person.press("Send it")
        assert "over 127.0.0.1:9," in words(person.answer, ".conflict > p")[0], "asked anew"
        assert "secret" not in person.answer.text
        assert took() == 0
        env.write_text(f"{plain}\nDIGEST_SMTP_URL={url}\n")
        person.answer = asked
        person.press("Send it")
        assert words(person.answer, "#outcome") == [f"The test went out over {shown}"]
        assert took() == 1
    assert mails(person) == []


# --- The ledger


def answered(archive: Archive, answers: dict[str, tuple[State, int, str]]) -> Callable[[], Ledger]:
    """A ledger of a send to some readers, with what servers answered; as the page is given it."""
    folder = archive.folder.parent
    (folder / "recipients.csv").write_text("\n".join(["address", *answers]) + "\n")

    def opened(*, look: bool = True) -> Ledger:
        return Ledger(
            "sqlite:///var/ledger.db",
            folder=folder,
            keyring=Keyring((("k1", "s" * 40),)),
            clock=lambda: NOW,
            look=look,
        )

    ledger = opened(look=False)
    with ledger.hold(SLUG):
        with open_list(folder / "recipients.csv") as rows:
            ledger.plan(SLUG, rows, name="recipients.csv", message="0" * 64)
        book = ledger.book(SLUG, name="recipients.csv", tally=Tally())
        jobs = list(book.fetch("", 99))
        book.write([Change(job, "sending") for job in jobs])
        done = [(job, answers[job.recipient.address]) for job in jobs]
        book.write([Change(job, state, code, reply, 1) for job, (state, code, reply) in done])
    ledger.close()
    return opened


def test_what_became_of_a_send(archive: Archive) -> None:
    ledger = answered(
        archive,
        {
            "ann@example.org": ("sent", 250, "Ok"),
            "bo@example.org": ("perm", 550, "No <b>such</b> user"),
            "cy@mail.example": ("temp", 451, "Later"),
            "di@mail.example": ("sent", 250, "Ok"),
        },
    )
    person = Person(archive.folder.parent, ledger=ledger)
    before = hashed(person.folder / "var")
    page = person.look("sends")
    rows = [
        [" ".join("".join(map(str, cell.itertext())).split()) for cell in row.iterchildren()]
        for row in lxml.html.fromstring(page.text).cssselect(".counts tr")
    ]
    assert rows == [
        ["List", "Planned", "Recipients", "Sent", "Put off", "Refused", "Left to do"],
        ["recipients.csv", "Fri 20 Nov 2026, 10:00 UTC", "4", "2", "1", "1", "0"],
        ["Domain", "Sent", "Put off", "Refused"],
        ["example.org", "1", "0", "1"],
        ["mail.example", "1", "1", "0"],
    ]
    assert words(page, "ul.rows li")[:2] == [
        "550 No <b>such</b> userrefused, 1",
        "451 Laterput off, 1",
    ]
    text = page.text
    assert "bo@example.org" in text
    assert "ann@example.org" not in text, "nobody who simply got it is named"
    assert "--resume" not in text, "nothing is left to do"
    assert {k: v for k, v in hashed(person.folder / "var").items() if "-" not in k} == {
        k: v for k, v in before.items() if "-" not in k
    }


def test_nothing_was_sent_and_no_ledger_is_made(archive: Archive) -> None:
    person = Person(archive.folder.parent)
    assert "Nothing of 2026-W47 was sent to readers yet." in person.look("sends").text
    assert not (person.folder / "var").exists()
    approved = person.client.get("/issues/2026-W46/sends").text
    assert "digest send 2026-W46 --list recipients.csv" in approved


def test_an_issue_that_another_tool_sent_is_not_said_to_be_unsent(archive: Archive) -> None:
    page = Person(archive.folder.parent).client.get("/issues/2026-W45/sends").text
    assert "no send of it is in the ledger here" in page
    assert "was sent to readers yet" not in page


def test_a_ledger_that_cannot_be_read_is_a_sentence(archive: Archive) -> None:
    ledger = answered(archive, {"ann@example.org": ("sent", 250, "Ok")})
    file = archive.folder.parent / "var" / "ledger.db"
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    person = Person(archive.folder.parent, ledger=ledger)
    page = person.look("sends")
    assert page.status_code == 200
    assert "ledger" in words(page, ".warn")[0]
    assert words(page, "#test") == ["Send a test"], "the rest is there"


def test_a_ledger_that_is_locked_is_a_sentence(archive: Archive) -> None:
    def locked() -> Ledger:
        raise LedgerError("The ledger var/ledger.db is locked.", hint="Wait for it.")

    page = Person(archive.folder.parent, ledger=locked).look("sends")
    assert words(page, ".warn") == ["The ledger var/ledger.db is locked."]
