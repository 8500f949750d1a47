"""The publicly seeded sample: which confirmed cases a second officer checks again. Plain Python.

First the list of cases is fixed and its fingerprint published with the source of the seed; then the seed
becomes known; then anybody who knows a reference can tell whether it is drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

THOUSAND = 1000
_DIGITS = 16
"""Hexadecimal digits of the digest that are read as a number: 64 bits."""


def fingerprint(references: Iterable[str]) -> str:
    """SHA-256 of the references, sorted, one a line: what `sort | sha256sum` says of the list."""
    lines = "".join(f"{reference}\n" for reference in sorted(references))
    return hashlib.sha256(lines.encode()).hexdigest()


def ticket(seed: str, reference: str) -> int:
    """A reference's lot, 0 to 999: the first 64 bits of SHA-256("seed|reference"), modulo 1000."""
    digest = hashlib.sha256(f"{seed}|{reference}".encode()).hexdigest()
    return int(digest[:_DIGITS], 16) % THOUSAND


def is_drawn(seed: str, reference: str, permille: int) -> bool:
    """Whether the draw picks a reference: its lot is below the share."""
    return ticket(seed, reference) < permille
