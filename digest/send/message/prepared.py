"""An issue's message, cut once at everything that differs between its recipients.

A recipient's copy is made by filling the gaps and joining the pieces: no header is written anew,
no body encoded again. Bytes put together by hand lack what the email package guards, so it is
guarded here: an address, a header or a link that could begin another header is refused, and fields
come through `Slot.encoded`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from digest.errors import SendError
from digest.models import Recipient
from digest.send.address import is_sendable, shown
from digest.send.message.dkim import Signer
from digest.send.message.head import (
    MAX_LINE,
    REBUILD,
    Line,
    arranged,
    checked_headers,
    own_ids,
    read_head,
)
from digest.send.message.seal import Seal
from digest.text.slots import HEADER, UNSUBSCRIBE, Slot, cut

_SLOTS = HEADER.lower()
_LINK = re.compile(r"https://[!-;=?-~]+")
"""What can stand between < and > in List-Unsubscribe (RFC 2369, 2; RFC 8058, 3.1)."""
_LONGEST_LINK = MAX_LINE - len("List-Unsubscribe: <>")
_DOTTED = re.compile(rb"(?m)^\.")


class _Place(NamedTuple):
    """A slot, what it holds for who has no such field, and the gaps where it stands."""

    slot: Slot
    blank: bytes
    gaps: tuple[int, ...]


class Prepared:
    """A message that is ready to be made out to anybody.

    Each copy has a To header, a Message-ID of its own, and the recipient's fields in its slots;
    every other byte is the issue's, with CRLF at every line's end. The Message-ID derives from the
    issue's and the address, so the same mail has the same one always. A test (`as_test`) is marked
    `[TEST]` in its subject, dated `now` where that is given, and both go into its Message-ID:
    inboxes show each test, on the day it came, and do not take the real mail for a copy of it.

    `unsubscribe` gives the https URL at which an address is unsubscribed: it stands in
    List-Unsubscribe and is the field `unsubscribe_url`, which no list can set. Each of `signers`
    puts a DKIM-Signature on top. `headers` are further ones, the same for everybody. Raises
    SendError for bytes that are no message without a To, and for headers that cannot stand in one.
    """

    def __init__(
        self,
        message: bytes,
        *,
        as_test: bool = False,
        now: datetime | None = None,
        unsubscribe: Callable[[str], str] | None = None,
        signers: Sequence[Signer] = (),
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        head, body = read_head(message)
        now = now if as_test else None
        more = checked_headers(headers, head)
        lines = [*arranged(head, as_test=as_test, now=now, linked=unsubscribe is not None), *more]
        found = {line.name: line.value.strip() for line in head}
        self._own_id = own_ids(found["message-id"], as_test=as_test, now=now)
        self._unsubscribe = unsubscribe
        self._pieces: list[bytes] = [b""]
        self._top = self._gap()
        gaps = dict(self._add_head(lines))
        self._to, self._id, self._link = (
            gaps["To"],
            gaps["Message-ID"],
            gaps.get("List-Unsubscribe"),
        )
        self._pieces += [b"\r\n"]
        self._body = len(self._pieces)
        self._pieces += [b""]
        key = found[_SLOTS].decode("ascii", "replace") if _SLOTS in found else None
        self._places = tuple(self._add_body(body, key))
        self._stuffed = [_DOTTED.sub(b"..", piece) for piece in self._pieces]
        self._seal = (
            Seal(
                signers,
                shared=[line for line in lines if isinstance(line, Line)],
                own=["To", "Message-ID", *(["List-Unsubscribe"] if unsubscribe else [])],
                pieces=self._pieces[self._body :],
            )
            if signers
            else None
        )

    def for_recipient(self, recipient: Recipient) -> bytes:
        """The copy for `recipient`, ready to be stored or parsed; it is not dot-stuffed.

        Raises SendError for an address that cannot stand in a header.
        """
        pieces = self._pieces.copy()
        for gap, text in self._filled(recipient):
            pieces[gap] = text
        return b"".join(pieces)

    def on_the_wire(self, recipient: Recipient) -> bytes:
        """The same as DATA carries it: with dots stuffed, and the final one (RFC 5321, 4.5.2)."""
        pieces = self._stuffed.copy()
        for gap, text in self._filled(recipient):
            # A slot stands between soft line breaks: its text begins a line.
            dotted = text.startswith(b".") or b"\n." in text
            pieces[gap] = _DOTTED.sub(b"..", text) if dotted else text
        pieces.append(b".\r\n")
        return b"".join(pieces)

    def _filled(self, recipient: Recipient) -> list[tuple[int, bytes]]:
        """What stands in the gaps for `recipient`: whole headers, and the text of slots."""
        address = recipient.address
        if not is_sendable(address):
            raise SendError(
                f"“{shown(address)}” cannot stand in a mail's header.",
                hint="An address looks like ann@example.org.",
            )
        link = self._link_of(address)
        head = [
            (self._to, b"To: %s\r\n" % address.encode("utf-8")),
            (self._id, b"Message-ID: %s\r\n" % self._own_id(address)),
        ]
        if self._link is not None:
            head.append((self._link, b"List-Unsubscribe: <%s>\r\n" % link.encode("ascii")))
        fields: Mapping[str, str] = {"address": address, **recipient.fields, UNSUBSCRIBE: link}
        body: list[tuple[int, bytes]] = []
        for slot, blank, gaps in self._places:
            value = fields.get(slot.field)
            text = slot.encoded(value) if value else blank
            body += [(gap, text) for gap in gaps]
        if self._seal is None:
            return head + body
        signed = self._seal.signed(
            [line for _, line in head], [(gap - self._body, text) for gap, text in body]
        )
        return [(self._top, signed), *head, *body]

    def _link_of(self, address: str) -> str:
        """Where `address` is unsubscribed; empty where the issue's own link stays."""
        if self._unsubscribe is None:
            return ""
        link = self._unsubscribe(address)
        if not _LINK.fullmatch(link) or len(link) > _LONGEST_LINK:
            raise SendError(
                f"The link at which {address} unsubscribes cannot stand in a mail's header: "
                f"“{shown(link)}”.",
                hint="Set DIGEST_UNSUBSCRIBE_URL to a short https address.",
            )
        return link

    def _add_head(self, lines: Sequence[Line | str]) -> Iterator[tuple[str, int]]:
        """Add headers; yields the names of those that each copy has for itself, and their gaps."""
        for line in lines:
            if isinstance(line, Line):
                self._pieces[-1] += line.raw
            else:
                yield line, self._gap()

    def _add_body(self, body: bytes, key: str | None) -> Iterator[_Place]:
        """Add a body, cut at its slots; yields each slot with the gaps where it stands."""
        found: dict[Slot, list[int]] = {}
        try:
            for piece in (body,) if key is None else cut(body, key):
                if isinstance(piece, bytes):
                    self._pieces[-1] += piece
                else:
                    found.setdefault(piece, []).append(self._gap())
            for slot, gaps in found.items():
                yield _Place(slot, slot.encoded(""), tuple(gaps))
        except ValueError as error:
            raise SendError(f"The slots of the issue's message: {error}.", hint=REBUILD) from None

    def _gap(self) -> int:
        """Leave a gap behind the last piece, and begin another one."""
        self._pieces += [b"", b""]
        return len(self._pieces) - 2
