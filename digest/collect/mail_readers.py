"""Who received a mail, and their addresses taken out of what is read of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email.message import Message
from urllib.parse import unquote

from digest.collect.bylines import Byline
from digest.collect.mail_headers import decoded, raw_headers, unbased
from digest.collect.teaser_blocks import Teased
from digest.text.markup import Block, Picture

_NAMED_IN = (
    "To", "Cc", "Bcc", "Delivered-To", "X-Delivered-To", "X-Original-To", "Original-Recipient",
    "Final-Recipient", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "X-Forwarded-For",
    "X-Rcpt-To", "X-Real-To", "Apparently-To", "Resent-To", "Resent-Cc", "Resent-Bcc",
)  # fmt: skip
_RECEIVED_FOR = re.compile(r"\sfor\s+<?([^\s<>;]{3,320})", re.IGNORECASE)
_LONGEST = 100_000
_MOST = 500
"""Recipients that are looked for; what is sent to more by name is no newsletter."""
_LOCAL = r"\w.!#$%&'*+/=?^`{|}~-"
_WHOLE = re.compile(rf"(?<![{_LOCAL}])[{_LOCAL}]++@[\w-]++(?:\.[\w-]++)++")
# In prose and addresses: without the marks that stand around one there.
_SHOWN = re.compile(
    r"(?<![\w.+'-])[\w.+'-]++(?:@|%(?:25){0,2}40)[\w-]++(?:\.[\w-]++)++", re.IGNORECASE
)
_LINK = re.compile(r"(?:\bhttps?://|\bwww\.|\bmailto:)\S++", re.IGNORECASE)
_CODED = re.compile(r"[A-Za-z0-9+_-]{12,}+")
_JOINERS = dict.fromkeys((0x200C, 0x200D))
_LEFT_OUT = "[…]"


@dataclass(frozen=True, slots=True)
class Readers:
    """The recipients of a mail: what tells none of them is left as it is."""

    addresses: frozenset[str] = frozenset()

    def words(self, text: str) -> str:
        """`text`, each of the addresses left out; its other words are the source's own."""
        if not self.addresses or ("@" not in text and "%" not in text and "://" not in text):
            return text
        bare = text.translate(_JOINERS)
        shown = _SHOWN.sub(self._left_out, _LINK.sub(self._kept_link, bare))
        for address in self._odd() if "@" in shown else ():
            if address in shown.lower():
                shown = re.sub(re.escape(address), _LEFT_OUT, shown, flags=re.IGNORECASE)
        return text if shown == bare else shown

    def title(self, text: str) -> str:
        """A title, the addresses left out without a trace."""
        shown = self.words(text)
        return text if shown == text else shown.replace(_LEFT_OUT, " ").strip(" ,;:!-–—|")

    def link(self, url: str) -> str:
        """An address of the web without the parameters that tell a reader; "" where its path does.

        Written plainly, percent-encoded (also twice), in base64, or with "=" for its "@".
        """
        if not self._is_told_by(url):
            return url
        head, mark, query = url.partition("#")[0].partition("?")
        kept = "&".join(pair for pair in query.split("&") if not self._is_told_by(pair))
        _, sign, fragment = url.partition("#")
        link = head + (mark + kept if kept else "")
        link += sign + fragment if not self._is_told_by(fragment) else ""
        return "" if self._is_told_by(link) else link

    def block(self, block: Block) -> Block:
        """A block of the letter."""
        return Block(block.kind, self.words(block.text))

    def picture(self, picture: Picture) -> Picture:
        """A picture: its address, and what is said of it."""
        return replace(
            picture,
            src=self.link(picture.src),
            alt=self.words(picture.alt),
            caption=self.words(picture.caption),
        )

    def story(self, story: Teased) -> Teased:
        """A story that the mail teases."""
        return replace(
            story,
            title=self.title(story.title),
            url=self.link(story.url),
            excerpt=self.words(story.excerpt),
            byline=Byline(self.title(story.byline.name), self.title(story.byline.agency)),
            picture=self.picture(story.picture) if story.picture else None,
            kicker=self.title(story.kicker),
        )

    def _odd(self) -> list[str]:
        """The addresses of letters that `_SHOWN` does not take for one."""
        return [address for address in self.addresses if not _SHOWN.fullmatch(address)]

    def _kept_link(self, hit: re.Match[str]) -> str:
        return self.link(hit[0]) or _LEFT_OUT

    def _left_out(self, hit: re.Match[str]) -> str:
        plain = _plain(hit[0])
        end = len(plain)
        while end > 0:  # "reader@example.org.Next": a sentence's stop without a space
            if plain[:end] in self.addresses:
                return _LEFT_OUT + (hit[0][end - len(plain) :] if end < len(plain) else "")
            end = plain.rfind(".", 0, end)
        return hit[0]

    def _is_told_by(self, text: str) -> bool:
        if not self.addresses or text.startswith("data:"):
            return False
        plain = _plain(text)
        coded = [
            unbased(hit[0][start:]).decode("utf-8", "replace").lower()
            for hit in _CODED.finditer(text)
            for start in range(4)
        ]
        return any(
            form in piece
            for piece in (plain, *coded)
            for address in self.addresses
            for form in (address, address.replace("@", "="))
        )


def _plain(text: str) -> str:
    for _ in range(3):
        text = unquote(text)
    return text.lower()


def readers(message: Message[str, str]) -> Readers:
    """The recipients that a mail's headers name, with and without what follows a "+"."""
    found: dict[str, None] = {}
    for name in _NAMED_IN:
        for raw in raw_headers(message, name):
            found.update(dict.fromkeys(_WHOLE.findall(decoded(raw[:_LONGEST]))))
    for raw in raw_headers(message, "Received"):
        for hit in _RECEIVED_FOR.finditer(raw[:_LONGEST]):
            found.update(dict.fromkeys(_WHOLE.findall(hit[1])))
    addresses: set[str] = set()
    for address in list(found)[:_MOST]:
        local, _, domain = address.lower().partition("@")
        addresses |= {f"{local}@{domain}", f"{local.partition('+')[0] or local}@{domain}"}
    return Readers(frozenset(addresses))
