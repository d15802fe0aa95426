"""Editing the list of sources: what the editor wrote stays letter for letter."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect import (
    EMPTY,
    Outline,
    add_outlines,
    read_loosely,
    remove_outline,
    write_outlines,
)
from digest.collect.opml import read_opml
from digest.errors import DocumentError

NEW = Outline(address="https://e.example.org/feed?a=1&b=2", name='Tides & "Winds"')
LIST = """<?xml version="1.0" encoding="UTF-8"?>
<!-- mine > yours -->
<opml version="2.0">
  <head><title>T</title></head>
  <body>
\t<outline text='News' my:own="1" xmlns:my="x">
\t  <outline type="rss" text="A > B" xmlUrl="https://a.example.org/"/>  <!-- keep -->
\t</outline>
    <outline text="Empty"/>
    <outline text="Tight"><outline text="c" xmlUrl="https://c.example.org/"/></outline>
  </body>
</opml>
"""
FORMS = {
    "as written": LIST.encode(),
    "lines of Windows": LIST.replace("\n", "\r\n").encode(),
    "Latin-1": LIST.replace("UTF-8", "ISO-8859-1").replace("mine", "für mich").encode("latin-1"),
    "without a line": LIST.replace("\n", " ").encode(),
    "an empty body": b"<opml version='2.0'><body/></opml>",
    "a bare body": b"<opml version='2.0'><body></body></opml>",
    "new": EMPTY.encode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("section", ["", "News", "Tight"])
def test_what_is_added_and_removed_again_leaves_no_trace(form: str, section: str) -> None:
    data = FORMS[form]
    there = not section or f"{section}".encode() in data
    outline = Outline(address=NEW.address, name=NEW.name, section=section if there else "")
    added = add_outlines(data, [outline], where="x")
    assert added != data
    (found,) = [p for p in read_opml(added, where="x", folder=None) if p.given == NEW.address]
    assert (found.name, found.section) == (NEW.name, outline.section)
    removed = remove_outline(added, NEW.address, where="x")
    if form != "an empty body":  # that one is opened, and stays so
        assert removed == data


PIECES = st.sampled_from(
    [
        '<outline type="rss" text="A > B" xmlUrl="https://a.example.org/"/>',
        '<outline text="a page" type="link" url="stories"></outline>',
        "<!-- <outline text='no' xmlUrl='https://e.example.org/feed'/> -->",
        '<outline text="Empty"/>',
        "<outline text='Empty too'>\n</outline>",
        "<?keep this?>",
        "",
    ]
)
GAPS = st.sampled_from(["", "\n", "\n    ", " ", "\n\n\t", "  \n"])


@st.composite
def lists(draw: st.DrawFn) -> str:
    """A list as editors write it: some sections, some sources, comments, any white space."""

    def inside() -> str:
        pieces = draw(st.lists(PIECES, max_size=3))
        return "".join(draw(GAPS) + piece for piece in pieces) + draw(GAPS)

    sections = ""
    for name in draw(st.lists(st.sampled_from(["News", "Sea & sky", "Été"]), max_size=3)):
        kept = "<outline text='x' xmlUrl='https://x.example.org/'/>"
        label = name.replace("&", "&amp;")
        sections += f"{draw(GAPS)}<outline text='{label}'>{inside()}{kept}{inside()}</outline>"
    head = draw(st.sampled_from(['<?xml version="1.0"?>\n', "<!-- mine > yours -->", ""]))
    return f"{head}<opml>{draw(GAPS)}<body>{inside()}{sections}{inside()}</body></opml>{draw(GAPS)}"


@given(
    lists(),
    st.sampled_from(["", "News", "Sea & sky", "Été", "A new one", "<New>"]),
    st.booleans(),
    st.booleans(),
)
def test_adding_and_removing_gives_back_the_same_bytes(
    text: str, section: str, windows: bool, is_feed: bool
) -> None:
    data = (text.replace("\n", "\r\n") if windows else text).encode()
    outline = Outline(address=NEW.address, name=NEW.name, section=section, is_feed=is_feed)
    added = add_outlines(data, [outline], where="x")
    (found,) = [p for p in read_opml(added, where="x", folder=Path()) if p.given == NEW.address]
    assert (found.name, found.section) == (NEW.name, section)
    assert remove_outline(added, NEW.address, where="x") == data


@pytest.mark.parametrize(
    ("inner", "stays"),
    [
        ("{}", False),
        ("\n  {}\n  ", False),
        ("<!-- soon more -->{}", True),
        ("{}<outline text='Harbor'/>", True),
        ("words {}", True),
    ],
)
@pytest.mark.parametrize("mine", ["", " my='1'", " title='News'"])
def test_a_section_goes_with_its_last_source_where_nothing_else_is_in_it(
    inner: str, mine: str, stays: bool
) -> None:
    text = f"<opml><body>\n<outline text='News'{mine}>{inner}</outline>\n</body></opml>"
    listed = text.format(NEW.markup).encode()
    left = remove_outline(listed, NEW.address, where="x")
    gone = b"<opml><body>\n</body></opml>"
    if stays or mine:
        assert b"'News'" in left
        assert b"xmlUrl" not in left
    else:
        assert left == gone


def test_the_folders_around_a_section_go_with_it() -> None:
    text = f"<opml><body><outline text='A'><outline text='B'>{NEW.markup}</outline></outline>{{}}"
    data = text.format("</body></opml>").encode()
    assert remove_outline(data, NEW.address, where="x") == b"<opml><body></body></opml>"


def test_a_source_that_holds_others_is_not_removed_with_them() -> None:
    text = (
        "<opml><body><outline text='A' xmlUrl='https://a.example.org/'>"
        f"{NEW.markup}</outline></body></opml>"
    )
    with pytest.raises(DocumentError, match="other sources"):
        remove_outline(text.encode(), "https://a.example.org/", where="x")


def test_a_new_section_stands_last_and_an_empty_one_is_opened() -> None:
    outlines = [
        Outline(address="https://one.example.org/", name="One", section="Sea"),
        Outline(address="https://two.example.org/", name="Two", section="Empty"),
        Outline(address="stories", name="Ours", section="Sea", is_feed=False),
    ]
    added = add_outlines(LIST.encode(), outlines, where="x").decode()
    assert (
        """    <outline text="Empty">
      <outline type="rss" text="Two" xmlUrl="https://two.example.org/"/>
    </outline>
