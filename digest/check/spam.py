"""What a spam filter on this machine says of the message, read and explained.

Running the filter is the pipeline's work; here its words become values, and values findings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from digest.check.words import shown
from digest.models import Finding

SPAM = MappingProxyType({"SpamAssassin": 5.0, "rspamd": 6.0})
"""Points from which on a message is marked as spam by the settings that each filter comes with."""

MAX_RULES = 40
"""Rules that are told one by one; a message that breaks more is told by its sum."""

_WHERE = "message.eml"
_ROW = re.compile(r"[ *]{0,2}(-?\d{1,4}(?:\.\d{1,3})?) +([A-Za-z0-9_]{2,80})(?: +(.*))?")
_MORE = re.compile(r" {8,}(\S.*)")
_PART = re.compile(r"(?:BODY|URI|RAW): ")  # where SpamAssassin found it
_RULER = re.compile(r"---- -{10,} -{10,}")
_SPAMC_SUM = re.compile(r"(-?\d{1,4}(?:\.\d{1,3})?)/(-?\d{1,4}(?:\.\d{1,3})?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamRule:
    """One rule that matched: its name, its points (below 0 they speak for the message), why."""

    name: str
    points: float
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamReport:
    """What the filter `tool` said: the sum of points, and from which on it is `spam` to it."""

    tool: Literal["SpamAssassin", "rspamd"]
    score: float
    required: float
    rules: tuple[SpamRule, ...] = ()


def read_spamassassin(text: str, *, mark: str) -> SpamReport | None:
    """The report after the last line `mark SCORE REQUIRED`; None where there is none.

    `mark` is a word that the message itself cannot hold, because the message comes first in
    `text` and may imitate a report.
    """
    lines = text.splitlines()
    at = next((i for i in range(len(lines) - 1, -1, -1) if lines[i].startswith(f"{mark} ")), None)
    if at is None:
        return None
    try:
        score, required = map(float, lines[at].split()[1:3])
    except ValueError:
        return None
    return SpamReport(
        tool="SpamAssassin", score=score, required=required, rules=_rules(lines[at + 1 :])
    )


def read_spamc(text: str) -> SpamReport | None:
    """The answer of `spamc -R`: a first line `3.3/5.0`, then a report that ends in a table."""
    lines = text.splitlines()
    hit = _SPAMC_SUM.fullmatch(lines[0].strip()) if lines else None
    if hit is None or float(hit[2]) <= 0:  # 0/0: there was no server to ask
        return None
    # The report quotes the message before its table, so the last ruler is the real one.
    at = next((i for i in range(len(lines) - 1, -1, -1) if _RULER.match(lines[i])), len(lines))
    return SpamReport(
        tool="SpamAssassin",
        score=float(hit[1]),
        required=float(hit[2]),
        rules=_rules(lines[at + 1 :]),
    )


@dataclass(frozen=True, slots=True)
class _Symbol:
    score: float = 0.0
    description: str = ""


@dataclass(frozen=True, slots=True)
class _Rspamd:
    score: float
    required_score: float = 0.0
    thresholds: dict[str, float | None] | None = None
    symbols: dict[str, _Symbol] | None = None


def read_rspamc(text: str) -> SpamReport | None:
    """The answer of `rspamc --json`; spam is what rspamd would add a header to."""
    try:
        told = TypeAdapter(_Rspamd).validate_json(text[text.find("{") :])
    except ValidationError:
        return None
    rules = [
        SpamRule(name=name, points=symbol.score, description=symbol.description)
        for name, symbol in (told.symbols or {}).items()
    ]
    # They judge the server that handed the message over, and here none did.
    of_server = [rule for rule in rules if rule.name.startswith("HFILTER_")]
    rules = [rule for rule in rules if rule not in of_server]
    return SpamReport(
        tool="rspamd",
        score=told.score - sum(rule.points for rule in of_server),
        required=(told.thresholds or {}).get("add header") or told.required_score,
        rules=tuple(sorted(rules, key=lambda rule: (-rule.points, rule.name))),
    )


def _rules(lines: list[str]) -> tuple[SpamRule, ...]:
    """The rows of a table of rules; a description may go on in the lines below."""
    rules: list[SpamRule] = []
    for line in lines:
        row, more = _ROW.fullmatch(line), _MORE.fullmatch(line)
        if row:
            rules.append(
                SpamRule(name=row[2], points=float(row[1]), description=(row[3] or "").strip())
            )
        elif more and rules:
            last = rules[-1]
            told = f"{last.description} {more[1].strip()}".strip()
            rules[-1] = SpamRule(name=last.name, points=last.points, description=told)
    return tuple(rules)


def judge_spam(report: SpamReport) -> tuple[Finding, ...]:
    """One finding for the sum and one for each rule that adds to it; none at 0 points or fewer.

    An error where the message counts as spam: at `SPAM` points, or fewer where the filter on this
    machine is stricter. Sums are compared as the filters print them, to one decimal.
    """
    if round(report.score, 1) <= 0:
        return ()
    usual = SPAM[report.tool]
    limit = min(usual, report.required) if report.required > 0 else usual
    is_spam = report.score >= limit
    adding = [rule for rule in report.rules if round(rule.points, 1) > 0]
    adding.sort(key=lambda rule: (-rule.points, rule.name))
    whole = Finding(
        check="spam",
        level="error" if is_spam else "warning",
        where=_WHERE,
        what=f"{report.tool} gives the message {report.score:.1f} points; "
        + (f"{limit:g} are spam." if is_spam else f"it counts as spam from {limit:g} on."),
        why="What a filter holds against a message adds to what each provider knows of its sender.",
        mend="Mend what the rules below name, the greatest first."
        if adding
        else "The filter named no rule that adds points; ask it on the command line.",
    )
    return (whole, *(_of_rule(report.tool, rule) for rule in adding[:MAX_RULES]))


def _of_rule(tool: str, rule: SpamRule) -> Finding:
    described = shown(_PART.sub("", rule.description), 160)
    if not described or described.startswith("No description available"):
        described = f"a rule that {tool} does not describe"
    return Finding(
        check="spam",
        level="warning",
        where=_WHERE,
        what=f"{rule.name} adds {rule.points:.1f}: {described.rstrip('.!')}.",
        why=f"A rule of {tool}.",
        mend=_mend(rule.name),
    )


def _mend(name: str) -> str:
    """What to do about a rule: by its name, else by how its name begins."""
    exact = _MEND.get(name)
    if exact:
        return exact
    return next((told for start, told in _MEND_BY_START if name.startswith(start)), _UNKNOWN)


_UNKNOWN = "Look at what the rule describes; search the web for its name where that is not plain."
_BUILD = "Build the issue again; a message of digest's own has it."
_WORDS = "Say it in plainer words: in a subject, an intro, a notice or a headline of the editor's."
_LINKS = "Link to the page itself, by its name and over https, or drop that story."
_COLORS = "Raise the contrast in the theme's colors; hidden text is what spammers do."
_SUBJECT = "Set another subject: `digest edit ISSUE subject`."
_PICTURES = "Show more words beside the pictures, or fewer pictures."
_SENDER = "Set DIGEST_SENDER to an address at a domain of your own."

_MEND: MappingProxyType[str, str] = MappingProxyType(
    {
        "HTML_MESSAGE": "Nothing: every newsletter is HTML, and its text part makes up for it.",
        "MIME_HTML_ONLY": "Send the text part too: build the issue again.",
        "MIME_HTML_ONLY_MULTI": "Send the text part too: build the issue again.",
        "MPART_ALT_DIFF": "Make text and HTML say the same: build the issue again.",
        "MPART_ALT_DIFF_COUNT": "Make text and HTML say the same: build the issue again.",
        "MISSING_MID": _BUILD,
        "INVALID_MSGID": _BUILD,
        "MISSING_DATE": _BUILD,
        "INVALID_DATE": _BUILD,
        "MISSING_FROM": _SENDER,
        "MISSING_SUBJECT": _SUBJECT,
        "MISSING_HEADERS": _BUILD,
        "MISSING_MIMEOLE": _BUILD,
        "REPLYTO_WITHOUT_TO_CC": "Unset DIGEST_REPLY_TO, or let it be DIGEST_SENDER's address.",
        "FREEMAIL_FROM": _SENDER,
        "FREEMAIL_FORGED_REPLYTO": "Set DIGEST_REPLY_TO to an address at the sender's domain.",
        "FREEMAIL_REPLYTO": "Set DIGEST_REPLY_TO to an address at the sender's domain.",
        "HTML_FONT_LOW_CONTRAST": _COLORS,
        "HTML_FONT_FACE_BAD": "Name common fonts in the theme.",
        "HTML_OBFUSCATE_05_10": "Spell words plainly, without tags or tricks inside them.",
        "HTML_TAG_BALANCE_BODY": "Close every tag in the theme.",
        "HTML_TAG_BALANCE_HEAD": "Close every tag in the theme.",
        "TRACKER_ID": "Drop the identifier from the text or the link that carries it.",
        "LOTS_OF_MONEY": "Nothing, where a story is about great sums.",
        "DEAR_SOMETHING": "Greet readers by name, or not at all.",
        "WEIRD_PORT": _LINKS,
        "NUMERIC_HTTP_ADDR": _LINKS,
        "NORMAL_HTTP_TO_IP": _LINKS,
        "HTTPS_HTTP_MISMATCH": "Let a link's words not look like another address than its own.",
        "DATE_IN_FUTURE_03_06": "Build the issue again, nearer to when it is sent.",
        "UNPARSEABLE_RELAY": "Nothing: it speaks of the server that took the mail.",
    }
)
"""What to do about common rules, by name."""

_MEND_BY_START: tuple[tuple[str, str], ...] = (
    ("MANY_INVISIBLE", "Hide less in the theme."),
    ("ZERO_FONT", "Hide less in the theme."),
    ("DATE_IN_PAST", "Send the issue on its day, or build it again."),
    ("DATE_IN_FUTURE", "Build the issue again, nearer to when it is sent."),
    ("HTML_IMAGE_ONLY", _PICTURES),
    ("HTML_IMAGE_RATIO", _PICTURES),
    ("HTML_FONT", _COLORS),
    ("HTML_SHORT_LINK_IMG", _PICTURES),
    ("HTML_", "Mend the theme's HTML there."),
    ("SUBJ", _SUBJECT),
    ("SUBJECT", _SUBJECT),
    ("URI_", _LINKS),
    ("URL_", _LINKS),
    ("URIBL", "Drop the link to a site on that block list, or ask the list to take the site off."),
    ("SHORT", "Link to the page itself, in place of a short link."),
    ("MIME_", _BUILD),
    ("MISSING_", _BUILD),
    ("FREEMAIL", _SENDER),
    ("FROM_", _SENDER),
    ("REPLYTO", "Set DIGEST_REPLY_TO to an address at the sender's domain, or unset it."),
    ("RCVD_", "Nothing in the issue: it speaks of the server that sends."),
    ("BAYES", "Nothing in the issue: it is what that filter learned from other mail."),
    ("MONEY", _WORDS),
    ("US_DOLLARS", _WORDS),
    ("ADVANCE_FEE", _WORDS),
    ("RISK_FREE", _WORDS),
    ("HK_", _WORDS),
    ("DRUG", _WORDS),
    ("FUZZY", "Spell words plainly: letters that only look alike count as a trick."),
    ("UPPERCASE", "Write fewer words in capitals."),
)
"""What to do about families of rules, by how their names begin; the first that fits holds."""
