"""What explains that an archived issue comes out otherwise now, and how much of that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from digest.archive import Archive, Document, edited_since_build
from digest.errors import DigestError
from digest.pipeline.remake import Remake, unpictured
from digest.pipeline.versions import THEME, theme_version, versions
from digest.settings import read_settings

Shapes = Literal["all", "looks", "pictures"]
"""What a cause can change: all of an issue, how it looks, or that and its pictures."""

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_LOOKS = ("jinja2", "mjml-python", "premailer", "babel")
_NOTHING = ("trafilatura", "feedparser")
"""They read the sources, and what they found is recorded: making it again asks neither."""
_RENDERED = ("email.txt", "email.html", "web.html")
_DERIVED = re.compile(
    rb"(?im)^(?:message-id|x-digest-slots|content-[a-z-]+):.*\r?\n(?:[ \t].*\r?\n)*"
)
"""Headers that come from the bytes of the parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A clause that says what changed since an issue was built, and what of it that can shape."""

    clause: str
    shapes: Shapes = "all"

    def explains(self, name: str, before: bytes | None, after: bytes | None) -> bool:
        """Whether a file may differ because of it; None stands for a file that is not there."""
        if self.shapes == "all":
            return True
        if name.startswith("media/"):
            return self.shapes == "pictures"
        if before is None or after is None or name in _RENDERED:
            return before is not None and after is not None
        if name == "message.eml":
            return _headers(before) == _headers(after)
        left_out = {"fit"} if self.shapes == "looks" else {"fit", "image", "picture"}
        try:
            return _words(name, before, left_out) == _words(name, after, left_out)
        except (ValueError, RecursionError):  # what is no JSON of ours is explained by nothing
            return False


def _headers(message: bytes) -> bytes:
    return _DERIVED.sub(b"", re.split(rb"\r?\n\r?\n", message, maxsplit=1)[0] + b"\r\n")


def _words(name: str, raw: bytes, left_out: set[str]) -> list[object]:
    """issue.json without its hashes, or the lines of entries.jsonl, without some keys.

    Raises ValueError or RecursionError for what is no JSON.
    """

    def kept(pairs: list[tuple[str, object]]) -> dict[str, object]:
        return {key: value for key, value in pairs if key not in left_out}

    # issue.json ends before its hashes; of bytes, no other separator than ours ends a line.
    whole = [raw.rstrip().rstrip(b",") + b"}"]
    rows = whole if name == "issue.json" else raw.splitlines()
    return [json.loads(row, object_pairs_hook=kept) for row in rows]


def reasons(
    slug: str, archive: Archive, recorded: Document, made: Remake | None
) -> Iterator[Reason]:
    """What makes it no wonder that the issue comes out otherwise now."""
    here = versions(made.composed.theme) if made else versions(None)
    for name, was in sorted(recorded.versions.items()):
        now = here.get(name)
        if name != THEME and name not in _NOTHING and now != was:
            clause = f"it was made with {name} {was}, here is {now or 'none'}"
            yield Reason(clause=clause, shapes=_shapes(name))
    yield from map(_all, _other_settings(recorded))
    if made:
        yield from (Reason(clause=clause, shapes="pictures") for clause in _theme(recorded, made))
        yield from map(_all, _past(archive, recorded, made))
        headlines = unpictured(made.composed.issue, made.given)
        if headlines:
            yield _all(f"the picture of “{headlines[0][:60]}” is not archived")
        for failure in made.given.by_editor.failures[:1]:
            yield _all(f"{failure.where}: {failure.what.rstrip('.')}")
    if edited_since_build(archive.folder, slug):
        yield _all("edits.toml was changed since it was built")


def _all(clause: str) -> Reason:
    return Reason(clause=clause)


def _shapes(library: str) -> Shapes:
    if library in _LOOKS:
        return "looks"
    return "pictures" if library == "pillow" else "all"


def _theme(recorded: Document, made: Remake) -> Iterator[str]:
    theme, was = made.composed.theme, recorded.versions.get(THEME)
    if theme.own and was is None:
        yield f"{theme.shown} is a theme of your own, of which no version was recorded"
    elif theme.own and was != theme_version(theme):
        yield f"{theme.shown} was changed since"
    elif was is not None and not theme.own:
        yield f"it was made with a theme of your own, templates/{theme.name}, which is gone"


def _past(archive: Archive, recorded: Document, made: Remake) -> Iterator[str]:
    """Where the archive holds other earlier issues than it did."""
    number, now = recorded.issue.get("number"), made.composed.issue.number
    if number != now:
        yield f"it was issue {number} and is issue {now} now: earlier ones came or went"
        return
    for failure in made.composed.choice.damaged[:1]:
        yield f"an earlier issue is damaged, {failure.where}"
    for past in made.composed.choice.past:
        if _moment(archive, past.slug) > made.composed.issue.now:
            yield f"{past.slug} was built after it"
            return


def _moment(archive: Archive, slug: str) -> datetime:
    """When an issue was built, by its own word; the begin of time where it is not said."""
    try:
        moment = datetime.fromisoformat(str(archive.recorded(slug).issue.get("now")))
        return moment if moment.tzinfo else _NEVER
    except (DigestError, ValueError):
        return _NEVER


def _other_settings(recorded: Document) -> Iterator[str]:
    """The settings that another version of the program recorded, or did not know yet."""
    here = read_settings(None, recorded.settings).recorded().keys()
    lost = [key for key in here if key not in recorded.settings]
    if lost:
        yield f"{lost[0]} was not recorded"
    unknown = sorted(recorded.settings.keys() - here)
    if unknown:
        yield f"{unknown[0][:60]} is no setting here"
