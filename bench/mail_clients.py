"""Pictures of messages in real mail clients, under a virtual screen.

`python -m bench.mail_clients MESSAGE.eml --client thunderbird --out picture.png`: Thunderbird shows
the HTML part, mutt in an xterm the plain one. Debian's packages are thunderbird, mutt, xterm and
xvfb; neither client is given a network.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digest.models import Recipient
from digest.send import addressed

if TYPE_CHECKING:
    from PIL import Image

_READER = Recipient(address="reader@example.org")
_PREFERENCES = {
    "mail.provider.suppress_dialog_on_startup": "true",
    "mailnews.start_page.enabled": "false",
    "mail.rights.version": "1",
    "mail.spam.version": "1",
    "mail.shell.checkDefaultClient": "false",
    "app.update.enabled": "false",
    "app.donation.eoy.version.viewed": "999",
    "datareporting.policy.dataSubmissionPolicyBypassNotification": "true",
    # No network: every request goes to a port on which nobody answers.
    "network.proxy.type": "1",
    "network.proxy.http": '"127.0.0.1"',
    "network.proxy.http_port": "9",
    "network.proxy.ssl": '"127.0.0.1"',
    "network.proxy.ssl_port": "9",
}
_LONGEST_S = 60
_MUTT = """set mbox_type=mbox
set sort=date
set pager_index_lines=0
set folder=~
set crypt_use_gpgme=no
set markers=no
color normal default default
color header default default .
color status default default
ignore *
unignore from to subject date list-unsubscribe
alternative_order text/plain
push <display-message>
"""


@contextlib.contextmanager
def screen(width: int, height: int) -> Iterator[str]:
    """A virtual screen; gives the name of its display. Raises FileNotFoundError without Xvfb."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24"],  # noqa: S607
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def thunderbird(
    raw: bytes, *, width: int = 760, height: int = 1400, dark: bool = False
) -> Image.Image:
    """The message of an issue as Thunderbird shows it, with its own bars above."""

    def command(folder: Path) -> list[str]:
        profile = folder / "profile"
        profile.mkdir()
        chosen = {**_PREFERENCES, "ui.systemUsesDarkTheme": str(int(dark))}
        lines = [f'user_pref("{key}", {value});' for key, value in chosen.items()]
        (profile / "user.js").write_text("\n".join(lines), "utf-8")
        (folder / "message.eml").write_bytes(addressed(raw, _READER, as_test=False))
        return ["thunderbird", "--profile", str(profile), "-file", str(folder / "message.eml")]

    return _shown(command, width=width, height=height)


def mutt(raw: bytes, *, columns: int = 80, rows: int = 56) -> Image.Image:
    """The message of an issue as mutt shows it in a terminal: its plain-text part."""

    def command(folder: Path) -> list[str]:
        body = addressed(raw, _READER, as_test=False).replace(b"\r\n", b"\n")
        first = b"From x@example.org Fri Nov 20 09:00:00 2026\n"
        (folder / "box").write_bytes(first + body + b"\n")
        (folder / "muttrc").write_text(_MUTT, "utf-8")
        return [
            *("xterm", "-u8", "-fa", "DejaVu Sans Mono", "-fs", "11", "-b", "12"),
            *("-geometry", f"{columns}x{rows}+0+0", "-bg", "#fdfdfb", "-fg", "#1c1a17"),
            *("-e", "mutt", "-n", "-R", "-F", str(folder / "muttrc"), "-f", str(folder / "box")),
        ]

    return _shown(command, width=columns * 9 + 30, height=rows * 18 + 30)


def _shown(command: Callable[[Path], list[str]], *, width: int, height: int) -> Image.Image:
    """What a client draws once it draws no more."""
    from PIL import ImageGrab

    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        screen(width, height) as display,
    ):
        words = command(Path(name))
        if shutil.which(words[0]) is None:
            raise FileNotFoundError(f"{words[0]} is not installed; Debian's package has that name.")
        surroundings = {"DISPLAY": display, "HOME": name, "PATH": os.environ["PATH"]}
        client = subprocess.Popen(
            words, env=surroundings | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return _settled(lambda: ImageGrab.grab(xdisplay=display))
        finally:
            client.terminate()
            client.wait()


def _settled(look: Callable[[], Image.Image]) -> Image.Image:
    """The picture that three looks in a row agree on, after something was drawn."""
    began = time.monotonic()
    before, alike = look(), 0
    while time.monotonic() - began < _LONGEST_S:
        time.sleep(1.5)
        now = look()
        drawn = len(now.getcolors(1 << 24) or ()) > 50
        alike = alike + 1 if drawn and now.tobytes() == before.tobytes() else 0
        before = now
        if alike == 3:
            break
    return before


def main(words: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Pictures of messages in real mail clients.")
    parser.add_argument("message", type=Path, help="an issue's message.eml")
    parser.add_argument("--client", choices=["thunderbird", "mutt"], default="thunderbird")
    parser.add_argument("--dark", action="store_true", help="in Thunderbird's dark mode")
    parser.add_argument("--out", type=Path, default=Path("picture.png"))
    asked = parser.parse_args(words)
    raw = asked.message.read_bytes()
    picture = thunderbird(raw, dark=asked.dark) if asked.client == "thunderbird" else mutt(raw)
    picture.save(asked.out)
    print(asked.out)


if __name__ == "__main__":
    main()
