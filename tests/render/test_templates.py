"""A theme's mistakes: each is told by file, line and column, with what was meant."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError

from digest.errors import TemplateError
from digest.models import Issue
from digest.render import Theme, load_theme, render, theme_names
from digest.render.templates import environment
from digest.render.theme import MAX_BYTES, MAX_FILES

BUNDLED = Path(__file__).parents[2] / "templates"


def with_file(theme: Theme, name: str, text: str) -> Theme:
    """The theme with one template replaced."""
    files = {**dict(theme.files), name: text}
    return replace(theme, files=tuple(sorted(files.items())), common=theme.common - {name})


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
        ("<mj-text>a & b < c</mj-text>", "line 4, column 16", "write &lt;"),
        ("<mj-text>\n  1 <{{ issue.slug }}</mj-text>", "line 5, column 5", "write &lt;"),
        ("<!doctype html>", "line 4, column 1", "write &lt;"),
        ("<!--[if mso]><script>", "line 4, column 1", "a comment is never closed"),
        ("<!--[if mso]><b><![endif]-->", "line 4, column 1", "“<!--[if mso]>” cannot stand here"),
        ("<mj-text align='left>x</mj-text>", "line 4, column 1", "<mj-text> does not end"),
        ("<mj-text align=left>x</mj-text>", "line 4, column 1", "align=left needs quotes"),
        ("<mj-text><p dir=rtl>x</p></mj-text>", "line 4, column 10", "dir=rtl needs quotes"),
        ("<mj-text>{{ '\\0' }}</mj-text>", "issue.mjml.j2, line 4", "the character U+0000"),
        (
            "<mj-text>{% break %}</mj-text>",
            "line 4, column 13",
            "{% break %} stands outside a loop",
        ),
        (
            "{% for x in [1] %}{% break %}{% else %}{% continue %}{% endfor %}",
            "line 4, column 43",
            "{% continue %} stands outside a loop",
        ),
        (
            "{% include 'issue.mjml.j2' %}",
            "line 4, column 4",
            "issue.mjml.j2 includes itself. Take",
        ),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "line 4", "a macro calls itself"),
        ("{{ " + "(" * 4000 + ")" * 4000 + " }}", "issue.mjml.j2", "is nested too deeply"),
        ("{% import 'a.j2' as a %}", "a.j2, line 1, column 4", "imported “with context”"),
        ("<mj-text>" + "<i>" * 201 + "</mj-text>", "line 4", "deeper than 200"),
        (
            "</mj-column><mj-text>x</mj-text><mj-column>",
            "line 4, column 13",
            "<mj-text> stands in <mj-section>: it belongs in <mj-column> or <mj-hero>",
        ),
        ("<mj-section></mj-section>", "line 4, column 1", "<mj-section> stands in <mj-column>"),
        ("<mj-include path='a.mjml' />", "line 4, column 1", "no tag <mj-include>"),
    ],
)
def test_mistakes_in_mjml_are_told_by_place(
    theme: Theme, issue: Issue, body: str, place: str, what: str
) -> None:
    own = with_file(theme, "a.j2", "{{ issue.slug }}")
    with pytest.raises(TemplateError) as caught:
        render(issue, with_file(own, "issue.mjml.j2", mjml(body)))
    told = str(caught.value)
    assert told.startswith("templates/gazette/")
    assert "issue.mjml.j2" in told or "a.j2" in body
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


def test_a_mistake_in_a_common_template_names_the_common_folder(theme: Theme, issue: Issue) -> None:
    files = {**dict(theme.files), "issue.txt.j2": "{{ issue.sluq }}"}
    broken = replace(theme, files=tuple(files.items()))
    with pytest.raises(TemplateError, match=r"^templates/common/issue\.txt\.j2, line 1, column 10"):
        render(issue, broken)


def test_templates_that_include_each_other_are_named(theme: Theme, issue: Issue) -> None:
    circle = with_file(theme, "_colophon.mjml.j2", "\n{% include '_masthead.mjml.j2' %}")
    circle = with_file(circle, "_masthead.mjml.j2", "{% include '_colophon.mjml.j2' %}")
    with pytest.raises(TemplateError) as caught:
        render(issue, circle)
    assert caught.value.what == (
        "templates/gazette/_masthead.mjml.j2, line 1, column 4: _masthead.mjml.j2 includes itself "
        "through _colophon.mjml.j2."
    )


@pytest.mark.parametrize("name", ["a.mjml.j2", "web.html.j2"])
def test_a_tag_may_be_named_by_an_expression(theme: Theme, issue: Issue, name: str) -> None:
    text = "{% set tag = 'p' %}<{{ tag }} class='x'>named</{{ tag }}>"
    body = f"<mj-text>{{% include '{name}' %}}</mj-text>"
    own = with_file(with_file(theme, name, text), "issue.mjml.j2", mjml(body))
    assert ">named</p>" in render(issue, own).email_html


@pytest.mark.parametrize(
    ("expression", "word"),
    [
        ("''.__class__", "__class__"),
        ("lipsum.__globals__", "__globals__"),
        ("''|attr('__class__')", "__class__"),
        ("'{0.__class__}'.format(1)", "__class__"),
    ],
)
def test_what_the_sandbox_refuses_is_named_and_nothing_suggested(
    theme: Theme, issue: Issue, expression: str, word: str
) -> None:
    mine = with_file(replace(theme, own=True), "web.html.j2", f"{{{{ {expression} }}}}")
    with pytest.raises(TemplateError) as caught:
        render(issue, mine)
    assert f"the sandbox, in which a theme of your own runs, refuses “{word}”." in str(caught.value)
    assert "Did you mean" not in str(caught.value)
    outside = with_file(theme, "web.html.j2", "{{ issue.__nothing__ }}")
    with pytest.raises(TemplateError, match=r"has no attribute '__nothing__'\.$"):
        render(issue, outside)


def test_python_names_no_line_for_a_stray_break(theme: Theme) -> None:
    """The fault of jinja2 3.1 for which a template is read again; if it fails, take that out."""
    with pytest.raises(SyntaxError) as caught:
        environment(theme, "en").from_string("\n{% break %}")
    assert not isinstance(caught.value, TemplateSyntaxError)
    assert caught.value.lineno != 2


@pytest.mark.parametrize("name", ["issue.txt.j2", "web.html.j2"])
def test_mistakes_in_the_other_templates_too(theme: Theme, issue: Issue, name: str) -> None:
    with pytest.raises(TemplateError, match=rf"{name}, line 2, column 4: 'nothing' is undefined"):
        render(issue, with_file(theme, name, "fine\n{{ nothing }}\n"))


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("{{ newsletter.name }}", "Did you mean issue.newsletter?"),
        ("{{ subject }}", "Did you mean issue.subject?"),
        ("{{ issue.subject|uper }}", "Did you mean upper?"),
        ("{% if issue.subject is strng %}{% endif %}", "Did you mean string?"),
        ("{% fi %}", "Blocks are {% … %}, values {{ … }}, comments {# … #}."),
    ],
)
def test_a_hint_names_what_was_meant(theme: Theme, issue: Issue, written: str, hint: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(issue, with_file(theme, "web.html.j2", written))
    assert caught.value.hint == hint


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
    with pytest.raises(
        TemplateError, match=r"column 10: the sandbox, in which .* refuses “__class__”"
    ):
        render(issue, mine)
    assert type(environment(mine, "en")) is not type(environment(theme, "en"))


def test_a_readers_own_theme_wins_over_a_bundled_one(issue: Issue, tmp_path: Path) -> None:
    own = copy_of_gazette(tmp_path, "gazette")
    (own / "issue.txt.j2").write_text("mine: {{ issue.slug }}", "utf-8")
    assert render(issue, load_theme("gazette", folder=tmp_path)).email_txt == "mine: 2026-W47\n"


def test_an_unknown_theme_names_the_known_ones(tmp_path: Path) -> None:
    copy_of_gazette(tmp_path, "mine")
    known = theme_names(folder=tmp_path)
    assert {"gazette", "mine"} <= set(known)
    assert list(known) == sorted(known)
    with pytest.raises(TemplateError) as caught:
        load_theme("gazete", folder=tmp_path)
    assert str(caught.value) == (
        f"There is no theme “gazete”; known are: {', '.join(known)}. "
        "Did you mean DIGEST_THEME=gazette?"
    )
    for name in ("../gazette", "/etc", ""):
        with pytest.raises(TemplateError, match="There is no theme"):
            load_theme(name, folder=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('ink = "#1c1a17"', 'ink = "black"', "line 10: ink in [light]: expected a color"),
        ('ink = "#1c1a17"', "", "line 7: ink is missing in [light]"),
        ("backdrop = ", "backdop = ", "backdrop is missing in [light]. Is backdop meant for it?"),
        ("page = 620", 'page = "wide"', "page in [widths]: expected a whole number of pixels"),
        ("page = 620", "page = 62000", "from 320 to 800, found 62000"),
        ("page = 620", "page = true", "found True"),
        ("[widths]", "[widths", "at line"),
        ("gutter = 36", "gutter = 36\ngutters = 2", "[widths] gutters is not known"),
        ("[type]", "[typo]\na = 1\n[type]", "[typo] a is not known"),
        ('title = "Gazette"', "title = ''", "line 4: title in [theme]: expected a short text"),
        ('lead_ratio = "as is"', 'lead_ratio = "3/2"', "expected a ratio such as"),
        ("Helvetica, Arial", "Helvetica; } body { x: y", "label in [type]: expected font names"),
        ("page = 620", "page = " + "[" * 5000, "theme.toml, line 30: arrays are nested too deeply"),
        ("page = 620", "page = " + "9" * 6000, "theme.toml, line 30: a number has too many digits"),
        ("page = 620", "page = 0x" + "f" * 6000, "found one that is too large to be shown."),
        ("page = 620", "page = '" + "9" * 6000 + "'", "9999…."),
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
    assert len(str(caught.value)) < 300


def test_a_folder_without_theme_toml_is_told_as_such(tmp_path: Path) -> None:
    (copy_of_gazette(tmp_path, "mine") / "theme.toml").unlink()
    with pytest.raises(TemplateError, match=r"^templates/mine has no theme\.toml\."):
        load_theme("mine", folder=tmp_path)


def test_a_theme_without_a_needed_template_says_which(tmp_path: Path) -> None:
    own = copy_of_gazette(tmp_path, "mine")
    (own / "issue.mjml.j2").unlink()
    with pytest.raises(TemplateError, match=r"templates/mine has no issue\.mjml\.j2"):
        load_theme("mine", folder=tmp_path)
    (own / "web.html.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match=r"web\.html\.j2 cannot be read: not UTF-8 text"):
        load_theme("mine", folder=tmp_path)


@pytest.mark.parametrize("file", ["z.j2", "theme.toml"])
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("pipe", "is no regular file"),
        ("device", "is no regular file"),
        ("folder", "is a folder"),
        ("large", "is larger than 1 MB"),
        ("gone", "cannot be read: No such file"),
    ],
)
def test_a_theme_is_read_from_plain_files_alone(
    tmp_path: Path, file: str, kind: str, told: str
) -> None:
    path = copy_of_gazette(tmp_path, "mine") / file
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "large":
        path.write_bytes(b"#" * (MAX_BYTES + 1))
    else:
        path.symlink_to("/dev/zero" if kind == "device" else "nothing")
    with pytest.raises(TemplateError) as caught:
        load_theme("mine", folder=tmp_path)
    assert str(caught.value).startswith(f"templates/mine/{file} {told}")
    assert caught.value.hint == "A theme's files are plain ones of at most 1 MB."


def test_a_theme_holds_a_bounded_number_of_templates(tmp_path: Path) -> None:
    own = copy_of_gazette(tmp_path, "mine")
    (own / ".#web.html.j2").symlink_to("an-editor-left-it")
    load_theme("mine", folder=tmp_path)
    for number in range(MAX_FILES):
        (own / f"{number}.j2").touch()
    with pytest.raises(
        TemplateError, match=r"templates/mine holds \d+ templates, more than the 100"
    ):
        load_theme("mine", folder=tmp_path)


def test_byte_order_marks_and_line_ends_of_windows_mean_nothing(
    tmp_path: Path, theme: Theme
) -> None:
    own = copy_of_gazette(tmp_path, "mine")
    for path in own.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    mine = load_theme("mine", folder=tmp_path)
    assert replace(mine, name=theme.name, own=False, shown=theme.shown) == theme


def test_a_control_character_in_a_template_is_told_by_place(tmp_path: Path) -> None:
    own = copy_of_gazette(tmp_path, "mine")
    (own / "_own.j2").write_text("fine\nnot \0 fine", "utf-8")
    with pytest.raises(TemplateError) as caught:
        load_theme("mine", folder=tmp_path)
    assert caught.value.what == (
        "templates/mine/_own.j2, line 2, column 5: the character U+0000 can stand in no page."
    )


@pytest.mark.parametrize("closed", ["templates/mine", "templates"])
def test_a_closed_folder_is_called_closed(closed: str) -> None:
    with as_somebody_else() as folder:
        copy_of_gazette(folder, "mine")
        (folder / closed).chmod(0)
        try:
            with pytest.raises(TemplateError) as caught:
                load_theme("mine", folder=folder)
        finally:
            (folder / closed).chmod(0o755)
    assert str(caught.value) == (
        f"The folder {closed} cannot be read: Permission denied. "
        f"Look at who may open it: ls -ld {closed}"
    )


@contextlib.contextmanager
def as_somebody_else() -> Iterator[Path]:
    """A folder of a user for whom permissions hold: for root they hold not."""
    ours = os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        if ours == 0:
            os.chown(name, 65534, 65534)
            os.seteuid(65534)
        try:
            yield Path(name)
        finally:
            os.seteuid(ours)


def copy_of_gazette(folder: Path, name: str) -> Path:
    own = folder / "templates" / name
    shutil.copytree(BUNDLED / "gazette", own)
    return own
