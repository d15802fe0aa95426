"""Replays an archive issue by issue, with only the past to learn from."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

import numpy as np

from digest.models import Failure
from digest.pipeline.replayed import Past
from digest.select import Learned, learned, rank, section_names, source_of
from digest.settings import Settings

Step = Callable[[str, int, int], None]

SHUFFLES = 20
"""Orders that equals of a baseline are put into; their mean is taken, since an archive's own order
is its editor's."""

RESAMPLES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Average precision, precision at as many as led, precision at 1, share of sections right.

    None where the archive does not say.
    """

    ap: float | None = None
    p_at_k: float | None = None
    p_at_1: float | None = None
    sections: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What a replay found: ours, the baselines, and 95 % intervals of ours less each baseline.

    `untouched` counts the replayed issues in which no editor chose: there, the selection is
    compared with itself.
    """

    ours: Measured
    baselines: Mapping[str, Measured]
    intervals: Mapping[str, Mapping[str, tuple[float, float]]]
    issues: int
    stories: int
    untouched: int = 0
    failures: tuple[Failure, ...] = ()


@dataclass(slots=True)
class _Sums:
    """Figures by issue, so that differences can be paired; sections by stories right and all."""

    ap: list[float] = field(default_factory=list)
    p_at_k: list[float] = field(default_factory=list)
    p_at_1: list[float] = field(default_factory=list)
    right: list[int] = field(default_factory=list)

    def add(self, orders: Sequence[Sequence[bool]]) -> None:
        """An issue: whether each story led, best first, in each order of equals."""
        self.ap.append(fmean(map(average_precision, orders)))
        k = sum(orders[0])
        self.p_at_k.append(fmean(sum(order[:k]) / k for order in orders))
        self.p_at_1.append(fmean(float(order[0]) for order in orders))

    def measured(self, stories: int) -> Measured:
        def mean(values: Sequence[float]) -> float | None:
            return round(fmean(values), 4) if values else None

        right = round(sum(self.right) / stories, 4) if stories else None
        return Measured(
            ap=mean(self.ap),
            p_at_k=mean(self.p_at_k),
            p_at_1=mean(self.p_at_1),
            sections=right if self.right else None,
        )


def average_precision(led: Sequence[bool]) -> float:
    """The mean, over the stories that led, of the share of leads up to and with each."""
    found, total = 0, 0.0
    for place, one in enumerate(led, start=1):
        if one:
            found += 1
            total += found / place
    return total / found if found else 0.0


def backtest(
    past: Sequence[Past],
    *,
    settings: Settings,
    last: int | None = None,
    failures: tuple[Failure, ...] = (),
    step: Step = lambda *_: None,
) -> Backtest:
    """Replay `past` (in the order of time), the `last` issues of it, each after all before it.

    Rank: issues that show a choice; sections: stories that did not lead. The ranker and the
    sections are those of `select`. Baselines: random; newest first; the source's record, which is
    the share of a source's stories that led (and the section that most of them stood in), two
    stories with the usual share added.
    """
    names = ("ours", "random", "newest", "source")
    sums = {name: _Sums() for name in names}
    counted, stories, sized = 0, 0, []
    replayed = range(max(1, len(past) - (last or len(past))), len(past))
    for done, n in enumerate(replayed):
        step(f"Replaying {past[n].name}", done, len(replayed))
        issue, before = past[n], past[:n]
        taught = learned([one.as_past() for one in before])
        counted += issue.ranks
        if issue.ranks:
            for name, orders in _orders(issue, before, taught, settings).items():
                sums[name].add([[issue.led[i] for i in order] for order in orders])
        placed = [i for i, led in enumerate(issue.led) if not led and issue.sections[i]]
        stories += len(placed)
        sized.append(len(placed))
        for name, found in _sorted(issue, before, taught, placed, settings).items():
            right = sum(a == issue.sections[i] for a, i in zip(found, placed, strict=True))
            sums[name].right.append(right)
    return Backtest(
        ours=sums["ours"].measured(stories),
        baselines={name: sums[name].measured(stories) for name in names[1:]},
        intervals={name: _intervals(sums["ours"], sums[name], sized) for name in names[1:]},
        issues=max(counted, len(replayed) if not counted else 0),
        stories=stories,
        untouched=sum(not past[n].by_hand for n in replayed),
        failures=failures,
    )


