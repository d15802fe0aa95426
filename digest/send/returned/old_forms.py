"""Bounces without a machine-readable part, as far as their grammar tells them surely.

Each form is known by a line or a header that its program writes and people do not. Who is meant
must stand in a place of its own, and a status counts only where a protocol puts one (`550 5.1.1`,
`#5.1.1`). What a server says in plain words decides nothing: without a status it is "soft".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.send.returned.mime import Part, leaves
from digest.send.returned.reports import (
    MOST_PEOPLE,
    Action,
    Affected,
    Report,
    identify,
    is_address,
    judged,
    replies,
    returned_mail,
    sender_of,
)

_MOST = 200_000
"""Characters of a body that are read."""
_DAEMONS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mdaemon"})
_INTRO = "Hi. This is the "  # QSBMF: so begins the first paragraph
_POSTFIX = re.compile(
    r"^This is the (?:mail system|Postfix program) at host \S{1,255}$", re.MULTILINE
)
_SENDMAIL = re.compile(
    r"^ {1,5}-{5} The following addresses had (permanent fatal|transient non-fatal) errors -{5}$",
    re.MULTILINE,
)
_EXCHANGE = re.compile(r"^Generating server: \S{1,255}$", re.MULTILINE)
_PERSON = re.compile(r"<([^<>\s]{3,320})>(?: \(expanded from [^\n]{1,400}\))?:(?=\s)")
_COPY = re.compile(
    r"^(?:-{6} This is a copy of [^\n]{1,200}|-{3,} ?(?:Below this line is a copy|Original message"
    r"|Undelivered message|Enclosed is a copy)[^\n]{0,200})$",
    re.MULTILINE | re.IGNORECASE,
)


def read_old_form(mail: Part) -> Report | None:
    """The bounce that `mail` is, in one of the known forms; None for everything else."""
    if not _by_a_machine(mail):
        return None
    text = next((leaf.text for leaf in leaves(mail) if leaf.kind == "text/plain"), "")[:_MOST]
    for form, people in (
        ("exim", _exim(mail, text)),
        ("qmail", _qmail(text)),
        ("postfix", _postfix(text)),
        ("sendmail", _sendmail(text)),
        ("exchange", _exchange(text)),
    ):
        if people:
            return _report(mail, text, form, people)
    return None


def _report(mail: Part, text: str, form: str, people: list[Affected]) -> Report:
    order = ("hard", "soft", "blocked", "other")
    mild = max(people, key=lambda one: order.index(one.judgement))
    returned = returned_mail(mail)
    if returned is None:
        copy = _COPY.search(text) or (
            re.search(r"\n\n(-[^\n]*)", text) if form == "qmail" else None
        )
        returned = identify(text[copy.end() :].encode()) if copy else None
    return Report(
        kind="bounce",
        judgement=mild.judgement,
        why=mild.why,
        form=form,
        affected=tuple(people[:MOST_PEOPLE]),
        more=max(len(people) - MOST_PEOPLE, 0),
        returned=returned,
    )


def _by_a_machine(mail: Part) -> bool:
    """Whether no person wrote it: people quote bounces when they ask about them."""
    headers = mail.headers
    local = sender_of(headers).partition("@")[0].lower()
    return (
        headers.get("return-path").strip() == "<>"
        or local in _DAEMONS
        or headers.get("auto-submitted").lower().startswith("auto-")
        or bool(headers.get("x-failed-recipients"))
    )


def _person(address: str, words: str, action: Action = "failed") -> Affected:
    line = " ".join(words.split())[:500]
    return judged(address, action=action, codes=replies(words[:4_000]), diagnostic=line)


def _exim(mail: Part, text: str) -> list[Affected]:
    """X-Failed-Recipients names them; an indented block for each holds the reply."""
    named = [
        name.strip()
        for value in mail.headers.all("x-failed-recipients")
        for name in value.split(",")
    ]
    words: dict[str, str] = {}
    here = ""
    head = _COPY.split(text)[0]
    for line in head.split("\n"):
        if not line.startswith("  "):
            here = here if not line.strip() else ""
        elif is_address(line.strip()) and not line.startswith("   "):
            here = line.strip()
        elif here:
            words[here] = f"{words.get(here, '')}{line}\n"
    return [_person(name, words.get(name, "")) for name in named if is_address(name)]


def _qmail(text: str) -> list[Affected]:
    """QSBMF: paragraphs that begin with an address in <>, up to one that begins with a dash."""
    if not text.startswith(_INTRO):
        return []
    return list(_named(text.partition("\n\n")[2], "failed"))


def _postfix(text: str) -> list[Affected]:
    hit = _POSTFIX.search(text[:5_000])
    if hit is None:
        return []
    rest = text[hit.end() :]
    delayed = "THIS IS A WARNING ONLY." in rest[:1_000]
    return list(_named(rest, "delayed" if delayed else "failed"))


def _named(text: str, action: Action) -> Iterator[Affected]:
    for paragraph in re.split(r"\n[ \t]*\n", text):
        block = paragraph.lstrip("\n")
        if block.startswith("-"):
            return
        hit = _PERSON.match(block)
        if hit and is_address(hit[1]):
            yield _person(hit[1], block[hit.end() :], action)


def _sendmail(text: str) -> list[Affected]:
    hit = _SENDMAIL.search(text)
    if hit is None:
        return []
    action: Action = "failed" if hit[1].startswith("permanent") else "delayed"
    people: list[Affected] = []
    here = ""
    for line in text[hit.end() :].lstrip("\n").split("\n"):
        address = line.strip().removeprefix("<").removesuffix(">")
        if not line.strip() or line.lstrip().startswith("-----"):
            break
        if is_address(address):
            here = address
            people.append(_person(here, "", action))
        elif people and line.lstrip().startswith("(reason:"):
            people[-1] = _person(here, line, action)
    return people


def _exchange(text: str) -> list[Affected]:
    """After "Generating server": an address on a line of its own, then its status."""
    hit = _EXCHANGE.search(text)
    if hit is None:
        return []
    people: list[Affected] = []
    here = ""
    for line in text[hit.end() :].split("\n"):
        if line.startswith("Original message headers"):
            break
        bare = line.strip()
        if is_address(bare):
            here = bare
        elif here and (replies(bare) or bare.startswith("Remote Server returned")):
            people.append(_person(here, bare))
            here = ""
    return people
