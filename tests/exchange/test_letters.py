"""Newsletters in many shapes: what is read of each stands beside it, as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digest.collect import front_matter, parse_date
from digest.exchange import Letter, bare_keys, markdown_html, read_letter

FIXTURES = Path(__file__).parent / "fixtures"
LETTERS = sorted(path for path in FIXTURES.iterdir() if path.suffix != ".json")


def letter_of(text: str, *, html: bool = False, name: str = "") -> Letter:
    keys, below = front_matter(text)
    if not keys and not html:
        keys, below = bare_keys(text)
    return read_letter(
        below if html else markdown_html(below),
        keys=keys,
        zone="Europe/Berlin",
        dated=parse_date,
        name=name,
    )


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.name)
def test_a_letter_is_read_as_it_was_sent(path: Path) -> None:
    letter = letter_of(path.read_text("utf-8"), html=path.suffix == ".html")
    wanted = json.loads(path.with_suffix(".json").read_text("utf-8"))
    found = {
        "title": letter.title,
        "preheader": letter.preheader,
        "intro": letter.intro,
        "outro": letter.outro,
        "stories": [[s.tier, s.section, s.headline, s.url, s.blurb] for s in letter.stories],
    }
    assert found == wanted