"""
        in added
    )
    assert added.endswith(
        """    <outline text="Sea">
      <outline type="rss" text="One" xmlUrl="https://one.example.org/"/>
      <outline type="link" text="Ours" url="stories"/>
    </outline>
  </body>
</opml>
"""
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<opml><body>\n<outline text='a & b'/></body></opml>", "line 2"),
        (b"<opml><head/></opml>", "<body>"),
        (LIST.encode("utf-16"), "UTF-16"),
        (b"<!DOCTYPE o [<!ENTITY x 'y'>]><opml><body>&x;</body></opml>", "not changed"),
        (b"", "not readable"),
    ],
)
def test_a_list_that_cannot_be_edited_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        add_outlines(data, [NEW], where="x")


def test_removing_what_is_not_there_is_said() -> None:
    with pytest.raises(DocumentError, match="no outline"):
        remove_outline(LIST.encode(), "https://z.example.org/", where="x")


def test_a_feeds_home_page_is_not_taken_for_the_feed() -> None:
    home = "https://h.example.org/"
    feed = Outline(address="https://h.example.org/feed", name="Feed", home=home)
    page = Outline(address=home, name="Page", is_feed=False)
    alone = add_outlines(EMPTY.encode(), [feed], where="x")
    assert remove_outline(add_outlines(alone, [page], where="x"), home, where="x") == alone
    with pytest.raises(DocumentError, match="no outline"):
        remove_outline(alone, home, where="x")


WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")),
    min_size=1,
    max_size=20,
).map(lambda text: " ".join(text.split()))
NAMES = WORDS.filter(lambda text: bool(text) and unicodedata.is_normalized("NFC", text))


@given(
    st.lists(
        st.tuples(NAMES, st.lists(NAMES, max_size=3), st.booleans(), st.booleans()), max_size=8
    )
)
def test_what_is_exported_reads_back(rows: list[tuple[str, list[str], bool, bool]]) -> None:
    outlines = [
        Outline(
            address=f"https://e.example.org/?a=1&b={at}",
            name=name,
            section=folders[-1] if folders else "",
            outer=tuple(folders[:-1]),
            home=f"https://e.example.org/?a&b={at}" if home else "",
            is_feed=is_feed,
        )
        for at, (name, folders, home, is_feed) in enumerate(rows)
    ]
    text = write_outlines(outlines)
    wanted = sorted((o.address, o.name, o.section, o.outer, o.home) for o in outlines)
    places = read_opml(text.encode(), where="x", folder=None)
    assert sorted((p.given, p.name, p.section, p.outer, p.home) for p in places) == wanted
    if outlines:
        loose = read_loosely(text.encode(), where="x").places
        assert sorted((p.given, p.name, p.section, p.outer, p.home) for p in loose) == wanted


def test_a_section_is_found_by_the_folders_around_it() -> None:
    text = """<opml><body>
  <outline text="World"><outline text="News"/>
  </outline>
  <outline text="Home">
    <outline text="News"/>
  </outline>
