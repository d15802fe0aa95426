"""What is watched while the archive is served, look by look: what is made again, and what stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from digest import disk, sample
from digest.archive import Archive, edited_since_build
from digest.models import Failure
from digest.pipeline import Live, Remade, Stayed, Told, approve, build, rebuild
from digest.pipeline.looks import Looks, settled
from digest.settings import Settings
from tests.newsletter import (
    SLUG,
    TEMPLATE,
    copied,
    files,
    new_newsletter,
    no_network,
    settings_of,
    write,
)

ENV = Path(".env")
EDITS = Path("issues") / SLUG / "edits.toml"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_newsletter(tmp_path_factory.mktemp("live") / "news")


@dataclass
class Watched:
    """A newsletter that is watched, one look at a time."""

    folder: Path
    told: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.archive = Archive(self.folder / "issues")
        self.live = Live(
            folder=self.folder,
            archive=self.archive,
            settings=self.settings,
            tell=self.told.append,
            blurbs=self.folder / "blurbs.jsonl",
        )

    def settings(self, _: str) -> Settings:
        return settings_of(self.folder)

    def change(self, path: Path, text: str | Callable[[str], str]) -> list[Told]:
        """Write a file, look until it has come to rest, and hand over what was told."""
        at = self.folder / path
        before = at.read_text("utf-8") if at.exists() else ""
        write(at, text if isinstance(text, str) else text(before))
        return self.look(2)

    def look(self, times: int) -> list[Told]:
        self.told.clear()
        for _ in range(times):
            self.live.look()
        return list(self.told)

    def read(self, name: str) -> str:
        return self.archive.read(SLUG, name).decode()


@pytest.fixture
def watched(kept: Path, tmp_path: Path) -> Watched:
    found = Watched(copied(kept, tmp_path / "news"))
    assert found.live.begin() is None
    assert found.live.draft == SLUG
    return found


def test_nothing_is_made_while_nothing_changes(watched: Watched) -> None:
    assert watched.look(5) == []


@pytest.mark.parametrize(
    ("path", "text", "name", "shown"),
    [
        (TEMPLATE, lambda text: text + "\nThe end, dear reader.\n", "email.txt", "dear reader"),
        (EDITS, 'subject = "Of the quay"\n', "issue.json", "Of the quay"),
        (ENV, lambda text: text + "\nDIGEST_TAGLINE='Read aboard'\n", "email.txt", "Read aboard"),
    ],
    ids=["theme", "edits", "settings"],
)
def test_a_change_makes_the_draft_again(
    watched: Watched, path: Path, text: str | Callable[[str], str], name: str, shown: str
) -> None:
    (told,) = watched.change(path, text)
    assert isinstance(told, Remade)
    assert (told.slug, told.changed) == (SLUG, (str(path),))
    text = (watched.archive.path(SLUG) / name).read_text("utf-8")
    assert shown in text
    assert watched.look(3) == [], "once"


def test_a_file_that_is_still_written_waits(watched: Watched) -> None:
    for words in ("a", "an end", "an end of it"):
        write(watched.folder / TEMPLATE, words)
        assert watched.look(1) == []
    assert len(watched.look(1)) == 1


def test_a_partial_that_comes_and_goes_is_a_change(watched: Watched) -> None:
    partial = TEMPLATE.with_name("partial.txt.j2")
    (told,) = watched.change(partial, "Nobody includes it.")
    assert isinstance(told, Remade)
    (watched.folder / partial).unlink()
    (told,) = watched.look(2)
    assert told.changed == (str(partial),) if isinstance(told, Remade) else False


def test_what_an_editor_keeps_beside_a_file_and_other_themes_are_left_alone(
    watched: Watched,
) -> None:
    assert watched.change(TEMPLATE.with_name(".issue.txt.j2.swp"), "half") == []
    assert watched.change(TEMPLATE.with_name("issue.txt.j2~"), "half") == []
    assert watched.change(Path("templates/other/theme.toml"), "[theme]") == []


def test_a_folder_that_themes_share_is_watched(watched: Watched) -> None:
    (watched.folder / "templates/shared").mkdir()
    watched.look(2)
    (told,) = watched.change(Path("templates/shared/card.j2"), "x")
    assert isinstance(told, Remade)


@pytest.mark.parametrize(
    ("path", "broken", "what"),
    [
        (TEMPLATE, "One\n{{ issue.subject }\n", r"issue\.txt\.j2, line 2, column \d+: unexpected"),
        (EDITS, "\nsubject = 7\n", r"edits\.toml, line 2: subject: expected a string"),
        (ENV, "\nDIGEST_LEADS=many\n", r"DIGEST_LEADS in \.env, line 2: expected"),
    ],
    ids=["theme", "edits", "settings"],
)
def test_a_mistake_is_kept_as_a_problem_until_it_is_mended(
    watched: Watched, path: Path, broken: str, what: str
) -> None:
    import re

    at = watched.folder / path
    sound = at.read_text("utf-8") if at.exists() else ""
    before = files(watched.archive.path(SLUG))
    (told,) = watched.change(path, broken)
    assert isinstance(told, Failure)
    assert re.search(what, told.what)
    assert watched.live.problem == told
    assert files(watched.archive.path(SLUG)) == before, "the last good rendering stays"
    assert watched.look(3) == [], "it is told once"
    (told,) = watched.change(path, sound)
    assert isinstance(told, Remade)
    assert watched.live.problem is None
    assert files(watched.archive.path(SLUG)) == before


def test_a_problem_is_over_when_another_command_built_the_issue(
    watched: Watched, kept: Path
) -> None:
    watched.change(TEMPLATE, "{{ nothing_of_that_name }}")
    assert watched.live.problem is not None
    write(watched.folder / TEMPLATE, (kept / TEMPLATE).read_text("utf-8") + "The end.\n")
    build(
        settings=settings_of(watched.folder),
        folder=watched.folder,
        archive=watched.archive,
        now=sample.SAMPLE_NOW,
        fetch=no_network,
    )
    watched.look(1)
    assert watched.live.problem is None


def test_what_was_sent_never_changes(watched: Watched) -> None:
    document = watched.archive.path(SLUG) / "issue.json"
    document.write_text(document.read_text().replace('"status": "draft"', '"status": "sent"'))
    before = files(watched.archive.path(SLUG))
    (told,) = watched.change(EDITS, 'subject = "Another"\n')
    assert isinstance(told, Stayed)
    assert told.why == f"{SLUG} was sent and stays."
    (told,) = watched.change(TEMPLATE, "Another")
    assert isinstance(told, Stayed)
    assert told.why == "There is no draft to re-render."
    assert files(watched.archive.path(SLUG)) == before


def test_an_approved_issue_follows_its_edits_and_not_the_theme(watched: Watched) -> None:
    watched.change(EDITS, 'status = "approved"\n')
    assert watched.archive.row(SLUG).status == "approved"
    before = files(watched.archive.path(SLUG))
    (told,) = watched.change(TEMPLATE, "Another")
    assert isinstance(told, Stayed)
    assert files(watched.archive.path(SLUG)) == before
    (told,) = watched.change(EDITS, 'status = "approved"\nsubject = "Of the quay"\n')
    assert isinstance(told, Remade)
    assert "differs from what was approved" in told.notes[0]


def test_while_another_command_writes_it_waits(watched: Watched) -> None:
    with disk.lock(watched.archive.folder / ".lock", what="The archive"):
        assert watched.change(EDITS, 'subject = "Of the quay"\n') == []
        assert watched.live.problem is None
    (told,) = watched.look(1)
    assert isinstance(told, Remade)
    assert watched.archive.row(SLUG).subject == "Of the quay"


def test_what_was_edited_before_is_made_at_once(kept: Path, tmp_path: Path) -> None:
    found = Watched(copied(kept, tmp_path / "news"))
    write(found.folder / EDITS, 'subject = "Of the quay"\n')
    found.live.begin()
    (told,) = found.look(1)
    assert isinstance(told, Remade)
    assert found.archive.row(SLUG).subject == "Of the quay"


def test_the_theme_of_the_build_is_kept_until_the_settings_name_another(watched: Watched) -> None:
    """`digest build --theme` tries one out."""
    for path in (watched.folder / "templates/gazette").iterdir():
        write(watched.folder / "templates/trial" / path.name, path.read_text("utf-8"))
    from dataclasses import replace

    build(
        settings=replace(settings_of(watched.folder), theme="trial"),
        folder=watched.folder,
        archive=watched.archive,
        now=sample.SAMPLE_NOW,
        fetch=no_network,
    )
    watched.look(2)
    assert watched.change(TEMPLATE, "The other theme.") == []
    (told,) = watched.change(Path("templates/trial/issue.txt.j2"), "On trial.\n")
    assert isinstance(told, Remade)
    assert "On trial" in watched.read("email.txt")
    (told,) = watched.change(ENV, lambda text: text + "\nDIGEST_THEME=trail\n")
    assert isinstance(told, Failure)
    assert "trial" in told.what
    (told,) = watched.change(ENV, lambda text: text.replace("=trail", "=gazette"))
    assert isinstance(told, Remade)
    assert "The other theme." in watched.read("email.txt")


def test_a_new_name_does_not_make_an_issue_another_s(watched: Watched) -> None:
    (told,) = watched.change(ENV, lambda text: text.replace("Quay News", "Pier News"))
    assert isinstance(told, Remade)
    assert watched.archive.row(SLUG).name == "Pier News"


def test_an_issue_of_another_newsletter_stays(kept: Path, tmp_path: Path) -> None:
    found = Watched(copied(kept, tmp_path / "news"))
    write(found.folder / ENV, "DIGEST_NAME='Hill News'\n")
    why = found.live.begin()
    assert why is not None
    assert "is an issue of “Quay News”, and the settings here are those of “Hill News”" in why.why
    before = files(found.archive.path(SLUG))
    (told,) = found.change(TEMPLATE, "Another")
    assert isinstance(told, Stayed)
    assert files(found.archive.path(SLUG)) == before


def test_a_folder_without_an_issue_waits_for_one(kept: Path, tmp_path: Path) -> None:
    import shutil

    folder = copied(kept, tmp_path / "news")
    shutil.move(folder / "issues", folder / "later")
    found = Watched(folder)
    why = found.live.begin()
    assert why is not None
    assert why.why == "There is no draft to re-render."
    assert found.look(2) == []
    shutil.move(folder / "later", folder / "issues")
    assert found.look(2) == []
    (told,) = found.change(EDITS, 'subject = "Of the quay"\n')
    assert isinstance(told, Remade)


def test_a_damaged_issue_is_a_problem_and_ends_nothing(watched: Watched) -> None:
    entries = watched.archive.path(SLUG) / "entries.jsonl"
    whole = entries.read_text("utf-8")
    entries.unlink()
    (told,) = watched.change(EDITS, 'subject = "Of the quay"\n')
    assert isinstance(told, Failure)
    assert "entries.jsonl is missing" in told.what
    assert f"digest build --issue {SLUG}" in told.hint
    entries.write_text(whole, "utf-8")
    (told,) = watched.change(EDITS, 'subject = "Of the pier"\n')
    assert isinstance(told, Remade)


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([{"a": 1}, {"a": 1}], [[], []]),
        ([{"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}], [[], [], ["a"], []]),
        ([{"a": 1}, {"a": 2}, {"a": 3}, {"a": 3}], [[], [], [], ["a"]]),
        ([{"a": 1}, {"a": 2}, {"a": 1}, {"a": 1}], [[], [], [], []]),
        ([{"a": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 1}], [[], [], []]),
        ([{"a": 1}, {"a": 0}, {"a": 0}, {"a": 1}, {"a": 1}], [[], [], ["a"], [], ["a"]]),
    ],
    ids=["still", "changed", "being written", "back again", "new", "gone and back"],
)
def test_looks(looks: list[dict[str, int]], expected: list[list[str]]) -> None:
    """States by number; 0 is a file that is not there."""
    known = Looks()
    for look, changes in zip(looks, expected, strict=True):
        found = {
            thing: ((f"{thing}.txt", state, 9),) if state else () for thing, state in look.items()
        }
        changed, known = settled(known, found)
        assert changed == {thing: (f"{thing}.txt",) for thing in changes}


def test_an_issue_is_made_at_once_for_who_waits_and_once(watched: Watched) -> None:
    write(watched.folder / EDITS, 'subject = "Of the quay"\n')
    told = watched.live.make_now(SLUG)
    assert isinstance(told, Remade)
    assert watched.archive.row(SLUG).subject == "Of the quay"
    assert watched.told == [told]
    assert watched.look(3) == [], "not a second time"
    (told,) = watched.change(EDITS, 'subject = "Of the pier"\n')
    assert isinstance(told, Remade)


def test_who_waits_is_told_why_nothing_was_made(watched: Watched) -> None:
    write(watched.folder / EDITS, "subject = 7\n")
    told = watched.live.make_now(SLUG)
    assert isinstance(told, Failure)
    assert "edits.toml, line 1: subject" in told.what
    assert watched.live.problem == told
    write(watched.folder / EDITS, 'subject = "Of the quay"\n')
    with disk.lock(watched.archive.folder / ".lock", what="The archive"):
        told = watched.live.make_now(SLUG)
        assert isinstance(told, Failure)
        assert "The archive is being written by process" in told.what.replace("issues ", "")
    (told,) = watched.look(1)
    assert isinstance(told, Remade), "as soon as that ended"


def test_those_who_wait_and_who_look_take_turns(watched: Watched) -> None:
    import threading

    write(watched.folder / EDITS, 'subject = "Of the quay"\n')
    found: list[Told] = []
    threads = [
        threading.Thread(target=lambda: found.append(watched.live.make_now(SLUG))) for _ in "abc"
    ]
    for thread in threads:
        thread.start()
    watched.live.look()
    for thread in threads:
        thread.join()
    assert [type(told) for told in found] == [Remade] * 3
    assert watched.archive.verify(SLUG) == ()


def test_a_listener_who_is_gone_ends_no_watching(watched: Watched) -> None:
    def gone(_: Told) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    watched.live = Live(
        folder=watched.folder, archive=watched.archive, settings=watched.settings, tell=gone
    )
    assert watched.live.begin() is None
    assert isinstance(watched.live.make_now(SLUG), Remade)
    watched.change(EDITS, 'subject = "Of the quay"\n')
    assert watched.archive.row(SLUG).subject == "Of the quay"


def test_a_fault_of_ours_ends_no_watching(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object) -> None:
        raise RuntimeError("no such thing")

    with monkeypatch.context() as patch:
        patch.setattr(Archive, "slugs", faulty)
        (told,) = watched.look(2)
    assert isinstance(told, Failure)
    assert "RuntimeError: no such thing" in told.what
    assert watched.live.problem == told
    assert watched.look(1) == []
    assert watched.live.problem is None


def test_an_edits_file_that_is_only_newer_makes_nothing_again(watched: Watched) -> None:
    watched.live.begin()
    assert watched.change(EDITS, 'subject = "Other words"\n')
    before = files(watched.folder / "issues")
    write(watched.folder / EDITS, '# As it was, copied later.\nsubject = "Other words"\n')
    again = Watched(watched.folder)
    assert again.live.begin() is None
    assert again.look(2) == []
    assert files(watched.folder / "issues")[f"{SLUG}/issue.json"] == before[f"{SLUG}/issue.json"]
    write(watched.folder / EDITS, 'subject = "Newer words"\n')
    later = Watched(watched.folder)
    later.live.begin()
    assert [type(told) for told in later.look(1)] == [Remade]


def test_an_approval_stays_when_the_theme_changes_and_ends_with_a_word(watched: Watched) -> None:
    watched.live.begin()
    assert watched.change(EDITS, 'status = "approved"\n')
    assert watched.archive.row(SLUG).status == "approved"
    assert not edited_since_build(watched.folder / "issues", SLUG)
    watched.change(ENV, lambda text: text + 'DIGEST_TAGLINE="Another line"\n')
    assert watched.archive.row(SLUG).status == "approved"
    (told,) = watched.change(EDITS, "")
    assert isinstance(told, Remade)
    assert [note for note in told.notes if "was approved and is a draft again" in note]
    assert watched.archive.row(SLUG).status == "draft"


def test_a_theme_changed_just_before_the_approval_leaves_what_was_approved(
    watched: Watched,
) -> None:
    watched.live.begin()
    watched.change(ENV, lambda text: text)
    write(watched.folder / ENV, (watched.folder / ENV).read_text() + 'DIGEST_TAGLINE="New"\n')
    watched.look(1)
    with disk.lock(watched.folder / "issues" / ".lock", what="The archive"):
        assert watched.look(1) == []  # due, and another command writes
    approve(watched.archive, SLUG, save=True)
    settings = watched.settings(SLUG)
    rebuild(SLUG, settings=settings, folder=watched.folder, archive=watched.archive)
    (told,) = watched.look(1)
    assert isinstance(told, Stayed)
    assert told.why == f"{SLUG} is approved and stays."
    assert watched.archive.row(SLUG).status == "approved"
