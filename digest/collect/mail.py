"""A newsletter saved as a mail (`.eml`): its letter as one entry, or the stories that it teases.

Who received it reaches no entry: neither the To line nor links that are made for one reader.
"""

from __future__ import annotations

import contextlib
import re
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from typing import Any

from digest.collect.article import parse_page
from digest.collect.body import read_body
from digest.collect.document import Document, Reading
from digest.collect.encoding import decode
from digest.collect.entries import make_entry
from digest.collect.index_pages import is_index, teased
from digest.collect.lines import same_line
from digest.collect.mail_headers import LONGEST_HEADER, header, raw_headers, sender_name, unbased
from digest.collect.mail_readers import Readers, readers
from digest.collect.pictures import Pictures
from digest.collect.saved_text import split_units
from digest.collect.story_entries import Around, story_entry
from digest.errors import SourceError
from digest.models import Entry
from digest.text.markup import Block, Picture, clean_text, read_markup, up_to
from digest.text.urls import safe_link

MAX_TAGS = 60_000
"""Tags of a letter that are read, as of a page; and lines."""
MAX_LETTER = 2_000_000
"""Characters of a letter that are read."""
_DEEPEST = 20
_MOST_PARTS = 200
_FOR_ONE = re.compile(
    r"unsubscribe|opt-?out|preferences|manage|subscription|d[ée]sabonn|abbestell|abmeld|cancelar|"
    r"darse de baja|baja|disiscriv|afmeld|配信停止|退订|إلغاء",
    re.IGNORECASE,
)
_BROWSER = re.compile(
    r"view (?:it |this |the )?(?:email |newsletter |message )?(?:in|on) (?:your |the |a )?"
    r"(?:browser|web|online)|web version|read online|ver en (?:el |tu )?navegador|im browser|"
    r"version en ligne|dans votre navigateur|nel browser|no navegador|ブラウザ|في المتصفح",
    re.IGNORECASE,
)
_FOOT = re.compile(
    r"you(?:[’']re| are) receiving|you (?:received|get|got) this|"
    r"this (?:e-?mail|message|newsletter) was sent|sent to|no longer (?:want|wish)|"
    r"add us to your|our (?:postal |mailing )?address|"
    r"recibes este|vous recevez|sie erhalten|ricevi questa|forward(?:ed)? (?:this|to)|"
    r"was this (?:email )?forwarded|privacy policy|all rights reserved",
    re.IGNORECASE,
)


def read_mail(document: Document, text: str) -> Reading:
    """The letter, or its stories where it is a list of them.

    `text`, the mail decoded as one, is not used: each part has an encoding of its own. Raises
    SourceError where the mail has no text.
    """
    del text
    place = document.place
    try:
        message = BytesParser().parsebytes(document.data)
    except RecursionError:
        raise SourceError(f"{place.given} nests its parts too deep to be a mail.") from None
    html, plain = _texts(message)
    if not html and not plain:
        raise SourceError(f"{place.given} is a mail without text.", hint="Save it whole, as .eml.")
    html = up_to(up_to(html[:MAX_LETTER], "<", MAX_TAGS), "\n", MAX_TAGS)
    plain = up_to(plain[:MAX_LETTER], "\n", MAX_TAGS)
    root = parse_page(html) if html else None
    reader = readers(message)
    spoken = header(message, "Content-Language").split(",")[0]
    around = Around(
        now=document.now,
        source=place.name or clean_text(reader.title(sender_name(message))),
        section=place.section,
        language=spoken or (root.get("lang") if root is not None else "") or "",
        published=_date(message),
        where={
            "source": "the list of sources" if place.name else "mail From",
            "published": "mail Date",
            "language": "mail Content-Language" if spoken else "html lang",
            "section": "the list of sources",
        },
    )
    pictures = Pictures(document.folder)
    stories = teased(root, base="") if root is not None else ()
    blocks = tuple(map(reader.block, _blocks(html) if html else _plain_blocks(plain)))
    if root is not None and is_index(stories, blocks):
        entries = tuple(
            story_entry(reader.story(story), order=order, around=around, pictures=pictures, base="")
            for order, story in enumerate(stories)
        )
    else:
        letter = _letter(
            message, blocks, root=root, reader=reader, around=around, pictures=pictures, html=html
        )
        entries = (letter,)
    return Reading(kind="mail", entries=entries, name=around.source, pictures=pictures.found)


def _letter(
    message: Message[str, str],
    blocks: tuple[Block, ...],
    *,
    root: Any,
    reader: Readers,
    around: Around,
    pictures: Pictures,
    html: str,
) -> Entry:
    title = reader.title(clean_text(header(message, "Subject")))
    body = read_body(blocks, title=title)
    url, url_where = _address(message, root, reader)
    part = "the mail's HTML" if html else "the mail's text"
    shown = map(reader.picture, read_markup(html).pictures if html else ())
    image = next((i for p in shown if _shows(p) and (i := pictures.image(p, ""))), None)
    return make_entry(
        title=title,
        now=around.now,
        text=body.text,
        parts=body.parts,
        url=url,
        guid=clean_text(header(message, "Message-ID")),
        byline=body.byline,
        agency=body.agency,
        dateline=body.dateline,
        image=image,
        source=around.source,
        published=around.published,
        language=around.language,
        section=around.section,
        provenance={
            **around.where,
            "title": "mail Subject",
            "text": part,
            "url": url_where,
            "byline": f"a line of {part}",
            "agency": f"a line of {part}",
            "dateline": f"a line of {part}",
            "image": "the first picture of the mail",
        },
    )


