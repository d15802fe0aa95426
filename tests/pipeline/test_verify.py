"""Verifying: every kind of damage is named, what explains itself is a note, nothing is written."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from digest.archive import Archive
from digest.cli.main import run
from digest.pipeline import Verified, verify
from tests.archive.newsroom import made, picture, save

EARLIER, SLUG = "2026-W46", "2026-W47"
BUILT = ("issue.json", "entries.jsonl", "email.html", "email.txt", "web.html", "message.eml")
ENV = (
    "DIGEST_SOURCES=stories\nDIGEST_LEADS=1\nDIGEST_TEASERS=2\nDIGEST_POSTAL_ADDRESS=1 Quay\n"
    "DIGEST_SENDER=Desk <desk@example.org>\nDIGEST_SECTION_RULES=words:seeds=The garden\n"
    'DIGEST_INTRO="Welcome\\naboard."\nDIGEST_THEME=own\n'
    "DIGEST_UNSUBSCRIBE_URL=https://www.example.org/unsubscribe\n"
)
THEMES = Path(__file__).parents[2] / "templates"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsletter of two weeks, with edits, a picture and a theme of its own; one was sent."""
    folder = tmp_path_factory.mktemp("kept") / "newsletter"
    (folder / "stories").mkdir(parents=True)
    (folder / "stories" / "pier.png").write_bytes(picture("#205080"))
    shutil.copytree(THEMES / "gazette", folder / "templates" / "own")
    for at, name in enumerate(("ferry", "seeds", "tides", "bridge", "choir", "lamps")):
        words = " ".join(f"The {name} of week {n} stands here." for n in range(12))
        day = 12 if at < 3 else 19
        shown = "\n\n![The pier](pier.png)" if at in {0, 3} else ""
        story = (
            f"---\ntitle: The {name} of Port Ellery\ndate: 2026-11-{day}T08:00:00Z\n---\n\n"
            f"It is the {name}. {words}{shown}\n"
        )
        (folder / "stories" / f"{name}.md").write_text(story, "utf-8")
    (folder / ".env").write_text(ENV, "utf-8")
    for slug, now in ((EARLIER, "2026-11-13T09:30:00Z"), (SLUG, "2026-11-20T09:30:00Z")):
        assert run(["-C", str(folder), "-q", "build", "--issue", slug, "--now", now]) == 0
    assert run(["-C", str(folder), "-q", "edit", SLUG, "headline", "choir", "They sing"]) == 0
    assert run(["-C", str(folder), "-q", "build", "--issue", SLUG, "--now", now]) == 0
    mended(folder, EARLIER, lambda document: document["issue"].update(status="sent"))
    return folder


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy to be damaged; whatever a test verifies, verifying writes nothing."""
    return Path(shutil.copytree(kept, tmp_path / "newsletter", symlinks=True))


def state(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file and folder, with what is in it and when it was changed."""
    return {
        str(path.relative_to(folder)): (
            str(path.readlink())
            if path.is_symlink()
            else hashlib.sha256(path.read_bytes()).hexdigest()
            if path.is_file() and path.stat().st_size < 1_000_000
            else "",
            path.lstat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
    }


def look(folder: Path, slug: str = SLUG, *, quick: bool = True) -> Verified:
    before = state(folder)
    (found,) = verify((slug,), archive=Archive(folder / "issues"), folder=folder, quick=quick)
    assert state(folder) == before
    return found


def told(found: Verified) -> str:
    return " ".join(f"{row.where} {row.what}" for row in found.failures)


def noted(found: Verified) -> str:
    return " ".join(row.what for row in found.notes)


def mended(folder: Path, slug: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change issue.json as somebody does who knows about its hashes."""
    path = folder / "issues" / slug / "issue.json"
    document = json.loads(path.read_text("utf-8"))
    change(document)
    for name in document["files"]:
        if (path.parent / name).is_file():
            raw = (path.parent / name).read_bytes()
            document["files"][name] = hashlib.sha256(raw).hexdigest()
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")


def test_a_sound_archive_is_made_again_byte_by_byte_also_what_was_sent(kept: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    before = state(kept)
    found = list(
        verify(
            (EARLIER, SLUG),
            archive=Archive(kept / "issues"),
            folder=kept,
            step=lambda *step: steps.append(step),
        )
    )
    assert [told(one) + noted(one) for one in found] == ["", ""]
    assert [(one.status, one.rebuilt, one.same) for one in found] == [
        ("sent", True, True),
        ("draft", True, True),
    ]
    assert [step[1:] for step in steps] == [(0, 2), (1, 2), (2, 2)]
    assert state(kept) == before


@pytest.mark.parametrize("name", [*BUILT, "media"])
@pytest.mark.parametrize("damage", ["flip", "remove", "cut", "link", "folder", "huge"])
def test_damage_names_its_file(folder: Path, name: str, damage: str) -> None:
    here = folder / "issues" / SLUG
    path = next((here / "media").iterdir()) if name == "media" else here / name
    raw = path.read_bytes()
    if damage == "flip":
        at = len(raw) // 2
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 0x80]) + raw[at + 1 :])
    elif damage == "cut":
        path.write_bytes(raw[: len(raw) // 2])
    elif damage == "huge":
        os.truncate(path, 600_000_000)
    else:
        path.unlink()
        if damage == "link":
            elsewhere = folder / "elsewhere"
            elsewhere.write_bytes(raw)
            path.symlink_to(elsewhere)
        elif damage == "folder":
            path.mkdir()
    found = look(folder, quick=False)
    assert path.name in told(found)
    assert not found.rebuilt


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(schema=9), "has schema 9; this program reads schema 1"),
        (lambda d: d["issue"].update(slug="2026-W40"), "holds the issue '2026-W40'"),
        (lambda d: d["files"].pop("web.html"), "web.html is not listed"),
        (lambda d: d["files"].update({"../x": "0"}), "'../x' is no file of an issue"),
        (lambda d: d["issue"]["window"].update(end="soon"), "window.end"),
        (lambda d: d["issue"]["leads"][0].update(entry="nobody"), "no line for the story 'nobody'"),
    ],
)
def test_a_document_that_reads_wrong(
    folder: Path, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    mended(folder, SLUG, change)
    assert words in told(look(folder))


def test_an_altered_blurb_with_mended_hashes_is_told_by_its_source(folder: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        blurb = document["issue"]["leads"][0]["blurb"]
        blurb["text"] = blurb["text"].replace("stands", "stood", 1)

    mended(folder, SLUG, change)
    found = look(folder)
    assert len(found.failures) == 1
    assert f"issues/{SLUG}/issue.json The blurb of “The " in told(found)
    assert "is not what it says it is" in told(found)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("email.txt", "stands", "stood", "The text part of message.eml is not email.txt"),
        ("email.html", "stands", "stood", "The HTML part of message.eml is not email.html"),
        ("message.eml", "stands", "stood", "of message.eml is not email."),
    ],
)
def test_the_message_says_what_the_renderings_say(
    folder: Path, name: str, old: str, new: str, words: str
) -> None:
    path = folder / "issues" / SLUG / name
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode(), 1))
    mended(folder, SLUG, lambda document: None)
    assert words in told(look(folder))


def test_what_the_editor_wrote_has_to_be_sound(folder: Path) -> None:
    here = folder / "issues" / SLUG
    (here / "edits.toml").write_text("subjekt = 'x'\n", "utf-8")
    (here / "corrections.toml").write_text("[[correction]]\nnote = 'It was Ann.'\n", "utf-8")
    found = look(folder, quick=False)
    assert "edits.toml, line 1: there is no key 'subjekt'" in told(found)
    assert "corrections.toml, line 1: " in told(found)
    assert "moment" in told(found)


def test_the_pictures_of_the_message_are_those_of_the_issue(folder: Path) -> None:
    (path,) = (folder / "issues" / SLUG / "media").iterdir()
    path.write_bytes(picture("#ff0000"))
    mended(folder, SLUG, lambda document: None)
    assert f"The picture media/{path.name} of message.eml is not the one in" in told(look(folder))


def test_files_of_the_editor_that_lead_away(folder: Path) -> None:
    here = folder / "issues" / SLUG
    (here / "edits.toml").unlink()
    (here / "edits.toml").symlink_to("/etc/passwd")
    (here / "corrections.toml").mkdir()
    words = told(look(folder))
    assert f"issues/{SLUG}/edits.toml is a symbolic link" in words
    assert f"issues/{SLUG}/corrections.toml" in words


def test_what_no_build_wrote_is_a_note_and_what_leads_away_is_refused(folder: Path) -> None:
    here = folder / "issues" / SLUG
    (here / "draft.doc").write_text("mine", "utf-8")
    (here / "more").mkdir()
    (here / "media" / "stray.png").write_bytes(picture("#ffffff"))
    found = look(folder, quick=False)
    assert not found.failures
    assert found.same
    for name, kind in (("draft.doc", "file"), ("more", "folder"), ("media/stray.png", "file")):
        assert f"issues/{SLUG}/{name} is a {kind} that no build wrote." in noted(found)

    (here / "passwd").symlink_to("/etc/passwd")
    os.mkfifo(here / "pipe")
    with (here / "big.bin").open("wb") as file:
        file.truncate(40_000_000)
    words = told(look(folder))
    for name in ("passwd is a symbolic link", "pipe is no regular file", "big.bin has 40 MB"):
        assert f"issues/{SLUG}/{name}" in words


def test_an_issue_that_is_a_link_or_a_file(folder: Path) -> None:
    (folder / "issues" / "2026-W40").symlink_to(folder / "issues" / SLUG)
    (folder / "issues" / "2026-W41").write_text("no folder", "utf-8")
    assert "is a symbolic link, which is not followed" in told(look(folder, "2026-W40"))
    assert "2026-W41 is not a folder" in told(look(folder, "2026-W41"))


def test_another_version_explains_a_difference_and_none_does_not(folder: Path) -> None:
    """email.txt altered everywhere it is kept, hashes and all: only making it again tells."""
    here = folder / "issues" / SLUG
    for name in ("email.txt", "message.eml"):
        raw = (here / name).read_bytes()
        (here / name).write_bytes(raw.replace(b"1 Quay", b"2 Quay"))
    html = (here / "email.html").read_bytes()
    (here / "email.html").write_bytes(html.replace(b"1 Quay", b"2 Quay"))
    mended(folder, SLUG, lambda document: None)
    assert not look(folder).failures  # quick
    found = look(folder, quick=False)
    assert not found.same
    assert f"issues/{SLUG}/email.txt differs from what is made again: line " in told(found)
    assert "2 Quay”, now “" in told(found)
    assert not found.notes

    mended(folder, SLUG, lambda document: document["versions"].update({"jinja2": "3.0.1"}))
    found = look(folder, quick=False)
    assert not found.failures
    assert "it was made with jinja2 3.0.1, here is " in noted(found)
    assert "email.txt" in noted(found)
    assert "its words differ, which a library seldom does" in noted(found)


def _everywhere(old: str, new: str) -> Callable[[Path], None]:
    """Change words in all files of the issue, of the same length so that parts stay alike."""

    def change(here: Path) -> None:
        for name in BUILT:
            raw = (here / name).read_bytes()
            (here / name).write_bytes(raw.replace(old.encode(), new.encode()))

    return change


def _in(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(here: Path) -> None:
        raw = (here / name).read_bytes()
        assert old.encode() in raw
        (here / name).write_bytes(raw.replace(old.encode(), new.encode(), 1))

    return change


def _in_renderings(here: Path) -> None:
    for name in BUILT[2:]:
        _in(name, "They sing", "They lie.")(here)
        raw = (here / name).read_bytes()
        (here / name).write_bytes(raw.replace(b"They sing", b"They lie."))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_everywhere("They sing", "They lie."), "issue.json differs from what is made again"),
        (_in("issue.json", '"kicker": ""', '"kicker": "Lies"'), "issue.json differs"),
        (_in("issue.json", '"name": "In brief"', '"name": "Lies"'), "issue.json differs"),
        (_in("entries.jsonl", "it is complete", "it was paid for"), "entries.jsonl differs"),
        (_in("entries.jsonl", "it is complete", "it is\u2028complete"), "entries.jsonl differs"),
        (_in("message.eml", "Subject: ", "Bcc: x@example.org\r\nSubject: "), "message.eml differs"),
        (_in("message.eml", "Desk <desk@", "Desk <desc@"), "message.eml differs"),
        (_in_renderings, "email.txt, teaser 2: “They sing”: The headline “They sing” is missing"),
    ],
)
@pytest.mark.parametrize("library", ["jinja2", "premailer", "trafilatura"])
def test_a_library_that_draws_explains_no_other_words(
    folder: Path, change: Callable[[Path], None], words: str, library: str
) -> None:
    change(folder / "issues" / SLUG)
    if library == "trafilatura":  # it reads sources, and explains nothing of what is recorded
        words = "differs from what is made again"
    mended(folder, SLUG, lambda document: document["versions"].update({library: "0.0.1"}))
    assert words in told(look(folder, quick=False))


def test_another_version_alone_is_no_difference(folder: Path) -> None:
    mended(folder, SLUG, lambda document: document["versions"].update({"jinja2": "3.0.1"}))
    found = look(folder, quick=False)
    assert found.same
    assert not found.notes


def test_a_theme_of_ones_own_that_changed_is_named(folder: Path) -> None:
    theme = folder / "templates" / "own" / "theme.toml"
    text = theme.read_text("utf-8")
    theme.write_text(text.replace("page = 6", "page = 5"), "utf-8")
    assert theme.read_text("utf-8") != text
    found = look(folder, EARLIER, quick=False)
    assert not found.failures
    assert "templates/own was changed since" in noted(found)
    shutil.rmtree(theme.parent)
    found = look(folder, quick=False)
    assert not found.failures
    assert not found.rebuilt
    assert "There is no theme “own”" in noted(found)
    assert "it was made with a theme of your own" in noted(found)


def test_edits_that_wait_for_a_build_are_named(folder: Path) -> None:
    assert run(["-C", str(folder), "-q", "edit", SLUG, "subject", "Another"]) == 0
    found = look(folder, quick=False)
    assert not found.failures
    assert "edits.toml was changed since it was built" in noted(found)


def test_an_earlier_issue_that_went_is_named(folder: Path) -> None:
    shutil.rmtree(folder / "issues" / EARLIER)
    found = look(folder, quick=False)
    assert not found.failures
    assert "it was issue 2 and is issue 1 now" in noted(found)


def test_an_issue_from_elsewhere_is_not_made_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "issues")
    save(archive, made(47))
    (found,) = verify((SLUG,), archive=archive, folder=tmp_path)
    assert not found.rebuilt
    assert "is not made again" in noted(found)
    assert "comes from elsewhere" in noted(found)


def test_a_setting_that_an_older_version_did_not_record_has_its_default(folder: Path) -> None:
    mended(folder, SLUG, lambda document: document["settings"].pop("DIGEST_CAMPAIGN"))
    assert look(folder, quick=False).same
    mended(folder, SLUG, lambda document: document["settings"].pop("DIGEST_INTRO"))
    found = look(folder, quick=False)
    assert not found.failures
    assert "DIGEST_INTRO was not recorded" in noted(found)


def test_settings_that_read_wrong_are_named(folder: Path) -> None:
    mended(folder, SLUG, lambda document: document["settings"].update(DIGEST_LEADS="many"))
    found = look(folder, quick=False)
    assert "DIGEST_LEADS as recorded: expected a whole number" in noted(found)
    assert not found.rebuilt


def test_an_unknown_time_zone_is_named(folder: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        document["issue"]["newsletter"]["zone"] = "../../etc/passwd"

    mended(folder, SLUG, change)
    assert "names a time zone that is not known" in told(look(folder, quick=False))
