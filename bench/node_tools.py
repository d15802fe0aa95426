"""npm's mjml, axe and the Nu checker, pinned in `bench/node/`: for tests and benches only.

They are what our renderings are held to; no user's run needs them. `npm ci` fetches them once.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NODE = Path(__file__).parent / "node"
_INSTALLED = NODE / "node_modules"


class MissingToolError(Exception):
    """A program that a bench needs is not here; the text says which, and how to get it."""


def program(name: str, package: str) -> str:
    """The path of a program. Raises MissingToolError, which names Debian's package."""
    found = shutil.which(name)
    if found is None:
        raise MissingToolError(f"{name} is not installed; Debian's package is called {package}.")
    return found


def node_modules() -> Path:
    """The folder of the pinned packages, fetched now if need be. Raises MissingToolError."""
    program("node", "nodejs")
    lock = NODE / "package-lock.json"
    done = _INSTALLED / ".digest-lock.json"  # what was installed, so that a new pin is fetched
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        # No scripts: vnu-jar's would fetch a Java of its own.
        words = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=dev"]
        npm = program("npm", "npm")
        ended = subprocess.run([npm, *words], cwd=NODE, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise MissingToolError(f"npm ci failed in {NODE}: {ended.stderr.strip()[-300:]}")
        done.write_bytes(lock.read_bytes())
    return _INSTALLED


def axe() -> str:
    """The source of axe-core, to be run in a page. Raises MissingToolError."""
    return (node_modules() / "axe-core" / "axe.min.js").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Compiled:
    """What npm's mjml made, and the milliseconds of CPU time for one of the `times`."""

    html: str
    ms: float


class NpmMjml:
    """A warm node process that compiles MJML, its `<mj-style inline="inline">` inlined."""

    def __init__(self) -> None:
        node_modules()
        self._process = subprocess.Popen(
            [program("node", "nodejs"), str(NODE / "compile.js")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def compile(self, mjml: str, *, times: int = 1) -> Compiled:
        """Compile `mjml`, `times` over. Raises RuntimeError for what mjml refuses or complains of.

        Not minified, not beautified, comments kept, no web fonts: as the renderings are made.
        """
        to, answers = self._process.stdin, self._process.stdout
        assert to is not None and answers is not None  # noqa: S101, PT018
        to.write(json.dumps({"mjml": mjml, "times": times}) + "\n")
        to.flush()
        line = answers.readline()
        if not line:
            raise RuntimeError("npm's mjml ended by itself.")
        answer = json.loads(line)
        if answer["errors"]:
            told = "; ".join(error["formattedMessage"] for error in answer["errors"])
            raise RuntimeError(f"npm's mjml complains: {told}")
        return Compiled(answer["html"], answer["ms"] / times)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@contextlib.contextmanager
def npm_mjml() -> Iterator[NpmMjml]:
    """A running npm mjml. Raises MissingToolError."""
    running = NpmMjml()
    try:
        yield running
    finally:
        running.close()


@dataclass(frozen=True, slots=True)
class NuMessage:
    """What the Nu checker says of a file: "error", "warning" or "info", the line, and the words."""

    kind: str
    line: int
    text: str


def nu(*files: Path) -> dict[str, tuple[NuMessage, ...]]:
    """What the Nu checker says of HTML files, by their names. Raises MissingToolError."""
    java = program("java", "openjdk-17-jre-headless")
    jar = node_modules() / "vnu-jar" / "build" / "dist" / "vnu.jar"
    ended = subprocess.run(
        [java, "-Xss8m", "-jar", str(jar), "--html", "--format", "json", "--stdout",
         "--exit-zero-always", "--errors-only", *map(str, files)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: dict[str, list[NuMessage]] = {file.name: [] for file in files}
    try:
        messages = json.loads(ended.stdout)["messages"]
    except (ValueError, KeyError):
        raise MissingToolError(f"The Nu checker failed: {ended.stderr.strip()[:300]}") from None
    for told in messages:
        kind = told.get("subType", told["type"])
        message = NuMessage(kind, told.get("lastLine", 0), told["message"])
        found[told["url"].rpartition("/")[2]].append(message)
    return {name: tuple(messages) for name, messages in found.items()}
