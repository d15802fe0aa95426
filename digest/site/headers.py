"""The message as a mail program receives it: its headers and its parts."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message

from digest.site.pages import Around, Listed, issue_page
from digest.text.mail_parts import MAX_PARTS, body_of, decoded_header, headers_of, parse_mail

_MAX_HEAD = 100_000
"""Bytes of a message of which headers are shown."""
_MAX_HEADERS = 500


@dataclass(frozen=True, slots=True)
class _Part:
    depth: int
    kind: str
    charset: str
    encoding: str
    size: int | None


def headers_page(row: Listed, message: bytes, *, around: Around) -> str:
    """The headers of `message`, decoded and as sent, and the tree of its parts."""
    return issue_page(
        "headers.html.j2", "headers", row, around, **told_headers(message, parse_mail(message))
    )


def told_headers(raw: bytes, parsed: Message) -> dict[str, object]:
    """What a page tells of the headers and the parts of `raw`, which is `parsed` already."""
    head, _, _ = raw[:_MAX_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")
    headers = headers_of(head)
    return {
        "headers": [(k, decoded_header(v)) for k, v in headers.items()[:_MAX_HEADERS]],
        "tree": _parts(parsed),
        "defects": sorted({type(defect).__name__ for defect in _defects(parsed)}),
        "raw_head": head.decode("utf-8", errors="replace"),
    }


def _parts(message: Message) -> list[_Part]:
    found: list[_Part] = []
    pending: list[tuple[int, Message]] = [(0, message)]
    while pending and len(found) < MAX_PARTS:
        depth, part = pending.pop()
        inner = part.get_payload() if part.is_multipart() else None
        found.append(
            _Part(
                depth=depth,
                kind=part.get_content_type(),
                charset=str(part.get_content_charset() or ""),
                encoding=str(part.get("Content-Transfer-Encoding") or ""),
                size=None if inner is not None else len(body_of(part)),
            )
        )
        if isinstance(inner, list):
            pending += [(depth + 1, sub) for sub in reversed(inner) if isinstance(sub, Message)]
    return found


def _defects(message: Message) -> list[object]:
    return [defect for part in message.walk() for defect in part.defects]