def _texts(message: Message[str, str]) -> tuple[str, str]:
    """(HTML, plain text) of a mail: the first of each that is no attachment."""
    found = {"text/html": "", "text/plain": ""}
    stack: list[tuple[Any, int]] = [(message, 0)]
    seen = 0
    while stack and seen < _MOST_PARTS:
        part, depth = stack.pop()
        seen += 1
        if len("".join(raw_headers(part, "Content-Type"))) > LONGEST_HEADER:
            continue
        kind, attached = _kind(part)
        if part.is_multipart() and depth < _DEEPEST:
            stack += [(inner, depth + 1) for inner in reversed(part.get_payload())]
        elif kind in found and not found[kind] and not attached:
            found[kind] = _decoded(part)
    return found["text/html"], _reflowed(found["text/plain"], message)


def _kind(part: Message[str, str]) -> tuple[str, bool]:
    """(content type, whether attached) of a part; of one whose headers are damaged, its best."""
    kind, attached = "text/plain", False
    # Python 3.11's email package raises many kinds of error on malformed headers.
    with contextlib.suppress(Exception):
        kind = part.get_content_type()
    with contextlib.suppress(Exception):
        attached = part.get_content_disposition() == "attachment"
    return kind, attached


def _decoded(part: Message[str, str]) -> str:
    data: object = b""
    charset: object = ""
    with contextlib.suppress(Exception):
        data = part.get_payload(decode=True)
    with contextlib.suppress(Exception):
        charset = part.get_param("charset")
    raw = part.get_payload()
    if "base64" in header(part, "Content-Transfer-Encoding").lower() and isinstance(raw, str):
        data = _unbased_body(raw.encode("ascii", "surrogateescape" if raw.isascii() else "replace"))
    return decode(
        data if isinstance(data, bytes) else b"", charset if isinstance(charset, str) else ""
    )


def _unbased_body(raw: bytes) -> bytes:
    """A body that is said to be base64; where it is prose after all, as it stands."""
    foreign = len(re.findall(rb"[^A-Za-z0-9+/=\r\n]", raw.strip()))
    return raw if foreign * 20 > len(raw) else unbased(raw)


def _reflowed(text: str, message: Message[str, str]) -> str:
    """Plain text without its signature, and without format=flowed's soft breaks (RFC 3676)."""
    text = re.split(r"(?:^|\n)-- \r?\n", text)[0]
    if "flowed" not in str(message.get("Content-Type", "")).lower():
        return text
    return re.sub(r"(?<! ) \r?\n", " ", text)


def _date(message: Message[str, str]) -> datetime | None:
    from digest.collect.dates import parse_date

    return parse_date(header(message, "Date"))


def _address(message: Message[str, str], root: Any, reader: Readers) -> tuple[str | None, str]:
    """Where the letter stands on the web: what its headers say, else its "view in browser"."""
    raw = re.search(r"<(https?://[^<>\s]+)>", header(message, "Archived-At"))
    if raw:
        return safe_link(reader.link(raw[1]), ""), "mail Archived-At"
    for anchor in root.iter("a") if root is not None else ():
        if _BROWSER.search(clean_text(" ".join(anchor.itertext()))):
            link = safe_link(reader.link(anchor.get("href") or ""), "")
            if link and link.startswith("http"):
                return link, "its link to the browser's version"
    return None, ""


def _blocks(html: str) -> tuple[Block, ...]:
    """The letter's blocks, its foot and its service lines as asides."""
    return tuple(_served(block) for block in read_markup(html).blocks)


def _plain_blocks(plain: str) -> tuple[Block, ...]:
    return tuple(_served(Block("paragraph", unit.text)) for unit in split_units(plain))


def _served(block: Block) -> Block:
    short = len(block.text) <= 300
    about = _FOR_ONE.search(block.text) or _BROWSER.search(block.text) or _FOOT.search(block.text)
    if short and about and not _is_sentence_of_news(block.text):
        return Block("aside", block.text)
    return block


def _is_sentence_of_news(text: str) -> bool:
    """Whether a line that speaks of subscriptions may still be a report: long, and in quotes."""
    return len(text.split()) > 30 and any(c in text for c in '“"«„')


def _shows(picture: Picture) -> bool:
    """Whether a picture is one to show: no spacer, no pixel that counts, no logo."""
    sides = [side for side in (picture.width, picture.height) if side is not None]
    return all(side >= 100 for side in sides) and "logo" not in same_line(picture.alt + picture.src)
