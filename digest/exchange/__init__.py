"""Exchange of archives: newsletters of other tools in, issues as Markdown out. Pure.

`read_letter` reads a newsletter's HTML (that of Markdown is made by `markdown_html`), `composed`
makes an issue of what it read, `date_of_name` says when a file was sent by its name, and
`as_markdown` writes an issue so that it reads well anywhere and imports again.
"""

from digest.exchange.compose import RULE, composed
from digest.exchange.dating import date_of_name
from digest.exchange.letter import Letter, bare_keys, local_day, markdown_html, read_letter
from digest.exchange.markdown import as_markdown
from digest.exchange.stories import Told

__all__ = [
    "RULE",
    "Letter",
    "Told",
    "as_markdown",
    "bare_keys",
    "composed",
    "date_of_name",
    "local_day",
    "markdown_html",
    "read_letter",
]
