"""`digest send` with its durable ledger: the job behind it, and the whole command.

A process of its own for each run, in a folder of its own, as `… FOLDER SLUG CONNECTIONS`.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from statistics import median

from bench.sending_issue import digest, environment
from bench.sending_peers import Content, Spent, addresses, timed
from digest import sample
from digest.archive import Archive
from digest.pipeline import Manners, Outgoing, ReaderList, Wishes, send
from digest.settings import read_settings

_LIST = "readers.csv"


@contextmanager
def _prepared(content: Content, count: int) -> Iterator[tuple[Path, str]]:
    """A folder with the approved issue and a list of `count` readers; and the issue's slug."""
    slug = content.html.parent.name
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        copytree(content.folder / "issues", folder / "issues")
        digest(folder, "edit", slug, "approve")
        with (folder / _LIST).open("w", newline="") as file:
            csv.writer(file).writerows([["address"], *([each] for each in addresses(count))])
        yield folder, slug


def sending(content: Content, port: int, count: int, *, connections: int) -> Spent:
    """What the sending took, by the job's own clock; planning and start-up are not in it."""
    with _prepared(content, count) as (folder, slug):
        ended = subprocess.run(
            [sys.executable, "-m", "bench.sending_ledger", str(folder), slug, str(connections)],
            env=environment(DIGEST_SMTP_URL=f"smtp://127.0.0.1:{port}"),
            capture_output=True,
            text=True,
            check=False,
        )
    if ended.returncode:
        raise RuntimeError(f"sending with a ledger failed:\n{ended.stderr[-800:]}")
    told = json.loads(ended.stdout)
    if told["sent"] != count:
        raise RuntimeError(f"{told['sent']} of {count} were sent")
    return Spent(count, told["seconds"], told["cpu"])


def whole_command(content: Content, port: int, count: int, *, connections: int) -> Spent:
    """`digest send … --yes`, from its start to its end."""
    with _prepared(content, count) as (folder, slug):
        return timed(
            [sys.executable, "-m", "digest", "send", slug, "--list", _LIST, "--yes",
             "--connections", str(connections)],
            folder=folder,
            count=count,
            env=environment(DIGEST_SMTP_URL=f"smtp://127.0.0.1:{port}"),
        )  # fmt: skip


def fsync_ms(folder: Path) -> float:
    """Milliseconds in which this folder's disk keeps a few bytes, the median: a commit is one."""
    taken = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            start = time.perf_counter()
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def main() -> None:
    """Send, and print seconds and CPU seconds of the sending, and how many were sent."""
    folder, slug, connections = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    outgoing = Outgoing(
        slug,
        ReaderList(path=folder / _LIST, folder=folder),
        archive=Archive(folder / "issues"),
        settings=read_settings(sample.folder() / "newsletter.env", os.environ),
        folder=folder,
    )
    cpu: list[float] = []  # at each word of progress, which begin with the sending
    sent = send(
        outgoing,
        Wishes(connections=connections),
        clock=lambda: datetime.now(UTC),
        manners=Manners(progress=lambda _: cpu.append(time.process_time())),
    )
    tally = sent.tally
    print(json.dumps({"seconds": tally.seconds, "cpu": cpu[-1] - cpu[0], "sent": tally.sent}))


if __name__ == "__main__":
    main()
