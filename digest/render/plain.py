"""The text part, made from the issue's own data: filters for `issue.txt.j2`, and its footnotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from digest.render.views import IssueView
from digest.text.bidi import RLM, Direction, against, isolated
from digest.text.urls import without_tracking
from digest.text.widths import width, wrap

COLUMNS = 72


class Footnotes:
    """The numbered links of a text part: each URL once, in the order in which it is read."""

    def __init__(self, issue: IssueView) -> None:
        self._numbers: dict[str, int] = {}
        for url in _links(issue):
            self._numbers.setdefault(without_tracking(url), len(self._numbers) + 1)

    def __len__(self) -> int:
        return len(self._numbers)

    def __repr__(self) -> str:
        return f"{len(self)} links"

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Number and URL of each."""
        return ((number, url) for url, number in self._numbers.items())

    def mark(self, url: str) -> str:
        """“ [3]”, to stand behind the words that are linked; nothing for no URL."""
        number = self._numbers.get(without_tracking(url))
        return f" [{number}]" if number else ""


def tidy(text: str) -> str:
    """The finished text part: no trailing spaces but the signature's, at most two blank lines."""
    lines = [line if line == "-- " else line.rstrip() for line in text.splitlines()]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines).strip("\n")) + "\n"


def _links(issue: IssueView) -> Iterator[str]:
    for story in issue.stories:
        yield from filter(None, (story.url, *(credit.url for credit in story.also)))
    yield from (notice.url for notice in issue.notices if notice.url)
    if issue.on_web:
        yield issue.url


def _wrap(text: str, indent: str = "", columns: int = COLUMNS) -> str:
    return "\n".join(wrap(str(text), columns, indent))


def _center(text: str, columns: int = COLUMNS) -> str:
    return "\n".join(
        " " * ((columns - width(line)) // 2) + line for line in wrap(str(text), columns)
    )


def _rule(stroke: str, columns: int = COLUMNS) -> str:
    return stroke * columns


def _spread(left: str, right: str, columns: int = COLUMNS) -> str:
    """`left` and `right` at the two ends of one line, or one below the other."""
    gap = columns - width(left) - width(right)
    return left + " " * gap + right if gap > 1 else f"{_wrap(left)}\n{_wrap(right)}"


def _under(text: str, stroke: str = "-") -> str:
    """`text`, underlined as wide as it is; a URL in it may be wider than any line."""
    lines = wrap(str(text), COLUMNS)
    return "\n".join([*lines, stroke * min(COLUMNS, max(map(width, lines), default=0))])


def _facts(facts: Iterable[str], joint: str = " ·\u00a0", way: Direction = "ltr") -> str:
    """Facts on one line, each isolated where one of them runs against the newsletter's `way`."""
    there = [fact for fact in facts if fact]
    mixed = len(there) > 1 and any(against(fact, way) for fact in there)
    # A line of isolates alone has no direction of its own: it takes the first letter's outside.
    base = RLM if mixed and way == "rtl" else ""
    return base + joint.join(_isolated(fact, mixed) for fact in there)


def _isolated(text: str, wanted: bool) -> str:
    return isolated(text) if wanted else text


FILTERS: dict[str, Callable[..., Any]] = {
    "wrap": _wrap,
    "center": _center,
    "rule": _rule,
    "spread": _spread,
    "under": _under,
    "facts": _facts,
    "isolated": _isolated,
}
"""What `issue.txt.j2` shapes its lines with."""
