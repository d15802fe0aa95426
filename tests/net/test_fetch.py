"""The guarded fetch against a real server on loopback: what it gives, and what it refuses."""

from __future__ import annotations

import socket
import threading

import pytest

from digest.errors import FetchError
from digest.net import Fetched, Policy, fetch, user_agent
from tests.net.loopback import PUBLIC, Loopback, client_tls, server_tls
from tests.servers import ETAG, LAST_MODIFIED, PAGE, FaultServer

NEWS = "http://news.example.org"


def refused(net: Loopback, path: str, **changes: object) -> FetchError:
    """The error of fetching a path (or a whole URL): one sentence with a hint, no control code."""
    url = NEWS + path if path.startswith("/") else path
    with pytest.raises(FetchError) as caught:
        fetch(url, net.policy(**changes))
    error = caught.value
    assert error.what.endswith(".")
    assert error.hint
    assert str(error).isprintable()
    assert error.__cause__ is None
    return error


# What comes back


def test_a_page_with_what_its_headers_say(net: Loopback) -> None:
    assert fetch(f"{NEWS}/ok", net.policy()) == Fetched(
        url=f"{NEWS}/ok",
        status=200,
        content_type="text/html; charset=utf-8",
        charset="utf-8",
        body=PAGE,
        etag=ETAG,
        last_modified=LAST_MODIFIED,
    )


def test_the_question_names_host_program_and_codings(net: Loopback) -> None:
    fetch(f"{NEWS}/ok?a=1#part", net.policy(user_agent="digest/1 (+https://example.org/)"))
    (asked,) = net.server.asked
    assert asked.path == "/ok?a=1"
    assert asked.headers["host"] == "news.example.org"
    assert asked.headers["user-agent"] == "digest/1 (+https://example.org/)"
    assert asked.headers["accept-encoding"] == "gzip, deflate"
    assert "if-none-match" not in asked.headers


@pytest.mark.parametrize(
    "path",
    ["/ok", "/gzip", "/gzip-members", "/deflate", "/deflate-raw", "/not-modified"],
)
def test_bodies_arrive_inflated(net: Loopback, path: str) -> None:
    assert fetch(NEWS + path, net.policy()).body == PAGE


def test_chunks_are_joined(net: Loopback) -> None:
    assert fetch(f"{NEWS}/chunked", net.policy()).body == b"ferry"


def test_a_wrong_charset_is_handed_on_as_a_hint(net: Loopback) -> None:
    fetched = fetch(f"{NEWS}/wrong-charset", net.policy())
    assert fetched.charset == "iso-8859-1"
    assert fetched.body.decode() == "Ærøskøbing"


@pytest.mark.parametrize(
    ("known", "header"),
    [((ETAG, ""), "if-none-match"), (("", LAST_MODIFIED), "if-modified-since")],
)
def test_what_has_not_changed_is_not_sent(
    net: Loopback, known: tuple[str, str], header: str
) -> None:
    etag, modified = known
    fetched = fetch(f"{NEWS}/not-modified", net.policy(), etag=etag, last_modified=modified)
    assert fetched.not_modified
    assert fetched.body == b""
    assert fetched.etag == ETAG
    assert net.server.asked[0].headers[header] in {ETAG, LAST_MODIFIED}


def test_a_304_that_nobody_asked_for_is_an_error(net: Loopback) -> None:
    assert "304 Not Modified" in refused(net, "/status/304").what


@pytest.mark.parametrize("etag", ['"a"\r\nX-Evil: 1', '"\u2603"'])
def test_a_validator_that_no_header_can_hold_is_not_sent(net: Loopback, etag: str) -> None:
    fetch(f"{NEWS}/ok", net.policy(), etag=etag)
    assert not {"if-none-match", "x-evil"} & set(net.server.asked[0].headers)


def test_headers_that_hold_escapes_are_not_handed_on(net: Loopback) -> None:
    assert fetch(f"{NEWS}/terminal", net.policy()).etag == ""


def test_a_name_in_another_script_is_asked_for_in_punycode(net: Loopback) -> None:
    fetched = fetch("http://Bücher.example.org/ok?q=ü", net.policy())
    assert fetched.url == "http://xn--bcher-kva.example.org/ok?q=%C3%BC"
    assert net.looked_up == ["xn--bcher-kva.example.org"]


# Addresses


def test_the_vetted_address_is_the_one_that_is_dialed(net: Loopback) -> None:
    """The name is looked up once: a second answer could be another one (DNS rebinding)."""
    fetch(f"{NEWS}/ok", net.policy())
    assert net.looked_up == ["news.example.org"]
    assert net.dialed == [PUBLIC]


