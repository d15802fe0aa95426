"""An editor is told why a blurb is made of what it is made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.models import Blurb, Entry
from digest.summarize import blurb, why
from tests.summarize.test_descriptions import BODY, ENTRY, TOLD

TEASER = "Find out why the harbor of Alder gets a second quay in spring after nine years of talks."


def reason(entry: Entry, *, chars: int = 220, method: str = "digest") -> str:
    made = blurb(entry, max_chars=chars, method=method)
    return why(entry, made, max_chars=chars, method=method, language="en")


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        (TOLD, "The description is complete, and its words are the article's."),
        ("", "Its source brought no description."),
        (TEASER, "was passed over: it teases instead of telling."),
        ("A second quay for the harbor.", "was passed over: it says too little."),
        ("The harbor of Alder gets a second quay after nine years of…", "it breaks off."),
        (f"{TOLD} Photo by Tom Lund", "not all of it is a report."),
        (
            "A newspaper for readers who love ships, islands, weather and slow afternoons.",
            "it says what the article does not.",
        ),
    ],
)
def test_why_the_description_stands_or_was_passed_over(summary: str, said: str) -> None:
    assert reason(replace(ENTRY, summary=summary)).endswith(said)


def test_what_the_source_left_no_choice_about() -> None:
    bare = replace(ENTRY, summary="", text="")
    assert reason(bare) == "Its source brought nothing but the headline."
    assert reason(replace(bare, summary=TOLD)) == "Its source brought no article."
    cut = replace(bare, summary="The harbor of Alder gets a second quay after nine years of…")
    assert reason(cut) == "The source breaks off there."
    assert "fits in 40 characters" in reason(replace(bare, summary=TOLD), chars=40)


def test_settings_are_named_and_an_editor_needs_no_reason() -> None:
    assert "DIGEST_SUMMARIZER=lead" in reason(ENTRY, method="lead")
    longer = reason(ENTRY, chars=len(TOLD) - 1)
    assert longer.endswith(f"it is longer than {len(TOLD) - 1} characters.")
    ours = Blurb(text=BODY, origin="editor")
    assert not why(ENTRY, ours, max_chars=220, method="digest", language="en")
