"""Chooses: the entries of a window become leads and sections, with a verdict for every entry.

Pure: entries, a window, `now`, settings and earlier issues come in, a `Selection` goes out. A file
a step: `window` (which week), `memory` (what ran), `merging` (copies and events), `ranking`
(scores), `choosing` (leads and teasers), `sections`, `telling` (stories and verdicts of a choice),
and `verdicts` (the sentences for an editor).
"""

from digest.select.selection import Selection, select
from digest.select.window import issue_window, moment

__all__ = ["Selection", "issue_window", "moment", "select"]
