"""One moment at which a fetch is over, however many steps it takes."""

from __future__ import annotations

import time


class Deadline:
    """`seconds` from now on the clock that never goes back."""

    __slots__ = ("_end",)

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that remain, more than 0; raises TimeoutError when there are none."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def extend(self, seconds: float) -> None:
        """Put the end off: time that was spent waiting for one's turn is nobody's fault."""
        self._end += seconds
