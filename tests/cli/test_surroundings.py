"""Closed, full, narrow or misbehaving surroundings: a sentence, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Digest

DIGEST = f"{sys.executable} -m digest"


def shell(command: str, tmp_path: Path, **extra: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env={**os.environ, **extra},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        f"{DIGEST} issues list >&-",
        f"{DIGEST} issues list 2>&-",
        f"{DIGEST} issues list >/dev/full",
        f"{DIGEST} schema entry >/dev/full",
        f"{DIGEST} --help >/dev/full",
        f"{DIGEST} schema entry | head -1",
        f"printf '\\377' | {DIGEST} events",
        f"printf '\\377' | {DIGEST} render",
        f"{DIGEST} render --out /proc/nowhere < /dev/null",
        f"{DIGEST} build nowhere --now 0001-01-01",
        f"{DIGEST} build '~nobody-of-that-name/x'",
    ],
)
def test_no_traceback(tmp_path: Path, command: str) -> None:
    done = shell(command, tmp_path)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_what_an_encoding_lacks_is_shown_as_an_escape(tmp_path: Path, encoding: str) -> None:
    done = shell(
        f"{DIGEST} -q build --sample && {DIGEST} issues show --text && {DIGEST} issues show",
        tmp_path,
        PYTHONIOENCODING=encoding,
    )
    assert done.returncode == 0, done.stderr
    assert b"Harbor Weekly" in done.stdout


def test_an_escape_in_the_newsletters_name_reaches_no_terminal(
    digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGEST_NAME", "\x1b[31mred")
    said = digest("build", "--sample")
    assert said.status == 2
    assert "\x1b" not in said.out + said.err


def test_an_issue_of_no_story_is_no_issue(digest: Digest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGEST_LEADS", "0")
    monkeypatch.setenv("DIGEST_TEASERS", "0")
    said = digest("build", "--sample")
    assert said.status == 2
    assert "DIGEST_TEASERS" in said.err
