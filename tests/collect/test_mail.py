"""Newsletters saved as mails: one letter, or the stories that it teases; no reader in either."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect import Collected
from digest.models import Entry
from tests.collect.doubles import gather

READER = "reader.of.this@example.org"
LETTER = """<html lang="en"><body>
<div style="display:none">A hidden line that inboxes show beside the subject</div>
<table width="600"><tr><td>
<a href="https://l.example.org/view?u=42">View this email in your browser</a></td></tr>
<tr><td><img src="https://l.example.org/logo.png" alt="Logo" width="300" height="90"></td></tr>
<tr><td><h1>The pier again</h1><p>On Tuesday I walked out to the end of the pier, where the boards
are new and smell of tar, and counted the boats that were missing.</p>
<img src="https://l.example.org/pier.jpg" alt="The pier" width="600" height="300">
<p>There were eleven of them. The harbor master says that most will be back before the frost, and
that two will not come back at all.</p></td></tr>
<tr><td>You are receiving this because reader.of.this@example.org signed up.
<a href="https://l.example.org/unsubscribe?token=abc">Unsubscribe</a></td></tr></table></body></html>"""
STORIES = [
    ("Harbor board votes to rebuild the pier", "The vote was close, and the money is not there."),
    ("School kitchens switch to local fish", "Forty schools will serve what is landed here."),
    ("A storm took the roof of the cannery", "Nobody was hurt, the fire service said."),
    ("Ferry fares rise for the first time", "A single ticket will cost twenty cents more."),
]
DIGEST = (
    "<html><body><table>"
    + "".join(
        f'<tr><td><h2><a href="https://n.example.org/{n}">{title}</a></h2><p>{text}</p></td></tr>'
        for n, (title, text) in enumerate(STORIES)
    )
    + '<tr><td><a href="https://n.example.org/u?x=1">Unsubscribe from this list</a></td></tr>'
    "</table></body></html>"
)


def mail(subject: str = "The pier again", **headers: str) -> EmailMessage:
    message = EmailMessage()
    told = {"From": "Harbor Letters <letters@example.org>", "To": READER,
            "Date": "Wed, 18 Nov 2026 07:30:00 +0100", "Message-ID": "<1@example.org>"}  # fmt: skip
    for name, value in {"Subject": subject, **told, **headers}.items():
        message[name.replace("_", "-")] = value
    return message


def read(message: EmailMessage | bytes, tmp_path: Path, name: str = "a.eml") -> Collected:
    data = message if isinstance(message, bytes) else message.as_bytes()
    (tmp_path / name).write_bytes(data)
    return gather(name, folder=tmp_path)


def only(found: Collected) -> Entry:
    (entry,) = found.entries
    return entry


def test_a_letter_is_one_entry(tmp_path: Path) -> None:
    message = mail()
    message.set_content("The plain form.")
    message.add_alternative(LETTER, subtype="html")
    found = read(message, tmp_path)
    entry = only(found)
    assert found.sources[0].kind == "mail"
    assert (entry.title, entry.source) == ("The pier again", "Harbor Letters")
    assert entry.published == datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
    assert entry.url == "https://l.example.org/view?u=42"
    assert entry.text.startswith("On Tuesday I walked out")
    assert entry.text.count("\n\n") == 1
    assert entry.image is not None
    assert entry.image.url == "https://l.example.org/pier.jpg"
    assert dict(entry.provenance)["published"] == "mail Date"
    assert "hidden line" not in repr(entry)
    assert "token=abc" not in repr(entry)
    assert {"notice"} == {p.kind for p in entry.parts if "receiving" in p.text}


def test_no_reader_reaches_an_entry(tmp_path: Path) -> None:
    message = mail(Delivered_To=READER)
    message.set_content(LETTER.replace("42", READER), subtype="html")
    entry = only(read(message, tmp_path))
    shown = [entry.title, entry.text, entry.summary, entry.byline, entry.source]
    assert READER not in " ".join(shown)


def test_a_mail_of_many_stories_gives_them(tmp_path: Path) -> None:
    message = mail("This week at the harbor")
    message.set_content(DIGEST, subtype="html")
    found = read(message, tmp_path)
    assert [(e.title, e.summary) for e in found.entries] == STORIES
    assert found.entries[2].url == "https://n.example.org/2"
    assert {e.published for e in found.entries} == {datetime(2026, 11, 18, 6, 30, tzinfo=UTC)}


def test_plain_text_is_unwrapped_and_its_signature_left_out(tmp_path: Path) -> None:
    message = mail()
    message.set_content(
        "The first paragraph goes on \nover two lines of the mail.\n\nThe second is a line.\n\n"
        "To unsubscribe, write to us.\n\n-- \nHarbor Letters\n12 Quay Street\n"
    )
    message.set_param("format", "flowed")
    entry = only(read(message, tmp_path))
    assert entry.text == (
        "The first paragraph goes on over two lines of the mail.\n\nThe second is a line."
    )
    assert "Quay Street" not in repr(entry)


@pytest.mark.parametrize(
    ("charset", "coding", "text"),
    [
        ("iso-8859-1", "quoted-printable", "Die Fähre fährt heute nicht, sagt die Behörde."),
        ("windows-1252", "base64", "Le phare s’est éteint à la tombée de la nuit."),
        ("iso-2022-jp", "7bit", "港の桟橋は来春に建て替えられる予定だ。"),
        ("utf-8", "base64", "أعيد فتح الميناء صباح الاثنين بعد أسبوعين."),
    ],
)
def test_encodings(tmp_path: Path, charset: str, coding: str, text: str) -> None:
    message = mail("=?utf-8?b?w4bDuA==?=" if charset == "utf-8" else "x")
    message.set_content(f"{text}\n\n{text} 2", charset=charset, cte=coding)
    assert only(read(message, tmp_path)).text.startswith(text)


def test_an_attachment_is_not_the_letter(tmp_path: Path) -> None:
    message = mail()
    message.set_content("The letter itself, which is short.")
    message.add_attachment("<p>Not the letter.</p>", subtype="html", filename="x.html")
    assert only(read(message, tmp_path)).text == "The letter itself, which is short."


def test_where_a_letter_is_archived(tmp_path: Path) -> None:
    message = mail(Archived_At="<https://a.example.org/7>")
    message.set_content("The letter itself, which is short.")
    assert only(read(message, tmp_path)).url == "https://a.example.org/7"


def test_mails_without_a_name_that_tells_and_a_maildir(tmp_path: Path) -> None:
    message = mail(List_Id="<letters.example.org>")
    message.set_content("The letter itself, which is short.")
    assert only(read(message, tmp_path, "saved")).title == "The pier again"
    for name in ("cur", "new", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    (tmp_path / "box" / "cur" / "1700000000.M1P1.host:2,S").write_bytes(message.as_bytes())
    (tmp_path / "box" / "new" / "1700000001.M1P2.host").write_bytes(message.as_bytes())
    found = gather("box", folder=tmp_path)
    assert [e.title for e in found.entries] == ["The pier again"] * 2
    assert not found.failures


def test_a_mail_without_text_is_named(tmp_path: Path) -> None:
    found = read(b"From: a@example.org\nSubject: x\nDate: y\n\n", tmp_path)
    assert "mail without text" in found.failures[0].what


SAMPLES = [m.as_bytes() for m in (mail(), mail("x"))]
for sample, body in zip((mail(), mail("y")), (LETTER, DIGEST), strict=True):
    sample.set_content("plain")
    sample.add_alternative(body, subtype="html")
    SAMPLES.append(sample.as_bytes())
SAMPLES.append(
    b"From: a\nSubject: x\nMIME-Version: 1.0\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(60))
)
SAMPLES.append(re.sub(rb"base64|quoted-printable", b"nonsense", SAMPLES[-2]))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=8)), max_size=5),
)
def test_damaged_mails_raise_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, edits: list[tuple[float, int, bytes]]
) -> None:
    for where, size, insert in edits:
        at = int(where * len(data))
        data = data[:at] + insert + data[at + size :]
    found = read(data, tmp_path_factory.getbasetemp(), "fuzz.eml")
    assert not [f for f in found.failures if "a parser failed" in f.what]


CODED = base64.b64encode(b'{"to":"' + READER.encode() + b'","n":7}').decode().rstrip("=")
SHOWN = [
    f"You are subscribed as {READER}.",
    f"Dear {READER.upper()}, this is what the harbor was about in the week that is behind us now.",
    "Written to reader.of.this@<b>example.org</b>, who asked for it in the summer of last year.",
    "Meant for reader.of.this@&#8203;example.org, who asked for it in the summer of last year.",
    "Leave at https://l.example.org/out?m=reader.of.this%40example.org&n=2 whenever you want to.",
    f"Leave at https://l.example.org/out/{READER}/now whenever you want to do so, says the editor.",
]


def is_untold(found: Collected) -> None:
    """No recipient's address stands in what was collected, written one way or another."""
    assert found.entries
    told = unquote(unquote(repr(found.entries))).lower()
    for form in (READER, READER.replace("@", "="), "reader.of.this", CODED.lower()):
        assert form not in told, told


