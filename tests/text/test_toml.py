"""TOML that means harm is no TOML, and is told so at once."""

from __future__ import annotations

import pytest

from digest.text.toml import read_toml
from tests.review.whole import not_for_ever


@pytest.mark.parametrize(
    "text",
    [
        f"[{'.'.join(['a'] * 50_000)}]",
        f"{'.'.join(['a'] * 50_000)} = 1",
        "[" + " . ".join(['"a b"'] * 50_000) + "]",
        f"x = {{ {'.'.join(['a'] * 50_000)} = 1 }}",
        "x = " + "[" * 100_000,
    ],
)
def test_what_is_nested_without_end_is_refused(text: str) -> None:
    with not_for_ever(10), pytest.raises(RecursionError):
        read_toml(text)


@pytest.mark.parametrize("text", ["= =", f"x = {'1' * 5_000}", f"{'a' * 500_000}", '"' * 99_999])
def test_what_is_no_toml_is_a_value_error(text: str) -> None:
    with not_for_ever(10), pytest.raises(ValueError, match=r".+"):
        read_toml(text)


def test_an_address_of_many_parts_is_a_text() -> None:
    address = f"https://{'.'.join('abcdefghijklmnop')}.example.org/a.b.c"
    assert read_toml(f'[a."b.c".d]\nurl = "{address}"') == {"a": {"b.c": {"d": {"url": address}}}}
