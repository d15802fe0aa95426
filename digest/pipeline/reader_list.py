"""A list of readers: where it lies, how it is read, and by which name the ledger knows it."""

from __future__ import annotations

import hashlib
import shlex
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from digest.errors import SendError
from digest.send import STDIN, RecipientRows, open_list, open_source

_PIECE = 1 << 20
_PLANNED = (
    "Name the list that the issue was planned to, after --list; --on-change keep goes on without "
    "reading it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderList:
    """The list of `path`, `-` for standard input, in the newsletter's `folder`.

    `names` are pairs of a column's name and the field that it fills.
    """

    path: Path
    folder: Path
    names: tuple[tuple[str, str], ...] = ()

    @property
    def is_stream(self) -> bool:
        """Whether it comes by standard input, and can be read only once."""
        return self.path == STDIN

    @property
    def name(self) -> str:
        """How the ledger calls it: by its path from the newsletter's folder, if it lies there."""
        if self.is_stream:
            return "-"
        whole = self.path.resolve()
        home = self.folder.resolve()
        return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else str(whole)

    @property
    def typed(self) -> str:
        """How it is named on a command line."""
        return shlex.quote(str(self.path))

    def open(self) -> RecipientRows:
        """The rows; raises SendError for what is no list.

        Standard input is read to its end first, into a file that has no name: whoever plans from
        the rows holds the ledger meanwhile, and what comes by a pipe may take its time.
        """
        if self.is_stream:
            kept = _kept(sys.stdin)
            return open_list(kept, names=self.names, shown="standard input", owned=True)
        return open_list(self.path, names=self.names)

    def sha256(self) -> str:
        """Of the bytes of the file; empty for standard input, which can be read only once."""
        if self.is_stream:
            return ""
        digest = hashlib.sha256()
        if not self.path.exists():
            raise SendError(f"{self.path} is not there any more.", hint=_PLANNED)
        try:
            with open_source(self.path, str(self.path)) as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
        except OSError as error:
            raise SendError(
                f"{self.path} cannot be read: {error.strerror or error}.",
                hint=_PLANNED,
            ) from None
        return digest.hexdigest()


def _kept(stream: TextIO) -> BinaryIO:
    """All that comes by `stream`, in a file that goes with the program."""
    kept = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 # closed with the rows' source
    try:
        shutil.copyfileobj(stream.buffer, kept)
        kept.seek(0)
    except OSError as error:
        kept.close()
        raise SendError(
            f"Standard input cannot be kept: {error.strerror or error}.",
            hint=f"Check the room in {tempfile.gettempdir()}, or put the list into a file.",
        ) from None
    return kept
