"""The message as a mail program receives it: its headers and its parts."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from digest.site.pages import Around, Listed, issue_page

_MAX_PARTS = 200


@dataclass(frozen=True, slots=True)
class _Part:
    depth: int
    kind: str
    charset: str
    encoding: str
    size: int | None


def headers_page(row: Listed, message: bytes, *, around: Around) -> str:
    """The headers of `message`, decoded and as sent, and the tree of its parts."""
    parsed = message_from_bytes(message)
    head, _, _ = message.replace(b"\r\n", b"\n").partition(b"\n\n")
    return issue_page(
        "headers.html.j2",
        "headers",
        row,
        around,
        headers=[(name, _decoded(str(value))) for name, value in parsed.items()],
        parts=_parts(parsed),
        defects=sorted({type(defect).__name__ for defect in _defects(parsed)}),
        raw=head.decode("utf-8", errors="replace"),
    )


def _decoded(value: str) -> str:
    """A header's value as a person reads it; as it stands where it cannot be decoded."""
    unfolded = " ".join(value.split())
    try:
        return str(make_header(decode_header(unfolded)))
    except (ValueError, LookupError):
        return unfolded


def _parts(message: Message) -> list[_Part]:
    found: list[_Part] = []
    pending: list[tuple[int, Message]] = [(0, message)]
    while pending and len(found) < _MAX_PARTS:
        depth, part = pending.pop()
        inner = part.get_payload() if part.is_multipart() else None
        body = None if inner is not None else part.get_payload(decode=True)
        found.append(
            _Part(
                depth=depth,
                kind=part.get_content_type(),
                charset=str(part.get_content_charset() or ""),
                encoding=str(part.get("Content-Transfer-Encoding") or ""),
                size=len(body) if isinstance(body, bytes) else None,
            )
        )
        if isinstance(inner, list):
            pending += [(depth + 1, sub) for sub in reversed(inner) if isinstance(sub, Message)]
    return found


def _defects(message: Message) -> list[object]:
    return [defect for part in message.walk() for defect in part.defects]
