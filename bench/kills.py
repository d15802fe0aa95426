"""Nobody twice, nobody missed: a sender killed again and again while the server misbehaves.

    python -m bench.kills --kills 300 --jobs 2 --seed 1

Exit status 1 where the server's log and the ledger differ; the seed of the campaign is printed, and
`--campaign SEED` runs that one alone.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.send.faults.campaign import Campaign, Result, Run
from tests.send.faults.senders import DigestSender, Sender, StandInSender

KILLS_EACH = 15


def run_campaigns(
    sender: Sender,
    *,
    seed: int,
    kills: int,
    jobs: int,
    recipients: tuple[int, int],
    each: int = KILLS_EACH,
) -> list[Result]:
    """Campaigns of the seeds `seed * 1000`, and on from there, until there were enough kills."""
    results: list[Result] = []
    lock = threading.Lock()
    begun = 0

    def work() -> None:
        nonlocal begun
        while True:
            with lock:
                planned = sum(r.kills for r in results)
                if planned >= kills or any(r.violations for r in results):
                    return
                number, begun = begun, begun + 1
            campaign = Campaign.drawn(
                seed * 1000 + number, recipients=recipients, kills=min(each, kills - planned)
            )
            result = run_campaign(sender, campaign)
            with lock:
                results.append(result)
                _tell(result)

    with ThreadPoolExecutor(jobs) as pool:
        for job in [pool.submit(work) for _ in range(jobs)]:
            job.result()
    return results


def run_campaign(sender: Sender, campaign: Campaign) -> Result:
    """One campaign in a folder of its own, which stays where something was wrong."""
    folder = Path(tempfile.mkdtemp(prefix=f"kills-{campaign.seed}-"))
    result = Run(campaign, sender, folder).result()
    if result.violations:
        result.violations.append(f"all of it lies in {folder}")
    else:
        shutil.rmtree(folder)
    return result


_HEAD = ("seed", "list", "conn", "pipel", "TLS", "kills", "stops", "second", "faults", "sent",
         "unknown", "most/kill")  # fmt: skip


def _tell(result: Result) -> None:
    c = result.campaign
    print(
        *(f"{value!s:>9}" for value in (
            c.seed, c.recipients, c.connections, "yes" if c.pipelining else "no",
            "yes" if c.tls else "no", result.kills, result.stops, result.second_senders,
            result.faults, result.sent, result.unknown, result.most_unknown)),
        flush=True,
    )  # fmt: skip
    for violation in result.violations:
        print(f"  VIOLATION in campaign {c.seed}: {violation}", flush=True)


def main(words: Sequence[str] | None = None) -> int:
    """Run what is asked for, print a line a campaign, and say by the status whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recipients", default="200-800", help="the shortest and longest list")
    parser.add_argument("--campaign", type=int, help="this campaign alone")
    parser.add_argument("--stand-in", metavar="HOW", help="a stand-in that is wrong in this way")
    given = parser.parse_args(words)
    low, _, high = given.recipients.partition("-")
    recipients = (int(low), int(high or low))
    sender = _sender(given.stand_in)
    began = time.monotonic()
    print(*(f"{name:>9}" for name in _HEAD))
    if given.campaign is not None:
        campaign = Campaign.drawn(given.campaign, recipients=recipients, kills=KILLS_EACH)
        results = [run_campaign(sender, campaign)]
        _tell(results[0])
    else:
        results = run_campaigns(
            sender, seed=given.seed, kills=given.kills, jobs=given.jobs, recipients=recipients
        )
    wrong = [result for result in results if result.violations]
    for result in results:
        for what in result.oddities:
            print(f"  odd, in campaign {result.campaign.seed}: {what}")
    print(
        f"{sum(r.kills for r in results)} kills, {sum(r.stops for r in results)} stops, "
        f"{sum(r.campaign.recipients for r in results)} recipients, "
        f"{sum(r.faults for r in results)} faults, {len(wrong)} campaigns with violations, "
        f"at most {max((r.most_unknown for r in results), default=0)} unknown by one kill; "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if wrong else 0


def _sender(stand_in: str | None) -> Sender:
    if stand_in is not None:
        return StandInSender("" if stand_in == "right" else stand_in)
    return DigestSender()


if __name__ == "__main__":
    sys.exit(main())
