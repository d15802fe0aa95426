"""Pages about the archive, and the mailbox beside it: values in, HTML out.

The same pages are shown by `digest serve` and can be published: every link is relative, nothing
needs JavaScript, and each page says where the site's root lies as seen from it. Only a page that
is given a version has a script, which follows the server. Nothing here reads a disk (its own
templates excepted), a clock or the network.
"""

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
from digest.site.sends import (
    Failed,
    ListSent,
    Sends,
    TestMail,
    TestSent,
    confirm_page,
    sends_page,
)
from digest.site.style import follow_script, stylesheet
from digest.site.why import PER_PAGE, PLACES, why_page

__all__ = [
    "ADD_FIELDS",
    "CANDIDATES_PER_PAGE",
    "FORMS_AT_ONCE",
    "MAILS_PER_PAGE",
    "NOTICE_FIELDS",
    "PER_PAGE",
    "PLACES",
    "STORY_FIELDS",
    "WHOLE_FIELDS",
    "Around",
    "Beside",
    "Desk",
    "Failed",
    "InboxLine",
    "ListSent",
    "Listed",
    "Refused",
    "Sends",
    "TestMail",
    "TestSent",
    "Told",
    "anchor",
    "confirm_page",
    "conflict_page",
    "edit_page",
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
    "sends_page",
    "stylesheet",
    "text_page",
    "typed_over",
    "web_page",
    "why_page",
]
