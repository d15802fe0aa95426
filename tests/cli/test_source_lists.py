"""`digest sources import` and `export`: what other lists say, and what others are told."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Digest
from tests.servers import FaultServer


def test_import_and_export(digest: Digest, server: FaultServer) -> None:
    Path("theirs.opml").write_text(
        '<opml><body><outline text="Sea"><outline text="Tides & winds" '
        'xmlUrl="https://t.example.org/f?token=abc"/></outline>'
        f'<outline text="C" xmlUrl="{server.url("/courier.rss")}"/></body></opml>'
    )
    digest("sources", "add", server.url("/courier.rss"))
    dry = digest("sources", "import", "theirs.opml", "--dry-run")
    assert "1 source would be added to sources.opml, 1 there already" in dry.out
    said = digest("sources", "import", "theirs.opml")
    assert "1 source added to sources.opml, 1 there already" in said.out
    exported = digest("sources", "export")
    assert "secret in its address" in exported.err
    assert 'text="Tides &amp; winds"' in exported.out
    digest("sources", "export", "-o", "out.opml")
    assert Path("out.opml").read_text("utf-8") == exported.out
    server.add("/list", Path("out.opml").read_bytes(), "text/xml")
    assert "0 sources added" in digest("sources", "import", server.url("/list")).out


def test_what_is_exported_and_imported_elsewhere_is_the_same(digest: Digest) -> None:
    Path("sources.opml").write_text(
        '<opml><body><outline text="World"><outline text="Sea">'
        '<outline text="Tides" xmlUrl="https://t.example.org/f" htmlUrl="https://t.example.org/"/>'
        '<outline text="Page" type="link" url="https://p.example.org/a"/></outline></outline>'
        '<outline text="Sea"><outline text="Gulls" xmlUrl="https://g.example.org/f"/></outline>'
        "</body></opml>"
    )
    rows = json.loads(digest("sources", "list", "--json").out)
    digest("sources", "export", "-o", "out.opml")
    Path("sources.opml").unlink()
    assert digest("sources", "import", "out.opml").status == 0
    assert json.loads(digest("sources", "list", "--json").out) == rows
    assert rows[0] | {"list": ""} == {
        "name": "Tides", "section": "Sea", "folders": ["World"], "kind": "feed",
        "address": "https://t.example.org/f", "home": "https://t.example.org/", "list": "",
    }  # fmt: skip
    assert [row["folders"] for row in rows] == [["World"], ["World"], []]


def test_what_cannot_be_imported_is_named_with_its_line(digest: Digest) -> None:
    Path("theirs.opml").write_text(
        '<?xml version="1.0"?>\n<opml><body>\n'
        '<outline text="Good" xmlUrl="https://g.example.org/f"/>\n'
        '<outline text="Old" xmlUrl="ftp://user:hidden@o.example.org/f"/>\n'
        '<outline text="Section"/><outline text="Path" type="link" url="stories"/>\n'
        '<outline type="rss" text="Nothing"/><outline text="Site" htmlUrl="https://s.example.org"/>'
        '<outline text="Nowhere" xmlUrl="https://"/></body></opml>'
    )
    said = digest("sources", "import", "theirs.opml")
    assert said.status == 1
    assert "1 source added to sources.opml, 0 there already, 5 refused." in said.out
    named = [line.partition(" Give ")[0] for line in said.err.splitlines()]
    assert named == [
        "failed: theirs.opml, line 4: “ftp://***@o.example.org/f” is no http(s) address.",
        "failed: theirs.opml, line 5: “stories” is no http(s) address.",
        "failed: theirs.opml, line 6: “Nothing” has no feed's address (xmlUrl).",
        "failed: theirs.opml, line 6: “Site” has no feed's address (xmlUrl).",
        "failed: theirs.opml, line 6: “https://” is no http(s) address.",
    ]
    Path("theirs.txt").write_text("# mine\nexample.org/feed\n\nmailto:a@example.org\n")
    said = digest("sources", "import", "theirs.txt", "--dry-run")
    assert (said.status, said.err.count("\n")) == (1, 2)
    assert "theirs.txt, line 2: “example.org/feed”" in said.err
    assert "write https://example.org/feed" in said.err
    assert "0 sources would be added to sources.opml, 0 there already, 2 refused." in said.out


def test_an_export_for_programs_holds_what_the_other_holds(digest: Digest) -> None:
    Path("stories").mkdir()
    Path("stories/a.md").write_text("# One\n\nA paragraph.\n")
    Path("sources.opml").write_text(
        '<opml><body><outline text="World"><outline text="Sea"><outline text="Tides" '
        'xmlUrl="https://t.example.org/f?token=abc" htmlUrl="https://t.example.org/"/></outline>'
        '</outline><outline text="Ours" type="folder" url="stories"/></body></opml>'
    )
    said = digest("sources", "export", "--json")
    tides = {
        "name": "Tides", "section": "Sea", "folders": ["World"], "kind": "feed",
        "address": "https://t.example.org/f?token=abc", "home": "https://t.example.org/",
    }  # fmt: skip
    assert (said.status, json.loads(said.out)) == (0, [tides])
    assert "stories is a folder of this machine" in said.err
    assert "a secret in its address" in said.err
    assert "2 sources written" in digest("sources", "export", "--json", "-o", "out.json").out
    first, second = json.loads(Path("out.json").read_text("utf-8"))
    assert (first, second["address"]) == (tides, "stories")


def test_no_secret_of_an_address_is_shown_but_all_are_exported(digest: Digest) -> None:
    Path("theirs.txt").write_text(
        "https://me:hidden@a.example.org/f\nhttps://b.example.org/f?a=1&auth_token=hidden&b=2\n"
        "https://c.example.org/f?keyword=sea\n"
    )
    Path("sources.opml").write_text(
        "<opml><body><outline text='F' xmlUrl='ftp://me:hidden@a.example.org/'/></body></opml>"
    )
    said = [
        digest("sources", "import", "theirs.txt", "--dry-run"),
        digest("sources", "import", "theirs.txt"),
        digest("sources", "list"),
        digest("sources", "list", "--json"),
        digest("sources", "check", "a.example.org", "--json"),
        digest("sources", "remove", "https://me:hidden@a.example.org/f", "--dry-run"),
        digest("sources", "remove", "https://***@a.example.org/f", "--dry-run"),
        digest("sources", "remove", "https://me:hidden@a.example.org/nothing"),
        digest("sources", "remove", "example.org"),
        digest("sources", "add", "me:hidden@a.example.org/f"),
        digest("sources", "add", "feed:https://me:hidden@a.example.org/f"),
    ]
    assert not [one for one in said if "hidden" in one.out + one.err]
    assert "ftp://***@a.example.org/" in said[2].err
    assert [row["address"] for row in json.loads(said[3].out)] == [
        "https://***@a.example.org/f",
        "https://b.example.org/f?a=1&auth_token=***&b=2",
        "https://c.example.org/f?keyword=sea",
    ]
    assert said[5].out == said[6].out
    text = Path("sources.opml").read_text()
    Path("sources.opml").write_text(text.replace("ftp://me:hidden@", "https://"))
    exported = digest("sources", "export")
    assert "me:hidden@" in exported.out
    assert exported.err.count("note: ") == 2
    assert exported.err.count("(a login)") == 1
    assert exported.err.count("(a token)") == 1


def test_a_damaged_list_is_not_exported_over_a_good_one(digest: Digest) -> None:
    Path("good.opml").write_text("good")
    Path("sources.opml").write_text("<opml><body>\n<outline text='a & b'/></body></opml>")
    said = digest("sources", "export", "-o", "good.opml")
    assert (said.status, Path("good.opml").read_text()) == (1, "good")
    assert "line 2" in said.err
    assert "line 2" in digest("sources", "remove", "a").err
