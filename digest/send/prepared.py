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
from digest.send.address import is_plain, shown
from digest.send.head import (
    MAX_LINE,
    REBUILD,
    Line,
    checked_headers,
    marked,
    own_ids,
    read_head,
    stamped,
)
from digest.text.slots import HEADER, UNSUBSCRIBE, Slot, cut

_SLOTS = HEADER.lower()
_LINKS = frozenset({"list-unsubscribe", "list-unsubscribe-post"})
_ONE_CLICK = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
_LINK = re.compile(r"https://[!-;=?-~]+")
"""What can stand between < and > in List-Unsubscribe (RFC 2369, 2; RFC 8058, 3.1)."""
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
    List-Unsubscribe and is the field `unsubscribe_url`, which no list can set. `headers` are
    further ones, the same for everybody. Raises SendError for bytes that are no message without a
    To, and for headers that cannot stand in one.
    """

    def __init__(
        self,
        message: bytes,
        *,
        as_test: bool = False,
        now: datetime | None = None,
        unsubscribe: Callable[[str], str] | None = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        head, body = read_head(message)
        stamp = stamped(now) if as_test and now is not None else b""
        self._unsubscribe = unsubscribe
        self._pieces: list[bytes] = [b""]
        self._to = self._id = self._link = -1
        key = self._add_head(head, as_test=as_test, stamp=stamp)
        for line in checked_headers(headers, head):
            self._add(line.raw)
        self._add(b"\r\n")
        self._places = tuple(self._add_body(body, key))
        self._stuffed = [_DOTTED.sub(b"..", piece) for piece in self._pieces]

    def for_recipient(self, recipient: Recipient) -> bytes:
        """The copy for `recipient`, ready to be stored or parsed; it is not dot-stuffed.

        Raises SendError for an address that cannot stand in a header.
        """
        pieces = self._pieces.copy()
        for gap, text in self._own(recipient):
            pieces[gap] = text
        return b"".join(pieces)

    def on_the_wire(self, recipient: Recipient) -> bytes:
        """The same as DATA carries it: with dots stuffed, and the final one (RFC 5321, 4.5.2)."""
        pieces = self._stuffed.copy()
        for gap, text in self._own(recipient):
            # A slot stands between soft line breaks: its text begins a line.
            dotted = text.startswith(b".") or b"\n." in text
            pieces[gap] = _DOTTED.sub(b"..", text) if dotted else text
        pieces.append(b".\r\n")
        return b"".join(pieces)

    def _own(self, recipient: Recipient) -> list[tuple[int, bytes]]:
        """What stands in the gaps for `recipient`: whole headers, and the text of slots."""
        address = recipient.address
        if not is_plain(address):
            raise SendError(
                f"“{shown(address)}” cannot stand in a mail's header.",
                hint="An address looks like ann@example.org.",
            )
        link = self._link_of(address)
        found = [
            (self._to, b"To: %s\r\n" % address.encode("ascii")),
            (self._id, b"Message-ID: %s\r\n" % self._own_id(address)),
        ]
        if link:
            found.append((self._link, b"List-Unsubscribe: <%s>\r\n" % link.encode("ascii")))
        fields: Mapping[str, str] = {"address": address, **recipient.fields, UNSUBSCRIBE: link}
        for slot, blank, gaps in self._places:
            value = fields.get(slot.field, "")
            text = slot.encoded(value) if value else blank
            found += [(gap, text) for gap in gaps]
        return found

    def _link_of(self, address: str) -> str:
        """Where `address` is unsubscribed; empty where the issue's own link stays."""
        if self._unsubscribe is None:
            return ""
        link = self._unsubscribe(address)
        if not _LINK.fullmatch(link) or len(link) > MAX_LINE - len("List-Unsubscribe: <>"):
            raise SendError(
                f"The link at which {address} unsubscribes cannot stand in a mail's header: "
                f"“{shown(link)}”.",
                hint="Set DIGEST_UNSUBSCRIBE_URL to a short https address.",
            )
        return link

    def _add_head(self, head: Sequence[Line], *, as_test: bool, stamp: bytes) -> str:
        """Cut the headers into pieces; returns the key of the slots, if there are any."""
        key = ""
        mark = b"test" + stamp if as_test else b""
        for line in head:
            match line.name:
                case "message-id":
                    self._own_id = own_ids(line.value, mark)
                    self._id = self._gap()
                case "subject":
                    test = Line.of("Subject", marked(line.value)) if as_test else line
                    self._add(test.raw)
                    self._to = self._gap()
                case "date" if stamp:
                    self._add(Line.of("Date", stamp).raw)
                case name if name == _SLOTS:
                    key = line.value.strip().decode("ascii", "replace")
                    if not key:
                        raise SendError("The issue's message has no key of slots.", hint=REBUILD)
                case name if name in _LINKS and self._unsubscribe is not None:
                    pass  # one link, and one way to post to it, are written below
                case _:
                    self._add(line.raw)
        if self._unsubscribe is not None:
            self._link = self._gap()
            self._add(_ONE_CLICK)
        return key

    def _add_body(self, body: bytes, key: str) -> Iterator[_Place]:
        """Cut the body at its slots; yields each slot with the gaps where it stands."""
        found: dict[Slot, list[int]] = {}
        try:
            for piece in cut(body, key) if key else (body,):
                if isinstance(piece, bytes):
                    self._add(piece)
                else:
                    found.setdefault(piece, []).append(self._gap())
        except ValueError as error:
            raise SendError(f"The slots of the issue's message: {error}.", hint=REBUILD) from None
        for slot, gaps in found.items():
            yield _Place(slot, slot.encoded(""), tuple(gaps))

    def _add(self, text: bytes) -> None:
        """Add to the last piece, which is never a gap."""
        self._pieces[-1] += text

    def _gap(self) -> int:
        """Leave a gap behind the last piece, and begin another one."""
        self._pieces += [b"", b""]
        return len(self._pieces) - 2
