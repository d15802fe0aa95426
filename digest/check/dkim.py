"""DKIM: the public keys of a domain's signatures (RFC 6376, RFC 8301, RFC 8463)."""

from __future__ import annotations

import base64
import binascii
import re

from digest.check.dmarc import strict_dkim
from digest.check.dns_records import Book, about, tags, twice
from digest.models import Finding

SELECTORS = ("default", "mail", "dkim", "s1", "s2", "k1", "google", "selector1", "selector2")
"""Names that mail services and guides commonly give; the DNS lists no selectors."""

LEAST_BITS, GOOD_BITS = 1024, 2048
"""RSA keys below the first do not count at all (RFC 8301, 3.2); the second is its advice."""

_WHY = "Servers treat a signature whose key they cannot read as no signature."
_NEEDED = "Gmail, Yahoo and Outlook take bulk mail only from domains with SPF and DKIM."


def check_dkim(domain: str, book: Book, selectors: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Findings on the keys at `selectors`, or, where none are named, at those that are common."""
    answers = [
        (name, book.ask(f"{name}._domainkey.{domain}", "TXT")) for name in selectors or SELECTORS
    ]
    if any(answer is None for _, answer in answers):
        return ()
    found: list[Finding] = []
    keys = 0
    for selector, answer in answers:
        if answer is None or not answer.is_known:
            continue
        # A name that matches everything (a wildcard) answers with records that are no keys.
        records = [value for value in answer.values if _is_key(value)]
        keys += len(records)
        if not records and selectors:
            found.append(_no_key(selector, domain, quoted="".join(answer.values[:1])))
        where = f"{selector}._domainkey.{domain}"
        if len(records) > 1:
            what = (
                f"There are {len(records):,} DKIM keys at one selector; servers take any of them."
            )
            found.append(about(where, what, why=_WHY, mend="Keep one key for each selector."))
        for record in records[:1]:
            found += _judge(where, record)
    if not keys and not selectors and all(a and a.is_known for _, a in answers):
        found.append(_none(domain, strict=strict_dkim(domain, book)))
    return tuple(found)


def rsa_bits(der: bytes) -> int | None:
    """The length of an RSA key in its DER form, bare or within a SubjectPublicKeyInfo.

    None where `der` is neither; only the structure is read, no key is checked.
    """
    body = _inside(der, 0x30)
    first = _inside(body, 0x30) if body is not None else None
    if body is not None and first is not None:  # an algorithm, then the key in a bit string
        bits = _inside(_after(body), 0x03)
        body = _inside(bits[1:], 0x30) if bits else None
    modulus = _inside(body, 0x02) if body is not None else None
    return int.from_bytes(modulus, "big").bit_length() if modulus else None


def _inside(der: bytes, tag: int) -> bytes | None:
    """What the first element of `der` holds, if it is whole and of this kind."""
    header = _header(der)
    if header is None or der[0] != tag or sum(header) > len(der):
        return None
    start, length = header
    return der[start : start + length]


def _after(der: bytes) -> bytes:
    """What follows the first element of `der`."""
    header = _header(der)
    return der[sum(header) :] if header else b""


def _header(der: bytes) -> tuple[int, int] | None:
    """Where the first element's content begins, and how long it is."""
    if len(der) < 2:
        return None
    if der[1] < 0x80:
        return 2, der[1]
    octets = der[1] & 0x7F
    if not 1 <= octets <= 4 or len(der) < 2 + octets:
        return None
    return 2 + octets, int.from_bytes(der[2 : 2 + octets], "big")


def _is_key(text: str) -> bool:
    return bool(re.match(r"\s*v\s*=\s*DKIM", text, re.IGNORECASE)) or bool(
        re.search(r"(?:^|;)\s*p\s*=", text)
        and not re.match(r"\s*v\s*=\s*(?:spf|DMARC)", text, re.IGNORECASE)
    )


def _judge(where: str, record: str) -> list[Finding]:
    pairs, rest = tags(record)
    given = dict(pairs)
    faults = [f"“{rest[:60]}” is no tag=value"] if rest else []
    again = twice(name for name, _ in pairs)
    faults += [f"{again}= stands twice"] if again else []
    if "v" in given and (pairs[0][0] != "v" or given["v"] != "DKIM1"):
        faults.append("where it has v=, it must begin with v=DKIM1")
    services = given.get("s", "*").replace(" ", "").split(":")
    if not {"*", "email"} & set(services):
        faults.append(f"s={given['s'][:30]} is not for email")
    if "h" in given and "sha256" not in given["h"].replace(" ", "").split(":"):
        faults.append(f"h={given['h'][:30]} leaves out sha256, the only hash that counts")
    found = [_fault(where, fault) for fault in faults[:3]]
    if "y" in given.get("t", "").replace(" ", "").split(":"):
        found.append(
            about(
                where,
                "The DKIM key says that it is being tested (t=y).",
                why="Servers may treat mail with such a signature as unsigned.",
                mend="Take t=y out when signing works.",
                level="warning",
            )
        )
    if not faults:
        found += _judge_key(where, given)
    return found


def _judge_key(where: str, given: dict[str, str]) -> list[Finding]:
    written = "".join(given.get("p", "").split())
    if "p" in given and not written:
        return [
            about(
                where,
                "The DKIM key was withdrawn: p= is empty.",
                why="Every signature with it fails.",
                mend="Sign with another selector, or publish a key here.",
            )
        ]
    wrong, bits = _measure(given.get("k", "rsa").lower(), written)
    if wrong:
        return [_fault(where, wrong)]
    if bits < LEAST_BITS:
        mend = f"Make one of {GOOD_BITS:,} bits and publish it under a new selector."
        what = f"The DKIM key has {bits:,} bits; below {LEAST_BITS:,} it does not count."
        return [about(where, what, why="RFC 8301: servers must not accept it.", mend=mend)]
    if bits < GOOD_BITS:
        what = f"The DKIM key has {bits:,} bits; {GOOD_BITS:,} are advised."
        mend = "Make a longer one at your mail service, under a new selector."
        return [about(where, what, why="RFC 8301 advises it.", mend=mend, level="warning")]
    return []


def _measure(kind: str, written: str) -> tuple[str, int]:
    """What is wrong with a key in base64, as a phrase, and its strength in bits of RSA."""
    if not written:
        return "it has no p=, the key itself", 0
    try:
        key = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return "p= is not base64", 0
    if kind == "ed25519":  # 32 bytes (RFC 8463), as strong as RSA of 3,072 bits
        return ("", 3072) if len(key) == 32 else ("p= is no Ed25519 key of 32 bytes", 0)
    if kind != "rsa":
        return f"k={kind[:30]} is a kind of key that servers do not know", 0
    bits = rsa_bits(key)
    return ("", bits) if bits else ("p= is no RSA key; it may be cut off", 0)


def _fault(where: str, fault: str) -> Finding:
    what = f"The DKIM record cannot be used: {fault}."
    return about(where, what, why=_WHY, mend="Copy the record anew from your mail service.")


def _no_key(selector: str, domain: str, *, quoted: str) -> Finding:
    return about(
        f"{selector}._domainkey.{domain}",
        f"The record there is no DKIM key: “{quoted[:60]}”."
        if quoted
        else f"There is no DKIM key at the selector {selector}.",
        why=_NEEDED,
        mend="Publish the record that your mail service gives; s= in the DKIM-Signature of a mail "
        "that you sent is its selector.",
    )


def _none(domain: str, *, strict: bool) -> Finding:
    exact = " and no other domain, because your DMARC record says adkim=s" if strict else ""
    return about(
        f"_domainkey.{domain}",
        f"No DKIM key was found at {len(SELECTORS)} common selectors.",
        why=f"{_NEEDED} The DNS does not list selectors, so yours may have another name.",
        mend="Look for s= in the DKIM-Signature of a mail that you sent, and check again with "
        f"--dkim-selector NAME; it should sign for d={domain}{exact}.",
        level="warning",
    )