def _orders(
    issue: Past, before: Sequence[Past], taught: Learned, settings: Settings
) -> dict[str, list[list[int]]]:
    places = list(range(len(issue.entries)))
    ours = rank(
        issue.entries,
        window=issue.window,
        now=issue.window.end,
        settings=settings,
        learned=taught,
    )
    record = _record(before)
    newest = [e.published.timestamp() if e.published else 0.0 for e in issue.entries]
    worth = [record(source_of(entry)) for entry in issue.entries]
    return {
        "ours": [list(ours)],
        "random": _shuffled(issue.name, [0.0] * len(places)),
        "newest": _shuffled(issue.name, newest),
        "source": _shuffled(issue.name, worth),
    }


def _record(before: Sequence[Past]) -> Callable[[str], float]:
    """What share of a source's stories led, by the source."""
    ran: Counter[str] = Counter(source_of(e) for one in before for e in one.entries)
    led: Counter[str] = Counter()
    for one in before:
        led.update(source_of(e) for e, it in zip(one.entries, one.led, strict=True) if it)
    usual = sum(led.values()) / max(1, sum(ran.values()))
    return lambda source: (led[source] + 2 * usual) / (ran[source] + 2)


def _shuffled(name: str, scores: Sequence[float]) -> list[list[int]]:
    """Best first, equals in each of several orders, which are always the same for an issue."""
    rng = random.Random(name)  # noqa: S311 (a fixed shuffle)
    found = []
    for _ in range(SHUFFLES):
        order = list(range(len(scores)))
        rng.shuffle(order)
        found.append(sorted(order, key=lambda place: -scores[place]))
    return found


def _sorted(
    issue: Past,
    before: Sequence[Past],
    taught: Learned,
    placed: Sequence[int],
    settings: Settings,
) -> dict[str, list[str]]:
    """The section that each method gives to the stories at `placed`."""
    entries = [issue.entries[i] for i in placed]
    seen: Counter[str] = Counter()
    by_source: dict[str, Counter[str]] = defaultdict(Counter)
    for one in before:
        for entry, led, section in zip(one.entries, one.led, one.sections, strict=True):
            if not led and section:
                seen[section] += 1
                by_source[source_of(entry)][section] += 1
    common = seen.most_common(1)[0][0] if seen else ""
    names = sorted(seen)
    rng = random.Random(issue.name)  # noqa: S311 (a fixed choice)
    return {
        "ours": list(section_names(entries, settings, taught)),
        "random": [rng.choice(names) if names else "" for _ in entries],
        "newest": [common for _ in entries],
        "source": [
            by_source[s].most_common(1)[0][0] if (s := source_of(e)) in by_source else common
            for e in entries
        ],
    }


def _intervals(ours: _Sums, other: _Sums, sized: Sequence[int]) -> dict[str, tuple[float, float]]:
    """The 95 % interval of ours less the other, over issues drawn with replacement (bootstrap).

    One issue alone has none: drawn again and again, it is always itself.
    """
    found: dict[str, tuple[float, float]] = {}
    for name in ("ap", "p_at_k", "p_at_1"):
        gain = np.array(getattr(ours, name)) - np.array(getattr(other, name))
        if len(gain) > 1:
            found[name] = _interval(gain, np.ones(len(gain)))
    if sum(map(bool, sized)) > 1:
        gain = np.array(ours.right, dtype=float) - np.array(other.right, dtype=float)
        found["sections"] = _interval(gain, np.array(sized, dtype=float))
    return found


def _interval(gains: Any, weights: Any) -> tuple[float, float]:
    rng = np.random.default_rng(7)
    drawn = rng.integers(0, len(gains), size=(RESAMPLES, len(gains)))
    means = gains[drawn].sum(axis=1) / np.maximum(weights[drawn].sum(axis=1), 1)
    low, high = np.quantile(means, (0.025, 0.975))
    return round(float(low), 4), round(float(high), 4)
