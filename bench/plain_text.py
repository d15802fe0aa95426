"""The text part over fuzzed stories: `python -m bench.plain_text [--stories N] [--seed N]`.

Headlines, blurbs, names and addresses of many scripts, with emoji, combining marks, both
directions, controls, characters of no width, words of 500 characters and long URLs, in issues of
30 stories in six languages, go through `digest.render.render`. Counted are lines wider than 72
columns that are not one URL, headlines that are not there after cleaning, URLs that do not stand
whole on one line, and grapheme clusters that a line break splits. Every count has to be 0.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

from wcwidth import iter_graphemes, wcswidth

from digest.models import (
    Blurb,
    Credit,
    Entry,
    Image,
    Issue,
    Newsletter,
    Notice,
    Section,
    Story,
    Window,
)
from digest.render import load_theme, render
from digest.render.clean import clean
from digest.text.urls import without_tracking

COLUMNS = 72
STORIES, ISSUE = 3_000, 30
LANGUAGES = ("en", "ar", "ja", "es", "th", "he")
_URL = re.compile(r"(?:\[\d+\] )?(?:https?://|mailto:)\S+")
_NO_START = frozenset("、。，．」』）】〉》！？ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…")
_NO_END = frozenset("「『（【〈《")

_WORDS = {
    "Latin": "the harbor wall ferry O'Brien “night” naïve Łódź ﬁsh e-mail A/B 12:30 §4 – … & <b>",
    "Greek": "το λιμάνι και η θάλασσα του νησιού· ΑΘΗΝΑ ὕδωρ",
    "Cyrillic": "гавань «Ночь» объезд Київ їжак й ё",
    "Arabic": "ميناء صغير يفتح مدرسةً لصناعةِ القوارب، الخشبية؟ ٤٧ لا اللّه",
    "Hebrew": "נמל קטן פותח בית־ספר לסירות עץ; שָׁלוֹם 12",
    "Persian": "می‌خواهم کتاب‌خانه را ببینم",
    "Hindi": "बंदरगाह की दीवार क्षत्रिय ज्ञान स्त्री हिन्दी",
    "Tamil": "துறைமுகம் கப்பல் ஸ்ரீ க்ஷ",
    "Thai": "ท่าเรือเล็กๆเปิดโรงเรียนต่อเรือไม้ น้ำขึ้นน้ำลง ผู้ใหญ่",
    "Khmer": "កំពង់ផែតូចមួយបើកសាលា",
    "Burmese": "ဆိပ်ကမ်းငယ်လေးတစ်ခု",
    "Japanese": "港町の図書館、「船」で島々をめぐるサービスを開始。ちょっと、キャッチー！ ㌔ ﾊﾛｰ",
    "Chinese": "小港口的图书馆（渔船）开始服务：每月两次，访问五个岛屿。《海》",
    "Korean": "작은 항구의 도서관이 배로 섬들을 찾아갑니다. 각 힣",
    "Emoji": "👩‍👧‍👦 🏮 🇵🇹🇯🇵 👍🏽 ❤️ ☔︎ 1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 👨🏿‍🚀 🏳️‍🌈 ©️ ⚓",
    "Marks": "e\u0301\u0323 a\u20dd Z\u0351\u036b\u0343\u0363 o\u0308\u0304 क\u094d\u200dष \u0301x",
    "Odd": "\u200b \u200c \u200d \u2060 \ufeff \u00ad \u200e \u200f \u202e \u2067 \u2069 \u061c "
    "\u00a0 \u202f \u3000 \u2028 \x07 \x1b[31m \x00 \ufdd0 \uffff \U000e0041 \ud7b0 \u115f \u3164",
    "Wide": "ｈａｒｂｏｒ ￥１２ ～ — ― ‥ ─ ■ ① Ω ☎",
}  # fmt: skip
_SCRIPTS = {name: tuple(words.split(" ")) for name, words in _WORDS.items()}


@dataclass(frozen=True, slots=True)
class Tally:
    """What went wrong, by kind, over so many stories and lines; `shown` are a few examples."""

    stories: int
    lines: int
    faults: Counter[str]
    shown: tuple[str, ...]


KINDS = {
    "wide": f"lines wider than {COLUMNS} columns that are not one URL",
    "headline": "headlines that are not there",
    "url": "URLs that do not stand whole on one line",
    "cluster": "grapheme clusters split by a line break",
    "kinsoku": "lines that begin or end as Japanese must not",
    "control": "control characters",
}


def issues(stories: int, seed: int) -> Iterator[Issue]:
    """Issues of 30 fuzzed stories each, the same for a seed, in turn in each language."""
    random = Random(seed)  # noqa: S311 - nothing is secret here
    for number in range(0, stories, ISSUE):
        told = [_story(random, number + at) for at in range(min(ISSUE, stories - number))]
        sections = tuple(
            Section(name=_text(random, 1, 6) or "Section", stories=tuple(told[at : at + 9]))
            for at in range(3, len(told), 9)
        )
        yield Issue(
            slug="2026-W47",
            newsletter=Newsletter(
                name=_text(random, 1, 5),
                tagline=_text(random, 0, 15),
                language=LANGUAGES[number // ISSUE % len(LANGUAGES)],
                postal_address="\n".join(_text(random, 1, 8) for _ in range(3)),
                unsubscribe_url=_url(random, number),
                web_url="https://issues.example.org",
            ),
            window=Window(
                start=datetime(2026, 11, 13, tzinfo=UTC), end=datetime(2026, 11, 20, tzinfo=UTC)
            ),
            now=datetime(2026, 11, 20, tzinfo=UTC),
            number=number + 1,
            subject=_text(random, 1, 9),
            intro=_text(random, 0, 60),
            outro=_text(random, 0, 60),
            leads=tuple(told[:3]),
            sections=sections,
            notices=(
                Notice(
                    title=_text(random, 1, 9),
                    text=_text(random, 1, 40),
                    sponsor=_text(random, 0, 4),
                    url=_url(random, number),
                ),
            ),
        )


def weigh(stories: int = STORIES, seed: int = 47) -> Tally:
    """Render the issues of a seed and count what is wrong in their text parts."""
    theme = load_theme("gazette", folder=Path("nowhere"))
    faults: Counter[str] = Counter()
    shown: list[str] = []
    lines = 0
    for issue in issues(stories, seed):
        text = render(issue, theme).email_txt
        lines += text.count("\n")
        for kind, what in found(issue, text):
            faults[kind] += 1
            if faults[kind] <= 3:
                shown.append(f"{kind}: {what[:400]!r}")
    return Tally(stories, lines, faults, tuple(shown))


def found(issue: Issue, text: str) -> Iterator[tuple[str, str]]:
    """Each fault of a text part: its kind, and where."""
    lines = text.splitlines()
    for line in text.split("\n"):
        if re.search("[\x00-\x1f\x7f-\x9f]", line):
            yield "control", line
        if not 0 <= wcswidth(line) <= COLUMNS and not _URL.fullmatch(line):
            yield "wide", line
    words = _bare(text)
    whole = {part for line in lines for part in line.split()}
    for story in issue.stories:
        if _bare(story.headline) not in words:
            yield "headline", story.headline
        for url in filter(None, (story.entry.url, *(credit.url for credit in story.also))):
            if without_tracking(url) not in whole:
                yield "url", url
    yield from _breaks(issue, lines)


def _breaks(issue: Issue, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Breaks that no line may have, of those where the story has no space.

    A URL stands whole and alone whatever follows it: behind one a mark may begin a line.
    """
    told = "\n".join(clean(f"{s.headline} {s.blurb.text}") for s in issue.stories)
    for before, line in pairwise(lines):
        if not (before and line) or _URL.fullmatch(before) or before[-6:] + line[:6] not in told:
            continue
        if not _between_clusters(before, line):
            yield "cluster", f"{before}\n{line}"
        if line[0] in _NO_START or before[-1] in _NO_END:
            yield "kinsoku", f"{before}\n{line}"


