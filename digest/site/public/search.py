"""The search of a published site: its page, and an index that a browser loads in small pieces.

Each year has an index of its own, so that a new issue renews one year's, and the years are asked
newest first, as far as a reader wants to go:

- `search/years.json`: `[["2026", "<version>"], …]`, newest first; the version is part of every
  address below it (`?<version>`), so that a browser may keep those for good.
- `search/2026/index.json`: `{"per": 10, "stories": 2600, "leaves": ["", "bay", …]}`: stories in a
  chunk, how many there are, and the first word of each leaf.
- `search/2026/w0.json`, …: a leaf: each word with the stories that hold it, by their number in the
  year, oldest first: differences in base 36, `!` behind those whose headline has it. A word that
  every third story has says only `*`: it tells none apart.
- `search/2026/s0.json`, …: a chunk: `[headline, address, source, blurb, slug, date]` of ten
  stories.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from digest.site.public.values import File, Home, PublicIssue, PublicStory
from digest.site.public.words import words
from digest.site.style import public_page

LEAF_BYTES = 2_500
PER_CHUNK = 10
BLURB_CHARS = 200
EVERYWHERE = 3
"""A word that more than one story in so many has is not looked for."""
_FEW = 60
"""In a year of fewer stories every word counts."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def search_page(home: Home, versions: Sequence[tuple[str, str]]) -> Iterator[File]:
    """The page, and the list of the years' versions, newest first."""
    html = public_page(
        "search.html.j2", language=home.language, home=home, root="../", here="search/"
    )
    yield File(path="search/index.html", data=html.encode())
    yield File(path="search/years.json", data=_json([list(pair) for pair in versions]))


def search_files(year: str, issues: Sequence[PublicIssue]) -> Iterator[File]:
    """The index of a year's `issues`, oldest first."""
    told = [(issue, story) for issue in issues for story in issue.stories]
    for at in range(0, len(told), PER_CHUNK):
        rows = [_row(issue, story) for issue, story in told[at : at + PER_CHUNK]]
        yield File(path=f"search/{year}/s{at // PER_CHUNK}.json", data=_json(rows))
    leaves = _leaves(_postings([story for _, story in told]))
    for at, leaf in enumerate(leaves):
        yield File(path=f"search/{year}/w{at}.json", data=_json(leaf))
    firsts = [next(iter(leaf)) for leaf in leaves]
    index = {"per": PER_CHUNK, "stories": len(told), "leaves": firsts}
    yield File(path=f"search/{year}/index.json", data=_json(index))


def _row(issue: PublicIssue, story: PublicStory) -> list[str]:
    blurb = story.blurb
    if len(blurb) > BLURB_CHARS:
        blurb = blurb[: BLURB_CHARS - 1].rstrip() + "…"
    return [story.headline, story.url, story.source, blurb, issue.slug, issue.day]


def _postings(stories: Sequence[PublicStory]) -> dict[str, str]:
    """Each word, in order, with the stories that hold it, as a leaf writes them."""
    found: dict[str, list[str]] = {}
    last: dict[str, int] = {}
    for number, story in enumerate(stories):
        headline = set(words(story.headline))
        others = (story.blurb, story.source, story.kicker, story.section, story.note)
        for word in headline.union(words(" ".join(others)), _also(story)):
            mark = "!" if word in headline else ""
            step = _base36(number - last.get(word, 0))
            found.setdefault(word, []).append(step + mark)
            last[word] = number
    most = len(stories) if len(stories) < _FEW else len(stories) // EVERYWHERE
    return {
        word: "*" if len(rows) > most else " ".join(rows) for word, rows in sorted(found.items())
    }


def _also(story: PublicStory) -> list[str]:
    return words(" ".join(credit.source for credit in story.also))


def _leaves(postings: dict[str, str]) -> list[dict[str, str]]:
    leaves: list[dict[str, str]] = []
    size = LEAF_BYTES
    for word, rows in postings.items():
        if size >= LEAF_BYTES:
            leaves.append({})
            size = 0
        leaves[-1][word] = rows
        size += len(word) + len(rows) + 6
    return leaves


def _base36(number: int) -> str:
    written = ""
    while number >= 36:
        number, digit = divmod(number, 36)
        written = _DIGITS[digit] + written
    return _DIGITS[number] + written


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
