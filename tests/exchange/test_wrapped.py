"""Links that count clicks: unwrapped where they say what they are, and never else."""

from __future__ import annotations

import pytest

from digest.collect import parse_date
from digest.exchange import read_letter
from digest.exchange.wrapped import unwrapped

STORY = "https://news.example.org/story"
ENCODED = "https%3A%2F%2Fnews.example.org%2Fstory"


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        (f"https://mail.example.org/track/click?u=7&url={ENCODED}", STORY),
        (f"https://click.mail.example.org/?qs={ENCODED}&id=3", STORY),
        (f"https://mail.example.org/Redirect.aspx?to={STORY}", STORY),
        (f"https://mail.example.org/redir?to={STORY}?a=1", f"{STORY}?a=1"),
        (f"https://mail.example.org/c/click?x={ENCODED}%3Fa%3D1%26b%3D2&u=1", f"{STORY}?a=1&b=2"),
        (
            (
                "https://a.example.org/click?u=https%3A%2F%2Fb.example.org%2Ftrack%3Fl%3D"
                "https%253A%252F%252Fnews.example.org%252Fstory"
            ),
            STORY,
        ),
    ],
)
def test_a_link_that_counts_clicks_leads_on(link: str, leads_to: str) -> None:
    assert unwrapped(link) == leads_to


@pytest.mark.parametrize(
    "link",
    [
        f"https://news.example.org/read?url={ENCODED}",  # nothing says that it leads on
        f"https://music.example.org/tracks?from={ENCODED}",
        f"https://mail.example.org/click?a={ENCODED}&b={ENCODED}",  # which of them?
        f"https://mail.example.org/click?to={STORY}?a=1&u=7",  # whose is `u`?
        "https://mail.example.org/click?to=news.example.org/story",
        "https://mail.example.org/click?to=javascript:alert(1)",
        "https://mail.example.org/click?to=https%3A%2F%2F",
        "https://mail.example.org/click/4f2a",
        "https://[mail/click?to=" + ENCODED,
        STORY,
    ],
)
def test_any_other_link_stays(link: str) -> None:
    assert unwrapped(link) == link


def test_a_story_has_the_address_behind_the_count() -> None:
    link = f"https://mail.example.org/track/click?u=7&amp;url={ENCODED}%3Futm_source%3Dmail"
    away = "https://mail.example.org/track/click?url=https%3A%2F%2Fa.example.org%2Funsubscribe"
    letter = read_letter(
        f'<h2><a href="{link}">The ferry runs again</a></h2><p>It left at seven with no wind.</p>'
        f'<p><a href="{away}">No more of these letters</a></p>',
        keys={},
        zone="Europe/Berlin",
        dated=parse_date,
    )
    assert [story.url for story in letter.stories] == [STORY]
