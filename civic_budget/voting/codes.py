"""Control codes: how a voter finds the own line on the board without naming anybody.

Sixty bits in Crockford's base 32, written K7Q2-9FMD-4TXA; derived from the secret alone, so that
whoever does not hold the secret cannot link a code to a person, nor a city code to a district's.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from civic_budget.kernel.keys import length_prefixed
from civic_budget.voting.choice import Origin

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
SERIAL_LENGTH = 16
READ_AS = str.maketrans("OIL", "011", " -\u2010\u2011\u2012\u2013\u2014\u00a0\t\r\n.")


def control_code(scope: str, nonce: bytes) -> str:
    """The code of a web ballot: 60 bits of SHA-256("code|scope|" + nonce), without dashes."""
    return _code(f"code|{scope}|".encode() + nonce)


def paper_code(scope: str, serial: str) -> str:
    """The code of a paper ballot: 60 bits of SHA-256("paper|scope|" + serial in ASCII)."""
    return _code(f"paper|{scope}|".encode() + serial.encode("ascii"))


def code_of(origin: Origin, scope: str, secret: bytes) -> str:
    """The code of an opened ballot in one scope, from whichever secret it was sealed with."""
    if origin is Origin.PAPER:
        return paper_code(scope, secret.decode("ascii"))
    return control_code(scope, secret)


def _code(message: bytes) -> str:
    bits = int.from_bytes(hashlib.sha256(message).digest()[:8], "big") >> 4
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(55, -1, -5))


def new_serial() -> str:
    """A card's serial: eighty random bits as sixteen characters of the same alphabet."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SERIAL_LENGTH))


def in_fours(code: str) -> str:
    """A code or serial as people read it: K7Q2-9FMD-4TXA."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_code(text: str, length: int = CODE_LENGTH) -> str:
    """The code that a person typed: O is 0, I and L are 1, case, spaces and dashes don't matter.

    Raises ValueError when it cannot be a code (wrong length, or a letter that no code has).
    """
    code = text.upper().translate(READ_AS)
    if len(code) != length or any(letter not in ALPHABET for letter in code):
        raise ValueError("not a control code")
    return code


def sign_code(signing: bytes, round_id: UUID, scope: str, code: str) -> str:
    """The round's word that it issued this code: an Ed25519 signature in unpadded base64url.

    Each scope is signed apart, so that showing one code does not show the other.
    """
    key = Ed25519PrivateKey.from_private_bytes(signing)
    signature = key.sign(_statement(round_id, scope, code))
    return base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def is_signed(verify_key: bytes, round_id: UUID, scope: str, code: str, signature: str) -> bool:
    """Did the round issue this code? Tells a true claim of a missing line from a false one."""
    try:
        raw = base64.b64decode(signature + "=" * (-len(signature) % 4), altchars=b"-_")
        key = Ed25519PublicKey.from_public_bytes(verify_key)
        key.verify(raw, _statement(round_id, scope, code))
    except (InvalidSignature, ValueError):
        return False
    return True


def _statement(round_id: UUID, scope: str, code: str) -> bytes:
    return length_prefixed(b"control code", round_id.bytes, scope.encode(), code.encode())
