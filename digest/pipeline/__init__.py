"""The jobs: the only place that puts stages together, one file a job.

`start` begins a newsletter, `build` goes from sources to an archived issue, `choose` only to its
document, `edit` keeps what the editor decides for it, `send_test` goes from an archived issue to
its testers. `check_spam` and `check_dns` check what takes a program or the network. `backtest`
replays issues of the past. `sources` keeps the list of sources, `source_lists` takes over and
hands out others, `watch` waits for new files.
"""

from digest.pipeline import source_lists, sources
from digest.pipeline.backtest import Backtest, Measured, backtest
from digest.pipeline.build import Built, Step, build
from digest.pipeline.choose import Chosen, choose
from digest.pipeline.dns import check_dns, parse_selectors, parse_server
from digest.pipeline.edit import (
    Edited,
    add_notice,
    add_story,
    approve,
    edit_key,
    edit_story,
    rivals,
    undo,
)
from digest.pipeline.naming import Named, find_story, fitting
from digest.pipeline.replayed import Past, issues_of_archive, issues_of_file, issues_of_folder
from digest.pipeline.send import SentTest, send_test
from digest.pipeline.source_lists import Imported
from digest.pipeline.sources import Found
from digest.pipeline.spam import check_spam, find_spam_filter
from digest.pipeline.start import Started, start
from digest.pipeline.watch import watch

__all__ = [
    "Backtest",
    "Built",
    "Chosen",
    "Edited",
    "Found",
    "Imported",
    "Measured",
    "Named",
    "Past",
    "SentTest",
    "Started",
    "Step",
    "add_notice",
    "add_story",
    "approve",
    "backtest",
    "build",
    "check_dns",
    "check_spam",
    "choose",
    "edit_key",
    "edit_story",
    "find_spam_filter",
    "find_story",
    "fitting",
    "issues_of_archive",
    "issues_of_file",
    "issues_of_folder",
    "parse_selectors",
    "parse_server",
    "rivals",
    "send_test",
    "source_lists",
    "sources",
    "start",
    "undo",
    "watch",
]
