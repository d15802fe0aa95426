"""Settings: one frozen value, read from `.env` through python-dotenv; the environment wins.

Every setting is a field of `Settings` with its key, default and meaning in one place;
`config.example.env` explains the same keys to people, and a test holds the two together.
"""

from __future__ import annotations

import difflib
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from digest.disk import read_regular
from digest.errors import DocumentError, SettingsError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_BYTES = 1 << 20
SUMMARIZERS = ("digest", "lead", "edmundson", "lex-rank", "luhn", "text-rank", "lsa", "sum-basic")


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The weekly moment that ends an issue's window, in the newsletter's zone; Monday is 0."""

    weekday: int
    hour: int
    minute: int

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday][:3]} {self.hour:02d}:{self.minute:02d}"


FRIDAY_NINE = Cutoff(4, 9, 0)


def _text(raw: str) -> str:
    if any(unicodedata.category(c) == "Cc" for c in raw.strip()):
        raise ValueError("text on one line, without control characters")
    return raw.strip()


def _paragraph(raw: str) -> str:
    lines = raw.replace("\\n", "\n").strip().split("\n")
    return "\n".join(_text(line) for line in lines)


def _zone(raw: str) -> str:
    try:
        ZoneInfo(raw.strip())
    except Exception:
        raise ValueError("a time zone such as Europe/Paris or UTC") from None
    return raw.strip()


def _language(raw: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", raw.strip()):
        raise ValueError("a language tag such as en, es or pt-BR")
    return raw.strip()


def _cutoff(raw: str) -> Cutoff:
    hit = re.fullmatch(r"([a-z]+)\s+([0-9]{1,2}):([0-9]{2})", raw.strip().lower())
    day = next((n for n, name in enumerate(WEEKDAYS) if hit and hit[1] in {name, name[:3]}), None)
    if not hit or day is None or int(hit[2]) > 23 or int(hit[3]) > 59:
        raise ValueError("a weekday and a time such as fri 09:00")
    return Cutoff(day, int(hit[2]), int(hit[3]))


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", raw.strip()) or not low <= int(raw) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(raw)

    return parse


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw.strip() not in words:
            raise ValueError("one of " + ", ".join(words))
        return raw.strip()

    return parse


def _switch(raw: str) -> bool:
    word = raw.strip().lower()
    if word in {"yes", "true", "on", "1"}:
        return True
    if word in {"no", "false", "off", "0"}:
        return False
    raise ValueError("yes or no")


def _list(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def _sender(raw: str) -> str:
    from email.utils import parseaddr

    name, address = parseaddr(raw)
    # parseaddr drops spaces inside an address; a person who typed one meant something else.
    typed = raw.strip() == address or f"<{address}>" in raw
    whole = re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address)
    if any(c in raw for c in "\r\n\0") or not typed or not whole:
        raise ValueError("an address such as Harbor Weekly <editor@example.org>")
    return f"{name} <{address}>" if name else address


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


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        parts = _split(raw)
        if parts is None or parts.scheme not in schemes or not _leads_somewhere(parts):
            raise ValueError("a URL that begins with " + " or ".join(f"{s}:" for s in schemes))
        return raw.strip()

    return parse


def _database(raw: str) -> str:
    parts = _split(raw)
    if parts is None or parts.scheme not in {"sqlite", "postgresql"}:
        raise ValueError("sqlite:///var/ledger.db or postgresql://user@host/name")
    return raw.strip()


def _setting(
    key: str,
    default: Any,
    parse: Callable[[str], Any],
    *,
    secret: bool = False,
    shapes_issue: bool = True,
) -> Any:
    """A field with its key. `shapes_issue`: recorded in issue.json, since it shapes the bytes."""
    return field(
        default=default,
        metadata={"key": key, "parse": parse, "secret": secret, "shapes_issue": shapes_issue},
    )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of one newsletter. Empty text means "not set"."""

    name: str = _setting("DIGEST_NAME", "My Weekly Digest", _text)
    tagline: str = _setting("DIGEST_TAGLINE", "", _text)
    language: str = _setting("DIGEST_LANGUAGE", "en", _language)
    zone: str = _setting("DIGEST_TIMEZONE", "UTC", _zone)
    cutoff: Cutoff = _setting("DIGEST_CUTOFF", FRIDAY_NINE, _cutoff)
    home_url: str = _setting("DIGEST_HOME_URL", "", _url("http", "https"))
    web_url: str = _setting("DIGEST_WEB_URL", "", _url("http", "https"))

    sources: tuple[str, ...] = _setting(
        "DIGEST_SOURCES", ("sources.opml",), _list, shapes_issue=False
    )
    contact: str = _setting("DIGEST_CONTACT", "", _text, shapes_issue=False)
    allow_private: bool = _setting("DIGEST_ALLOW_PRIVATE", False, _switch, shapes_issue=False)
    robots: bool = _setting("DIGEST_ROBOTS", True, _switch, shapes_issue=False)

    leads: int = _setting("DIGEST_LEADS", 2, _whole(0, 20))
    teasers: int = _setting("DIGEST_TEASERS", 12, _whole(0, 200))
    per_source: int = _setting("DIGEST_PER_SOURCE", 3, _whole(1, 200))
    memory: int = _setting("DIGEST_MEMORY", 12, _whole(0, 1000))

    summarizer: str = _setting("DIGEST_SUMMARIZER", "digest", _one_of(SUMMARIZERS))
    lead_chars: int = _setting("DIGEST_LEAD_CHARS", 420, _whole(40, 4000))
    teaser_chars: int = _setting("DIGEST_TEASER_CHARS", 220, _whole(40, 4000))

    theme: str = _setting("DIGEST_THEME", "gazette", _text)
    subject: str = _setting("DIGEST_SUBJECT", "", _text)
    intro: str = _setting("DIGEST_INTRO", "", _paragraph)
    outro: str = _setting("DIGEST_OUTRO", "", _paragraph)

    sender: str = _setting("DIGEST_SENDER", "", _sender)
    reply_to: str = _setting("DIGEST_REPLY_TO", "", _sender)
    postal_address: str = _setting("DIGEST_POSTAL_ADDRESS", "", _paragraph)
    unsubscribe_url: str = _setting("DIGEST_UNSUBSCRIBE_URL", "", _url("https", "http", "mailto"))
    smtp_url: str = _setting(
        "DIGEST_SMTP_URL", "", _url("smtp", "smtps"), secret=True, shapes_issue=False
    )
    test_list: str = _setting("DIGEST_TEST_LIST", "recipients.test.csv", _text, shapes_issue=False)
    readers_list: str = _setting("DIGEST_LIST", "recipients.csv", _text, shapes_issue=False)
    database_url: str = _setting(
        "DIGEST_DATABASE_URL",
        "sqlite:///var/ledger.db",
        _database,
        secret=True,
        shapes_issue=False,
    )

    read_from: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Where each value that is not a default was read: `the environment` or `.env, line 7`."""

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{f.name}={'***' if f.metadata['secret'] else getattr(self, f.name)!r}"
            for f in _fields()
            if getattr(self, f.name) != f.default
        )
        return f"Settings({shown})"

    def recorded(self) -> dict[str, str]:
        """What shapes an issue's bytes, as text by key: never a secret, never a path."""
        return {
            f.metadata["key"]: _shown(getattr(self, f.name))
            for f in _fields()
            if f.metadata["shapes_issue"]
        }


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _fields() -> tuple[Any, ...]:
    return tuple(f for f in fields(Settings) if "key" in f.metadata)


