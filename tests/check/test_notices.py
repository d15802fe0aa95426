"""A notice that lost its label, and a note that a form does not show, are errors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from digest.check import check
from digest.models import Finding, Issue, Notice, Renderings
from digest.render import load_theme, render
from tests.render.sample_issue import sample_issue

NOTICE = Notice(title="Paint for boats", text="Two coats.", sponsor="Harbor Paints", after="end")


def edited() -> tuple[Issue, Renderings]:
    issue = sample_issue()
    noted = replace(issue.leads[0], note="The office disagrees.")
    issue = replace(issue, leads=(noted, *issue.leads[1:]), notices=(NOTICE,))
    return issue, render(issue, load_theme("gazette", folder=Path()))


def found(issue: Issue, renderings: Renderings) -> list[Finding]:
    return [f for f in check(issue, renderings) if f.check == "notices"]


def test_the_theme_labels_notices_and_shows_notes() -> None:
    assert found(*edited()) == []


@pytest.mark.parametrize(
    ("form", "file"),
    [("email_html", "email.html"), ("email_txt", "email.txt"), ("web_html", "web.html")],
)
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Sponsored", "does not stand under its label “Sponsored”"),
        ("Paint for boats", "“Paint for boats” is missing"),
        ("The office disagrees.", "The editor's note “The office disagrees.” is missing"),
    ],
)
def test_what_a_form_leaves_out_is_an_error(form: str, file: str, words: str, says: str) -> None:
    issue, renderings = edited()
    broken = getattr(renderings, form).replace(words, "")
    (finding,) = found(issue, replace(renderings, **{form: broken}))
    assert finding.level == "error"
    assert finding.where.startswith(file)
    assert says in finding.what


@pytest.mark.parametrize(("language", "label"), [("es", "Patrocinado"), ("ja", "スポンサー")])
def test_the_label_is_looked_for_in_the_newsletters_language(language: str, label: str) -> None:
    issue, _ = edited()
    issue = replace(issue, newsletter=replace(issue.newsletter, language=language))
    made = render(issue, load_theme("gazette", folder=Path()))
    assert found(issue, made) == []
    broken = replace(made, email_txt=made.email_txt.replace(label, ""))
    assert f"under its label “{label}”" in found(issue, broken)[0].what
