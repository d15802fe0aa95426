"""The one error tree.

::

    DigestError                 anything that a user can cause; `str(error)` is one sentence
    ├── UsageError              the command's words are off (exit status 2)
    ├── SettingsError           a setting is wrong: its key, what was expected, where it was read
    ├── DocumentError           a file or a row that cannot be read: file, line, key
    ├── SourceError             one source gave nothing: unreachable, refused, not understood
    │   └── FetchError          the network's part of it
    ├── TemplateError           a template has a mistake: file, line, column
    ├── RenderError             a rendering broke one of the pipeline's assertions
    ├── ArchiveError            an issue is missing, damaged, locked or frozen
    │   └── BusyError           another process writes to the archive: trying again later helps
    └── SendError               a message could not be handed over
        └── LedgerError         the record of who was sent what cannot be read or written
"""

from __future__ import annotations

from typing import Literal


class DigestError(Exception):
    """A failure that a person can mend.

    `what` is one sentence that names the file, key, line, URL or address; `hint` is the next
    thing to do, often a command to type.
    """

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()


class UsageError(DigestError):
    """The words of a command do not fit together."""


class SettingsError(DigestError):
    """A setting has a wrong value, or is missing where it is needed."""


class DocumentError(DigestError):
    """A file, or one row of it, does not read as what it should be."""


class SourceError(DigestError):
    """A source gave nothing."""


class FetchError(SourceError):
    """A URL could not be fetched, or was refused before any byte was sent.

    `status` is the answer's number, 0 where there was none; `again`: a fault that may pass, so
    that asking again helps; `retry_after` is what the server said of when, as it said it, and
    `host` which server that was. `reason` tells apart what has no number: a host that does not
    exist, an address inside a private network, and what was not asked at all, since its site does
    not want it.
    """

    def __init__(
        self,
        what: str,
        *,
        hint: str = "",
        status: int = 0,
        again: bool = False,
        retry_after: str = "",
        host: str = "",
        reason: Literal["", "no-host", "private", "unasked"] = "",
    ) -> None:
        super().__init__(what, hint=hint)
        self.reason = reason
        self.status = status
        self.again = again
        self.retry_after = retry_after
        self.host = host


class TemplateError(DigestError):
    """A template has a mistake; the message gives file, line and column."""


class RenderError(DigestError):
    """A rendering broke one of the pipeline's own assertions."""


class ArchiveError(DigestError):
    """An issue of the archive is missing, damaged, locked or frozen."""


class BusyError(ArchiveError):
    """Another process writes to the archive, or wrote to it in between; it may be tried again."""


class SendError(DigestError):
    """A message could not be handed over to a mailbox or a server."""


class LedgerError(SendError):
    """The ledger cannot be read or written: no message goes out without it."""
