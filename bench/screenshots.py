"""Pictures of a rendering in a real Chromium: `python -m bench.screenshots FILE.html --out DIR`.

Chromium is driven over its own pipe (`--remote-debugging-pipe`, the DevTools protocol), since
`prefers-color-scheme` and full-page pictures are out of reach of its command line. The network is
cut off: pictures of the file's own folder load, nothing else does.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
)  # fmt: skip

# Gives the two pipes the numbers that Chromium wants, whichever they have here.
_REDIRECT = """
import fcntl, os, sys
ours = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 10) for fd in sys.argv[1:3]]
os.dup2(ours[0], 3)
os.dup2(ours[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How one picture is taken: CSS pixels, color scheme, with or without images."""

    width: int
    dark: bool = False
    images: bool = True
    height: int | None = None
    scale: float = 1.0

    def name(self, file: Path) -> str:
        """The picture's file name: `email-600-dark-no-images.png`."""
        words = [file.stem, str(self.width), "dark" if self.dark else "light"]
        return "-".join(words + ([] if self.images else ["no-images"])) + ".png"


class Browser:
    """A Chromium that is spoken to over file descriptors 3 and 4."""

    def __init__(self, binary: str, profile: str) -> None:
        its_input, self._to = os.pipe()
        self._from, its_output = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _REDIRECT, str(its_input), str(its_output), binary, *_SWITCHES,
             f"--user-data-dir={profile}"],
            pass_fds=(its_input, its_output),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(its_input)
        os.close(its_output)
        self._buffer = b""
        self._number = 0

    def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Call a DevTools method and give its result; failed image requests are answered."""
        self._number += 1
        number = self._number
        self._send(number, method, session, params)
        while True:
            message = self._receive()
            if message.get("method") == "Fetch.requestPaused":
                self._number += 1
                refused = {
                    "requestId": message["params"]["requestId"], "errorReason": "BlockedByClient"
                }  # fmt: skip
                self._send(self._number, "Fetch.failRequest", message["sessionId"], refused)
            elif message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                result: dict[str, Any] = message["result"]
                return result

    def _send(self, number: int, method: str, session: str, params: dict[str, Any]) -> None:
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            read = os.read(self._from, 1 << 20)
            if not read:
                raise RuntimeError("Chromium went away; is it able to start here?")
            self._buffer += read
        raw, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        return message

    def close(self) -> None:
        """End the browser."""
        with contextlib.suppress(RuntimeError, OSError):
            self.call("Browser.close")
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._to)
        os.close(self._from)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A running Chromium with a profile of its own. Raises FileNotFoundError where none is."""
    binary = next(filter(None, map(shutil.which, BROWSERS)), None)
    if binary is None:
        raise FileNotFoundError("No Chromium found; Debian's package is called chromium.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        running = Browser(binary, profile)
        try:
            yield running
        finally:
            running.close()


@contextlib.contextmanager
def page(running: Browser, file: Path, shot: Shot) -> Iterator[str]:
    """A tab that shows `file` as `shot` says; gives the session to call methods in."""
    target = running.call("Target.createTarget", url="about:blank")["targetId"]
    session = running.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    running.call("Page.enable", session)
    running.call(
        "Emulation.setDeviceMetricsOverride",
        session,
        width=shot.width,
        height=shot.height or 900,
        deviceScaleFactor=shot.scale,
        mobile=shot.width < 500,
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if shot.dark else "light"}
    running.call("Emulation.setEmulatedMedia", session, features=[scheme])
    if not shot.images:
        running.call("Fetch.enable", session, patterns=[{"resourceType": "Image"}])
    running.call("Page.navigate", session, url=file.resolve().as_uri())
    loaded = """new Promise(done => {
        const ready = () => document.fonts.ready.then(() => requestAnimationFrame(() => done(1)));
        document.readyState === "complete" ? ready() : addEventListener("load", ready);
    })"""
    running.call("Runtime.evaluate", session, expression=loaded, awaitPromise=True)
    try:
        yield session
    finally:
        running.call("Target.closeTarget", targetId=target)


def take(running: Browser, file: Path, shot: Shot) -> bytes:
    """The PNG of the whole page, or of its first `shot.height` pixels."""
    with page(running, file, shot) as session:
        size = running.call("Page.getLayoutMetrics", session)["cssContentSize"]
        clip = {
            "x": 0, "y": 0, "scale": 1, "width": shot.width,
            "height": min(size["height"], shot.height or size["height"]),
        }  # fmt: skip
        taken = running.call(
            "Page.captureScreenshot", session, format="png", clip=clip, captureBeyondViewport=True
        )
        return base64.b64decode(taken["data"])


def screenshots(files: Sequence[Path], out: Path, shots: Sequence[Shot]) -> list[Path]:
    """Take every shot of every file; gives the pictures' paths, in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    taken = []
    with browser() as running:
        for file in files:
            for shot in shots:
                path = out / shot.name(file)
                path.write_bytes(take(running, file, shot))
                taken.append(path)
    return taken


def main(words: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Pictures of HTML files in a real Chromium.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path())
    parser.add_argument("--width", type=int, action="append", help="CSS pixels; may be repeated")
    parser.add_argument("--height", type=int, help="cut the picture off there")
    parser.add_argument("--scale", type=float, default=1.0, help="device pixels for a CSS pixel")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--light", action="store_true", help="the default, unless --dark")
    parser.add_argument("--no-images", action="store_true", help="as a reader who blocks them")
    asked = parser.parse_args(words)
    shots = [
        Shot(
            width=width,
            dark=dark,
            images=not asked.no_images,
            height=asked.height,
            scale=asked.scale,
        )
        for width in asked.width or [600]
        for dark in (False, True)
        if (asked.dark if dark else asked.light or not asked.dark)
    ]
    for path in screenshots(asked.files, asked.out, shots):
        print(path)


if __name__ == "__main__":
    main()
