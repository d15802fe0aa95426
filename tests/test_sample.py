"""The archived sample issue: rebuilt, it has the same bytes."""

from __future__ import annotations

import email
import email.policy
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARCHIVED = ROOT / "issues" / "2026-W47"


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("seed", "zone", "locale"),
    [("0", "UTC", "C.UTF-8"), ("1", "Asia/Tokyo", "POSIX"), ("31337", "America/New_York", "C")],
)
def test_a_rebuild_has_the_same_bytes(tmp_path: Path, seed: str, zone: str, locale: str) -> None:
    """Whatever the hash seed, the machine's time zone and its locale."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DIGEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "digest", "build", "--sample"],
        cwd=tmp_path,
        env=environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    built, archived = files(tmp_path / "issues" / "2026-W47"), files(ARCHIVED)
    assert sorted(built) == sorted(archived)
    differing = [name for name in archived if built[name] != archived[name]]
    assert differing == [], "`make golden` rebuilds them: read the diff"


def test_the_message_is_whole() -> None:
    raw = (ARCHIVED / "message.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert [d for part in message.walk() for d in part.defects] == []
    assert message.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds[0] == "text/plain"
    html = message.get_body(("html",))
    text = message.get_body(("plain",))
    assert html is not None
    assert text is not None
    for story in _headlines():
        assert " ".join(story.split()) in " ".join(_visible(html.get_content()).split())
        assert _squeezed(story) in _squeezed(text.get_content())
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_nothing_of_this_machine_is_in_the_archive() -> None:
    for name, data in files(ROOT / "issues").items():
        assert str(ROOT).encode() not in data, name
        assert b"file://" not in data, name


def _headlines() -> list[str]:
    from digest.archive import Archive

    return [story.headline for story in Archive(ROOT / "issues").load("2026-W47").stories]


def _visible(html: str) -> str:
    import lxml.html

    return "".join(map(str, lxml.html.document_fromstring(html).itertext()))


def _squeezed(text: str) -> str:
    """Without white space: the text part is wrapped."""
    return "".join(text.split())
