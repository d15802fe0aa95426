"""Lists of any length: what each row becomes, in order, whatever pieces the bytes come in."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import stat
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.errors import SendError
from digest.models import Failure, Recipient
from digest.send import RecipientRows, open_list, report_rows
from digest.send.lists import lines as the_lines
from digest.send.lists.bad_rows import BadRows
from digest.send.lists.lines import LONGEST


def opened(
    data: str | bytes, names: Sequence[tuple[str, str]] = (), shown: str = "list.csv"
) -> RecipientRows:
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    return open_list(io.BytesIO(raw), names=names, shown=shown)


def told(found: RecipientRows) -> list[object]:
    """Each recipient as (line, address, fields), each failure as where it stands."""
    return [
        (row.line, row.address, dict(row.fields)) if isinstance(row, Recipient) else row.where
        for row in found
    ]


ANN, BEN = (2, "ann@example.org", {"name": "Ann"}), (3, "ben@example.com", {"name": "Ben"})
TABLE = "email,name\nann@example.org,Ann\nben@example.com,Ben\n"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        (TABLE, ","),
        *((TABLE.replace(",", d), d) for d in "\t;|:"),
        (TABLE.replace("Ann", '"Ann"'), ","),
        ('"email","name"\n"ann@example.org","Ann"\n"ben@example.com","Ben"\n', ","),
        (TABLE.replace(",", " ; "), ";"),
        ("email;name\nann@example.org;Ann\nben@example.com;Ben\n", ";"),
        ("name|email\nAnn|ann@example.org\nBen|ben@example.com\n", "|"),
        ("name|email\r\nAnn|ann@example.org\r\nBen|ben@example.com\r\n", "|"),
        ("name\temail\rAnn\tann@example.org\rBen\tben@example.com", "\t"),
    ],
)
def test_two_rows_by_any_delimiter(text: str, delimiter: str) -> None:
    found = opened(text)
    assert told(found) == [ANN, BEN]
    assert (found.delimiter, found.rows, found.failed) == (delimiter, 2, 0)
    assert found.fields == ("name",)


@pytest.mark.parametrize("delimiter", ";~^")
def test_excel_names_the_delimiter_in_a_line_of_its_own(delimiter: str) -> None:
    text = f"sep={delimiter}\r\n{TABLE.replace(',', delimiter)}"
    first, second = ((line + 1, *rest) for line, *rest in (ANN, BEN))
    assert told(opened(text)) == [first, second]


def test_a_delimiter_inside_quotes_is_none() -> None:
    rows = "".join(f'"Lane, Ann, the {n}th, of, Bath";ann{n}@example.org\n' for n in range(4))
    found = opened(f"name;email\n{rows}")
    assert found.delimiter == ";"
    assert [r.fields["name"] for r in found if isinstance(r, Recipient)][3].endswith("of, Bath")


BYTES: list[tuple[bytes, str, list[object]]] = [
    ("email,name\nann@example.org,Zoë\n".encode(), "utf-8", [(2, "ann@example.org", "Zoë")]),
    ("email,name\nann@example.org,Zoë\n".encode("utf-8-sig"), "utf-8",
     [(2, "ann@example.org", "Zoë")]),
    ("email,name\nann@example.org,Zoë\n".encode("cp1252"), "cp1252",
     [(2, "ann@example.org", "Zoë")]),
    ("email,name\nann@example.org,Zoë\n".encode("utf-16"), "utf-16",
     [(2, "ann@example.org", "Zoë")]),
    ("email,name\nann@example.org,Zoë\n".encode("utf-16-be"), "utf-16-be",
     [(2, "ann@example.org", "Zoë")]),
    ("email,name\nann@example.org,Zoë\n".encode("utf-32"), "utf-32",
     [(2, "ann@example.org", "Zoë")]),
    # One line of another program's file in each.
    ("email,name\na@example.org,Zoë\nb@example.org,Zoë\n".encode() + b"c@example.org,Zo\xeb\n",
     "utf-8", [(2, "a@example.org", "Zoë"), (3, "b@example.org", "Zoë"), "list.csv, line 4"]),
    (b"email,name\na@example.org,Zo\xeb\nb@example.org,Zo\xeb\n" + "c@example.org,Zoë\n".encode(),
     "cp1252", [(2, "a@example.org", "Zoë"), (3, "b@example.org", "Zoë"), "list.csv, line 4"]),
    (b"email,name\na@example.org,\x80\nb@example.org,\x81\n", "cp1252",
     [(2, "a@example.org", "€"), "list.csv, line 3"]),
    ("email,name\na@example.org,Zoë\nb@example.org,".encode("utf-16") + b"\x00\xd8A\x00\n\x00",
     "utf-16", [(2, "a@example.org", "Zoë"), "list.csv, line 3"]),
    ("email,name\na@example.org,Zoë\nb@example.org,B".encode("utf-16") + b"x", "utf-16",
     [(2, "a@example.org", "Zoë"), "list.csv, line 3"]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "encoding", "rows"), BYTES)
def test_bytes_in_every_encoding_fail_by_line(
    data: bytes, encoding: str, rows: list[object]
) -> None:
    found = opened(data)
    seen = [(*r[:2], r[2]["name"]) if isinstance(r, tuple) else r for r in told(found)]
    assert seen == rows
    assert found.encoding == encoding
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    for failure in (row for row in opened(data) if isinstance(row, Failure)):
        assert "encoding" in failure.what
        assert failure.what.isprintable()


MULTILINE = [
    # Closed as CSV has it: one row of several lines, refused with all of them.
    ('email,name,note\na@example.org,Ann,"one\ntwo"\nb@example.org,Ben,x\n',
     ["list.csv, lines 2 to 3", "b@example.org"]),
    ('email,name,note\na@example.org,Ann,"one\n\n# two\nthree"\nb@example.org,Ben,x\n',
     ["list.csv, lines 2 to 5", "b@example.org"]),
    ('email,note,name\na@example.org,"or\nc@example.org\nor",Ann\nb@example.org,x,Ben\n',
     ["list.csv, lines 2 to 4", "b@example.org"]),
    # Not closed: it takes nobody with it.
    ('email,name\na@example.org,"Ann\nb@example.org,Ben\n', ["list.csv, line 2", "b@example.org"]),
    ('email,name\na@example.org,"Ann\nb@example.org,Ben\nc@example.org,"Cleo"\n',
     ["list.csv, line 2", "b@example.org", "c@example.org"]),
    ('email,name\na@example.org,"Ann\nb@example.org,Ben"\nc@example.org,Cleo\n',
     ["list.csv, line 2", "b@example.org", "c@example.org"]),
    ('"a@example.org\nb@example.org"\nc@example.org\n',
     ["list.csv, line 1", "list.csv, line 2", "c@example.org"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), MULTILINE)
@pytest.mark.parametrize("block", [64, 64 * 1024])
def test_quotes_that_span_lines(
    monkeypatch: pytest.MonkeyPatch, text: str, rows: list[str], block: int
) -> None:
    monkeypatch.setattr(the_lines, "BLOCK", block)
    found = opened(text)
    assert [r.address if isinstance(r, Recipient) else r.where for r in found] == rows
    assert found.rows == len(rows)


def test_a_row_of_many_lines_is_read_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(the_lines, "BLOCK", 64)
    before = "".join(f"r{n}@example.org,x\n" for n in range(300))
    note = "\n".join("a line of the note" for _ in range(30))
    found = opened(f'email,note\n{before}z@example.org,"{note}"\nlast@example.org,x\n')
    assert told(found)[300:] == [
        "list.csv, lines 302 to 331",
        (332, "last@example.org", {"note": "x"}),
    ]


NAMES = (("E-Mail", "address"), ("Vorname", "first_name"))


@pytest.mark.parametrize(
    ("header", "names", "fields"),
    [
        ("E-Mail,Vorname,Ort", NAMES, {"first_name": "A", "ort": "B"}),
        ("e-mail, VORNAME ,first name", NAMES, {"first_name": "A", "first_name_2": "B"}),
        ("Email,Vor-Name,Ort", NAMES, {"first_name": "A", "ort": "B"}),
        ("Kontakt,Name,Ort", (("kontakt", "address"),), {"name": "A", "ort": "B"}),
        ("email,mail,Ort", (("mail", "other"),), {"other": "A", "ort": "B"}),
        ("email,name,Ort", (("Stadt", "city"),), {"name": "A", "ort": "B"}),
        ("email,a%s,50 %", (), {"a_s": "A", "50": "B"}),
    ],
)
def test_columns_are_mapped_by_name(
    header: str, names: Sequence[tuple[str, str]], fields: dict[str, str]
) -> None:
    found = opened(f"{header}\nann@example.org,A,B\n", names)
    assert told(found) == [(2, "ann@example.org", fields)]


def test_a_lone_mapped_column_is_a_header() -> None:
    found = opened("Kontakt\nann@example.org\n", (("kontakt", "address"),))
    assert told(found) == [(2, "ann@example.org", {})]


def test_two_columns_for_one_field_are_refused() -> None:
    names = (("E-Mail", "address"), ("Privat", "address"))
    with pytest.raises(SendError, match=r"list\.csv has two columns for the field address: E-Mail"):
        opened("E-Mail,Privat\nann@example.org,ben@example.org\n", names)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ann@example.org,A\u202enn", "RIGHT-TO-LEFT OVERRIDE"),
        ("ann@example.org,A\u200bnn", "ZERO WIDTH SPACE"),
        ("ann@example.org,A\ufeffnn", "ZERO WIDTH NO-BREAK SPACE"),
        ("ann@example.org,A\u2066nn", "LEFT-TO-RIGHT ISOLATE"),
        ("ann@example.org,A\U000e0041nn", "TAG LATIN CAPITAL LETTER A"),
        ("A\u202enn <ann@example.org>,Ann", "RIGHT-TO-LEFT OVERRIDE"),
        ("ann\u200d@example.org,Ann", "ZERO WIDTH JOINER"),
        ("ann@exa\u200dmple.org,Ann", "ZERO WIDTH JOINER"),
        ("ann@example.org,A\x00nn", "control"),
        ("ann@example.org,A\x7fnn", "control"),
        ("ann@example.org,A\x85nn", "control"),
        ("ann@example.org,A\u2028nn", "control"),
        ("ann@example.org\x00,Ann", "control"),
        ("ann@example.org,A\x0bnn", "control"),
        ('ann@example.org,"A\tnn"', "control"),
        (f"ann@example.org,{'A' * LONGEST}", "longer than 64 KB"),
        (f"ann@example.org,{'A' * LONGEST * 20}", "longer than 64 KB"),
    ],
)
def test_what_nobody_sees_is_refused_with_its_line(row: str, said: str) -> None:
    (first, bad, last) = opened(f"email,name\na@example.org,A\n{row}\nb@example.org,B\n")
    assert isinstance(first, Recipient)
    assert isinstance(last, Recipient)
    assert last.line == 4
    assert isinstance(bad, Failure)
    assert bad.where == "list.csv, line 3"
    assert said in bad.what
    assert bad.what.isprintable()
    assert len(bad.what) < 300


def test_names_that_are_spelled_with_joiners_or_hard_spaces_are_kept() -> None:
    names = ["نیلوفر\u200cسادات", "क्\u200dष", "Jean\u00a0Luc", 'Ann "Bo" Ray', "a\\b", "50 %s {}"]
    out = io.StringIO()
    csv.writer(out).writerows([("email", "name"), *((f"r{n}@example.org", v)
                                                    for n, v in enumerate(names))])  # fmt: skip
    assert [r.fields["name"] for r in opened(out.getvalue()) if isinstance(r, Recipient)] == names


def test_an_international_address_is_kept_as_it_is() -> None:
    found = opened("email,name\nüna@müller.example,Üna\nu\u0308na@xn--mller-kva.example,Üna\n")
    rows = [row for rows, _ in found.batches(9) for row in rows]
    una = "üna@xn--mller-kva.example"
    assert {row[:2] for row in rows} == {(una, una)}


def test_batches_hold_what_a_ledger_inserts() -> None:
    text = (
        "name,email,city\nAnn,Ann@Example.ORG,Bath\nx,y,z\nBen,ben@example.com,\nC,c@d.example,é\n"
    )
    batches = list(opened(text).batches(2))
    assert [rows for rows, _ in batches] == [
        [
            ("Ann@example.org", "ann@example.org",
             '{"name":"Ann","city":"Bath"}', 2),
            ("ben@example.com", "ben@example.com", '{"name":"Ben","city":""}', 4),
        ],
        [("c@d.example", "c@d.example", '{"name":"C","city":"é"}', 5)],
    ]  # fmt: skip
    assert [[f.where for f in failures] for _, failures in batches] == [["list.csv, line 3"], []]
    assert [row[2] for rows, _ in opened("a@b.example\n").batches(9) for row in rows] == [""]


CELL = st.one_of(
    st.text("ab é\u00a0\u200c#%{}\\'\"", max_size=6),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(["Ann", "Zoë", "Lane, Ann", "", " x", "x ", "=1", "@x", "a@b.example"]),
)
ADDRESSES = st.one_of(
    st.sampled_from(["ann@example.org", "Ben.Lane@Mail.Example.COM", "Info@example.org",
                     "ü@example.org", "k@x.local", "\u212a@example.org", "a@b--c.example",
                     f"{'a' * 65}@example.org", "a..b@example.org", "'a@example.org"]),
    st.from_regex(r"[a-zA-Z0-9.+_'-]{1,6}@[a-zA-Z0-9.-]{1,8}\.(org|Com|test|x1)", fullmatch=True),
    CELL,
)  # fmt: skip
ROWS = st.lists(st.tuples(CELL, ADDRESSES, CELL), max_size=12)


def written(rows: Sequence[tuple[str, str, str]], delimiter: str, quoting: int) -> list[str]:
    """A line for each row, as a program exports it."""
    lines = []
    for row in rows:
        out = io.StringIO()
        plain = [cell.replace("\r", " ").replace("\n", " ") for cell in row]
        csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="").writerow(plain)  # type: ignore[arg-type]
        lines.append(out.getvalue())
    return lines


@given(ROWS, st.sampled_from(",;\t|"), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
@example([("x", "ann@example.org", " x")], ",", csv.QUOTE_ALL)
@example([("#x", "ann@example.org", "x")], ",", csv.QUOTE_MINIMAL)
@settings(max_examples=300, deadline=None)
def test_a_line_is_read_alike_in_a_run_and_alone(
    rows: list[tuple[str, str, str]], delimiter: str, quoting: int
) -> None:
    """A row behind a space is never part of a run, and says the same."""
    lines = written(rows, delimiter, quoting)
    header = delimiter.join(("name", "email", "city"))
    quick = opened("\n".join([header, *lines, ""]))
    slow = opened("\n".join([header, *(f" {line}" for line in lines), ""]))
    assert quick.delimiter == slow.delimiter == delimiter
    seen: list[object] = [row for row in quick if isinstance(row, Recipient)]
    assert seen == [row for row in slow if isinstance(row, Recipient)]
    assert (quick.rows, quick.failed) == (slow.rows, slow.failed)
    assert quick.rows == sum(bool(line.strip()) and line.lstrip()[0] != "#" for line in lines)
    for row in seen:
        assert isinstance(row, Recipient)
        assert row.address.isprintable()
        assert not set(row.address) & set('\r\n\0<>" ,;')
        assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for v in row.fields.values() for c in v)


class Dripping(io.RawIOBase):
    """Bytes that come a few at a time, as through a pipe, and cannot be sought."""

    def __init__(self, data: bytes, sizes: Sequence[int]) -> None:
        self._data = io.BytesIO(data)
        self._sizes = sizes
        self._reads = 0

    def read(self, size: int = -1) -> bytes:
        self._reads += 1
        return self._data.read(min(size, self._sizes[self._reads % len(self._sizes)]))


@given(
    ROWS,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
    st.integers(64, 200),
)
@settings(max_examples=200, deadline=None)
def test_pieces_and_blocks_change_nothing(
    rows: list[tuple[str, str, str]], end: str, encoding: str, sizes: list[int], block: int
) -> None:
    lines = ["name,email,city", *written(rows, ",", csv.QUOTE_MINIMAL), "z,zoë@example.org,z"]
    data = end.join(lines).encode(encoding)
    whole = opened(data)
    expected = list(whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(the_lines, "BLOCK", block)
        found = open_list(cast("BinaryIO", Dripping(data, sizes)), shown="list.csv")
        assert list(found) == expected
    assert found.sha256 == whole.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.rows, found.encoding) == (whole.rows, whole.encoding)
    assert found.rows == len(expected)


def test_a_long_list_takes_little_memory() -> None:
    class Endless(io.RawIOBase):
        """A list of 2 MB that is nowhere whole; one line of it is half of that."""

        def __init__(self) -> None:
            self._left = 1200
            self._line = b"ann.lane@example.org,Ann,Bath\n" * 68

        def read(self, size: int = -1) -> bytes:
            self._left -= 1
            if self._left < 0:
                return b""
            return (b"x" * 2000 if 300 < self._left < 800 else self._line)[:size]

    for _ in opened(TABLE).batches(9):  # what the first list imports
        pass
    tracemalloc.start()
    found = open_list(cast("BinaryIO", Endless()), shown="list.csv")
    for rows, failures in found.batches(1000):
        assert len(rows) <= 1000
        assert len(failures) <= 2
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.rows > 45_000
    assert found.failed > 0
    assert peak < 5_000_000  # held whole, it takes 20 MB


def test_standard_input_is_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = Dripping(TABLE.encode(), [3])

    monkeypatch.setattr(sys, "stdin", Stdin)
    found = open_list(Path("-"))
    assert told(found) == [ANN, BEN]
    monkeypatch.setattr(Stdin, "buffer", Dripping(b"nobody\n", [3]))
    (bad,) = open_list(Path("-"))
    assert isinstance(bad, Failure)
    assert bad.where == "standard input, line 1"


def test_a_file_is_closed_in_the_end_or_by_the_block(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(TABLE, "utf-8")
    handles = len(list(Path("/proc/self/fd").iterdir()))
    assert told(open_list(path))[0] == ANN
    with open_list(path) as found:
        assert next(iter(found)) is not None
    with pytest.raises(SendError):
        open_list(path, names=(("email", "address"), ("name", "address")))
    assert len(list(Path("/proc/self/fd").iterdir())) == handles


def test_the_report_is_private_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "var" / "bad.csv"
    bad = [Failure(where=f"list.csv, line {n}", what=f"{start}HYPERLINK(1)", hint="Mend it.")
           for n, start in enumerate(("=", "+", "-", "@", "\t=", "“", "＝"))]  # fmt: skip
    old = os.umask(0)
    try:
        assert report_rows(path, bad) == len(bad)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["where", "what", "hint"]
    assert [row[0] for row in rows] == [failure.where for failure in bad]
    assert [row[1] for row in rows] == [
        f"{'' if f.what[0] == '“' else chr(39)}{f.what}" for f in bad
    ]


def _interrupted(path: Path) -> None:
    with BadRows(path) as rows:
        rows.add([Failure(where="list.csv, line 1", what="x")])
        raise KeyboardInterrupt


def test_a_report_that_breaks_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("before", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        _interrupted(path)
    assert path.read_text("utf-8") == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["bad.csv"]
    with pytest.raises(SendError, match=r"bad\.csv/x cannot be written"):
        report_rows(path / "x", [])


@given(ROWS, st.sampled_from(",;"))
@example([("Ann", "ann@example.org", "@x")], ",")
@settings(max_examples=200, deadline=None)
def test_without_a_header_too(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    lines = ["Zoë,z@example.org,Bath".replace(",", delimiter)]
    lines += written(rows, delimiter, csv.QUOTE_MINIMAL)
    quick, slow = (opened("\n".join(f"{space}{x}" for x in lines)) for space in ("", " "))
    assert [row for row in quick if isinstance(row, Recipient)] == [
        row for row in slow if isinstance(row, Recipient)
    ]
    assert (quick.rows, quick.failed) == (slow.rows, slow.failed)


def test_a_list_may_have_many_columns() -> None:
    header = ",".join(f"f{n}" for n in range(5000))
    row = ",".join(str(n) for n in range(5000))
    found = opened(f'{header},email,z\n{row},ann@example.org,x\n{row},ben@example.org,"x"\n')
    assert [len(r.fields) for r in found if isinstance(r, Recipient)] == [5001, 5001]


def test_fields_are_json_in_the_order_of_the_list() -> None:
    (rows, _), = opened('b,email,a\n"x ""y""",a@b.example,z\n').batches(1)  # fmt: skip
    assert list(json.loads(rows[0][2]).items()) == [("b", 'x "y"'), ("a", "z")]


def test_a_line_s_end_may_lie_across_two_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(the_lines, "BLOCK", 64)
    (ann,) = opened(f"#{'x' * 62}\r\nann@example.org\r\n")
    assert isinstance(ann, Recipient)
    assert ann.line == 2
