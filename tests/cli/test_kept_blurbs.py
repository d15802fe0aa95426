"""A rebuild summarizes only what is new; what is kept for it changes no byte and never fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digest.models import Blurb
from digest.pipeline.kept_blurbs import MAX_BYTES, KeptBlurbs
from digest.settings import Settings
from digest.summarize import Renewed, summarize
from tests.cli.conftest import NOW, Digest
from tests.summarize.test_renewal import ISSUE

KEPT = Path("var/cache/blurbs.jsonl")
SLUG = "2026-W47"
NAMES = ("ferry", "seeds", "tides", "bridge")


@pytest.fixture
def newsletter(digest: Digest) -> Digest:
    """A newsletter of four stories, not built yet."""
    Path("stories").mkdir()
    for name in NAMES:
        write(name, f"The {name} of Alder was in the news on Monday after a long night.")
    Path(".env").write_text("DIGEST_SOURCES=stories\nDIGEST_LEADS=0\nDIGEST_TEASERS=12\n")
    return digest


def write(name: str, text: str) -> None:
    body = " ".join(f"Here {name}{n} stands by itself in a sentence." for n in range(9))
    Path("stories", f"{name}.md").write_text(f"---\ntitle: Of the {name}\n---\n\n{text} {body}\n")


def counted(digest: Digest, *words: str) -> tuple[int, int]:
    """The blurbs that a build made, and those that were kept."""
    said = digest("build", "--issue", SLUG, "--now", NOW, "--json", *words)
    assert said.status == 0, said.err
    report = json.loads(said.out)
    assert not [note for note in report["notes"] if "blurb" in note]
    return report["blurbs"]["new"], report["blurbs"]["kept"]


def built() -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in Path("issues", SLUG).rglob("*") if p.is_file()}


def test_a_rebuild_makes_only_what_is_new(newsletter: Digest) -> None:
    assert counted(newsletter) == (4, 0)
    assert counted(newsletter) == (0, 4)
    write("tides", "A new table of tides mends an old error, the port of Alder said on Friday.")
    assert counted(newsletter) == (1, 3)
    write("fog", "The fog over the harbor of Alder lifted on Friday after nine grey days.")
    assert counted(newsletter) == (1, 4)
    Path(".env").write_text(Path(".env").read_text() + "DIGEST_TEASER_CHARS=150\n")
    assert counted(newsletter) == (5, 0)
    Path(".env").write_text(Path(".env").read_text() + "DIGEST_NAME=Another\n")
    assert counted(newsletter) == (0, 5)


def test_the_bytes_of_an_issue_know_nothing_of_it(newsletter: Digest) -> None:
    counted(newsletter)
    first = built()
    assert counted(newsletter) == (0, 4)
    assert built() == first
    KEPT.unlink()
    assert counted(newsletter) == (4, 0)
    assert built() == first


def test_a_dry_run_uses_it_and_writes_nothing(newsletter: Digest) -> None:
    assert counted(newsletter, "--dry-run") == (4, 0)
    assert not Path("var").exists()
    counted(newsletter)
    before = KEPT.read_bytes()
    write("fog", "The fog over the harbor of Alder lifted on Friday after nine grey days.")
    assert counted(newsletter, "--dry-run") == (1, 4)
    assert KEPT.read_bytes() == before


@pytest.mark.parametrize(
    ("damaged", "kept"),
    [
        (lambda raw: b"", 0),
        (lambda raw: b"\x00\xff" * 900, 0),
        (lambda raw: raw.replace(b'{"version": "', b'{"version": "0', 1), 0),
        (lambda raw: raw.partition(b"\n")[2], 0),
        (lambda raw: raw + b" " * MAX_BYTES, 0),
        (lambda raw: raw.replace(b'"text": "', b'"text": "Buy now. '), 0),
        (lambda raw: raw.replace(b'"spans": [[0', b'"spans": [[9'), 0),
        (lambda raw: raw.replace(b'"origin": "text"', b'"origin": "editor"'), 0),
        (lambda raw: raw[:-40], 3),  # the last line is torn
        (lambda raw: raw + b"\n[1]\n\nnull\n{}\n", 4),
    ],
)
def test_a_damaged_file_is_made_anew(newsletter: Digest, damaged: object, kept: int) -> None:
    assert callable(damaged)
    counted(newsletter)
    first, whole = built(), KEPT.read_bytes()
    KEPT.write_bytes(damaged(whole))
    assert counted(newsletter) == (4 - kept, kept)
    assert built() == first
    assert counted(newsletter) == (0, 4)


@pytest.mark.parametrize("what", ["a folder in its place", "a file in its folder's place"])
def test_a_failure_to_write_is_a_note(newsletter: Digest, what: str) -> None:
    if what == "a folder in its place":
        (KEPT / "x").mkdir(parents=True)
    else:
        Path("var").write_text("")
    said = newsletter("build", "--issue", SLUG, "--now", NOW)
    assert said.status == 0, said.err
    assert "note: The blurbs are not kept, so the next build makes them anew: " in said.out
    assert len(built()) > 4


def test_nobody_else_may_read_it(newsletter: Digest) -> None:
    counted(newsletter)
    assert KEPT.stat().st_mode & 0o777 == 0o600


def test_the_file_is_bounded_and_the_latest_used_stay(tmp_path: Path) -> None:
    path = tmp_path / "blurbs.jsonl"
    some = {
        f"{n:064}": Blurb(text="x" * 4000, origin="text", spans=((0, 4000),)) for n in range(99)
    }
    issue = summarize(ISSUE, Settings())
    for start in range(0, 900, 90):
        made = {f"{start}-{key}": blurb for key, blurb in list(some.items())[:90]}
        kept = KeptBlurbs.read(path)
        assert kept.keep(Renewed(issue=issue, made=made, kept={})) == ()
        assert path.stat().st_size <= MAX_BYTES
    rows = KeptBlurbs.read(path).rows
    assert 200 < len(rows) < 300
    assert set(made) < set(rows)

    oldest = next(iter(rows))
    KeptBlurbs.read(path).keep(Renewed(issue=issue, made=some, kept={oldest: rows[oldest]}))
    assert oldest in KeptBlurbs.read(path).rows


def test_half_a_character_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "blurbs.jsonl"
    made = {"a": Blurb(text="A \ud83d.", origin="text", spans=((0, 4),)), "b": Blurb()}
    assert KeptBlurbs.read(path).keep(Renewed(issue=ISSUE, made=made, kept={})) == ()
    assert list(KeptBlurbs.read(path).rows) == ["a", "b"]
