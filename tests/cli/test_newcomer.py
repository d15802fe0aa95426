"""What a newcomer does, in order."""

from __future__ import annotations

import email
import email.policy
import json
from pathlib import Path

import pytest

from digest.settings import read_settings
from tests.cli.conftest import Digest

ROOT = Path(__file__).parents[2]


def test_init_then_build_then_test_send(digest: Digest) -> None:
    said = digest("init")
    assert said.status == 0
    assert {".env", "sources.opml", "recipients.test.csv"} <= {p.name for p in Path().iterdir()}
    assert Path(".env").stat().st_mode & 0o777 == 0o600
    assert list(Path("issues").iterdir()) == []

    said = digest("build")
    assert "Next: digest serve" in said.out
    slug = next(p.name for p in Path("issues").iterdir() if p.name.startswith("20"))
    assert "A first story" in Path("issues", slug, "email.txt").read_text("utf-8")

    said = digest("send", "--test")
    assert "1 of 1 sent" in said.out
    assert "var/mailbox" in said.out


def test_init_overwrites_nothing(digest: Digest) -> None:
    Path("sources.opml").write_text("mine")
    digest("init")
    Path(".env").write_text("DIGEST_NAME=Mine\n")
    Path("stories/welcome.md").unlink()
    said = digest("init")
    assert Path("sources.opml").read_text() == "mine"
    assert Path(".env").read_text() == "DIGEST_NAME=Mine\n"
    assert not Path("stories/welcome.md").exists()
    assert "kept" in said.out
    assert "wrote" not in said.out


def test_init_writes_a_key_of_its_own(digest: Digest) -> None:
    keys = set()
    for folder in ("one", "two"):
        digest("init", folder)
        settings = read_settings(Path(folder) / ".env", {})
        ((name, key),) = settings.secret
        assert (name, len(key)) == ("a", 43)
        keys.add(key)
        # Nothing else differs from what the example explains.
        example = (ROOT / "config.example.env").read_text("utf-8")
        line = f"DIGEST_SECRET=a:{key}"
        written = (Path(folder) / ".env").read_text("utf-8")
        assert written == example.replace('DIGEST_SECRET=""', line)
    assert len(keys) == 2


def test_the_sample_is_built_and_sent_in_any_folder(digest: Digest) -> None:
    said = digest("build", "--sample")
    assert said.status == 0, said.err
    assert "2 leads" in said.out
    assert "digest send 2026-W47 --test" in said.out

    said = digest("send", "2026-W47", "--test", "one@example.org", "two@example.org")
    assert said.status == 0, said.err
    files = sorted(Path("var/mailbox").rglob("*.eml"))
    assert len(files) == 2
    ids = set()
    for file in files:
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert message["Subject"].startswith("[TEST] ")
        assert all(not part.defects for part in message.walk())
        text = message.get_body(("plain",))
        html = message.get_body(("html",))
        assert text is not None
        assert html is not None
        ids.add(message["Message-ID"])
    assert len(ids) == 2


def test_as_is_is_what_readers_get(digest: Digest) -> None:
    digest("build", "--sample")
    digest("send", "--test", "one@example.org", "--as-is")
    file = next(Path("var/mailbox").rglob("*.eml"))
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert "[TEST]" not in message["Subject"]
    assert message["To"] == "one@example.org"


def test_a_test_send_leaves_the_issue_as_it_is(digest: Digest) -> None:
    digest("build", "--sample")
    before = {p: p.read_bytes() for p in Path("issues").rglob("*") if p.is_file()}
    digest("send", "--test", "one@example.org")
    assert {p: p.read_bytes() for p in Path("issues").rglob("*") if p.is_file()} == before


def test_issues_are_listed_and_shown(digest: Digest) -> None:
    assert "There is no issue" in digest("issues", "list").out
    digest("build", "--sample")
    assert "2026-W47" in digest("issues", "list").out
    rows = json.loads(digest("issues", "list", "--json").out)
    assert rows[0]["slug"] == "2026-W47"
    assert "lead" in digest("issues", "show").out
    document = json.loads(digest("issues", "show", "2026-W47", "--json").out)
    assert document["slug"] == "2026-W47"
    text = Path("issues/2026-W47/email.txt").read_text("utf-8")
    assert digest("issues", "show", "--text").out == text


def test_check_finds_nothing_wrong_with_the_sample(digest: Digest) -> None:
    digest("build", "--sample")
    assert digest("check").status == 0
    findings = json.loads(digest("check", "2026-W47", "--json").out)
    assert [f for f in findings if f["level"] == "error"] == []


