"""What a fetch costs: memory past its bound on a bomb, bytes of a second run, time of many hosts.

Run with `python -m bench.net [--json]`. Everything stays on loopback, and ends by itself.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import socket
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

from digest.collect.ahead import fetched_ahead
from digest.errors import FetchError
from digest.net import Courier, Policy, Store, fetch, prepare
from tests.net.loopback import PUBLIC, Loopback
from tests.net.test_guard import PRIVATE, SPELLINGS
from tests.servers import BOMB_BYTES, FaultServer

NEWS = "http://news.example.org"
BOUND = 4 * 2**20


def _serve(line: Any) -> None:
    """A fault server in a process of its own, so that its memory is not counted."""
    with FaultServer() as server:
        line.send(server.port)
        line.recv()


def bomb() -> dict[str, Any]:
    """Peak memory of a fetch of a gzip bomb, beyond the bound of its policy."""
    prepare()
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    port = ours.recv()

    def connect(_: tuple[str, int], seconds: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), seconds)

    policy = Policy(
        resolve=lambda *_, **__: [(0, 0, 0, "", (PUBLIC, 80))],
        connect=connect,
        max_bytes=BOUND,
        timeout_s=60.0,
    )
    for counted in (False, True):
        if counted:
            tracemalloc.start()
        try:
            fetch(f"{NEWS}/bomb", policy)
        except FetchError:
            pass
        else:
            raise SystemExit("The bomb was not refused.")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    ours.send("done")
    process.join()
    return {"inflates_to": BOMB_BYTES, "bound": BOUND, "past_the_bound": peak - BOUND}


def second_run(net: Loopback) -> dict[str, Any]:
    """Bytes of bodies that a first and a second run bring of ten unchanged sources."""
    server = net.server
    server.add("/robots.txt", "User-agent: *\nAllow: /\n")
    for n in range(10):
        server.add(f"/f{n}.xml", b"x" * 50_000, "application/xml", {"ETag": f'"{n}"'})
    brought = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            server.bodies = 0
            courier = Courier(net.policy(), Store(Path(folder)))
            for n in range(10):
                courier(f"{NEWS}/f{n}.xml")
            brought.append(server.bodies)
    server.pages.clear()
    return {"first": brought[0], "second": brought[1]}


def many_hosts(net: Loopback, hosts: int = 12) -> dict[str, Any]:
    """Seconds for slow pages of many hosts: ahead, as `build` fetches, and one after the other."""
    for n in range(hosts):
        net.names[f"h{n}.example.org"] = net.names["news.example.org"]
    urls = [f"http://h{n}.example.org/slow/{k}" for n in range(hosts) for k in range(2)]
    start = time.perf_counter()
    for future in fetched_ahead(urls, Courier(net.policy(robots=False))).values():
        future.result()
    ahead = time.perf_counter() - start
    start = time.perf_counter()
    one_by_one = Courier(net.policy(robots=False))
    for url in urls:
        one_by_one(url)
    serial = time.perf_counter() - start
    return {"pages": len(urls), "hosts": hosts, "ahead_s": ahead, "one_by_one_s": serial}


def refusals() -> dict[str, Any]:
    """How many private, special or disguised hosts of the tests' table are refused."""

    def no_network(*_: object, **__: object) -> Any:
        raise AssertionError("asked the network")

    policy = Policy(resolve=no_network, connect=no_network)
    hosts = [word for word, _ in [*PRIVATE, *SPELLINGS]]
    refused = 0
    for host in hosts:
        try:
            fetch(host if "://" in host else f"http://{host}/", policy)
        except FetchError:
            refused += 1
    return {"hosts": len(hosts), "refused": refused}


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with FaultServer() as server:
        report = {
            "gzip bomb of 1 MB, bytes": bomb(),
            "ten unchanged sources, bytes of bodies": second_run(Loopback(server)),
            "slow hosts": many_hosts(Loopback(server)),
            "hosts that are not public": refusals(),
        }
    if options.json:
        print(json.dumps(report, indent=2))
        return
    for name, row in report.items():
        print(f"{name}: " + ", ".join(f"{k} {v:,.4g}" for k, v in row.items()))


if __name__ == "__main__":
    main()
