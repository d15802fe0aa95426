"""SPF, DKIM and DMARC, judged from records that are given as values."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.check import Answer, Examined, Question, examine_sender
from digest.models import Finding

DOMAIN = "harbor.internal"
SENDER = f"Harbor Weekly <editor@{DOMAIN}>"
REPORTS = "rua=mailto:dmarc@harbor.internal"

Zone = Mapping[str, Sequence[str]]


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + body


def rsa_key(bits: int, *, bare: bool = False) -> str:
    """A public key of that length in its form for the DNS (its modulus is no product of primes)."""
    modulus = (1 << (bits - 1)) | 1
    raw = modulus.to_bytes(bits // 8 + 1, "big")
    key = der(0x30, der(0x02, raw), der(0x02, b"\x01\x00\x01"))
    algorithm = der(0x30, bytes.fromhex("06092a864886f70d010101"), b"\x05\x00")
    return base64.b64encode(key if bare else der(0x30, algorithm, der(0x03, b"\0", key))).decode()


KEY = f"v=DKIM1; k=rsa; p={rsa_key(2048)}"
GOOD: Zone = {
    f"{DOMAIN} TXT": ["site-verification=1", "v=spf1 mx ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"],
    f"{DOMAIN} MX": [f"mx.{DOMAIN}"],
    f"_dmarc.{DOMAIN} TXT": [f"v=DMARC1; p=reject; {REPORTS}"],
    f"mail._domainkey.{DOMAIN} TXT": [KEY],
}


def examined(
    zone: Zone,
    *,
    sender: str = SENDER,
    selectors: tuple[str, ...] = (),
    unsubscribe_url: str = "",
    states: Mapping[str, Answer] | None = None,
) -> tuple[tuple[Finding, ...], list[Question]]:
    """The findings, and every question that it took; what is not in `zone` does not exist."""
    known: dict[Question, Answer] = {}
    names = {key.split(" ")[0] for key in zone}
    for _ in range(60):
        found: Examined = examine_sender(
            sender, known, unsubscribe_url=unsubscribe_url, selectors=selectors
        )
        if not found.missing:
            return found.findings, list(known)
        for question in found.missing:
            assert question not in known
            key = f"{question.name} {question.kind}"
            values = tuple(zone.get(key, ()))
            absent = Answer("empty" if question.name in names else "no name")
            answer = Answer("found", values) if values else absent
            known[question] = (states or {}).get(key, answer)
    raise AssertionError("it never has enough")


def told(zone: Zone, **changes: object) -> list[tuple[str, str]]:
    findings, _ = examined(zone, **changes)  # type: ignore[arg-type]
    assert all(f.check == "dns" and f.why and f.mend for f in findings)
    return [(f.level, f.what) for f in findings]


def spf(record: str, **others: Sequence[str]) -> list[tuple[str, str]]:
    """What is told of one SPF record, all else in order; `others` are TXT records of names."""
    more = {f"{name.replace('_', '.')} TXT": values for name, values in others.items()}
    return told({**GOOD, f"{DOMAIN} TXT": [record], **more})


def test_a_domain_in_order_has_no_finding() -> None:
    assert told(GOOD) == []


@pytest.mark.parametrize(
    ("sender", "level"),
    [
        ("", "no sender"),
        ("Harbor Weekly", "no domain"),
        ("editor@harbor..internal", "no domain"),
        ("ed@localhost", "reserved example domain localhost"),
        ("ed@weekly.example.org", "reserved example domain weekly.example.org"),
        ("ed@news.test", "reserved example domain news.test"),
        ("ed@EXAMPLE.com", "reserved example domain example.com"),
        ("ed@a.invalid", "reserved example domain a.invalid"),
    ],
)
def test_a_sender_without_a_domain_is_one_finding_and_no_question(sender: str, level: str) -> None:
    findings, asked = examined({}, sender=sender)
    assert [f.level for f in findings] == ["error"]
    assert level in findings[0].what
    assert asked == []
    draft = examine_sender(sender, {}, is_draft=True)
    assert [f.level for f in draft.findings] == ["warning"]


def test_names_that_only_look_reserved_are_looked_up() -> None:
    assert examined({}, sender="ed@myexample.com")[1] != []
    assert examined({}, sender="ed@example.co.internal")[1] != []


def test_a_domain_that_does_not_exist_is_told_alone() -> None:
    assert told({}) == [("error", f"The sender's domain {DOMAIN} does not exist.")]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ({f"{DOMAIN} MX": [""]}, "takes no mail"),
        ({f"{DOMAIN} MX": []}, "neither MX nor an address"),
        ({f"{DOMAIN} MX": [], f"{DOMAIN} A": ["192.0.2.1"]}, ""),
        ({f"{DOMAIN} MX": [], f"{DOMAIN} AAAA": ["2001:db8::1"]}, ""),
    ],
)
def test_answers_and_bounces_have_somewhere_to_go(records: Zone, expected: str) -> None:
    zone = {**GOOD, f"{DOMAIN} TXT": ["v=spf1 ip4:192.0.2.1 -all"], **records}
    findings = told(zone)
    assert [expected in what for _, what in findings] == ([True] if expected else [])


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 -all",
        "V=SPF1  ip4:192.0.2.1   ~ALL",
        "v=spf1 a:mail.harbor.internal/24//64 mx/30 -all exp=why.harbor.internal",
        "v=spf1 include:%{ir}.%{v}.%{d2r}.spf.harbor.internal ?ip6:2001:db8::1/64 -all",
        "v=spf1 exists:%{l1r+-}._at.%{o,=_/}.harbor.internal newer=thing -all",
        "v=spf1 redirect=_spf.harbor.internal",
    ],
)
def test_spf_that_is_right(record: str) -> None:
    zone = {
        **GOOD,
        f"{DOMAIN} TXT": [record],
        "mail.harbor.internal A": ["192.0.2.3"],
        "_spf.harbor.internal TXT": ["v=spf1 ip4:192.0.2.1 -all"],
    }
    assert told(zone) == []


@pytest.mark.parametrize(
    ("record", "level", "expected"),
    [
        ("v=spf1 ip4:192.0.2.1 +all", "error", "every server of the world"),
        ("v=spf1 all", "error", "every server of the world"),
        ("v=spf1 ip4:192.0.2.1", "warning", "does not say what holds for all other"),
        ("v=spf1", "warning", "does not say what holds for all other"),
        ("v=spf1 ?all", "warning", "?all"),
        ("v=spf1 ptr -all", "warning", "ptr"),
        ("v=spf1 ip4:192.0.2 -all", "error", "“ip4:192.0.2” holds no IP address"),
        ("v=spf1 ip4:2001:db8::1 -all", "error", "address of IPv6"),
        ("v=spf1 ip4:192.0.2.0/33 -all", "error", "wrong prefix"),
        ("v=spf1 ip6:2001:db8::/129 -all", "error", "wrong prefix"),
        ("v=spf1 a/33 -all", "error", "prefix that is too long"),
        ("v=spf1 include: -all", "error", "names no domain"),
        ("v=spf1 include -all", "error", "names no domain"),
        ("v=spf1 include:spf -all", "error", "names no domain"),
        ("v=spf1 a:192.0.2.1 -all", "error", "ip4: takes addresses"),
        ("v=spf1 exists:%{z}.harbor.internal -all", "error", "“exists:%{z}.harbor.internal”"),
        ("v=spf1 redirect=a.internal redirect=b.internal", "error", "redirect= stands twice"),
        ("v=spf1 ipv4:192.0.2.1 -all", "error", "“ipv4:192.0.2.1” is no term"),
        ("v=spf1 ip4:192.0.2.1, -all", "error", "holds no IP address"),
        ("v=spf1 -all:harbor.internal", "error", "takes no name"),
        ("v=spf1 caf\\xe9 -all", "error", "is no term"),
        ("v=spf10 -all", "error", "“v=spf10 -all” is none"),
        ("v=spf1; -all", "error", "There is no SPF record"),
        ("spf2.0/pra -all", "error", "There is no SPF record"),
        ("nothing", "error", "There is no SPF record."),
    ],
)
def test_spf_that_is_wrong(record: str, level: str, expected: str) -> None:
    findings = spf(record)
    assert [(found, expected in what) for found, what in findings][:1] == [(level, True)], findings


def test_two_spf_records_are_one_too_many() -> None:
    zone = {**GOOD, f"{DOMAIN} TXT": ["v=spf1 -all", "v=spf1 ~all"]}
    assert told(zone) == [("error", "There are 2 SPF records where one is allowed.")]


def test_lookups_are_counted_through_includes() -> None:
    """RFC 7208, 4.6.4: include, a, mx, ptr, exists and redirect count, wherever they stand."""
    zone = {
        **GOOD,
        f"{DOMAIN} TXT": ["v=spf1 mx a include:one.internal include:two.internal -all"],
        f"{DOMAIN} A": ["192.0.2.1"],
        "one.internal TXT": ["v=spf1 mx exists:%{i}.one.internal redirect=three.internal"],
        "one.internal MX": ["mx.one.internal"],
        "two.internal TXT": ["v=spf1 ip4:192.0.2.1 include:three.internal -all include:x.internal"],
        "three.internal TXT": ["v=spf1 include:four.internal -all"],
        "four.internal TXT": ["v=spf1 ip4:192.0.2.4 -all"],
    }
    # mx, a, two includes; one: mx, exists, redirect, and four; two: include, and four
    assert told(zone) == []
    eleven = {**zone, "four.internal TXT": ["v=spf1 exists:%{i}.four.internal -all"]}
    assert told(eleven) == [("error", "The SPF record takes 12 lookups; 10 are allowed.")]


def test_what_stands_behind_all_is_not_looked_up() -> None:
    assert spf("v=spf1 -all include:nowhere.internal redirect=nowhere.internal") == []


def test_void_lookups_are_counted() -> None:
    two = "v=spf1 a:a.internal mx:b.internal -all"
    assert spf(two) == []
    findings = spf(two.replace("-all", "exists:c.internal -all"))
    assert [level for level, _ in findings] == ["error"]
    assert "3 things that do not exist (2 are allowed): a.internal, b.internal" in findings[0][1]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ({}, "SPF points to loop.internal, which has no SPF record"),
        ({"loop_internal": ["v=spf1 -all", "v=spf1 ?all"]}, "which has 2 SPF records"),
        ({"loop_internal": ["v=spf1 include:harbor.internal -all"]}, "in a circle"),
        ({"loop_internal": ["v=spf1 include:LOOP.internal. -all"]}, "in a circle"),
        ({"loop_internal": ["v=spf1 bogus -all"]}, "“bogus” is no term of SPF"),
    ],
)
def test_includes_that_break(others: Mapping[str, Sequence[str]], expected: str) -> None:
    findings = spf("v=spf1 include:loop.internal -all", **others)
    assert [(level, expected in what) for level, what in findings] == [("error", True)], findings


def test_includes_that_multiply_are_bounded() -> None:
    """Each level includes the next ten times: followed blindly, 10¹⁰ questions."""
    zone = dict(GOOD)
    for level in range(12):
        name = DOMAIN if level == 0 else f"l{level}.internal"
        zone[f"{name} TXT"] = ["v=spf1 " + f"include:l{level + 1}.internal " * 10 + "-all"]
    findings, asked = examined(zone)
    assert "takes more than 30 lookups" in " ".join(f.what for f in findings)
    assert len(asked) < 60


def test_an_spf_record_of_64_kilobytes_is_read_in_bounds() -> None:
    findings, asked = examined(
        {**GOOD, f"{DOMAIN} TXT": ["v=spf1 " + "a:mail.internal " * 4096 + "-all"]}
    )
    assert any("4,097 terms" in f.what for f in findings)
    assert any("more than 30 lookups" in f.what for f in findings)
    assert len(asked) < 40
    assert all(len(f.what) < 300 and len(f.mend) < 300 for f in findings)


def dmarc(*records: str, **others: Sequence[str]) -> list[tuple[str, str]]:
    more = {f"_dmarc.{name.replace('_', '.')} TXT": values for name, values in others.items()}
    return told({**GOOD, f"_dmarc.{DOMAIN} TXT": list(records), **more})


@pytest.mark.parametrize(
    ("record", "level", "expected"),
    [
        (f"v=DMARC1; p=none; {REPORTS}", "warning", "p=none"),
        ("v=DMARC1; p=reject", "warning", "no address for reports"),
        (f"v=DMARC1; {REPORTS}", "error", "it has no p="),
        (f"v=DMARC1; p=block; {REPORTS}", "error", "p=block is none of none, quarantine, reject"),
        (f"v=DMARC1; p=reject; sp=x; {REPORTS}", "error", "sp=x"),
        (f"v=DMARC1; p=reject; adkim=strict; {REPORTS}", "error", "adkim=strict"),
        (f"v=DMARC1; p=reject; pct=200; {REPORTS}", "error", "pct=200"),
        ("v=DMARC1; p=reject; rua=dmarc@harbor.internal", "error", "which is no mailto: address"),
        (f"v=DMARC1; p=reject; oops; {REPORTS}", "error", "“oops” is no tag=value"),
        (f"v=DMARC1; p=reject; p=none; {REPORTS}", "error", "p= stands twice"),
        (f"p=reject; v=DMARC1; {REPORTS}", "error", "it must begin with “v=DMARC1;”"),
        (f"v=dmarc1; p=reject; {REPORTS}", "error", "There is no DMARC record"),
        ("unrelated", "error", "There is no DMARC record."),
    ],
)
def test_dmarc_that_is_wrong(record: str, level: str, expected: str) -> None:
    findings = dmarc(record)
    assert [(found, expected in what) for found, what in findings][:1] == [(level, True)], findings


@pytest.mark.parametrize(
    "record",
    [
        f"v=DMARC1;p=quarantine;{REPORTS}",
        f"v = DMARC1 ; p = REJECT ; sp=none; np=reject; adkim=s; pct=50; {REPORTS},mailto:a@b!5m;",
    ],
)
def test_dmarc_that_is_right(record: str) -> None:
    assert dmarc(record) == []


def test_two_dmarc_records_are_one_too_many() -> None:
    record = f"v=DMARC1; p=reject; {REPORTS}"
    assert dmarc(record, record) == [("error", "There are 2 DMARC records where one is allowed.")]


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ({"harbor.internal": f"v=DMARC1; p=reject; {REPORTS}"}, ""),
        (
            {"harbor.internal": f"v=DMARC1; p=reject; sp=none; {REPORTS}"},
            "DMARC of harbor.internal",
        ),
        ({}, "There is no DMARC record."),
        # the organization, not the one between
        (
            {
                "city.harbor.internal": f"v=DMARC1; p=none; {REPORTS}",
                "harbor.internal": f"v=DMARC1; p=reject; {REPORTS}",
            },
            "",
        ),
        # psd=n: the organization ends here
        (
            {
                "city.harbor.internal": f"v=DMARC1; p=reject; psd=n; {REPORTS}",
                "harbor.internal": f"v=DMARC1; p=none; {REPORTS}",
            },
            "",
        ),
        # psd=y: what lies below it is the organization
        (
            {
                "harbor.internal": f"v=DMARC1; p=reject; {REPORTS}",
                "internal": f"v=DMARC1; p=none; psd=y; {REPORTS}",
            },
            "",
        ),
        ({"internal": f"v=DMARC1; p=none; psd=y; {REPORTS}"}, "DMARC of internal"),
    ],
)
def test_dmarc_is_found_up_the_tree(above: Mapping[str, str], expected: str) -> None:
    domain = "news.city.harbor.internal"
    zone = {
        f"{domain} TXT": ["v=spf1 -all"],
        f"{domain} MX": ["mx.harbor.internal"],
        f"mail._domainkey.{domain} TXT": [KEY],
        **{f"_dmarc.{name} TXT": [record] for name, record in above.items()},
    }
    findings = told(zone, sender=f"ed@{domain}")
    assert [expected in what for _, what in findings] == ([True] if expected else []), findings


def test_the_walk_up_the_tree_is_bounded() -> None:
    domain = ".".join("abcdefghijklmnop") + ".internal"
    _, asked = examined({f"{domain} MX": ["mx.internal"]}, sender=f"ed@{domain}")
    walked = [q.name for q in asked if q.name.startswith("_dmarc.")]
    assert len(walked) == 8
    assert walked[0] == f"_dmarc.{domain}"
    assert walked[1] == "_dmarc.k.l.m.n.o.p.internal"


def dkim(*records: str, selector: str = "mail") -> list[tuple[str, str]]:
    return told(
        {**GOOD, f"{selector}._domainkey.{DOMAIN} TXT": list(records)}, selectors=(selector,)
    )


@pytest.mark.parametrize(
    "record",
    [
        KEY,
        f"p={rsa_key(4096)}",
        f"v=DKIM1; h=sha1:sha256; s=email; t=s; n=note; p={rsa_key(2048, bare=True)};",
        f"v=DKIM1; p={rsa_key(2048)[:60]} {rsa_key(2048)[60:]}",
        "v=DKIM1; k=ed25519; p=" + base64.b64encode(bytes(32)).decode(),
    ],
)
def test_dkim_that_is_right(record: str) -> None:
    assert dkim(record, selector="own") == []


@pytest.mark.parametrize(
    ("record", "level", "expected"),
    [
        (f"v=DKIM1; p={rsa_key(1024)}", "warning", "1,024 bits; 2,048 are advised"),
        (f"v=DKIM1; p={rsa_key(512)}", "error", "512 bits"),
        ("v=DKIM1; p=", "error", "withdrawn"),
        ("v=DKIM1; k=rsa", "error", "it has no p="),
        (f"{KEY}; t=y:s", "warning", "being tested"),
        (f"k=rsa; v=DKIM1; p={rsa_key(2048)}", "error", "must begin with v=DKIM1"),
        (f"v=DKIM2; p={rsa_key(2048)}", "error", "must begin with v=DKIM1"),
        (f"v=DKIM1; k=dsa; p={rsa_key(2048)}", "error", "k=dsa"),
        (f"v=DKIM1; h=sha1; p={rsa_key(2048)}", "error", "h=sha1"),
        (f"v=DKIM1; s=tlsrpt; p={rsa_key(2048)}", "error", "s=tlsrpt"),
        ("v=DKIM1; p=%%%", "error", "not base64"),
        (f"v=DKIM1; p={rsa_key(2048)[:100]}", "error", "may be cut off"),
        ("v=DKIM1; k=ed25519; p=AAAA", "error", "32 bytes"),
        (f"v=DKIM1; p={rsa_key(2048)}; p=", "error", "p= stands twice"),
        ("v=spf1 -all", "error", "is no DKIM key"),
    ],
)
def test_dkim_that_is_wrong(record: str, level: str, expected: str) -> None:
    findings = dkim(record, selector="own")
    assert [(found, expected in what) for found, what in findings] == [(level, True)], findings


def test_a_selector_that_was_named_must_be_there() -> None:
    findings = told(GOOD, selectors=("own",))
    assert findings == [("error", "There is no DKIM key at the selector own.")]


def test_no_key_at_common_selectors_is_a_warning_that_asks_for_the_name() -> None:
    zone = {key: value for key, value in GOOD.items() if "domainkey" not in key}
    findings, asked = examined(zone)
    assert [f.level for f in findings] == ["warning"]
    assert "--dkim-selector" in findings[0].mend
    assert "adkim" not in findings[0].mend
    assert sum("._domainkey." in q.name for q in asked) == 9
    strict = {**zone, f"_dmarc.{DOMAIN} TXT": [f"v=DMARC1; p=reject; adkim=s; {REPORTS}"]}
    assert "adkim=s" in examined(strict)[0][0].mend


def test_a_wildcard_that_answers_everything_is_no_key() -> None:
    zone = {key: value for key, value in GOOD.items() if "domainkey" not in key}
    names = ("default", "mail", "dkim", "s1", "s2", "k1", "google", "selector1", "selector2")
    wild = {f"{name}._domainkey.{DOMAIN} TXT": ["v=spf1 -all", "hello"] for name in names}
    findings = told({**zone, **wild})
    assert [level for level, _ in findings] == ["warning"]
    assert "No DKIM key was found" in findings[0][1]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://lists.harbor.internal/u", ""),
        ("https://lists.harbor.internal:8443/u", ""),
        ("https://gone.harbor.internal/u", "gone.harbor.internal, which has no address"),
        ("https://lists.example.org/u", "reserved example domain"),
        ("https://192.0.2.7/u", ""),
        ("https://[2001:db8::7]/u", ""),
        ("https://[bad/u", ""),
        ("mailto:leave@harbor.internal?subject=leave", ""),
        ("mailto:leave@gone.harbor.internal", "gone.harbor.internal, which has no address"),
    ],
)
def test_the_host_of_the_unsubscribe_link(url: str, expected: str) -> None:
    findings = told({**GOOD, "lists.harbor.internal A": ["192.0.2.9"]}, unsubscribe_url=url)
    assert [(lvl, expected in what) for lvl, what in findings] == (
        [("error", True)] if expected else []
    )


@pytest.mark.parametrize("state", ["failed", "timeout"])
def test_what_nobody_answered_is_never_taken_for_missing(state: str) -> None:
    zone = {
        **GOOD,
        f"{DOMAIN} TXT": ["v=spf1 include:far.internal mx a:far.internal -all"],
        "far.internal TXT": ["v=spf1 exists:at.far.internal -all"],
        "lists.internal A": ["192.0.2.9"],
    }
    url = "https://lists.internal/u"
    assert told(zone, unsubscribe_url=url) == []
    asked = [f"{q.name} {q.kind}" for q in examined(zone, unsubscribe_url=url)[1]]
    unasked = {f"{DOMAIN} A", f"{DOMAIN} AAAA"}
    assert not unasked & set(asked)
    for key in asked:
        silent = {key: Answer(state)}  # type: ignore[arg-type]
        findings = told(zone, states=silent, unsubscribe_url=url)
        name, kind = key.split(" ")
        assert [level for level, _ in findings] == ["warning"], findings
        assert f"{kind} of {name}" in findings[0][1]
    all_silent = told(zone, states={key: Answer(state) for key in asked})  # type: ignore[arg-type]
    assert [level for level, _ in all_silent] == ["warning"]


_TEXT = st.text(st.sampled_from("v=spf1DMARC1KIMp;:/%{}=-+?~all include.rua\\xff\u202e\x1b"))


@given(
    record=st.one_of(_TEXT, st.text()),
    begin=st.sampled_from(["v=spf1 ", "v=DMARC1;", "v=DKIM1;", ""]),
)
def test_any_record_gives_findings_that_can_be_shown(record: str, begin: str) -> None:
    names = (DOMAIN, f"_dmarc.{DOMAIN}", f"mail._domainkey.{DOMAIN}")
    findings, asked = examined({**GOOD, **{f"{name} TXT": [begin + record] for name in names}})
    assert len(asked) < 80
    for finding in findings:
        for text in (finding.where, finding.what, finding.mend):
            assert all(c.isprintable() for c in text if c != "\u200d"), text
    assert findings == examined({**GOOD, **{f"{name} TXT": [begin + record] for name in names}})[0]


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_key_or_none(raw: bytes) -> None:
    for level, what in dkim("v=DKIM1; p=" + base64.b64encode(raw).decode(), selector="own"):
        assert level in {"error", "warning"}
        assert what