def test_the_next_address_is_tried_where_one_is_dead(net: Loopback) -> None:
    fetch("http://six.example.org/ok", net.policy())
    assert net.dialed == ["2606:2800:220:1::1", PUBLIC]


@pytest.mark.parametrize(
    "url",
    [
        "http://inside.example.org/",
        "http://mixed.example.org/",
        "http://127.0.0.1/",
        "http://[::1]/",
    ],
)
def test_private_addresses_are_never_dialed(net: Loopback, url: str) -> None:
    error = refused(net, url)
    assert "which is not fetched" in error.what
    assert "DIGEST_ALLOW_PRIVATE" in error.hint
    assert net.dialed == []


def test_private_addresses_are_dialed_where_allowed(net: Loopback) -> None:
    fetch("http://inside.example.org/ok", net.policy(allow_private=True))
    assert net.dialed == ["10.0.0.1"]


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "http://meta.example.org/"])
def test_credentials_of_a_machine_stay_closed_even_then(net: Loopback, url: str) -> None:
    assert "metadata" in refused(net, url, allow_private=True).what
    assert net.dialed == []


def test_the_shipped_policy_reaches_loopback_only_when_allowed(running: FaultServer) -> None:
    """The same through the system's own resolver and sockets."""
    url = running.url("/ok")
    assert fetch(url, Policy(allow_private=True)).body == PAGE
    for refusal in (url, url.replace("127.0.0.1", "localhost")):
        with pytest.raises(FetchError, match="loopback"):
            fetch(refusal, Policy())


# Redirects


def test_redirects_lead_to_the_page(net: Loopback) -> None:
    fetched = fetch(f"{NEWS}/redirect/chain/5#part", net.policy())
    assert (fetched.url, fetched.body) == (f"{NEWS}/ok#part", PAGE)
    assert net.looked_up == ["news.example.org"] * 6


def test_one_redirect_too_many(net: Loopback) -> None:
    assert "redirects more than 5 times" in refused(net, "/redirect/chain/6").what


@pytest.mark.parametrize("path", ["/redirect/loop", "/redirect/self"])
def test_a_loop_is_named(net: Loopback, path: str) -> None:
    assert f"{NEWS}{path} redirects in a loop" in refused(net, path).what


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/redirect/private", "10.0.0.1/inside lies at a private address"),
        ("/redirect/metadata", "a metadata address"),
        ("/redirect/inside", "inside.example.org/ lies at a private address (10.0.0.1)"),
        ("/redirect/decimal", "names its host by a number"),
        ("/redirect/file", "file:///etc/passwd does not begin with http:// or https://"),
        ("/redirect/login", "http://***@news.example.org/ok holds a user or a password"),
    ],
)
def test_each_redirect_is_vetted_again(net: Loopback, path: str, said: str) -> None:
    error = refused(net, path)
    assert error.what.startswith(f"{NEWS}{path} redirects, and ")
    assert said in error.what
    assert "secret" not in str(error)
    assert net.dialed == [PUBLIC]


def test_a_redirect_to_nowhere(net: Loopback) -> None:
    assert "does not say where to" in refused(net, "/redirect/nowhere").what


def test_a_location_in_utf8_is_understood(net: Loopback) -> None:
    error = refused(net, "/redirect/letters")
    assert f"{NEWS}/%C3%A6 answered 404" in error.what


# Answers that are errors


@pytest.mark.parametrize(
    ("path", "said", "hint"),
    [
        ("/status/400", "400 Bad Request", "browser"),
        ("/status/401", "401 Unauthorized", "login"),
        ("/status/403", "403 Forbidden", "DIGEST_CONTACT"),
        ("/status/404", "404 Not Found", "Check the address."),
        ("/status/410", "410 Gone", "take it from the sources"),
        ("/status/429", "429 Too Many Requests", "less often"),
        ("/status/500", "500 Internal Server Error", "later"),
        ("/status/599", "answered 599.", "later"),
        ("/status/300", "300 Multiple Choices", "browser"),
        ("/too-many", "429 Too Many Requests", "Retry-After 120"),
        ("/unavailable", "503 Service Unavailable", "Retry-After [31mFri"),
        ("/part", "sends only a part", "publisher"),
    ],
)
def test_errors_give_their_words_and_what_helps(
    net: Loopback, path: str, said: str, hint: str
) -> None:
    error = refused(net, path)
    assert f"{NEWS}{path}" in error.what
    assert said in error.what
    assert hint in error.hint


# Time


