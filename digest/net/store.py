"""What earlier fetches brought, kept on disk so that the next may ask "has it changed?".

Derived and disposable: whatever is missing, damaged or of another version is as if it had never
been there. An answer is used again only when its server says that it still holds.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from digest.disk import write_atomic
from digest.net.policy import Fetched

_VERSION = 1
MAX_BYTES = 256 * 2**20
"""Bytes that all kept answers take together; the oldest go first."""
MAX_AGE_S = 90 * 86_400
"""Seconds after which an answer that nobody asked for again goes."""
_HEAD = 65_536
_FIELDS = ("url", "status", "content_type", "charset", "etag", "last_modified")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer of an earlier run, and when (seconds of the epoch) its server last vouched."""

    fetched: Fetched
    at: float


class Store:
    """The folder of kept answers; safe for several threads, and for several processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._pruned = False

    def find(self, url: str) -> Kept | None:
        """What `url` gave; None where nothing, or nothing whole, is kept."""
        try:
            raw = self._path(url).read_bytes()
        except OSError:
            return None
        head, mark, body = raw.partition(b"\n")
        try:
            row: Any = json.loads(head) if mark and len(head) < _HEAD else None
            if row["version"] != _VERSION or row["asked"] != url:
                return None
            if row["sha256"] != sha256(body).hexdigest():
                return None
            fields = {name: row[name] for name in _FIELDS}
            kept = Kept(fetched=Fetched(**fields, body=body), at=float(row["at"]))
        except (ValueError, TypeError, KeyError):
            return None
        texts = (value for name, value in fields.items() if name != "status")
        return kept if all(isinstance(value, str) for value in texts) else None

    def keep(self, url: str, fetched: Fetched, *, at: float) -> None:
        """Keep what `url` gave at the moment `at`; a disk that is full costs nothing but that."""
        row = {name: getattr(fetched, name) for name in _FIELDS}
        row |= {"version": _VERSION, "asked": url, "at": at}
        row["sha256"] = sha256(fetched.body).hexdigest()
        with contextlib.suppress(OSError), self._lock:
            self._ready()
            data = json.dumps(row).encode() + b"\n" + fetched.body
            write_atomic(self._path(url), data, mode=0o600)
            self._prune(now=at)

    def vouched(self, url: str, kept: Kept, fetched: Fetched, *, at: float) -> Fetched:
        """The kept answer, which the server of `url` just said still holds; with its validators."""
        again = replace(
            kept.fetched,
            etag=fetched.etag or kept.fetched.etag,
            last_modified=fetched.last_modified or kept.fetched.last_modified,
        )
        self.keep(url, again, at=at)
        return replace(again, not_modified=True)

    def waits(self) -> Mapping[str, float]:
        """The hosts that asked to be left alone, and until when (seconds of the epoch)."""
        try:
            rows = json.loads((self._folder / "hosts.json").read_bytes())
            return {str(host): float(until) for host, until in rows.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def wait(self, host: str, *, until: float, now: float) -> None:
        """Remember that `host` asked to be left alone."""
        with contextlib.suppress(OSError), self._lock:
            self._ready()
            rows = {name: moment for name, moment in self.waits().items() if moment > now}
            rows[host] = until
            data = json.dumps(rows, sort_keys=True)
            write_atomic(self._folder / "hosts.json", data, mode=0o600)

    def _path(self, url: str) -> Path:
        """By hash: an address may hold a secret, and letters that no file name can."""
        name = sha256(url.encode("utf-8", "replace")).hexdigest()[:40]
        return self._folder / f"{name}.answer"

    def _ready(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        os.chmod(self._folder, 0o700)  # noqa: PTH101 - of the folder itself

    def _prune(self, *, now: float) -> None:
        """Once a run: forget what is old, then the oldest beyond the bound."""
        if self._pruned:
            return
        self._pruned = True
        found = [(path.stat(), path) for path in self._folder.glob("*.answer")]
        left = sum(stat.st_size for stat, _ in found)
        for stat, path in sorted(found, key=lambda row: row[0].st_mtime):
            if left <= MAX_BYTES and now - stat.st_mtime < MAX_AGE_S:
                break
            path.unlink(missing_ok=True)
            left -= stat.st_size
