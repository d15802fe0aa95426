"""Tokens and references: what reads, what is refused, and what they give away."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SendError
from digest.send import Keyring, Reference, unsubscribe_url

OLD = ("a", "an-old-key-of-more-than-32-characters")
NEW = ("b2", "a-new-key-of-more-than-32-characters!")
SAFE = string.ascii_letters + string.digits + "-_"

addresses = st.builds(
    "{}@{}.example.org".format,
    st.text(string.ascii_letters + string.digits + "é漢.+-", min_size=1, max_size=30),
    st.text(string.ascii_letters + string.digits, min_size=1, max_size=20),
)
names = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=4)
keys = st.text(SAFE, min_size=32, max_size=80)


@given(addresses, names, keys)
def test_what_was_signed_reads_and_fits_a_link(address: str, name: str, key: str) -> None:
    keyring = Keyring([(name, key)])
    token = keyring.token(address)
    assert keyring.read(token) == keyring.reference(address)
    assert len(token) <= 45
    assert set(token) <= set(SAFE + ".")
    assert token[-1].isalnum()


@given(addresses, st.data())
def test_any_changed_character_is_refused(address: str, data: st.DataObject) -> None:
    keyring = Keyring([NEW, OLD])
    token = keyring.token(address)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(exclude_characters=token[at]))
    assert keyring.read(token[:at] + other + token[at + 1 :]) is None


@given(addresses, st.data())
def test_what_was_cut_or_grew_is_refused(address: str, data: st.DataObject) -> None:
    keyring = Keyring([NEW])
    token = keyring.token(address)
    at = data.draw(st.integers(0, len(token)))
    assert keyring.read(token[: min(at, len(token) - 1)]) is None
    assert keyring.read(token[at:] if at else "") is None
    more = data.draw(st.text(min_size=1, max_size=5))
    assert keyring.read(token[:at] + more + token[at:]) is None


@given(st.text(max_size=60))
def test_no_text_of_a_stranger_reads(text: str) -> None:
    assert Keyring([NEW]).read(text) is None
    assert Keyring([NEW]).read(f"{text}.b2") is None


@given(addresses)
def test_another_key_refuses_and_an_old_one_still_reads(address: str) -> None:
    token = Keyring([OLD]).token(address)
    both = Keyring([NEW, OLD])
    assert both.read(token) == Keyring([OLD]).reference(address) == both.reference(address, "a")
    assert both.token(address) != token
    assert Keyring([NEW]).read(token) is None
    assert Keyring([(OLD[0], NEW[1])]).read(token) is None
    assert Keyring([]).read(token) is None


@given(addresses)
def test_one_address_however_it_is_written_is_one_reference(address: str) -> None:
    keyring = Keyring([NEW])
    assert keyring.reference(address.upper().lower()) == keyring.reference(address.lower())
    assert keyring.reference(address) != keyring.reference(f"x{address}")


def test_references_stay_what_they_were() -> None:
    """Whoever left before an update must stay left after it: these bytes may never change."""
    keyring = Keyring([NEW, OLD])
    assert keyring.reference("Ann@Example.org") == Reference(
        "b2", bytes.fromhex("89e2a394f698b278f476245d6964b690")
    )
    assert keyring.reference("ann@example.org", "a") == Reference(
        "a", bytes.fromhex("10bf3eb747b8d9a9f9c51281bb6f0582")
    )
    assert keyring.token("ann@example.org") == "ieKjlPaYsnj0diRdaWS2kHg9tdvfJZ8lVnoTj4ly.b2"


def test_a_token_holds_no_address() -> None:
    import base64

    token = Keyring([NEW]).token("ann.of.the.harbor@example.org")
    raw = base64.urlsafe_b64decode(token.rpartition(".")[0])
    for part in ("ann", "harbor", "example"):
        assert part not in token.lower()
        assert part.encode() not in raw.lower()


def test_a_keyring_shows_no_key() -> None:
    keyring = Keyring([NEW, OLD])
    assert keyring
    assert not Keyring([])
    assert keyring.key_ids == ("b2", "a")
    assert not any(
        key in text for key in (NEW[1], OLD[1]) for text in (repr(keyring), f"{keyring}")
    )


@pytest.mark.parametrize(
    ("keyring", "name", "what"),
    [
        (Keyring([]), None, r"no key for unsubscribe links.*DIGEST_SECRET"),
        (Keyring([NEW]), "a", r"DIGEST_SECRET holds no key 'a'"),
        (Keyring([]), "a", r"DIGEST_SECRET holds no key 'a'"),
    ],
)
def test_a_key_that_is_not_there_is_named(keyring: Keyring, name: str | None, what: str) -> None:
    with pytest.raises(SendError, match=what) as caught:
        keyring.reference("ann@example.org", name)
    assert NEW[1] not in str(caught.value)


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://example.org/leave", "https://example.org/leave?t=T.a"),
        ("https://example.org/leave?list=1", "https://example.org/leave?list=1&t=T.a"),
        ("https://example.org/leave?", "https://example.org/leave?t=T.a"),
        ("https://example.org/leave?list=1&", "https://example.org/leave?list=1&t=T.a"),
        ("https://example.org/leave#down", "https://example.org/leave?t=T.a#down"),
        ("https://example.org/leave/{token}", "https://example.org/leave/T.a"),
        ("https://example.org/?leave={token}&n=1", "https://example.org/?leave=T.a&n=1"),
        ("mailto:leave@example.org?subject=leave", "mailto:leave@example.org?subject=leave"),
        ("mailto:leave+{token}@example.org", "mailto:leave+T.a@example.org"),
    ],
)
def test_where_a_token_stands_in_a_link(base: str, url: str) -> None:
    assert unsubscribe_url(base, "T.a") == url
