"""`digest issues import` and `export`: archives of other tools come in, issues go out."""

from __future__ import annotations

import json
import shutil
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from digest.archive import Archive
from digest.cli import issues_exchange
from digest.models import Status
from digest.text.verbatim import verbatim
from tests.archive import newsroom
from tests.cli.conftest import Digest

ENV = "DIGEST_NAME=Tide Notes\nDIGEST_TIMEZONE=Europe/Berlin\nDIGEST_SENDER=T <t@example.org>\n"


def letter(number: int, *, more: str = "") -> str:
    return (
        f"---\ntitle: Tide Notes {number}\n---\n\nGood morning, this is number {number}.\n\n"
        f"## Harbor\n\n* [The ferry sails again, {number}](https://a.example.org/{number}) - It "
        f"leaves at eleven.\n* [Ropes of the week](https://b.example.org/{number}/ropes)\n{more}\n"
        "## Sea\n\n* [An eel was counted twice](https://c.example.org/eel)\n\n"
        "[Unsubscribe](https://a.example.org/unsubscribe)\n"
    )


@pytest.fixture
def old(digest: Digest) -> Path:
    """A folder of three newsletters, beside a newsletter's settings."""
    del digest
    Path(".env").write_text(ENV, "utf-8")
    folder = Path("old")
    (folder / "2024" / "03" / "22").mkdir(parents=True)
    (folder / "2024-03-08-notes.md").write_text(letter(1), "utf-8")
    (folder / "2024-03-15-notes.md").write_text(letter(2), "utf-8")
    (folder / "2024/03/22/index.html").write_text(
        "<h1>Tide Notes 3</h1><h2>Sea</h2><h3><a href='https://d.example.org/lamp'>A lamp for the "
        "pier</a></h3><p>It is green.</p>",
        "utf-8",
    )
    return folder


def test_a_dry_run_writes_nothing_and_says_what_would_be(digest: Digest, old: Path) -> None:
    said = digest("issues", "import", old)
    assert said.status == 0
    assert not Path("issues").exists()
    assert "3 issues with 7 stories would be imported. Nothing is written yet." in said.out
    assert "2024/03/22/index.html" in said.out
    assert "2024-W12" in said.out
    assert "1 unsubscribe" in said.out
    assert said.out.count("its name") == 2
    assert said.out.count("its folders") == 1
    assert "status" in said.out.splitlines()[0] + said.out.splitlines()[1]


def test_a_long_path_breaks_at_its_steps() -> None:
    path = "newsletters-of-the-harbor/2024/03/22/a-very-long-name-of-a-letter/index.html"
    lines = issues_exchange._by_steps(path).split("\n")
    assert "".join(lines) == path
    assert all(line[-1] in "/-" and len(line) <= 24 for line in lines[:-1])
    assert issues_exchange._by_steps("2024-03-08-notes.md") == "2024-03-08-notes.md"


def test_imported_issues_are_verified_without_a_word_on_what_they_follow_from(
    digest: Digest, old: Path
) -> None:
    digest("issues", "import", old, "--yes")
    said = digest("issues", "verify")
    assert (said.status, said.err) == (0, "")
    assert said.out.count("sound; imported, so it is not made again") == 3
    assert "note:" not in said.out


def test_imported_issues_are_issues_like_others(digest: Digest, old: Path) -> None:
    said = digest("issues", "import", old, "--yes")
    assert (said.status, said.err) == (0, "")
    assert "3 issues imported." in said.out
    archive = Archive(Path("issues"))
    assert archive.slugs() == ("2024-W10", "2024-W11", "2024-W12")
    assert [archive.row(slug).number for slug in archive.slugs()] == [1, 2, 3]
    for slug in archive.slugs():
        assert archive.verify(slug) == ()
        issue = archive.load(slug)
        assert issue.status == "sent"
        assert all(verbatim(story.blurb, story.entry) for story in issue.stories)
    issue = archive.load("2024-W10")
    assert issue.subject == "Tide Notes 1"
    assert issue.preheader == issue.intro == "Good morning, this is number 1."
    assert [section.name for section in issue.sections] == ["Harbor", "Sea"]
    first = issue.stories[0]
    assert (first.headline, first.entry.url) == (
        "The ferry sails again, 1",
        "https://a.example.org/1",
    )
    assert (first.blurb.text, first.blurb.origin) == ("It leaves at eleven.", "summary")
    assert first.entry.source == "a.example.org"
    assert ("title", "imported from 2024-03-08-notes.md") in first.entry.provenance
    assert issue.window.end.isoformat() == "2024-03-08T09:00:00+01:00"
    assert archive.load("2024-W11").window.start == issue.window.end
    document = json.loads(Path("issues/2024-W12/issue.json").read_text("utf-8"))
    assert document["settings"]["IMPORTED_FROM"] == "2024/03/22/index.html"
    assert document["settings"]["DIGEST_NAME"] == "Tide Notes"
    assert "The ferry sails again, 1" in archive.renderings("2024-W10").web_html
    assert digest("explain", "2024-W10").status == 0
    again = digest("build", "--issue", "2024-W10", "--now", "2024-03-08")
    assert "was sent; it is frozen" in again.err


