"""Answers of the DNS as values, and the questions that judging them still needs.

The judges of `spf`, `dmarc`, `dkim` and `dns` are pure: they read answers from a `Book`. What the
book does not hold yet is noted as missing; whoever has a resolver asks it and judges again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from digest.check.words import shown
from digest.models import Finding, Level

Kind = Literal["TXT", "MX", "A", "AAAA"]
State = Literal["found", "empty", "no name", "failed", "timeout"]

_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.(?!-)[A-Za-z0-9_-]{1,63})*\.?")


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """One record type of one name: lower case, without a full stop at its end."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Answer:
    r"""What the DNS said.

    `found` comes with values: the joined strings of each TXT record (bytes beyond ASCII as
    `\xff`), the host of each MX record (empty for `.`), or addresses. `empty`: the name exists,
    without such a record; `no name`: it does not exist (NXDOMAIN); `failed`: its servers answer
    with an error (SERVFAIL, REFUSED); `timeout`: no answer in time. The last two say nothing
    about records.
    """

    state: State
    values: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it says what there is, rather than that nobody could be asked."""
        return self.state in {"found", "empty", "no name"}


class Book:
    """Known answers, and a note of every question that was put to them."""

    def __init__(self, known: Mapping[Question, Answer]) -> None:
        self._known = known
        self._asked: dict[Question, Answer | None] = {}

    def ask(self, name: str, kind: Kind) -> Answer | None:
        """The answer, or None where it is not known yet; such judging is done again."""
        question = Question(name.lower().rstrip("."), kind)
        answer = self._known.get(question)
        self._asked[question] = answer
        return answer

    @property
    def missing(self) -> tuple[Question, ...]:
        """What was asked and is not known yet, in order."""
        return tuple(question for question, answer in self._asked.items() if answer is None)

    def unanswered(self, state: State) -> tuple[Question, ...]:
        """What was asked and could not be answered, in order."""
        return tuple(q for q, answer in self._asked.items() if answer and answer.state == state)


def is_name(text: str) -> bool:
    """Whether `text` can be asked for: labels of up to 63 characters, 253 in all, ASCII."""
    return len(text.rstrip(".")) <= 253 and bool(_NAME.fullmatch(text))


def tags(record: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The `name=value` pairs of a DKIM or DMARC record, and the first part that is none."""
    pairs: list[tuple[str, str]] = []
    for part in record.split(";"):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        if not equals or not re.fullmatch(r"\s*[A-Za-z][A-Za-z0-9_]*\s*", name):
            return tuple(pairs), part.strip()
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs), ""


def twice(names: Iterable[str]) -> str:
    """The first name that stands twice, or nothing."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""


def about(where: str, what: str, *, why: str, mend: str, level: Level = "error") -> Finding:
    """A finding about the DNS; what it quotes of a record is made safe to show."""
    return Finding(
        check="dns",
        level=level,
        where=f"DNS, {shown(where, 120)}",
        what=shown(what, 240),
        why=why,
        mend=shown(mend, 240),
    )