</body></opml>
"""
    outlines = [
        Outline(
            address=f"https://{n}.example.org/", name=str(n), section=section, outer=tuple(outer)
        )
        for n, (section, *outer) in enumerate(
            [("News", "Home"), ("Sport", "Home"), ("News",), ("News", "Sea", "Far")]
        )
    ]
    added = add_outlines(text.encode(), outlines, where="x")
    places = read_opml(added, where="x", folder=None)
    assert sorted((p.name, (*p.outer, p.section)) for p in places) == [
        ("0", ("Home", "News")),
        ("1", ("Home", "Sport")),
        ("2", ("World", "News")),  # no folders were named: the first of that name
        ("3", ("Sea", "Far", "News")),
    ]


FAULTS = {
    "bare ampersand": b'<opml><body><outline text="A & B" xmlUrl="https://a.example.org/?x=1&y=2"/>',
    "capitals": b'<OPML><BODY><OUTLINE TEXT="A &amp; B" XMLURL="https://a.example.org/?x=1&amp;y=2"/>'
    b"</BODY></OPML>",
    "no body": b'<opml><outline text="A &amp; B" xmlUrl="https://a.example.org/?x=1&amp;y=2"/></opml>',
    "byte-order mark": b'\xef\xbb\xbf<?xml version="1.0"?><opml><body><outline title="A &amp; B"'
    b' xmlUrl="https://a.example.org/?x=1&amp;y=2"/></body></opml>',
    "UTF-16": '<?xml version="1.0" encoding="utf-16"?><opml><body><outline text="A &amp; B" '
    'xmlUrl="https://a.example.org/?x=1&amp;y=2"/></body></opml>'.encode("utf-16"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_lists_of_other_readers_are_read_with_their_faults(fault: str) -> None:
    (place,) = read_loosely(FAULTS[fault], where="x").places
    assert (place.name, place.given) == ("A & B", "https://a.example.org/?x=1&y=2")


def test_addresses_one_a_line_are_a_list_too() -> None:
    data = b"https://a.example.org/feed\n\n# no\nhttps://b.example.org/feed\n"
    assert [p.given for p in read_loosely(data, where="x").places] == [
        "https://a.example.org/feed",
        "https://b.example.org/feed",
    ]
    with pytest.raises(DocumentError, match="lists no feed"):
        read_loosely(b"nothing here", where="x")


def test_a_list_that_is_too_long_is_refused_rather_than_cut() -> None:
    rows = "".join(f"https://e.example.org/{n}\n" for n in range(5_001))
    with pytest.raises(DocumentError, match="more than 5,000"):
        read_loosely(rows.encode(), where="x")