def test_the_plumbing_gives_what_build_gives(
    digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digest import sample

    opml = sample.folder() / "sources.opml"
    env = (sample.folder() / "newsletter.env").read_text("utf-8")
    Path(".env").write_text(env, "utf-8")
    now = sample.SAMPLE_NOW.isoformat()
    Path("entries.jsonl").write_text(
        digest("collect", opml, "--now", now, "--media", "pictures").out, "utf-8"
    )
    Path("a.json").write_text(digest("select", "entries.jsonl", "--now", now).out, "utf-8")
    Path("b.json").write_text(digest("summarize", "--issue", "a.json").out, "utf-8")
    said = digest("render", "b.json", "--out", "out", "--media", "pictures")
    assert said.status == 0, said.err
    digest("build", "--sample")
    for name in ("email.html", "email.txt", "web.html", "message.eml"):
        assert Path("out", name).read_bytes() == Path("issues/2026-W47", name).read_bytes()


def test_summarize_prints_a_row_each_with_spans_that_hold(digest: Digest) -> None:
    text = "The ferry sailed at noon. It carried forty people. The sea was calm all day."
    Path("e.jsonl").write_text(json.dumps({"id": "a", "title": "Ferry", "text": text}) + "\n{\n")
    said = digest("summarize", "e.jsonl", "--max-chars", "60")
    assert said.status == 1
    assert "line 2" in said.err
    row = json.loads(said.out)
    assert row["id"] == "a"
    assert row["from"] == "text"
    assert row["blurb"] == " ".join(text[a:b] for a, b in row["spans"])
    assert 0 < len(row["blurb"]) <= 60


def test_events_names_one_event_for_two_reports(digest: Digest) -> None:
    rows = [
        {"id": "a", "title": "Storm tears roof off Kestrel school",
         "text": "A storm tore the roof off Kestrel school on Monday night, the council said."},
        {"id": "b", "title": "Kestrel school loses roof in Monday storm",
         "text": "Kestrel school lost its roof in the storm of Monday night, said the council."},
        {"id": "c", "title": "Library opens new reading room",
         "text": "The library has opened a reading room with forty seats and a view of the river."},
    ]  # fmt: skip
    Path("e.jsonl").write_text("\n".join(map(json.dumps, rows)))
    said = digest("events", "e.jsonl", "--level", "topic")
    found = {r["id"]: r["event"] for r in map(json.loads, said.out.splitlines())}
    assert found["a"] == found["b"] != found["c"]


@pytest.mark.parametrize("what", ["entry", "issue"])
def test_schema_prints_a_schema(digest: Digest, what: str) -> None:
    assert json.loads(digest("schema", what).out)["type"] == "object"


def test_the_sample_takes_sources_on_top(digest: Digest) -> None:
    Path("own.md").write_text("---\ntitle: Our own bake sale\n---\n\nIt raised 400 for the boat.\n")
    said = digest("build", "--sample", "own.md", "--json")
    report = json.loads(said.out)
    assert {Path(s["place"]).name for s in report["sources"]} >= {"own.md", "courier.rss"}


def test_a_week_may_be_written_in_small_letters(digest: Digest) -> None:
    digest("build", "--sample")
    assert "2026-W47" in digest("issues", "show", "2026-w47").out


def test_opening_an_issue_where_there_is_no_screen_says_where_it_lies(
    digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest("build", "--sample")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    said = digest("issues", "open")
    assert said.status == 1
    assert "issues/2026-W47/email.html" in said.out
    assert "browser" in said.err


def test_an_address_named_twice_gets_one_mail(digest: Digest) -> None:
    digest("build", "--sample")
    said = digest("send", "--test", "one@example.org", "ONE@example.org", "two@example.org")
    assert said.status == 1
    assert "named already" in said.err
    assert len(list(Path("var/mailbox").rglob("*.eml"))) == 2


@pytest.mark.parametrize("words", [("-q", "build", "--sample"), ("build", "--sample", "--quiet")])
def test_quiet_says_nothing_of_what_went_well(digest: Digest, words: list[str]) -> None:
    said = digest(*words)
    assert (said.status, said.out, said.err) == (0, "", "")


def test_explain_says_why_of_every_entry(digest: Digest) -> None:
    digest("build", "--sample")
    rows = json.loads(digest("explain", "2026-W47", "--json").out)
    assert len(rows) > 40
    assert {row["place"] for row in rows} == {"lead", "teaser", "also", "out"}
    assert all(row["rule"] and row["because"] for row in rows)
    lead = next(row for row in rows if row["place"] == "lead")
    assert sum(lead["parts"].values()) == pytest.approx(lead["score"], abs=0.01)
    told = digest("explain", "2026-W47", lead["id"]).out
    assert lead["because"] in told
    assert "where it was read" in told
    assert len(json.loads(digest("explain", "--place", "lead", "--json").out)) == 2
    assert digest("explain", "2026-W47", "no such story").status == 2
