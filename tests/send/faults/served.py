"""The misbehaving server, started and ended for a test or a campaign."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.send.faults.senders import ROOT


@contextmanager
def served(
    folder: Path, *, only: Sequence[str] | None = (), options: Sequence[str] = ()
) -> Iterator[tuple[int, Path]]:
    """The port of a server, and its log, both kept in `folder`. `only` these faults; None: all."""
    log, port_file, errors = folder / "server.log", folder / "port", folder / "server.err"
    log.touch()
    words = ["--log", str(log), "--port-file", str(port_file), *options]
    words += ["--only", *only] if only is not None else []
    with errors.open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.send.faults.server", *words], cwd=ROOT, stderr=said
        )
    try:
        while not port_file.exists():
            assert server.poll() is None, errors.read_text()
            time.sleep(0.01)
        yield int(port_file.read_text()), log
    finally:
        server.kill()
        server.wait()
