"""A real Chromium for tests, over its own pipe: no driver to install, nothing but a browser."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pytest
from PIL import Image

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
# Chromium reads its commands from descriptor 3 and answers on 4, wherever ours happen to lie.
_LAUNCH = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(a), fcntl.F_DUPFD, 10) for a in sys.argv[1:3])
os.dup2(read, 3)
os.dup2(write, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """One tab of a headless Chromium."""

    def __init__(self, program: str, profile: Path) -> None:
        for_chromium, self._write = os.pipe()
        read, from_chromium = os.pipe()
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
        self._answers = os.fdopen(read, "rb")
        self._buffer = b""
        self._count = 0
        self._session = ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._call("Page.enable")

    def look(self, *, width: int, height: int = 900, scheme: Literal["light", "dark"]) -> None:
        """From here on, show pages at this size and in this color scheme."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._call("Emulation.setEmulatedMedia", features=features)

    def open(self, url: str) -> None:
        """Show `url`, its frames and pictures loaded."""
        answer = self._call("Page.navigate", url=url)
        assert "errorText" not in answer, f"{url}: {answer['errorText']}"
        self._until("Page.loadEventFired")

    def evaluate(self, expression: str) -> Any:
        """What a JavaScript expression gives on the page that is shown."""
        answer = self._call(
            "Runtime.evaluate", expression=expression, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def screenshot(self, *, whole: bool = False) -> Image.Image:
        """The pixels of the page: what is in sight, or the `whole` of it."""
        answer = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return Image.open(BytesIO(base64.b64decode(answer["data"]))).convert("RGB")

    def tabs(self) -> list[str]:
        """The ids of the tabs that are open."""
        found = self._call("Target.getTargets")["targetInfos"]
        return [target["targetId"] for target in found if target["type"] == "page"]

    def close(self) -> None:
        """End the browser."""
        self._session = ""
        self._call("Browser.close")
        self._process.wait(timeout=30)
        self._answers.close()
        os.close(self._write)

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result

    def _until(self, event: str) -> None:
        while self._next().get("method") != event:
            pass

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            more = os.read(self._answers.fileno(), 1 << 16)
            assert more, "Chromium ended by itself"
            self._buffer += more
        raw, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, Any] = json.loads(raw)
        return answer


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A real browser; its absence skips the test by name, and fails it where CI is set."""
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        assert not os.environ.get("CI"), "CI is set, and there is no Chromium"
        pytest.skip("no Chromium on this machine: nothing was looked at in a real browser")
    browser = Browser(program, tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()