@pytest.mark.parametrize("line", SHOWN)
@pytest.mark.parametrize("name", ["To", "Cc", "Delivered_To", "X_Original_To"])
def test_no_line_of_an_entry_tells_a_recipient(tmp_path: Path, name: str, line: str) -> None:
    told = {"To": "someone.else@example.org", name: f"A Reader <{READER}>"}
    long = "On Tuesday I walked out to the end of the pier and counted the boats. " * 3
    message = mail(f"{READER}: the pier", **told)
    message.set_content(f"<html><body><p>{long}</p><p>{line}</p></body></html>", subtype="html")
    found = read(message, tmp_path)
    is_untold(found)
    assert only(found).title == "the pier"
    assert only(found).text.startswith("On Tuesday I walked out")
    plain = mail(**told)
    plain.set_content(f"{long}\n\n{unescape(re.sub('<.*?>', '', line))}\n")
    is_untold(read(plain, tmp_path, "b.eml"))


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("?id=3&e=reader.of.this%40example.org", "?id=3"),
        ("?e=reader.of.this%2540example.org&id=3", "?id=3"),
        (f"?e={READER}#reader.of.this@example.org", ""),
        (f"?id=3&u={CODED}", "?id=3"),
        ("?id=3&b=bounce-reader.of.this=example.org", "?id=3"),
    ],
)
def test_no_link_of_a_story_tells_a_recipient(tmp_path: Path, told: str, kept: str) -> None:
    message = mail("This week at the harbor")
    html = re.sub(r"(n\.example\.org/\d)", rf"\1{told}", DIGEST)
    message.set_content(html, subtype="html", cte="base64")
    found = read(message, tmp_path)
    is_untold(found)
    assert [e.url for e in found.entries] == [f"https://n.example.org/{n}{kept}" for n in range(4)]


