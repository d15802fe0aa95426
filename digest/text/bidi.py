"""Lines that hold words of both directions, left-to-right and right-to-left.

Two Arabic names side by side in an English line, or two Latin ones in an Arabic line, are shown as
one run, in the wrong order, and a number between them is drawn in ("Also covered by A 2, B 3").
Markup keeps each apart with `dir="auto"`. A text part has no markup: there FIRST STRONG ISOLATE and
POP DIRECTIONAL ISOLATE (UAX #9) do it. Browsers' engines, Thunderbird and macOS obey them, and
terminals' mail programs such as mutt leave them out of what they show.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

Direction = Literal["ltr", "rtl"]
FSI, PDI, RLM = "\u2068", "\u2069", "\u200f"
_STRONG: dict[str, Direction] = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def against(text: str, way: Direction) -> bool:
    """Whether `text` holds a letter that runs the other way than `way`."""
    if text.isascii() and way == "ltr":
        return False
    return any(_STRONG.get(unicodedata.bidirectional(c), way) != way for c in text)


def isolated(text: str) -> str:
    """`text` between isolates, so that its direction and its neighbors' do not mix."""
    return f"{FSI}{text}{PDI}"
