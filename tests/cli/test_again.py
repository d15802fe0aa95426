"""`digest build --again`: an issue from what the archive holds, without its sources."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

from digest import disk, sample
from digest.archive import Archive, edits_text, issue_version
from digest.errors import ArchiveError, BusyError
from digest.pipeline import build, rebuild
from tests.cli.conftest import Digest
from tests.newsletter import SLUG, copied, files, new_newsletter, no_network, settings_of, write


@pytest.fixture(scope="module", params=["America/New_York", "Asia/Tokyo", "UTC"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_newsletter(tmp_path_factory.mktemp("again") / "news", zone=request.param)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_newsletter(tmp_path_factory.mktemp("again") / "news")


def without_sources(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name not in {"issues", "templates", ".env"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def again(folder: Path) -> tuple[str, ...]:
    """Make the issue again; what was said of it."""
    archive = Archive(folder / "issues")
    built = rebuild(SLUG, settings=settings_of(folder), folder=folder, archive=archive)
    assert built.path == archive.path(SLUG)
    return built.notes


def test_with_nothing_changed_it_has_the_same_bytes(kept: Path, tmp_path: Path) -> None:
    folder = copied(kept, tmp_path / "news")
    without_sources(folder)
    before = files(folder / "issues" / SLUG)
    assert "entries.jsonl" in before
    assert again(folder) == ()
    after = files(folder / "issues" / SLUG)
    assert sorted(after) == sorted(before)
    assert [name for name in before if after[name] != before[name]] == []


def test_it_asks_no_network(usual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copied(usual, tmp_path / "news")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    again(folder)


def test_it_is_what_a_build_with_today_s_settings_and_edits_makes(
    usual: Path, tmp_path: Path
) -> None:
    """Edits of every kind; the other way to the same bytes reads the sources."""
    folder = copied(usual, tmp_path / "news")
    archive = Archive(folder / "issues")
    issue = archive.load(SLUG)
    lead, teaser = issue.leads[0], issue.sections[0].stories[0]
    assert lead.entry.image is not None
    out = next(c.entry for c in archive.candidates(SLUG) if c.verdict.rule == "per-source")
    write(
        folder / "issues" / SLUG / "edits.toml",
        f'subject = "Of the quay"\n[stories.{lead.entry.id}]\nimage = "none"\nsection = "Sound"\n'
        f"[stories.{teaser.entry.id}]\ndrop = true\n[stories.{out.id}]\npin = 'teaser'\n"
        '[[add]]\ntitle = "Bake sale"\ntext = "It is on Sunday, and everybody may come."\n',
    )
    with (folder / ".env").open("a") as env:
        env.write('DIGEST_TAGLINE="Read on the quay"\nDIGEST_TEASERS=9\nDIGEST_TEASER_CHARS=150\n')
    again(folder)
    made = archive.load(SLUG)
    assert (made.subject, made.newsletter.tagline) == ("Of the quay", "Read on the quay")
    ids = [story.entry.id for story in made.stories]
    assert teaser.entry.id not in ids
    assert out.id in ids
    assert "Bake sale" in [story.headline for story in made.stories]
    rebuilt = files(folder / "issues" / SLUG)
    again(folder)
    assert files(folder / "issues" / SLUG) == rebuilt, "again, and nothing changes"
    build(
        settings=settings_of(folder),
        folder=folder,
        archive=archive,
        now=sample.SAMPLE_NOW,
        fetch=no_network,
    )
    built = files(folder / "issues" / SLUG)
    media = {name for name in rebuilt if name.startswith("media/")}
    assert media > {name for name in built if name.startswith("media/")}, "kept for an undo"
    for name in built.keys() - {"issue.json"}:
        assert rebuilt[name] == built[name], name


def test_a_decision_that_is_taken_back_leaves_no_trace(usual: Path, tmp_path: Path) -> None:
    folder = copied(usual, tmp_path / "news")
    before = files(folder / "issues" / SLUG)
    without_sources(folder)
    edits = folder / "issues" / SLUG / "edits.toml"
    rows = [c.entry for c in Archive(folder / "issues").candidates(SLUG)]
    pictured = [entry for entry in rows if entry.image][:3]
    assert len(pictured) == 3
    write(
        edits,
        f'[stories.{pictured[0].id}]\nimage = "none"\nsection = "A"\n'
        f'[stories.{pictured[1].id}]\nimage = "https://example.org/a.png"\nalt = "A"\n'
        f"[stories.{pictured[2].id}]\ndrop = true\n"
        '[[add]]\ntitle = "Bake sale"\ntext = "It is on Sunday."\nid = "bake"\n',
    )
    again(folder)
    assert files(folder / "issues" / SLUG) != before
    candidates = {c.entry.id: c for c in Archive(folder / "issues").candidates(SLUG)}
    assert candidates[pictured[0].id].source_entry == pictured[0]
    assert candidates["bake"].source_entry is None
    write(edits, "")
    assert again(folder) == ()
    assert files(folder / "issues" / SLUG) == before


def test_a_story_whose_picture_is_not_archived_comes_without_and_that_is_said(
    usual: Path, tmp_path: Path
) -> None:
    folder = copied(usual, tmp_path / "news")
    archive = Archive(folder / "issues")
    issue = archive.load(SLUG)
    with (folder / ".env").open("a") as env:
        env.write("DIGEST_TEASERS=1\nDIGEST_LEADS=1\n")
    build(
        settings=settings_of(folder),
        folder=folder,
        archive=archive,
        now=sample.SAMPLE_NOW,
        fetch=no_network,
    )
    shutil.copy(usual / ".env", folder / ".env")
    notes = again(folder)
    lost = [
        story.headline
        for story in issue.stories
        if story.entry.image and story.entry.image.url not in archive.media(SLUG)
    ]
    assert lost
    assert [n for n in notes if "is not in the archive" in n] == [
        f"The picture of “{headline}” is not in the archive; a build from the sources brings it."
        for headline in lost
    ]
    assert again(folder) == notes


def test_what_was_sent_is_refused(usual: Path, tmp_path: Path) -> None:
    folder = copied(usual, tmp_path / "news")
    document = folder / "issues" / SLUG / "issue.json"
    document.write_text(document.read_text().replace('"status": "draft"', '"status": "sent"'))
    before = files(folder / "issues" / SLUG)
    with pytest.raises(ArchiveError, match="was sent; it is frozen"):
        again(folder)
    assert files(folder / "issues" / SLUG) == before


def test_a_build_of_another_command_meanwhile_is_not_overwritten(
    usual: Path, tmp_path: Path
) -> None:
    folder = copied(usual, tmp_path / "news")
    archive = Archive(folder / "issues")
    settings = settings_of(folder)

    def meanwhile(what: str, *_: int) -> None:
        if what == "Rendering the email":
            document = folder / "issues" / SLUG / "issue.json"
            document.write_text(document.read_text() + "\n")

    with pytest.raises(BusyError, match="built anew by another command"):
        rebuild(SLUG, settings=settings, folder=folder, archive=archive, step=meanwhile)
    with (
        disk.lock(archive.folder / ".lock", what="The archive"),
        pytest.raises(BusyError, match="is being written by process"),
    ):
        again(folder)


def test_an_approved_issue_stays_so_and_a_difference_is_told(usual: Path, tmp_path: Path) -> None:
    folder = copied(usual, tmp_path / "news")
    edits = folder / "issues" / SLUG / "edits.toml"
    write(edits, 'status = "approved"\n')
    again(folder)
    assert Archive(folder / "issues").row(SLUG).status == "approved"
    write(edits, 'status = "approved"\nsubject = "Another"\n')
    (note,) = again(folder)
    assert "differs from what was approved" in note
    assert edits_text(folder / "issues", SLUG).startswith('status = "approved"')


def test_the_command(digest: Digest) -> None:
    assert digest("build", "--sample", "-q").status == 0
    folder = Path("issues") / SLUG
    before, version = files(folder), issue_version(Path("issues"), SLUG)
    said = digest("build", "--again", "--json")
    assert said.status == 0, said.err
    assert json.loads(said.out)["issue"] == SLUG
    assert files(folder) == before
    assert issue_version(Path("issues"), SLUG) == version
    shown = digest("build", "--again", "--issue", SLUG, "--dry-run").out
    rows = Archive(Path("issues")).candidates(SLUG)
    assert f"out of {len(rows)} entries of the archive" in shown
    assert "This was a dry run" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["feed.xml"], "a SOURCE"),
        (["--since", "2026-11-01"], "--since"),
        (["--now", "2026-11-20"], "--now"),
    ],
)
def test_what_does_not_go_with_it_is_said(digest: Digest, words: list[str], said: str) -> None:
    found = digest("build", "--again", *words)
    assert found.status == 2
    assert f"so {said} cannot be given with it" in found.err


def test_without_an_issue_it_says_what_to_type(digest: Digest) -> None:
    found = digest("build", "--again")
    assert found.status == 1
    assert "There is no issue in issues/ yet." in found.err
    assert "There is no issue '2026-W01'" in digest("build", "--again", "--issue", "2026-W01").err
