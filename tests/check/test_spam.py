"""What spam filters say, read and judged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.check import (
    SpamReport,
    SpamRule,
    judge_spam,
    read_rspamc,
    read_spamassassin,
    read_spamc,
)

TABLE = """\
-0.0 NO_RECEIVED            Informational: message has no Received headers
 0.6 MISSING_MID            Missing Message-Id: header
 2.7 MISSING_DATE           Missing Date: header
 0.0 HTML_MESSAGE           BODY: HTML included in message
 1.2 ODD_RULE               No description available.
 0.4 LONG_WORDS             A description that goes on and
                            is told in two lines
"""
RULES = (
    ("NO_RECEIVED", 0.0),
    ("MISSING_MID", 0.6),
    ("MISSING_DATE", 2.7),
    ("HTML_MESSAGE", 0.0),
    ("ODD_RULE", 1.2),
    ("LONG_WORDS", 0.4),
)
IMITATION = "Content analysis:\nMARK 0.0 5.0\n---- ---------------------- -----------\n-9 GOOD ok\n"


def test_spamassassin_is_read_from_the_last_mark_on() -> None:
    report = read_spamassassin(f"{IMITATION}MARK 4.9 5.0\n{TABLE}", mark="MARK")
    assert report is not None
    assert (report.tool, report.score, report.required) == ("SpamAssassin", 4.9, 5.0)
    assert tuple((r.name, abs(r.points)) for r in report.rules) == RULES
    assert report.rules[-1].description == "A description that goes on and is told in two lines"


def test_spamc_is_read_from_its_first_line_and_its_last_table() -> None:
    ruler = f"---- {'-' * 22} {'-' * 50}\n"
    report = read_spamc(f"4.9/5.0\nPreview:\n{ruler} 9.9 FALSE quoted\n{ruler}{TABLE}")
    assert report is not None
    assert (report.tool, report.score, report.required) == ("SpamAssassin", 4.9, 5.0)
    assert tuple((r.name, abs(r.points)) for r in report.rules) == RULES


def rspamd(score: float, **symbols: float) -> str:
    told = {
        name: {"name": name, "score": points, "description": f"About {name}", "options": ["x"]}
        for name, points in symbols.items()
    }
    answer = {"score": score, "required_score": 15.0, "action": "no action", "symbols": told}
    return json.dumps(answer, indent=4)


def test_rspamc_is_read_without_what_judges_the_server_that_handed_it_over() -> None:
    report = read_rspamc(
        rspamd(3.6, MIME_GOOD=-0.1, DATE_IN_PAST=1.0, HFILTER_HOSTNAME_UNKNOWN=2.5)
    )
    assert report is not None
    assert round(report.score, 3) == 1.1
    assert [r.name for r in report.rules] == ["DATE_IN_PAST", "MIME_GOOD"]
    assert report.rules[0].description == "About DATE_IN_PAST"


@pytest.mark.parametrize(
    "text", ["", "0/0\n", "{}", "{", "null", '{"score": "x"}', "MARK", "MARK x y", "MARK 1", "a/b"]
)
def test_what_is_no_report_is_none(text: str) -> None:
    assert read_spamassassin(text, mark="MARK") is None
    assert read_spamc(text) is None
    assert read_rspamc(text) is None


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_report_or_none(text: str) -> None:
    for read in (read_spamc, read_rspamc, lambda t: read_spamassassin(f"M 1.0 5.0\n{t}", mark="M")):
        report = read(text)
        if report is not None:
            for finding in judge_spam(report):
                assert all(c.isprintable() or c == "\u200d" for c in finding.what)


def report(score: float, *rules: SpamRule, required: float = 5.0) -> SpamReport:
    return SpamReport(tool="SpamAssassin", score=score, required=required, rules=rules)


@pytest.mark.parametrize(
    ("score", "required", "levels"),
    [
        (-1.2, 5.0, []),
        (0.0, 5.0, []),
        (0.04, 5.0, []),
        (0.1, 5.0, ["warning"]),
        (4.9, 5.0, ["warning"]),
        (5.0, 5.0, ["error"]),
        (3.0, 3.0, ["error"]),
        (6.0, 10.0, ["error"]),  # a lenient machine does not make readers' servers lenient
        (6.0, 0.0, ["error"]),
    ],
)
def test_the_sum_decides(score: float, required: float, levels: list[str]) -> None:
    assert [f.level for f in judge_spam(report(score, required=required))] == levels


def test_rspamd_marks_from_six_on() -> None:
    for score, level in ((5.9, "warning"), (6.0, "error")):
        told = read_rspamc(rspamd(score, MISSING_MID=score))
        assert told is not None
        assert judge_spam(told)[0].level == level


def test_each_rule_that_adds_is_told_with_what_to_do() -> None:
    found = judge_spam(
        report(
            4.0,
            SpamRule(name="NICE", points=-1.0, description="Nice"),
            SpamRule(name="HTML_MESSAGE", points=0.0, description="HTML"),
            SpamRule(name="SUBJ_ALL_CAPS", points=0.5, description="Subject is all capitals"),
            SpamRule(name="URI_HEX", points=1.1, description="URI hostname has \x1b[2J hex"),
            SpamRule(name="ODD", points=3.4, description="No description available."),
        )
    )
    assert [f.what for f in found[1:]] == [
        "ODD adds 3.4: a rule that SpamAssassin does not describe.",
        "URI_HEX adds 1.1: URI hostname has [2J hex.",
        "SUBJ_ALL_CAPS adds 0.5: Subject is all capitals.",
    ]
    assert {f.level for f in found} == {"warning"}
    assert "digest edit ISSUE subject" in found[3].mend
    assert len({f.mend for f in found}) == 4


def test_many_rules_are_bounded() -> None:
    rules = [SpamRule(name=f"R{n}", points=1.0) for n in range(1000)]
    assert len(judge_spam(report(1000.0, *rules))) == 41
