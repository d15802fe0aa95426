"""How fast mail goes out, beside other senders: `python -m bench.sending [--only ledger,far]`.

All send the same issue, in turns: a round has one run of each sender, and a ratio is the median
of the rounds' ratios, so that a machine that is busy for a while is busy for both. smtp-source and
smtp-sink are postfix's (Debian's package); the others come from PyPI, see `sending_peers`.
smtp-sink looks at every byte, and limits whoever is quick; `quick` has a sink that does not.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import pytest

from bench.node_tools import MissingToolError
from bench.sending_issue import sample_issue
from bench.sending_ours import bare
from bench.sending_peers import PINS, SENDER, Content, Spent, driver, mailmerge, rss2email, timed
from bench.sending_sink import fast_sink
from tests.mail_servers import delayed, postfix, smtp_sink, smtp_source_path
from tests.send.servers import make_certificates

MANY = 16
"""Connections, where there is more than one."""
FEW = 4
MOST = 20_000
Run = Callable[[int], Spent]


@dataclass(frozen=True, slots=True)
class Bar:
    """Ours against one other sender: what is wanted, and the best that is known."""

    ours: str
    other: str
    wanted: float
    best: str


@dataclass(frozen=True, slots=True)
class Match:
    """Senders that send the same to the same server."""

    title: str
    senders: dict[str, Run]
    bars: tuple[Bar, ...] = ()


Place = Callable[[Content], contextlib.AbstractContextManager[Match]]


def smtp_source(content: Content, port: int, count: int, *, connections: int) -> Spent:
    """smtp-source at its best: connections are kept (`-d`); it does not pipeline."""
    words: list[str | Path] = [
        smtp_source_path(), "-4", "-d", "-s", str(connections), "-l", str(content.size),
        "-m", str(count), "-f", SENDER, "-t", "reader@example.org", f"127.0.0.1:{port}",
    ]  # fmt: skip
    return timed(words, folder=content.folder, count=count)


@contextlib.contextmanager
def ledger(content: Content) -> Iterator[Match]:
    """`digest send --yes` with its durable ledger."""
    from bench.sending_ledger import fsync_ms, sending, whole_command

    with smtp_sink() as sink:
        yield Match(
            f"{MANY} connections into smtp-sink; digest with its ledger, on a disk whose fsync "
            f"takes {fsync_ms(content.folder):.2f} ms",
            {
                "digest send": partial(sending, content, sink.port, connections=MANY),
                "the whole command": partial(whole_command, content, sink.port, connections=MANY),
                "smtp-source": partial(smtp_source, content, sink.port, connections=MANY),
            },
            (Bar("digest send", "smtp-source", 0.9, "0.83–1.08"),),
        )


@contextlib.contextmanager
def one(content: Content) -> Iterator[Match]:
    """One connection, no ledger, beside everybody."""
    with smtp_sink() as sink:
        port = sink.port
        yield Match(
            "one connection into smtp-sink; no ledger",
            {
                "digest": partial(bare, content, port),
                "smtp-source": partial(smtp_source, content, port, connections=1),
                "smtplib": partial(driver, "smtplib", content, port),
                "aiosmtplib": partial(driver, "aiosmtplib", content, port),
                "django": partial(driver, "django", content, port),
                "yagmail": partial(driver, "yagmail", content, port),
                "mailmerge": partial(mailmerge, content, port),
                "rss2email": partial(rss2email, content, port),
            },
            (
                Bar("digest", "smtp-source", 1.1, "1.17"),
                Bar("digest", "django", 10, "15"),
                Bar("digest", "mailmerge", 25, "40"),
                Bar("digest", "rss2email", 50, "80"),
            ),
        )


@contextlib.contextmanager
def far(content: Content) -> Iterator[Match]:
    """A server that is 30 ms away and back."""
    with smtp_sink() as sink, delayed(sink.port, 0.015) as way:
        yield Match(
            f"{MANY} connections into smtp-sink, 30 ms away; no ledger",
            {
                "digest": partial(bare, content, way.port, connections=MANY),
                "smtp-source": partial(smtp_source, content, way.port, connections=MANY),
            },
            (Bar("digest", "smtp-source", 3.5, "3.7"),),
        )


@contextlib.contextmanager
def tls(content: Content) -> Iterator[Match]:
    """STARTTLS, into a real server."""
    certificates = make_certificates(content.folder)
    with postfix(tls=certificates, transport="discard:") as server:
        authority = str(certificates.certificate)
        yield Match(
            "one connection into postfix, STARTTLS; no ledger",
            {
                "digest": partial(bare, content, server.port, authority=authority),
                "smtplib": partial(driver, "smtplib", content, server.port, authority=authority),
            },
            (Bar("digest", "smtplib", 10, "15"),),
        )


@contextlib.contextmanager
def quick(content: Content) -> Iterator[Match]:
    """What the senders themselves can do: no bar, a check that the bars measure them."""
    with fast_sink() as port:
        senders: dict[str, Run] = {}
        for connections in (1, MANY):
            senders[f"digest, {connections}"] = partial(
                bare, content, port, connections=connections
            )
            senders[f"smtp-source, {connections}"] = partial(
                smtp_source, content, port, connections=connections
            )
        yield Match("1 and 16 connections into a sink that only looks for the end", senders)


PLACES: dict[str, Place] = {"ledger": ledger, "one": one, "far": far, "tls": tls, "quick": quick}


def measure(match: Match, *, rounds: int, seconds: float) -> dict[str, list[Spent]]:
    """The runs of each sender; each lasts about that many seconds, warm-ups apart."""
    counts = {name: _lasting(run, seconds) for name, run in match.senders.items()}
    found: dict[str, list[Spent]] = {name: [] for name in match.senders}
    for _ in range(rounds):
        for name, run in match.senders.items():
            found[name].append(run(counts[name]))
    return found


def _lasting(run: Run, seconds: float) -> int:
    """How many messages take about that many seconds, beside what opening connections takes."""
    few, many = run(FEW), run(4 * FEW)
    while (more := many.seconds - few.seconds) < seconds / 4 and many.count < MOST / 4:
        few, many = many, run(4 * many.count)
    each = max(more, 0.001) / (many.count - few.count)
    return max(4 * FEW, min(MOST, int(seconds / each)))


def ratio(found: dict[str, list[Spent]], ours: str, other: str) -> tuple[float, float, float]:
    """Median, least and greatest of the rounds' ratios."""
    each = [a.rate / b.rate for a, b in zip(found[ours], found[other], strict=True)]
    return median(each), min(each), max(each)


