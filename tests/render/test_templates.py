"""A theme's mistakes: each is told by file, line and column, with what was meant."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from digest.errors import TemplateError
from digest.models import Issue
from digest.render import Theme, load_theme, render, theme_names
from digest.render.templates import environment

BUNDLED = Path(__file__).parents[2] / "templates"


def with_file(theme: Theme, name: str, text: str) -> Theme:
    """The theme with one template replaced."""
    files = {**dict(theme.files), name: text}
    return replace(theme, files=tuple(sorted(files.items())))


def mjml(body: str) -> str:
    """A template with `body` in its fourth line."""
    end = "</mj-column></mj-section></mj-body></mjml>"
    return f"<mjml>\n<mj-body>\n<mj-section><mj-column>\n{body}\n{end}"


@pytest.mark.parametrize(
    ("body", "place", "what"),
    [
        ("<mj-text>{{ issue.headlin }}</mj-text>", "line 4, column 19", "Did you mean headline?"),
        ("<mj-text>{{ isue.slug }}</mj-text>", "line 4, column 13", "Did you mean issue?"),
        ("<mj-text>{{ issue.sluq }}</mj-text>", "line 4, column 19", "Did you mean slug?"),
        ("\n<mj-text>{% if issue %}x</mj-text>", "line 5", "endif"),
        ("<mj-text>{{ issue.slug }</mj-text>", "line 4", "unexpected '}'"),
        ("<mj-text>{% foo %}</mj-text>", "line 4, column 13", "unknown tag 'foo'"),
        ("<mj-text>{{ issue.slug|shout }}</mj-text>", "line 4, column 24", "shout"),
        ("<mj-text>{{ 1 // 0 }}</mj-text>", "line 4, column 10", "division"),
        ("{% include 'storys.j2' %}", "line 4, column 13", "no template “storys.j2”"),
        ("<mj-txt>x</mj-txt>", "line 4, column 1", "Did you mean mj-text?"),
        ("  <mj-text colour='#fff'>x</mj-text>", "line 4, column 3", "Did you mean color?"),
        ("{# a\nb #}<mj-text foo='1'>x</mj-text>", "line 5, column 5", "no attribute “foo”"),
        ("<mj-text><b>x</mj-text>", "line 4, column 10", "<b> is closed by </mj-text>"),
        ("<mj-text>x</b></mj-text>", "line 4", "<mj-text> is closed by </b>"),
        ("<mj-text padding='0 24px'>x</mj-text>", "line 4, column 1", "write 0px"),
        ("<mj-text>1 < 2</mj-text>", "issue.mjml.j2", "write &lt;"),
        ("<mj-text>" + "<i>" * 201 + "</mj-text>", "line 4", "deeper than 200"),
        ("<mj-include path='a.mjml' />", "line 4, column 1", "no tag <mj-include>"),
    ],
)
def test_mistakes_in_mjml_are_told_by_place(
    theme: Theme, issue: Issue, body: str, place: str, what: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        render(issue, with_file(theme, "issue.mjml.j2", mjml(body)))
    told = str(caught.value)
    assert told.startswith("templates/gazette/issue.mjml.j2")
    assert place in told
    assert what in told
    assert "\ufdd0" not in told


def test_a_mistake_in_a_partial_names_the_partial(theme: Theme, issue: Issue) -> None:
    broken = with_file(
        theme, "_colophon.mjml.j2", "<mj-section>\n  <mj-colum></mj-colum></mj-section>"
    )
    with pytest.raises(TemplateError) as caught:
        render(issue, broken)
    assert str(caught.value) == (
        "templates/gazette/_colophon.mjml.j2, line 2, column 3: MJML has no tag <mj-colum>. "
        "Did you mean mj-column?"
    )


@pytest.mark.parametrize("name", ["issue.txt.j2", "web.html.j2"])
def test_mistakes_in_the_other_templates_too(theme: Theme, issue: Issue, name: str) -> None:
    with pytest.raises(TemplateError, match=rf"{name}, line 2, column 4: 'nothing' is undefined"):
        render(issue, with_file(theme, name, "fine\n{{ nothing }}\n"))


def test_inlined_styles_hold_no_at_rule(theme: Theme, issue: Issue) -> None:
    text = "<mjml><mj-head><mj-style inline='inline'>@import url(x);</mj-style></mj-head></mjml>"
    with pytest.raises(TemplateError, match="line 1, column 16: an inlined mj-style"):
        render(issue, with_file(theme, "issue.mjml.j2", text))


def test_only_a_readers_own_theme_runs_in_the_sandbox(
    theme: Theme, issue: Issue, tmp_path: Path
) -> None:
    own = copy_of_gazette(tmp_path, "mine")
    escape = "{{ issue.__class__.__mro__[1].__subclasses__() }}"
    (own / "issue.txt.j2").write_text(escape, "utf-8")
    mine = load_theme("mine", folder=tmp_path)
    assert (mine.own, theme.own) == (True, False)
    with pytest.raises(TemplateError, match="unsafe"):
        render(issue, mine)
    assert type(environment(mine, "en")) is not type(environment(theme, "en"))


def test_a_readers_own_theme_wins_over_a_bundled_one(issue: Issue, tmp_path: Path) -> None:
    own = copy_of_gazette(tmp_path, "gazette")
    (own / "issue.txt.j2").write_text("mine: {{ issue.slug }}", "utf-8")
    assert render(issue, load_theme("gazette", folder=tmp_path)).email_txt == "mine: 2026-W47\n"


def test_an_unknown_theme_names_the_known_ones(tmp_path: Path) -> None:
    copy_of_gazette(tmp_path, "mine")
    assert theme_names(folder=tmp_path) == ("gazette", "mine")
    with pytest.raises(TemplateError) as caught:
        load_theme("gazete", folder=tmp_path)
    assert str(caught.value) == (
        "There is no theme “gazete”; known are: gazette, mine. Did you mean DIGEST_THEME=gazette?"
    )
    for name in ("../gazette", "/etc", ""):
        with pytest.raises(TemplateError, match="There is no theme"):
            load_theme(name, folder=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('ink = "#1c1a17"', 'ink = "black"', "line 9: ink in [light]: expected a color"),
        ('ink = "#1c1a17"', "", "line 6: ink is missing in [light]"),
        ("page = 620", 'page = "wide"', "page in [widths]: expected a whole number of pixels"),
        ("page = 620", "page = 62000", "from 320 to 800, found 62000"),
        ("page = 620", "page = true", "found True"),
        ("[widths]", "[widths", "at line"),
        ("gutter = 36", "gutter = 36\ngutters = 2", "[widths] gutters is not known"),
        ("[type]", "[typo]\na = 1\n[type]", "[typo] a is not known"),
        ('title = "Gazette"', "title = ''", "line 4: title in [theme]: expected a short text"),
        ("Helvetica, Arial", "Helvetica; } body { x: y", "label in [type]: expected font names"),
    ],
)
def test_mistakes_in_theme_toml(tmp_path: Path, old: str, new: str, told: str) -> None:
    own = copy_of_gazette(tmp_path, "mine")
    text = (own / "theme.toml").read_text("utf-8")
    assert old in text
    (own / "theme.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(TemplateError) as caught:
        load_theme("mine", folder=tmp_path)
    assert str(caught.value).startswith("templates/mine/theme.toml")
    assert told in str(caught.value)


def test_a_theme_without_a_needed_template_says_which(tmp_path: Path) -> None:
    own = copy_of_gazette(tmp_path, "mine")
    (own / "web.html.j2").unlink()
    with pytest.raises(TemplateError, match=r"templates/mine has no web\.html\.j2"):
        load_theme("mine", folder=tmp_path)
    (own / "web.html.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match=r"web\.html\.j2 cannot be read: not UTF-8 text"):
        load_theme("mine", folder=tmp_path)


def copy_of_gazette(folder: Path, name: str) -> Path:
    own = folder / "templates" / name
    shutil.copytree(BUNDLED / "gazette", own)
    return own
