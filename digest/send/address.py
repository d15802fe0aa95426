"""Email addresses: what is accepted, and in which form it travels."""

from __future__ import annotations

import re
import unicodedata
from email.utils import parseaddr

from digest.errors import SendError, UsageError
from digest.models import Recipient

# A dot-atom at a host name, in ASCII: what can stand in an envelope and a header as it is.
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")
CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
"""What could begin another header or a command to a terminal, as the inside of `[…]`."""
HIDDEN = (
    r"\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f"
)
"""What nobody sees and what changes how the rest is seen: zero-width and bidirectional marks, tags,
halves of surrogate pairs. The joiners U+200C and U+200D are none: names are spelled with them in
Persian, Hindi and Sinhala."""
_INTERNATIONAL = re.compile(r"[^\s\x00-\x20\x7f-\xa0()<>\[\]:;@\\,\"]{1,64}@[A-Za-z0-9.-]{1,255}")
_CONTROL = re.compile(f"[{CONTROLS}]")
_HIDDEN = re.compile(f"[{HIDDEN}]")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\s*")
QUICK = (
    r"(?=[^@]{1,64}@)[A-Za-z0-9_'+-]++(?:\.[A-Za-z0-9_'+-]++)*+@"
    r"(?:[A-Za-z0-9]{1,25}+(?:-[A-Za-z0-9]{1,14}+){0,2}+\.){1,3}+"
    r"(?!(?i:arpa|invalid|local|localhost|onion|test)(?![A-Za-z0-9.-]))[A-Za-z]{2,18}+"
)
"""Nearly every address of nearly every list, for a pattern that says what follows it.

Narrower than email-validator, which takes each of them and changes no more than the case: no
special-use name (RFC 6761), no `--` (of Punycode), and no part that is too long.
"""
_QUICK = re.compile(QUICK)
# Mailboxes that are the same in capitals (RFC 2142): email-validator writes them small.
_ROLES = frozenset(
    {"info", "marketing", "sales", "support", "abuse", "noc", "security", "postmaster",
     "hostmaster", "usenet", "news", "webmaster", "www", "uucp", "ftp"}
)  # fmt: skip


def parse_address(text: str) -> Recipient:
    """The recipient of an address such as `ann@example.org` or `Ann <ann@example.org>`.

    Raises UsageError, which quotes the address and says what is wrong with it.
    """
    try:
        name, address = read_address(text)
    except ValueError as error:
        raise UsageError(
            f"“{shown(text)}” is not an address that mail can go to: {error}",
            hint="An address looks like ann@example.org.",
        ) from None
    return Recipient(address=address, fields={"name": name} if name else {})


def read_address(text: str) -> tuple[str, str]:
    """Display name and address of `text`; the domain is in ASCII (IDNA) and lower case.

    What stands before the @ may be of any script (RFC 6531, in NFC): `needs_smtputf8` tells.
    Raises ValueError with a sentence for a person. The domain is not looked up.
    """
    if has_control(text):
        raise ValueError("it holds a line break or another control character.")
    name, written = "", text.strip()
    named = _NAMED.fullmatch(written)
    if named:
        name, written = named["name"].strip().strip('"').strip(), named["address"].strip()
        hidden = hidden_in(name)
        if hidden:
            raise ValueError(f"the name before it holds {hidden}.")
    return name, normalized(written)


def normalized(written: str) -> str:
    """A bare address in the form in which it travels; raises ValueError."""
    if _QUICK.fullmatch(written):
        local, _, domain = written.rpartition("@")
        folded = local.lower()
        return f"{folded if folded in _ROLES else local}@{domain.lower()}"
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(written, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    address = f"{found.local_part}@{found.ascii_domain}"
    if is_plain(address):
        return address
    if needs_smtputf8(address) and "=?" not in address:
        octets = len(found.local_part.encode("utf-8"))  # RFC 6531 counts them so, and RFC 5321
        if octets > 64:  # sets the limit
            raise ValueError(f"what stands before the @ is too long ({octets} bytes, of 64).")
        hidden = hidden_in(address)
        if hidden:
            raise ValueError(f"it holds {hidden}.")
        return address
    raise ValueError("it holds characters that a mail's header cannot carry.")


def is_plain(address: str) -> bool:
    """Whether `address` can stand in an envelope and in a header without quoting or encoding."""
    # Some readers decode an encoded word (RFC 2047) wherever they meet one.
    return bool(_PLAIN.fullmatch(address)) and "=?" not in address


def is_sendable(address: str) -> bool:
    """Whether `address` can stand in an envelope and in a header, by SMTPUTF8 where it needs that.

    RFC 6531 and 6532 let letters beyond ASCII stand as they are.
    """
    if address.isascii():
        return is_plain(address)
    plain = _INTERNATIONAL.fullmatch(address) and "=?" not in address
    return bool(plain) and not hidden_in(address)


def needs_smtputf8(address: str) -> bool:
    """Whether only a server that announces SMTPUTF8 (RFC 6531) can take mail for `address`."""
    return not address.isascii()


def same(address: str) -> str:
    """What all ways to write one address have in common: small letters, the domain in ASCII.

    Servers may tell `Ann` from `ann` before the @ (RFC 5321, 2.4), and none does for two people.
    Folding more than the case would make one of `straße` and `strasse`, who are two.
    """
    if address.isascii():
        return address.lower()
    local, at, domain = address.rpartition("@")
    # A sigma is written otherwise at a word's end, and small in both places.
    small = unicodedata.normalize("NFC", local).lower().replace("ς", "σ")
    return unicodedata.normalize("NFC", small) + at + _ascii_domain(domain)


def _ascii_domain(domain: str) -> str:
    """The domain in small letters and Punycode; as it stands where it is no domain."""
    if not domain.isascii():
        import idna

        try:
            return idna.encode(domain, uts46=True).decode("ascii").lower()
        except idna.IDNAError:
            return domain.casefold()
    return domain.lower()


def envelope_sender(sender: str) -> str:
    """The bare address of a sender such as `Harbor Weekly <editor@example.org>`.

    Raises SendError where there is none: a server needs to know whom bounces go to.
    """
    address = "" if has_control(sender) else parseaddr(sender)[1]
    local, _, domain = address.rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode('ascii')}" if local else ""
    except UnicodeError:
        address = ""
    if not is_plain(address):
        what = f"“{shown(sender)}” is no sender" if sender.strip() else "There is no sender"
        raise SendError(
            f"{what}: a server needs the address that answers and bounces go to.",
            hint="Set DIGEST_SENDER, for example to Harbor Weekly <editor@example.org>.",
        )
    return address


def has_control(text: str) -> bool:
    """Whether `text` holds what could begin another header or a command to a terminal."""
    return bool(_CONTROL.search(text))


def hidden_in(text: str) -> str:
    """The first character of `text` that nobody sees, by its name; empty where there is none."""
    hit = _HIDDEN.search(text)
    return unicodedata.name(hit[0], f"U+{ord(hit[0]):04X}") if hit else ""


def shown(text: str, most: int = 80) -> str:
    """`text` as an error quotes it: printable, and not endless."""
    # Cut first: a row may be long, and so may a list of such rows.
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)
