"""A ledger that fails stops the run: no body goes out unrecorded, nobody is lost, one sentence."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.send.faults.senders import (
    DigestSender,
    Start,
    clean_environment,
    ledger_copy,
    states_in,
)
from tests.send.faults.served import served
from tests.send.faults.truth import Truth, differences

PEOPLE = tuple(f"reader{n}@example.org" for n in range(400))
SENDER = DigestSender()
SLOW = ("--late", "0.01")
"""A server that takes its time, so that there is a middle of a run."""
PAGE = 4096


@dataclass
class Sending:
    """A newsletter, its server, and the runs over it; `prefix` is put before each command."""

    folder: Path
    port: int
    truth: Truth
    prefix: tuple[str, ...] = ()

    @property
    def ledger(self) -> Path:
        return self.folder / "var" / "ledger.db"

    def start(self, *, resume: bool = False) -> subprocess.Popen[str]:
        start = Start(port=self.port, connections=4)
        return subprocess.Popen(
            [*self.prefix, *SENDER.command(self.folder, start, resume=resume)],
            cwd=self.folder, env=clean_environment(SENDER.environment(start)), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def resumed(self, *, resume: bool = True) -> tuple[int, str]:
        """Exit status and standard error of a run that goes on."""
        process = self.start(resume=resume)
        said = process.communicate(timeout=180)[1]
        return process.returncode, said

    def taken(self) -> int:
        self.truth.read_on()
        return self.truth.accepted.total()

    def begun(self, messages: int = 40) -> subprocess.Popen[str]:
        """A run that has sent some messages, and stands still until it is told to `go_on`.

        So it cannot come to its end while a busy machine lets its test wait.
        """
        process = self.start()
        while self.taken() < messages:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.005)
        process.send_signal(signal.SIGSTOP)
        return process

    def killed(self) -> None:
        """A run that was killed when it had sent some messages; its ledger is one whole file."""
        process = self.begun()
        process.kill()
        process.communicate()
        deadline = time.monotonic() + 60
        while self.taken() >= 0 and self.truth.open and time.monotonic() < deadline:
            time.sleep(0.01)
        with contextlib.closing(sqlite3.connect(self.ledger)) as ledger:
            ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def settled(self) -> None:
        """Everybody got it once, after a last run; the ledger says so."""
        status, said = self.resumed(resume=bool(SENDER.states(self.folder)))
        assert status in {0, 1}, said
        assert "Traceback" not in said
        self.taken()
        states = SENDER.states(self.folder)
        found = list(differences(self.truth, states, everybody=PEOPLE, at_the_end=True))
        assert not found, found


@contextlib.contextmanager
def prepared(folder: Path) -> Iterator[Sending]:
    SENDER.prepare(folder / "newsletter", PEOPLE)
    with served(folder, options=SLOW) as (port, log):
        yield Sending(folder / "newsletter", port, Truth(log))


@pytest.fixture
def sending(tmp_path: Path) -> Iterator[Sending]:
    with prepared(tmp_path) as sending:
        yield sending


@pytest.fixture(scope="module")
def killed_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sending]:
    with prepared(tmp_path_factory.mktemp("killed")) as sending:
        sending.killed()
        yield sending


@pytest.fixture
def killed(killed_once: Sending) -> Iterator[Sending]:
    """A send that was killed in the middle; its ledger is put back afterwards."""
    var = killed_once.folder / "var"
    shutil.copytree(var, killed_once.folder / "kept")
    yield killed_once
    killed_once.prefix = ()
    shutil.rmtree(var)
    (killed_once.folder / "kept").rename(var)


def go_on(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGCONT)


def one_sentence(said: str, *words: str) -> None:
    """What standard error holds: one error, its hint, no traceback."""
    assert "Traceback" not in said
    assert said.count("error: ") == 1, said
    assert any(word in said for word in words), said


def stopped_in_the_middle(sending: Sending, states: Mapping[str, str]) -> None:
    """Some have it, some do not, and the ledger knows of everybody whom the server heard of."""
    sending.taken()
    assert not list(differences(sending.truth, states, everybody=PEOPLE, at_the_end=False))
    assert len(states) == len(PEOPLE)
    assert 0 < sending.taken() < len(PEOPLE)


# --- A disk that is full


def test_a_ledger_that_may_not_grow_stops_the_run(sending: Sending) -> None:
    process = sending.begun()
    limit = sending.ledger.with_name("ledger.db-wal").stat().st_size
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limit, limit))
    go_on(process)
    said = process.communicate(timeout=180)[1]
    assert process.returncode == 1
    one_sentence(said, "cannot be written")
    stopped_in_the_middle(sending, SENDER.states(sending.folder))
    sending.settled()


def test_no_room_to_plan_sends_to_nobody(sending: Sending) -> None:
    process = sending.start()
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (2 * PAGE, 2 * PAGE))
    said = process.communicate(timeout=180)[1]
    assert process.returncode == 1
    one_sentence(said, "cannot be written", "File too large")
    assert not sending.taken()
    sending.settled()


def small_disk() -> tuple[str, ...]:
    """The words that run a command with a small disk of its own as `var`."""
    mount = 'mkdir -p var && mount -t tmpfs -o size=1200k none var && exec "$@"'
    for options in (("-m",), ("-r", "-m")):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            tried = ["unshare", *options, "mount", "-t", "tmpfs", "none", "/mnt"]
            subprocess.run(tried, check=True, capture_output=True)
            return ("unshare", *options, "sh", "-c", mount, "sh")
    pytest.skip("this machine lets nobody mount a disk of its own")


def test_a_full_disk_stops_the_run(sending: Sending) -> None:
    sending.prefix = small_disk()
    process = sending.begun()
    # The disk lies in the sender's own namespace of mounts, and is there as long as it is open.
    inside = os.open(f"/proc/{process.pid}/root{sending.folder}/var", os.O_RDONLY)
    try:
        disk = Path(f"/proc/self/fd/{inside}")
        with contextlib.suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(b"x" * PAGE)
        go_on(process)
        said = process.communicate(timeout=180)[1]
        shutil.copytree(disk, sending.folder / "kept", ignore=shutil.ignore_patterns("ballast"))
    finally:
        os.close(inside)
    assert process.returncode == 1
    one_sentence(said, "cannot be written")
    with ledger_copy(sending.folder / "kept" / "ledger.db") as ledger:
        assert ledger is not None
        stopped_in_the_middle(sending, states_in(ledger))
    # Somebody makes room.
    shutil.copytree(sending.folder / "kept", sending.folder / "var", dirs_exist_ok=True)
    sending.prefix = ()
    sending.settled()


# --- A ledger that somebody else holds


@contextlib.contextmanager
def held_by_another(file: Path, run: subprocess.Popen[str] | None = None) -> Iterator[None]:
    """Another program holds the ledger; a `run` that stands still goes on when that is ready."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None);"
        "print('ready', flush=True);"
        "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(file)], text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        if run is not None:  # it may hold the ledger itself at this moment
            go_on(run)
        assert other.stdout.readline() == "held\n"
        yield
    finally:
        other.communicate("")


