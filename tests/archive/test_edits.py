"""edits.toml: what is read, what is refused and where, and what writing leaves alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.archive import (
    Archive,
    all_of,
    append,
    change_edits,
    edited_since_build,
    read_edits,
    remove_row,
    remove_story,
    set_key,
    set_story,
)
from digest.archive.edits import parse_edits
from digest.archive.edits_file import changed
from digest.archive.toml_lines import lines_of
from digest.edits import Edits, StoryEdit
from digest.errors import ArchiveError, DigestError, DocumentError, UsageError
from digest.models import Notice
from tests.archive.newsroom import made, save

WHOLE = """\
# Friday's issue
subject = "The ferry"   # short
intro = ""
status = "approved"

[stories."ferry-47"]  # The ferry to Skerry Island
pin = "lead"
headline = "It runs"

[stories]
tides-47.drop = true
"library-47" = { section = "Harbor", order = 1 }

[[add]]
title = "Bake sale"
blurb = \"\"\"
[stories.fake]
pin = "nowhere"
\"\"\"

[[notice]]
title = "Paint"
url = "https://paint.example.org/"
"""


def test_all_of_the_format_is_read() -> None:
    edits = parse_edits(WHOLE, where="edits.toml")
    assert edits.subject == "The ferry"
    assert edits.intro == ""
    assert edits.outro is None
    assert edits.status == "approved"
    assert edits.stories["ferry-47"] == StoryEdit(pin="lead", headline="It runs", line=6)
    assert edits.stories["tides-47"] == StoryEdit(drop=True, line=11)
    assert edits.stories["library-47"] == StoryEdit(section="Harbor", order=1, line=12)
    assert edits.add[0].id.startswith("added-")
    assert edits.notice == (Notice(title="Paint", url="https://paint.example.org/"),)


BAD = [
    pytest.param("subject = 3\n", "line 1: subject: ", "string", id="a number for a text"),
    pytest.param('headline = "x"\n', "line 1: there is no key 'headline'", "", id="a stray key"),
    pytest.param(
        '\n[stories.a]\npin = "lead"\nheadlin = "x"\n',
        "line 4: stories has no key 'headlin'", "Did you mean 'headline'?", id="a misspelled key",
    ),
    pytest.param('[stories.a]\npin = "top"\n', "line 2: stories.a.pin", "'lead'", id="no tier"),
    pytest.param('[stories.a]\norder = "1"\n', "line 2: stories.a.order", "integer", id="order"),
    pytest.param("[stories.a]\norder = 0\n", "line 2: order counts from 1", "", id="order 0"),
    pytest.param("[stories.a]\norder = true\n", "line 2: stories.a.order", "", id="order true"),
    pytest.param("[stories]\na = 3\n", "line 2: stories.a", "", id="a story that is no table"),
    pytest.param("stories = 3\n", "line 1: stories", "", id="stories that are no table"),
    pytest.param('[add]\ntitle = "x"\n', "line 1: add", "", id="one bracket too few"),
    pytest.param('status = "sent"\n', "line 1: status", "'approved'", id="sent is no decision"),
    pytest.param(
        '[stories.a]\npin = "lead"\n# no\ndrop = true\n',
        "line 4: the story 'a' is both pinned and dropped; see line 2", "", id="pin and drop",
    ),
    pytest.param(
        '[stories.a]\npin = "lead"\norder = 1\n[stories.b]\norder = 1\npin = "lead"\n',
        "line 5: two stories of one place have the same order 1; see line 3", "", id="two first",
    ),
    pytest.param(
        '[stories.a]\nsection = "Town"\norder = 2\n[stories.b]\norder = 2\nsection = "town"\n',
        "line 5: two stories of one place", "see line 3", id="two of a section",
    ),
    pytest.param(
        '[[add]]\ntitle = "x"\nurl = "https://a.example.org/"\n' * 2,
        "line 4: two added stories have the id", "see line 1", id="added twice",
    ),
    pytest.param('[[add]]\ntext = "x"\n', "line 1: add.0.title", "required", id="no title"),
    pytest.param('[[add]]\ntitle = "x"\n', "line 1: the story has a title alone", "", id="alone"),
    pytest.param(
        '[[add]]\ntitle = "x"\nurl = "javascript:alert(1)"\n', "line 3", "no http(s)", id="script"
    ),
    pytest.param('[stories.a]\nimage = "data:x"\n', "line 2", "is no picture", id="data"),
    pytest.param('[[notice]]\ntitle = "x"\nafter = " "\n', "line 3: after", "", id="placeless"),
    pytest.param("subject = Hello\n", "line 1, column 11: this is not TOML", "", id="no quotes"),
    pytest.param('[stories.a]\n[stories.a]\n', "line 2", "not TOML", id="a table twice"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "says"), BAD)
def test_what_is_wrong_is_named_with_its_line(text: str, where: str, says: str) -> None:
    with pytest.raises(DocumentError) as error:
        parse_edits(text, where="issues/2026-W47/edits.toml")
    assert error.value.what.startswith("issues/2026-W47/edits.toml, line")
    assert where in str(error.value)
    assert says in str(error.value)
    assert "\n" not in error.value.what


def test_lines_are_found_in_every_spelling() -> None:
    text = (
        'a.b = 1\n\'c d\' = \'\'\'\n[x]\ny = 1\n\'\'\'\n[ s . "t u" ]\nk = """one\\"""\n"""\n'
        "l = 2 # [no]\n[[r]]\n[[r]]\nm = 3\n[r.n]\no = 4\n"
    )
    tomllib.loads(text)
    lines = lines_of(text)
    assert lines["a", "b"] == 1
    assert lines[("c d",)] == 2
    assert ("x",) not in lines
    assert lines["s", "t u"] == 6
    assert lines["s", "t u", "l"] == 9
    assert lines["r", 1, "m"] == 12
    assert lines["r", 1, "n", "o"] == 14


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(words, words, words.filter(str.strip))
def test_any_words_come_back_and_comments_stay(key: str, text: str, title: str) -> None:
    before = "# mine\n\n[stories.a] # why\npin = 'lead' # since\n"
    after = changed(
        before,
        all_of(
            set_key("intro", text),
            set_story(key, title, {"note": text, "drop": key != "a"}),
            append("notice", {"title": title, "text": text}),
        ),
    )
    for line in before.splitlines():
        assert line in after
    plain = tomllib.loads(after)
    assert plain["intro"] == plain["stories"][key]["note"] == plain["notice"][0]["text"] == text
    back = changed(
        after, all_of(remove_row("notice", 0), remove_story(key), set_key("intro", None))
    )
    assert tomllib.loads(back) == ({} if key == "a" else tomllib.loads(before))


