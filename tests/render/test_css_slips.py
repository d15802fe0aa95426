"""Slips in a theme's CSS are told by file, line and column, with what was meant."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import TemplateError
from digest.models import Issue
from digest.render import Theme, render
from digest.render.css import check_styles, mark_lines, without_places
from tests.render.test_templates import mjml, with_file


@pytest.mark.parametrize(
    ("css", "told"),
    [
        ("p { colour: red; }", "line 1, column 5: CSS has no property “colour”. Did you mean color?"),
        ("p {\n  color: red\n  margin: 0;\n}", "line 3, column 9: a semicolon is missing before margin:"),
        ("p { color: #12345; }", "column 12: #12345 is no color: it takes 3, 4, 6 or 8"),
        ("p { margin: 12xp; }", "column 13: CSS has no unit “xp”. Did you mean"),
        ("p { padding: 0 12; }", "column 16: padding: 12 needs a unit. Did you mean 12px?"),
        ("p { width: " + "9" * 5000 + "px; }", "column 12: a number has too many digits"),
        ("p { color: ; }", "column 5: color has no value"),
        ("p { color: red;", "column 3: this { is never closed"),
        ("p { color: red; } }", "column 19: this } closes nothing"),
        ("/* p { color: red; }", "column 1: a comment is never closed"),
        ("{ color: red; }", "column 1: a block has no selector"),
        ("p { content: 'x; }", "a quote is never closed"),
        ("p { color red; }", "line 1, column 14: what ends here is neither"),
        ("\n\n@meda print { p { color: red; } }", "line 3, column 1: CSS has no rule @meda. Did you mean @media?"),
        ("@media print {\n p { colr: red; }\n}", "line 2, column 6: CSS has no property “colr”"),
        ("p { & b { colr: red; } }", "line 1, column 11: CSS has no property “colr”"),
        ("p { @media print { colr: red } }", "line 1, column 20: CSS has no property “colr”"),
        ("p { { color: red; } }", "line 1, column 5: a block has no selector"),
        ("@keyframes x { from { opacty: 0 } }", "column 23: CSS has no property “opacty”"),
        ("p { color: red !importnt; }", "column 16: CSS has no “!importnt”. Did you mean !important?"),
        ("h1, { color: red; }", "line 1, column 3: no selector stands behind this ,"),
        ("h1,, h2 { color: red; }", "line 1, column 3: no selector stands behind this ,"),
        (", h2 { color: red; }", "line 1, column 1: no selector stands before this ,"),
        ("@media print {" * 2000, "line 1, column 854: blocks are nested more than 60 deep"),
        ("p {" * 2000, "line 1, column 183: blocks are nested more than 60 deep"),
    ],
)  # fmt: skip
def test_slips_in_a_style_file(theme: Theme, issue: Issue, css: str, told: str) -> None:
    for name in ("_dark.css.j2", "_web.css.j2"):
        with pytest.raises(TemplateError) as caught:
            render(issue, with_file(theme, name, css))
        assert str(caught.value).startswith(f"templates/gazette/{name}, line ")
        assert told in str(caught.value)
        assert "\ufdd0" not in str(caught.value)


@pytest.mark.parametrize(
    "css",
    [
        "p { -webkit-text-size-adjust: none; mso-line-height-rule: exactly; --own: 12 }",
        "p { margin: 0 auto; line-height: 1.5; z-index: 3; opacity: 0.5; flex: 1 1 0 }",
        "p { background: url(https://example.org/a;b.png); filter: progid:X.Y(a='#80000000') }",
        "@font-face { font-family: 'X'; src: local('X'); font-display: swap }",
        "@media (width <= 480px) { @supports (display: grid) { p { color: #abcd !important } } }",
        "p::after { content: '} {'; } /* } */ a:not([href*='}']) { color: rgb(0 0 0 / 50%) }",
        "@page { margin: 2cm } @import url(x.css); p { width: calc(100% - 2px) }",
        "p { color: var(--ink); &:hover { color: red } @media print { & > b, i { margin: 0 } } }",
        "p { border-image-width: 1; width: 50dvi; max-width: 3rex; height: 10cqmin; margin: 1rch }",
        "p { color-adjust: exact; color: red!important; color: red ! important; WIDTH: 1PX }",
        "v\\:* { behavior: url(#default#VML) } p { _height: 1px; width: 12px\\9 }",
        "@-webkit-keyframes x { 0%, 50% { opacity: 0 } to { opacity: 1 } }",
        "@function --half(--a) { result: calc(var(--a) / 2) } a:is(b, i):not(.c) { top: 0 }",
    ],
)
def test_what_css_allows_is_no_slip(css: str) -> None:
    check_styles(css, "a.css.j2:1:1")


def test_lines_that_jinja_makes_keep_the_places_of_the_template(theme: Theme, issue: Issue) -> None:
    css = "{# one\n two #}\n{% if issue %}\np { color: {{\n  theme.light.ink }}; }\n{% endif %}\n"
    css += "{% for n in [1, 2, 3] %}\n.a{{ n }} { color: red; }\n{% endfor %}\np { colr: red; }\n"
    with pytest.raises(TemplateError) as caught:
        render(issue, with_file(theme, "_phone.css.j2", css))
    assert caught.value.what.startswith("templates/gazette/_phone.css.j2, line 10, column 5:")


def test_slips_in_a_tags_own_style_name_the_tag(theme: Theme, issue: Issue) -> None:
    body = '<mj-text>\n  <p style="colour: red">x</p></mj-text>'
    with pytest.raises(TemplateError, match=r"issue\.mjml\.j2, line 5, column 3: CSS has no prop"):
        render(issue, with_file(theme, "issue.mjml.j2", mjml(body)))


def test_a_number_without_end_in_a_tags_own_style_is_a_slip_too(theme: Theme, issue: Issue) -> None:
    body = f'<mj-text><p style="width: {"9" * 5000}px">x</p></mj-text>'
    with pytest.raises(TemplateError, match="a number has too many digits"):
        render(issue, with_file(theme, "issue.mjml.j2", mjml(body)))


def test_slips_in_a_style_of_the_mjml_itself(theme: Theme, issue: Issue) -> None:
    text = "<mjml><mj-head>\n<mj-style>\np { color: red; }\np { colr: red; }</mj-style></mj-head></mjml>"
    with pytest.raises(TemplateError, match=r"issue\.mjml\.j2, line 4, column 5: CSS has no prop"):
        render(issue, with_file(theme, "issue.mjml.j2", text))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="{}%#\n p:;'\"/*é\\", max_size=60))
def test_places_come_off_as_they_went_on(source: str) -> None:
    assert without_places(mark_lines(source, "a.css.j2")) == source


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="{}()[]@#;:'\"/*!\\ apx0-\n", max_size=80))
def test_no_style_makes_it_fail_otherwise(css: str) -> None:
    found = ""
    with contextlib.suppress(TemplateError):
        check_styles(css, "a.css.j2:1:1")
        found = "a.css.j2, line "
    if not found:
        with pytest.raises(TemplateError, match=r"^a\.css\.j2, line "):
            check_styles(css, "a.css.j2:1:1")
