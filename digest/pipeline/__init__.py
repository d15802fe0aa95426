"""The jobs: the only place that puts stages together, one file a job.

`start` begins a newsletter, `build` goes from sources to an archived issue, `rebuild` makes one
again from what is archived (`make` is what the two share), `choose` goes only to its document,
`check_issue` looks for what is wrong with it; `check_spam` and `check_dns` for what takes a program
or the network. `edit` keeps what the editor decides for it, `send_test` goes from an archived issue
to its testers, `send` to its readers, and `rehearse` is the dry run of that (`outgoing`, `outbox`
and `reader_list` are what they share); `bounces` reads what came back, and `recipients` looks
people up and forgets them. `backtest` replays issues of the past. `sources` keeps the list of
sources, `source_lists` takes over and hands out others, `themes` those of looks, `watch` waits for
new files, `live` for changes of what an issue is made from. `compare` sets two issues beside each
other, `verify` asks whether what is archived is sound and follows from what is recorded (`remake`).
`publish` makes the archive a static site (`publish_facts`, `publish_folder` and `publish_kept` are
its parts).
or the network. `edit` keeps what the editor decides for it, and `desk` tells what the machine said
instead. `send_test` goes from an archived issue to its testers, `send` to its readers, and
`rehearse` is the dry run of that (`outgoing`, `outbox` and `reader_list` are what they share);
`bounces` reads what came back, and `recipients` looks people up and forgets them.

`publish` makes the archive a static site, `correct` says what was wrong in what was sent. `compare`
sets two issues beside each other, `verify` asks whether what is archived is sound and follows from
what is recorded (`remake`), `known_findings` remembers what the checks said. `exchange` takes over
newsletters of other tools (`old_newsletters` reads them), `issue_files` hands issues out to those.

`backtest` replays issues of the past. `sources` keeps the list of sources, `source_lists` takes
over and hands out others, `themes` those of looks, `watch` waits for new files, `live` for changes
of what an issue is made from.
"""

from digest.pipeline import (
    bounces,
    exchange,
    issue_files,
    recipients,
    source_lists,
    sources,
    themes,
)
from digest.pipeline.backtest import Backtest, Measured, backtest
from digest.pipeline.bounces import Decision, Handled
from digest.pipeline.build import build
from digest.pipeline.check import Checked, Inspector, check_issue, dead_links
from digest.pipeline.choose import Chosen, choose
from digest.pipeline.compare import (
    Compared,
    Rerendered,
    Today,
    compare,
    compare_today,
    issue_before,
)
from digest.pipeline.correct import correct, uncorrect
from digest.pipeline.desk import MachineWords, machine_words
from digest.pipeline.dns import check_dns, parse_selectors, parse_server
from digest.pipeline.edit import (
    Edited,
    add_notice,
    add_story,
    approve,
    edit_key,
    edit_keys,
    edit_story,
    known_stories,
    place_story,
    put_back,
    rivals,
    undo,
)
from digest.pipeline.issue_files import Form
from digest.pipeline.known_findings import FoundAt, KnownFindings
from digest.pipeline.live import Live, Remade, Stayed, Told
from digest.pipeline.make import Built, Step, ended_approval
from digest.pipeline.naming import Named, find_story, fitting
from digest.pipeline.outgoing import Outgoing, Wishes
from digest.pipeline.publish import Published, publish
from digest.pipeline.reader_list import ReaderList
from digest.pipeline.rebuild import rebuild
from digest.pipeline.rehearse import Rehearsal, rehearse
from digest.pipeline.replayed import Past, issues_of_archive, issues_of_file, issues_of_folder
from digest.pipeline.send import Manners, Sent, send
from digest.pipeline.send_test import SentTest, send_test
from digest.pipeline.source_lists import Imported
from digest.pipeline.sources import Found
from digest.pipeline.spam import check_spam, find_spam_filter
from digest.pipeline.start import Started, start
from digest.pipeline.verify import Verified, verify
from digest.pipeline.watch import watch

__all__ = [
    "Backtest",
    "Built",
    "Checked",
    "Chosen",
    "Compared",
    "Decision",
    "Edited",
    "Form",
    "Found",
    "FoundAt",
    "Handled",
    "Imported",
    "Inspector",
    "KnownFindings",
    "Live",
    "MachineWords",
    "Manners",
    "Measured",
    "Named",
    "Outgoing",
    "Past",
    "Published",
    "ReaderList",
    "Rehearsal",
    "Remade",
    "Rerendered",
    "Sent",
    "SentTest",
    "Started",
    "Stayed",
    "Step",
    "Today",
    "Told",
    "Verified",
    "Wishes",
    "add_notice",
    "add_story",
    "approve",
    "backtest",
    "bounces",
    "build",
    "check_dns",
    "check_issue",
    "check_spam",
    "choose",
    "compare",
    "compare_today",
    "correct",
    "dead_links",
    "edit_key",
    "edit_keys",
    "edit_story",
    "ended_approval",
    "exchange",
    "find_spam_filter",
    "find_story",
    "fitting",
    "issue_before",
    "issue_files",
    "issues_of_archive",
    "issues_of_file",
    "issues_of_folder",
    "known_stories",
    "machine_words",
    "parse_selectors",
    "parse_server",
    "place_story",
    "publish",
    "put_back",
    "rebuild",
    "recipients",
    "rehearse",
    "rivals",
    "send",
    "send_test",
    "source_lists",
    "sources",
    "start",
    "themes",
    "uncorrect",
    "undo",
    "verify",
    "watch",
]