def test_a_ledger_that_is_locked_in_mid_send_stops_the_run(sending: Sending) -> None:
    process = sending.begun()
    with held_by_another(sending.ledger, process):
        said = process.communicate(timeout=180)[1]
        stopped_in_the_middle(sending, SENDER.states(sending.folder))
    assert process.returncode == 1
    one_sentence(said, "locked by another process")
    sending.settled()


def test_a_ledger_that_is_locked_lets_nobody_begin(killed: Sending) -> None:
    before, states = killed.taken(), SENDER.states(killed.folder)
    with held_by_another(killed.ledger):
        status, said = killed.resumed()
    assert status == 1
    one_sentence(said, "locked by another process")
    assert killed.taken() == before
    assert SENDER.states(killed.folder) == states


# --- A ledger that is damaged


def _its_header(file: Path) -> None:
    with file.open("r+b") as ledger:
        ledger.write(b"\0" * 100)


def _a_page_in_the_middle(file: Path) -> None:
    with file.open("r+b") as ledger:
        ledger.seek(file.stat().st_size // PAGE // 2 * PAGE)
        ledger.write(bytes(range(256)) * (PAGE // 256))


def _half_of_it_gone(file: Path) -> None:
    os.truncate(file, file.stat().st_size // PAGE // 2 * PAGE)


def _emptied(file: Path) -> None:
    os.truncate(file, 0)


def _another_file(file: Path) -> None:
    file.write_text("Dear diary,\n" * 1000)


def _a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGE: tuple[Callable[[Path], None], ...] = (
    _its_header, _a_page_in_the_middle, _half_of_it_gone, _emptied, _another_file, _a_folder,
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda d: d.__name__.strip("_"))
def test_a_damaged_ledger_sends_to_nobody(damage: Callable[[Path], None], killed: Sending) -> None:
    before, ledger = killed.taken(), killed.ledger
    damage(ledger)
    damaged = ledger.read_bytes() if ledger.is_file() else b""
    status, said = killed.resumed()
    assert status == 1, said
    one_sentence(said, "ledger")
    assert killed.taken() == before
    if damaged:  # nobody mends or replaces it: what can be saved is there
        assert ledger.read_bytes() == damaged


@pytest.mark.parametrize("resume", [True, False], ids=["resumed", "begun anew"])
def test_a_ledger_that_is_gone_is_no_reason_to_begin_anew(resume: bool, killed: Sending) -> None:
    before = killed.taken()
    killed.ledger.unlink()
    status, said = killed.resumed(resume=resume)
    assert status == 1
    one_sentence(said, "ledger")
    assert killed.taken() == before


def read_only(folder: Path) -> tuple[str, ...]:
    """The words that run a command which cannot write into `folder`; no permission binds root."""
    if os.getuid():
        folder.chmod(0o500)
        for file in folder.iterdir():
            file.chmod(0o400)
        return ()
    mount = f'mount --bind {folder} {folder} && mount -o remount,ro,bind {folder} && exec "$@"'
    words = ("unshare", "-m", "sh", "-c", mount, "sh")
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode:
        pytest.skip("root that may not mount cannot be kept from writing")
    return words


def test_a_ledger_that_cannot_be_written_sends_to_nobody(killed: Sending) -> None:
    before, states, var = killed.taken(), SENDER.states(killed.folder), killed.ledger.parent
    killed.prefix = read_only(var)
    try:
        status, said = killed.resumed()
    finally:
        var.chmod(0o700)
    assert status == 1, said
    one_sentence(said, "ledger")
    assert killed.taken() == before
    assert SENDER.states(killed.folder) == states
