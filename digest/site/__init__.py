"""Pages about the archive: values in, HTML out.

The same pages are shown by `digest serve` and can be published: every link is relative, nothing
needs JavaScript, and each page says where the site's root lies as seen from it. Only a page that
is given a version has a script, which follows the server. Nothing here reads a disk (its own
templates excepted), a clock or the network.
"""

from digest.site.headers import headers_page
from digest.site.pages import (
    Around,
    Listed,
    email_page,
    issues_page,
    problem_page,
    text_page,
    web_page,
)
from digest.site.style import follow_script, stylesheet
from digest.site.why import PER_PAGE, PLACES, why_page

__all__ = [
    "PER_PAGE",
    "PLACES",
    "Around",
    "Listed",
    "email_page",
    "follow_script",
    "headers_page",
    "issues_page",
    "problem_page",
    "stylesheet",
    "text_page",
    "web_page",
    "why_page",
]
