"""`digest recipients`: what it says of a list, and that it does all that is asked or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Digest
from tests.cli.test_send import SEND
from tests.send.servers import Inbox


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ann@example.org\n", "1 recipient. It is utf-8; it has no fields but the address."),
        ("email\nann@example.org\n", "1 recipient. It is utf-8; it has no fields but the address."),
        (
            "email;city\nann@example.org;Bath\nANN@example.org;Bath\nben;York\ncat@example.org;\n",
            (
                "2 recipients, 1 row that names one of them again, 1 bad row. "
                "It is utf-8; its fields, parted by ';': city."
            ),
        ),
    ],
)
def test_what_is_in_a_list(post: Digest, text: str, told: str) -> None:
    Path("some.csv").write_text(text)
    said = post("recipients", "check", "some.csv")
    assert said.status == (1 if "bad" in told else 0)
    assert said.out.splitlines()[0] == f"some.csv: {told}"


def test_a_word_that_is_no_address_suppresses_nobody(post: Digest) -> None:
    said = post("recipients", "suppress", "ann@example.org", "nobody")
    assert said.status == 2
    assert "“nobody” is not an address" in said.err
    assert "1 person more" in post("recipients", "suppress", "ann@example.org").out


def test_who_is_forgotten_may_stand_in_another_list(post: Digest, inbox: Inbox) -> None:
    assert post(*SEND, "--yes").status == 0
    forget = ("recipients", "forget", "ann@example.org")
    assert "readers.csv was sent to once: look there too, by --list." in post(*forget).err
    said = post(*forget, "--list", "readers.csv", "--yes")
    assert (said.status, said.err) == (0, "")
    assert "ann@" not in Path("readers.csv").read_text("utf-8")
