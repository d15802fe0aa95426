"""An archive of as many issues as wanted, for benches: valid, of realistic size, made in seconds.

Run with `python -m bench.generated_archive FOLDER --issues 1000 --stories 50`. The issues end with
2026-W47 and go back week by week; the last is a draft, the one before it approved, all others were
sent. Those two are rendered by `digest.render`. Of the others one of each shape is (language,
leads, editor's words), with marks in the place of words; the words of each issue are put into the
marks. So sizes and markup are those of real renderings, and a thousand issues cost a minute.
"""

from __future__ import annotations

import argparse
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.generated_renderings import Shapes
from bench.generated_stories import SECTIONS, candidates_of, id_of, picture, sections_of, story_of
from bench.generated_words import Vocabulary, vocabulary
from digest.archive import decided_hash, slug_of
from digest.archive.document import write_candidates, write_document
from digest.models import (
    Blurb,
    Candidate,
    Entry,
    Image,
    Issue,
    Newsletter,
    Renderings,
    Status,
    Window,
)
from digest.pipeline.versions import IMPORTED_FROM, versions
from digest.settings import read_settings

LAST_CUTOFF = datetime(2026, 11, 20, 9, tzinfo=UTC)
CANDIDATES = 80
"""Entries of an issue at least; those that are no story were left out."""
_ENV = """DIGEST_NAME="The Long Watch"
DIGEST_TAGLINE="A generated newsletter"
DIGEST_HOME_URL="https://watch.example.org/"
DIGEST_WEB_URL="https://watch.example.org/issues/"
DIGEST_SENDER="The Long Watch <editor@watch.example.org>"
DIGEST_POSTAL_ADDRESS="1 Mole Head, Port Ellery"
DIGEST_UNSUBSCRIBE_URL="https://watch.example.org/unsubscribe"
DIGEST_LEADS=3
DIGEST_TEASERS=60
"""