def test_issues_that_are_there_are_never_written_over(digest: Digest, old: Path) -> None:
    digest("issues", "import", old, "--yes")
    before = Path("issues/2024-W10/issue.json").read_bytes()
    (old / "2024-03-08-notes.md").write_text(letter(9), "utf-8")
    said = digest("issues", "import", old, "--yes")
    assert said.status == 0
    assert "0 issues imported, 3 there already." in said.out
    assert Path("issues/2024-W10/issue.json").read_bytes() == before
    shutil.rmtree("issues")
    Path("issues").mkdir()
    Path("elsewhere").mkdir()
    Path("issues/2024-W10").symlink_to(Path("elsewhere").absolute())
    said = digest("issues", "import", old, "--yes")
    assert "2 issues imported, 1 there already." in said.out
    assert not list(Path("elsewhere").iterdir())


def test_what_cannot_be_imported_is_named_and_the_rest_goes_on(digest: Digest, old: Path) -> None:
    (old / "about.md").write_text("[A headline that links](https://a.example.org)", "utf-8")
    (old / "2024-04-05.md").write_text("Only words, and no story.", "utf-8")
    (old / "2024-04-12.md").write_bytes(b"\x89PNG\r\n\0\0\0")
    (old / "2088-01-05.md").write_text(letter(4), "utf-8")
    (old / "2024-03-07.md").write_text(letter(5), "utf-8")
    (old / "2024-04-19.md").symlink_to("/etc/hostname")
    (old / "loop").symlink_to(".")
    said = digest("issues", "import", old, "nothing-here", "--yes")
    assert said.status == 1
    assert "3 issues imported, 8 refused." in said.out
    for words in (
        "about.md does not say when it was sent. Name it after its day, such as 2024-03-08-about",
        "2024-04-05.md holds no story",
        "2024-04-12.md is no text",
        "2088-01-05.md is of 2088-01-05, which is still to come",
        "2024-03-08-notes.md is of the week 2024-W10, as 2024-03-07.md is",
        "2024-04-19.md is a symbolic link, which is not followed",
        "loop is a symbolic link",
        "nothing-here cannot be read",
    ):
        assert words in said.err
    told = json.loads(digest("issues", "import", old, "--json").out)
    assert len(told["failures"]) == 7
    assert [row["status"] for row in told["issues"]] == ["there"] * 3


def test_what_an_imported_issue_told_is_not_told_again(digest: Digest, old: Path) -> None:
    digest("issues", "import", old, "--yes")
    Path("stories").mkdir()
    for name, url in (("old", "https://a.example.org/2?utm_source=x"), ("new", "https://n.e.org/")):
        head = f"---\ntitle: The {name} ferry\nurl: {url}\ndate: 2024-03-26\n---\n\n"
        Path(f"stories/{name}.md").write_text(f"{head}It sails at noon.\n", "utf-8")
    with Path(".env").open("a", encoding="utf-8") as env:
        env.write("DIGEST_SOURCES=stories\n")
    assert digest("build", "--issue", "2024-W13", "--now", "2024-03-29").status == 0
    rows = Archive(Path("issues")).candidates("2024-W13")
    assert {row.entry.title: row.verdict.rule for row in rows}["The old ferry"] == "ran-before"
    issue = Archive(Path("issues")).load("2024-W13")
    assert [story.headline for story in issue.stories] == ["The new ferry"]
    assert issue.number == 4


def test_a_letter_without_an_end_is_refused(digest: Digest, old: Path) -> None:
    (old / "2024-04-05.md").write_text("a" * 1_000_001, "utf-8")
    picture = f"<img src='data:image/png;base64,{'A' * 2_500_000}'>"
    story = "<h2><a href='https://a.example.org/1'>A picture of a ferry</a></h2>"
    (old / "2024-04-12.html").write_text(picture + story, "utf-8")
    said = digest("issues", "import", old)
    assert "2024-04-05.md has 1,000,001 characters; at most 1,000,000 are read." in said.err
    assert "4 issues with 8 stories would be imported, 1 refused." in said.out


def test_of_two_letters_of_a_week_the_later_can_be_taken(digest: Digest, old: Path) -> None:
    (old / "2024-03-07.md").write_text(letter(5), "utf-8")
    rows = json.loads(digest("issues", "import", old, "--json", "--on-clash", "later").out)
    assert rows["issues"][0]["file"] == "2024-03-08-notes.md"
    rows = json.loads(digest("issues", "import", old, "--json").out)
    assert rows["issues"][0]["file"] == "2024-03-07.md"


