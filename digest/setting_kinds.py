"""What values a setting may have: from text to a value, or a ValueError that says what is right."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

WEIGHTS = {
    "recency": 0.25,
    "coverage": 0.3,
    "completeness": 0.25,
    "image": 0.1,
    "length": 0.1,
    "source": 0.3,
    "taste": 0.6,
    "tags": 0.3,
}
"""The most that each part of a score gives. What a source is worth and what past leads had in
common are the strongest signals that were measured (`docs/selection.md`); for the others there is
no labelled data: they say what a reader of a weekly would, and the verdict shows them."""


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The weekly moment that ends an issue's window, in the newsletter's zone; Monday is 0."""

    weekday: int
    hour: int
    minute: int

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday][:3]} {self.hour:02d}:{self.minute:02d}"


def text(raw: str) -> str:
    """Text on one line."""
    if any(unicodedata.category(c) == "Cc" for c in raw.strip()):
        raise ValueError("text on one line, without control characters")
    return raw.strip()


def paragraph(raw: str) -> str:
    """Text of several lines, written as one."""
    lines = raw.replace("\\n", "\n").strip().split("\n")
    return "\n".join(text(line) for line in lines)


def zone(raw: str) -> str:
    """A time zone."""
    try:
        ZoneInfo(raw.strip())
    except Exception:
        raise ValueError("a time zone such as Europe/Paris or UTC") from None
    return raw.strip()


def language(raw: str) -> str:
    """A language tag."""
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", raw.strip()):
        raise ValueError("a language tag such as en, es or pt-BR")
    return raw.strip()


def cutoff(raw: str) -> Cutoff:
    """A weekday and a time."""
    hit = re.fullmatch(r"([a-z]+)\s+([0-9]{1,2}):([0-9]{2})", raw.strip().lower())
    day = next((n for n, name in enumerate(WEEKDAYS) if hit and hit[1] in {name, name[:3]}), None)
    if not hit or day is None or int(hit[2]) > 23 or int(hit[3]) > 59:
        raise ValueError("a weekday and a time such as fri 09:00")
    return Cutoff(day, int(hit[2]), int(hit[3]))


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def parse(raw: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", raw.strip()) or not low <= int(raw) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(raw)

    return parse


def share(raw: str) -> float:
    """A score."""
    if not re.fullmatch(r"[0-9](\.[0-9]{1,4})?", raw.strip()):
        raise ValueError("a score from 0 to 9 with at most four decimals, such as 0.2")
    return float(raw)


def one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    """One of these words."""

    def parse(raw: str) -> str:
        if raw.strip() not in words:
            raise ValueError("one of " + ", ".join(words))
        return raw.strip()

    return parse


def switch(raw: str) -> bool:
    """Yes or no."""
    word = raw.strip().lower()
    if word in {"yes", "true", "on", "1"}:
        return True
    if word in {"no", "false", "off", "0"}:
        return False
    raise ValueError("yes or no")


def weights(raw: str) -> tuple[tuple[str, float], ...]:
    """Pairs such as `recency=0.25`, over the defaults."""
    found = dict(WEIGHTS)
    given: set[str] = set()
    for part in listed(raw):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if not sign or name not in WEIGHTS or not re.fullmatch(r"[0-9](\.[0-9]{1,4})?", value):
            near = difflib.get_close_matches(name, WEIGHTS, n=1)
            hint = f" (did you mean {near[0]}?)" if near and name not in WEIGHTS else ""
            names = ", ".join(WEIGHTS)
            raise ValueError(
                f"name=weight pairs, names of {names}, weights from 0 to 9, which “{part}” is "
                f"not{hint}"
            )
        _once(name, given)
        found[name] = float(value)
    return tuple(found.items())


def worths(raw: str) -> tuple[tuple[str, float], ...]:
    """Pairs of a source's name or host and its worth from 0 to 1."""
    found: dict[str, float] = {}
    given: set[str] = set()
    for part in listed(raw):
        name, sign, value = (piece.strip() for piece in part.rpartition("="))
        name, value = (name, value) if sign else ("", "")
        if not name or not re.fullmatch(r"0(\.[0-9]{1,4})?|1(\.0{1,4})?", value):
            raise ValueError(
                "pairs such as Harbor Gazette=1, blog.example.org=0.2, from 0 to 1, which "
                f"“{part}” is not"
            )
        _once(name.casefold(), given)
        found[name.casefold()] = float(value)
    return tuple(found.items())


def _once(name: str, given: set[str]) -> None:
    """Raise ValueError for a name that was `given` before: only one of its values could count."""
    if name in given:
        raise ValueError(f"each name once, and “{name}” stands there twice")
    given.add(name)


def rules(raw: str) -> tuple[tuple[str, str, str], ...]:
    """Rules such as `tag:release=Releases`."""
    found: list[tuple[str, str, str]] = []
    for part in listed(raw):
        hit = re.fullmatch(r"(tag|source|host|words):\s*([^=]+?)\s*=\s*(.+)", part)
        if not hit:
            raise ValueError(
                "rules such as tag:release=Releases, host:github.com=Tools, source:Harbor "
                f"Gazette=Town or words:ferry timetable=Harbor, which “{part}” is not"
            )
        found.append((hit[1], hit[2].casefold(), text(hit[3])))
    return tuple(found)


def listed(raw: str) -> tuple[str, ...]:
    """Parts between commas."""
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def sender(raw: str) -> str:
    """A name and an address."""
    from email.utils import parseaddr

    name, address = parseaddr(raw)
    # parseaddr drops spaces inside an address; a person who typed one meant something else.
    typed = raw.strip() == address or f"<{address}>" in raw
    whole = re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address)
    if any(c in raw for c in "\r\n\0") or not typed or not whole:
        raise ValueError("an address such as Harbor Weekly <editor@example.org>")
    return f"{name} <{address}>" if name else address


