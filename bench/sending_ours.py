"""Our senders, each in a process of its own: `… JOB.json` prints what the sending took.

`deliver` keeps no record; its messages are prepared and made out within the seconds counted.
"""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.sending_peers import SENDER, Content, Spent, addresses
from digest.models import Recipient
from digest.send import Prepared, deliver


def bare(
    content: Content, port: int, count: int, *, connections: int = 1, authority: str = ""
) -> Spent:
    """`digest.send.deliver` of `count` messages, start-up not counted."""
    job = {
        "url": f"smtp://127.0.0.1:{port}",
        "count": count,
        "connections": connections,
        "message": str(content.message),
        "authority": authority,
    }
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "job.json"
        file.write_text(json.dumps(job), "utf-8")
        command = [sys.executable, "-m", "bench.sending_ours", str(file)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"deliver failed:\n{ended.stderr[-800:]}")
    told = json.loads(ended.stdout)
    return Spent(count, told["seconds"], told["cpu"])


def main() -> None:
    """Send, and print seconds and CPU seconds as JSON. Exits with 1 where not all were sent."""
    job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    recipients = [Recipient(address=address, fields={}) for address in addresses(job["count"])]
    message = Path(job["message"]).read_bytes()
    authority = job["authority"]
    tls = ssl.create_default_context(cafile=authority) if authority else None
    cpu, start = time.process_time(), time.perf_counter()
    outcomes = deliver(
        recipients,
        Prepared(message).on_the_wire,
        smtp_url=job["url"],
        sender=SENDER,
        connections=job["connections"],
        tls=tls,
    )
    taken, spent = time.perf_counter() - start, time.process_time() - cpu
    if bad := [outcome for outcome in outcomes if outcome.state != "sent"]:
        sys.exit(f"{len(bad)} were not sent: {bad[0]}")
    print(json.dumps({"seconds": taken, "cpu": spent}))


if __name__ == "__main__":
    main()
