"""The commission's key files: any m of n members, each with a file and a passphrase, open a round.

For every set of m members the round's key material is encrypted under all their passphrases and
all the random secrets in their files. A file without its passphrase, a passphrase without its
file, and fewer than m of both open nothing. The database keeps hashes only.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from civic_budget.kernel.errors import DomainError
from civic_budget.kernel.keys import length_prefixed
from civic_budget.voting.codes import ALPHABET, in_fours
from civic_budget.voting.sealing import EnvelopeDoesNotOpen, Opener, seal

FORMAT = "civic-budget key file 1"
SCRYPT_COST = 1 << 17
LARGEST_COST = 1 << 20
MIN_PASSPHRASE = 12
PRIVATE_KEY_BYTES = 32
NO_NONCE = bytes(12)


class KeyFilesRefused(DomainError):
    """The key files and passphrases at hand do not open the round."""


class WrongPassphrase(KeyFilesRefused):
    """A passphrase is wrong; `details["member"]` says whose where that can be known, else 0."""


class DamagedKeyFile(KeyFilesRefused):
    """The file is not a key file, or its bytes changed since it was written."""


class ForeignKeyFile(KeyFilesRefused):
    """A sound key file, but of another round or another setup of this one."""


class TooFewKeyFiles(KeyFilesRefused):
    """Fewer different members than the round asks for."""


class WeakPassphrase(KeyFilesRefused):
    """A passphrase too short to protect a key."""


@dataclass(frozen=True)
class KeyFile:
    """A member's key file after reading; `wraps` maps a set of members to its sealed material."""

    round_id: UUID
    public_key: bytes
    member: int
    members: int
    threshold: int
    cost: int
    salt: bytes
    secret: bytes
    check: int
    wraps: Mapping[tuple[int, ...], bytes]


def suggest_passphrase() -> str:
    """A passphrase of a hundred random bits that can be read out: five groups of four."""
    return in_fours("".join(secrets.choice(ALPHABET) for _ in range(20)))


def fingerprint(content: bytes) -> str:
    """SHA-256 of a key file's bytes, hexadecimal: what the database and the protocol hold."""
    return hashlib.sha256(content).hexdigest()


def write_key_files(
    material: bytes,
    *,
    round_id: UUID,
    public_key: bytes,
    passphrases: Sequence[str],
    threshold: int = 2,
    cost: int = SCRYPT_COST,
) -> tuple[bytes, ...]:
    """One file per passphrase; any `threshold` of them with their passphrases give the material.

    `material` is the private key, followed at the end of a round by the content of its server
    secrets file. `cost` is scrypt's N. Raises WeakPassphrase under twelve characters.
    """
    members = len(passphrases)
    if not 1 <= threshold <= members <= 9:
        raise ValueError("a round has one to nine members and a threshold among them")
    for member, passphrase in enumerate(passphrases, 1):
        if len(_normal(passphrase)) < MIN_PASSPHRASE:
            raise WeakPassphrase("passphrase_too_short", member=member, fewest=MIN_PASSPHRASE)
    blank = [
        KeyFile(
            round_id, public_key, member, members, threshold, cost,
            secrets.token_bytes(16), secrets.token_bytes(32), 0, {},
        )
        for member in range(1, members + 1)
    ]  # fmt: skip
    keys = {f.member: _member_key(f, p) for f, p in zip(blank, passphrases, strict=True)}
    wraps = {
        subset: ChaCha20Poly1305(_wrap_key(subset, keys)).encrypt(
            NO_NONCE, material, _bound_to(round_id, public_key, subset)
        )
        for subset in combinations(range(1, members + 1), threshold)
    }
    return tuple(_to_bytes(file, _check(keys[file.member]), wraps) for file in blank)


def _to_bytes(file: KeyFile, check: int, wraps: Mapping[tuple[int, ...], bytes]) -> bytes:
    data: dict[str, Any] = {
        "format": FORMAT,
        "round": str(file.round_id),
        "public_key": file.public_key.hex(),
        "member": file.member,
        "members": file.members,
        "threshold": file.threshold,
        "scrypt": {"n": file.cost, "r": 8, "p": 1, "salt": file.salt.hex()},
        "secret": file.secret.hex(),
        "check": check,
        "wraps": {
            "+".join(map(str, subset)): wrapped.hex()
            for subset, wrapped in wraps.items()
            if file.member in subset
        },
    }
    data["sha256"] = _digest(data)
    return (json.dumps(data, indent=1, sort_keys=True) + "\n").encode()


