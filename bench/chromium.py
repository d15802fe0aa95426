"""A real Chromium over its own pipe: what the benches and the tests look at pages with.

It is spoken to over `--remote-debugging-pipe` (the DevTools protocol): nothing but a browser needs
to be installed, and color schemes, whole pages and blocked pictures are within reach. The network
is cut off: files and this machine's own loopback are shown, nothing else is.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from PIL import Image

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)  # fmt: skip

# Chromium reads its commands from descriptor 3 and answers on 4, wherever ours happen to lie.
_LAUNCH = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(a), fcntl.F_DUPFD, 10) for a in sys.argv[1:3])
os.dup2(read, 3)
os.dup2(write, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""

# A tab behind another one is given no animation frame: the timer lets it go on.
_SHOWN = """document.fonts.ready.then(() => new Promise(done => {
    requestAnimationFrame(() => done(1));
    setTimeout(done, 300, 1);
}))"""


class Browser:
    """One tab of a headless Chromium."""

    def __init__(self, program: str, profile: Path) -> None:
        for_chromium, self._write = os.pipe()
        self._read, from_chromium = os.pipe()
        flags = [*_FLAGS, f"--user-data-dir={profile}"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")  # Chromium's own sandbox does not run as root
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", _LAUNCH, str(for_chromium), str(from_chromium)),
                *(program, *flags, "about:blank"),
            ],
            pass_fds=(for_chromium, from_chromium),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(for_chromium)
        os.close(from_chromium)
        self._buffer = b""
        self._count = 0
        self._images = True
        self._width = 0
        self._session = ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self.call("Page.enable")

    def look(
        self,
        *,
        width: int,
        height: int = 900,
        scheme: Literal["light", "dark"] = "light",
        images: bool = True,
        scale: float = 1,
        mobile: bool = False,
    ) -> None:
        """From here on, show pages at this size (CSS pixels) and in this color scheme.

        `images=False` blocks pictures, as many mail clients do; `scale` is device pixels for a CSS
        pixel; `mobile` lays pages out as a phone does.
        """
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=mobile,
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)
        if images != self._images:
            patterns = {} if images else {"patterns": [{"resourceType": "Image"}]}
            self.call("Fetch.disable" if images else "Fetch.enable", **patterns)
        self._images, self._width = images, width

    def open(self, page: str | Path) -> None:
        """Show a URL or a file; its frames and pictures are loaded then.

        A file's first frame is drawn, too. A page that forbids scripts cannot tell that.
        """
        url = page if isinstance(page, str) else page.resolve().as_uri()
        answer = self.call("Page.navigate", url=url)
        if "errorText" in answer:
            raise RuntimeError(f"{url}: {answer['errorText']}")
        while self._next().get("method") != "Page.loadEventFired":
            pass
        if isinstance(page, Path):
            self.evaluate(_SHOWN)

    def evaluate(self, expression: str) -> Any:
        """What a JavaScript expression gives on the page that is shown; a promise is awaited."""
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
            userGesture=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(f"The page's script failed: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def screenshot(self, *, whole: bool = False, height: int | None = None) -> Image.Image:
        """The pixels of the page: what is in sight, the `whole` of it, or its first `height`."""
        from PIL import Image

        return Image.open(BytesIO(self.png(whole=whole, height=height))).convert("RGB")

    def png(self, *, whole: bool = False, height: int | None = None) -> bytes:
        """The same as a PNG file. `whole` is as wide as the window, whatever overflows it."""
        clip: dict[str, Any] = {}
        if whole or height:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]["height"]
            box = {"x": 0, "y": 0, "scale": 1, "width": self._width}
            clip = {"clip": box | {"height": min(size, height or size)}}
        answer = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=bool(clip), **clip
        )
        return base64.b64decode(answer["data"])

    def tabs(self) -> list[str]:
        """The ids of the tabs that are open."""
        found = self.call("Target.getTargets")["targetInfos"]
        return [target["targetId"] for target in found if target["type"] == "page"]

    def close(self) -> None:
        """End the browser."""
        self._session = ""
        with contextlib.suppress(RuntimeError, OSError):
            self.call("Browser.close")
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._read)
        os.close(self._write)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a method of the DevTools protocol. Raises RuntimeError where it fails."""
        number = self._send(method, self._session, params)
        while True:
            answer = self._next()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _send(self, method: str, session: str, params: dict[str, Any]) -> int:
        self._count += 1
        message = {"id": self._count, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:  # a pipe takes a long script in pieces
            data = data[os.write(self._write, data) :]
        return self._count

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            more = os.read(self._read, 1 << 20)
            if not more:
                raise RuntimeError("Chromium went away; is it able to start here?")
            self._buffer += more
        raw, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, Any] = json.loads(raw)
        if answer.get("method") == "Fetch.requestPaused":  # a picture, where they are blocked
            refused = {
                "requestId": answer["params"]["requestId"], "errorReason": "BlockedByClient"
            }  # fmt: skip
            self._send("Fetch.failRequest", answer["sessionId"], refused)
        return answer


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium with a profile of its own. Raises FileNotFoundError where none is."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise FileNotFoundError("No Chromium found; Debian's package is called chromium.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        running = Browser(program, Path(profile))
        try:
            yield running
        finally:
            running.close()
