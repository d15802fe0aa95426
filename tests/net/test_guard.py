"""What the fetch refuses before a byte is sent: hosts, spellings and schemes, without a network."""

from __future__ import annotations

import contextlib
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import FetchError
from digest.net import Policy, fetch
from digest.net.address import kind_of_address
from digest.net.failures import shown
from digest.net.target import read_target, redirected


def no_network(*_: object, **__: object) -> list[tuple[object, ...]]:
    raise AssertionError("asked the network")


CLOSED = Policy(resolve=no_network, connect=no_network)  # type: ignore[arg-type]


def words(table: dict[str, str]) -> list[tuple[str, str]]:
    """Each word of a table with the name of its row."""
    return [(word, name) for name, row in table.items() for word in row.split()]


PRIVATE = words(
    {
        "unspecified": "0.0.0.0 0.1.2.3 [::] [::ffff:0.0.0.0]",
        "private": "10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1 [fc00::1] "
        "[::ffff:10.0.0.1] [64:ff9b::a00:1] [2002:a00:1::1] [2002:c0a8:101::]",
        "shared": "100.64.0.1 100.127.255.255",
        "loopback": "127.0.0.1 127.255.255.254 [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] "
        "[::127.0.0.1] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [2002:7f00:1::]",
        "link-local": "169.254.0.1 [fe80::1] [fe80::1%25eth0] [::ffff:169.254.1.1]",
        "metadata": "169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16 "
        "[fd00:ec2::254] [fd20:ce::254] [::ffff:169.254.169.254] [64:ff9b::a9fe:a9fe]",
        "documentation": "192.0.2.1 198.51.100.7 203.0.113.9 [2001:db8::1] [3fff::1]",
        "benchmarking": "198.18.0.1 198.19.255.255",
        "multicast": "224.0.0.1 239.255.255.255 [ff02::1] [::ffff:224.0.0.1]",
        "reserved": "192.0.0.1 192.88.99.1 240.0.0.1 255.255.255.255 [fec0::1] [64:ff9b:1::1] "
        "[2001::1] [2001:0:5ef5:79fd::1] [100::1] [4000::1] [5f00::1] [::2]",
    }
)

PUBLIC = words(
    {
        "IPv4": "1.1.1.1 8.8.8.8 93.184.216.34 223.255.255.255",
        "beside a private network": "100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 "
        "169.253.0.1 192.0.1.1 198.17.0.1",
        "IPv6": "2606:4700::1111 2a00:1450:4001::1 2001:4860:4860::8888",
        "IPv4 in IPv6": "64:ff9b::808:808 2002:808:808::1 ::ffff:8.8.8.8",
    }
)

SPELLINGS = words(
    {
        "decimal": "2130706433 2852039166 0 %32130706433",
        "hexadecimal": "0x7f000001 0x7f.0.0.1 127.0.0.0x1 0xA9FEA9FE a.b.0x",
        "octal": "017700000001 0177.0.0.1 0251.0376.0251.0376 127.000.000.001",
        "short": "127.1 127.0.1",
        "long": "1.2.3.4.5 127.0.0.1.2",
        "no address": "256.1.1.1 news.example.1",
    }
)

MALFORMED = words(
    {
        "another scheme": "ftp://example.org/ file:///etc/passwd gopher://example.org/ "
        "javascript:alert(1) data:text/html,x jar:http://example.org!/ ws://example.org/",
        "no scheme": "//example.org/ example.org /etc/passwd",
        "no slashes": "http:example.org http:/example.org HTTPS:example.org",
        "no host": "http:///example.org http:// http://:80/ http://?x",
        "brackets": "http://[::1 http://[::g]/ http://[127.0.0.1]/ http://[]/",
        "a login": "http://user@example.org/ http://user:secret@example.org/ "
        "http://@example.org/ http://:@example.org/ http://127.0.0.1%2523@example.org/ "
        "http://example.org@127.0.0.1/ http://example.org:80@127.0.0.1/",
        "a backslash": "http://example.org\\@127.0.0.1/ http://127.0.0.1\\.example.org/ "
        "http:\\\\127.0.0.1/",
        "a port": "http://example.org:0/ http://example.org:99999/ http://example.org:x/ "
        "http://example.org:-1/",
        "no name": "http://exa%20mple.org/ http://example..org/ http://.example.org/ "
        "http://-example.org/ http://example.org../ http://exa$mple.org/ http://*.example.org/ "
        "http://exa%2fmple.org/ http://example.org%00.evil.example/",
        "look-alikes": "http://１２７.0.0.1/ http://127。0。0。1/ http://①②⑦.0.0.1/ "
        "http://ⓔxample.org/",
    }
)

WITH_CONTROLS = [
    "http://example.org/\r\nHost: 127.0.0.1",
    "http://example.org/\n",
    "\thttp://example.org/",
    "http://exam\tple.org/",
    "http://example.org/\x00",
    "http://example.org/\x7f",
    "http://example.org/\x9b31m",
    "http://example.org/\u2028",
    "http://" + "a" * 64 + ".example.org/",
    "http://" + "a." * 130 + "example.org/",
    "http://example.org/" + "a" * 9000,
    "http://\ud800.example.org/",
    "",
    " ",
]


@pytest.mark.parametrize(("host", "kind"), PRIVATE)
def test_addresses_that_are_not_public(host: str, kind: str) -> None:
    with pytest.raises(FetchError, match=rf"an? {kind}.* address.*, which is not fetched"):
        fetch(f"http://{host}/", CLOSED)


@pytest.mark.parametrize(("host", "kind"), PRIVATE)
def test_the_same_addresses_behind_a_name(host: str, kind: str) -> None:
    address = host.strip("[]").replace("%25", "%")

    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, 80))]

    policy = Policy(resolve=resolve, connect=no_network)  # type: ignore[arg-type]
    with pytest.raises(FetchError, match=rf"an? {kind}.* address \("):
        fetch("http://news.example.org/", policy)


