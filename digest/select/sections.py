"""Which section a teaser stands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from digest.match import tokens
from digest.models import Entry
from digest.select.learning import NOTHING, Learned
from digest.settings import Settings
from digest.text.urls import host

REST = "In brief"
"""The section of teasers that share nothing; it stands last."""

LONGEST_NAME = 40
"""Characters beyond which a tag is a sentence, and no name of a section."""


SAYS_NOTHING = frozenset(
    {"uncategorized", "uncategorised", "sin categoría", "non classé", "allgemein", "default"}
    | {"general", "misc", "miscellaneous", "other", "blog", "post", "posts", "article", "articles"}
)
"""Tags that blogging programs give by themselves, or that fit anything: no name of a section."""


def section_names(
    teasers: Sequence[Entry], settings: Settings, learned: Learned = NOTHING
) -> tuple[str, ...]:
    """The section of each teaser (best first).

    The editor's rules; else the group under which the source is listed; else the section where
    past issues had stories like it; else the first of its tags that makes a section of two or more;
    else "In brief". Tags and groups that differ in case alone are one,
    spelled as the best story spells it.
    """
    spelled: dict[str, str] = {}
    past = learned.sections(teasers) or (("", 0.0),) * len(teasers)
    own = []
    for entry, (name, _) in zip(teasers, past, strict=True):
        # A name that the editor gave is hers, however little it says: "Miscellaneous".
        likely = name if name != REST else ""
        given = _by_rule(entry, settings) or _tidy(entry.section) or likely
        own.append(spelled.setdefault(given.casefold(), given))
    tags = [[_spell(tag, spelled) for tag in entry.tags] for entry in teasers]
    names: list[str] = list(own)
    counts: Counter[str] = Counter()
    for place, name in enumerate(own):
        counts.update([name] if name else set(tags[place]) - {""})
    listed = set(own) - {""}
    for place, name in enumerate(own):
        if not name:
            shared = (tag for tag in tags[place] if tag and (counts[tag] > 1 or tag in listed))
            names[place] = next(shared, "")
    _settle(names, tags, fixed=listed)
    return tuple(name or REST for name in names)


def in_order(names: Sequence[str], order: Sequence[str] = ()) -> tuple[str, ...]:
    """Each section once: those of `order` as they stand there, others by their best story.

    The rest stands last, unless `order` names it.
    """
    places = {name.casefold(): place for place, name in enumerate(order)}
    last = len(places)
    return tuple(
        sorted(
            dict.fromkeys(names),
            key=lambda name: places.get(name.casefold(), last + (name == REST)),
        )
    )


def _by_rule(entry: Entry, settings: Settings) -> str:
    """The section of the first rule that fits; an editor's own word for it beats them all."""
    if ("section", "edits.toml") in entry.provenance:
        return ""
    for kind, what, name in settings.section_rules:
        match kind:
            case "tag":
                fits = what in {tag.casefold() for tag in entry.tags}
            case "source":
                fits = what == entry.source.casefold()
            case "host":
                at = host(entry.url) if entry.url else ""
                fits = at == what or at.endswith(f".{what}")
            case _:
                fits = set(tokens(what)) <= set(tokens(entry.title))
        if fits:
            return name
    return ""


def shared_tags(stories: Sequence[Entry]) -> frozenset[str]:
    """The tags, case folded, that two or more of these stories bear.

    A tag that one page alone gives itself says what the page is about, not what kind of story
    it is.
    """
    counts = Counter(tag for entry in stories for tag in {_tidy(t).casefold() for t in entry.tags})
    return frozenset(tag for tag, count in counts.items() if tag and count > 1)


def kicker(entry: Entry, shared: Collection[str]) -> str:
    """The short label over a lead: its group, else the first of its tags that others share."""
    tags = (tag for tag in map(_tidy, entry.tags) if tag.casefold() in shared)
    return _tidy(entry.section) or next(tags, "")


def _settle(names: list[str], tags: Sequence[Sequence[str]], *, fixed: set[str]) -> None:
    """A teaser left alone in the section of a tag joins another that stands, else the rest."""
    sizes = Counter(names)
    for place, name in enumerate(names):
        if name and name not in fixed and sizes[name] == 1:
            standing = (tag for tag in tags[place] if sizes[tag] > 1 or tag in fixed)
            names[place] = next(standing, "")


def _spell(name: str, spelled: dict[str, str]) -> str:
    tidy = _tidy(name)
    return spelled.setdefault(tidy.casefold(), tidy)


def _tidy(name: str) -> str:
    """One line; nothing, where it is too long for a name or says nothing."""
    line = " ".join(name.split())
    return "" if len(line) > LONGEST_NAME or line.casefold() in SAYS_NOTHING else line
