"""Which entries say the same: copies of one text, and reports of one happening.

Pure functions over entries, used by the selection and by the archive's search:

* `copies`: pairs of near-duplicates (cut, updated, syndicated), by shared runs of words.
* `events`: groups of entries that report one event, or one broader topic, by rare shared words.

Neither depends on the order of the entries, nor on the hash seed.
"""

from digest.match.containment import Copy, copies, same_address
from digest.match.dates import FIRST_WEB_YEAR, is_dated
from digest.match.grouping import CERTAIN, LEVELS, Bound, events
from digest.match.terms import is_unspaced, tokens

__all__ = [
    "CERTAIN",
    "FIRST_WEB_YEAR",
    "LEVELS",
    "Bound",
    "Copy",
    "copies",
    "events",
    "is_dated",
    "is_unspaced",
    "same_address",
    "tokens",
]
