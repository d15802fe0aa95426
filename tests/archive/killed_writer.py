"""Run by test_crash: saves one issue again and again, each time killed one step later.

Usage: python -m tests.archive.killed_writer FOLDER. `FOLDER/before` is the archive as it was;
`FOLDER/<n>` is left as a writer that died before its n-th step on the disk left it. Prints how
many such folders there are; the last one's writer came to its end.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from digest.archive import Archive
from tests.archive.newsroom import Made, made, save

STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def die_before(step: int, folder: Path) -> None:
    """From here on, end the process without a word before its `step`-th write below `folder`."""
    left = step

    def watch(event: str, args: tuple[object, ...]) -> None:
        nonlocal left
        if event not in STEPS or not os.fsdecode(str(args[0])).startswith(str(folder)):
            return
        if event == "open" and not (isinstance(args[2], int) and args[2] & WRITES):
            return
        left -= 1
        if left <= 0:
            os._exit(9)

    sys.addaudithook(watch)


def run(folder: Path, build: Made) -> int:
    step = 0
    while True:
        step += 1
        issues = folder / str(step) / "issues"
        shutil.copytree(folder / "before" / "issues", issues)
        child = os.fork()
        if child == 0:
            die_before(step, issues)
            save(Archive(issues), build)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            return step
        assert os.waitstatus_to_exitcode(status) == 9, status


if __name__ == "__main__":
    sys.stdout.write(f"{run(Path(sys.argv[1]), made(47, words='rebuilt', pictures=2))}\n")
