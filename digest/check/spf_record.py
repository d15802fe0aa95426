"""One SPF record, read: its terms, and the first ones that RFC 7208 does not know."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from digest.check.dns_records import is_name, twice

MAX_TERMS = 500
"""Terms that are read; a record that fits into a DNS answer's usual 512 bytes has about 30."""

_TERM = re.compile(
    r"(?P<qualifier>[-+?~]?)(?P<name>[A-Za-z][A-Za-z0-9._-]*)"
    r"(?::(?P<spec>(?:%\{[^{}]*\}|[^/%]|%[%_-])*))?"
    r"(?P<prefix>/\d{1,3})?(?P<prefix6>//\d{1,3})?"
)
_MODIFIER = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9._-]*)=(?P<value>.*)")
_MACRO = re.compile(r"%\{[slodiphcrtvSLODIPHCRTV]\d{0,3}[rR]?[-.+,/_=]*\}|%[%_-]")
_MECHANISMS = frozenset({"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfTerm:
    """A mechanism or modifier; `target` is the name it asks for, empty for the domain itself."""

    kind: str
    qualifier: str = "+"
    target: str = ""

    @property
    def has_macro(self) -> bool:
        """Whether the target is known only once a mail has come in."""
        return "%" in self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfRecord:
    """The terms in order, and what is wrong with the others, each as a phrase."""

    terms: tuple[SpfTerm, ...]
    faults: tuple[str, ...]


def is_spf(text: str) -> bool:
    """Whether a TXT record is one of SPF (RFC 7208, 4.5)."""
    return text[:7].lower() in {"v=spf1", "v=spf1 "}


def read_spf(text: str) -> SpfRecord:
    """The record of `text`, which begins with `v=spf1`."""
    terms: list[SpfTerm] = []
    faults: list[str] = []
    words = [word for word in text.split(" ")[1:] if word]
    if len(words) > MAX_TERMS:
        faults.append(f"it has {len(words):,} terms, and servers give up before that")
    for word in words[:MAX_TERMS]:
        term = _read(word)
        if isinstance(term, str):
            faults.append(term)
        elif term:
            terms.append(term)
    again = twice(term.kind for term in terms if term.kind in {"redirect", "exp"})
    if again:
        faults.append(f"{again}= stands twice")
    return SpfRecord(terms=tuple(terms), faults=tuple(faults))


def _read(word: str) -> SpfTerm | str | None:
    """The term, a phrase that says what is wrong, or None for a modifier that RFC 7208 ignores."""
    modifier = _MODIFIER.fullmatch(word)
    if modifier:
        kind = modifier["name"].lower()
        if kind not in {"redirect", "exp"}:
            return None
        wrong = _wrong_target(word, modifier["value"])
        return wrong or SpfTerm(kind=kind, target=modifier["value"])
    term = _TERM.fullmatch(word)
    kind = term["name"].lower() if term else ""
    if term is None or kind not in _MECHANISMS:
        return f"“{word[:60]}” is no term of SPF"
    wrong = _wrong(word, kind, term)
    target = term["spec"] or ""
    return wrong or SpfTerm(kind=kind, qualifier=term["qualifier"] or "+", target=target)


def _wrong(word: str, kind: str, term: re.Match[str]) -> str:
    spec, prefix, prefix6 = term["spec"], term["prefix"], term["prefix6"]
    quoted = f"“{word[:60]}”"
    if kind in {"ip4", "ip6"}:
        return _wrong_network(quoted, kind, spec or "", prefix, prefix6)
    has_prefix = bool(prefix or prefix6)
    if has_prefix and kind not in {"a", "mx"}:
        return f"{quoted} takes no prefix length"
    if int((prefix or "/0")[1:]) > 32 or int((prefix6 or "//0")[2:]) > 128:
        return f"{quoted} has a prefix that is too long"
    if kind == "all":
        return f"{quoted} takes no name" if spec is not None else ""
    if spec is None:
        return f"{quoted} names no domain" if kind in {"include", "exists"} else ""
    return _wrong_target(word, spec)


def _wrong_network(
    quoted: str, kind: str, spec: str, prefix: str | None, prefix6: str | None
) -> str:
    try:
        address = ipaddress.ip_address(spec)
    except ValueError:
        return f"{quoted} holds no IP address"
    if f"ip{address.version}" != kind:
        return f"{quoted} holds an address of IPv{address.version}"
    if prefix6 or int((prefix or "/0")[1:]) > address.max_prefixlen:
        return f"{quoted} has a wrong prefix length"
    return ""


def _wrong_target(word: str, target: str) -> str:
    quoted = f"“{word[:60]}”"
    bare = _MACRO.sub("x", target)
    if "%" in bare:
        return f"{quoted} holds a macro that SPF does not know"
    if bare != target:  # what a macro becomes is known only once a mail has come in
        return ""
    last = target.rstrip(".").rpartition(".")
    if last[2].isdigit():
        return f"{quoted} names an address where a domain belongs; ip4: takes addresses"
    if not is_name(target) or not last[1]:
        return f"{quoted} names no domain"
    return ""
