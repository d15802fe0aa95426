"""PostgreSQL, a cluster of its own, by initdb and postgres."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.mail_servers.process import HOST, absent, free_port, open_folder, running


@dataclass(frozen=True, slots=True)
class Postgresql:
    """A running PostgreSQL; everybody on loopback is trusted. `url` names an empty database."""

    host: str
    port: int
    url: str
    log: Path
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    def new_database(self) -> str:
        """The URL of another empty database, so that tests can share a server."""
        import psycopg

        name = f"test{next(self._numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://postgres@{self.host}:{self.port}/{name}"


@contextlib.contextmanager
def postgresql(*, durable: bool = False) -> Iterator[Postgresql]:
    """PostgreSQL on loopback. `durable` waits for the disk at each commit, as a bench must."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: int(at.parent.name))
    if not places:
        absent("postgres: Debian's package is called postgresql")
    with open_folder("postgresql") as folder:
        data, port, log = folder / "data", free_port(), folder / "log"
        data.mkdir(mode=0o700)
        as_user: list[str] = []
        if os.geteuid() == 0:  # postgres refuses to run as root
            shutil.chown(data, "postgres", "postgres")
            as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        subprocess.run(
            [*as_user, places[-1] / "initdb", "-D", data, "-U", "postgres", "--auth=trust",
             "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        command: list[str | Path] = [
            *as_user,
            places[-1] / "postgres",
            "-D",
            data,
            "-h",
            HOST,
            "-p",
            str(port),
        ]
        command += ["-c", "unix_socket_directories="]
        if not durable:
            command += ["-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]

        def ready() -> bool:
            with contextlib.suppress(OSError):
                return "ready" in (data / "postmaster.pid").read_text("utf-8")
            return False

        with running(command, log=log, ready=ready):
            yield Postgresql(HOST, port, f"postgresql://postgres@{HOST}:{port}/postgres", log)
