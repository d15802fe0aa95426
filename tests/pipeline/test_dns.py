"""`digest check --dns` against a real DNS server on loopback."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from digest.errors import UsageError
from digest.models import Finding
from digest.pipeline import check_dns, parse_selectors, parse_server
from tests.check.good_issue import with_newsletter
from tests.check.test_dns import rsa_key
from tests.cli.conftest import Digest, digest
from tests.dns_server import GARBLED, REFUSED, SERVFAIL, SILENT, DnsServer, Zone

__all__ = ["digest"]  # the fixture

DOMAIN = "harbor.internal"
KEY = rsa_key(2048)
GOOD: Zone = {
    DOMAIN: {
        "TXT": ['"other"', '"v=spf1 include:_spf.harbor.internal" " mx -all"'],
        "MX": ["10 mx1.harbor.internal.", "20 mx2.harbor.internal."],
    },
    f"_spf.{DOMAIN}": {"TXT": ['"v=spf1 ip4:192.0.2.0/24 ~all"']},
    f"_dmarc.{DOMAIN}": {"TXT": ['"v=DMARC1; p=reject; rua=mailto:dmarc@harbor.internal"']},
    f"s1._domainkey.{DOMAIN}": {"CNAME": ["key.service.internal."]},
    "key.service.internal": {"TXT": [f'"v=DKIM1; p={KEY[:200]}" "{KEY[200:]}"']},
    f"lists.{DOMAIN}": {"A": ["192.0.2.9"]},
}


def found(
    server: DnsServer, *, seconds_each: float = 5.0, seconds: float = 20.0
) -> tuple[Finding, ...]:
    issue = with_newsletter(
        sender=f"Harbor <editor@{DOMAIN}>", unsubscribe_url=f"https://lists.{DOMAIN}/u"
    )
    return check_dns(
        issue,
        server=parse_server(server.resolver),
        seconds_each=seconds_each,
        seconds=seconds,
    )


def test_a_domain_in_order_has_no_finding() -> None:
    """Strings of one record are joined, and an alias leads to the key of a mail service."""
    zone = dict(GOOD)
    # CNAME targets are followed by the server that is asked, as a resolver's does
    zone[f"s1._domainkey.{DOMAIN}"] = GOOD["key.service.internal"]
    with DnsServer(zone) as server:
        assert found(server) == ()
    assert "harbor.internal TXT" in server.asked
    assert "_dmarc.internal TXT" in server.asked
    assert len(server.asked) == len(set(server.asked))


def test_names_that_are_not_there_are_findings() -> None:
    with DnsServer({DOMAIN: {"MX": ["10 mx.harbor.internal."]}}) as server:
        findings = found(server)
    assert [f.level for f in findings] == ["error", "warning", "error", "error"]
    told = " ".join(f.what for f in findings)
    for part in ("no SPF record", "No DKIM key", "no DMARC record", "lists.harbor.internal"):
        assert part in told


def test_a_null_mx_is_read() -> None:
    with DnsServer({**GOOD, DOMAIN: {**GOOD[DOMAIN], "MX": ["0 ."]}}) as server:
        assert any("takes no mail" in f.what for f in found(server))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (SERVFAIL, "answered with an error"),
        (REFUSED, "answered with an error"),
        (GARBLED, ""),
        (SILENT, "No answer came in time"),
    ],
)
def test_servers_that_fail_are_told_from_records_that_are_missing(
    fault: str, expected: str
) -> None:
    with DnsServer(GOOD, faults={"*": fault}) as server:
        findings = found(server, seconds_each=0.5, seconds=2.0)
    assert [f.level for f in findings] == ["warning"], findings
    assert expected in findings[0].what
    assert "MX of harbor.internal" in findings[0].what


def test_one_name_that_fails_does_not_hide_the_others() -> None:
    zone = {**GOOD, f"s1._domainkey.{DOMAIN}": GOOD["key.service.internal"]}
    with DnsServer(zone, faults={f"_dmarc.{DOMAIN}": SERVFAIL}) as server:
        findings = found(server)
    assert [f.level for f in findings] == ["warning"]
    assert "TXT of _dmarc.harbor.internal" in findings[0].what


def test_nobody_listens() -> None:
    with DnsServer({}) as server:
        pass
    issue = with_newsletter(sender=f"editor@{DOMAIN}", unsubscribe_url="")
    gone = parse_server(server.resolver)
    findings = check_dns(issue, server=gone, seconds_each=0.5, seconds=1.0)
    assert [f.level for f in findings] == ["warning"]


def test_hostile_zones_stay_in_bounds() -> None:
    """64 KB of record, a thousand records, bytes that are no text, includes without end."""
    zone: dict[str, dict[str, list[str]]] = {
        DOMAIN: {
            "MX": ["10 mx.harbor.internal."],
            "TXT": ['"v=spf1 ' + " ".join(["include:l0.internal"] * 9) + ' -all"']
            + [f'"noise {n}"' for n in range(1000)],
        },
        f"_dmarc.{DOMAIN}": {"TXT": [" ".join(['"v=DMARC1; ' + "x" * 200 + '"'] * 280)]},
        f"mail._domainkey.{DOMAIN}": {"TXT": [r'"v=DKIM1; p=\255\000\027[2J"']},
    }
    for level in range(40):
        following = f"include:l{level + 1}.internal "
        zone[f"l{level}.internal"] = {"TXT": [f'"v=spf1 {following * 8}-all"']}
    with DnsServer(zone) as server:
        findings = found(server)
    assert server.over_tcp > 1  # what is long is asked for again over TCP
    assert len(server.asked) < 150
    told = " ".join(f.what for f in findings)
    assert "more than 30 lookups" in told
    assert "p= is not base64" in told
    assert all(c.isprintable() for f in findings for c in f.where + f.what + f.mend)
    assert all(len(f.what) < 300 for f in findings)


def test_an_alias_to_itself_ends() -> None:
    zone = {**GOOD, f"_dmarc.{DOMAIN}": {"CNAME": [f"_dmarc.{DOMAIN}."]}}
    with DnsServer(zone) as server:
        findings = found(server, seconds_each=1.0, seconds=4.0)
    assert findings
    assert len(server.asked) < 100


def test_a_reserved_domain_asks_nobody() -> None:
    issue = with_newsletter(sender="ed@weekly.example.org")
    with DnsServer({}) as server:
        (finding,) = check_dns(issue, server=parse_server(server.resolver))
    assert "reserved example domain" in finding.what
    assert server.asked == []


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("127.0.0.1", "127.0.0.1", 53),
        ("127.0.0.1:5353", "127.0.0.1", 5353),
        ("::1", "::1", 53),
        ("[::1]:5353", "::1", 5353),
    ],
)
def test_servers_that_can_be_asked(text: str, address: str, port: int) -> None:
    server = parse_server(text)
    assert (server.address, server.port) == (address, port)


@pytest.mark.parametrize("text", ["", "localhost", "127.0.0.1:", "127.0.0.1:0", "1.2.3.4:65536"])
def test_servers_that_cannot(text: str) -> None:
    with pytest.raises(UsageError, match=re.escape(repr(text))):
        parse_server(text)


def test_selectors() -> None:
    assert parse_selectors(("s1", "a.b-c_d", "s1")) == ("s1", "a.b-c_d")
    for name in ("", "a b", "-a", "ä", "a" * 64):
        with pytest.raises(UsageError, match="--dkim-selector"):
            parse_selectors((name,))


def test_the_command(digest: Digest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path.cwd()))  # no spam filter here
    monkeypatch.setenv("DIGEST_SENDER", f"Harbor <editor@{DOMAIN}>")
    Path("story.md").write_text("# A pier opens\n\nThe pier opens on Saturday, says the mayor.\n")
    assert digest("build", "story.md", "--quiet").status == 0
    with DnsServer({**GOOD, DOMAIN: {"MX": ["10 mx.harbor.internal."]}}) as server:
        words = ("check", "--dns", "--resolver", server.resolver, "--dkim-selector", "own")
        said = digest(*words, "--json")
    assert said.status == 1
    told = {f["where"]: f["what"] for f in json.loads(said.out) if f["check"] == "dns"}
    assert told == {
        "DNS, harbor.internal": "There is no SPF record.",
        "DNS, own._domainkey.harbor.internal": "There is no DKIM key at the selector own.",
    }
    assert digest("check", "--dns", "--dkim-selector", "a b").status == 2
    assert digest("check", "--dns", "--resolver", "nowhere").status == 2
