"""What clients lack and a good mail uses all the same, each with the reason why that is no fault.

Whatever is not in this table is told, so that a renewal of caniemail's data, or a theme, brings no
new pair of feature and client unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple


class Accepted(NamedTuple):
    """Features (a `*` stands for any ending) that `clients` (none: all) may lack, and why."""

    features: str
    clients: tuple[str, ...]
    reason: str

    def covers(self, slug: str, client: str) -> bool:
        """Whether this row says that `client` may lack the feature."""
        return (not self.clients or client in self.clients) and any(
            fnmatchcase(slug, pattern) for pattern in self.features.split()
        )


ACCEPTED: tuple[Accepted, ...] = (
    Accepted(
        "css-at-media css-at-media-* css-at-supports",
        (),
        "The whole design stands in style attributes; a client that skips a query, or the whole "
        "<style>, shows the light design at its full width.",
    ),
    Accepted(
        "css-selector-* css-pseudo-class-[!ct]* css-important",
        (),
        "A client that does not know a selector skips that rule alone, and the style attributes "
        "stay. (Not :checked and :target: what they open would stay closed.)",
    ),
    Accepted(
        "css-color-scheme html-meta-color-scheme",
        (),
        "It tells that the mail has a dark design; who does not know it shows the light one.",
    ),
    Accepted(
        "css-border-radius css-border-radius-logical css-box-shadow css-text-shadow css-outline "
        "css-outline-offset css-cursor css-transition css-accent-color css-opacity css-user-select "
        "css-filter css-backdrop-filter css-caption-side css-empty-cells css-border-spacing",
        (),
        "Decoration: without it corners are square and shadows are missing, and all can be read.",
    ),
    Accepted(
        "css-text-wrap css-text-decoration css-text-decoration-* css-text-underline-* "
        "css-text-emphasis css-text-emphasis-* css-text-transform css-text-indent css-text-align "
        "css-text-align-last css-text-justify css-text-overflow css-letter-spacing "
        "css-word-spacing css-word-break css-word-wrap css-overflow-wrap css-hyphen* "
        "css-orphans css-widows css-tab-size css-font-* css-line-height css-sytem-ui "
        "css-white-space css-white-space-collapse css-list-style css-list-style-position "
        "css-list-style-image css-unit-initial",
        (),
        "Fine points of setting text: without them lines break elsewhere and lists or letters "
        "look plainer, and all can be read.",
    ),
    Accepted(
        "css-width css-max-width css-min-width css-height css-max-height css-min-height "
        "css-padding css-border css-display css-table-layout html-width html-height html-align",
        (),
        "Outlook on Windows heeds sizes and padding on tables and cells only, which is where MJML "
        "writes them, and again in ghost tables inside conditional comments; the rest only bounds.",
    ),
    Accepted(
        "css-display-none css-overflow",
        (),
        "They hide the preheader, beside `mso-hide: all` and a height of nothing; Gmail's mobile "
        "web page shows it as one more line.",
    ),
    Accepted(
        "html-role html-aria-* html-lang html-dir html-abbr html-acronym html-bdi html-dfn "
        "html-semantics html-rp css-direction",
        (),
        "They help those who can use them; a client that drops them keeps the words.",
    ),
    Accepted(
        "css-float css-clear",
        ("Gmail", "Yahoo"),
        "Only `inline-start` and `inline-end` are unknown to them.",
    ),
    Accepted(
        "css-rgba",
        ("Gmail", "Yahoo"),
        "Only the syntax without commas is unknown to them, which is told as rgb().",
    ),
    Accepted(
        "css-background-image",
        ("Yahoo",),
        "Only several pictures in one value are unknown to it.",
    ),
    Accepted(
        "css-background-size css-background-clip css-background-origin html-background",
        ("Gmail",),
        "With accounts of other makers a background picture shows at its own size; MJML writes "
        "the picture into the style too.",
    ),
    Accepted(
        "html-target html-loading-attribute html-srcset html-picture html-wbr html-lists "
        "html-mailto-links html-strike image-gif",
        (),
        "What stands in for it is right: links open, a picture of `src` or the first frame shows, "
        "lists count from one.",
    ),
)


def reasons(slug: str, client: str) -> Iterator[str]:
    """Why it is no fault that `client` lacks a feature; nothing where it is one."""
    return (row.reason for row in ACCEPTED if row.covers(slug, client))


NOT_JUDGED: Mapping[str, str] = {
    "amp": "A format of its own beside HTML, which digest does not write.",
    "bimi": "A record of the sender's domain, and no part of a mail.",
    "css-background": "What may fail in the shorthand is its picture: told as background-image.",
    "css-comments": "They change nothing that is seen.",
    "html-doctype": "Who drops it wraps the mail in a page of his own.",
    "html-body": "Where it becomes a <div>, its colors stand on the MJML wrapper too.",
    "html-style": "Every mail has one; what it holds is judged.",
    "image-base64": "Told by the family of pictures, for each picture.",
    "image-hdr": "A kind of content of other formats, which a name does not tell.",
}
"""Features that are not looked for, and why."""
