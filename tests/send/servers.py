"""Mail servers on loopback: a real one (aiosmtpd), and one that lies as its script says."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PASSWORD = "s3cret/with spaces & ümlauts"
USER = "editor@example.org"


@dataclass
class Inbox:
    """What a server took: (MAIL FROM, RCPT TO, bytes) each, and from which connections."""

    port: int = 0
    mails: list[tuple[str, str, bytes]] = field(default_factory=list)
    peers: set[object] = field(default_factory=set)
    encrypted: list[bool] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """How a real server answers.

    `rcpt` answers each recipient, `after` each message by its number, from 1.
    """

    mail: str = "250 OK"
    rcpt: Callable[[str], str] = lambda _: "250 OK"
    after: Callable[[int], str] = lambda _: "250 2.0.0 taken"


@dataclass
class _Handler:
    """aiosmtpd calls these, and has chosen their names."""

    inbox: Inbox
    answers: Answers

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.inbox.peers.add(session.peer)
        if self.answers.mail.startswith("2"):
            envelope.mail_from = address
        return self.answers.mail

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.answers.rcpt(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        for address in envelope.rcpt_tos:
            self.inbox.mails.append((envelope.mail_from, address, envelope.content))
        transport = server.transport
        self.inbox.encrypted.append(transport.get_extra_info("sslcontext") is not None)
        return self.answers.after(len(self.inbox.mails))

    def sign_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        from aiosmtpd.smtp import AuthResult

        good = data.login == USER.encode() and data.password == PASSWORD.encode()
        if good:
            self.inbox.signed_in.append(mechanism)
        return AuthResult(success=good, handled=False)


@contextlib.contextmanager
def real_server(
    answers: Answers | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    implicit: bool = False,
    mechanisms: Sequence[str] = (),
) -> Iterator[Inbox]:
    """aiosmtpd on loopback, with STARTTLS or `implicit` TLS, and these ways to sign in."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP

    handler = _Handler(Inbox(), answers or Answers())

    class Server(Controller):
        def factory(self) -> Any:
            return SMTP(
                self.handler,
                hostname="mail.example.org",
                tls_context=None if implicit else tls,
                authenticator=handler.sign_in if mechanisms else None,
                auth_require_tls=False,
                auth_exclude_mechanism={"PLAIN", "LOGIN"} - set(mechanisms),
            )

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = handler.inbox.port = probe.getsockname()[1]
    server = Server(handler, hostname="127.0.0.1", port=port, ssl_context=tls if implicit else None)
    server.start()
    try:
        yield handler.inbox
    finally:
        server.stop()


@dataclass
class Liar:
    """A server that follows a script for each connection, and then closes it.

    A script is a list of answers: the first greets, each other one answers a command, or, after
    a 354, a whole message. None resets the connection; an empty answer says nothing until the
    other side goes.
    """

    scripts: Sequence[Sequence[bytes | None]]
    port: int = 0
    heard: list[list[bytes]] = field(default_factory=list)

    def __enter__(self) -> Liar:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=30).close()
        self._thread.join(timeout=30)
        self._socket.close()
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        for script in self.scripts:
            connection, _ = self._socket.accept()
            with connection:
                if self._stop.is_set():
                    return
                self.heard.append([])
                with contextlib.suppress(OSError):
                    self._follow(connection, script)
        self._socket.close()  # whoever comes now is refused

    def _follow(self, connection: socket.socket, script: Sequence[bytes | None]) -> None:
        reader = connection.makefile("rb")
        in_body = False
        for number, answer in enumerate(script):
            if number:
                line = reader.readline()
                while in_body and line not in {b".\r\n", b""}:
                    line = reader.readline()
                self.heard[-1].append(line.strip())
            if answer is None:
                # A reset, as a crash gives: no farewell.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                break
            if not answer:
                reader.read()  # until the other side gives up
                break
            connection.sendall(answer)
            in_body = answer.startswith(b"354")
        reader.close()


EHLO = b"250-mail.example.org\r\n250 8BITMIME\r\n"
HELLO: tuple[bytes, ...] = (b"220 mail.example.org\r\n", EHLO)
TO_BODY: tuple[bytes, ...] = (b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n")
TAKEN = b"250 taken\r\n"
BYE = b"221 bye\r\n"


@dataclass(frozen=True)
class Certificates:
    """A certificate for localhost and 127.0.0.1 that only `trusting` trusts; and its files."""

    serving: ssl.SSLContext
    trusting: ssl.SSLContext
    certificate: Path
    key: Path


def make_certificates(folder: Path, *, days: int = 2, name: str = "localhost") -> Certificates:
    """Signed by itself, in `folder`; with `days` below zero it expired that long ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    usage = x509.KeyUsage(  # Python 3.13 asks for it (VERIFY_X509_STRICT)
        digital_signature=True, key_cert_sign=True, crl_sign=False, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=abs(days) + 1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert_file, key_file)
    trusting = ssl.create_default_context(cafile=str(cert_file))
    return Certificates(serving, trusting, cert_file, key_file)
