"""A process that searches the same archive as others do: `FOLDER WORD COUNT`."""

from __future__ import annotations

import sys
from pathlib import Path

from digest.archive import Asked, StoryIndex


def main(folder: str, word: str, count: str) -> None:
    """Search so often, each time as if it were the first; the totals, one a line."""
    for _ in range(int(count)):
        index = StoryIndex(Path(folder) / "issues", Path(folder) / "cache")
        told = f"{index.search(Asked(words=word)).total} {len(index.failures())}"
        sys.stdout.write(f"{told}\n")
        index.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
