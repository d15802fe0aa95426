"""The keys of DKIM signatures: read from PEM files, and as the DNS has their public halves.

RSA-SHA256 (RFC 6376) and Ed25519-SHA256 (RFC 8463); `digest.send.message.seal` signs with them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from digest.disk import read_regular
from digest.errors import DocumentError, SettingsError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LEAST_BITS, GOOD_BITS, MOST_BITS = 1024, 2048, 4096
"""Of RSA: below the first no server takes a signature, above the last it need not; the second is
what to have (RFC 8301, 3.2)."""

_SETTING = "DIGEST_DKIM_KEYS"
_MAKE = "openssl genrsa -out dkim.pem 2048 makes a key."
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{,61}[A-Za-z0-9])?")
_MOST_BYTES = 1 << 16
_OTHERS = 0o007  # any right for whoever is neither the owner nor in the file's group


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, with the selector and the domain where the DNS has its public half.

    `warnings` are sentences for a person. Raises SettingsError for a key that servers refuse, and
    for names that are none.
    """

    selector: str
    domain: str
    key: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for what, name in (("selector", self.selector), ("domain", self.domain)):
            if not all(map(_LABEL.fullmatch, name.split("."))) or len(name) > 253:
                raise SettingsError(
                    f"{_SETTING}: “{name[:80]}” is no {what} that a DKIM signature can name.",
                    hint="A selector is a short name such as s2026; the domain is DIGEST_SENDER's.",
                )
        if self.bits and self.bits < LEAST_BITS:
            raise SettingsError(
                f"{_SETTING}: the RSA key {self.selector} has {self.bits:,} bits; servers refuse "
                f"signatures of less than {LEAST_BITS:,}.",
                hint=_MAKE,
            )

    @property
    def bits(self) -> int:
        """The length of an RSA key; 0 for one of Ed25519."""
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

        return self.key.key_size if isinstance(self.key, RSAPrivateKey) else 0

    @property
    def algorithm(self) -> Literal["rsa-sha256", "ed25519-sha256"]:
        """As `a=` names it."""
        return "rsa-sha256" if self.bits else "ed25519-sha256"

    @property
    def record_name(self) -> str:
        """Where the DNS has the public key."""
        return f"{self.selector}._domainkey.{self.domain}"

    def signing(self) -> Callable[[bytes], bytes]:
        """What signs a SHA-256 digest of 32 bytes."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
        from cryptography.hazmat.primitives.hashes import SHA256

        if not isinstance(self.key, RSAPrivateKey):
            return self.key.sign  # of the digest, as if it were the message (RFC 8463, 3)
        sign, padding, hashed = self.key.sign, PKCS1v15(), Prehashed(SHA256())
        return lambda digest: sign(digest, padding, hashed)


def signers_of(keys: Iterable[tuple[str, str]], *, folder: Path, domain: str) -> tuple[Signer, ...]:
    """The keys of pairs of a selector and a PEM file below `folder`, as DIGEST_DKIM_KEYS has them.

    `domain` is that of the sender, in ASCII. Raises SettingsError that names the file.
    """
    return tuple(_signer(selector, folder / file, domain) for selector, file in keys)


def dns_record(signer: Signer) -> str:
    """The TXT record to publish at `signer.record_name` (RFC 6376, 3.6.1; RFC 8463, 4.2)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = signer.key.public_key()
    if signer.bits:
        kind = "rsa"
        raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind, raw = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={b64encode(raw).decode('ascii')}"


def _signer(selector: str, file: Path, domain: str) -> Signer:
    try:
        pem = read_regular(file, limit=_MOST_BYTES)
        others = bool(file.stat().st_mode & _OTHERS)
    except (DocumentError, OSError) as error:
        what = error.what if isinstance(error, DocumentError) else f"{file} cannot be read."
        raise SettingsError(f"{_SETTING}: {what}", hint=f"Name the key's file; {_MAKE}") from None
    signer = Signer(selector, domain, _key(pem, file))
    return replace(signer, warnings=tuple(_warnings(signer, file, others=others)))


def _key(pem: bytes, file: Path) -> RSAPrivateKey | Ed25519PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:  # what cryptography says where a password is needed
        raise SettingsError(
            f"{_SETTING}: the key {file} is encrypted.",
            hint=f"openssl pkey -in {file.name} -out open.pem writes it without a password; let "
            "nobody else read that file.",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        # A public key, and the record of the DNS, are the common slips.
        what = "a public key" if b"PUBLIC KEY" in pem else "no private key in PEM"
        raise SettingsError(f"{_SETTING}: {file} holds {what}.", hint=_MAKE) from None
    if isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        return key
    raise SettingsError(
        f"{_SETTING}: {file} holds a key that is neither RSA nor Ed25519.", hint=_MAKE
    )


def _warnings(signer: Signer, file: Path, *, others: bool) -> Iterable[str]:
    if others:
        yield f"Everybody on this machine can read the key {file}: chmod 600 {file}"
    if signer.bits and signer.bits < GOOD_BITS:
        yield (
            f"The RSA key {file} has {signer.bits:,} bits; {GOOD_BITS:,} are what servers ask for."
        )
    if signer.bits > MOST_BITS:
        yield (
            f"The RSA key {file} has {signer.bits:,} bits; servers need not check more than "
            f"{MOST_BITS:,}."
        )