def _digest(data: Mapping[str, Any]) -> str:
    body = {name: value for name, value in data.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def read_key_file(content: bytes) -> KeyFile:
    """The key file in these bytes; raises DamagedKeyFile for anything else."""
    try:
        data = json.loads(content)
        if data["format"] != FORMAT or data["sha256"] != _digest(data):
            raise ValueError("format or digest")
        scrypt = data["scrypt"]
        if not 1 < scrypt["n"] <= LARGEST_COST:
            raise ValueError("cost")
        return KeyFile(
            UUID(data["round"]),
            bytes.fromhex(data["public_key"]),
            data["member"],
            data["members"],
            data["threshold"],
            scrypt["n"],
            bytes.fromhex(scrypt["salt"]),
            bytes.fromhex(data["secret"]),
            data["check"],
            {_subset(name): bytes.fromhex(wrap) for name, wrap in data["wraps"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DamagedKeyFile("key_file_damaged", fingerprint=fingerprint(content)) from None


def _subset(name: str) -> tuple[int, ...]:
    return tuple(int(member) for member in name.split("+"))


def open_key_files(
    held: Sequence[tuple[bytes, str]], *, round_id: UUID, public_key: bytes
) -> bytes:
    """The material in the key files of enough members: (file, passphrase) in any order.

    Raises DamagedKeyFile, ForeignKeyFile, TooFewKeyFiles or WrongPassphrase.
    """
    files = {}
    for content, passphrase in held:
        file = read_key_file(content)
        if file.round_id != round_id:
            raise ForeignKeyFile("key_file_of_another_round", found=str(file.round_id))
        if file.public_key != public_key:
            raise ForeignKeyFile("key_file_of_another_setup", member=file.member)
        files[file.member] = (file, passphrase)
    threshold = next((file.threshold for file, _ in files.values()), 1)
    if len(files) < threshold:
        raise TooFewKeyFiles("too_few_key_files", given=len(files), needed=threshold)
    subset = tuple(sorted(files))[:threshold]
    keys = {}
    for member in subset:
        file, passphrase = files[member]
        keys[member] = _member_key(file, passphrase)
        if _check(keys[member]) != file.check:
            raise WrongPassphrase("wrong_passphrase", member=member)
    return _unwrap([files[member][0] for member in subset], subset, keys)


def split_material(material: bytes) -> tuple[bytes, bytes]:
    """The private key, and the server secrets file's content (empty before a round's end)."""
    return material[:PRIVATE_KEY_BYTES], material[PRIVATE_KEY_BYTES:]


def _unwrap(files: Sequence[KeyFile], subset: tuple[int, ...], keys: Mapping[int, bytes]) -> bytes:
    wraps = {file.wraps.get(subset) for file in files}
    if len(wraps) != 1 or None in wraps:
        raise ForeignKeyFile("key_file_of_another_setup", member=0)
    wrapped = wraps.pop() or b""
    bound_to = _bound_to(files[0].round_id, files[0].public_key, subset)
    try:
        return ChaCha20Poly1305(_wrap_key(subset, keys)).decrypt(NO_NONCE, wrapped, bound_to)
    except InvalidTag:
        raise WrongPassphrase("wrong_passphrase", member=0) from None


def _normal(passphrase: str) -> str:
    """One form for what hands type differently: composed letters, single spaces, no edges."""
    return " ".join(unicodedata.normalize("NFKC", passphrase).split())


def _member_key(file: KeyFile, passphrase: str) -> bytes:
    """A member's part: scrypt of the passphrase, mixed with the secret that only the file holds."""
    stretched = Scrypt(salt=file.salt, length=32, n=file.cost, r=8, p=1).derive(
        _normal(passphrase).encode()
    )
    return hmac.digest(file.secret, stretched, "sha256")


def _check(member_key: bytes) -> int:
    """One byte: tells whose passphrase was mistyped, tells a thief of the file too little."""
    return hmac.digest(member_key, b"check", "sha256")[0]


def _wrap_key(subset: tuple[int, ...], keys: Mapping[int, bytes]) -> bytes:
    """The key under which a set of members seals; used once, hence the fixed nonce."""
    parts = length_prefixed(*(keys[member] for member in subset))
    return HKDF(SHA256(), 32, salt=None, info=b"civic-budget key file").derive(parts)


def _bound_to(round_id: UUID, public_key: bytes, subset: tuple[int, ...]) -> bytes:
    return length_prefixed(round_id.bytes, public_key, bytes(subset))


def prove_opening(private_key: bytes, *, round_id: UUID, public_key: bytes) -> None:
    """Seal a test envelope to the round's public key and open it with the key files' private key.

    A round becomes ready only after this. Raises ForeignKeyFile when the two keys don't belong
    together.
    """
    probe, tag = secrets.token_bytes(64), secrets.token_bytes(32)
    try:
        opened = Opener(private_key).open(round_id, tag, seal(public_key, round_id, tag, probe))
    except EnvelopeDoesNotOpen:
        raise ForeignKeyFile("key_file_of_another_setup", member=0) from None
    if not hmac.compare_digest(opened, probe):
        raise ForeignKeyFile("key_file_of_another_setup", member=0)