def generate(folder: Path, issues: int, stories: int, *, seed: int = 1) -> None:
    """Write `folder/issues/` of so many issues of so many stories each, and `folder/.env`.

    The same arguments give the same bytes. What lies in `folder/issues/` under the same names is
    written over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".env").write_text(_ENV, "utf-8")
    newsroom = _Newsroom(seed, stories, folder)
    for at in range(issues):
        back = issues - 1 - at
        newsroom.write(folder / "issues", at + 1, back)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """What an issue is made of, before it is one."""

    slug: str
    window: Window
    language: str
    entries: tuple[Entry, ...]
    pictures: dict[str, bytes]
    edited: bool


class _Newsroom:
    """Weeks and their issues, one after the other."""

    def __init__(self, seed: int, stories: int, folder: Path) -> None:
        self._rng = random.Random(seed)  # noqa: S311 (made up, the same each time)
        self._stories = stories
        self._settings = read_settings(folder / ".env", {})
        self._recorded, self._versions = self._settings.recorded(), versions(None)
        # No selection made these issues, so `digest issues verify` shall not make them again.
        self._recorded |= {IMPORTED_FROM: "bench.generated_archive"}
        self._sources = self._named_sources()
        self._told: deque[Entry] = deque(maxlen=400)
        self._pictures = [picture(n) for n in range(48)]
        self._shapes = Shapes(folder)

    def write(self, archive: Path, number: int, back: int) -> None:
        """Write the issue `number` into the archive; it has its cut-off `back` weeks ago."""
        week = self._week(number, back)
        status: Status = "draft" if back == 0 else "approved" if back == 1 else "sent"
        issue, edits = self._issue(week, number, status)
        if status == "sent":
            renderings = self._shapes.rendered(issue, week.pictures)
        else:
            issue, renderings = self._shapes.truly(issue, week.pictures)
        folder = archive / week.slug
        rows = candidates_of(issue, week.entries)
        self._put(folder, issue, rows, renderings, week.pictures, edits=decided_hash(edits))
        if edits:
            (folder / "edits.toml").write_text(edits, "utf-8")
        if status == "sent" and number % 20 == 5:
            moment = week.window.end + timedelta(days=self._rng.randrange(1, 20), hours=3)
            note = self._sentence(vocabulary("en"), 12)
            about = f'story = "{issue.leads[0].entry.id}"\n' if number % 2 else ""
            (folder / "corrections.toml").write_text(
                f'[[correction]]\nmoment = {moment.isoformat()}\nnote = "{note}"\n{about}', "utf-8"
            )
        self._told.extend(story.entry for story in issue.stories)

    def _put(
        self,
        folder: Path,
        issue: Issue,
        candidates: Sequence[Candidate],
        renderings: Renderings,
        pictures: dict[str, bytes],
        *,
        edits: str,
    ) -> None:
        """The files as `Archive.save` writes them, without waiting for the disk each time."""
        files = {
            "email.html": renderings.email_html.encode(),
            "email.txt": renderings.email_txt.encode(),
            "web.html": renderings.web_html.encode(),
            "message.eml": renderings.message,
            "entries.jsonl": write_candidates(issue, candidates).encode(),
        } | pictures
        document = write_document(
            issue, settings=self._recorded, versions=self._versions, files=files, edits=edits
        )
        (folder / "media").mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        (folder / "issue.json").write_text(document, "utf-8")

    def _named_sources(self) -> tuple[tuple[str, str], ...]:
        """Names and hosts of 40 sources."""
        words = [word for word in vocabulary("en").words if len(word) > 4 and word.isalpha()]
        kinds = ("Gazette", "Courier", "Notes", "Wire", "Review", "Almanac", "Observer", "Post")
        found = self._rng.sample(words[100:], 40)
        return tuple(
            (f"{word.title()} {kinds[at % len(kinds)]}", f"{word}.example.org")
            for at, word in enumerate(found)
        )

    def _sentence(self, words: Vocabulary, count: int) -> str:
        return words.sentence(words.draw(self._rng, count), self._rng)

    def _week(self, number: int, back: int) -> _Week:
        rng = self._rng
        end = LAST_CUTOFF - timedelta(weeks=back)
        window = Window(start=end - timedelta(weeks=1), end=end)
        language = {17: "es", 31: "ar", 43: "ja"}.get(number % 50, "en")
        words = vocabulary(language)
        count = max(CANDIDATES, self._stories + self._stories // 2)
        entries: dict[str, Entry] = {}
        pictures: dict[str, bytes] = {}
        leads = 2 + number % 2
        while len(entries) < count:
            at = len(entries)
            entry = self._entry(words, language, window, number, at)
            if self._told and language == "en" and at >= leads and rng.random() < 0.02:
                entry = self._again(entry)
            if at < leads:
                name, data = rng.choice(self._pictures)
                pictures[name] = data
                alt = self._sentence(words, 6)
                own = Image(url=name, alt=alt, width=552, height=240)
                entry = replace(entry, image=own)
            entries.setdefault(entry.id, entry)
        return _Week(
            slug=slug_of(end),
            window=window,
            language=language,
            entries=tuple(entries.values()),
            pictures=pictures,
            edited=number % 3 == 0,
        )

    def _entry(
        self, words: Vocabulary, language: str, window: Window, number: int, at: int
    ) -> Entry:
        rng = self._rng
        # Shares by a power law: the first sources bring most.
        source, host = self._sources[int(len(self._sources) * rng.random() ** 2.5)]
        title = self._sentence(words, rng.randrange(6, 12)).rstrip(".。")
        tag = words.draw(rng, 1)[0]
        url = f"https://{host}/{window.end:%Y/%m}/{number}-{at}"
        return Entry(
            id=id_of(url),
            title=title,
            text=self._text(words),
            summary=self._sentence(words, 14) if rng.random() < 0.5 else "",
            url=url,
            source=source,
            published=window.start + timedelta(minutes=rng.randrange(7 * 24 * 60)),
            byline=" ".join(w.title() for w in words.draw(rng, 2)) if at % 3 == 0 else "",
            tags=(tag,),
            language=language,
            section=SECTIONS[at % len(SECTIONS)],
            order=at,
            provenance=(("title", "RSS title"), ("text", "RSS content"), ("url", "RSS link")),
        )

    def _again(self, entry: Entry) -> Entry:
        """A story of some week before: the same address, as it is or brought up to date."""
        before = self._rng.choice(self._told)
        if before.language != entry.language:
            return entry
        same = replace(entry, id=before.id, url=before.url, source=before.source)
        if self._rng.random() < 0.5:
            return replace(same, title=before.title, text=before.text)
        return replace(same, title=f"Update: {before.title}")

    def _text(self, words: Vocabulary) -> str:
        """A few paragraphs of a few sentences, the first three short enough for a blurb."""
        rng = self._rng
        counts = [rng.randrange(6, 12) for _ in range(3)]
        counts += [rng.randrange(8, 24) for _ in range(rng.randrange(6, 14))]
        drawn = words.draw(rng, sum(counts))
        sentences, start = [], 0
        for count in counts:
            sentences.append(words.sentence(drawn[start : start + count], rng))
            start += count
        joint = words.joint
        return "\n\n".join(joint.join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))

    def _issue(self, week: _Week, number: int, status: Status) -> tuple[Issue, str]:
        """The issue, and the edits.toml that it follows; empty where nothing was decided."""
        words = vocabulary(week.language)
        leads = len(week.pictures) and 2 + number % 2
        chosen = [
            story_of(entry, words, lead=at < leads)
            for at, entry in enumerate(week.entries[: self._stories])
        ]
        subject, edits = chosen[0].headline, ""
        if week.edited:
            headline, own = self._sentence(words, 7), self._sentence(words, 14)
            chosen[leads] = replace(
                chosen[leads], headline=headline, blurb=Blurb(text=own, origin="editor")
            )
            out = week.entries[-1].id
            subject = self._sentence(words, 8)
            edits = (
                f'subject = "{subject}"\n'
                + ('status = "approved"\n' if status != "draft" else "")
                + f'\n[stories."{chosen[leads].entry.id}"]\nheadline = "{headline}"\n'
                f'blurb = "{own}"\n\n[stories."{out}"]\ndrop = true\n'
            )
        elif status == "approved":
            edits = 'status = "approved"\n'
        return Issue(
            slug=week.slug,
            newsletter=self._newsletter(week.language),
            window=week.window,
            now=week.window.end,
            number=number,
            status=status,
            subject=subject,
            preheader=self._sentence(words, 14),
            leads=tuple(chosen[:leads]),
            sections=sections_of(chosen[leads:]),
        ), edits

    def _newsletter(self, language: str) -> Newsletter:
        own = self._settings
        return Newsletter(
            name=own.name,
            tagline=own.tagline,
            language=language,
            sender=own.sender,
            postal_address=own.postal_address,
            unsubscribe_url=own.unsubscribe_url,
            home_url=own.home_url,
            web_url=own.web_url,
        )


def main() -> None:
    """Write the archive that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write an archive of generated issues.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--issues", type=int, default=1000)
    parser.add_argument("--stories", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    generate(given.folder, given.issues, given.stories, seed=given.seed)


if __name__ == "__main__":
    main()
