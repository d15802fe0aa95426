"""`digest recipients forget`: one person and nobody else, however lists and reports are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Digest

UNA = "u\u0308na@Müller.example"
PLAIN = "üna@xn--mller-kva.example"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("written", [PLAIN, '"ÜNA@MÜLLER.example"', "Üna <üna@müller.example>"])
def test_whatever_a_list_is_written_in(post: Digest, encoding: str, end: str, written: str) -> None:
    rows = ("name,address", "Ann,joanna@example.org", f'"Lane, Una",{written}', "é,na@example.org")
    Path("recipients.csv").write_bytes(end.join((*rows, "")).encode(encoding))
    said = post("recipients", "forget", UNA, "--list", "recipients.csv", "--yes")
    assert said.status == 0, said.err
    kept = end.join((rows[0], rows[1], rows[3], ""))
    assert Path("recipients.csv").read_bytes() == kept.encode(encoding)
    assert said.err == ""


def test_whose_address_ends_alike_stays_and_is_not_taken_for_them(post: Digest) -> None:
    Path("recipients.csv").write_text("joann@example.org\nann@example.org\n# ann@example.org.uk\n")
    reports = Path("var/reports")
    reports.mkdir(parents=True)
    report = (
        b"where,what\nline 1,joann@example.org bounced\nline 2,\xe9 \x93ANN@example.org\x94\n"
        b"line 3,<ann@example.org>.\nline 4,ann@example.org.uk\n"
    )
    (reports / "2026-W47 rows.csv").write_bytes(report)
    said = post("recipients", "forget", "ann@example.org", "--list", "recipients.csv", "--yes")
    assert (said.status, said.err) == (0, "")
    assert Path("recipients.csv").read_text() == "joann@example.org\n# ann@example.org.uk\n"
    left = (reports / "2026-W47 rows.csv").read_bytes().splitlines()
    assert [line[:6] for line in left] == [b"where,", b"line 1", b"line 4"]
