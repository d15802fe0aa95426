"""Searching the archive: an index of its stories that may be deleted at any time.

`StoryIndex` is the door. `tokens` cuts text into terms, `asking` reads what a person typed,
`tables` is the SQLite file, `refresh` keeps it like the archive, `matching` and `query` find,
`excerpts` shows, and `ran` tells whether a story ran before.
"""

from digest.archive.search.asking import Asked
from digest.archive.search.index import StoryIndex
from digest.archive.search.query import Choices, Found, Hit
from digest.archive.search.ran import Match, Ran

__all__ = ["Asked", "Choices", "Found", "Hit", "Match", "Ran", "StoryIndex"]
