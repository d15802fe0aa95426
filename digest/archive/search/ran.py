"""Have we run this? By an address, or by a text: copies of it, and reports of the same event."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from digest.archive.search.query import Placed, stories
from digest.archive.search.tables import RANK, Told
from digest.archive.search.tokens import fold, index_terms, pieces, terms_of
from digest.models import Entry, Status, Tier
from digest.text.language import base, guess
from digest.text.urls import canonical
from digest.text.words import stop_words

How = Literal["address", "credit", "copy", "event"]

MAX_TEXT = 100_000
"""Characters of a text that are compared."""
_RARE, _CANDIDATES, _BACKGROUND = 24, 40, 300
"""Rare words of a text that find candidates, candidates that are compared, and stories beside them
that show how common a word is: among candidates alone, what is rare would look common."""
_MOSTLY = 0.5
"""Share of a text that stands in another one, which no habit of a source explains."""
_TITLE = 200
"""Characters up to which a first line is taken for a headline."""
_ADDRESS = re.compile(
    r"(?:https?://)?[^\s/?#@]+\.[^\s/?#@.]{2,}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A story that ran, and why it is the same: a sentence.

    `how` is `address`, `credit` (among "also covered by"), `copy` or `event`.
    """

    how: How
    because: str
    slug: str
    day: date
    status: Status
    tier: Tier
    entry: str
    headline: str
    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What was asked about, as it was understood, and where it ran, the surest first.

    `note` says why nothing can be told of it, where that is so.
    """

    kind: Literal["address", "text"]
    asked: str
    matches: tuple[Match, ...] = ()
    note: str = ""


def look_up(db: sqlite3.Connection, what: str) -> Ran:
    """Where `what` ran: an address where it is one, else a text, headline first if it has one."""
    what = what.replace("\0", " ").encode("utf-8", "replace").decode("utf-8").strip()
    if _ADDRESS.fullmatch(what):
        return _by_address(db, what)
    return _by_text(db, what[:MAX_TEXT])


def _by_address(db: sqlite3.Connection, what: str) -> Ran:
    from digest.match import same_address  # brings numpy, which a search by words does without

    url = what if re.match("https?://", what, re.IGNORECASE) else f"https://{what}"
    # No source has this name, so the address alone decides.
    pasted = Entry(id="", title="", url=url, source="\0")
    if not same_address(pasted, pasted):
        note = "That is the address of a home page, which many stories share. Name an article's."
        return Ran(kind="address", asked=what, note=note)
    rows = db.execute(
        "SELECT story, credit FROM addresses WHERE address = ? ORDER BY story DESC, credit",
        (canonical(url),),
    ).fetchall()
    matches: list[Match] = []
    for one in stories(db, list(dict.fromkeys(story for story, _ in rows))):
        titles = [credit for story, credit in rows if story == one.told.id]
        if "" in titles:
            matches.append(_match(one, "address", "It stands at this address."))
        else:
            because = f"This address is among “also covered by”: {titles[0]}."
            matches.append(_match(one, "credit", because))
    matches.sort(key=lambda match: match.how)
    return Ran(kind="address", asked=what, matches=tuple(matches))


def _by_text(db: sqlite3.Connection, text: str) -> Ran:
    from digest.match import copies, events

    title, _, rest = text.partition("\n")
    if len(title) > _TITLE:
        title, rest = "", text
    # The first line may be the article's own, so it is compared as a part of it too.
    pasted = Entry(id="\0", title=title.strip(), text=text if rest.strip() else "")
    asked = (title or text)[:_TITLE]
    rare = _rare_words(db, text)
    if not rare:
        note = "" if any(pieces(text)) else "There is no word in it."
        return Ran(kind="text", asked=asked, note=note)
    near = _candidates(db, rare)
    beside = _beside(db, {one.told.id for one in near})
    entries = [pasted, *(_entry(one.told) for one in (*near, *beside))]
    found: dict[int, Match] = {}
    sure: dict[int, float] = defaultdict(float)
    shares = {c.second: c.share for c in copies(entries) if c.first == 0 and c.second <= len(near)}
    for at in range(1, len(near) + 1):
        # Candidates are alike, so that what one source says in many of them passes for its habit;
        # half of a text is more than that.
        alone = copies([pasted, entries[at]])
        if alone and (at in shares or alone[0].share >= _MOSTLY):
            sure[at] = max(alone[0].share, shares.get(at, 0))
            found[at] = _match(near[at - 1], "copy", _copied(pasted, near[at - 1].told, sure[at]))
    groups = events(entries)
    for at, one in enumerate(near, start=1):
        if groups[at] == groups[0] and at not in found:
            found[at] = _match(one, "event", _shared(one.told, rare))
    order = sorted(found, key=lambda at: (found[at].how, -sure[at], -near[at - 1].day.toordinal()))
    return Ran(kind="text", asked=asked, matches=tuple(found[at] for at in order))


def _match(one: Placed, how: How, because: str) -> Match:
    return Match(
        how=how,
        because=because,
        slug=one.slug,
        day=one.day,
        status=one.status,
        tier=one.tier,
        entry=one.told.entry,
        headline=one.told.headline,
        source=one.told.source,
        url=one.told.url,
    )


def _rare_words(db: sqlite3.Connection, text: str) -> dict[str, str]:
    """The terms of a text that fewest stories have, rarest first, each with its word as written."""
    spoken = base(guess(text))
    known = terms_of(spoken)
    written: dict[str, str] = {}
    for piece in pieces(text):
        if piece.kind == "word":
            written.setdefault(known[piece.written], piece.written)
        elif piece.kind == "pair":
            written.setdefault(piece.written, piece.written)
        if len(written) >= 2_000:
            break
    spread: dict[str, int] = {}
    for term in filter(None, written):
        row = db.execute("SELECT doc FROM terms WHERE term = ?", (term,)).fetchone()
        if row:
            spread[term] = row[0]
    total = db.execute("SELECT count(*) FROM stories").fetchone()[0]
    rare = sorted(spread, key=lambda term: (spread[term], term))
    # What every tenth story says tells nothing, unless the archive is small.
    telling = [term for term in rare if spread[term] <= max(50, total // 10)]
    return {term: written[term] for term in telling[:_RARE]}


def _candidates(db: sqlite3.Connection, rare: dict[str, str]) -> list[Placed]:
    match = " OR ".join(f'"{term}"' for term in rare)
    rows = db.execute(
        f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY {RANK}, rowid DESC LIMIT ?",  # noqa: S608
        (match, _CANDIDATES),
    )
    return stories(db, [key for (key,) in rows])


def _beside(db: sqlite3.Connection, without: set[int]) -> list[Placed]:
    """The newest stories that are no candidates."""
    rows = db.execute("SELECT id FROM stories ORDER BY id DESC LIMIT ?", (_BACKGROUND,))
    return stories(db, [key for (key,) in rows if key not in without])


def _entry(told: Told) -> Entry:
    return Entry(
        id=f"{told.id}",
        title=told.title,
        text=told.body,
        source=told.source,
        language=told.language,
        published=datetime.fromisoformat(told.published) if told.published else None,
    )


def _copied(pasted: Entry, told: Told, share: float) -> str:
    if fold(pasted.title) == fold(told.title) and share == 1 and not pasted.text:
        return "It has the same headline."
    if share == 1:
        return "All of the shorter text stands in the other."
    return f"{share:.0%} of the shorter text stands in the other."


def _shared(told: Told, rare: dict[str, str]) -> str:
    """The rare words that both say."""
    own = {
        term
        for text in (told.title, told.body)
        for term in index_terms(text, told.language).split()
    }
    stop = stop_words(told.language)
    both = [word for term, word in rare.items() if term in own and word.lower() not in stop]
    both.sort(key=lambda word: not word[:1].isupper())  # names tell an event best
    shared = list(dict.fromkeys(both))[:6]
    names = ", ".join(shared)
    return (
        f"It reports the same event: both say {names}." if names else "It reports the same event."
    )
