"""DKIM: every signature as dkimpy, another program, judges it; keys that are none; the record."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.check.dkim import rsa_bits
from digest.errors import SendError, SettingsError
from digest.models import Recipient
from digest.send import Prepared, Signer, dns_record, signers_of
from tests.send.ed25519 import verified_by_openssl

DOMAIN = "example.org"
KEY = "0123456789ab"
ANN = Recipient(address="ann@example.org")


@lru_cache
def signer(kind: str = "rsa") -> Signer:
    key = (
        rsa.generate_private_key(65537, 2048)
        if kind == "rsa"
        else ed25519.Ed25519PrivateKey.generate()
    )
    return Signer(f"{kind}-2026", DOMAIN, key)


BOTH = ("rsa", "ed25519")


def slot(field: str, default: str = "", context: str = "t") -> bytes:
    words = base64.b32encode(default.encode()).decode().rstrip("=").lower()
    return f"=\r\nslot.{KEY}.{context}.{field}.{words}.tols=\r\n".encode()


BODY = (
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"Dear  \t" + slot("name", "reader") + b",\r\n.dots  and\tspaces \t \r\n"
    b"Unsubscribe: " + slot("unsubscribe_url", "https://example.org/u") + b"\r\n--b--\r\n"
)


def message(*, head: bytes = b"", body: bytes = BODY, day: bytes = b"20 Nov 2020") -> bytes:
    return (
        b"From:  Harbor\t Weekly <editor@example.org> \r\nReply-To: desk@example.org\r\n"
        b"Subject: Tides\r\n\tand  =?utf-8?q?H=C3=A4fen?= \r\n =?utf-8?q?_und_Meer?=\r\n"
        b"Date: Fri, " + day + b" 09:00:00 +0100\r\n"
        b"Message-ID: <2026-w47.0123456789abcdef0123456789abcdef@example.org>\r\n"
        b"List-Id: Harbor <harbor.example.org>\r\n"
        b"List-Unsubscribe: <https://example.org/u>\r\n"
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        b"X-Digest-Slots: " + KEY.encode() + b"\r\nMIME-Version: 1.0\r\n" + head +
        b'Content-Type: multipart/alternative;\r\n boundary="b"\r\n\r\n' + body
    )  # fmt: skip


def link(address: str) -> str:
    return f"https://lists.example.org/u?t={address.partition('@')[0].encode().hex()}"


def prepared(
    raw: bytes | None = None, *, kinds: Sequence[str] = BOTH, as_test: bool = False
) -> Prepared:
    return Prepared(
        message() if raw is None else raw, as_test=as_test, unsubscribe=link,
        signers=[signer(kind) for kind in kinds], headers=[("Feedback-ID", "weekly:harbor")],
    )  # fmt: skip


def zone(name: bytes, timeout: float = 5) -> bytes | None:
    """The TXT records of example.org, as dkimpy asks for them."""
    records = {f"{s.record_name}.": dns_record(s) for s in map(signer, BOTH)}
    return records.get(name.decode(), "").encode() or None


@pytest.fixture(autouse=True, scope="module")
def _nacl() -> Iterator[None]:
    with verified_by_openssl():
        yield


def verdicts(mail: bytes) -> list[bool]:
    """Whether each signature of a mail holds."""

    def holds(at: int) -> bool:
        try:
            return bool(dkim.DKIM(mail).verify(idx=at, dnsfunc=zone))
        except dkim.ValidationError as error:
            if "body hash mismatch" in str(error):
                return False
            raise

    count = len(re.findall(rb"(?m)^DKIM-Signature:", mail.partition(b"\r\n\r\n")[0]))
    return [holds(at) for at in range(count)]


def unstuffed(wire: bytes) -> bytes:
    assert wire.endswith(b"\r\n.\r\n")
    return re.sub(rb"(?m)^\.", b"", wire.removesuffix(b".\r\n"))


@pytest.mark.parametrize("kinds", [("rsa",), ("ed25519",), BOTH, BOTH[::-1]])
def test_every_signature_holds(kinds: Sequence[str]) -> None:
    mail = prepared(kinds=kinds).for_recipient(ANN)
    assert verdicts(mail) == [True] * len(kinds)
    found = re.findall(rb"a=(\w+)-sha256", mail)
    assert [kind.decode() for kind in found] == list(kinds)


WORDS = st.text(st.characters(), max_size=200) | st.sampled_from(
    [".", "..x", " .x", "a" * 75, "a " * 200, "From me", "x  y\t z", "=3D", "é" * 100, "\r\n.\r\n"]
)


@given(
    st.text("abcdefghij0123456789+-_'/=?.", min_size=1, max_size=30), WORDS, st.booleans(),
    st.sampled_from([b"", b"\r\n", b"\r\n \r\n\r\n", b" x", b"x\t \r\n\r\n \t\r\n"]),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_recipient_and_any_field(local: str, name: str, as_test: bool, end: bytes) -> None:
    address = f"a{local}z@example.org".replace("..", ".").replace("=?", "=")
    recipient = Recipient(address=address, fields={"name": name})
    ready = prepared(message(body=BODY + end), as_test=as_test)
    mail = ready.for_recipient(recipient)
    assert verdicts(mail) == [True, True]
    assert unstuffed(ready.on_the_wire(recipient)) == mail


@pytest.mark.parametrize(
    "body", [b"", b"\r\n", b"\r\n\r\n \t\r\n", b"x", b" \r\nx \r\n", slot("name")[3:]]
)
def test_any_end_of_a_body(body: bytes) -> None:
    assert verdicts(prepared(message(body=body)).for_recipient(ANN)) == [True, True]


def test_what_servers_do_to_lines_breaks_nothing() -> None:
    mail = prepared().for_recipient(ANN)
    folded = mail.replace(b"Subject: Tides\r\n\tand  =", b"SUBJECT:\r\n Tides and\r\n =")
    trimmed = folded.replace(b"spaces \t \r\n", b"spaces\r\n") + b"\r\n\r\n"
    assert len({mail, folded, trimmed}) == 3
    assert verdicts(trimmed) == [True, True]


TAMPERED: list[tuple[bytes, bytes]] = [
    (b"To: ann@", b"To: ben@"),
    (b"Subject: Tides", b"Subject: Tidal"),
    (b"From:  Harbor", b"From: Harbour"),
    (b"Fri, 20 Nov", b"Fri, 27 Nov"),
    (b"Reply-To: desk", b"Reply-To: dusk"),
    (b"Message-ID: <2026-w47", b"Message-ID: <2026-w48"),
    (b"List-Id: Harbor", b"List-Id: Marina"),
    (b"List-Unsubscribe: <https://lists", b"List-Unsubscribe: <https://evils"),
    (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
    (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
    (b"Feedback-ID: weekly", b"Feedback-ID: yearly"),
    (b"MIME-Version: 1.0", b"MIME-Version: 1.1"),
    (b'boundary="b"', b'boundary="c"'),
    (b"\r\nMIME-Version:", b"\r\nSubject: Second\r\nMIME-Version:"),
    (b"\r\nMIME-Version:", b"\r\nFrom: mallory@example.com\r\nMIME-Version:"),
    (b"From:  Harbor", b"From: mallory@example.com\r\nFrom:  Harbor"),
    (b"\r\nreader=", b"\r\nleader="),
    (b"Dear", b"Deer"),
    (b".dots", b"..dots"),
    (b"--b--\r\n", b"--b--\r\nmore\r\n"),
]


@pytest.mark.parametrize(("was", "becomes"), TAMPERED)
def test_tampering_breaks_both(was: bytes, becomes: bytes) -> None:
    mail = prepared().for_recipient(ANN)
    assert was in mail
    assert verdicts(mail.replace(was, becomes, 1)) == [False, False]


def test_a_signature_is_folded_and_says_no_more_than_it_must() -> None:
    ready = prepared()
    mail = ready.for_recipient(ANN)
    head, _, rest = mail.partition(b"\r\nFrom:")
    assert max(map(len, head.split(b"\r\n"))) <= 78
    for header in re.split(rb"(?m)^DKIM-Signature: ", head)[1:]:
        tags = dict(
            tag.split("=", 1) for tag in re.sub(r"\s+", "", header.decode()).split(";") if tag
        )
        assert set(tags) == {"v", "a", "c", "d", "s", "t", "h", "bh", "b"}
        assert (tags["c"], tags["d"], tags["t"]) == ("relaxed/relaxed", DOMAIN, "1605859200")
        signed = tags["h"].lower().split(":")
        assert signed.count("from") == signed.count("subject") == 2
        assert {"to", "date", "message-id", "reply-to", "mime-version", "content-type", "list-id",
                "list-unsubscribe", "list-unsubscribe-post"} < set(signed)  # fmt: skip
    assert b"DKIM-Signature" not in rest
    assert ready.for_recipient(ANN) == mail == prepared().for_recipient(ANN)


def test_without_keys_nothing_is_signed() -> None:
    assert b"DKIM-Signature" not in Prepared(message()).for_recipient(ANN)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (message().replace(b"From:", b"X-From:"), "no From"),
        (message().replace(b"Date:", b"X-Date:"), "no Date"),
        (message().replace(b"Fri, 20 Nov 2020", b"soon"), "Date of the issue's message"),
    ],
)
def test_what_cannot_be_signed_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(SendError, match=said):
        prepared(raw)


def pem(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey, password: bytes = b"") -> bytes:
    how = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def kept(folder: Path, data: bytes, *, mode: int = 0o600) -> Path:
    path = folder / "dkim.pem"
    path.write_bytes(data)
    path.chmod(mode)
    return path


def read(folder: Path, domain: str = DOMAIN) -> tuple[Signer, ...]:
    return signers_of([("s2026", "dkim.pem")], folder=folder, domain=domain)


@pytest.mark.parametrize("kind", BOTH)
def test_a_key_is_read_and_its_record_says_the_public_half(tmp_path: Path, kind: str) -> None:
    key = signer(kind).key
    kept(tmp_path, pem(key))
    (found,) = read(tmp_path)
    assert (found.record_name, found.warnings) == ("s2026._domainkey.example.org", ())
    record = dict(tag.strip().split("=", 1) for tag in dns_record(found).split(";"))
    assert (record["v"], record["k"]) == ("DKIM1", kind)
    raw = base64.b64decode(record["p"], validate=True)
    if kind == "rsa":
        assert rsa_bits(raw) == 2048
    else:
        assert raw == key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert "PRIVATE" not in repr(found)
    assert "RSAPrivateKey" not in repr(found)


def test_a_key_in_the_older_form_of_pem_is_read(tmp_path: Path) -> None:
    key = signer().key
    how = PrivateFormat.TraditionalOpenSSL
    kept(tmp_path, key.private_bytes(Encoding.PEM, how, NoEncryption()))
    assert dns_record(read(tmp_path)[0]) == dns_record(signer())


def public(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def curve() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"", "holds no private key in PEM"),
        (lambda: b"v=DKIM1; k=rsa; p=MII", "holds no private key in PEM"),
        (lambda: b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "no private key"),
        (lambda: public(rsa.generate_private_key(65537, 2048)), "holds a public key"),
        (lambda: pem(rsa.generate_private_key(65537, 2048), b"secret"), "is encrypted"),
        (curve, "neither RSA nor Ed25519"),
        (lambda: b"x" * 100_000, "larger than"),
    ],
)
def test_what_is_no_key_is_told(tmp_path: Path, make: Callable[[], bytes], said: str) -> None:
    kept(tmp_path, make())
    with pytest.raises(SettingsError, match=said) as told:
        read(tmp_path)
    assert "DIGEST_DKIM_KEYS" in told.value.what
    assert "dkim.pem" in told.value.what


def test_a_key_that_servers_refuse_is_refused() -> None:
    p, q, e = 2**127 - 1, 2**521 - 1, 65537  # primes of Mersenne: 648 bits
    d = pow(e, -1, math.lcm(p - 1, q - 1))
    coefficients = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, *coefficients, rsa.RSAPublicNumbers(e, p * q))
    with pytest.raises(SettingsError, match="has 648 bits; servers refuse"):
        Signer("s2026", DOMAIN, numbers.private_key())


def test_a_file_that_is_missing_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"DIGEST_DKIM_KEYS: .*dkim\.pem cannot be read"):
        read(tmp_path)
    (tmp_path / "dkim.pem").mkdir()
    with pytest.raises(SettingsError, match=r"DIGEST_DKIM_KEYS: .*dkim\.pem is a folder"):
        read(tmp_path)


def test_short_keys_and_keys_that_anybody_can_read(tmp_path: Path) -> None:
    short = rsa.generate_private_key(65537, 1024)
    kept(tmp_path, pem(short), mode=0o644)
    readable, weak = read(tmp_path)[0].warnings
    assert "chmod 600" in readable
    assert "1,024 bits" in weak
    kept(tmp_path, pem(signer().key), mode=0o640)
    assert read(tmp_path)[0].warnings == ()


@pytest.mark.parametrize(
    ("selector", "domain"),
    [("", DOMAIN), ("s 1", DOMAIN), ("s;b=x", DOMAIN), ("s", ""), ("s", "example.org\r\nX: y"),
     ("s", "exämple.org"), ("s..t", DOMAIN), ("-s", DOMAIN), ("s", "a" * 64 + ".org")],
)  # fmt: skip
def test_a_name_that_no_record_has_is_refused(selector: str, domain: str) -> None:
    with pytest.raises(SettingsError, match="DIGEST_DKIM_KEYS"):
        Signer(selector, domain, signer("ed25519").key)


def test_names_of_any_length_verify() -> None:
    domain = ".".join(["d" * 60] * 3) + ".org"
    long = Signer("s" * 63, domain, signer("ed25519").key)
    mail = Prepared(message(), signers=[long]).for_recipient(ANN)
    assert dkim.verify(mail, dnsfunc=lambda name, timeout: dns_record(long).encode())
