"""Where in its file a finding points: line, column and element, found again from what it says.

The families say where a reader stumbles: a file, and the story in it. Whoever mends it wants the
place in the markup. It is looked for by the words that the finding quotes, within its story, and
else by the story's headline; what cannot be found has no line, and the file alone is named.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

from digest.check.material import headline, labels_of
from digest.check.words import squeezed
from digest.fit import emailed
from digest.models import Finding, Issue, Renderings, Story
from digest.text.slots import shown

_QUOTED = re.compile(r"“([^”]{2,300})”")
_ON = re.compile(r"(?P<said>.+?) on <(?P<tag>[a-z0-9]+)>")
_HEADINGS = frozenset({"a", "h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a file of the issue.

    `line` counts from 1, 0 where only the file is known; `column` counts the characters before the
    element in its line. `story` is the number of the story in reading order, -1 for none.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    element: str = ""
    story: int = -1


def places(findings: Iterable[Finding], issue: Issue, renderings: Renderings) -> tuple[Place, ...]:
    """Where each finding points, in the order given. Nothing that a file holds makes it raise."""
    labels = tuple(labels_of(issue))
    texts = {
        "email.html": (renderings.email_html, emailed(issue).stories),
        "email.txt": (renderings.email_txt, emailed(issue).stories),
        "web.html": (renderings.web_html, issue.stories),
        "message.eml": (_message(renderings.message), ()),
    }
    scans: dict[str, _Scan] = {}
    found: list[Place] = []
    for finding in findings:
        file, _, label = finding.where.partition(", ")
        story = labels.index(label) if label in labels else -1
        if file in texts and file not in scans:
            scans[file] = _Scan(*texts[file], is_html=file.endswith(".html"))
        scan = scans.get(file)
        at = scan.find(finding.what, story) if scan else None
        if scan and file == "message.eml":
            at = scan.header(label) if label else at
        if scan is None or at is None:
            found.append(Place(file=file, story=story))
        else:
            line, column = scan.line(at)
            found.append(
                Place(file=file, line=line, column=column, element=scan.element(at), story=story)
            )
    return tuple(found)


def _message(raw: bytes) -> str:
    """A message as a person looks at it, with plain line breaks."""
    return shown(raw).decode("utf-8", errors="replace").replace("\r\n", "\n")


class _Scan(HTMLParser):
    """A file, cut into tags and runs of words, each with the place where it begins."""

    def __init__(self, text: str, stories: Sequence[Story], *, is_html: bool) -> None:
        super().__init__(convert_charrefs=False)
        self._text = text
        self._lines = [0, *(hit.end() for hit in re.finditer("\n", text))]
        self._tags: list[tuple[int, str, str]] = []
        self._runs: list[tuple[int, str, bool]] = []
        self._words: list[str] = []
        self._began = 0
        if is_html:
            try:
                self.feed(text)
                self.close()
            except (AssertionError, ValueError):
                pass  # what the standard library's parser gives up on: what was read so far counts
            self._end_run()
        else:
            rows = zip(self._lines, text.split("\n"), strict=True)
            self._runs = [(at, squeezed(row), True) for at, row in rows if row.strip()]
        self._starts = self._places(stories)

    def line(self, at: int) -> tuple[int, int]:
        """The line, from 1, and the column of a place."""
        number = bisect_right(self._lines, at)
        return number, at - self._lines[number - 1]

    def header(self, name: str) -> int | None:
        """Where the header of that name begins, in the head of a message."""
        head = self._text.partition("\n\n")[0]
        hit = re.search(rf"^{re.escape(name)}:", head, re.IGNORECASE | re.MULTILINE)
        return hit.start() if hit else None

    def element(self, at: int) -> str:
        """“<td>”, where a tag begins there."""
        number = bisect_right(self._tags, at, key=lambda row: row[0])
        if number and self._tags[number - 1][0] == at:
            return f"<{self._tags[number - 1][1]}>"
        return ""

    def find(self, what: str, story: int) -> int | None:
        """The place of what a finding quotes, in the story of that number (-1: anywhere)."""
        start, end = 0, len(self._text)
        if story >= 0:
            if story >= len(self._starts) or self._starts[story] < 0:
                return None
            start = self._starts[story]
            end = min((at for at in self._starts if at > start), default=end)
        for said in _QUOTED.findall(what):
            at = self._quoted(said.rstrip("…"), start, end)
            if at is not None:
                return at
        return start if story >= 0 else None

    def _quoted(self, said: str, start: int, end: int) -> int | None:
        if on := _ON.fullmatch(said):
            wanted = squeezed(on["said"]).lower()
            for at, tag, text in self._tags:
                if start <= at < end and tag == on["tag"] and wanted in squeezed(text).lower():
                    return at
        words = squeezed(said)
        for at, run, _ in self._runs:
            if start <= at < end and words in run:
                return self._tag_before(at)
        for at, _, text in self._tags:
            if start <= at < end and said in unescape(text):
                return at
        at = self._text.find(said, start, end)
        return at if at >= 0 else None

    def _places(self, stories: Sequence[Story]) -> tuple[int, ...]:
        """Where each story's headline begins, -1 where it does not stand behind the one before."""
        found: list[int] = []
        cursor = 0
        for story in stories:
            words = squeezed(headline(story))
            hits = [n for n in range(cursor, len(self._runs)) if self._runs[n][1] == words]
            best = [n for n in hits if self._runs[n][2]] or hits
            if not words or not best:
                found.append(-1)
                continue
            cursor = best[0] + 1
            found.append(self._tag_before(self._runs[best[0]][0]))
        return tuple(found)

    def _tag_before(self, at: int) -> int:
        """Where the tag begins that opens the words at a place; the place itself for plain text."""
        number = bisect_right(self._tags, at, key=lambda row: row[0])
        return self._tags[number - 1][0] if number else at

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[min(line, len(self._lines)) - 1] + column

    def _end_run(self) -> None:
        words = squeezed(unescape("".join(self._words)))
        if words:
            tag = self._tags[-1][1] if self._tags else ""
            self._runs.append((self._began, words, tag in _HEADINGS or tag == "span"))
        self._words = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._end_run()
        self._tags.append((self._here(), tag, self.get_starttag_text() or ""))

    def handle_endtag(self, _tag: str) -> None:
        self._end_run()

    def handle_data(self, data: str) -> None:
        if not self._words:
            self._began = self._here()
        self._words.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")
