"""What an enhanced status code (RFC 3463, the IANA registry) says about a person's address.

The question is never how bad a failure is, but whom it speaks of. Hard: this address takes no mail,
and will not take the next one. Blocked: the server refused us or this mail; to take readers off the
list for it would punish them for our mistake. Soft: everything else, and whatever is in doubt.
"""

from __future__ import annotations

import re
from typing import Literal

Judgement = Literal["hard", "soft", "blocked", "complaint", "auto-reply", "other"]

# RFC 3463, 2: the subject and the detail have no leading zero. The class is 2, 4 or 5.
CODE = re.compile(r"(?<![\d.])([245])\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?![\d.]*\d)")
_MILDNESS = {"hard": 0, "soft": 1, "blocked": 2, "other": 3}

_PERMANENT: dict[str, tuple[Judgement, str]] = {
    # X.1: the address. The codes that name a place where nobody is are the only sure ones.
    "1.0": ("soft", "The address was refused, without a reason."),  # undefined: some refuse us so
    "1.1": ("hard", "The mailbox does not exist."),
    "1.2": ("hard", "The domain does not exist or takes no mail."),
    "1.3": ("hard", "The address is malformed."),
    "1.4": ("soft", "The address is ambiguous there."),  # their directory, which they may mend
    "1.5": ("soft", "The server contradicts itself."),  # "valid" belongs to class 2
    "1.6": ("hard", "The mailbox has moved, and nobody says where to."),
    "1.7": ("blocked", "The server refuses the sender's address."),  # ours
    "1.8": ("blocked", "The server refuses the sender's domain."),  # ours
    "1.9": ("soft", "The mail went to a system that reports nothing."),
    "1.10": ("hard", "The domain says that it takes no mail at all (null MX)."),  # RFC 7505
    # X.2: the mailbox exists.
    "2.0": ("soft", "The mailbox was refused, without a reason."),
    # "May be a permanent error if the mailbox will never be re-enabled": class 5 says it is.
    "2.1": ("hard", "The mailbox is disabled."),
    "2.2": ("soft", "The mailbox is full."),  # people tidy up; servers send it with class 5 too
    "2.3": ("blocked", "The mail is too large for the mailbox."),  # our mail, not the person
    "2.4": ("soft", "A mailing list behind the address could not be expanded."),
    # X.3: the server there. Its trouble says nothing about one person.
    "3.2": ("soft", "The server takes no mail at present."),
    "3.3": ("blocked", "The server lacks a feature that the mail needs."),
    "3.4": ("blocked", "The mail is too large for the server."),
    "3.6": ("blocked", "The server changed the mail's priority."),
    # X.4: the way there.
    "4.1": ("soft", "The server did not answer."),  # some send it for an unknown address; unsure
    "4.3": ("soft", "A directory server failed."),
    # What a sending server says when the DNS has neither MX nor address: NXDOMAIN, not a timeout,
    # which is 4.4.3.
    "4.4": ("hard", "There is no way to the domain: it has no mail server."),
    "4.6": ("soft", "The mail went in a circle."),  # often a forwarding that is being mended
    "4.7": ("soft", "The mail waited too long and was given up."),
    # X.5: the conversation of two servers. Undefined is what some large providers answer for an
    # unknown mailbox, so it counts; the others are about commands.
    "5.0": ("soft", "The server refused the mail, without a reason."),
    "5.3": ("blocked", "The mail named too many recipients at once."),
    # X.7: policy. Spam filters, blocklists, authentication, rates: about us. Two are about people.
    "7.0": ("blocked", "The server's rules refuse the mail."),
    "7.1": ("blocked", "The server does not take this mail from this sender."),
    "7.17": ("hard", "The mailbox has a new owner, who did not ask for the mail."),  # RFC 7293
    "7.18": ("hard", "The domain has a new owner, who did not ask for the mail."),  # RFC 7293
    "7.20": ("blocked", "No DKIM signature of the mail passed."),  # RFC 7372
    "7.21": ("blocked", "The mail has no DKIM signature that the server accepts."),
    "7.22": ("blocked", "The mail's DKIM signature is not the author's."),
    "7.23": ("blocked", "SPF does not allow this server to send for the domain."),
    "7.24": ("blocked", "The SPF record could not be evaluated."),
    "7.25": ("blocked", "The sending server has no reverse DNS name."),
    "7.26": ("blocked", "The mail fails more than one authentication check."),
    "7.27": ("blocked", "The sender's domain takes no mail (null MX)."),  # RFC 7505: ours
    "7.28": ("blocked", "The server saw a flood of mail."),  # IANA, "mail flood detected"
}
_SUBJECTS: dict[str, tuple[Judgement, str]] = {
    "0": ("soft", "The server refused the mail, without a reason."),
    "1": ("soft", "The address was refused."),
    "2": ("soft", "The mailbox was refused."),
    "3": ("soft", "The server there has trouble."),
    "4": ("soft", "The network or the way there has trouble."),
    "5": ("blocked", "The two servers did not understand each other."),
    "6": ("blocked", "The server cannot take the mail's content or format."),
    "7": ("blocked", "The server's rules refuse the mail."),
}
_PASSING = {
    "1.1": "The address is not known yet there.",
    "2.1": "The mailbox is closed for now.",
    "2.2": "The mailbox is full.",
    "4.1": "The server did not answer.",
    "4.2": "The connection broke.",
    "4.3": "The DNS did not answer.",
    "4.4": "There is no way to the domain for now.",
    "4.5": "The server is overloaded.",
    "4.7": "The mail waited too long and was given up.",
}


def judge(code: str) -> tuple[Judgement, str]:
    """What a failure with the status `code` is, and why, in one sentence."""
    hit = CODE.fullmatch(code)
    if hit is None:
        return "soft", "It failed, and no status says why."
    kind, detail = hit[1], f"{hit[2]}.{hit[3]}"
    if kind == "2":
        return "other", "The mail was taken."
    general = _SUBJECTS.get(hit[2], _SUBJECTS["0"])
    if kind == "4":
        # Given up after trying for days. Policy that never let it in is about us, as in class 5.
        if hit[2] == "7":
            return "blocked", "The server's rules kept the mail waiting until it was given up."
        return "soft", _PASSING.get(detail, "It could not be delivered for now.")
    return _PERMANENT.get(detail, general)


def mildest(codes: tuple[str, ...]) -> tuple[str, Judgement, str]:
    """(code, judgement, why) of the one that does a person the least harm.

    A code that says nothing (`5.0.0`, which some servers write whatever happened) gives way to
    one that does. Of two that differ, servers err: the milder one counts.
    """
    telling = [code for code in codes if not code.endswith(".0.0")]
    best = ("", *judge(""))
    for place, code in enumerate(telling or codes):
        found = (code, *judge(code))
        if place == 0 or _MILDNESS[found[1]] > _MILDNESS[best[1]]:
            best = found
    return best
