"""Email addresses: what is accepted, and in which form it travels."""

from __future__ import annotations

import re
from email.utils import parseaddr

from digest.errors import SendError, UsageError
from digest.models import Recipient

# A dot-atom at a host name, in ASCII: what can stand in an envelope and a header as it is.
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\s*")


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

    Raises ValueError with a sentence for a person. The domain is not looked up.
    """
    from email_validator import EmailNotValidError, validate_email

    if has_control(text):
        raise ValueError("it holds a line break or another control character.")
    name, written = "", text.strip()
    named = _NAMED.fullmatch(written)
    if named:
        name, written = named["name"].strip().strip('"').strip(), named["address"].strip()
    try:
        found = validate_email(written, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    address = found.ascii_email
    if address is None or not is_plain(address):
        raise ValueError("it holds characters that a mail's header cannot carry.")
    return name, address


def is_plain(address: str) -> bool:
    """Whether `address` can stand in an envelope and in a header without quoting or encoding."""
    # Some readers decode an encoded word (RFC 2047) wherever they meet one.
    return bool(_PLAIN.fullmatch(address)) and "=?" not in address


def same(address: str) -> str:
    """What two ways to write one address have in common."""
    return address.casefold()


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


def shown(text: str, most: int = 80) -> str:
    """`text` as an error quotes it: printable, and not endless."""
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return printable if len(printable) <= most else f"{printable[: most - 1]}…"