def keys() -> dict[str, Any]:
    """Every key with its default value, in the order in which they are documented."""
    return {f.metadata["key"]: f.default for f in _fields()}


def read_settings(env_file: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of `env_file` (which may be absent), overruled by `environ`.

    Raises SettingsError that names the key, what was expected and where it was read.
    """
    found: dict[str, tuple[str, str]] = {}
    if env_file is not None and os.path.lexists(env_file):
        found.update(_from_file(env_file))
    for key, value in environ.items():
        if key.startswith("DIGEST_") and key in keys():
            found[key] = (value, "the environment")
    chosen: dict[str, Any] = {}
    for f in _fields():
        raw, where = found.get(f.metadata["key"], ("", ""))
        if not raw.strip():
            continue
        chosen[f.name] = _parsed(f.metadata, raw, where)
    read_from = {key: where for key, (raw, where) in found.items() if raw.strip()}
    return Settings(read_from=read_from, **chosen)


def _parsed(meta: Mapping[str, Any], raw: str, where: str) -> object:
    try:
        return meta["parse"](raw)
    except ValueError as expected:
        shown = "a value that is kept secret" if meta["secret"] else f"“{raw}”"
        raise SettingsError(
            f"{meta['key']} in {where}: expected {expected}, found {shown}.",
            hint="config.example.env explains every setting.",
        ) from None


def _from_file(path: Path) -> dict[str, tuple[str, str]]:
    """Each key of the file with its value and its place; an unknown key is an error."""
    import io

    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    try:
        text = read_regular(path, limit=MAX_BYTES, shown=path.name).decode("utf-8-sig")
    except DocumentError as error:
        raise SettingsError(
            error.what, hint=f"Settings stand in a text file {path.name}."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name} is not UTF-8 text.", hint="Save it as UTF-8.") from None
    lines: dict[str, int] = {}
    for binding in parse_stream(io.StringIO(text)):
        line = binding.original.line + _leading_lines(binding.original.string)
        if binding.error or (binding.key is not None and binding.value is None):
            # The line itself is not shown: it may hold a password.
            raise SettingsError(
                f"{path.name}, line {line}: expected KEY=value.",
                hint="Put values that hold spaces or # in quotes, and close the quotes.",
            )
        if binding.key is not None:
            lines[binding.key] = line
    values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    for key, line in lines.items():
        if key.startswith("DIGEST_") and key not in keys():
            near = difflib.get_close_matches(key, keys(), n=1)
            raise SettingsError(
                f"{path.name}, line {line}: there is no setting {key}.",
                hint=f"Did you mean {near[0]}?" if near else "config.example.env lists them all.",
            )
    return {
        key: (values.get(key) or "", f"{path.name}, line {line}")
        for key, line in lines.items()
        if key in keys()
    }


def _leading_lines(text: str) -> int:
    return len(text[: len(text) - len(text.lstrip())].splitlines())
