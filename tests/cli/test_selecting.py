"""What an editor does with a selection, and what she is told when it cannot be done."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from digest import pipeline
from digest.archive import Archive
from digest.settings import read_settings
from tests.cli.conftest import NOW, Digest, Said

SLUG = "2026-W47"
FOLDER = Path("issues", SLUG)
EDITS = FOLDER / "edits.toml"
TITLES = {
    "ferry": "Night ferry returns to Skerry Island",
    "seeds": "Seed library opens in the customs house",
    "tides": "New tide tables mend an old error",
    "bridge": "Wooden bridge closes for oak repairs",
}


@pytest.fixture
def newsletter(digest: Digest) -> Digest:
    """A newsletter of four teasers in one section, built once."""
    Path("stories").mkdir()
    for name, title in TITLES.items():
        body = " ".join(f"Here {name}{n} stands by itself." for n in range(30))
        tags = "Harbor, keel" if name in {"ferry", "bridge"} else "Harbor"
        Path("stories", f"{name}.md").write_text(
            f"---\ntitle: {title}\ntags: {tags}\n---\n\n{body}\n", "utf-8"
        )
    Path(".env").write_text("DIGEST_SOURCES=stories\nDIGEST_LEADS=0\nDIGEST_TEASERS=12\n")
    assert build(digest).status == 0
    return digest


def build(digest: Digest, *words: str) -> Said:
    return digest("build", "--issue", SLUG, "--now", NOW, *words)


def rows() -> list[dict[str, dict[str, str]]]:
    return [json.loads(line) for line in (FOLDER / "entries.jsonl").read_text("utf-8").splitlines()]


def ids() -> dict[str, str]:
    by_title = {row["entry"]["title"]: row["entry"]["id"] for row in rows()}
    return {name: by_title[title] for name, title in TITLES.items()}


def in_order() -> list[str]:
    issue = json.loads((FOLDER / "issue.json").read_text("utf-8"))["issue"]
    names = {key: name for name, key in ids().items()}
    return [names[s["entry"]] for section in issue["sections"] for s in section["stories"]]


@pytest.mark.parametrize(
    ("text", "says", "then"),
    [
        ("[stories.a]\norder = 1" + "0" * 5000, ": this is not TOML: a number", "such as 1"),
        ("a = " + "[" * 5000, ": this is not TOML: it is nested too deeply", "another"),
        ("subject", ", at the end, line 1: this is not TOML", "quotation marks"),
        ('subject = "a"\nsubject = "b"\n', "line 2", "Keep one of the two"),
        ("[stories.a]\ndrop = true\n[stories.a]\n", "line 3", "Keep one of the two"),
        ("[story.a]\ndrop = true\n", "line 1: there is no key 'story'", "'stories'"),
        ("[[stories]]\ndrop = true\n", "line 1: stories: expected a table", "that line"),
        ('[stories.a]\npin = "lead"\nsubject = "x"\n', "line 3", "above all tables"),
        ('[stories.a]\ndrop = "yes"\n', "line 2: stories.a.drop: expected true or false", "line"),
        ("[stories.a]\nheadline = 2026-01-01\n", "line 2: stories.a.headline", "quotation marks"),
        ('[add]\ntitle = "x"\n', "line 1: add: expected tables", "[[add]]"),
        ('subject = " "\n', "line 1: subject is empty", "leave it out"),
        ('[[notice]]\ntitle = "x"\nurl = "https://a b/"\n', "line 3", "no http(s) address"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_the_next_thing_to_do(
    newsletter: Digest, text: str, says: str, then: str
) -> None:
    EDITS.write_text(text)
    said = build(newsletter)
    assert said.status == 1
    assert f"issues/{SLUG}/edits.toml" in said.err
    assert says in said.err
    assert then in said.err


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_what_is_no_file_is_told_with_the_next_thing_to_do(newsletter: Digest, kind: str) -> None:
    if kind == "link":
        EDITS.symlink_to("/dev/null")
    else:
        EDITS.mkdir()
    for said in (build(newsletter), newsletter("edit", SLUG, "subject", "x")):
        assert said.status == 1
        assert "Put a text file in its place" in said.err


def test_of_two_that_want_one_place_the_first_of_the_file_has_it(newsletter: Digest) -> None:
    first, *others = in_order()
    last, middle = others[-1], others[0]
    assert newsletter("edit", "order", TITLES[last], "1").err == ""
    said = newsletter("edit", "order", TITLES[middle], "1")
    assert said.status == 0
    assert f"“{TITLES[last]}” ({ids()[last]}) wants place 1 there as well" in said.err
    told = build(newsletter).out
    assert "edits.toml, lines 1 and 4: two stories want place 1 of “Harbor”" in told
    assert f"digest edit order {ids()[middle]} N" in told
    assert in_order()[:3] == [last, middle, first]
    assert newsletter("edit", "order", TITLES[middle], "2").err == ""
    assert "two stories want" not in build(newsletter).out
    assert in_order()[:3] == [last, middle, first]


def test_many_edits_that_wait_are_counted(newsletter: Digest) -> None:
    EDITS.write_text("".join(f"[stories.gone{n}]\ndrop = true\n" for n in range(1000)))
    said = build(newsletter)
    notes = [line for line in said.out.splitlines() if "edits.toml" in line]
    assert len(notes) == 9
    assert "992 more edits wait" in notes[-1]


def test_words_for_a_story_outside_the_issue_say_so(newsletter: Digest) -> None:
    newsletter("edit", "drop", "ferry")
    build(newsletter)
    said = newsletter("edit", "note", "ferry", "Mine.")
    assert "it is not in the issue as built" in said.out
    assert f"digest edit {SLUG} pin {ids()['ferry']}" in said.out


def test_several_that_fit_are_told_apart_by_where_they_stand(newsletter: Digest) -> None:
    newsletter("edit", "drop", "ferry")
    build(newsletter)
    said = newsletter("edit", "pin", "s")
    assert said.status == 2
    assert (
        "(seeds.md, a teaser)" in said.err or ", a teaser)" in said.err or "(a teaser)" in said.err
    )
    assert said.err.index("not in the issue") > said.err.index("a teaser")


def test_a_note_is_taken_away_and_a_story_added_once(newsletter: Digest) -> None:
    newsletter("edit", "note", "ferry", "Mine.")
    assert "has no note of yours" in newsletter("edit", "note", "ferry", "").out
    assert EDITS.read_text("utf-8").strip() == ""
    assert "shows no picture" in newsletter("edit", "image", "ferry", "none").out
    added = ("edit", "add", "--title", "Cake", "--text", "It is on Sunday.")
    assert newsletter(*added).status == 0
    said = newsletter(*added)
    assert said.status == 2
    assert "“Cake” was added to 2026-W47 before" in said.err
    assert "undo added-" in said.err


def test_two_pinned_to_one_place_are_refused_by_name(newsletter: Digest) -> None:
    for name in ("ferry", "seed"):
        newsletter("edit", "pin", name)
    newsletter("edit", "order", "ferry", "1")
    said = newsletter("edit", "order", "seed", "1")
    assert said.status == 2
    assert f"the other is the story '{ids()['ferry']}'" in said.err


def test_an_added_story_cannot_take_the_id_of_an_entry(newsletter: Digest) -> None:
    key = ids()["ferry"]
    EDITS.write_text(f'[[add]]\ntitle = "Mine"\ntext = "Words stand here."\nid = "{key}"\n')
    said = build(newsletter)
    assert said.status == 1
    assert f"edits.toml, line 1: the added story “Mine” has the id '{key}' of an entry" in said.err


def test_a_misspelled_verb_is_no_issue(newsletter: Digest) -> None:
    said = newsletter("edit", "pni", "ferry")
    assert said.status == 2
    assert "Did you mean pin?" in said.err


def test_a_sent_issue_is_not_approved(newsletter: Digest) -> None:
    file = FOLDER / "issue.json"
    file.write_text(file.read_text("utf-8").replace('"status": "draft"', '"status": "sent"'))
    said = newsletter("edit", SLUG, "approve")
    assert said.status == 1
    assert "was sent" in said.err


def test_edits_from_several_processes_at_once_all_arrive(newsletter: Digest) -> None:
    command = [sys.executable, "-m", "digest", "edit", SLUG, "add", "--blurb", "Mine.", "--title"]
    running = [
        subprocess.Popen([*command, f"Story {n}"], stdout=subprocess.DEVNULL) for n in range(4)
    ]
    assert [process.wait(60) for process in running] == [0] * 4
    assert EDITS.read_text("utf-8").count("[[add]]") == 4


def test_an_edit_while_the_issue_is_built_is_told(newsletter: Digest) -> None:
    def built(step: Callable[[str, int, int], None]) -> tuple[str, ...]:
        return pipeline.build(
            settings=read_settings(Path(".env"), {}),
            folder=Path(),
            archive=Archive(Path("issues")),
            now=datetime.fromisoformat(NOW),
            fetch=lambda url, **_: pytest.fail(url),
            step=step,
        ).notes

    def edit(*_: object) -> None:
        EDITS.write_text('subject = "Too late"\n')

    late = "edits.toml was changed while the issue was built"
    assert [note for note in built(edit) if late in note]
    assert not [note for note in built(edit) if late in note]


def test_a_build_that_changes_what_was_approved_says_so(newsletter: Digest) -> None:
    with Path(".env").open("a") as file:
        file.write(
            "DIGEST_POSTAL_ADDRESS=1 Quay\nDIGEST_SENDER=Desk <desk@example.org>\n"
            "DIGEST_UNSUBSCRIBE_URL=https://www.example.org/unsubscribe\n"
        )
    build(newsletter)
    said = newsletter("edit", "approve")
    assert said.status == 0, said.err
    changed = "this build differs from what was approved"
    assert changed not in build(newsletter).out
    story = Path("stories", "seeds.md")
    story.write_text(story.read_text().replace("Seed library opens", "Seed library burns"))
    assert changed in build(newsletter).out
    newsletter("edit", "undo", "status")
    assert changed not in build(newsletter).out


def test_explain_lists_ids_and_takes_a_story_of_the_latest_issue(newsletter: Digest) -> None:
    assert ids()["ferry"] in newsletter("explain").out
    for words in (("ferry",), ("island NIGHT",), (SLUG, "  night   ferry "), ("latest", "ferry")):
        said = newsletter("explain", *words)
        assert said.status == 0, said.err
        assert TITLES["ferry"] in said.out
        assert TITLES["seeds"] not in said.out
        assert "Its blurb: sentences of the article. Its source brought no description." in said.out
    assert "There is no issue '2026-W01'" in newsletter("explain", "2026-W01").err


def test_a_damaged_list_of_entries_says_how_to_mend_it(newsletter: Digest) -> None:
    file = FOLDER / "entries.jsonl"
    file.write_bytes(file.read_bytes()[:300])
    for words in (("explain", SLUG), ("edit", SLUG, "pin", "ferry")):
        said = newsletter(*words)
        assert said.status == 1
        assert f"issues/{SLUG}/entries.jsonl, line 1" in said.err
        assert f"`digest build --issue {SLUG}`" in said.err


@pytest.mark.parametrize(
    ("setting", "says", "then"),
    [
        ("DIGEST_TAGS_EXCLUDED=harbor", "4 with a tag of DIGEST_TAGS_EXCLUDED", "Take tags out"),
        ("DIGEST_FLOOR=9", "4 with a score below DIGEST_FLOOR", "the best of them scores 0."),
    ],
)
def test_a_setting_that_leaves_no_story_is_named(
    newsletter: Digest, setting: str, says: str, then: str
) -> None:
    with Path(".env").open("a") as file:
        file.write(setting)
    said = build(newsletter)
    assert said.status == 1
    assert "None of 4 entries in the window can run" in said.err
    assert says in said.err
    assert then in said.err


def test_an_editor_who_drops_everything_is_told_so(newsletter: Digest) -> None:
    EDITS.write_text("".join(f"[stories.{key}]\ndrop = true\n" for key in ids().values()))
    said = build(newsletter)
    assert said.status == 1
    assert "4 dropped by the editor" in said.err
    assert f"`digest edit {SLUG} undo STORY`" in said.err


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ('DIGEST_WEIGHTS="taste=1, taste=2"', "each name once, and “taste” stands there twice"),
        ('DIGEST_WEIGHTS="image=0, tast=2"', "which “tast=2” is not (did you mean taste?)"),
        ('DIGEST_SOURCE_WORTH="Quay=1, quay=0"', "“quay” stands there twice"),
        ('DIGEST_SOURCE_WORTH="Quay=1, Pier=nan"', "which “Pier=nan” is not"),
        ('DIGEST_SECTION_RULES="tag:a=A, tagb=B"', "which “tagb=B” is not"),
        ("DIGEST_FLOOR=1e400", "from 0 to 9"),
    ],
)
def test_the_wrong_part_of_a_setting_is_named(newsletter: Digest, setting: str, says: str) -> None:
    with Path(".env").open("a") as file:
        file.write(setting)
    said = build(newsletter)
    assert said.status == 2
    assert f"{setting.partition('=')[0]} in .env, line 4" in said.err
    assert says in said.err


def test_a_misspelled_source_of_a_worth_is_told(
    digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGEST_SOURCE_WORTH", "Skerry Observer=1, Skery Observr=0, Nobody=1")
    Path("feed.xml").write_text(
        "<rss version='2.0'><channel><title>Skerry Observer</title><item><title>A tide</title>"
        "<link>https://tide.example.org/1</link><pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate>"
        "<description>It came in and it went out.</description></item></channel></rss>"
    )
    said = digest("build", "feed.xml", "--issue", SLUG, "--now", NOW)
    notes = [line for line in said.out.splitlines() if "DIGEST_SOURCE_WORTH" in line]
    assert len(notes) == 1
    assert "no entry comes from “skery observr”; did you mean “Skerry Observer”?" in notes[0]
