"""The secrets of a round, the keyed values made from them, and the file that holds them.

Nothing here is derived from the application's pepper, and nothing here opens an envelope: the
private key exists only inside the commission's key files (`keyfiles`).
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from civic_budget.kernel.errors import DomainError
from civic_budget.kernel.keys import length_prefixed

KEY_BYTES = 32
FORMAT = "civic-budget round secrets 1"
SECRET = ("k_tag", "k_mac", "k_retry", "signing")
"""The keys that only servers hold, in the order of their marks."""
MARK_BYTES = 32


class SecretsRefused(DomainError):
    """The file of a round's server secrets cannot be used; the server must not start with it."""


@dataclass(frozen=True, repr=False)
class RoundSecrets:
    """What running servers hold during one round: it casts and recognises votes, it opens none.

    `signing` is an Ed25519 seed; its public half is published with the round.
    """

    round_id: UUID
    public_key: bytes
    k_tag: bytes
    k_mac: bytes
    k_retry: bytes
    signing: bytes

    @property
    def verify_key(self) -> bytes:
        """The 32-byte Ed25519 public key with which anyone checks the control codes' signatures."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()

    @cached_property
    def marks(self) -> bytes:
        """Thirty-two bytes per secret key: HMAC(key, "key mark" | round | its name).

        Kept with the round: they tell that a key is another one, and nothing of it.
        """
        return b"".join(
            _hmac(getattr(self, name), b"key mark", self.round_id.bytes, name.encode())
            for name in SECRET
        )

    def differing(self, marks: bytes) -> tuple[str, ...]:
        """The names of the keys that are not those with these marks."""
        if same(self.marks, marks):
            return ()
        parts = range(0, len(self.marks), MARK_BYTES)
        return tuple(
            name
            for name, at in zip(SECRET, parts, strict=True)
            if not same(self.marks[at : at + MARK_BYTES], marks[at : at + MARK_BYTES])
        )

    def tag(self, person_id: UUID, generation: int = 0) -> bytes:
        """The person's place in the round: HMAC(k_tag, round | person | generation).

        The generation rises when a vote is returned to a person whose place somebody else took.
        """
        parts = (self.round_id.bytes, person_id.bytes, generation.to_bytes(4, "big"))
        return _hmac(self.k_tag, *parts)

    def retry(self, nonce: bytes, canonical_choice: bytes) -> bytes:
        """Recognises the same choice sent twice: HMAC(k_retry, nonce | canonical choice)."""
        return _hmac(self.k_retry, nonce, canonical_choice)

    def nonce_mac(self, nonce: bytes) -> bytes:
        """Recognises a nonce used before, by anybody: HMAC(k_retry, nonce)."""
        return _hmac(self.k_retry, nonce)

    def mac(self, tag: bytes, channel: str, sealed: bytes | None) -> bytes:
        """Proves that this system took the envelope: HMAC(k_mac, round | tag | channel | sealed).

        A paper participation has no sealed choice of its own: an empty part stands for it.
        """
        parts = (self.round_id.bytes, tag, channel.encode(), sealed or b"")
        return _hmac(self.k_mac, *parts)

    def void_mac(self, tag: bytes, reason: str, first_by: UUID, second_by: UUID) -> bytes:
        """Proves that two members voided an envelope through this system."""
        parts = (self.round_id.bytes, tag, reason.encode(), first_by.bytes, second_by.bytes)
        return _hmac(self.k_mac, b"void", *parts)

    def serial_tag(self, serial: str) -> bytes:
        """The keyed hash under which a card's printed serial is registered."""
        return _hmac(self.k_tag, b"card", self.round_id.bytes, serial.encode("ascii"))

    def paper_mac(self, serial_tag: bytes, batch: UUID, sealed: bytes) -> bytes:
        """Proves that a clerk keyed this paper ballot in this batch through this system."""
        return _hmac(self.k_mac, b"paper", self.round_id.bytes, serial_tag, batch.bytes, sealed)

    def batch_mac(self, batch: UUID, told: Iterable[str | int]) -> bytes:
        """Proves that these words and numbers (four bytes each) of a batch were signed through this system."""
        parts = (one.encode() if isinstance(one, str) else one.to_bytes(4, "big") for one in told)
        return _hmac(self.k_mac, b"batch", self.round_id.bytes, batch.bytes, *parts)

    def signal_mac(self, name: str, value: str) -> bytes:
        """A daily keyed value of a network or device for the window's signals; never the value."""
        return _hmac(self.k_mac, b"signal", self.round_id.bytes, name.encode(), value.encode())


