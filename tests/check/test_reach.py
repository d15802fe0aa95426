"""What is said of links that were asked for, whatever a network did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.check import Reached, addresses, unreached
from digest.models import Finding
from tests.check.good_issue import HTML, ISSUE, UNSUBSCRIBE, made

PIER = "https://news.example.org/pier"
LEAD = "email.html, lead 1: “The pier opens on Saturday”"


def judged(html: str = HTML, **answers: Reached) -> tuple[Finding, ...]:
    """All is well but for the pier, or where `all` says what became of every link."""
    issue, renderings = ISSUE, made(html=html).renderings
    asked = addresses(issue, renderings)
    one = answers.get("all")
    reached = {url: one or answers.get("pier", Reached(url=url)) if url == PIER or one
               else Reached(url=url) for url in asked}  # fmt: skip
    return unreached(issue, renderings, reached)


def failed(reason: str = "", status: int = 0) -> Reached:
    return Reached(url=PIER, failed="It did not work.", status=status, reason=reason)


def test_each_address_is_asked_once_without_its_fragment() -> None:
    more = (
        f"<a href='{PIER}#x'>x</a><a href='#x'>y</a><a href='mailto:a@example.org'>z</a>"
        "<a href='https://example.org/{{ token }}'>t</a><a href='javascript:x'>j</a>"
        "<img src='https://example.org/p.png' alt=p><img src='media/pier.png' alt=p>"
    )
    asked = addresses(ISSUE, made(html=HTML.replace("</body>", f"{more}</body>")).renderings)
    assert asked == (
        PIER,
        "https://quay.example.org/a?b=1",
        "https://news.example.org/%E7%81%AF?x=%C3%A4&utm_source=harbor",
        "https://code.example.org/braces",
        UNSUBSCRIBE,
        "https://example.org/p.png",
    )


@pytest.mark.parametrize(
    ("answer", "level", "said"),
    [
        (failed(status=404), "error", f"A dead link (404): {PIER}"),
        (failed(status=410), "error", f"A dead link (410): {PIER}"),
        (failed("no-host"), "error", f"A dead link (no such host): {PIER}"),
        (failed("private"), "error", f"A link into a private network: {PIER}"),
        (failed(status=503), "warning", "A link that could not be tried: It did not work."),
        (failed(status=429), "warning", "A link that could not be tried: It did not work."),
        (failed(), "warning", "A link that could not be tried: It did not work."),
        (Reached(url="https://www.example.org/"), "warning",
         f"A link ends at a front page: {PIER} leads to https://www.example.org/"),
    ],
)  # fmt: skip
def test_what_is_gone_is_an_error_and_what_is_not_known_a_warning(
    answer: Reached, level: str, said: str
) -> None:
    (found,) = judged(pier=answer)
    assert (found.check, found.level, found.where, found.what) == ("dead-links", level, LEAD, said)
    assert found.why
    assert found.mend


@pytest.mark.parametrize("end", [PIER, f"{PIER}/", "https://other.example.org/?story=pier"])
def test_a_redirect_to_a_page_is_well(end: str) -> None:
    assert judged(pier=Reached(url=end)) == ()


def test_links_that_a_site_keeps_programs_from_are_named_together() -> None:
    (found,) = judged(all=failed("unasked"))
    assert found.level == "warning"
    assert found.what.startswith(f"Not asked for, as their sites wish: {PIER}, ")
    assert found.what.endswith(" and 2 more.")


@pytest.mark.parametrize("reason", ["", "no-host"])
def test_a_machine_without_a_connection_calls_no_link_dead(reason: str) -> None:
    (found,) = judged(all=failed(reason))
    assert (found.level, found.what) == ("warning", "None of the 5 links could be tried.")


def test_a_link_is_told_at_its_first_place() -> None:
    html = HTML.replace("</body>", f"<a href='{PIER}'>again</a></body>")
    (found,) = judged(html, pier=failed(status=404))
    assert found.where == LEAD


def test_an_own_page_that_is_not_published_yet_is_no_dead_link() -> None:
    newsletter = replace(ISSUE.newsletter, web_url="https://weekly.example.org/issues")
    issue = replace(ISSUE, newsletter=newsletter)
    own = f"https://weekly.example.org/issues/{issue.slug}/"
    html = HTML.replace("</body>", f"<a href='{own}'>View in browser</a></body>")
    answers = {own: replace(failed(status=404), url=own)}
    (found,) = unreached(issue, made(html=html).renderings, answers)
    assert (found.level, found.mend) == ("warning", "Publish the issue before it is sent.")