def address(raw: str) -> str:
    """A bare address."""
    if not re.fullmatch(r"[!-;=?-~]+@[A-Za-z0-9.-]+", raw.strip()) or raw.count("@") != 1:
        raise ValueError("an address such as bounces@example.org")
    return raw.strip()


def rate(raw: str) -> float:
    """Messages a second."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", raw.strip()):
        raise ValueError("messages a second, such as 50 or 0.5; 0 for no limit")
    return float(raw)


def domain_rates(raw: str) -> tuple[tuple[str, float], ...]:
    """Pairs of a recipients' domain and messages a second."""
    found: dict[str, float] = {}
    given: set[str] = set()
    for part in listed(raw):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", name.lower()) or not value:
            raise ValueError(f"pairs such as example.org=20, example.com=5, which “{part}” is not")
        _once(name.lower(), given)
        found[name.lower()] = rate(value)
        if not found[name.lower()]:
            raise ValueError(f"a rate above 0 in “{part}”")
    return tuple(found.items())


def dkim_keys(raw: str) -> tuple[tuple[str, str], ...]:
    """Pairs of a selector and the file of its private key."""
    found: list[tuple[str, str]] = []
    given: set[str] = set()
    for part in listed(raw):
        name, _, path = (piece.strip() for piece in part.partition("="))
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?", name) or not path:
            raise ValueError(
                f"pairs of a selector and a file such as s2026=dkim.pem, which “{part}” is not"
            )
        _once(name, given)
        found.append((name, path))
    return tuple(found)


def feedback_id(raw: str) -> str:
    """What Gmail groups complaints by."""
    if not re.fullmatch(r"[A-Za-z0-9._-]+(:[A-Za-z0-9._-]+){0,3}", raw.strip()) or len(raw) > 120:
        raise ValueError("one to four parts between colons, such as weekly:harbor:digest:hw26")
    return raw.strip()


def list_fields(raw: str) -> tuple[tuple[str, str], ...]:
    """Pairs of a column's name in a list of recipients and the field that it fills."""
    found: list[tuple[str, str]] = []
    given: set[str] = set()
    for part in listed(raw):
        name, _, field = (piece.strip() for piece in part.rpartition("="))
        if not name or not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", field):
            raise ValueError(
                f"pairs such as E-Mail=address, Vorname=first_name, which “{part}” is not"
            )
        _once(name.casefold(), given)
        found.append((name, field))
    return tuple(found)


def secrets(raw: str) -> tuple[tuple[str, str], ...]:
    """Keys, the newest first: `b:…, a:…`, each a name and at least 32 characters."""
    found: list[tuple[str, str]] = []
    for part in listed(raw):
        name, _, key = (piece.strip() for piece in part.partition(":"))
        # What is wrong is never quoted: it is a secret.
        if not re.fullmatch(r"[a-z0-9]{1,4}", name) or not re.fullmatch(r"[!-+.-~-]{32,200}", key):
            raise ValueError(
                "a name and a key of at least 32 characters, such as a:…; older ones behind commas"
            )
        if name in dict(found):
            raise ValueError("each key's name once")
        found.append((name, key))
    return tuple(found)


def _split(raw: str) -> SplitResult | None:
    """The parts of a URL, None where it is none; urlsplit's own words could quote a password."""
    try:
        parts = urlsplit(raw.strip())
        _ = parts.port
    except ValueError:
        return None
    return None if any(unicodedata.category(c) in {"Cc", "Zs"} for c in raw.strip()) else parts


def _leads_somewhere(parts: SplitResult) -> bool:
    return bool(parts.hostname or (parts.scheme == "mailto" and parts.path))


def url(*schemes: str) -> Callable[[str], str]:
    """A URL of one of these schemes."""

    def parse(raw: str) -> str:
        parts = _split(raw)
        if parts is None or parts.scheme not in schemes or not _leads_somewhere(parts):
            raise ValueError("a URL that begins with " + " or ".join(f"{s}:" for s in schemes))
        return raw.strip()

    return parse


CAMPAIGN_WORDS = ("newsletter", "slug")
"""What may stand in braces: the newsletter's name, and the issue's week."""


def campaign(raw: str) -> str:
    """Parameters for links, such as `utm_medium=email&utm_campaign={slug}`."""
    given: set[str] = set()
    for pair in raw.strip().split("&"):
        name, _, value = pair.partition("=")
        bare = re.sub(r"\{(?:" + "|".join(CAMPAIGN_WORDS) + r")\}", "", value)
        if not re.fullmatch(r"[A-Za-z0-9_.~-]{1,64}", name) or not value or len(raw) > 500:
            raise ValueError(
                "parameters such as utm_source={newsletter}&utm_campaign={slug}, each a name "
                f"and a value, which “{pair[:60]}” is not"
            )
        if set(bare) & set("{}"):
            known = " and ".join(f"{{{word}}}" for word in CAMPAIGN_WORDS)
            raise ValueError(f"no braces but {known} in “{pair[:60]}”")
        if not re.fullmatch(
            r"[\w.~!$'()*+,:;@/?-]*(?:%[0-9A-Fa-f]{2}[\w.~!$'()*+,:;@/?-]*)*", bare
        ):
            raise ValueError(f"letters, digits, - . _ ~ and %XX in “{pair[:60]}”")
        _once(name.casefold(), given)
    return raw.strip()


def database(raw: str) -> str:
    """The address of a database."""
    parts = _split(raw)
    if parts is None or parts.scheme not in {"sqlite", "postgresql"}:
        raise ValueError("sqlite:///var/ledger.db or postgresql://user@host/name")
    return raw.strip()
