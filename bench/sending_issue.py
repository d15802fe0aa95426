"""The issue that all senders send: the bundled sample's, with its pictures on the web."""

from __future__ import annotations

import os
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from bench.sending_peers import Content

_SETTINGS = {
    # Linked pictures keep the message near the 74 KB that the known figures are about.
    "DIGEST_PICTURES": "media",
    "DIGEST_WEB_URL": "https://www.example.org/",
    "DIGEST_UNSUBSCRIBE_URL": "https://www.example.org/unsubscribe",
    "DIGEST_SECRET": "a:not-a-secret-but-long-enough-for-a-bench",
}
_ABOVE = str(Path(__file__).parents[1])


def environment(**settings: str) -> dict[str, str]:
    """The environment in which `digest` is run, with these settings."""
    return os.environ | {"PYTHONPATH": _ABOVE} | _SETTINGS | settings


def digest(folder: Path, *words: str) -> str:
    """What `digest` prints, run in `folder`. Raises RuntimeError where it fails."""
    command = [sys.executable, "-m", "digest", *words]
    ended = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise RuntimeError(f"digest {' '.join(words)} failed:\n{ended.stderr[-800:]}")
    return ended.stdout


def sample_issue(folder: Path) -> Content:
    """Build the sample issue in `folder`; its files, and its message with CRLF."""
    digest(folder, "build", "--sample")
    (here,) = (file.parent for file in folder.glob("issues/*/message.eml"))
    raw = (here / "message.eml").read_bytes()
    crlf = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    (folder / "message.eml").write_bytes(crlf)
    subject = str(message_from_bytes(crlf, policy=default)["Subject"])
    return Content(
        folder=folder,
        subject=subject,
        text=here / "email.txt",
        html=here / "email.html",
        message=folder / "message.eml",
    )