def same(one: bytes, other: bytes) -> bool:
    """Equality of two keyed values in constant time."""
    return hmac.compare_digest(one, other)


def _hmac(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, length_prefixed(*parts), "sha256")


def new_round_secrets(round_id: UUID) -> tuple[bytes, RoundSecrets]:
    """Fresh keys of a round: the private key for the commission's files, the rest for servers."""
    private = X25519PrivateKey.generate()
    server = RoundSecrets(
        round_id,
        private.public_key().public_bytes_raw(),
        *(secrets.token_bytes(KEY_BYTES) for _ in range(4)),
    )
    return private.private_bytes_raw(), server


def secrets_to_bytes(held: RoundSecrets) -> bytes:
    """The content of a server secrets file: canonical JSON, keys in hexadecimal."""
    data = {
        "format": FORMAT,
        "round": str(held.round_id),
        "public_key": held.public_key.hex(),
        "k_tag": held.k_tag.hex(),
        "k_mac": held.k_mac.hex(),
        "k_retry": held.k_retry.hex(),
        "signing": held.signing.hex(),
    }
    return (json.dumps(data, indent=1, sort_keys=True) + "\n").encode()


def secrets_from_bytes(content: bytes, *, round_id: UUID) -> RoundSecrets:
    """The secrets in a file's content; raises SecretsRefused when damaged or of another round."""
    try:
        data = json.loads(content)
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        names = ("public_key", "k_tag", "k_mac", "k_retry", "signing")
        held = RoundSecrets(UUID(data["round"]), *(bytes.fromhex(data[name]) for name in names))
        if any(len(bytes.fromhex(data[name])) != KEY_BYTES for name in names):
            raise ValueError("length")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SecretsRefused("round_secrets_damaged") from None
    if held.round_id != round_id:
        raise SecretsRefused("round_secrets_of_another_round", found=str(held.round_id))
    return held


def write_secrets(path: Path, held: RoundSecrets) -> None:
    """Write the server secrets of a round, readable by the owner alone; never over another file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets_to_bytes(held))
        file.flush()
        os.fsync(file.fileno())


def read_secrets(
    path: Path, *, round_id: UUID, public_key: bytes, marks: bytes | None
) -> RoundSecrets:
    """The secrets of a running round, checked against the public key and the marks in the database.

    Raises SecretsRefused when the file is missing, readable by others, damaged, of another round
    or of another key: a server with wrong keys must not take a single vote. The file is looked at
    each time and read anew once anything about it is another. A round that was prepared before there
    were marks has none.
    """
    try:
        found = path.stat()
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise SecretsRefused("round_secrets_readable_by_others", path=str(path))
        changed = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        held = _read(str(path), round_id, changed)
    except OSError:
        raise SecretsRefused("round_secrets_missing", path=str(path)) from None
    changed_keys = () if marks is None else held.differing(marks)
    if held.public_key != public_key or changed_keys:
        keys = ", ".join(changed_keys)
        raise SecretsRefused("round_secrets_of_another_key", path=str(path), keys=keys)
    return held


@lru_cache(maxsize=8)
def _read(path: str, round_id: UUID, _changed: tuple[int, ...]) -> RoundSecrets:
    return secrets_from_bytes(Path(path).read_bytes(), round_id=round_id)
