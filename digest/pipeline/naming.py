"""Which entry an editor means: by its id, or by words of its title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from digest.archive import Archive, read_edits
from digest.edits import Edits
from digest.errors import UsageError

_MOST_NAMED = 8
_SHOWN_TITLE = 60

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entry that an editor may mean. `place` is where it stands in the issue as built."""

    id: str
    title: str
    source: str = ""
    place: str = ""
    section: str = ""

    @property
    def in_issue(self) -> bool:
        """Whether it has a story of its own in the issue as built."""
        return self.place in {"lead", "teaser"}


def find_story(archive: Archive, slug: str, words: str) -> Named:
    """The one entry of the issue, or story of the editor's, of this id or with these words.

    Raises UsageError, which lists the choices, where it is none or several.
    """
    rows = known(archive, slug, read_edits(archive.folder, slug))
    return the_one(matching(rows, words), words, slug, "No entry")


def known(archive: Archive, slug: str, edits: Edits) -> list[Named]:
    """All that an edit of the issue may speak of: its entries, and the stories added to it."""
    found = {
        row.entry.id: Named(
            id=row.entry.id,
            title=" ".join(row.entry.title.split()),
            source=row.entry.source,
            place=row.verdict.place,
            section=row.verdict.section,
        )
        for row in archive.candidates(slug)
    }
    for story in edits.add:
        found.setdefault(story.id, Named(id=story.id, title=story.title, source=story.source))
    return list(found.values())


def matching(rows: Sequence[Named], words: str) -> list[Named]:
    """Those of this id, else of this title, else whose title holds the words."""
    return [rows[at] for at in fitting([(row.id, row.title) for row in rows], words)]


def fitting(rows: Sequence[tuple[str, str]], words: str) -> list[int]:
    """The numbers of the rows of id and title that `words` name, by the first rule that fits any.

    It is the id; the title; in the title; or each of them is in the title. Case and spaces are one.
    """
    low = " ".join(words.casefold().split())
    if not low:
        return []
    titles = [" ".join(title.casefold().split()) for _, title in rows]
    rules: tuple[Callable[[int], bool], ...] = (
        lambda at: rows[at][0] == words.strip(),
        lambda at: titles[at] == low,
        lambda at: low in titles[at],
        lambda at: all(word in titles[at] for word in low.split()),
    )
    for fits in rules:
        found = [at for at in range(len(rows)) if fits(at)]
        if found:
            return found
    return []


def the_one(found: Sequence[Named], words: str, slug: str, none: str) -> Named:
    """The only one of `found`; raises UsageError, those in the issue first, where it is not."""
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"{none} of {slug} has the id or the words “{words[:_SHOWN_TITLE]}”.",
            hint=f"`digest explain {slug}` lists all entries, `digest edit {slug} show` the edits.",
        )
    first = sorted(found, key=lambda named: not named.in_issue)
    rows = "; ".join(map(_told, first[:_MOST_NAMED]))
    more = f"; and {len(found) - _MOST_NAMED} more" if found[_MOST_NAMED:] else ""
    raise UsageError(
        f"“{words[:_SHOWN_TITLE]}” names {len(found)} of {slug}: {rows}{more}.",
        hint="Give the id of one, or more words of its title.",
    )


def _told(named: Named) -> str:
    """“5f0c1a92be “Night ferry” (Courier, a teaser)”."""
    where = f"a {named.place}" if named.in_issue else "not in the issue" if named.place else ""
    about = ", ".join(part for part in (named.source, where) if part)
    return f"{named.id} “{named.title[:_SHOWN_TITLE]}”" + (f" ({about})" if about else "")