@pytest.mark.parametrize(("address", "_kind"), PUBLIC)
def test_addresses_that_are_public(address: str, _kind: str) -> None:
    assert kind_of_address(address) == ""


@given(st.ip_addresses())
def test_no_address_passes_that_python_knows_as_private(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    refused = address.is_private or address.is_multicast or address.is_reserved
    translated = address.version == 6 and address in ipaddress.ip_network("64:ff9b::/96")
    if refused and not translated and getattr(address, "ipv4_mapped", None) is None:
        assert kind_of_address(str(address))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:{}", "64:ff9b::{}", "::ffff:0:{}"]))
def test_an_embedded_address_is_judged_as_itself(
    address: ipaddress.IPv4Address, shape: str
) -> None:
    assert kind_of_address(shape.format(address)) == kind_of_address(str(address))


@pytest.mark.parametrize(("host", "_kind"), SPELLINGS)
@pytest.mark.parametrize("allow_private", [False, True])
def test_addresses_in_disguise(host: str, _kind: str, *, allow_private: bool) -> None:
    policy = Policy(resolve=no_network, connect=no_network, allow_private=allow_private)  # type: ignore[arg-type]
    with pytest.raises(FetchError, match="number that is no plain IPv4 address"):
        fetch(f"http://{host}/", policy)


@pytest.mark.parametrize("url", [url for url, _ in MALFORMED] + WITH_CONTROLS)
def test_what_is_no_plain_http_url(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(url, CLOSED)
    assert "secret" not in str(caught.value)
    assert str(caught.value).isprintable()
    assert caught.value.hint


@pytest.mark.parametrize(
    ("url", "host", "port", "authority"),
    [
        ("http://Example.ORG", "example.org", 80, "example.org"),
        ("https://example.org:443/", "example.org", 443, "example.org"),
        ("http://example.org:443/", "example.org", 443, "example.org:443"),
        ("http://example.org./", "example.org", 80, "example.org"),
        ("http://[2606:4700:0::1111]:8080/", "2606:4700::1111", 8080, "[2606:4700::1111]:8080"),
        ("http://%65xample.org/", "example.org", 80, "example.org"),
        ("http://b_c.example.org/", "b_c.example.org", 80, "b_c.example.org"),
        ("http://عربي.example.org/", "xn--ngbrx4e.example.org", 80, "xn--ngbrx4e.example.org"),
        (" http://1.1.1.1/ ", "1.1.1.1", 80, "1.1.1.1"),
    ],
)
def test_hosts_that_are_read(url: str, host: str, port: int, authority: str) -> None:
    target = read_target(url)
    assert (target.host, target.port, target.authority) == (host, port, authority)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://example.org", "/"),
        ("http://example.org?a=b", "/?a=b"),
        ("http://example.org/a b/ü?q=ñ#x", "/a%20b/%C3%BC?q=%C3%B1"),
        ("http://example.org/a%2Fb/../c", "/c"),
        ("http://example.org/#a", "/"),
    ],
)
def test_what_is_asked_for(url: str, asked: str) -> None:
    assert read_target(url).asked == asked


@given(st.text(max_size=60) | st.text("htps:/@[]\\.%0x127#?é ", max_size=40).map("http://".__add__))
def test_any_text_is_a_plain_target_or_refused(text: str) -> None:
    assert shown(text).isprintable()
    with contextlib.suppress(FetchError):
        target = read_target(text)
        assert target.scheme in {"http", "https"}
        assert target.host.isascii()
        assert target.asked.startswith("/")
        assert not any(c.isspace() for c in target.url)
        assert read_target(target.url) == target


@given(st.text(max_size=60))
def test_any_location_is_judged(location: str) -> None:
    with contextlib.suppress(FetchError):
        read_target(redirected(read_target("https://news.example.org/a/b#c"), location))


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/x", "https://news.example.org/x#c"),
        ("x#d", "https://news.example.org/a/x#d"),
        ("//other.example.org/", "https://other.example.org/#c"),
        ("http://[", "http://["),
    ],
)
def test_where_a_location_leads(location: str, url: str) -> None:
    assert redirected(read_target("https://news.example.org/a/b#c"), location) == url


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("https://user:secret@example.org/a", "https://***@example.org/a"),
        ("https:\\\\user:secret@example.org/a", "https://***@example.org/a"),
        ("//user:secret@example.org/", "//***@example.org/"),
        ("https://a@b:secret@example.org/", "https://***@example.org/"),
        ("https://example.org/?a=1&token=secret&b=2", "https://example.org/?a=1&token=***&b=2"),
        ("https://example.org/?api_key=secret", "https://example.org/?api_key=***"),
        ("https://example.org/?accesskey=secret", "https://example.org/?accesskey=***"),
        ("https://example.org/?keyword=sea&monkey=1", "https://example.org/?keyword=sea&monkey=1"),
        ("feed:https://user:secret@example.org/", "feed:https://***@example.org/"),
        ("user:secret@example.org/a", "***@example.org/a"),
        ("mailto:someone@example.org", "mailto:someone@example.org"),
        ("example.org:8080/@name", "example.org:8080/@name"),
        ("https://example.org/@name?key2=x", "https://example.org/@name?key2=x"),
        ("https://example.org/\x1b[31m\u202e", "https://example.org/�[31m�"),
        ("https://example.org/" + "a" * 300, "https://example.org/" + "a" * 179 + "…"),
    ],
)
def test_urls_are_shown_without_their_secrets(url: str, printed: str) -> None:
    assert shown(url) == printed
