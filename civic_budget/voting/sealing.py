"""Sealing a choice to the commission's public key and opening it again (HPKE, RFC 9180).

Base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305; `info` binds the envelope to its round and tag,
so that a copy under another tag does not open. Knows nothing of what is inside.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from civic_budget.kernel.errors import DomainError
from civic_budget.kernel.keys import length_prefixed

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
Sealing = Callable[[bytes, UUID, bytes, bytes], bytes]
"""Public key, round, tag and plaintext → the sealed choice."""
OVERHEAD = 32 + 16
"""Bytes that sealing adds: the encapsulated key before, the authentication tag behind."""


class EnvelopeDoesNotOpen(DomainError):
    """Wrong key, altered bytes, or an envelope that belongs to another round or tag."""


def sealed_size(plaintext_size: int) -> int:
    """Bytes of every sealed choice of a round with plaintexts of that size."""
    return plaintext_size + OVERHEAD


def seal(public_key: bytes, round_id: UUID, tag: bytes, plaintext: bytes) -> bytes:
    """The sealed choice: encapsulated key (32 bytes), ciphertext, authentication tag (16)."""
    return SUITE.encrypt(plaintext, _recipient(public_key), info=_info(round_id, tag))


@lru_cache(maxsize=8)
def _recipient(public_key: bytes) -> X25519PublicKey:
    """A round's public key, made ready once: every ballot of the round is sealed to it."""
    return X25519PublicKey.from_public_bytes(public_key)


class Opener:
    """The commission's private key at work; lives only as long as an opening does."""

    def __init__(self, private_key: bytes) -> None:
        self._key = X25519PrivateKey.from_private_bytes(private_key)

    @property
    def public_key(self) -> bytes:
        """The 32-byte public key to which envelopes of this round are sealed."""
        return self._key.public_key().public_bytes_raw()

    def open(self, round_id: UUID, tag: bytes, sealed: bytes) -> bytes:
        """The plaintext of an envelope under this round and tag; raises EnvelopeDoesNotOpen."""
        try:
            return SUITE.decrypt(sealed, self._key, info=_info(round_id, tag))
        except (InvalidTag, ValueError):
            raise EnvelopeDoesNotOpen("envelope_does_not_open") from None


def _info(round_id: UUID, tag: bytes) -> bytes:
    return length_prefixed(round_id.bytes, tag)


def seal_reproducibly(
    ephemeral: bytes, public_key: bytes, round_id: UUID, tag: bytes, plaintext: bytes
) -> bytes:
    """The sealed choice under a given ephemeral key (32 bytes): for rehearsals, never for votes.

    RFC 9180, 4.1 and 5.1 by hand, because the library always draws its own ephemeral key. Whoever
    knows the ephemeral key can open the envelope.
    """
    key = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = key.public_key().public_bytes_raw()
    shared = key.exchange(X25519PublicKey.from_public_bytes(public_key))
    kem = b"KEM\x00\x20"
    secret = _labeled_expand(
        kem, _labeled_extract(kem, b"", b"eae_prk", shared), b"shared_secret", enc + public_key, 32
    )
    suite = b"HPKE\x00\x20\x00\x01\x00\x03"
    context = b"\0" + _labeled_extract(suite, b"", b"psk_id_hash", b"")
    context += _labeled_extract(suite, b"", b"info_hash", _info(round_id, tag))
    schedule = _labeled_extract(suite, secret, b"secret", b"")
    aead = ChaCha20Poly1305(_labeled_expand(suite, schedule, b"key", context, 32))
    nonce = _labeled_expand(suite, schedule, b"base_nonce", context, 12)
    return enc + aead.encrypt(nonce, plaintext, b"")


def _labeled_extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")


def _labeled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    whole = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, whole + b"\x01", "sha256")[:length]
