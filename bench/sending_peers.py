"""Other senders from PyPI, in an environment of their own, run as their users run them.

It lies in the user's cache, is made once, and is made anew where a pin below changes.
"""

from __future__ import annotations

import csv
import hashlib
import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.node_tools import MissingToolError

PINS = (
    "aiosmtplib==5.1.3", "django==5.2.19", "mailmerge==2.3.0", "rss2email==3.14",
    "yagmail==0.16.0",
)  # fmt: skip
SENDER = "editor@example.org"
_DRIVERS = Path(__file__).parent / "sending_drivers.py"


@dataclass(frozen=True, slots=True)
class Spent:
    """Wall clock and the sender's CPU seconds for `count` messages."""

    count: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.count / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a message."""
        return self.cpu / self.count * 1000


@dataclass(frozen=True, slots=True)
class Content:
    """One issue, as each sender takes it: files. `message` has CRLF."""

    folder: Path
    subject: str
    text: Path
    html: Path
    message: Path

    @property
    def size(self) -> int:
        """Bytes of the whole message."""
        return self.message.stat().st_size


def addresses(count: int) -> list[str]:
    """That many recipients, no two the same, of one length."""
    return [f"reader{n:07}@example.org" for n in range(count)]


def environment() -> Path:
    """The folder of the environment's programs, made now if need be. Raises MissingToolError."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    pinned = "\n".join((sys.version, *PINS))
    here = cache / "digest-bench" / f"senders-{hashlib.sha256(pinned.encode()).hexdigest()[:12]}"
    if not (here / "ready").exists():
        shutil.rmtree(here, ignore_errors=True)
        venv.create(here, with_pip=True)
        words = [str(here / "bin/python"), "-m", "pip", "install", "--quiet", *PINS]
        ended = subprocess.run(words, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise MissingToolError(f"pip could not fetch {PINS}: {ended.stderr.strip()[-300:]}")
        (here / "ready").touch()
    return here / "bin"


def timed(
    command: Sequence[str | Path], *, folder: Path, count: int, env: Mapping[str, str] | None = None
) -> Spent:
    """What one run of a command took, start-up included. Raises RuntimeError where it fails."""
    with (folder / "output").open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = (folder / "output").read_text("utf-8", "replace")[-800:]
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{tail}")
    return Spent(count, taken, usage.ru_utime + usage.ru_stime)


def driver(name: str, content: Content, port: int, count: int, *, authority: str = "") -> Spent:
    """What a library took to send `count` messages, imports and start-up not counted."""
    job = {
        "host": "127.0.0.1",
        "port": port,
        "sender": SENDER,
        "subject": content.subject,
        "addresses": addresses(count),
        "authority": authority,
        "text": str(content.text),
        "html": str(content.html),
        "message": str(content.message),
    }
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "job.json").write_text(json.dumps(job), "utf-8")
        command = [str(environment() / "python"), str(_DRIVERS), name, f"{made}/job.json"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"{name} failed:\n{ended.stderr[-800:]}")
    told = json.loads(ended.stdout)
    return Spent(count, told["seconds"], told["cpu"])


def mailmerge(content: Content, port: int, count: int) -> Spent:
    """`mailmerge --no-dry-run --no-limit`, less what the same takes for one recipient."""
    parts = []
    for kind, file in (("plain", content.text), ("html", content.html)):
        body = file.read_text("utf-8")
        parts.append(f"--=cut\nContent-Type: text/{kind}\n\n{{% raw %}}{body}{{% endraw %}}\n")
    template = (
        f"TO: {{{{address}}}}\nFROM: {SENDER}\nSUBJECT: {content.subject}\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/alternative; boundary="=cut"\n\n{"".join(parts)}--=cut--\n'
    )
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "mailmerge_template.txt").write_text(template, "utf-8")
        server = f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n"
        (folder / "mailmerge_server.conf").write_text(server, "utf-8")

        def run(number: int) -> Spent:
            with (folder / "mailmerge_database.csv").open("w", newline="") as file:
                csv.writer(file).writerows([["address"], *([a] for a in addresses(number))])
            words: list[str | Path] = [environment() / "mailmerge", "--no-dry-run", "--no-limit"]
            return timed(words, folder=folder, count=number)

        return _beyond_one(run(count + 1), run(1))


def rss2email(content: Content, port: int, count: int) -> Spent:
    """`r2e run` over a feed of the issue's HTML, a mail an entry, less what one entry takes."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)

        def run(number: int) -> Spent:
            return _r2e(folder, content, port, number)

        return _beyond_one(run(count + 1), run(1))


def _r2e(folder: Path, content: Content, port: int, number: int) -> Spent:
    config, data, feed = folder / "r2e.cfg", folder / "r2e.json", folder / "feed.xml"
    config.unlink(missing_ok=True)
    data.unlink(missing_ok=True)
    body = html.escape(content.html.read_text("utf-8"))
    items = "".join(
        f"<item><guid>urn:{n}</guid><link>https://example.org/{n}</link>"
        f"<title>{html.escape(content.subject)}</title><description>{body}</description></item>"
        for n in range(number)
    )
    feed.write_text(
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>'
        f"<link>https://example.org/</link><description/>{items}</channel></rss>",
        "utf-8",
    )
    r2e: list[str | Path] = [environment() / "r2e", "-c", config, "-d", data]
    timed([*r2e, "new", "reader@example.org"], folder=folder, count=1)
    settings = {
        "email-protocol": "smtp", "smtp-server": "127.0.0.1", "smtp-port": str(port),
        "from": SENDER, "html-mail": "True", "multipart-html": "True",
    }  # fmt: skip
    lines = config.read_text("utf-8").splitlines()
    kept = [line for line in lines if line.partition(" = ")[0] not in settings]
    at = kept.index("[DEFAULT]") + 1
    kept[at:at] = [f"{name} = {value}" for name, value in settings.items()]
    config.write_text("\n".join(kept) + "\n", "utf-8")
    timed([*r2e, "add", "news", str(feed)], folder=folder, count=1)
    return timed([*r2e, "run"], folder=folder, count=number)


def _beyond_one(many: Spent, one: Spent) -> Spent:
    """What the messages after the first took: a command's start-up is not counted against it."""
    return Spent(many.count - 1, many.seconds - one.seconds, many.cpu - one.cpu)