def test_a_link_whose_path_tells_a_recipient_is_none(tmp_path: Path) -> None:
    message = mail("This week at the harbor")
    message.set_content(DIGEST.replace("example.org/2", f"example.org/2/{READER}"), subtype="html")
    found = read(message, tmp_path)
    is_untold(found)
    assert [e.url is None for e in found.entries] == [False, False, True, False]


def test_other_addresses_stay(tmp_path: Path) -> None:
    message = mail()
    line = f"Write to harbor@example.org or to a.{READER}, the editors, about what you have seen."
    message.set_content(f"{line}\n\n{line} Twice.\n")
    assert only(read(message, tmp_path)).text.startswith(line)


BODY = "\n\nThe letter itself, which is short.\n"


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("=?utf-8?b?SGFyYm9y?=", "Harbor"),
        ("=?utf-8?b?SGFyYm9yI?=", "Harbor"),  # a letter too many
        ("=?utf-8?b?SGFy*Ym9y?=", "Harbor"),
        ("=?utf-8?b?SGFyYm9y", "Harbor"),  # cut off
        ("=?nonsense?q?Harbor?=", "Harbor"),
        ("=?utf-8?q?Harbor news?=", "Harbor news"),
        ("=?utf-8?x?Harbor?=", "=?utf-8?x?Harbor?="),
        ("=?utf-8?b?w4bDuMM=?=\n =?utf-8?b?pQ==?=", "Æøå"),  # cut inside a letter
        ("=?iso-8859-1?q?F=E4hre?= und =?utf-8?q?F=C3=A4hre?=", "Fähre und Fähre"),
        ("Fähre", "Fähre"),
        ("港の桟橋", "港の桟橋"),
    ],
)
def test_damaged_and_bare_headers_are_read(tmp_path: Path, subject: str, title: str) -> None:
    head = f"From: {subject.replace(' news', '')} <a@example.org>\nSubject: {subject}\nTo: b@x.org"
    found = read((head + BODY).encode(), tmp_path)
    entry = only(found)
    assert entry.title == title
    assert entry.source == title.replace(" news", "")
    assert entry.text == BODY.strip()


def test_bare_headers_in_latin_1_are_read(tmp_path: Path) -> None:
    head = "From: Fährverein <a@example.org>\nSubject: Die Fähre\nTo: b@example.org"
    entry = only(read((head + BODY).encode("latin-1"), tmp_path))
    assert (entry.title, entry.source) == ("Die Fähre", "Fährverein")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (base64.b64encode(BODY.encode())[:-1] + b"A", "text/plain"),
        (base64.b64encode(BODY.strip().encode()) + b"\nA", "text/plain; charset=\xff"),
        (base64.b64encode(BODY.encode()).replace(b"\n", b"!\n"), "text/plain; charset*=x'"),
        (BODY.encode(), "text/plain; name*0*=utf-8''%"),
    ],
)
def test_a_damaged_body_is_read(tmp_path: Path, body: bytes, kind: str) -> None:
    head = (
        f"From: a@example.org\nSubject: x\nContent-Transfer-Encoding: base64\nContent-Type: {kind}"
    )
    found = read(head.encode("latin-1") + b"\n\n" + body, tmp_path)
    assert only(found).text.startswith(BODY.strip()[:-1])