def told(match: Match, found: dict[str, list[Spent]]) -> Iterator[str]:
    """The lines of a table."""
    first = next(iter(found))
    yield f"{match.title}"
    yield f"  {'sender':20} {'msgs/s':>8} {'least–most':>15} {'CPU ms':>7} {'messages':>8}"
    for name, runs in found.items():
        rates = [run.rate for run in runs]
        spread = f"{min(rates):,.0f}–{max(rates):,.0f}"
        cpu = median(run.cpu_ms for run in runs)
        beside = "" if name == first else f"  {first} is {ratio(found, first, name)[0]:.2f} ×"
        yield (
            f"  {name:20} {median(rates):8,.0f} {spread:>15} {cpu:7.3f} {runs[0].count:8,}{beside}"
        )


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and print tables; ends with 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(PLACES), help="some of these, by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5, help="of one run, about")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(words)
    if unknown := set(asked.only.split(",")) - set(PLACES):
        parser.error(f"no such match: {', '.join(sorted(unknown))}")
    rows: list[tuple[str, float, str, float, float, float]] = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            content = sample_issue(Path(folder))
            if not asked.json:
                print(f"{content.size:,} bytes a message; {', '.join(PINS)}\n", flush=True)
            for name in asked.only.split(","):
                with PLACES[name](content) as match:
                    found = measure(match, rounds=asked.rounds, seconds=asked.seconds)
                if not asked.json:
                    print(*told(match, found), "", sep="\n", flush=True)
                for bar in match.bars:
                    what = f"{name}: {bar.ours} against {bar.other}"
                    rows.append((what, bar.wanted, bar.best, *ratio(found, bar.ours, bar.other)))
    except (MissingToolError, RuntimeError, pytest.skip.Exception) as error:
        sys.exit(str(error))
    if asked.json:
        keys = ("what", "wanted", "known_best", "measured", "least", "most")
        print(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2))
    else:
        print(f"{'ratio':44} {'wanted':>7} {'known best':>10} {'measured':>9}  least–most")
        for what, wanted, best, measured, least, most in rows:
            print(f"{what:44} {wanted:7.1f} {best:>10} {measured:9.2f}  {least:.2f}–{most:.2f}")
    sys.exit(any(measured < wanted for _, wanted, _, measured, *_ in rows))


if __name__ == "__main__":
    main()