@pytest.mark.parametrize("path", ["/silent", "/drip", "/drip-head"])
def test_time_is_for_the_whole_fetch(net: Loopback, path: str) -> None:
    """A server that drips answers every single wait in time, and none of them ends it."""
    assert "within 0.3 s" in refused(net, path, timeout_s=0.3).what


def test_a_name_server_that_is_silent(net: Loopback) -> None:
    done = threading.Event()

    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        done.wait()
        return []

    try:
        assert "within 0.1 s" in refused(net, "/ok", resolve=resolve, timeout_s=0.1).what
    finally:
        done.set()


# Size


@pytest.mark.parametrize("path", ["/bomb", "/huge", "/lying-length"])
def test_no_body_is_larger_than_allowed(net: Loopback, path: str) -> None:
    assert "sends more than 1 MB" in refused(net, path, max_bytes=1 << 20).what


def test_a_body_of_exactly_the_bound_arrives(net: Loopback) -> None:
    assert fetch(f"{NEWS}/gzip", net.policy(max_bytes=len(PAGE) + 20)).body == PAGE
    assert fetch(f"{NEWS}/ok", net.policy(max_bytes=len(PAGE))).body == PAGE
    refused(net, "/ok", max_bytes=len(PAGE) - 1)
    refused(net, "/deflate-raw", max_bytes=len(PAGE) - 1)


# Bodies and answers that are not what they say


@pytest.mark.parametrize("path", ["/cut", "/chunked-cut", "/gzip-cut"])
def test_a_body_that_is_cut(net: Loopback, path: str) -> None:
    assert "broke off" in refused(net, path).what


def test_a_length_that_lies(net: Loopback) -> None:
    assert "broke off" in refused(net, "/lying-length", max_bytes=1 << 41).what


@pytest.mark.parametrize("path", ["/coding-unknown", "/coding-twice", "/gzip-not"])
def test_a_coding_that_cannot_be_read(net: Loopback, path: str) -> None:
    assert "Content-Encoding: " in refused(net, path).what


@pytest.mark.parametrize("path", ["/gibberish", "/two-lengths", "/endless-header"])
def test_what_is_no_http(net: Loopback, path: str) -> None:
    assert "does not answer in HTTP" in refused(net, path).what


def test_a_connection_that_is_closed(net: Loopback) -> None:
    assert "closed the connection" in refused(net, "/hang-up").what


# The network itself


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://nowhere.example.org/", "there is no host nowhere.example.org"),
        ("http://empty.example.org/", "there is no host empty.example.org"),
        ("http://odd.example.org/", "there is no host odd.example.org"),
    ],
)
def test_names_that_lead_nowhere(net: Loopback, url: str, said: str) -> None:
    assert said in refused(net, url).what


def test_a_network_that_is_down(net: Loopback) -> None:
    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    error = refused(net, "/ok", resolve=resolve)
    assert "no name server" in error.what
    assert "connection" in error.hint
    net.names["news.example.org"] = ("2606:2800:220:1::1",)
    assert "cannot be reached: Network is unreachable" in refused(net, "/ok").what


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(FetchError, match="refused the connection"):
            fetch(url, Policy(allow_private=True))


# TLS


def test_certificates_are_checked_against_the_name() -> None:
    """The connection goes to an address, and TLS still asks for the name."""
    with FaultServer(tls=server_tls()) as server:
        net = Loopback(server)
        trusted = net.policy(tls=client_tls())
        assert fetch("https://news.example.org/ok", trusted).body == PAGE
        with pytest.raises(FetchError, match=r"cannot be trusted: .*other\.example\.org"):
            fetch("https://other.example.org/ok", trusted)
        with pytest.raises(FetchError, match="cannot be trusted: self-signed certificate"):
            fetch("https://news.example.org/ok", net.policy())


def test_https_where_the_server_speaks_http(net: Loopback) -> None:
    error = refused(net, "https://news.example.org/ok")
    assert "encrypted connection" in error.what
    assert "http:" in error.hint


def test_an_https_handshake_ends_in_time(net: Loopback) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:

        def connect(_: object, seconds: float) -> socket.socket:
            return socket.create_connection(deaf.getsockname(), seconds)

        url = "https://news.example.org/"
        assert "within 0.2 s" in refused(net, url, connect=connect, timeout_s=0.2).what


# Who asks


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("", "digest/1.0"),
        ("editor@example.org", "digest/1.0 (+editor@example.org)"),
        ("https://example.org/ (us)\r\nX: 1", "digest/1.0 (+https://example.org/ usX: 1)"),
        ("é", "digest/1.0"),
    ],
)
def test_user_agent(contact: str, agent: str) -> None:
    assert user_agent(contact, "1.0") == agent
