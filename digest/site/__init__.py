"""Pages about the archive, and the mailbox beside it: values in, HTML out.

The same pages are shown by `digest serve` and can be published: every link is relative, nothing
needs JavaScript, and each page says where the site's root lies as seen from it. Only a page that
is given a version has a script, which follows the server. Nothing here reads a disk (its own
templates excepted), a clock or the network.
"""

from digest.site.headers import headers_page
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
    issues_page,
    problem_page,
    text_page,
    web_page,
)
from digest.site.search import HITS_PER_PAGE, SearchForm, ran_page, search_page
from digest.site.style import follow_script, stylesheet
from digest.site.why import PER_PAGE, PLACES, why_page

__all__ = [
    "HITS_PER_PAGE",
    "MAILS_PER_PAGE",
    "PER_PAGE",
    "PLACES",
    "Around",
    "Beside",
    "InboxLine",
    "Listed",
    "SearchForm",
    "email_page",
    "file_name",
    "follow_script",
    "headers_page",
    "issues_page",
    "mail_files_page",
    "mail_headers_page",
    "mail_html",
    "mail_page",
    "mail_text_page",
    "mailbox_page",
    "picture_kind",
    "problem_page",
    "ran_page",
    "search_page",
    "stylesheet",
    "text_page",
    "web_page",
    "why_page",
]
