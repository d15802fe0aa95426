"""A finding points at its line and element."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.check import Place, check, places
from digest.models import Finding, Renderings
from tests.archive.newsroom import made

ISSUE = made().issue
FERRY, SEEDS = (story.headline for story in ISSUE.stories[:2])
HTML = (
    "<html>\n<head><style>.x { color: red }</style></head>\n"
    f'<body><div style="display:none">{FERRY} · {SEEDS}</div>\n'
    f'<h2>\n  <a href="https://news.example.org/ferry/47">{FERRY}</a></h2>'
    "<p>Boats &amp; nets.</p>\n"
    f'<h2><a href="https://news.example.org/library/47">{SEEDS}</a></h2>\n'
    '<div style="display: flex">read <a href="https://x.example/">here</a></div>\n</body></html>\n'
)


def found(what: str, where: str = "email.html") -> Place:
    renderings = Renderings(
        email_html=HTML,
        email_txt=f"\n{FERRY}\n\n{SEEDS}\nread here\n",
        web_html="",
        message=b"From: a@example.org\r\nX-Digest-Slots: 0123456789ab\r\n"
        b"Subject: Tides\r\n\r\nSubject: x\r\n",
    )
    finding = Finding(check="x", level="warning", where=where, what=what)
    (place,) = places([finding], ISSUE, renderings)
    return place


LEAD = "lead 1: “The ferry to Skerry Island will run on batteries from May”"
TEASER = "teaser 1: “A library of seeds opens in the old customs house”"


@pytest.mark.parametrize(
    ("what", "where", "line", "element", "story"),
    [
        ("Something.", f"email.html, {LEAD}", 5, "<a>", 0),
        ("Faint: “Boats & nets.”", f"email.html, {LEAD}", 5, "<p>", 0),
        ("Faint: “Boats &…”", f"email.html, {LEAD}", 5, "<p>", 0),
        ("The link says only “here”.", f"email.html, {TEASER}", 7, "<a>", 1),
        ("The link says only “here”.", f"email.html, {LEAD}", 5, "<a>", 0),
        ("Not supported: “display: flex on <div>”", "email.html", 7, "<div>", -1),
        ("A link to “https://x.example/”", "email.html", 7, "<a>", -1),
        ("Unknown: “.x { color”", "email.html", 2, "<style>", -1),
        ("Something of the whole.", "email.html", 0, "", -1),
        ("Something.", f"email.txt, {TEASER}", 4, "", 1),
        ("Missing.", f"issue.json, {TEASER}", 0, "", 1),
        ("Something.", f"web.html, {TEASER}", 0, "", 1),
        ("Something.", "message.eml", 0, "", -1),
        ("Something.", "message.eml, subject", 2, "", -1),
        ("Something.", "message.eml, preheader", 0, "", -1),
        ("The line “Subject: x”", "message.eml", 4, "", -1),
    ],
)
def test_where_it_points(what: str, where: str, line: int, element: str, story: int) -> None:
    place = found(what, where)
    assert (place.line, place.element, place.story) == (line, element, story)
    assert place.file == where.partition(",")[0]
    if element:
        assert HTML.split("\n")[line - 1][place.column :].startswith(element[:-1])


def test_findings_of_a_real_check_point_at_their_stories() -> None:
    build = made()
    findings = check(build.issue, build.renderings, media=build.media)
    placed = places(findings, build.issue, build.renderings)
    assert len(placed) == len(findings) > 5
    for finding, place in zip(findings, placed, strict=True):
        assert (place.story >= 0) == (": “" in finding.where)


@given(st.text(max_size=200), st.text(alphabet="<>/abp \n'\"=&!-[]", max_size=200))
def test_nothing_makes_it_raise(what: str, html: str) -> None:
    renderings = Renderings(email_html=html, email_txt=html, web_html=html, message=b"")
    for file in ("email.html", "email.txt", "web.html"):
        finding = Finding(check="x", level="error", where=f"{file}, {LEAD}", what=f"“{what}”")
        assert places([finding], ISSUE, renderings)[0].line <= html.count("\n") + 1
