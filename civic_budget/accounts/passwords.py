"""Passwords and short codes: hashed with Argon2id and SHA-256, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MIN_LENGTH = 10
HASHER = PasswordHasher()
# No 0/O, 1/I/L: codes are read aloud and copied from paper.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def hash_password(password: str) -> str:
    """An Argon2id hash with its parameters and salt."""
    return HASHER.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; takes as long when there is no account at all."""
    try:
        return HASHER.verify(password_hash or _decoy(), password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def new_digits(count: int = 6) -> str:
    """A numeric code for a message."""
    return "".join(secrets.choice("0123456789") for _ in range(count))


def new_printed_code() -> str:
    """A one-time code for paper, in two groups of four: 7KQ2-9FMD (about 39 bits)."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_card_number() -> str:
    """A card number: K-7K2M-94QF (about 39 bits, so that nobody finds one by trying)."""
    return f"K-{new_printed_code()}"


def hash_code(code: str, *, salt: str) -> str:
    """A salted hash of a short code, whatever its spaces, hyphens and case."""
    bare = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(f"{salt}|{bare}".encode()).hexdigest()


def code_matches(code_hash: str, code: str, *, salt: str) -> bool:
    """Whether the code is the one that was hashed."""
    return hmac.compare_digest(code_hash, hash_code(code, salt=salt))


_decoys: list[str] = []


def _decoy() -> str:
    if not _decoys:
        _decoys.append(HASHER.hash(secrets.token_hex(8)))
    return _decoys[0]