def test_a_mail_is_imported_without_who_received_it(digest: Digest, old: Path) -> None:
    Path("letter.eml").write_bytes(
        b"From: Notes <n@example.org>\r\nTo: ann@reader.example.com\r\n"
        b"Date: Sat, 30 Mar 2024 00:30:00 +0000\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n"
        b"<h2>Sea</h2><ul><li><a href='https://a.example.org/x?to=ann@reader.example.com'>A story "
        b"about eels</a> - Hello ann@reader.example.com, they swim.</li></ul>"
    )
    assert digest("issues", "import", "letter.eml", "--yes").status == 0
    issue = Archive(Path("issues")).load("2024-W13")
    assert issue.subject == "Grüße"
    assert issue.window.end.isoformat() == "2024-03-30T09:00:00+01:00"
    assert issue.stories[0].entry.url == "https://a.example.org/x"
    files = [path.read_bytes() for path in Path("issues/2024-W13").rglob("*") if path.is_file()]
    assert not any(b"ann@" in data for data in files)


def archived(*weeks: int, status: Status = "sent") -> Archive:
    archive = Archive(Path("issues"))
    for week in weeks:
        newsroom.save(archive, newsroom.made(week, status=status))
    return archive


def test_an_issue_is_exported_in_each_form(digest: Digest) -> None:
    archive = archived(46, 47)
    said = digest("issues", "export", "2026-W46")
    assert said.out.startswith("---\ntitle: ")
    assert "ميناء الصيد" in said.out
    assert digest("issues", "export", "--as", "json").out == digest("issues", "show", "--json").out
    html = digest("issues", "export", "--as", "html").out
    assert 'src="media/' not in html
    digest("issues", "export", "--as", "eml", "-o", "one.eml")
    mail = message_from_bytes(Path("one.eml").read_bytes(), policy=policy.default)
    assert mail["To"] is None
    assert mail["Subject"] == "Férry news"
    assert mail.get_body(("plain",)) is not None
    assert archive.load("2026-W47").subject in digest("issues", "export", "-o", "-").out


def test_a_built_message_leaves_as_who_has_no_field_reads_it(digest: Digest, built: Path) -> None:
    shutil.copytree(built / "issues", "issues")
    digest("issues", "export", "--as", "eml", "-o", "one.eml")
    raw = Path("one.eml").read_bytes()
    assert b"X-Digest-Slots" not in raw
    assert b".tols" not in raw
    mail = message_from_bytes(raw, policy=policy.default)
    text = mail.get_body(("plain",))
    assert text is not None
    assert "https://www.example.org/unsubscribe" in text.get_content()


def test_files_that_are_there_are_written_over_by_force_alone(digest: Digest) -> None:
    archived(46, 47)
    assert digest("issues", "export", "--all").status == 2
    assert digest("issues", "export", "2026-W46", "2026-W47").status == 2
    assert digest("issues", "export", "--all", "2026-W46", "--to", "out").status == 2
    Path("out").mkdir()
    Path("out/2026-W46.md").write_text("mine")
    said = digest("issues", "export", "--all", "--to", "out")
    assert said.status == 1
    assert "2026-W46.md is there already. Add --force to write over it." in said.err
    assert Path("out/2026-W46.md").read_text() == "mine"
    assert Path("out/2026-W47.md").read_text("utf-8").startswith("---\n")
    assert digest("issues", "export", "--all", "--to", "out", "--force").status == 0
    assert Path("out/2026-W46.md").read_text("utf-8").startswith("---\n")


def test_a_damaged_issue_is_named_and_the_others_leave(digest: Digest) -> None:
    archived(46, 47)
    Path("issues/2026-W46/entries.jsonl").write_text("{}")
    said = digest("issues", "export", "--all", "--to", "out", "--as", "json")
    assert said.status == 1
    assert "2026-W46/entries.jsonl is not what issue.json recorded" in said.err
    assert json.loads(Path("out/2026-W47.json").read_text("utf-8"))["slug"] == "2026-W47"


def test_what_is_exported_comes_in_again_elsewhere(digest: Digest, old: Path) -> None:
    digest("issues", "import", old, "--yes")
    archive = Archive(Path("issues"))

    def told() -> list[object]:
        return [
            (slug, s.headline, s.entry.url, s.section, s.blurb.text, s.tier)
            for slug in archive.slugs()
            for s in archive.load(slug).stories
        ]

    before = told()
    for form, suffix in (("markdown", "md"), ("html", "html"), ("eml", "eml")):
        folder = Path(f"out-{suffix}")
        digest("issues", "export", "--all", "--to", folder, "--as", form)
        shutil.rmtree("issues")
        assert digest("issues", "import", folder, "--yes").status == 0
        assert told() == before


def test_what_another_import_wrote_meanwhile_is_named(
    digest: Digest, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digest.pipeline import exchange

    plan = exchange.planned

    def planned_then_overtaken(*given: Any, **named: Any) -> exchange.Plan:
        found = plan(*given, **named)
        monkeypatch.setattr(exchange, "planned", plan)
        assert digest("issues", "import", old / "2024-03-08-notes.md", "--yes").status == 0
        return found

    monkeypatch.setattr(exchange, "planned", planned_then_overtaken)
    said = digest("issues", "import", old, "--yes")
    assert said.status == 1
    assert "2024-W10 was written by another command meanwhile" in said.err
    assert Archive(Path("issues")).slugs() == ("2024-W10", "2024-W11", "2024-W12")
