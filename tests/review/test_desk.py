"""The editor's desk: what its forms decide, what it refuses, and how two editors meet."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as markup

from digest.archive import Archive, read_edits
from digest.edits import Edits, StoryEdit
from digest.pipeline import Live
from digest.site import CANDIDATES_PER_PAGE, FORMS_AT_ONCE, anchor
from tests.archive.newsroom import made, save, story
from tests.newsletter import copied, settings_of
from tests.review.house import SLUG, Person, failing, hashed, value, words

FERRY, LIBRARY, CJK = "ferry-47", "library-47", "cjk-47"
LEAD = f"#{anchor(FERRY)}"
TEASER = f"#{anchor(LIBRARY)}"


@pytest.fixture
def person(archive: Archive) -> Person:
    return Person(archive.folder.parent)


def decided(person: Person, key: str = FERRY) -> StoryEdit | None:
    found = read_edits(person.archive.folder, SLUG).stories.get(key)
    return replace(found, line=0) if found else None


# --- What a form decides


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"headline": "Ferries go electric"}, StoryEdit(headline="Ferries go electric")),
        ({"blurb": "Two lines\nof mine."}, StoryEdit(blurb="Two lines\nof mine.")),
        ({"blurb": ""}, StoryEdit(blurb="")),
        ({"section": "Harbor", "order": "2"}, StoryEdit(section="Harbor", order=2)),
        ({"image": "https://example.org/a.png", "alt": "A"},
         StoryEdit(image="https://example.org/a.png", alt="A")),
        ({"no_image": "on"}, StoryEdit(image="none")),
        ({"note": 'He said "no" \\ yes'}, StoryEdit(note='He said "no" \\ yes')),
        ({"headline": "<script>alert(1)</script>"},
         StoryEdit(headline="<script>alert(1)</script>")),
    ],
)  # fmt: skip
def test_a_story_s_form(person: Person, typed: dict[str, str], expected: StoryEdit) -> None:
    person.press("Keep", at=LEAD, **typed)
    assert decided(person) == expected
    assert person.went_to.endswith(LEAD)
    assert "“The ferry to Skerry Island" in person.said()
    assert "<script>alert" not in person.answer.text
    # What was kept stands in the form again, and to keep that once more decides nothing.
    before = person.edits
    person.press("Keep", at=LEAD)
    assert person.edits == before
    assert person.said().startswith("Nothing was changed.")


@pytest.mark.parametrize(
    ("button", "at", "key", "expected"),
    [
        ("Make it a teaser", LEAD, FERRY, StoryEdit(pin="teaser")),
        ("Drop", LEAD, FERRY, StoryEdit(drop=True)),
        ("Make it a lead", TEASER, LIBRARY, StoryEdit(pin="lead")),
        ("Move down", TEASER, LIBRARY, StoryEdit(order=2)),
        ("As a teaser", f"#{anchor(CJK)}", CJK, StoryEdit(pin="teaser")),
        ("As a lead", f"#{anchor(CJK)}", CJK, StoryEdit(pin="lead")),
    ],
)
def test_one_click(person: Person, button: str, at: str, key: str, expected: StoryEdit) -> None:
    person.press(button, at=at)
    assert decided(person, key) == expected


def test_the_desk_is_a_page_of_the_issues(person: Person) -> None:
    page = person.look("edit").text
    assert '<a href="../../" aria-current="true">Issues</a>' in page


def test_what_was_not_touched_is_not_the_editor_s(person: Person) -> None:
    person.press("Keep", at=LEAD)
    assert person.edits == ""
    person.press("Keep", at=LEAD, note="Mine", headline="The ferry  to Skerry Island\twill run "
                 "on batteries from May")  # fmt: skip
    assert decided(person) == StoryEdit(note="Mine"), "white space is no decision"


def test_each_decision_is_marked_and_taken_back(person: Person) -> None:
    person.press("Keep", at=LEAD, headline="Mine", note="A note", order="1")
    assert words(person.answer, f"{LEAD} .facts .own") == ["your place", "your headline",
                                                           "your note"]  # fmt: skip
    (told,) = words(person.answer, f"{LEAD} .machine span")
    assert told == f"The source’s: {made().issue.leads[0].headline}"
    person.press("Take back", at=f"{LEAD} .field:has(#{anchor(FERRY)}-headline)")
    assert decided(person) == StoryEdit(note="A note", order=1)
    person.press("Take back all of it", at=LEAD)
    assert decided(person) is None


def test_up_and_down_change_places_with_one_that_was_given_its_own(person: Person) -> None:
    third = f"#{anchor('tides-47')}"
    person.press("Keep", at=TEASER, order="1")
    person.press("Move up", at=third)
    assert decided(person, "tides-47") == StoryEdit(order=1)
    assert decided(person, LIBRARY) is None, "it stands where it would"


def test_dropped_and_added_are_within_reach(person: Person) -> None:
    person.press("Add it", at="form.fields:has(#a-title)", title="Bake sale", text="It is on.",
                 section="Town", lead="on")  # fmt: skip
    (added,) = read_edits(person.archive.folder, SLUG).add
    assert (added.title, added.tier, added.section) == ("Bake sale", "lead", "Town")
    assert words(person.answer, "section:has(#decided) li .what") == ["Bake sale added"]
    person.press("Take back", at="section:has(#decided)")
    assert read_edits(person.archive.folder, SLUG).add == ()


def test_a_notice_comes_and_goes(person: Person) -> None:
    for title in ("Paint", "Rope"):
        person.press("Add it", at="form.fields:has(#n-title)", title=title, after="end",
                     url="https://paint.example.org/")  # fmt: skip
    assert words(person.answer, "section:has(#notices) li .what") == [
        "Paint after the last section",
        "Rope after the last section",
    ]
    person.press("Take it out", at="section:has(#notices) li:first-child")
    assert [n.title for n in read_edits(person.archive.folder, SLUG).notice] == ["Rope"]


def test_the_words_around_the_stories(person: Person) -> None:
    whole = "form:has(#w-subject)"
    person.press("Keep", at=whole, subject="Mine", intro="One.\n\nTwo.")
    assert read_edits(person.archive.folder, SLUG) == Edits(subject="Mine", intro="One.\n\nTwo.")
    assert value(person.answer, "#w-intro") == "One.\n\nTwo."
    (told, _) = words(person.answer, f"{whole} .machine")
    assert told.startswith(f"Without yours: {made().issue.leads[0].headline}")
    person.press("Take back", at=".field:has(#w-subject)")
    person.press("Keep", at=whole, intro="", subject="Another")
    assert read_edits(person.archive.folder, SLUG) == Edits(subject="Another", intro="")


def test_comments_and_other_lines_stay(person: Person) -> None:
    file = person.archive.folder / SLUG / "edits.toml"
    file.write_text('# by hand\n[stories."tides-47"]  # tides\ndrop = true\n')
    person.look()
    person.press("Keep", at=LEAD, note="Mine")
    assert person.edits.startswith('# by hand\n[stories."tides-47"]  # tides\ndrop = true\n')


def test_nothing_but_edits_toml_is_written(person: Person) -> None:
    before = hashed(person.archive.folder)
    person.press("Keep", at=LEAD, headline="Mine")
    after = hashed(person.archive.folder)
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {f"{SLUG}/edits.toml"}


# --- The candidates


def test_candidates_are_found_by_their_words_page_by_page(archive: Archive) -> None:
    build = made()
    last = build.candidates[-1]
    more = tuple(
        replace(
            last,
            entry=replace(last.entry, id=f"more-{n}", title=f"More of {n}", text=f"word{n}"),
            verdict=replace(last.verdict, score=n / 100, because=f"Reason {n}."),
        )
        for n in range(50)
    )
    save(archive, replace(build, candidates=build.candidates + more))
    person = Person(archive.folder.parent)
    rows = words(person.answer, "#others li .what")
    assert len(rows) == CANDIDATES_PER_PAGE
    assert re.match(r"More of 49 港だより · .* · 0\.49 Reason 49\.", rows[0])
    assert words(person.look("edit?page=3"), "#others li")[-1].startswith("More of 0")
    assert len(words(person.look("edit?find=MORE+word33"), "#others li")) == 1
    person.press("As a lead", at="#others li")
    assert decided(person, "more-33") == StoryEdit(pin="lead")
    assert "find=MORE+word33" in person.went_to, "the search is kept"
    assert words(person.look("edit?find=nothing-of-that"), "#others > p") == [
        "No candidate that was not chosen has these words."
    ]


def test_a_large_issue_is_a_small_page(archive: Archive) -> None:
    build = made()
    base = build.candidates[1]
    words_of = "Council voted on the pier again, late at night. " * 8
    entries = [
        replace(base.entry, id=f"{n:010x}", title=f"Story {n}: {words_of[:60]}", text=words_of)
        for n in range(50)
    ]
    stories = tuple(
        replace(story(e, lead=False), blurb=replace(build.issue.leads[0].blurb, text=words_of[:220],
                spans=((0, 220),))) for e in entries
    )  # fmt: skip
    section = replace(build.issue.sections[0], stories=stories)
    rows = tuple(replace(base, entry=e) for e in entries)
    others = tuple(
        replace(base, entry=replace(e, id=f"x{e.id}"), verdict=build.candidates[-1].verdict)
        for e in entries
    )
    issue = replace(build.issue, sections=(section,))
    save(archive, replace(build, issue=issue, candidates=(*build.candidates, *rows, *others)))
    person = Person(archive.folder.parent)
    assert len(issue.stories) > FORMS_AT_ONCE
    assert len(person.answer.data) < 100_000
    assert words(person.answer, "article .words, article .moves[open]") == []
    person.look("edit?story=000000002a")
    assert len(person.answer.data) < 100_000
    at = f"#{anchor('000000002a')}"
    person.press("Keep", at=at, headline="Mine")
    assert decided(person, "000000002a") == StoryEdit(headline="Mine")


# --- What is refused


@pytest.mark.parametrize(
    ("at", "typed", "what"),
    [
        (LEAD, {"image": "javascript:alert(1)"}, "'javascript:alert(1)' is no picture."),
        (LEAD, {"order": "first"}, "'first' is no place: it counts from 1."),
        (LEAD, {"order": "0"}, "Order counts from 1."),
        ("form:has(#a-title)", {"title": "Only a title"}, "The story has a title alone."),
        ("form:has(#n-title)", {"title": "x", "url": "ftp://x"}, "'ftp://x' is no http(s) address"),
    ],
)
def test_what_makes_no_decision_is_said_with_the_input_kept(
    person: Person, at: str, typed: dict[str, str], what: str
) -> None:
    person.press("Keep" if at == LEAD else "Add it", at=at, **typed)
    assert person.answer.status_code == 422
    assert person.said() == "This was not kept; the form says why."
    assert words(person.answer, "details[open] [role=alert]")[0].startswith(what)
    for name, text in typed.items():
        assert value(person.answer, f"details[open] [name={name}]") == text
    assert person.edits == ""
    # Mended in the form that was shown again, it is kept.
    mended = {"image": "none", "order": "2", "title": "x", "text": "t", "url": "https://x.example"}
    shown = set(markup.fromstring(person.answer.text).cssselect("details[open] [name]"))
    names = {str(e.get("name")) for e in shown} & set(mended)
    person.press(
        "Keep" if at == LEAD else "Add it", at=at, **{name: mended[name] for name in names}
    )
    assert person.answer.status_code == 200
    assert person.edits


@pytest.mark.parametrize(
    ("form", "do"),
    [("", ""), ("story", "explode"), ("quick", "undo ferry"), ("quick", "undo notice 0"),
     ("quick", "keep ferry-47"), ("quick", "up nothing"), ("story", "undo pin"),
     ("whole", "undo everything"), ("last", "back"), ("quick", "")],
)  # fmt: skip
def test_a_form_that_was_made_up_does_nothing(person: Person, form: str, do: str) -> None:
    page = person.answer.text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    data = {"token": token, "seen": seen, "form": form, "do": do, "id": FERRY}
    answer = person.client.post(f"/issues/{SLUG}/edit", data=data)
    assert answer.status_code == 422
    assert person.edits == ""


def test_a_sent_issue_is_only_shown(archive: Archive) -> None:
    person = Person(archive.folder.parent)
    token = person.answer.text.partition('name="token" value="')[2].partition('"')[0]
    person.slug = "2026-W45"
    before = hashed(archive.folder)
    page = person.look()
    assert "2026-W45 was sent; what readers got is not edited." in page.text
    assert "<button" not in page.text
    assert ">Edit<" not in person.look("").text
    for path in ("edit", "approve"):
        data = {"token": token, "form": "whole", "do": "keep", "was": "", "subject": "Mine"}
        answer = person.client.post(f"/issues/2026-W45/{path}", data=data)
        assert answer.status_code == 422
        assert "was sent" in answer.text
    assert {k: v for k, v in hashed(archive.folder).items() if k != ".lock"} == {
        k: v for k, v in before.items() if k != ".lock"
    }


def test_errors_keep_an_issue_from_being_approved(person: Person) -> None:
    person.press("Approve")
    assert person.answer.status_code == 422
    assert re.search(r"has \d+ errors and is not approved", person.said())
    assert person.edits == ""


def test_a_torn_edits_toml_is_named(person: Person) -> None:
    (person.archive.folder / SLUG / "edits.toml").write_text("subject = 7\n")
    page = person.look()
    assert page.status_code == 500
    assert "edits.toml, line 1: subject" in page.text


# --- Undo


def test_changes_are_undone_one_after_the_other(person: Person) -> None:
    person.press("Keep", at=LEAD, headline="One")
    one = person.edits
    person.press("Drop", at=TEASER)
    person.press("Undo the last change")
    assert person.edits == one
    assert person.said().startswith("Undone: “A library of seeds")
    person.press("Undo the last change")
    assert person.edits == ""
    assert "Undo the last change" not in person.answer.text


def test_undo_is_offered_only_for_what_the_last_change_left(person: Person) -> None:
    person.press("Keep", at=LEAD, headline="One")
    (person.archive.folder / SLUG / "edits.toml").write_text('subject = "By hand"\n')
    assert "Undo the last change" not in person.look().text


def test_undo_puts_no_approval_back(person: Person) -> None:
    file = person.archive.folder / SLUG / "edits.toml"
    file.write_text('status = "approved"\nsubject = "Fine"\n')
    person.look()
    person.press("Keep", at=LEAD, headline="One")
    assert "It was approved before, so look at it again" in person.said()
    person.press("Undo the last change")
    assert read_edits(person.archive.folder, SLUG) == Edits(subject="Fine")


# --- Two editors


def test_two_editors_do_not_overwrite_each_other(person: Person) -> None:
    mine = person.look()
    (person.archive.folder / SLUG / "edits.toml").write_text('subject = "By hand"\n')
    person.answer = mine
    page = person.press("Keep", at=LEAD, headline="Mine", note="<b>")
    assert page.status_code == 409
    assert words(page, "ins") == ['+subject = "By hand"']
    assert words(page, "dl.headers div") == ["headlineMine", "note<b>"]
    assert person.edits == 'subject = "By hand"\n'
    person.press("Apply mine on top of it")
    assert read_edits(person.archive.folder, SLUG).subject == "By hand"
    assert decided(person) == StoryEdit(headline="Mine", note="<b>"), "and nothing else"


def test_the_other_may_be_another_page_of_ours(person: Person) -> None:
    mine = person.look()
    person.press("Keep", at=LEAD, headline="Theirs")
    person.answer = mine
    page = person.press("Drop", at=LEAD)
    assert page.status_code == 409
    assert f"What you asked for: Drop, “{made().issue.leads[0].headline}”" in words(page, "h3")
    person.press("Apply mine on top of it")
    assert decided(person) == StoryEdit(headline="Theirs", drop=True)


def test_an_approval_is_of_what_was_seen(person: Person) -> None:
    mine = person.look()
    (person.archive.folder / SLUG / "edits.toml").write_text("# by hand\n")
    person.answer = mine
    page = person.press("Approve") if "Approve" in mine.text else mine
    assert page.status_code == 409
    assert "Apply mine" not in page.text


def test_a_notice_is_never_taken_out_by_a_number_that_moved(person: Person) -> None:
    for title in ("Paint", "Rope"):
        person.press("Add it", at="form.fields:has(#n-title)", title=title)
    mine = person.answer
    person.press("Take it out", at="section:has(#notices) li:first-child")
    person.answer = mine
    page = person.press("Take it out", at="section:has(#notices) li:first-child")
    assert page.status_code == 409
    assert "Apply mine" not in page.text
    assert [n.title for n in read_edits(person.archive.folder, SLUG).notice] == ["Rope"]


def test_what_is_not_built_yet_is_not_approved(person: Person) -> None:
    token = person.answer.text.partition('name="token" value="')[2].partition('"')[0]
    person.press("Keep", at=LEAD, headline="Mine")
    assert "Approve" not in words(person.answer, "button")
    seen = person.answer.text.partition('name="seen" value="')[2].partition('"')[0]
    data = {"token": token, "seen": seen, "form": "approve"}
    person.answer = person.client.post(f"/issues/{SLUG}/approve", data=data)
    assert person.answer.status_code == 422
    assert "was edited after it was built" in person.said()
    assert "status" not in person.edits


# --- Beside the forms


def test_the_email_beside_the_forms_shows_the_story(person: Person) -> None:
    plain = person.look("preview.html")
    assert 'id="here"' not in plain.text
    assert "sandbox" in plain.headers["Content-Security-Policy"]
    headline = made().issue.stories[1].headline
    assert f'<span id="here" style="scroll-margin-top:3rem"></span>{headline}<' in (
        person.look(f"preview.html?at={LIBRARY}").text
    )


def test_every_link_of_the_desk_leads_somewhere(person: Person) -> None:
    from urllib.parse import urljoin

    person.press("Drop", at=TEASER)
    for page in ("edit", "sends", "edit?find=harbor&page=9"):
        base = f"/issues/{SLUG}/{page}"
        for element in markup.fromstring(person.look(page).text).iter("a", "iframe", "link"):
            url = urljoin(base, element.get("href") or element.get("src") or "")
            if url.startswith("/"):
                assert person.client.get(url.partition("#")[0]).status_code == 200, url


# --- The issue is made again


def test_without_a_watcher_the_page_says_what_to_type(person: Person) -> None:
    person.press("Keep", at=LEAD, headline="Mine")
    command = f"digest build --again --issue {SLUG}"
    kept = f"It is kept in edits.toml. To see it in the email, type: {command}"
    assert person.said().endswith(kept)
    assert command in person.look().text


def test_a_failure_says_that_the_edit_is_kept(archive: Archive) -> None:
    person = Person(archive.folder.parent, remake=failing("x.j2, line 3: unexpected '}'.", "Mend."))
    person.press("Keep", at=LEAD, headline="Mine")
    assert "It is kept in edits.toml, and the email is still the one from before" in person.said()
    assert "x.j2, line 3" in person.said()
    assert value(person.answer, f"{LEAD} [name=headline]") == "Mine"
    assert "Approve" not in words(person.answer, ".acts button")
    person.press("Make it again")
    assert "x.j2, line 3" in person.said()


def test_an_issue_is_made_again_at_once_and_approved(news: Path, tmp_path: Path) -> None:
    folder = copied(news, tmp_path / "news")
    live = Live(
        folder=folder,
        archive=Archive(folder / "issues"),
        settings=lambda _: settings_of(folder),
        tell=lambda _: None,
        blurbs=folder / "blurbs.jsonl",
    )
    live.begin()
    person = Person(folder, remake=live.make_now)
    first = person.archive.load(SLUG).leads[0]
    at = f"#{anchor(first.entry.id)}"
    person.press("Keep", at=at, blurb="My words.")
    assert "My words." in person.archive.read(SLUG, "email.txt").decode()
    told = words(person.answer, f"{at} .machine span")
    assert f"Without yours: {first.blurb.text}" in told, "what the machine had"
    version = (person.archive.path(SLUG) / "issue.json").stat().st_mtime_ns
    live.look()
    live.look()
    assert (person.archive.path(SLUG) / "issue.json").stat().st_mtime_ns == version, "once"

    person.press("Undo the last change")
    assert "My words." not in person.archive.read(SLUG, "email.txt").decode()
    person.press("Approve")
    assert person.archive.row(SLUG).status == "approved"
    assert f"digest send {SLUG} --list recipients.csv" in person.said()
    person.press("Keep", at=at, note="Late.")
    assert person.archive.row(SLUG).status == "draft"
