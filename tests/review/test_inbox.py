"""The list of issues: by year, at the cost of its own year, with what is known of each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from digest.archive import Archive
from digest.pipeline import KnownFindings
from digest.review import House, create_app
from digest.review.app import FINDINGS
from tests.archive.newsroom import CUTOFF, made, save
from tests.review.test_app import words


class Ledger:
    """A ledger that knows how many got an issue."""

    def __init__(self, *sent: int) -> None:
        self.sent = list(sent)
        self.asked = 0

    def status(self, slug: str) -> tuple[Any, ...]:
        self.asked += 1
        assert slug == "2026-W47"
        return tuple(SimpleNamespace(counts={"planned": 9, "sent": n}) for n in self.sent)

    def close(self) -> None:
        pass


@contextmanager
def reviewed(archive: Archive, ledger: Any = None) -> Iterator[tuple[FlaskClient, KnownFindings]]:
    folder = archive.folder.parent
    house = House(
        folder=folder,
        cache=folder / "cache",
        settings=lambda slug: pytest.fail(f"the settings of {slug} were asked for"),
        ledger=lambda: ledger,
        now=lambda: CUTOFF,
    )
    app = create_app(archive, None, None, house)
    findings = app.extensions[FINDINGS]
    try:
        yield app.test_client(), findings
    finally:
        findings.stop()


def test_a_preheader_is_cut_as_a_phone_cuts_it(archive: Archive) -> None:
    build = made()
    long = "港の市場が百周年を迎え、夜の灯りが戻る " * 300
    save(archive, replace(build, issue=replace(build.issue, preheader=long, subject=long)))
    page = create_app(archive).test_client().get("/")
    assert len(page.data) < 20_000
    shown = words(page.text, ".preheader")[0]
    assert shown.endswith("…")
    assert 18 <= len(shown) <= 36, "two columns a character"
    assert "after 70 columns" in page.text


def test_a_page_reads_the_issues_of_its_own_year(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in ("2024", "2025"):
        (archive.folder / f"{year}-W10").mkdir()
        (archive.folder / f"{year}-W10" / "issue.json").write_text("{", "utf-8")
    client = create_app(archive).test_client()
    first = client.get("/years/2026").text
    read: list[str] = []
    from digest.archive.folder import read_plain

    def noted(folder: Path, name: str) -> bytes:
        read.append(folder.name)
        return read_plain(folder, name)

    monkeypatch.setattr("digest.archive.listing.read_plain", noted)
    assert client.get("/years/2026").text == first
    assert read == [], "what has not changed is read once"
    save(archive, made(46, words="anew"))
    assert "from May anew" in client.get("/years/2026").text
    assert set(read) == {"2026-W46"}
    assert "Damaged" in client.get("/years/2025").text
    assert words(first, ".years a") == ["2026 3", "2025 1", "2024 1"]


def test_a_row_that_changes_on_disk_is_read_anew(archive: Archive) -> None:
    client = create_app(archive).test_client()
    client.get("/")
    path = archive.path("2026-W47") / "issue.json"
    path.write_text(path.read_text("utf-8").replace("The ferry", "A barge", 99), "utf-8")
    assert words(client.get("/").text, ".inbox li a")[0].startswith("A barge")
    path.write_text("{", "utf-8")
    assert words(client.get("/").text, ".inbox li")[0].startswith("2026-W47 Damaged.")


def test_findings_are_looked_for_beside_the_server_and_kept(archive: Archive) -> None:
    with reviewed(archive) as (client, findings):
        assert words(client.get("/").text, ".found") == []
        thread = findings._thread
        if thread:
            thread.join()
        shown = words(client.get("/").text, ".found")
        assert len(shown) == 3
        page = client.get("/issues/2026-W47/findings").text
        assert shown[0].startswith(f"{len(words(page, 'li.error'))} errors")
    kept = archive.folder.parent / "cache" / "findings"
    assert sorted(path.stem for path in kept.iterdir()) == ["2026-W45", "2026-W46", "2026-W47"]
    again = KnownFindings(archive, archive.folder.parent / "cache")
    assert set(again.counts(["2026-W47", "2026-W45"])) == {"2026-W45", "2026-W47"}
    (kept / "2026-W45.json").write_text("[", "utf-8")
    (kept / "2026-W46.json").unlink()
    (kept / "2026-W46.json").symlink_to("/dev/zero")
    save(archive, made(words="anew"))
    other = KnownFindings(archive, archive.folder.parent / "cache")
    assert other.counts(archive.slugs()) == {}, "damaged, no file, and of another version"
    shutil.rmtree(kept)
    kept.write_text("in the way", "utf-8")
    assert other.of("2026-W45").findings


def test_looking_for_findings_can_be_stopped(archive: Archive) -> None:
    findings = KnownFindings(archive, archive.folder.parent / "cache")
    findings.stop()
    findings.look(archive.slugs())
    assert findings._thread is None
    assert findings.counts(archive.slugs()) == {}


@pytest.mark.parametrize(
    ("sent", "status"), [((0, 0), "sending nobody has it yet"), ((0, 3), "sent"), ((), "sent")]
)
def test_an_issue_that_nobody_got_yet_is_not_sent(
    archive: Archive, sent: tuple[int, ...], status: str
) -> None:
    save(archive, made(status="sent"))
    ledger = Ledger(*sent)
    with reviewed(archive, ledger) as (client, _):
        for _ in range(2):
            row = words(client.get("/").text, ".inbox li")[0]
            assert f"2026 {status} 2026-W47" in row
        assert ledger.asked == (2 if sent == (0, 0) else 1)


def test_a_ledger_that_fails_hides_no_list(archive: Archive) -> None:
    from digest.errors import DigestError

    class Broken(Ledger):
        def status(self, slug: str) -> tuple[Any, ...]:
            raise DigestError("no")

    save(archive, made(status="sent"))
    with reviewed(archive, Broken()) as (client, _):
        assert client.get("/").status_code == 200


def test_the_navigation_links_what_there_is(archive: Archive, tmp_path: Path) -> None:
    from digest.send import Mailbox

    page = create_app(archive).test_client().get("/").text
    assert words(page, ".site a") == ["Issues", "Statistics"]
    client = create_app(archive, None, Mailbox(tmp_path / "box")).test_client()
    for url, current in (
        ("/", "Issues"),
        ("/issues/2026-W47/why", "Issues"),
        ("/mailbox/", "Mailbox"),
    ):
        page = client.get(url).text
        assert words(page, ".site a") == ["Issues", "Statistics", "Mailbox"]
        assert words(page, ".site a[aria-current]") == [current]
    assert words(client.get("/nothing").text, ".site a") == ["Issues", "Statistics", "Mailbox"]
