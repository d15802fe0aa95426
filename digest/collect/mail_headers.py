"""Whether bytes are a mail, told by the lines that they begin with."""

from __future__ import annotations

import re

_HEADER = re.compile(
    rb"(?:(?:From|To|Subject|Date|Received|Return-Path|Delivered-To|MIME-Version|Message-ID|"
    rb"DKIM-Signature|List-[\w-]+|X-[\w-]+|Content-Type|Reply-To|Sender|ARC-[\w-]+|"
    rb"Authentication-Results):[^\n]*\n(?:[ \t][^\n]*\n)*)",
    re.IGNORECASE,
)


def is_mail(data: bytes) -> bool:
    """Whether bytes begin as a mail: several header lines of the usual names."""
    at = 0
    names: set[bytes] = set()
    while at < 20_000 and (hit := _HEADER.match(data, at)):
        names.add(hit[0].partition(b":")[0].lower())
        at = hit.end()
    return len(names) >= 3 and bool(names & {b"from", b"subject"})
