"""Which addresses are taken, in which form, and that the quick way agrees with the library."""

from __future__ import annotations

import email_validator
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.send import same
from digest.send.address import is_plain, needs_smtputf8, normalized, read_address


def by_the_library(written: str) -> str | None:
    """The address as email-validator has it, None where it has none."""
    try:
        found = validate_email(written, check_deliverability=False)
    except EmailNotValidError:
        return None
    return f"{found.local_part}@{found.ascii_domain}"


def ours(written: str) -> str | None:
    try:
        return normalized(written)
    except ValueError:
        return None


SPECIAL = [f"ann@mail.{name}" for name in email_validator.SPECIAL_USE_DOMAIN_NAMES]
ROLES = [f"{name.title()}@Example.org"
         for name in email_validator.rfc_constants.CASE_INSENSITIVE_MAILBOX_NAMES]  # fmt: skip
EDGES = [
    "ann@example.org", "Ann.Lane@Mail.Example.COM", "a'b+c_d-e@example.org", "-@example.org",
    ".a@example.org", "a.@example.org", "a..b@example.org", "a@.example.org", "a@example..org",
    "a@example.org.", "a@-example.org", "a@example-.org", "a@ex--ample.org", "a@ab--c.org",
    "a@xn--bcher-kva.example", "a@xn--zzzz.example", "a@example.xn--p1ai", "a@1.2.3.4",
    "a@1.example", "a@example.c0m", "a@example.o", "a@example.LOCAL", "a@local.example",
    "a@notlocal", "a@mail.notlocal", "a@localhost.example", "\u212aen@example.org",
    "ken@example.or\u212a", "\u0130a@example.org", "a@example.org\n", "a@example.org ", "a@b@c.org",
    f"{'a' * 64}@example.org", f"a@{'b' * 63}.example", f"a@{'b' * 64}.example",
    f"a@{'.'.join(['b' * 50] * 4)}.example", f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.org",
    f"{'a' * 64}@{'.'.join(['b' * 25 + '-' + 'c' * 14 + '-' + 'd' * 14] * 3)}.{'e' * 18}",
]  # fmt: skip


@pytest.mark.parametrize("written", [*EDGES, *SPECIAL, *ROLES])
def test_the_quick_way_is_the_library_s(written: str) -> None:
    assert ours(written) == by_the_library(written)


def test_the_library_alone_decides_what_is_too_long_before_the_at() -> None:
    assert ours(f"{'a' * 65}@example.org") is None  # RFC 5321, 4.5.3.1.1


@given(
    st.one_of(
        st.from_regex(
            r"[A-Za-z0-9._+'-]{1,70}@[A-Za-z0-9.-]{1,70}\.[A-Za-z]{1,20}", fullmatch=True
        ),
        st.from_regex(
            r"([a-c.]|\u212a|\u017f|ü){1,5}@(([a-cX-Z]{1,3}|--?|\.)){1,9}\.(local|Test|org|ſt)"
        ),
        st.emails(),
    )
)
@example("a@a.b.c.d.e.org")
@settings(max_examples=600, deadline=None)
def test_nothing_is_taken_that_the_library_refuses(written: str) -> None:
    found, theirs = ours(written), by_the_library(written)
    assert found in {theirs, None}
    if found is None:  # what is refused beyond: length, encoded words, quotes
        local = (theirs or "").rpartition("@")[0]
        assert theirs is None or len(local.encode()) > 64 or "=?" in theirs


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("ü@example.org", "ü@example.org"),
        ("u\u0308@example.org", "ü@example.org"),
        ("用户@例え.example", "用户@xn--r8jz45g.example"),
        ("Üna <üna@Müller.example>", "üna@xn--mller-kva.example"),
        ("ann@müller.example", "ann@xn--mller-kva.example"),
    ],
)
def test_an_address_of_another_script(written: str, address: str) -> None:
    assert read_address(written)[1] == address
    assert needs_smtputf8(address) is not address.isascii()
    assert is_plain(address) is address.isascii()


@pytest.mark.parametrize(
    "written",
    ["ü\u200b@example.org", "ü\u202e@example.org", "ü\u00ad@example.org", "ü @example.org",
     "ü\ud800@example.org", "=?utf-8?q?ü?=@example.org", f"{'ü' * 33}@example.org", "\u0308@x.org",
     "ü\u2028@example.org", '"ü"@example.org', "ü<@example.org"],
)  # fmt: skip
def test_what_no_header_can_carry_is_refused_in_any_script(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_address(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann@müller.example", "ann@xn--mller-kva.example"),
        ("Ann@MÜLLER.example", "ann@XN--MLLER-KVA.Example"),
        ("ÜNA@example.org", "u\u0308na@Example.ORG"),
        ("ann@例え。example", "ann@xn--r8jz45g.example"),
        ("Info@example.org", "info@example.org"),
        ("ΝΊΚΟΣ@example.org", "νίκος@example.org"),
        ("STRAẞE@example.org", "straße@example.org"),
    ],
)
def test_two_ways_to_write_one_address(one: str, other: str) -> None:
    assert same(one) == same(other)


def test_two_people_are_two() -> None:
    addresses = ["ann@example.org", "ann@example.com", "ann.@x", "än@example.org", "an@example.org",
                 "straße@example.org", "strasse@example.org", "ann@\u2028", "ann", ""]  # fmt: skip
    assert len({same(address) for address in addresses}) == len(addresses)


@given(st.emails() | st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_the_key_of_a_key_is_itself(written: str) -> None:
    assert same(same(written)) == same(written)
    address = ours(written)
    if address is not None:
        assert same(address) == same(written)
        assert normalized(address) == address
