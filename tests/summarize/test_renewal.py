"""An issue whose blurbs are known already: only what is new is made, and nothing slow is read."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import digest.summarize
from digest.models import Blurb, Entry, Image, Issue, Newsletter, Part, Section, Story, Window
from digest.settings import Settings
from digest.summarize import blurb_key, renewed, summarize

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WISHES = Settings(lead_chars=300, teaser_chars=160)


def entry(number: int) -> Entry:
    text = (
        f"The ferry number {number} left the quay of Alder on Monday with forty guests on board. "
        f"Its captain had waited {number + 3} hours for the fog to lift over the harbor. "
        "Nobody was hurt when a buoy struck the bow. The port will look at the damage on Friday."
    )
    return Entry(id=f"e{number}", title=f"Story {number}", text=text, language="en")


def issue(*stories: Story) -> Issue:
    return Issue(
        slug="2026-W47",
        newsletter=Newsletter(name="Harbor Weekly"),
        window=Window(start=datetime(2026, 11, 13, tzinfo=UTC), end=NOW),
        now=NOW,
        leads=stories[:1],
        sections=(Section(name="More", stories=stories[1:]),),
    )


STORIES = tuple(
    Story(entry=entry(n), tier="teaser" if n else "lead", headline=f"Story {n}") for n in range(5)
)
ISSUE = issue(*STORIES)
FIRST = renewed(ISSUE, WISHES, known=lambda _: None)


def test_all_are_new_to_begin_with() -> None:
    assert (len(FIRST.made), len(FIRST.kept)) == (5, 0)
    assert FIRST.issue == summarize(ISSUE, WISHES)


def test_what_is_known_is_not_made_again() -> None:
    again = renewed(ISSUE, WISHES, known=FIRST.made.get)
    assert again.made == {}
    assert again.kept == FIRST.made
    assert again.issue == FIRST.issue


@pytest.mark.parametrize(
    ("changed", "wishes", "new"),
    [
        (issue(*STORIES, replace(STORIES[1], entry=entry(7))), WISHES, 1),
        (issue(*STORIES[:4], replace(STORIES[4], headline="Fog over the harbor")), WISHES, 1),
        (issue(*reversed(STORIES)), WISHES, 2),  # another leads, and the lead is a teaser
        (ISSUE, replace(WISHES, lead_chars=280), 1),
        (ISSUE, replace(WISHES, teaser_chars=150), 4),
        (ISSUE, replace(WISHES, summarizer="lead"), 5),
        (ISSUE, replace(WISHES, name="Another name", leads=3, theme="other"), 0),
        (replace(ISSUE, newsletter=Newsletter(name="Harbor", language="fr")), WISHES, 5),
    ],
)
def test_only_what_changed_is_made(changed: Issue, wishes: Settings, new: int) -> None:
    again = renewed(changed, wishes, known=FIRST.made.get)
    assert len(again.made) == new
    assert len(again.kept) == len(changed.stories) - new
    assert again.issue == summarize(changed, wishes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "Nobody wrote this sentence."},
        {"spans": ((0, 10),)},
        {"spans": ((0, 10**9),)},
        {"origin": "editor", "spans": (), "text": "Buy now."},
        {"origin": "summary"},
        {"cut": True},
    ],
)
def test_a_known_blurb_that_is_not_the_sources_is_made_anew(wrong: Mapping[str, object]) -> None:
    damaged = {key: replace(made, **wrong) for key, made in FIRST.made.items()}  # type: ignore[arg-type]
    again = renewed(ISSUE, WISHES, known=damaged.get)
    assert len(again.made) == 5
    assert again.issue == FIRST.issue


def test_a_known_blurb_that_is_too_long_is_made_anew() -> None:
    key, made = list(FIRST.made.items())[1]
    whole = STORIES[1].entry.text
    known = {key: Blurb(text=whole, origin="text", spans=((0, len(whole)),))}
    assert len(whole) > WISHES.teaser_chars
    assert renewed(ISSUE, WISHES, known=known.get).made[key] == made


def test_an_editors_blurb_is_neither_made_nor_kept() -> None:
    own = replace(STORIES[1], blurb=Blurb(text="Read this one.", origin="editor"))
    again = renewed(issue(STORIES[0], own), WISHES, known=FIRST.made.get)
    assert (len(again.made), len(again.kept)) == (0, 1)
    assert again.issue.stories[1] == own


ENTRY = replace(
    entry(1),
    summary="A ferry left.",
    byline="Ana Reyes",
    dateline="ALDER",
    parts=(Part(kind="caption", text="The quay"),),
    image=Image(url="https://example.org/a.jpg", alt="A ferry", caption="At the quay"),
)
PICTURE = Image(url="https://example.org/b.jpg", alt="A ferry", caption="At the quay")


def key_of(one: Entry) -> str:
    return blurb_key(one, max_chars=200, method="digest", language="en")


@pytest.mark.parametrize(
    "changed",
    [
        replace(ENTRY, title="Another"),
        replace(ENTRY, text=ENTRY.text + " It rained."),
        replace(ENTRY, summary=""),
        replace(ENTRY, language="fr"),
        replace(ENTRY, byline="Tom Lund"),
        replace(ENTRY, dateline=""),
        replace(ENTRY, parts=()),
        replace(ENTRY, image=None),
        replace(ENTRY, image=replace(PICTURE, alt="A boat")),
        replace(ENTRY, image=replace(PICTURE, caption="")),
        # What stands in one field is not what stands in the next.
        replace(ENTRY, text="", summary=ENTRY.text + ENTRY.summary),
        replace(ENTRY, byline="", dateline="Ana ReyesALDER"),
    ],
)
def test_the_key_tells_apart_what_a_blurb_depends_on(changed: Entry) -> None:
    assert key_of(changed) != key_of(ENTRY)


def test_the_key_tells_budget_method_and_language_apart() -> None:
    keys = {
        blurb_key(ENTRY, max_chars=room, method=method, language=language)
        for room in (200, 201)
        for method in ("digest", "lead")
        for language in ("en", "fr")
    }
    assert len(keys) == 8


@pytest.mark.parametrize(
    "changed",
    [
        replace(ENTRY, id="other", url="https://example.org/x", source="Courier", order=9),
        replace(ENTRY, published=NOW, tags=("a",), section="Harbor", flags=("no-url",)),
        replace(ENTRY, provenance=(("title", "h1"),), agency="AP"),
        replace(ENTRY, image=PICTURE),
    ],
)
def test_the_key_knows_nothing_else(changed: Entry) -> None:
    assert key_of(changed) == key_of(ENTRY)


def test_half_a_character_has_a_key() -> None:
    assert key_of(replace(ENTRY, text="A lone \ud83d stands here.")) != key_of(ENTRY)


def test_no_field_is_read_that_the_key_does_not_know() -> None:
    """Whoever reads another field of an entry to make a blurb adds it to `blurb_key`."""
    read: dict[str, set[str]] = {}
    for file in Path(digest.summarize.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Attribute):
                continue
            owner = ast.unparse(node.value)
            if owner.endswith(("entry", "image")):
                read.setdefault(file.name, set()).add(f"{owner}.{node.attr}")
    known = read.pop("renewal.py") - {"story.entry.title"}
    used = {name for names in read.values() for name in names}
    assert "entry.text" in used
    assert {name.removeprefix("entry.") for name in used} <= {
        name.removeprefix("entry.") for name in known
    }


def test_where_all_are_known_nothing_slow_is_imported() -> None:
    """With the blurbs of the archived sample, which are asked for in its order."""
    code = """
import sys
from pathlib import Path
from digest.archive import Archive
from digest.settings import Settings
from digest.summarize import renewed
issue = Archive(Path("issues")).load("2026-W47")
blurbs = [story.blurb for story in issue.stories if story.blurb.origin != "editor"]
known = iter(blurbs)
again = renewed(issue, Settings(lead_chars=900, teaser_chars=900), known=lambda _: next(known))
assert again.issue == issue
assert not again.made
slow = {n.split(".")[0] for n in sys.modules} & {"sumy", "numpy", "nltk", "scipy", "sentencex"}
print(len(again.kept) == len(blurbs) > 9, sorted(slow), "digest.summarize.filter" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "True [] False\n", done.stdout + done.stderr
