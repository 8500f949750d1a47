"""Keyed blind indexes: equal humans give equal hashes, and the hashes say nothing without the key.

HMAC-SHA-256 over length-prefixed parts, so that ("ab", "c") and ("a", "bc") never meet. It must not
know where keys are kept, nor what a hit means: a hit is a question to an officer, never an answer.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from civic_budget.residency.matching.records import (
    Address,
    Document,
    IdentityRecord,
    PlainAddress,
    PlainDocument,
    plain_address,
    plain_document,
)
from civic_budget.residency.matching.skeleton import NameParts, name_parts

MIN_KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class BlindKeys:
    """The three indexes kept at registration, 32 bytes each; None where the record lacks a part."""

    k1: bytes | None
    k2: bytes | None
    k3: bytes | None

    def __iter__(self) -> Iterator[bytes | None]:
        """In the order K1, K2, K3."""
        return iter((self.k1, self.k2, self.k3))


class Prepared(NamedTuple):
    """A record in normal forms: everything that keys and scores look at, computed once."""

    names: NameParts
    birth_on: date
    document: PlainDocument | None
    address: PlainAddress | None


def prepare(record: IdentityRecord) -> Prepared:
    """Fold a record once, for many keys and comparisons."""
    return Prepared(
        name_parts(record.given_names, record.family_name),
        record.birth_on,
        plain_document(record.document),
        plain_address(record.address),
    )


def blind_keys(
    k_match: bytes,
    *,
    given_names: str,
    family_name: str,
    birth_on: date,
    document: Document | None = None,
    address: Address | None = None,
) -> BlindKeys:
    """The three indexes under which a human can be found again at registration.

    K1: both name skeletons in one order + birth date. K2: document's kind + country + number.
    K3: the given name's skeleton + birth date + address, which survives a new family name.
    Raises ValueError for a key shorter than 16 bytes.
    """
    record = IdentityRecord(given_names, family_name, birth_on, document, address)
    names, birth, paper, home = prepare(record)
    born = birth.isoformat()
    k1 = k2 = k3 = None
    if any(names.sorted_skeletons):
        k1 = _blind(k_match, "K1", *names.sorted_skeletons, born)
    if paper:
        k2 = _blind(k_match, "K2", *paper)
    if home and names.calling_skeleton:
        k3 = _blind(k_match, "K3", names.calling_skeleton, born, *home)
    return BlindKeys(k1, k2, k3)


def run_keys(k_match: bytes, person: Prepared) -> tuple[bytes, ...]:
    """Up to seven indexes under which a run over a file looks for pairs to score.

    Birth date with either name (two keys of one kind, so that swapped fields meet); both names with
    the year, and with day and month; the document's number; the address with the given name, and
    with the birth date. Raises ValueError for a key shorter than 16 bytes.
    """
    names, birth, paper, home = person
    born, (first, second) = birth.isoformat(), names.sorted_skeletons
    parts: list[tuple[str, ...]] = [
        ("birth+name", born, part) for part in {names.given_skeleton, names.family_skeleton} if part
    ]
    if first and second:
        parts.append(("names+year", first, second, born[:4]))
        parts.append(("names+day", first, second, born[5:]))
    if paper:
        parts.append(("number", paper.number))
    if home:
        parts.append(("birth+home", born, *home))
        if names.calling_skeleton:
            parts.append(("given+home", names.calling_skeleton, *home))
    return tuple(_blind(k_match, *p) for p in parts)


def _blind(k_match: bytes, kind: str, *values: str) -> bytes:
    if len(k_match) < MIN_KEY_BYTES:
        raise ValueError(f"a matching key has at least {MIN_KEY_BYTES} bytes")
    message = bytearray()
    for part in (kind, *values):
        encoded = part.encode()
        message += len(encoded).to_bytes(4, "big") + encoded
    return hmac.digest(k_match, message, "sha256")
