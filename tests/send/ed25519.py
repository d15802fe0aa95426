"""What dkimpy needs to verify Ed25519 (RFC 8463), by OpenSSL in the place of PyNaCl."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator
from types import SimpleNamespace

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519


class _VerifyKey:
    """As PyNaCl has it: the one thing that dkimpy takes from there."""

    def __init__(self, raw: bytes, *, encoder: object) -> None:
        self._key = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(raw))

    def verify(self, digest: bytes, signature: bytes) -> None:
        self._key.verify(signature, digest)


@contextlib.contextmanager
def verified_by_openssl() -> Iterator[None]:
    """While the block runs, dkimpy verifies Ed25519."""
    nacl = SimpleNamespace(
        signing=SimpleNamespace(VerifyKey=_VerifyKey),
        encoding=SimpleNamespace(Base64Encoder=None),
        exceptions=SimpleNamespace(BadSignatureError=InvalidSignature, ValueError=ValueError),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dkim, "nacl", nacl, raising=False)
        yield
