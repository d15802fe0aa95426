"""A blurb that was changed in the issue after its renderings were made is told."""

from __future__ import annotations

from dataclasses import replace

from digest.models import Blurb, Section
from tests.check.good_issue import BRACES, HTML, ISSUE, MARKET, PIER, TEXT, Made, made


def retold(words: str) -> Made:
    """The good issue with a second lead, whose blurb was given other words since."""
    blurb = Blurb(text=words, origin="editor")
    lead = replace(MARKET, tier="lead", blurb=blurb)
    rest = (Section(name="Ashore", stories=(BRACES,)),)
    return made(issue=replace(ISSUE, leads=(PIER, lead), sections=rest))


def test_a_blurb_that_no_rendering_tells_is_an_error() -> None:
    (found,) = retold("Made up since.").findings()
    assert (found.check, found.level) == ("parity", "error")
    assert found.where == f"issue.json, lead 2: “{MARKET.headline}”"
    assert found.what == "The blurb “Made up since.” stands in none of the renderings."


def test_a_theme_may_shorten_blurbs() -> None:
    assert not retold("Longer than all that are told: a theme may well have cut it off.").findings()


def test_a_theme_may_tell_none() -> None:
    html = HTML.replace(PIER.blurb.text, "").replace(MARKET.blurb.text, "")
    text = TEXT.replace("\nThe pier opens on Saturday. Nobody has counted\nthem yet.", "")
    text = text.replace(f"\n{MARKET.blurb.text} †", "")
    assert not made(html=html, text=text, web=html).findings()
