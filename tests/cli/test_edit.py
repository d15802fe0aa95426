"""`digest edit`: what is decided is in the next build, and stays in every one after it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from digest.archive import Archive
from tests.cli.conftest import NOW, Digest, Said

SLUG = "2026-W47"
FOLDER = Path("issues", SLUG)
EDITS = FOLDER / "edits.toml"
STORIES = {
    "ferry": ("Night ferry returns to Skerry Island", "The ferry sails again at eight. "),
    "seeds": ("Seed library opens in the customs house", "Shelves of beans line the walls. "),
    "tides": ("New tide tables mend an old error", "Clerks reckoned the moon anew. "),
    "bridge": ("Wooden bridge closes for oak repairs", "Carpenters replace forty planks. "),
    "choir": ("Choir sings in the empty gasworks", "Echoes last eleven seconds there. "),
}


@pytest.fixture
def newsletter(digest: Digest) -> Digest:
    """A newsletter of five stories, one lead and two teasers, built once."""
    Path("stories").mkdir()
    for name, (title, text) in STORIES.items():
        body = text + " ".join(f"{name}{n} stands here." for n in range(30))
        Path("stories", f"{name}.md").write_text(
            f"---\ntitle: {title}\ntags: {name}\n---\n\n{body}\n", "utf-8"
        )
    Path(".env").write_text(
        "DIGEST_SOURCES=stories\nDIGEST_LEADS=1\nDIGEST_TEASERS=2\nDIGEST_INTRO=Welcome aboard.\n"
        "DIGEST_POSTAL_ADDRESS=1 Quay\nDIGEST_SENDER=Desk <desk@example.org>\n"
        "DIGEST_UNSUBSCRIBE_URL=https://www.example.org/unsubscribe\n"
    )
    assert build(digest).status == 0
    return digest


def build(digest: Digest) -> Said:
    return digest("build", "--issue", SLUG, "--now", NOW)


def forms() -> tuple[str, str, str]:
    """email.txt, email.html and web.html, each on one line."""
    names = ("email.txt", "email.html", "web.html")
    html, text, web = (" ".join((FOLDER / name).read_text("utf-8").split()) for name in names)
    return html, text, web


def everywhere(*words: str) -> bool:
    return all(word in form for form in forms() for word in words)


def nowhere(*words: str) -> bool:
    return not any(word in form for form in forms() for word in words)


def rules() -> dict[str, tuple[str, str]]:
    rows = map(json.loads, (FOLDER / "entries.jsonl").read_text("utf-8").splitlines())
    return {r["entry"]["title"]: (r["verdict"]["place"], r["verdict"]["rule"]) for r in rows}


def out_of_the_issue() -> str:
    return next(title for title, (place, _) in rules().items() if place == "out")


def lead() -> str:
    return next(title for title, (place, _) in rules().items() if place == "lead")


def test_a_pin_and_a_drop_are_in_the_next_build(newsletter: Digest) -> None:
    late, first = out_of_the_issue(), lead()
    said = newsletter("edit", SLUG, "pin", late)
    assert said.status == 0, said.err
    assert f"“{late}” is pinned as a lead" in said.out
    assert f"build --again --issue {SLUG}\n" in said.out
    assert newsletter("edit", "drop", first).status == 0
    build(newsletter)
    assert rules()[late] == ("lead", "pinned")
    assert rules()[first] == ("out", "dropped")
    assert everywhere(late)
    assert nowhere(first)
    assert "The editor pinned it as a lead." in newsletter("explain", SLUG, late).out

    assert newsletter("edit", "undo", late).status == 0
    assert newsletter("edit", "undo", first).status == 0
    build(newsletter)
    assert rules()[first][0] == "lead"
    assert EDITS.read_text("utf-8").strip() == ""


def test_a_blurb_that_is_taken_away_is_said_to_be_none(newsletter: Digest) -> None:
    first = lead()
    assert "has no blurb, as you wish" in newsletter("edit", "blurb", first, "").out
    assert "none, as the editor decided" in build(newsletter).out
    assert "Its blurb: none, as the editor decided." in newsletter("explain", first).out


def test_words_order_and_sections_are_in_every_rendering(newsletter: Digest) -> None:
    first = lead()
    for words in (
        ("headline", first, "Mine", "over it"),
        ("blurb", first, "My own words."),
        ("note", first, "The office disagrees."),
        ("pin", "choir", "--teaser"),
        ("move", "choir", "By ear"),
        ("pin", "bridge", "--teaser"),
        ("move", "bridge", "By ear"),
        ("order", "bridge", "1"),
        ("subject", "My subject"),
        ("preheader", "My preheader"),
        ("intro", ""),
        ("outro", "So long."),
    ):
        if words[1] == "choir" and first == STORIES["choir"][0]:
            continue
        said = newsletter("edit", *words)
        assert said.status == 0, (words, said.err)
    said = build(newsletter)
    assert said.status == 0, said.err + said.out
    assert everywhere("Mine over it", "My own words.", "Editor's note: The office disagrees.")
    assert everywhere("By ear", "So long.", "‡")
    assert nowhere("Welcome aboard.", first)
    issue = Archive(Path("issues")).load(SLUG)
    assert (issue.subject, issue.preheader) == ("My subject", "My preheader")
    section = next(s for s in issue.sections if s.name == "By ear")
    assert section.stories[0].headline == STORIES["bridge"][0]
    assert b"Subject: My subject" in (FOLDER / "message.eml").read_bytes()
    assert newsletter("check", SLUG).status == 0


def test_what_is_added_is_there_and_a_notice_is_labelled(newsletter: Digest) -> None:
    said = newsletter(
        "edit", "add", "--title", "Bake sale on Sunday", "--section", "Neighbors",
        "--text", "The club sells cake. It all goes into a boat.", "--url", "https://a.example.org/",
    )  # fmt: skip
    key = re.search(r"the id (added-[0-9a-f]{10})", said.out)
    assert key, said.err
    assert newsletter("edit", "note", key[1], "Bring a plate.").status == 0
    said = newsletter(
        "edit", "notice", "--title", "Paint for boats", "--text", "Two coats.",
        "--url", "https://paint.example.org/", "--sponsor", "Harbor Paints",
    )  # fmt: skip
    assert said.status == 0, said.err
    said = build(newsletter)
    assert said.status == 0, said.err + said.out
    assert everywhere("Bake sale on Sunday", "The club sells cake.", "Neighbors", "Bring a plate.")
    assert everywhere("Sponsored · Harbor Paints", "Paint for boats", "Two coats.", "paint.example")
    for form in forms():
        assert form.index("Sponsored") < form.index("Paint for boats")
    assert rules()["Bake sale on Sunday"] == ("teaser", "added")

    assert newsletter("edit", "undo", "Paint for boats").status == 0
    assert newsletter("edit", "undo", "bake sale").status == 0
    build(newsletter)
    assert nowhere("Bake sale", "Sponsored", "Paint")


def test_a_picture_of_the_folder_is_shown_and_a_missing_one_told(newsletter: Digest) -> None:
    from PIL import Image

    Image.new("RGB", (552, 120), "#204060").save("harbor.png")
    newsletter("edit", "image", lead(), "harbor.png", "--alt", "The harbor")
    assert build(newsletter).status == 0
    shown = re.search(r"<img [^>]*>", forms()[1])
    assert shown
    assert re.search(r'src="media/[0-9a-f]{16}\.png"', shown[0])
    assert 'alt="The harbor"' in shown[0]
    assert len(list((FOLDER / "media").iterdir())) == 1
    for missing, says in (
        ("no.png", "no such file in the newsletter's folder"),
        ("../up.png", "outside the newsletter's folder"),
        ("media/0.png", "There is no picture 'media/0.png'"),
    ):
        newsletter("edit", "image", lead(), missing)
        said = build(newsletter)
        assert said.status == 1
        assert says in said.err
        assert "edits.toml, line 1" in said.err
        assert "media/" not in forms()[1]


def test_edits_survive_two_rebuilds_with_the_same_bytes(newsletter: Digest) -> None:
    EDITS.write_text(
        '# by hand\nsubject = "S"\n\n[stories."gone"]\npin = "lead"\n\n[[add]]\ntitle = "Mine"\n'
        'blurb = "Words."\ntier = "lead"\n\n[[notice]]\ntitle = "Paint"\nafter = "Nowhere"\n'
    )  # fmt: skip
    by_hand = EDITS.read_bytes()
    said = build(newsletter)
    assert said.status == 0, said.err
    assert "“gone” is no longer among the entries; its edit waits" in said.out
    assert "there is no section “Nowhere”" in said.out
    files = {p: p.read_bytes() for p in FOLDER.rglob("*") if p.is_file()}
    for _ in range(2):
        build(newsletter)
        assert {p: p.read_bytes() for p in FOLDER.rglob("*") if p.is_file()} == files
    assert EDITS.read_bytes() == by_hand
    newsletter("edit", "preheader", "P")
    assert set(by_hand.splitlines()) < set(EDITS.read_bytes().splitlines())


def test_approval_needs_a_build_without_errors_and_ends_with_the_next_edit(
    newsletter: Digest,
) -> None:
    said = newsletter("edit", "approve")
    assert said.status == 0
    assert f"Next: digest send {SLUG} --list recipients.csv" in said.out
    build(newsletter)
    assert Archive(Path("issues")).load(SLUG).status == "approved"
    said = newsletter("edit", "subject", "Hello {{first_name}}")
    assert "approved before" in said.out
    said = newsletter("edit", "approve")
    assert said.status == 1
    assert "edited after it was built" in said.err
    build(newsletter)
    assert Archive(Path("issues")).load(SLUG).status == "draft"
    said = newsletter("edit", "approve")
    assert said.status == 1
    assert "is not approved: " in said.err
    assert "{{first_name}}" in said.err
    assert "approved" not in EDITS.read_text("utf-8")


def test_a_dry_run_shows_the_lines_and_writes_nothing(newsletter: Digest) -> None:
    said = newsletter("edit", SLUG, "headline", lead(), "Mine", "--dry-run")
    assert said.status == 0
    assert '+headline = "Mine"' in said.out
    assert not EDITS.exists()


def test_show_shows(newsletter: Digest) -> None:
    assert "Nothing is decided" in newsletter("edit", SLUG, "show").out
    newsletter("edit", "subject", "S")
    assert 'subject = "S"' in newsletter("edit", "show").out
    assert json.loads(newsletter("edit", "show", "--json").out)["subject"] == "S"


def test_help_is_given_wherever_it_is_asked_for(newsletter: Digest) -> None:
    for words in (("edit", "--help"), ("edit", SLUG, "--help")):
        assert "approve" in newsletter(*words).out
    assert "--teaser" in newsletter("edit", "pin", "--help").out


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("pin", "no such story"), 2, f"No entry of {SLUG} has the id or the words"),
        (("pin", " "), 2, "No entry"),
        (("pin", "in the"), 2, "names 2 of 2026-W47: "),
        (("undo", "choir"), 2, "No decision of"),
        (("undo", "subject"), 2, "Nothing was decided of subject"),
        (("order", "choir", "0"), 2, "0"),
        (("headline", "choir", " "), 2, "headline is empty"),
        (("image", "choir", "javascript:alert(1)"), 2, "is no picture"),
        (("add", "--title", "Alone"), 2, "a title alone"),
        (("add", "--title", "x", "--url", "ftp://a.example.org"), 2, "no http(s) address"),
        (("notice", "--title", "x", "--after", ""), 2, "after is empty"),
        (("subject", "half \udcff"), 2, "half a character"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    newsletter: Digest, words: tuple[str, ...], status: int, says: str
) -> None:
    said = newsletter("edit", SLUG, *words)
    assert said.status == status
    assert says in said.err
    assert not EDITS.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[stories.a]\npinn = true\n", "line 2: stories has no key 'pinn'"),
        ("[stories.a]\norder = 1.5\n", "line 2: stories.a.order"),
        ("subject = Hello\n", "line 1, column 11: this is not TOML"),
        ('[stories.a]\npin = "lead"\ndrop = true\n', "both pinned and dropped"),
    ],
)
def test_a_file_that_is_not_sound_stops_the_build_and_every_verb(
    newsletter: Digest, text: str, says: str
) -> None:
    before = (FOLDER / "issue.json").read_bytes()
    EDITS.write_text(text)
    for said in (build(newsletter), newsletter("edit", "subject", "x"), newsletter("edit", "show")):
        assert said.status == 1
        assert f"issues/{SLUG}/edits.toml, line" in said.err
        assert says in said.err
    assert (FOLDER / "issue.json").read_bytes() == before
    assert EDITS.read_text() == text


def test_an_issue_that_was_sent_and_one_that_is_not_there_are_refused(newsletter: Digest) -> None:
    assert "There is no issue" in newsletter("edit", "2026-W01", "subject", "x").err
    file = FOLDER / "issue.json"
    file.write_text(file.read_text("utf-8").replace('"status": "draft"', '"status": "sent"'))
    said = newsletter("edit", SLUG, "subject", "x")
    assert said.status == 1
    assert "was sent" in said.err
    assert not EDITS.exists()


def test_the_sample_is_built_again_as_the_sample(digest: Digest) -> None:
    digest("build", "--sample")
    said = digest("edit", SLUG, "pin", "Foghorn was silent")
    assert f"build --again --issue {SLUG}\n" in said.out
    digest("build", "--issue", SLUG, "--sample")
    assert everywhere("Foghorn was silent for 41 minutes")
