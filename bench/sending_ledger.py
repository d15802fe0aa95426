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

from digest.pipeline.outgoing import Outgoing, Wishes
from digest.pipeline.reader_list import ReaderList

from bench.sending_issue import digest, environment
from bench.sending_peers import Content, Spent, addresses, timed
from digest import sample
from digest.archive import Archive
from digest.pipeline.send import send
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


def main() -> None:
    """Send, and print seconds, CPU seconds (the planning's too), and how many were sent."""
    folder, slug, connections = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    outgoing = Outgoing(
        slug,
        ReaderList(path=folder / _LIST, folder=folder),
        archive=Archive(folder / "issues"),
        settings=read_settings(sample.folder() / "newsletter.env", os.environ),
        folder=folder,
    )
    cpu = time.process_time()
    sent = send(outgoing, Wishes(connections=connections), clock=lambda: datetime.now(UTC))
    told = {
        "seconds": sent.tally.seconds,
        "cpu": time.process_time() - cpu,
        "sent": sent.tally.sent,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
