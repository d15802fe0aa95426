"""One campaign: one list, one server that misbehaves, one sender that is killed again and again."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.send.faults.senders import Sender, Start, clean_environment
from tests.send.faults.served import served
from tests.send.faults.truth import Truth, differences, uncertain

_MOST_RUNS = 80
"""Runs after the last kill; a sender that needs more does not end."""
_PATIENCE = 60.0
"""Seconds without a new line in the server's log after which a sender counts as stuck."""
_MOST_ODDITIES = 2
"""Of one campaign: what is only slow now and then is told, what is so always is wrong."""


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """What is tried, all of it drawn from `seed`."""

    seed: int
    recipients: int
    kills: int
    connections: int
    pipelining: bool
    tls: bool
    away: float
    late: float = 0
    """Mean seconds before an answer of the server: without it a list is over before a kill."""
    stops: float = 0.15
    """How many of the runs are asked to stop, instead of killed."""
    doubled: float = 0.1
    """In how many of the runs a second sender starts."""
    only: tuple[str, ...] | None = None
    """The faults, as `faults.chosen` reads them; None: all."""

    @staticmethod
    def drawn(seed: int, *, recipients: tuple[int, int], kills: int) -> Campaign:
        """The campaign of a seed, with as many kills at most."""
        rng = random.Random(f"campaign {seed}")
        connections = rng.choice((1, 2, 3, 4, 8, 16))
        return Campaign(
            seed=seed,
            recipients=rng.randint(*recipients),
            kills=kills,
            connections=connections,
            late=connections * 0.002,  # some 250 messages a second
            pipelining=rng.random() < 0.75,
            tls=rng.random() < 0.3,
            away=rng.choice((0, 0, 4)),
        )


@dataclass
class Result:
    """What a campaign came to."""

    campaign: Campaign
    kills: int = 0
    stops: int = 0
    second_senders: int = 0
    faults: int = 0
    sent: int = 0
    unknown: int = 0
    most_unknown: int = 0
    """Of one kill, without those whose answer the server lost."""
    violations: list[str] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)
    """Slowness: told, and a violation where it comes again and again in one campaign."""


def rows_of(campaign: Campaign) -> tuple[str, ...]:
    """Addresses, each once."""
    rng = random.Random(f"rows {campaign.seed}")
    domains = [f"d{n}.example.org" for n in range(20)] + ["example.org"] * 20
    return tuple(f"reader{n}@{rng.choice(domains)}" for n in range(campaign.recipients))


class _Violation(Exception):  # noqa: N818 # it is a finding, no error
    pass


