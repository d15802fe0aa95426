"""SMTP without a socket: what is written, and what answers mean, however their bytes come."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.send.smtp.replies import Reply
from digest.send.smtp.wire import Event, Features, NoSmtpError, Opened, Taken, Wire

ANN, BEN = "ann@example.org", "ben@example.org"
MAIL = b"MAIL FROM:<editor@example.org>\r\n"
TO_ANN, TO_BEN = b"RCPT TO:<ann@example.org>\r\n", b"RCPT TO:<ben@example.org>\r\n"
DATA = b"DATA\r\n"
FREE = Opened(None)


def words(text: bytes | str) -> str:
    return text if isinstance(text, str) else text.decode("ascii", "replace")


def wire(*, pipelining: bool = True, smtputf8: bool = False, size: int = 0) -> Wire:
    features = Features(pipelining=pipelining, eight_bit=True, smtputf8=smtputf8, size=size)
    return Wire("editor@example.org", features, words)


def begin(talk: Wire, address: str = ANN) -> bytes:
    return talk.envelope(address, size=0, eight_bit=False)


def fed(talk: Wire, data: bytes) -> list[Event]:
    events: list[Event] = []
    talk.feed(data, events)
    return events


# --- Envelopes


@pytest.mark.parametrize(
    ("address", "size", "eight_bit", "options"),
    [
        (ANN, 0, False, ""),
        (ANN, 74_000, False, " SIZE=74000"),
        (ANN, 0, True, " BODY=8BITMIME"),
        ("änn@example.org", 74_000, True, " BODY=8BITMIME SMTPUTF8 SIZE=74000"),
    ],
)
def test_mail_says_what_the_message_needs(
    address: str, size: int, eight_bit: bool, options: str
) -> None:
    said = wire(smtputf8=True, size=10_000_000).envelope(address, size=size, eight_bit=eight_bit)
    expected = f"MAIL FROM:<editor@example.org>{options}\r\nRCPT TO:<{address}>\r\nDATA\r\n"
    assert said == expected.encode()


def test_what_a_server_does_not_know_is_not_said() -> None:
    talk = Wire("editor@example.org", Features(pipelining=True), words)
    assert talk.envelope(ANN, size=74_000, eight_bit=True) == MAIL + TO_ANN + DATA


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("2026-w47.ann", " RET=HDRS ENVID=2026-w47.ann"),
        ("a+b=c d\r\ne\u00e9", " RET=HDRS ENVID=a+2Bb+3Dc+20d+0D+0Ae+C3+A9"),
        ("", ""),
    ],
)
def test_an_envelope_id_is_written_so_that_it_stays_one_word(given: str, written: str) -> None:
    """RFC 3461, 4: and only to servers that report on deliveries."""
    for dsn, options in ((True, written), (False, "")):
        talk = Wire("editor@example.org", Features(pipelining=True, dsn=dsn), words)
        said = talk.envelope(ANN, size=0, eight_bit=False, envelope_id=given)
        assert said == b"MAIL FROM:<editor@example.org>%b\r\n" % options.encode() + TO_ANN + DATA


def test_without_pipelining_each_command_waits_for_its_answer() -> None:
    talk = wire(pipelining=False)
    said = [begin(talk)]
    for answer in (b"250 OK\r\n", b"250 OK\r\n"):
        assert fed(talk, answer) == []
        said.append(talk.more())
    assert said == [MAIL, TO_ANN, DATA]
    assert fed(talk, b"354 go on\r\n") == [FREE]
    assert talk.more() == b""
    assert not talk.waiting
    talk.body()
    assert talk.waiting
    assert fed(talk, b"250 taken\r\n") == [Taken(Reply(250, "taken", "body"))]
    assert begin(talk, BEN) == MAIL


def test_with_pipelining_the_next_envelope_is_answered_behind_the_message() -> None:
    talk = wire()
    assert begin(talk) == MAIL + TO_ANN + DATA
    assert fed(talk, b"250 OK\r\n250 OK\r\n354 go on\r\n") == [FREE]
    talk.body()
    assert begin(talk, BEN) == MAIL + TO_BEN + DATA
    answers = b"250 taken\r\n250 OK\r\n550 5.1.1 nobody\r\n503 5.5.1 no recipient\r\n"
    nobody = Reply(550, "5.1.1 nobody", "rcpt")
    assert fed(talk, answers) == [Taken(Reply(250, "taken", "body")), Opened(nobody)]
    assert talk.more() == b""
    assert begin(talk) == b"RSET\r\n" + MAIL + TO_ANN + DATA


# --- What answers mean

GOOD = (250, 250, 354)


def plain(*codes: int) -> bytes:
    return b"".join(b"%d said %d\r\n" % (code, code) for code in codes)


def refusal(code: int, at: str) -> Opened:
    return Opened(Reply(code, f"said {code}", at))  # type: ignore[arg-type] # from the tables


@pytest.mark.parametrize(
    ("codes", "event"),
    [
        (GOOD, FREE),
        ((250, 251, 354), FREE),
        ((250, 252, 354), FREE),
        ((250, 550, 503), refusal(550, "rcpt")),
        ((250, 450, 554), refusal(450, "rcpt")),
        ((553, 503, 503), refusal(553, "mail")),
        ((451, 250, 354), refusal(451, "mail")),
        ((250, 250, 451), refusal(451, "data")),
        ((250, 250, 554), refusal(554, "data")),
        ((250, 250, 250), refusal(250, "data")),  # fits nothing
        ((250, 354, 354), refusal(354, "rcpt")),
        ((421,), refusal(421, "mail")),
        ((250, 421), refusal(421, "rcpt")),
        ((250, 250, 421), refusal(421, "data")),
    ],
)
def test_a_pipelined_envelope_has_one_answer(codes: tuple[int, ...], event: Event) -> None:
    talk = wire()
    begin(talk)
    assert fed(talk, plain(*codes)) == [event]


@pytest.mark.parametrize(
    ("codes", "event"),
    [
        (GOOD, FREE),
        ((553,), refusal(553, "mail")),
        ((421,), refusal(421, "mail")),
        ((250, 550), refusal(550, "rcpt")),
        ((250, 421), refusal(421, "rcpt")),
        ((250, 250, 451), refusal(451, "data")),
        ((250, 250, 421), refusal(421, "data")),
    ],
)
def test_an_envelope_step_by_step_ends_at_the_first_refusal(
    codes: tuple[int, ...], event: Event
) -> None:
    talk = wire(pipelining=False)
    begin(talk)
    said = 1
    events: list[Event] = []
    for code in codes:
        talk.feed(plain(code), events)
        said += bool(talk.more())
    assert events == [event]
    assert said == len(codes)
    assert not talk.waiting


def test_421_is_the_last_word_on_an_envelope() -> None:
    """What a server says behind it answers nothing that matters, and is no second verdict."""
    talk = wire()
    begin(talk)
    events = fed(talk, plain(250, 421, 503))
    assert events == [refusal(421, "rcpt")]


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("code", [450, 550])
def test_after_a_refused_envelope_the_next_one_begins_anew(pipelining: bool, code: int) -> None:
    """RFC 5321, 3.3: a transaction is open after MAIL, and a second MAIL within it is an error."""
    talk = wire(pipelining=pipelining)
    begin(talk)
    if pipelining:
        assert fed(talk, plain(250, code, 503)) == [refusal(code, "rcpt")]
        assert begin(talk, BEN) == b"RSET\r\n" + MAIL + TO_BEN + DATA
        assert fed(talk, plain(250, *GOOD)) == [FREE]
    else:
        assert fed(talk, plain(250)) == []
        talk.more()
        assert fed(talk, plain(code)) == [refusal(code, "rcpt")]
        said = begin(talk, BEN)
        for answer in (250, 250, 250):
            assert fed(talk, plain(answer)) == []
            said += talk.more()
        assert said == b"RSET\r\n" + MAIL + TO_BEN + DATA
        assert fed(talk, plain(354)) == [FREE]
    talk.body()
    fed(talk, plain(250))
    assert not begin(talk).startswith(b"RSET")


def test_354_in_spite_of_a_refused_recipient_is_ended_with_an_empty_message() -> None:
    """RFC 2920, 3.1; what is said to that concerns nobody."""
    talk = wire()
    begin(talk)
    assert fed(talk, plain(250, 550, 354)) == [refusal(550, "rcpt")]
    assert talk.more() == b".\r\n"
    assert talk.waiting
    assert begin(talk, BEN) == b"RSET\r\n" + MAIL + TO_BEN + DATA
    assert fed(talk, plain(554, 250, *GOOD)) == [FREE]
    assert talk.more() == b""


@pytest.mark.parametrize("code", [250, 421, 450, 452, 530, 550, 554])
def test_a_message_has_the_answer_that_comes(code: int) -> None:
    talk = wire()
    begin(talk)
    fed(talk, plain(*GOOD))
    talk.body()
    assert fed(talk, plain(code)) == [Taken(Reply(code, f"said {code}", "body"))]
    assert not talk.waiting


def test_lines_of_one_reply_are_one_text() -> None:
    talk = wire()
    begin(talk)
    events = fed(talk, b"250-first\r\n250-\r\n250 OK\r\n550-5.1.1 no\n550 such\r\n503\r\n")
    assert events == [Opened(Reply(550, "5.1.1 no such", "rcpt"))]


# --- What is no SMTP


@pytest.mark.parametrize(
    "garbage",
    [b"\r\n", b"nonsense\r\n", b"25 OK\r\n", b"2500 OK\r\n", b"250_OK\r\n", b"199 no\r\n",
     b"600 no\r\n", b"\xb2\xb5\xb0 OK\r\n", b" 250 OK\r\n", b"\0\0\0\0\n", b"x" * 5000,
     b"250 " + b"x" * 5000 + b"\r\n", b"250-more\r\n" * 101],
)  # fmt: skip
def test_garbage_ends_the_conversation(garbage: bytes) -> None:
    talk = wire()
    begin(talk)
    with pytest.raises(NoSmtpError):
        fed(talk, garbage)


def test_a_line_without_end_is_not_kept_while_it_comes() -> None:
    talk = wire()
    begin(talk)
    for _ in range(40):
        assert fed(talk, b"x" * 100) == []
    with pytest.raises(NoSmtpError, match="no end"):
        fed(talk, b"x" * 100)


@pytest.mark.parametrize("said", [b"421 4.4.2 idle for too long\r\n", b"250 OK\r\n"])
def test_what_answers_nothing_is_told_with_its_words(said: bytes) -> None:
    with pytest.raises(NoSmtpError, match=said.decode().strip().replace(".", r"\.")):
        fed(wire(), said)


def test_a_refused_reset_ends_the_conversation() -> None:
    talk = wire()
    begin(talk)
    fed(talk, plain(250, 550, 503))
    begin(talk, BEN)
    with pytest.raises(NoSmtpError, match="RSET"):
        fed(talk, plain(500))


def test_a_message_cannot_be_asked_for_twice() -> None:
    talk = wire()
    begin(talk)
    fed(talk, plain(*GOOD))
    talk.body()
    with pytest.raises(NoSmtpError, match="354"):
        fed(talk, plain(354))


def test_what_came_before_the_garbage_is_kept() -> None:
    talk = wire()
    begin(talk)
    events: list[Event] = []
    with pytest.raises(NoSmtpError):
        talk.feed(plain(250, 550, 503) + b"nonsense\r\n", events)
    assert events == [refusal(550, "rcpt")]


# --- However the bytes come

ANSWER = st.tuples(
    st.sampled_from([250, 251, 354, 421, 450, 451, 503, 550, 554, 199, 999]),
    st.sampled_from([b"", b"5.1.1 no", b"x" * 300, b"\xff\0", b"a\rb"]),
    st.integers(1, 3),
    st.sampled_from([b"\r\n", b"\n"]),
)


def shown(answer: tuple[int, bytes, int, bytes]) -> bytes:
    code, text, lines, end = answer
    marks = [b"-"] * (lines - 1) + [b" "]
    return b"".join(b"%d%b%b%b" % (code, mark, text, end) for mark in marks)


@given(st.booleans(), st.lists(ANSWER, min_size=1, max_size=8), st.data())
@settings(max_examples=200, deadline=None)
def test_the_same_bytes_mean_the_same_however_they_are_cut(
    pipelining: bool, answers: list[tuple[int, bytes, int, bytes]], data: st.DataObject
) -> None:
    raw = b"".join(map(shown, answers))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(raw)), max_size=12)))
    pieces = [raw[a:b] for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True)]

    def heard(parts: list[bytes]) -> tuple[list[Event], bytes, str]:
        talk = wire(pipelining=pipelining)
        events: list[Event] = []
        written = begin(talk)
        try:
            for part in parts:
                talk.feed(part, events)
                written += talk.more()
        except NoSmtpError as error:
            return events, b"", str(error)  # nobody writes to such a server any more
        return events, written, ""

    assert heard(pieces) == heard([raw])
