"""List files of every shape that people have, and what is said about rows that name nobody."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import SendError, UsageError
from digest.models import Recipient
from digest.send import parse_address, parse_addresses, read_recipients
from digest.send.lists.recipients import RecipientList


def read(folder: Path, text: str | bytes, name: str = "list.csv") -> RecipientList:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_recipients(path)


def addresses(found: RecipientList) -> list[str]:
    return [recipient.address for recipient in found.recipients]


TWO = ["ann@example.org", "ben@example.com"]


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.org\nben@example.com\n",
        "ann@example.org\r\nben@example.com",
        "ann@example.org\rben@example.com\r",
        "# testers\n\n  ann@example.org  \n# one more\n\t\nben@example.com\n\n",
        "address\nann@example.org\nben@example.com\n",
        "Email\nann@example.org\nben@example.com\n",
        "E-mail,name\nann@example.org,Ann\nben@example.com,Ben\n",
        "name\te-mail address\nAnn\tann@example.org\nBen\tben@example.com\n",
        "Nombre;Correo electrónico\nAnn;ann@example.org\nBen;ben@example.com\n",
        "Straße;Adresse mail\nWeg 1;ann@example.org\nWeg 2;ben@example.com\n",
        "名前,メールアドレス\nAnn,ann@example.org\nBen,ben@example.com\n",
        "name,address,mail\nAnn,1 Quay St,ann@example.org\nBen,2 Quay St,ben@example.com\n",
        "id,contact,since\n1,ann@example.org,2026\n2,ben@example.com,2026\n",
        "id,address,contact\n1,Quay St,ann@example.org\n2,Mill Lane,ben@example.com\n",
        '"email","name"\n"ann@example.org","Lane, Ann"\n"ben@example.com","Ben ""B"" Ray"\n',
        'Ann <ann@example.org>\n"Ray, Ben" <ben@example.com>\n',
        "Lane, Ann <ann@example.org>\nRay, Ben <ben@example.com>\n",
        "ann@example.org,Ann\nben@example.com,Ben\n",
        "ann@EXAMPLE.org;\nben@Example.COM;\n",
        "\ufeffaddress\nann@example.org\nben@example.com\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_two_people_in_every_shape(tmp_path: Path, text: str, encoding: str) -> None:
    found = read(tmp_path, text.encode(encoding))
    assert addresses(found) == TWO
    assert found.failures == ()


def test_a_list_of_windows(tmp_path: Path) -> None:
    found = read(tmp_path, "Prénom;Courriel\r\nZoë;zoe@example.org\r\n".encode("cp1252"))
    assert found.recipients[0].fields == {"prénom": "Zoë"}


def test_fields_and_lines_are_kept(tmp_path: Path) -> None:
    text = "# ours\nE-Mail,First Name,first name,,Topics\nann@example.org,Ann,A.,x,tides; pier\n"
    (ann,) = read(tmp_path, text).recipients
    assert ann.fields == {"first_name": "Ann", "first_name_2": "A.", "topics": "tides; pier"}
    assert ann.line == 3


def test_a_name_before_the_address_is_a_field(tmp_path: Path) -> None:
    found = read(tmp_path, 'Ann Lane <ann@example.org>\n"Ray, Ben" <ben@example.com>\n')
    assert [r.fields for r in found.recipients] == [{"name": "Ann Lane"}, {"name": "Ray, Ben"}]


def test_a_domain_of_another_script_travels_in_ascii(tmp_path: Path) -> None:
    found = read(tmp_path, "ann@bücher.example.org\nAnn@XN--BCHER-KVA.example.org\n")
    assert addresses(found) == ["ann@xn--bcher-kva.example.org"]
    assert "line 2" in found.failures[0].where
    assert "line 1 already" in found.failures[0].what


BAD_ROWS = [
    ("not an address", "not an address"),
    ("a@b@example.org", "a@b@example.org"),
    ("ann@", "ann@"),
    ("@example.org", "@example.org"),
    ("ann@localhost", "period"),
    ("ann..lane@example.org", "periods"),
    ("ann@example..org", "periods"),
    ("a\u200bnn@example.org", "ZERO WIDTH SPACE"),
    ("a\u202enn@example.org", "RIGHT-TO-LEFT OVERRIDE"),
    ("ann\x00@example.org", "control"),
    ("ann@example.org\x07", "control"),
    ("ann\x85@example.org", "control"),
    ("=?utf-8?q?ann?=@example.org", "header cannot carry"),
    ("one@example.org, two@example.org", "one address a line"),
    ("Ann <ann@example.org> <ben@example.org>", "not an address"),
    ('"ann@example.org', "quote"),
    ("x" * 300 + "@example.org", "too long"),
]


@pytest.mark.parametrize(("bad", "said"), BAD_ROWS)
def test_a_bad_row_is_named_with_its_line_and_the_others_go_on(
    tmp_path: Path, bad: str, said: str
) -> None:
    found = read(tmp_path, f"# list\nann@example.org\n{bad}\nben@example.com\n")
    assert addresses(found) == TWO
    (failure,) = found.failures
    assert failure.where == "list.csv, line 3"
    assert said in failure.what
    assert failure.what.isprintable()
    assert len(failure.what) < 400


def test_a_quote_that_is_never_closed_takes_no_other_row_with_it(tmp_path: Path) -> None:
    rows = ["email,name", 'ann@example.org,"Ann', "ben@example.com,Ben", 'cleo@example.org,"Cleo"',
            'dan@example.org,"Dan', "eve@example.org,Eve"]  # fmt: skip
    found = read(tmp_path, "\n".join(rows))
    assert addresses(found) == ["ben@example.com", "cleo@example.org", "eve@example.org"]
    assert [f.where for f in found.failures] == ["list.csv, line 2", "list.csv, line 5"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ann@example.org,Lane,Ann", "3 cells, the header 2"),
        (",Ann", "no address"),
        ("ann@example.org,A\x1b[31mnn", "control"),
    ],
)
def test_bad_rows_of_a_table(tmp_path: Path, row: str, said: str) -> None:
    found = read(tmp_path, f"email,name\n{row}\nben@example.com,Ben\n")
    assert addresses(found) == ["ben@example.com"]
    assert said in found.failures[0].what


def test_a_short_row_is_fine_where_it_has_an_address(tmp_path: Path) -> None:
    found = read(tmp_path, "email,name,topic\nann@example.org\nben@example.com,Ben,,\n")
    assert addresses(found) == TWO


def test_duplicates_are_reported_once_each(tmp_path: Path) -> None:
    found = read(tmp_path, "Ann@Example.org\nben@example.com\nann@example.org\nANN@example.ORG\n")
    assert addresses(found) == ["Ann@example.org", "ben@example.com"]
    assert [f.where for f in found.failures] == ["list.csv, line 3", "list.csv, line 4"]
    assert all("Ann@example.org stands in line 1 already" in f.what for f in found.failures)


def test_a_lone_word_is_not_taken_for_a_header(tmp_path: Path) -> None:
    found = read(tmp_path, "ann.example.org\nben@example.com\n")
    assert addresses(found) == ["ben@example.com"]
    assert found.failures[0].where == "list.csv, line 1"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "names no recipient"),
        (b"\n \n# nobody yet\n", "names no recipient"),
        (b"address,first_name\n", "names no recipient"),
        (b"address\nnobody\nno one\n", "nobody that mail can go to. list.csv, line 2"),
        (b"a,b\n1,2\n", "no column that looks like addresses"),
        (b"a,b\nann@example.org,ben@example.org\n", "more than one column"),
        (b"PK\x03\x04rest", "a spreadsheet"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a spreadsheet"),
        (b"\xff\xfea", "encoding"),
    ],
)
def test_a_list_that_names_nobody(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(SendError) as caught:
        read(tmp_path, content)
    assert said in caught.value.what
    assert "list.csv" in caught.value.what
    assert caught.value.hint


def test_a_missing_list_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SendError, match=r"nobody\.csv is not there.*one address a line"):
        read_recipients(tmp_path / "nobody.csv")
    with pytest.raises(SendError, match="folder"):
        read_recipients(tmp_path)


@pytest.mark.parametrize("text", ["a@b@c", "ann", "", "ann@example.org\nBcc: x@example.org"])
def test_a_bad_address_on_the_command_line(text: str) -> None:
    with pytest.raises(UsageError, match="not an address that mail can go to") as caught:
        parse_address(text)
    assert str(caught.value).isprintable()


def test_an_address_on_the_command_line() -> None:
    assert parse_address("Ann Lane <ann@example.org>").fields == {"name": "Ann Lane"}
    assert parse_address(" ann@example.org ").address == "ann@example.org"


LOCAL = st.text("abcXYZ019_+-", min_size=1, max_size=12).map(lambda s: f"a{s}z")
ADDRESS = st.builds("{}@{}.example.org".format, LOCAL, st.sampled_from(["a", "b", "mail"]))
NAME = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=20).map(
    str.strip
)


@given(st.lists(st.tuples(ADDRESS, NAME), min_size=1, max_size=8), st.sampled_from(",;\t"),
       st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_what_a_spreadsheet_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    people: list[tuple[str, str]],
    delimiter: str,
    encoding: str,
) -> None:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["email", "full name"])
    writer.writerows(people)
    folder = tmp_path_factory.mktemp("lists")
    found = read(folder, out.getvalue().encode(encoding))
    first: dict[str, tuple[str, str]] = {}
    for address, name in people:
        first.setdefault(address.casefold(), (address, name))
    expected = [(a, n) for a, n in first.values()]
    assert [(r.address, r.fields["full_name"]) for r in found.recipients] == expected
    assert len(found.recipients) + len(found.failures) == len(people)


@given(st.lists(st.one_of(ADDRESS, st.text(max_size=30)), max_size=12), st.binary(max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_file_makes_a_traceback_and_no_line_is_lost(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], raw: bytes
) -> None:
    folder = tmp_path_factory.mktemp("lists")
    for content in ("\n".join(lines).encode("utf-8", "replace"), raw):
        recipients: tuple[Recipient, ...] = ()
        with contextlib.suppress(SendError):
            recipients = read(folder, content).recipients
        for recipient in recipients:
            assert recipient.address.isascii()
            assert recipient.address.isprintable()
            assert not set(recipient.address) & set('\r\n\0<>" ')
    good = [line for line in lines if line.count("@") == 1 and line.endswith(".example.org")]
    if good:
        found = read(folder, "\n".join(good))
        kept = {r.address.casefold() for r in found.recipients}
        assert {line.casefold() for line in good if line[0] == "a"} <= kept


def test_a_list_that_is_no_file_of_its_own_size_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    huge = tmp_path / "huge.csv"
    huge.touch()
    os.truncate(huge, 64 * 2**20 + 1)
    for path, why in (
        (pipe, "no regular file"),
        (Path("/dev/zero"), "no regular file"),
        (huge, "larger than 64 MB"),
        (tmp_path / ("x" * 300), "cannot be read"),
    ):
        with pytest.raises(SendError, match=why):
            read_recipients(path)


def test_addresses_of_a_command_get_one_mail_each() -> None:
    found = parse_addresses(["a@b.example", "Ann <ann@example.org>", "a@B.example", "A@b.example"])
    assert addresses(found) == ["a@b.example", "ann@example.org"]
    assert found.recipients[1].fields == {"name": "Ann"}
    assert [(f.where, f.what) for f in found.failures] == [
        ("address 3", "a@b.example is named already."),
        ("address 4", "a@b.example is named already."),
    ]
    assert parse_addresses([]) == RecipientList(recipients=(), failures=())
    with pytest.raises(UsageError, match="“nobody”"):
        parse_addresses(["a@b.example", "nobody"])
