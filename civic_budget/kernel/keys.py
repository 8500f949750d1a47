"""Purpose-bound keys from one application pepper (HKDF-SHA256), and sealing of short secrets with them.

Nothing of voting is derived from here: a round's keys are its own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


def length_prefixed(*parts: bytes) -> bytes:
    """Parts joined without ambiguity: each is preceded by its length in four bytes."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])


class KeyRing:
    """Derives a 32-byte key for each purpose from the pepper; never shows the pepper itself."""

    def __init__(self, pepper: bytes) -> None:
        if len(pepper) < 32:
            raise ValueError("the application pepper must have at least 32 bytes")
        self._pepper = pepper
        self._derived: dict[str, bytes] = {}

    def key(self, purpose: str) -> bytes:
        """The 32-byte key of a purpose, the same for ever under the same pepper; derived once."""
        found = self._derived.get(purpose)
        if found is None:
            info = b"civic-budget/" + purpose.encode()
            found = HKDF(SHA256(), 32, salt=None, info=info).derive(self._pepper)
            self._derived[purpose] = found
        return found

    @cached_property
    def fingerprint(self) -> str:
        """Tells whether the pepper changed, without telling the pepper."""
        return hashlib.sha256(self.key("fingerprint")).hexdigest()[:16]

    def blind(self, purpose: str, value: str) -> bytes:
        """A keyed index of a value: equal values meet, nobody reads them (HMAC-SHA256)."""
        return hmac.digest(self.key(purpose), value.encode(), "sha256")

    def seal(self, purpose: str, plain: bytes, *, bound_to: str) -> bytes:
        """AES-256-GCM under the purpose's key, bound to a row: copied elsewhere it won't open."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.key(purpose)).encrypt(nonce, plain, bound_to.encode())

    def unseal(self, purpose: str, sealed: bytes, *, bound_to: str) -> bytes:
        """What `seal` sealed; raises ValueError when the key, the row or the bytes differ."""
        nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return AESGCM(self.key(purpose)).decrypt(nonce, body, bound_to.encode())
        except InvalidTag:
            raise ValueError(f"sealed {purpose} does not open for {bound_to}") from None
