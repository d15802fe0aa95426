"""Settings: one frozen value, read from `.env` through python-dotenv; the environment wins.

Every setting is a field of `Settings` with its key, default and meaning in one place;
`config.example.env` explains the same keys to people, and a test holds the two together.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args

from digest import setting_kinds as kinds
from digest.disk import read_regular
from digest.errors import DocumentError, SettingsError
from digest.models import Pictures
from digest.setting_kinds import WEEKDAYS, WEIGHTS, Cutoff

__all__ = ["SUMMARIZERS", "WEEKDAYS", "WEIGHTS", "Cutoff", "Settings", "keys", "read_settings"]

MAX_BYTES = 1 << 20
SUMMARIZERS = (
    "digest",
    "lead",
    "edmundson",
    "lex-rank",
    "luhn",
    "text-rank",
    "lsa",
    "sum-basic",
    "kl",
    "reduction",
)


FRIDAY_NINE = Cutoff(4, 9, 0)


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

    name: str = _setting("DIGEST_NAME", "My Weekly Digest", kinds.text)
    tagline: str = _setting("DIGEST_TAGLINE", "", kinds.text)
    language: str = _setting("DIGEST_LANGUAGE", "en", kinds.language)
    zone: str = _setting("DIGEST_TIMEZONE", "UTC", kinds.zone)
    cutoff: Cutoff = _setting("DIGEST_CUTOFF", FRIDAY_NINE, kinds.cutoff)
    home_url: str = _setting("DIGEST_HOME_URL", "", kinds.url("http", "https"))
    web_url: str = _setting("DIGEST_WEB_URL", "", kinds.url("http", "https"))

    sources: tuple[str, ...] = _setting(
        "DIGEST_SOURCES", ("sources.opml",), kinds.listed, shapes_issue=False
    )
    contact: str = _setting("DIGEST_CONTACT", "", kinds.text, shapes_issue=False)
    allow_private: bool = _setting("DIGEST_ALLOW_PRIVATE", False, kinds.switch, shapes_issue=False)
    robots: bool = _setting("DIGEST_ROBOTS", True, kinds.switch, shapes_issue=False)

    leads: int = _setting("DIGEST_LEADS", 2, kinds.whole(0, 20))
    teasers: int = _setting("DIGEST_TEASERS", 12, kinds.whole(0, 200))
    per_source: int = _setting("DIGEST_PER_SOURCE", 3, kinds.whole(1, 200))
    per_section: int = _setting("DIGEST_PER_SECTION", 200, kinds.whole(1, 200))
    floor: float = _setting("DIGEST_FLOOR", 0.0, kinds.share)
    weights: tuple[tuple[str, float], ...] = _setting(
        "DIGEST_WEIGHTS", tuple(WEIGHTS.items()), kinds.weights
    )
    worth: tuple[tuple[str, float], ...] = _setting("DIGEST_SOURCE_WORTH", (), kinds.worths)
    tags_wanted: tuple[str, ...] = _setting("DIGEST_TAGS_WANTED", (), kinds.listed)
    tags_excluded: tuple[str, ...] = _setting("DIGEST_TAGS_EXCLUDED", (), kinds.listed)
    section_rules: tuple[tuple[str, str, str], ...] = _setting(
        "DIGEST_SECTION_RULES", (), kinds.rules
    )
    section_order: tuple[str, ...] = _setting("DIGEST_SECTIONS", (), kinds.listed)
    memory: int = _setting("DIGEST_MEMORY", 12, kinds.whole(0, 1000))

    summarizer: str = _setting("DIGEST_SUMMARIZER", "digest", kinds.one_of(SUMMARIZERS))
    lead_chars: int = _setting("DIGEST_LEAD_CHARS", 420, kinds.whole(40, 4000))
    teaser_chars: int = _setting("DIGEST_TEASER_CHARS", 220, kinds.whole(40, 4000))

    theme: str = _setting("DIGEST_THEME", "gazette", kinds.text)
    subject: str = _setting("DIGEST_SUBJECT", "", kinds.text)
    intro: str = _setting("DIGEST_INTRO", "", kinds.paragraph)
    outro: str = _setting("DIGEST_OUTRO", "", kinds.paragraph)
    pictures: Pictures = _setting("DIGEST_PICTURES", "linked", kinds.one_of(get_args(Pictures)))
    campaign: str = _setting("DIGEST_CAMPAIGN", "", kinds.campaign)

    sender: str = _setting("DIGEST_SENDER", "", kinds.sender)
    reply_to: str = _setting("DIGEST_REPLY_TO", "", kinds.sender)
    postal_address: str = _setting("DIGEST_POSTAL_ADDRESS", "", kinds.paragraph)
    unsubscribe_url: str = _setting(
        "DIGEST_UNSUBSCRIBE_URL", "", kinds.url("https", "http", "mailto")
    )
    smtp_url: str = _setting(
        "DIGEST_SMTP_URL", "", kinds.url("smtp", "smtps"), secret=True, shapes_issue=False
    )
    smtp_token_command: str = _setting(
        "DIGEST_SMTP_TOKEN_COMMAND", "", kinds.text, secret=True, shapes_issue=False
    )
    return_path: str = _setting("DIGEST_RETURN_PATH", "", kinds.address, shapes_issue=False)
    dkim_keys: tuple[tuple[str, str], ...] = _setting(
        "DIGEST_DKIM_KEYS", (), kinds.dkim_keys, shapes_issue=False
    )
    feedback_id: str = _setting("DIGEST_FEEDBACK_ID", "", kinds.feedback_id, shapes_issue=False)
    precedence: str = _setting(
        "DIGEST_PRECEDENCE", "", kinds.one_of(("bulk", "list")), shapes_issue=False
    )
    connections: int = _setting("DIGEST_CONNECTIONS", 4, kinds.whole(1, 64), shapes_issue=False)
    rate: float = _setting("DIGEST_RATE", 0.0, kinds.rate, shapes_issue=False)
    domain_rates: tuple[tuple[str, float], ...] = _setting(
        "DIGEST_DOMAIN_RATES", (), kinds.domain_rates, shapes_issue=False
    )

    test_list: str = _setting(
        "DIGEST_TEST_LIST", "recipients.test.csv", kinds.text, shapes_issue=False
    )
    readers_list: str = _setting("DIGEST_LIST", "recipients.csv", kinds.text, shapes_issue=False)
    list_fields: tuple[tuple[str, str], ...] = _setting(
        "DIGEST_LIST_FIELDS", (), kinds.list_fields, shapes_issue=False
    )
    secret: tuple[tuple[str, str], ...] = _setting(
        "DIGEST_SECRET", (), kinds.secrets, secret=True, shapes_issue=False
    )
    unsubscribed: str = _setting(
        "DIGEST_UNSUBSCRIBED", "var/unsubscribed.jsonl", kinds.text, shapes_issue=False
    )
    bounces: str = _setting("DIGEST_BOUNCES", "", kinds.text, shapes_issue=False)
    database_url: str = _setting(
        "DIGEST_DATABASE_URL",
        "sqlite:///var/ledger.db",
        kinds.database,
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
    if not isinstance(value, tuple):
        return str(value)
    return ", ".join(map(_shown_part, value))


def _shown_part(part: object) -> str:
    match part:
        case (str(name), float(weight)):
            return f"{name}={weight:g}"
        case (str(kind), str(what), str(name)):
            return f"{kind}:{what}={name}"
        case _:
            return str(part)


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
