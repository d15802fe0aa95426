"""The newsletter's campaign in the links of the email, and nowhere else."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.check import check
from digest.models import Issue, Renderings
from digest.render import Theme, render
from tests.render.sample_issue import sample_issue, sample_media

CAMPAIGN = "utm_source={newsletter}&utm_medium=email&utm_campaign={slug}"


def with_campaign(campaign: str) -> Issue:
    issue = sample_issue()
    return replace(issue, newsletter=replace(issue.newsletter, campaign=campaign))


def hrefs(html: str) -> set[str]:
    return {unescape(href) for href in re.findall(r'\bhref="([^"]*)"', html)}


@pytest.fixture(scope="module")
def tracked(theme: Theme) -> Renderings:
    return render(with_campaign(CAMPAIGN), theme, media=sample_media())


def test_only_links_of_stories_and_credits_carry_it(made: Renderings, tracked: Renderings) -> None:
    issue = sample_issue()
    own = {story.entry.url for story in issue.stories}
    own |= {credit.url for story in issue.stories for credit in story.also}
    before, after = hrefs(made.email_html), hrefs(tracked.email_html)
    assert len(before - after) == len(after - before) > 5
    assert all("utm_campaign" in href for href in after - before)
    assert before - after <= own
    assert not {href for href in before & after if href in own and "utm_" not in href}
    assert issue.newsletter.unsubscribe_url in after


def test_text_and_web_page_are_as_without(made: Renderings, tracked: Renderings) -> None:
    assert tracked.email_txt == made.email_txt
    assert tracked.web_html == made.web_html
    assert "utm_campaign" not in made.email_html


def test_what_differs_in_the_html_is_the_links(made: Renderings, tracked: Renderings) -> None:
    def bare(html: str) -> str:
        return re.sub(r'\bhref="[^"]*"', "", html)

    assert bare(tracked.email_html) == bare(made.email_html)


@settings(max_examples=12, deadline=None)
@given(
    pairs=st.lists(
        st.tuples(
            st.from_regex(r"[a-z][a-z0-9_.~-]{0,9}", fullmatch=True),
            st.one_of(
                st.sampled_from(["{newsletter}", "{slug}", "{slug}-{newsletter}", "a/b", "%2F"]),
                st.from_regex(r"[A-Za-z0-9é_.~!$'()*+,:;@/?-]{1,9}", fullmatch=True),
            ),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda pair: pair[0],
    )
)
def test_no_campaign_makes_a_check_find_fault(
    theme: Theme, made: Renderings, pairs: list[tuple[str, str]]
) -> None:
    """Names that statistics know, and any others: the story's link is found again."""
    media = sample_media()
    plain = set(check(sample_issue(), made, media=media))
    issue = with_campaign("&".join(f"{name}={value}" for name, value in pairs))
    found = check(issue, render(issue, theme, media=media), media=media)
    told = [f for f in found if f not in plain and f.check in {"parity", "links", "message"}]
    places = {f.where for f in plain}
    assert [f for f in told if not f.what.startswith("An insecure link")] == []
    assert {f.where for f in told} <= places
