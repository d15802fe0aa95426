"""Who is next: limits in all and by domain, and nobody lost between the queues."""

from __future__ import annotations

import itertools
from bisect import bisect_right

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models import Recipient
from digest.send import Job, Schedule
from digest.send.smtp.schedule import LOW

SLACK = 0.1  # seconds that a schedule makes up for


def job(number: int, domain: str = "example.org") -> Job:
    return Job(str(number), Recipient(address=f"r{number}@{domain}"), domain)


def jobs(count: int, domain: str = "example.org", *, first: int = 0) -> list[Job]:
    return [job(first + number, domain) for number in range(count)]


def popped(schedule: Schedule, now: float) -> list[int]:
    """Who may go at this moment."""
    return [int(found.key) for found in iter(lambda: schedule.pop(now), None)]


def drained(schedule: Schedule, until: float, *, now: float = 0.0) -> list[tuple[float, Job]]:
    """When each job goes, where the clock jumps from one to the next."""
    gone = []
    while (wait := schedule.wait(now)) is not None and now + wait <= until:
        now += wait
        found = schedule.pop(now)
        if found is None:  # the sum of two floats fell short of the moment
            now += 1e-9
            continue
        gone.append((now, found))
    return gone


def test_without_limits_all_go_at_once_in_their_order() -> None:
    schedule = Schedule()
    schedule.add(jobs(5))
    assert popped(schedule, 7.0) == [0, 1, 2, 3, 4]
    assert schedule.wait(7.0) is None
    assert schedule.pop(7.0) is None


def test_a_rate_spreads_them_evenly() -> None:
    schedule = Schedule(rate=2)
    schedule.add(jobs(5))
    moments = [moment for moment, _ in drained(schedule, 100.0, now=50.0)]
    gaps = [b - a for a, b in itertools.pairwise(moments)]
    assert gaps == pytest.approx([0.4, 0.5, 0.5, 0.5])


@pytest.mark.parametrize("rate", [0.1, 1.0, 5.0])
def test_a_slow_rate_lets_nobody_go_together(rate: float) -> None:
    """After a pause, too: what was not used is not made up for beyond a tenth of a second."""
    schedule = Schedule(rate=rate)
    schedule.add(jobs(3))
    assert [popped(schedule, now) for now in (1000.0, 1000.0, 2000.0)] == [[0], [], [1]]


def test_what_lateness_costs_is_made_up_for_within_a_tenth_of_a_second() -> None:
    schedule = Schedule(rate=100)
    schedule.add(jobs(40))
    popped(schedule, 10.0)
    assert len(popped(schedule, 10.055)) == 5
    assert len(popped(schedule, 20.0)) in {10, 11}  # as floats have it


def test_a_slow_domain_stops_nobody_else() -> None:
    schedule = Schedule(domain_rates={"slow.example.org": 1})
    schedule.add([*jobs(50, "slow.example.org"), *jobs(20, first=100), *jobs(20, "b.example.org")])
    gone = popped(schedule, 5.0)
    assert len(gone) == 41
    assert len([number for number in gone if number >= 100]) == 20
    assert schedule.wait(5.0) == pytest.approx(0.9)


def test_a_domain_keeps_its_rate_beside_the_one_of_all() -> None:
    schedule = Schedule(rate=10, domain_rates={"slow.example.org": 2})
    schedule.add([*jobs(100, "slow.example.org"), *jobs(500, first=1000)])
    gone = drained(schedule, 20.0)
    slow = [moment for moment, found in gone if int(found.key) < 1000]
    assert len(gone) == pytest.approx(10 * 20, abs=3)
    assert len(slow) == pytest.approx(2 * 20, abs=3)


def test_a_job_that_is_put_back_is_the_next_of_its_queue() -> None:
    schedule = Schedule(domain_rates={"slow.example.org": 1000})
    schedule.add([job(1), job(2), job(3, "slow.example.org")])
    first = schedule.pop(0.0)
    assert first is not None
    schedule.put_back(first)
    assert len(schedule) == 3
    assert [n for n in popped(schedule, 0.0) if n < 3] == [1, 2]


def test_a_queue_asks_for_more_before_it_is_empty() -> None:
    schedule = Schedule(domain_rates={"slow.example.org": 1})
    assert set(schedule.low()) == {"", "slow.example.org"}
    schedule.add(jobs(LOW))
    assert schedule.low() == ("slow.example.org",)
    schedule.add(jobs(LOW, "slow.example.org", first=1000))
    assert schedule.low() == ()
    schedule.pop(0.0)
    assert len(schedule.low()) == 1
    assert schedule.limited == ("slow.example.org",)


DOMAINS = ("a.example.org", "b.example.org", "c.example.org")
RATES = st.sampled_from([0.0, 0.3, 1.0, 7.0, 50.0, 1000.0])


@given(
    RATES,
    st.dictionaries(st.sampled_from(DOMAINS[:2]), RATES),
    st.lists(st.floats(0, 3, allow_subnormal=False), min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 59), st.sampled_from(DOMAINS)), max_size=80),
    st.sets(st.integers(0, 80)),
)
@settings(max_examples=150, deadline=None)
def test_no_window_of_time_has_more_than_its_rate(
    rate: float,
    domain_rates: dict[str, float],
    steps: list[float],
    comes: list[tuple[int, str]],
    put_back: set[int],
) -> None:
    """Whatever the clock and whenever jobs come: no limit is passed, and each goes once."""
    schedule = Schedule(rate=rate, domain_rates=domain_rates)
    gone: list[tuple[float, Job]] = []
    taken: dict[str, list[float]] = {"": [], **{d: [] for d in domain_rates}}
    now = 1e6
    came = 0
    for number, step in enumerate(steps):
        now += step
        new = [job(i, domain) for i, (at, domain) in enumerate(comes) if at == number]
        came += len(new)
        schedule.add(new)
        while (found := schedule.pop(now)) is not None:
            taken[""].append(now)
            if found.domain in domain_rates:
                taken[found.domain].append(now)
            if int(found.key) in put_back:
                put_back.discard(int(found.key))
                schedule.put_back(found)
            else:
                gone.append((now, found))
    left = popped_without_limits(schedule)
    assert len(gone) + len(left) == came
    assert len({int(found.key) for _, found in gone} | set(left)) == came
    for name, limit in {**domain_rates, "": rate}.items():
        if limit:
            most_in_any_window(taken[name], limit)


def popped_without_limits(schedule: Schedule) -> list[int]:
    found = []
    now = 1e7
    while len(schedule):
        now += 1000.0
        found += popped(schedule, now)
    return found


def most_in_any_window(moments: list[float], rate: float) -> None:
    for start, moment in enumerate(moments):
        for length in (0.0, 0.05, 0.5, 1.0, 10.0):
            count = bisect_right(moments, moment + length) - start
            assert count <= rate * (length + SLACK) + 1 + 1e-6
