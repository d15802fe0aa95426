"""Chooses: the entries of a window become leads and sections, with a verdict for every entry.

Pure: entries, a window, `now`, settings and earlier issues come in, a `Selection` goes out. A file
a step: `window` (which week), `memory` (what ran), `merging` (copies and events), `ranking`
(scores), `learning` (what past issues teach), `choosing` (leads and teasers), `sections`,
`telling` (stories and verdicts of a choice), `edits` (the editor's hand) and `verdicts` (the
sentences for an editor).
"""

from digest.select.learning import Learned, learned
from digest.select.ranking import source_of
from digest.select.sections import section_names
from digest.select.selection import Selection, rank, select
from digest.select.window import issue_window, moment

__all__ = [
    "Learned",
    "Selection",
    "issue_window",
    "learned",
    "moment",
    "rank",
    "section_names",
    "select",
    "source_of",
]
