"""Copies of one message: how fast they are put together, and how fast they are signed.

Run with `python -m bench.messages [--json]`. The message is the bundled issue's without pictures,
about 79 KB, with a reader's name in its text and its HTML, the address in a link, and a link with
a token in both. It is put together beside `email.message.EmailMessage`, which encodes the same
parts in quoted-printable as ours are, or as it picks by itself; and signed beside bare signatures
of OpenSSL by the same keys. CPU time, medians of 5 rounds in turns, after one that warms up.
"""

from __future__ import annotations

import argparse
import email
import json
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from html import escape
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Literal
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from digest.archive import Archive
from digest.models import Recipient
from digest.render.message import build_message
from digest.send import Prepared, Signer
from digest.text.slots import UNSUBSCRIBE, Context, Slot

ROUNDS = 5
KEY = "0123456789ab"
NAMES = ("Ann", "Ana Lúcia", "Ben Ng", "", "直子")
READERS = tuple(
    Recipient(address=f"reader{number}@example.org", fields={"name": name})
    for number, name in enumerate(islice(cycle(NAMES), 500))
)


def link(address: str) -> str:
    """The link at which an address is unsubscribed, as long as one of ours."""
    return f"https://lists.example.org/unsubscribe?t=b{address.encode().hex()[:40]}"


class Case:
    """A message with slots, and the text and HTML that it was made of, for who fills them anew."""

    def __init__(self, folder: Path) -> None:
        archive = Archive(folder)
        slug = archive.slugs()[-1]
        issue, made = archive.load(slug), archive.renderings(slug)
        self._own = issue.newsletter.unsubscribe_url
        self._text = f"Dear %t:name%,\n\n{made.email_txt}".replace(self._own, "%t:link%")
        page = made.email_html.replace(f'"{self._own}"', '"%l:link%"').replace("media/", "cid:")
        body = page.index(">", page.index("<body")) + 1
        more = '<p>Dear %h:name%, <a href="https://example.org/me?a=%u:address%">your page</a></p>'
        self._html = page[:body] + more + page[body:]
        self.raw = build_message(
            issue, html=self._slotted(self._html), text=self._slotted(self._text), media={},
            slots=KEY,
        )  # fmt: skip
        self._headers = tuple(
            (name, str(value))
            for name, value in email.message_from_bytes(self.raw, policy=SMTP).items()
            if name in {"From", "Reply-To", "Subject", "Date", "List-Id"}
        )

    def _slotted(self, text: str) -> str:
        contexts: tuple[Context, ...] = ("t", "h", "u", "l")
        for context in contexts:
            for field, name, default in (
                ("name", "name", "reader"), ("address", "address", ""),
                ("link", UNSUBSCRIBE, self._own),
            ):  # fmt: skip
                written = Slot(name, default, context).written(KEY)
                text = text.replace(f"%{context}:{field}%", written)
        return text

    def by_email_package(
        self, reader: Recipient, cte: Literal["quoted-printable"] | None, message_id: str = ""
    ) -> bytes:
        """A copy as `EmailMessage` makes it; List-Unsubscribe is short enough for it to leave."""
        url = link(reader.address)
        name = reader.fields["name"] or "reader"
        text = self._text.replace("%t:name%", name).replace("%t:link%", url)
        html = (
            self._html.replace("%h:name%", escape(name)).replace("%l:link%", escape(url))
            .replace("%u:address%", quote(reader.address, safe=""))
        )  # fmt: skip
        message = EmailMessage(policy=SMTP)
        for header, value in self._headers:
            message[header] = value
        message["To"] = reader.address
        message["Message-ID"] = message_id or f"<{reader.address}>"
        message["List-Unsubscribe"] = f"<{url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(text, cte=cte)
        message.add_alternative(html, subtype="html", cte=cte)
        return bytes(message)

    def hold_equal(self) -> None:
        """Raise AssertionError where the two ways make another mail."""
        ready = Prepared(self.raw, unsubscribe=link)
        for reader in READERS[: len(NAMES)]:
            ours, theirs = (
                email.message_from_bytes(raw, policy=SMTP)
                for raw in (ready.for_recipient(reader), self.by_email_package(reader, None))
            )
            said = [
                [part.get_content().rstrip("\r\n") for part in message.iter_parts()]
                for message in (ours, theirs)
            ]
            same = {name: (ours[name], theirs[name]) for name in theirs if name != "Message-ID"}
            boundary = same.pop("Content-Type")
            if said[0] != said[1] or not boundary or any(a != b for a, b in same.values()):
                raise AssertionError(f"{reader.address}: the two are not the same mail")


