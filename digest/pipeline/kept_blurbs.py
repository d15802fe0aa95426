"""The blurbs of earlier builds, on disk, so that a rebuild makes only those of what is new.

Derived and disposable: whatever is missing, damaged or of another version of the program is as if
it had never been there. No byte of an issue depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from digest.codec import from_rows, to_json
from digest.disk import read_kept, write_atomic
from digest.models import Blurb
from digest.pipeline.versions import summarizer_version
from digest.summarize import Renewed

MAX_BYTES = 2**20
"""Bytes of the file: some 2,000 blurbs. Those go first that were used longest ago."""


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    blurb: Blurb


@dataclass(frozen=True, slots=True)
class KeptBlurbs:
    """The blurbs by their keys, the latest used last; without a path there are none."""

    path: Path | None = None
    rows: Mapping[str, Blurb] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None) -> KeptBlurbs:
        """What `path` holds of this version of the program."""
        if path is None:
            return cls()
        text = (read_kept(path, limit=MAX_BYTES) or b"").decode("utf-8", "replace")
        # Not by `splitlines`: JSON leaves some separators of lines as they are.
        head, *lines = text.split("\n")
        if head != _head():
            return cls(path)
        rows = (row for _, row in from_rows(_Row, lines, where=path.name))
        return cls(path, {row.key: row.blurb for row in rows if isinstance(row, _Row)})

    def keep(self, renewed: Renewed) -> tuple[str, ...]:
        """Write what was made new to the file, if anything was; a note where that fails."""
        if self.path is None or not renewed.made:
            return ()
        used = {**renewed.kept, **renewed.made}
        rows = {key: blurb for key, blurb in self.rows.items() if key not in used} | used
        head = _head().encode()
        room = MAX_BYTES - len(head)
        lines: list[bytes] = []
        for key, blurb in reversed(rows.items()):
            # Half a character of a broken source is replaced: that blurb is made anew each time.
            line = to_json(_Row(key, blurb)).encode("utf-8", "replace")
            room -= 1 + len(line)
            if room < 0:
                break
            lines.append(line)
        try:
            write_atomic(self.path, b"\n".join((head, *reversed(lines))), mode=0o600)
        except OSError as error:
            what = error.strerror or type(error).__name__
            return (f"The blurbs are not kept, so the next build makes them anew: {what}.",)
        return ()


def _head() -> str:
    return json.dumps({"version": summarizer_version()})