def test_a_change_is_written_only_where_it_is_sound(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "issues")
    folder = save(archive, made())
    file = folder / "edits.toml"
    assert read_edits(archive.folder, "2026-W47") == Edits()
    before, after = change_edits(archive.folder, "2026-W47", set_key("subject", "x"), save=False)
    assert (before, file.exists()) == ("", False)
    assert "subject" in after
    change_edits(archive.folder, "2026-W47", set_story("a", "A story", {"pin": "lead"}))
    assert file.read_text("utf-8") == '[stories.a] # A story\npin = "lead"\n'
    assert edited_since_build(archive.folder, "2026-W47")
    with pytest.raises(UsageError, match="both pinned and dropped"):
        change_edits(archive.folder, "2026-W47", set_story("a", "", {"drop": True}))
    assert read_edits(archive.folder, "2026-W47").stories["a"].pin == "lead"
    save(archive, made(words="anew"))
    assert file.read_text("utf-8") == '[stories.a] # A story\npin = "lead"\n'


@pytest.mark.parametrize("kind", ["link", "folder", "latin", "sent"])
def test_what_cannot_be_edited_is_refused(tmp_path: Path, kind: str) -> None:
    archive = Archive(tmp_path / "issues")
    folder = save(archive, made(status="sent" if kind == "sent" else "draft"))
    file = folder / "edits.toml"
    if kind == "link":
        (tmp_path / "other.toml").write_text("")
        file.symlink_to(tmp_path / "other.toml")
    elif kind == "folder":
        file.mkdir()
    elif kind == "latin":
        file.write_bytes(b'# fine\nsubject = "caf\xe9"\n')
    with pytest.raises(DigestError) as error:
        change_edits(archive.folder, "2026-W47", set_key("subject", "x"))
    says = {
        "link": "symbolic link",
        "folder": "regular file",
        "latin": "line 2",
        "sent": "was sent",
    }
    assert says[kind] in error.value.what


def test_an_issue_written_before_notes_and_notices_is_read(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "issues")
    folder = save(archive, made())
    document = (folder / "issue.json").read_text("utf-8")
    assert '"note"' not in document
    assert '"notices"' not in document
    assert '"topped"' not in document
    assert archive.load("2026-W47").notices == ()
    with pytest.raises(ArchiveError):
        read_edits(archive.folder, "../2026-W47")