def microseconds(jobs: dict[str, tuple[int, Callable[[Recipient], object]]]) -> dict[str, float]:
    """CPU microseconds of each job for one reader; beside each, how many it does in a round."""
    spent: dict[str, list[float]] = {name: [] for name in jobs}
    for round_ in range(ROUNDS + 1):
        for name, (times, job) in jobs.items():
            start = time.process_time()
            for reader in READERS[:times]:
                job(reader)
            if round_:
                spent[name].append((time.process_time() - start) * 1e6 / times)
    return {name: median(taken) for name, taken in spent.items()}


def _signed(sign: Callable[[bytes], bytes], _: Recipient) -> bytes:
    return sign(bytes(32))


def measure(folder: Path) -> dict[str, float]:
    """Microseconds of each way, and the bytes of a copy."""
    case = Case(folder)
    case.hold_equal()
    rsa = Signer("s1", "example.org", generate_private_key(65537, 2048))
    ed25519 = Signer("s2", "example.org", Ed25519PrivateKey.generate())
    ways = {
        kind: Prepared(case.raw, unsubscribe=link, signers=signers)
        for kind, signers in (("", ()), (" + RSA", (rsa,)), (" + Ed25519", (ed25519,)),
                              (" + both", (rsa, ed25519)))
    }  # fmt: skip
    bare = {kind: signer.signing() for kind, signer in (("RSA", rsa), ("Ed25519", ed25519))}
    plain = ways[""]
    made: dict[str, tuple[int, Callable[[Recipient], object]]] = {
        "EmailMessage, quoted-printable":
            (20, lambda reader: case.by_email_package(reader, "quoted-printable")),
        "EmailMessage, by itself": (20, lambda reader: case.by_email_package(reader, None)),
        "for_recipient": (500, plain.for_recipient),
    }  # fmt: skip
    for kind, prepared in ways.items():
        made[f"on_the_wire{kind}"] = (500, prepared.on_the_wire)
    for kind, sign in bare.items():
        made[f"OpenSSL, {kind}"] = (500, partial(_signed, sign))
    return {"bytes": len(plain.for_recipient(READERS[0])), **microseconds(made)}


def main() -> None:
    """Print the table, or the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=Path, default=Path("issues"), metavar="FOLDER")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.issues)
    if options.json:
        print(json.dumps(found))
        return
    size = found.pop("bytes")
    print(f"A copy of {size:,.0f} bytes; CPU time, medians of {ROUNDS} rounds in turns.\n")
    for name, taken in found.items():
        print(f"{name:<32} {taken:>9,.1f} µs {1e6 / taken:>9,.0f}/s")
    whole, rsa, ed25519 = (found[f"on_the_wire{kind}"] for kind in ("", " + RSA", " + Ed25519"))
    print()
    for name in ("EmailMessage, quoted-printable", "EmailMessage, by itself"):
        print(f"put together, against {name}: {found[name] / whole:.0f} ×")
    print(f"signed with RSA-2048, against OpenSSL's own rate: {found['OpenSSL, RSA'] / rsa:.2f} ×")
    print(f"signed with Ed25519: {found['OpenSSL, Ed25519'] / ed25519:.2f} ×")


if __name__ == "__main__":
    main()
