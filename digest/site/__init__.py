"""Pages about the archive, and the mailbox beside it: values in, HTML out.

The same pages are shown by `digest serve` and can be published: every link is relative, nothing
needs JavaScript, and each page says where the site's root lies as seen from it. Only a page that
is given a version has a script, which follows the server. Nothing here reads a disk (its own
templates excepted), a clock or the network.
"""

from digest.site.changes import TODAY, changes_page, compare_page, today_page
from digest.site.corrections import Corrected, CorrectionWords, corrected, corrections_box
from digest.site.edit import (
    ADD_FIELDS,
    CANDIDATES_PER_PAGE,
    FORMS_AT_ONCE,
    NOTICE_FIELDS,
    STORY_FIELDS,
    WHOLE_FIELDS,
    Desk,
    Refused,
    Told,
    anchor,
    conflict_page,
    edit_page,
    typed_over,
)
from digest.site.findings import FoundRow, findings_page
from digest.site.headers import headers_page
from digest.site.inbox import Known, YearLink, issues_page
from digest.site.mail import (
    MAILS_PER_PAGE,
    Beside,
    InboxLine,
    file_name,
    mail_files_page,
    mail_headers_page,
    mail_html,
    mail_page,
    mail_text_page,
    mailbox_page,
    picture_kind,
)
from digest.site.pages import (
    Around,
    Listed,
    email_page,
    making_page,
    problem_page,
    text_page,
    web_page,
)
from digest.site.public.feed import ENTRIES, permanent_id
from digest.site.public.issue_page import issue_page
from digest.site.public.pages import FRONT, Front, year_page
from digest.site.public.search import search_files
from digest.site.public.values import (
    File,
    Home,
    PublicCorrection,
    PublicCredit,
    PublicIssue,
    PublicNotice,
    PublicPicture,
    PublicStory,
)
from digest.site.schemes import Look, in_scheme
from digest.site.search import HITS_PER_PAGE, SearchForm, ran_page, search_page
from digest.site.sends import Failed, ListSent, Sends, TestMail, TestSent, confirm_page, sends_page
from digest.site.source import SOURCES, page_of_line, raw_page, source_page
from digest.site.stats import Choice, said_of, stats_page
from digest.site.story import page_of_text, story_page
from digest.site.style import (
    NAVIGATION,
    NavItem,
    follow_script,
    keys_script,
    navigation,
    stylesheet,
)
from digest.site.why import PER_PAGE, PLACES, why_page

__all__ = [
    "ADD_FIELDS",
    "CANDIDATES_PER_PAGE",
    "ENTRIES",
    "FORMS_AT_ONCE",
    "FRONT",
    "HITS_PER_PAGE",
    "MAILS_PER_PAGE",
    "NAVIGATION",
    "NOTICE_FIELDS",
    "PER_PAGE",
    "PLACES",
    "SOURCES",
    "STORY_FIELDS",
    "TODAY",
    "WHOLE_FIELDS",
    "Around",
    "Beside",
    "Choice",
    "Corrected",
    "CorrectionWords",
    "Desk",
    "Failed",
    "File",
    "FoundRow",
    "Front",
    "Home",
    "InboxLine",
    "Known",
    "ListSent",
    "Listed",
    "Look",
    "NavItem",
    "PublicCorrection",
    "PublicCredit",
    "PublicIssue",
    "PublicNotice",
    "PublicPicture",
    "PublicStory",
    "Refused",
    "SearchForm",
    "Sends",
    "TestMail",
    "TestSent",
    "Told",
    "YearLink",
    "anchor",
    "changes_page",
    "compare_page",
    "confirm_page",
    "conflict_page",
    "corrected",
    "corrections_box",
    "edit_page",
    "email_page",
    "file_name",
    "findings_page",
    "follow_script",
    "headers_page",
    "in_scheme",
    "issue_page",
    "issues_page",
    "keys_script",
    "mail_files_page",
    "mail_headers_page",
    "mail_html",
    "mail_page",
    "mail_text_page",
    "mailbox_page",
    "making_page",
    "navigation",
    "page_of_line",
    "page_of_text",
    "permanent_id",
    "picture_kind",
    "problem_page",
    "ran_page",
    "raw_page",
    "said_of",
    "search_files",
    "search_page",
    "sends_page",
    "source_page",
    "stats_page",
    "story_page",
    "stylesheet",
    "text_page",
    "today_page",
    "typed_over",
    "web_page",
    "why_page",
    "year_page",
]
