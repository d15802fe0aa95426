"""Campaign parameters: appended where they are missing, and nothing else is changed."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.campaign import appended, parameters

WANTED = parameters(
    "utm_source={newsletter}&utm_medium=email&utm_campaign={slug}",
    newsletter="Harbor Weekly & Söhne",
    slug="2026-W47",
)
TAIL = "utm_source=Harbor%20Weekly%20%26%20S%C3%B6hne&utm_medium=email&utm_campaign=2026-W47"


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("https://example.org/a", f"https://example.org/a?{TAIL}"),
        ("HTTP://example.org/a", f"HTTP://example.org/a?{TAIL}"),
        ("https://example.org/a?b=1", f"https://example.org/a?b=1&{TAIL}"),
        ("https://example.org/a?z=1&b=2#c", f"https://example.org/a?z=1&b=2&{TAIL}#c"),
        ("https://example.org/a?", f"https://example.org/a?{TAIL}"),
        ("https://example.org/a?b=1&", f"https://example.org/a?b=1&{TAIL}"),
        ("https://example.org/a#b?utm_source=x", f"https://example.org/a?{TAIL}#b?utm_source=x"),
        (
            "https://example.org/a?utm_medium=rss&utm_source=x",
            "https://example.org/a?utm_medium=rss&utm_source=x&utm_campaign=2026-W47",
        ),
        (
            "https://example.org/a?UTM_Source=x&amp;utm%5Fmedium=y&utm_campaign",
            "https://example.org/a?UTM_Source=x&amp;utm%5Fmedium=y&utm_campaign",
        ),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("", ""),
        ("/relative", "/relative"),
        ("https://example.org/" + "x" * 8150, "https://example.org/" + "x" * 8150),
    ],
)
def test_parameters_stand_behind_the_query_and_before_the_fragment(url: str, meant: str) -> None:
    assert appended(url, WANTED) == meant


def test_no_campaign_changes_nothing() -> None:
    assert parameters("", newsletter="N", slug="s") == ()
    assert appended("https://example.org/?b#c", ()) == "https://example.org/?b#c"


def test_what_a_person_wrote_encoded_is_not_encoded_twice() -> None:
    found = parameters("a=x%20y/{slug}&b=é", newsletter="{slug}", slug="2026-W47")
    assert found == (("a", "x%20y/2026-W47"), ("b", "%C3%A9"))
    assert parameters("a={newsletter}", newsletter="{slug}", slug="s") == (("a", "%7Bslug%7D"),)
    assert parameters("a={newsletter}", newsletter="\ud800", slug="s") == (("a", "%3F"),)


names = st.sampled_from(["utm_source", "utm_medium", "UTM_CAMPAIGN", "ref", "id", "b"])
values = st.text("abz019-_.%20+", max_size=8)
queries = st.lists(st.tuples(names, values), max_size=5).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
links = st.builds(
    lambda path, query, fragment: f"https://example.org/{path}{query}{fragment}",
    st.text("abc/-", max_size=6),
    st.one_of(st.just(""), queries.map(lambda query: f"?{query}")),
    st.one_of(st.just(""), st.text("ab?&=/", max_size=8).map(lambda text: f"#{text}")),
)
campaigns = st.lists(
    st.tuples(names, st.text(min_size=1, max_size=12)), unique_by=lambda pair: pair[0].casefold()
).map(
    lambda pairs: sum(
        (
            tuple(parameters(f"{name}={{newsletter}}", newsletter=value, slug=""))
            for name, value in pairs
        ),
        (),
    )
)


@given(url=links, wanted=campaigns)
def test_a_link_has_what_it_had_and_what_was_missing(
    url: str, wanted: tuple[tuple[str, str], ...]
) -> None:
    made = appended(url, wanted)
    assert appended(made, wanted) == made, "once is enough"
    before, after = urlsplit(url), urlsplit(made)
    assert before._replace(query="") == after._replace(query="")
    assert after.query.startswith(before.query)
    had = parse_qsl(before.query, keep_blank_values=True)
    there = {name.casefold() for name, _ in had}
    missing = [(name, value) for name, value in wanted if name.casefold() not in there]
    decoded = parse_qsl("&".join(f"{n}={v}" for n, v in missing), keep_blank_values=True)
    assert parse_qsl(after.query, keep_blank_values=True) == had + decoded
