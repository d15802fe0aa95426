"""The words that the renderings add to the issue's own, in the newsletter's language.

Templates say `_("Also covered by %(names)s", names=…)` and `ngettext(…)`, as gettext's catalogues
want it. Which catalogue answers is decided by `digest.text.catalogues`.
"""

from __future__ import annotations

import math
import re
from gettext import NullTranslations

from digest.render.locales import number
from digest.text.bidi import against, isolated
from digest.text.language import direction

# Silent reading of non-fiction, in English: 238 words a minute (Brysbaert, "How many words do we
# read per minute?", Journal of Memory and Language 109, 2019). Japanese and Chinese, counted in
# characters: about 500 a minute (the figure that Medium's reading time uses for them).
WORDS_A_MINUTE = 238
WIDE_CHARACTERS_A_MINUTE = 500
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")


def label(catalogue: NullTranslations) -> str:
    """What stands over a notice to which the editor gave no label: none goes unlabelled."""
    return catalogue.gettext("Sponsored")


def reading_minutes(text: str) -> int:
    """Whole minutes that reading `text` takes; 0 for an empty one."""
    wide = len(_WIDE.findall(text))
    words = len((_WIDE.sub(" ", text) if wide else text).split())
    return math.ceil(words / WORDS_A_MINUTE + wide / WIDE_CHARACTERS_A_MINUTE)


def reading_time(text: str, catalogue: NullTranslations, language: str = "en") -> str:
    """“4 min read” in the words of `catalogue`, or nothing for an empty text."""
    minutes = reading_minutes(text)
    if not minutes:
        return ""
    told = catalogue.ngettext("%(n)s min read", "%(n)s min read", minutes) % {
        "n": number(minutes, language)
    }
    return told.replace(" ", "\u00a0")  # never broken over two lines


def byline(author: str, catalogue: NullTranslations, language: str = "en") -> str:
    """“By Ana Lima”; an author that says “By” already stays as printed.

    The phrase is the newsletter's, the name stays as the source writes it. Where it runs the other
    way than the newsletter it is isolated, so that its dots and brackets stand where they belong.
    """
    if not author or re.match(r"by\s", author, re.IGNORECASE):
        return author
    name = isolated(author) if against(author, direction(language)) else author
    return catalogue.gettext("By %(author)s") % {"author": name}
