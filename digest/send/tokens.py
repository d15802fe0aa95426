"""References and tokens: what stands for a person where their address should not.

A reference is a keyed hash of an address (HMAC, RFC 2104): the suppression list and the record of
the unsubscribe page know people by it alone. A token is a reference with a signature, short enough
for a link, from which nobody learns the address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from digest.errors import SendError
from digest.send.address import same

REFERENCE_BYTES = 16
TAG_BYTES = 14
"""Together 30 bytes: 40 characters of base64 without padding, so that each token has one spelling
only."""
_BODY_CHARS = 40


@dataclass(frozen=True, slots=True)
class Reference:
    """A person, without saying who: the key's name, and 16 bytes of a hash under that key."""

    key_id: str
    digest: bytes


class _Key:
    """A key with the part of HMAC-SHA256 (RFC 2104) that is the same for every text.

    The library's own takes 9 microseconds each time with OpenSSL 3, which looks up its algorithm.
    """

    def __init__(self, key: bytes) -> None:
        block = hashlib.sha256().block_size
        whole = (hashlib.sha256(key).digest() if len(key) > block else key).ljust(block, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in whole))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in whole))

    def mac(self, text: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return outer.digest()


class Keyring:
    """The keys of `DIGEST_SECRET`, the newest first; false where there is none.

    The newest makes references and tokens, and every one of them reads tokens. Its repr shows no
    key.
    """

    def __init__(self, secrets: Sequence[tuple[str, str]]) -> None:
        self._keys = {name: _Key(key.encode()) for name, key in secrets}
        self._newest = next(iter(self._keys), None)

    def __bool__(self) -> bool:
        return bool(self._keys)

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The names of the keys, the newest first."""
        return tuple(self._keys)

    def reference(self, address: str, key_id: str | None = None) -> Reference:
        """What stands for `address` under the key of that name, the newest where none is named.

        Two ways to write one address have one reference. Raises SendError where there is no such
        key.
        """
        name = self._newest if key_id is None else key_id
        if name is None or name not in self._keys:
            raise _missing(name)
        text = b"recipient\0" + same(address).encode()
        return Reference(name, self._keys[name].mac(text)[:REFERENCE_BYTES])

    def token(self, address: str) -> str:
        """The token of `address` under the newest key: at most 45 letters, digits, `-`, `_`, `.`.

        The same for the same address and key, and valid for as long as the key is kept.
        """
        reference = self.reference(address)
        body = base64.urlsafe_b64encode(reference.digest + self._tag(reference)).decode()
        # The key's name stands last: programs that make links of plain text leave out a - or _ at
        # the end of an address, and it has none.
        return f"{body}.{reference.key_id}"

    def read(self, token: str) -> Reference | None:
        """The reference in a token; None for one that is forged, cut, or of a key that is gone."""
        body, _, name = token.rpartition(".")
        if name not in self._keys or len(body) != _BODY_CHARS:
            return None
        try:
            raw = base64.urlsafe_b64decode(body)
        except ValueError:
            return None
        # The decoder skips what is no base64, and reads + as it reads -.
        if base64.urlsafe_b64encode(raw).decode() != body:
            return None
        reference = Reference(name, raw[:REFERENCE_BYTES])
        signed = hmac.compare_digest(raw[REFERENCE_BYTES:], self._tag(reference))
        return reference if signed else None

    def _tag(self, reference: Reference) -> bytes:
        text = b"unsubscribe\0" + reference.digest
        return self._keys[reference.key_id].mac(text)[:TAG_BYTES]


def unsubscribe_url(base: str, token: str) -> str:
    """`base` with a reader's token: in the place of `{token}`, else as `?t=` or `&t=`.

    A mailto: address without `{token}` stays as it is, since a mail program knows no such field.
    """
    if "{token}" in base:
        return base.replace("{token}", token)
    if base.lower().startswith("mailto:"):
        return base
    address, mark, fragment = base.partition("#")
    joint = "" if address[-1:] in {"?", "&"} else "&" if "?" in address else "?"
    return f"{address}{joint}t={token}{mark}{fragment}"


def _missing(name: str | None) -> SendError:
    if name is None:
        return SendError(
            "There is no key for unsubscribe links.",
            hint="Set DIGEST_SECRET=a:… in .env; `openssl rand -hex 32` prints a key to put there "
            "behind the a:.",
        )
    return SendError(
        f"DIGEST_SECRET holds no key {name!r}.",
        hint="Put the older key back behind a comma, so that what was signed with it still reads.",
    )
