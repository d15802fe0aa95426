"""The rows of a list that name nobody, as a file for whoever mends the list."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from digest.disk import sync_folder
from digest.errors import SendError
from digest.models import Failure

# What a spreadsheet takes for a formula, or strips to find one (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def report_rows(path: Path, failures: Iterable[Failure]) -> int:
    """Write `failures` to the CSV file `path`, and tell how many; see BadRows."""
    with BadRows(path) as rows:
        rows.add(failures)
    return rows.count


class BadRows:
    """A CSV file of failures, written as they come: where, what, hint.

    It holds addresses, so only its owner may read it; it is there whole or not at all. A cell that
    a spreadsheet would run is written behind an apostrophe. Raises SendError where it cannot be
    written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # mkstemp makes a file of mode 600, whatever the umask.
            handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        except OSError as error:
            raise self._unwritten(error) from None
        self._temporary = Path(name)
        self._file = os.fdopen(handle, "w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(("where", "what", "hint"))
        return self

    def add(self, failures: Iterable[Failure]) -> None:
        """Write these, too."""
        try:
            for failure in failures:
                self._writer.writerow(map(harmless, (failure.where, failure.what, failure.hint)))
                self.count += 1
        except OSError as error:
            raise self._unwritten(error) from None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with self._file:
                if error is None:
                    self._file.flush()
                    os.fsync(self._file.fileno())
            if error is None:
                self._temporary.replace(self.path)
                sync_folder(self.path.parent)
        except OSError as failed:
            if error is None:
                raise self._unwritten(failed) from None
        finally:
            self._temporary.unlink(missing_ok=True)

    def _unwritten(self, error: OSError) -> SendError:
        return SendError(
            f"The report {self.path} cannot be written: {error.strerror or error}.",
            hint="Check the folder and the room on the disk.",
        )


def harmless(cell: str) -> str:
    """A cell that no spreadsheet computes."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