class Run:
    """A campaign at work in `folder`."""

    def __init__(self, campaign: Campaign, sender: Sender, folder: Path) -> None:
        self._campaign, self._sender = campaign, sender
        self._rng = random.Random(f"run {campaign.seed}")
        self._folder = folder
        self._newsletter = folder / "newsletter"
        self._authority = folder / "authority.pem" if campaign.tls else None
        self._truth: Truth
        self._rows = rows_of(campaign)
        self._result = Result(campaign)
        self._known: frozenset[str] = frozenset()
        self._kills_since = 0
        self._start_up = 1.0
        self._port = 0

    def result(self) -> Result:
        """Run it to its end, or to the first violation."""
        self._sender.prepare(self._newsletter, self._rows)
        with self._server(), contextlib.suppress(_Violation):
            while self._result.kills < self._campaign.kills and not self._done():
                self._one_run()
            for _ in range(_MOST_RUNS):
                if self._done():
                    break
                self._until_it_ends()
            self._compare(at_the_end=True)
            self._until_it_ends(failed=True)
        states = self._sender.states(self._newsletter)
        self._result.sent = sum(state == "sent" for state in states.values())
        self._result.unknown = len(uncertain(states))
        self._result.faults = self._truth.faults.total()
        return self._result

    @contextlib.contextmanager
    def _server(self) -> Iterator[None]:
        campaign = self._campaign
        options = ["--seed", str(campaign.seed)]
        options += [] if campaign.pipelining else ["--no-pipelining"]
        options += ["--authority", str(self._authority)] if self._authority else []
        options += ["--away", str(campaign.away), "--late", str(campaign.late)]
        with served(self._folder, only=campaign.only, options=options) as (self._port, log):
            self._truth = Truth(log)
            yield

    def _spawn(self, name: str = "sender", *, failed: bool = False) -> subprocess.Popen[bytes]:
        resume = bool(self._sender.states(self._newsletter))
        start = Start(
            port=self._port,
            connections=self._campaign.connections,
            authority=self._authority,
            clock_seed=self._rng.randrange(1 << 30) if self._rng.random() < 0.3 else None,
        )
        with (self._folder / f"{name}.err").open("wb") as errors:
            return subprocess.Popen(
                self._sender.command(self._newsletter, start, resume=resume, failed=failed),
                cwd=self._newsletter,
                env=clean_environment(self._sender.environment(start)),
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
            )

    def _one_run(self) -> None:
        """Start it; at a moment of chance, kill it, or ask it to stop."""
        process = self._spawn()
        try:
            early = self._wait_for_the_moment(process)
            if self._rng.random() < self._campaign.doubled and process.poll() is None:
                self._second_sender(process)
            if process.poll() is None:
                # Python itself answers Ctrl-C with a traceback until the program has begun.
                if early or self._rng.random() >= self._campaign.stops:
                    process.kill()
                    process.wait()
                    self._result.kills += 1
                    self._kills_since += 1
                else:
                    self._stop(process, self._rng.choice((signal.SIGINT, signal.SIGTERM)))
        finally:
            process.kill()
            process.wait()
        self._said_no_traceback("sender")
        if self._rng.random() < 0.7:  # else the next run finds the server still at work
            self._compare()

    def _wait_for_the_moment(self, process: subprocess.Popen[bytes]) -> bool:
        """In the first moments, or after some messages: both where the ledger is at work.

        Whether it is one of the first.
        """
        began, before = time.monotonic(), self._truth.connections
        done = self._truth.accepted.total()
        left = max(1, self._campaign.recipients - done)
        kills_left = max(1, self._campaign.kills - self._result.kills)
        early = self._rng.random() < 0.3
        wait = self._rng.uniform(0, 1.3 * self._start_up)
        wanted = done + self._rng.randint(1, max(2, int(1.7 * left / (kills_left + 1))))
        while process.poll() is None:
            self._truth.read_on()
            waited = time.monotonic() - began
            if before < self._truth.connections and before >= 0:
                self._start_up, before = waited, -1  # it has begun to talk
            if early and waited >= wait:
                break
            if not early and before < 0 and self._truth.accepted.total() >= wanted:
                time.sleep(self._rng.uniform(0, 0.03))
                break
            if waited > _PATIENCE:
                self._odd(f"no progress in {_PATIENCE:.0f} s")
                break
            time.sleep(0.002)
        return early

    def _second_sender(self, first: subprocess.Popen[bytes]) -> None:
        """One that starts while the first is at work has to refuse."""
        second = self._spawn("second")
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                second.wait(timeout=_PATIENCE)
            if first.poll() is None:
                if second.returncode is None:
                    self._odd(f"a second sender says nothing in {_PATIENCE:.0f} s")
                if second.returncode == 0:
                    self._violate("a second sender at the same time ends as if all were well")
                self._result.second_senders += 1
        finally:
            second.kill()
            second.wait()
        self._said_no_traceback("second")

    def _stop(self, process: subprocess.Popen[bytes], how: signal.Signals) -> None:
        process.send_signal(how)
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self._odd(f"{how.name} does not stop it in 40 s")
        self._result.stops += 1

    def _until_it_ends(self, *, failed: bool = False) -> None:
        process = self._spawn(failed=failed)
        try:
            last, since = -1, time.monotonic()
            while process.poll() is None:
                size = self._truth.log.stat().st_size
                if size != last:
                    last, since = size, time.monotonic()
                if time.monotonic() - since > _PATIENCE:
                    self._odd(f"no progress in {_PATIENCE:.0f} s")
                    process.kill()
                    process.wait()
                    self._kills_since += 1
                    process = self._spawn(failed=failed)
                    since = time.monotonic()
                time.sleep(0.01)
        finally:
            process.kill()
            process.wait()
        self._said_no_traceback("sender")
        self._compare()

    def _done(self) -> bool:
        states = self._sender.states(self._newsletter)
        return len(states) >= len(self._rows) and not (
            {"planned", "sending", "waiting"} & set(states.values())
        )

    def _compare(self, *, at_the_end: bool = False) -> None:
        """Ledger against server, when the server has read all that was written to it."""
        waited = 0.0
        while True:
            self._truth.read_on()
            if not self._truth.open or waited > 15:
                break
            time.sleep(0.01)
            waited += 0.01
        states = self._sender.states(self._newsletter)
        for difference in differences(
            self._truth, states, everybody=self._rows, at_the_end=at_the_end
        ):
            self._result.violations.append(difference)
        now = uncertain(states) - self._truth.honest_unknown
        new = now - self._known
        bound = self._campaign.connections * self._kills_since
        if len(new) > bound + self._truth.crashes:
            self._result.violations.append(
                f"{len(new)} unknown after {self._kills_since} kills at "
                f"{self._campaign.connections} connections: {sorted(new)[:5]}"
            )
        if self._kills_since == 1 and not self._truth.crashes:
            self._result.most_unknown = max(self._result.most_unknown, len(new))
        self._known |= now
        self._kills_since = self._truth.crashes = 0
        if self._result.violations:
            raise _Violation

    def _said_no_traceback(self, name: str) -> None:
        said = (self._folder / f"{name}.err").read_text("utf-8", "replace")
        # Python's own, where it is interrupted while it loads the program, or ends.
        if "Traceback" in said and "KeyboardInterrupt" in said:
            self._odd(f"interrupted at its start or end: {said[-200:]}")
        elif "Traceback" in said:
            self._violate(f"a traceback: {said[-1500:]}")

    def _odd(self, what: str) -> None:
        """What breaks no promise about anybody, and may be a busy machine: told, counted."""
        self._result.oddities.append(what)
        if len(self._result.oddities) > _MOST_ODDITIES:
            self._violate(f"odd again and again: {what}")

    def _violate(self, what: str) -> None:
        self._result.violations.append(what)
        raise _Violation
