"""DKIM signatures of one issue's copies (RFC 6376), one for each key.

`c=relaxed/relaxed`: a server that folds a header anew, or drops a space at a line's end, breaks
nothing; and it costs no more than `simple`, since what recipients share is canonicalized once.
`h=` names From and Subject once more than there are, so that nobody can add a second one. No `l=`,
which lets anybody append to a body, and no `x=`. `t=` is the message's own Date, and both kinds of
signatures are the same for the same words: so is the mail, whenever it is made.
"""

from __future__ import annotations

import hashlib
import re
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from digest.errors import SendError
from digest.send.message.dkim import Signer
from digest.send.message.head import REBUILD, Line

if TYPE_CHECKING:
    from hashlib import _Hash

_SIGNED = (
    "From", "Reply-To", "Subject", "Date", "List-Id", "Feedback-ID", "MIME-Version", "Content-Type",
    "To", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
)  # fmt: skip
"""Signed where a message has them."""
_ONCE_MORE = ("From", "Subject")
_COLUMNS = 78
_IN_A_LINE = 72  # characters of a signature
_SPACES = re.compile(rb"[ \t]+")


class Seal:
    """What the signatures of an issue's copies have in common, hashed once.

    `shared` are the headers of all copies, `own` the names of those that each has for itself.
    `pieces` are the body, empty at its gaps: the first and the last are none, what stands before a
    gap ends in CRLF, and what stands behind one begins with "=". Raises SendError for a message
    without From or Date.
    """

    def __init__(
        self,
        signers: Sequence[Signer],
        *,
        shared: Iterable[Line],
        own: Sequence[str],
        pieces: Sequence[bytes],
    ) -> None:
        lines = {line.name: line for line in shared}
        when = _seconds(lines)
        first = [name for name in _SIGNED if name.lower() in lines]
        self._head = hashlib.sha256(b"".join(relaxed(lines[name.lower()].raw) for name in first))
        self._own = [(b"%s:" % name.lower().encode("ascii"), len(name) + 2) for name in own]
        names = [*first, *own, *_ONCE_MORE]
        self._signatures = [_Signature(signer, names, when) for signer in signers]
        canonical = [_SPACES.sub(b" ", piece).replace(b" \r\n", b"\r\n") for piece in pieces]
        end = canonical[-1].rstrip(b"\r\n")
        canonical[-1] = end + b"\r\n" if end else b""
        self._body = hashlib.sha256(canonical[0])
        self._rest = canonical[1:]

    def signed(self, own: Iterable[bytes], gaps: Iterable[tuple[int, bytes]]) -> bytes:
        """The DKIM-Signature headers of a copy.

        `own` are its own headers in the order of their names, each `Name: value` and CRLF without
        other white space; `gaps` are places among the pieces, and what stands there.
        """
        rest = self._rest.copy()
        for gap, text in gaps:
            rest[gap - 1] = _SPACES.sub(b" ", text) if b"  " in text else text
        body = self._body.copy()
        for piece in rest:  # which is faster than to join them first
            body.update(piece)
        hashed = b2a_base64(body.digest(), newline=False)
        head = self._head.copy()
        for (name, value_at), line in zip(self._own, own, strict=True):
            head.update(name + line[value_at:])
        return b"".join(signature.header(head, hashed) for signature in self._signatures)


class _Signature:
    """The header of one key: all of it but the hash of a body, and the signature."""

    def __init__(self, signer: Signer, names: Sequence[str], when: int) -> None:
        tags = (
            "v=1", f"a={signer.algorithm}", "c=relaxed/relaxed", f"d={signer.domain}",
            f"s={signer.selector}", f"t={when}",
        )  # fmt: skip
        begun, *others = names
        pieces = [*(f" {tag};" for tag in tags), f" h={begun}", *(f":{other}" for other in others)]
        lines = ["DKIM-Signature:"]
        for piece in pieces:
            if len(lines[-1]) + len(piece) < _COLUMNS:  # and a ";" behind the last
                lines[-1] += piece
            else:
                lines.append(piece if piece.startswith(" ") else f" {piece}")
        self._before = "\r\n".join(lines).encode("ascii") + b";\r\n bh="
        self._relaxed = relaxed(self._before).removesuffix(b"\r\n")
        self._sign = signer.signing()

    def header(self, head: _Hash, body: bytes) -> bytes:
        """The header of a copy with this hash of other headers, and of its body in base64."""
        whole = head.copy()
        whole.update(self._relaxed + body + b"; b=")
        made = b2a_base64(self._sign(whole.digest()), newline=False)
        lines = [made[at : at + _IN_A_LINE] for at in range(0, len(made), _IN_A_LINE)]
        return b"%s%s;\r\n b=%s\r\n" % (self._before, body, b"\r\n ".join(lines))


def relaxed(header: bytes) -> bytes:
    """A header in the form that is signed (RFC 6376, 3.4.2), with CRLF."""
    name, _, value = header.partition(b":")
    words = _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return b"%s:%s\r\n" % (name.strip().lower(), words)


def _seconds(lines: dict[str, Line]) -> int:
    """The Date of a message, in seconds since 1970."""
    if "from" not in lines or "date" not in lines:
        raise SendError("The issue's message has no From or no Date.", hint=REBUILD)
    try:
        moment = parsedate_to_datetime(lines["date"].value.decode("ascii", "replace").strip())
    except ValueError:
        raise SendError("The Date of the issue's message is malformed.", hint=REBUILD) from None
    return int(moment.timestamp())
