"""An email that would be clipped gives way in the stated order, and no further than it must."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.fit import emailed, first_sentence, told_fit
from digest.models import Blurb, Entry, Fit, Issue, Section, Story
from digest.render import Theme, fitted, render
from digest.text.verbatim import verbatim

TEXT = " ".join(
    f"Sentence {n} of this report says a little of what was seen on the quay that week."
    for n in range(4)
)
SPANS = ((0, TEXT.index(" Sentence 1")), (TEXT.index("Sentence 1"), TEXT.index(" Sentence 2")))
WHOLE = Blurb(text=TEXT[: SPANS[1][1]], origin="text", spans=SPANS)


def teaser(number: int) -> Story:
    entry = Entry(
        id=f"s{number}", title=f"The report of berth {number}", text=TEXT,
        url=f"https://quay.example.org/{number}",
    )  # fmt: skip
    return Story(entry=entry, tier="teaser", headline=entry.title, blurb=WHOLE)


def of(issue: Issue, teasers: int) -> Issue:
    stories = tuple(map(teaser, range(teasers)))
    half = teasers // 2
    sections = (
        Section(name="A", stories=stories[:half]),
        Section(name="B", stories=stories[half:]),
    )
    return replace(issue, sections=sections)


def size(issue: Issue, theme: Theme) -> int:
    return len(render(issue, theme).email_html.encode())


def test_an_issue_that_fits_is_left_alone(issue: Issue, theme: Theme) -> None:
    assert fitted(of(issue, 20), theme).fit == Fit()
    assert emailed(issue) is issue


@pytest.mark.parametrize("teasers", [90, 120, 300])
def test_it_gives_way_in_order_and_no_further(issue: Issue, theme: Theme, teasers: int) -> None:
    made = fitted(of(issue, teasers), theme)
    fit = made.fit
    assert size(made, theme) <= 100_000
    assert fit.short == teasers or not fit.headlines
    assert fit.headlines == teasers or not fit.on_web
    name = "on_web" if fit.on_web else "headlines" if fit.headlines else "short"
    one_less = replace(fit, **{name: getattr(fit, name) - 1})
    assert size(replace(made, fit=one_less), theme) > 100_000


def test_the_email_points_at_what_the_web_page_holds(issue: Issue, theme: Theme) -> None:
    made = fitted(of(issue, 300), theme)
    renderings = render(made, theme)
    left = made.fit.on_web
    assert left > 0
    assert f"{left} more stories on the web" in renderings.email_html.replace("\xa0", " ")
    assert f"{left} more stories on the web [" in renderings.email_txt
    assert renderings.web_html.count("The report of berth") == 300
    for rendering in (renderings.email_html, renderings.email_txt):
        assert rendering.count("The report of berth") == 300 - left
        assert "The report of berth 299" not in rendering


def test_without_a_web_page_no_story_is_left_out(issue: Issue, theme: Theme) -> None:
    homeless = replace(issue, newsletter=replace(issue.newsletter, web_url=""))
    made = fitted(of(homeless, 300), theme)
    assert made.fit == Fit(short=300, headlines=300)
    assert len(emailed(made).stories) == len(made.stories)


def test_no_story_is_left_out_for_nothing(issue: Issue, theme: Theme) -> None:
    huge = replace(issue.leads[0], blurb=Blurb(text="word " * 30_000, origin="editor"))
    made = fitted(replace(of(issue, 5), leads=(huge,)), theme)
    assert made.fit == Fit(short=5, headlines=5)


def test_what_is_left_is_the_sources_own_words() -> None:
    entry = Entry(id="a", title="A", text=TEXT, summary="In short. At length.")
    topped = Blurb(
        text=f"In short. {TEXT[: SPANS[0][1]]}", origin="summary", spans=((0, 9),), topped=SPANS[:1]
    )
    for blurb in (WHOLE, topped):
        short = first_sentence(blurb, entry)
        assert verbatim(short, entry)
        assert blurb.text.startswith(short.text)
        assert len(short.text) < len(blurb.text)
    by_hand = Blurb(text="One. Two.", origin="editor")
    assert first_sentence(by_hand, entry) is by_hand


def test_what_gave_way_is_told() -> None:
    assert told_fit(Fit()) == ""
    assert told_fit(Fit(short=3)) == "3 tell one sentence"
    assert told_fit(Fit(short=9, headlines=9, on_web=1)) == (
        "8 are headlines alone, 1 stands on the web page only"
    )