def _between_clusters(before: str, line: str) -> bool:
    """Whether a break parts two clusters, or one that fits in no line."""
    end = 0
    for cluster in iter_graphemes(before + line):
        end += len(cluster)
        if end >= len(before):
            return end == len(before) or wcswidth(cluster) > COLUMNS
    return True


def main() -> int:
    """Print what was wanted and what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=STORIES)
    parser.add_argument("--seed", type=int, default=47)
    options = parser.parse_args()
    tally = weigh(options.stories, options.seed)
    print(f"{tally.stories:,} stories, {tally.lines:,} lines, seed {options.seed}")
    for kind, what in KINDS.items():
        print(f"{what:<60} wanted 0  measured {tally.faults[kind]}")
    print("\n".join(tally.shown))
    return 1 if tally.faults else 0


def _bare(text: str) -> str:
    """What is left of a text without white space and without what is not shown."""
    return "".join(
        c
        for c in text
        if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cs", "Cf"} and not _non(c)
    )


def _non(char: str) -> bool:
    """A noncharacter, which no rendering may hold."""
    code = ord(char)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _text(random: Random, least: int, most: int) -> str:
    """Words of one to three scripts; now and then one of 500 characters, or a URL."""
    words: list[str] = []
    for script in random.sample(sorted(_SCRIPTS), random.randint(1, 3)):
        count = random.randint(least, max(least, most // 2))
        words += random.choices(_SCRIPTS[script], k=count)
    if random.random() < 0.05:
        piece = random.choice(_SCRIPTS[random.choice(sorted(_SCRIPTS))])
        words.append((piece * 500)[:500])
    if random.random() < 0.05:
        words.append(_url(random, 1))
    if random.random() < 0.5:
        random.shuffle(words)
    joint = "" if random.random() < 0.2 else " "
    return joint.join(words)


def _url(random: Random, number: int) -> str:
    length = random.choice((4, 30, 55, 60, 66, 70, 120, 600))
    path = "".join(random.choices("abcdefgh/-_.~%2Fxyz0123456789", k=length)).replace("%", "")
    return f"https://s{number}.example.org/{path}x"


def _story(random: Random, number: int) -> Story:
    headline = _text(random, 1, 14)
    headline = headline if _bare(headline) else f"Story {number}"
    blurb = _text(random, 0, 60)
    image = Image(url=f"https://p.example.org/{number}.png", alt=_text(random, 0, 20))
    also = tuple(
        Credit(id=f"{at}", source=_text(random, 1, 3), title="x", url=_url(random, number))
        for at in range(random.randint(0, 4))
    )
    entry = Entry(
        id=f"s{number}",
        title=headline,
        text="word " * random.randint(0, 900),
        cut=random.random() < 0.3,
        url=_url(random, number) if random.random() < 0.9 else None,
        byline=_text(random, 0, 5),
        agency=_text(random, 0, 3),
        source=_text(random, 1, 4),
        language=random.choice(("", "en", "ar", "ja", "he", "th")),
        image=image if random.random() < 0.4 else None,
    )
    return Story(
        entry=entry,
        tier="teaser",
        headline=headline,
        kicker=_text(random, 0, 4),
        blurb=Blurb(text=blurb, origin="summary" if number % 3 else "text"),
        note=_text(random, 0, 12) if random.random() < 0.2 else "",
        also=also,
    )


if __name__ == "__main__":
    sys.exit(main())
