"""The job of export: an issue of the archive as one file for other tools."""

from __future__ import annotations

import base64
import re
from typing import Literal

from digest.archive import Archive
from digest.models import Renderings
from digest.text.slots import HEADER, defaulted

Form = Literal["markdown", "eml", "json", "html"]
SUFFIXES: dict[Form, str] = {"markdown": "md", "eml": "eml", "json": "json", "html": "html"}


def exported(archive: Archive, slug: str, form: Form) -> bytes:
    """The issue `slug` as one file.

    `markdown`: see `digest.exchange.as_markdown`. `eml`: its message as a reader gets it of whom
    nothing is known. `json`: the issue's document, as `digest schema issue` describes it. `html`:
    its email with the pictures inside. Raises ArchiveError where it is damaged.
    """
    issue = archive.load(slug)
    if form == "json":
        from digest.codec import to_json

        return (to_json(issue, indent=2) + "\n").encode()
    if form == "markdown":
        from digest.exchange import as_markdown

        return as_markdown(issue).encode("utf-8", "replace")
    renderings = archive.renderings(slug)
    if form == "eml":
        return _plain_message(renderings)
    return _with_pictures(renderings.email_html, archive.media(slug)).encode()


_SLOTS = re.compile(rb"(?im)^" + HEADER.encode() + rb":[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*")
_KINDS = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "webp": "webp"}


def _plain_message(renderings: Renderings) -> bytes:
    """The message with every field's default, and nothing of how its slots are marked."""
    head, gap, body = defaulted(renderings.message).partition(b"\r\n\r\n")
    return _SLOTS.sub(b"", head + b"\r\n").removesuffix(b"\r\n") + gap + body


def _with_pictures(html: str, media: dict[str, bytes]) -> str:
    def inside(hit: re.Match[str]) -> str:
        kind = _KINDS.get(hit[1].rpartition(".")[2].lower())
        data = media.get(hit[1])
        if kind is None or data is None:
            return hit[0]
        return f'src="data:image/{kind};base64,{base64.b64encode(data).decode()}"'

    return re.sub(r'src="(media/[\w.-]+)"', inside, html)
