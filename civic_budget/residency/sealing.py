"""Sealing of plain values for one row: what is copied to another row does not open."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from civic_budget.kernel.keys import KeyRing

IDENTITY = "residency-identity"
CASE = "residency-case"
SENTENCE = "residency-sentence"
COMPLAINT = "residency-complaint"
SIGNATURE = "residency-signature"
CITIZENSHIP = "residency-citizenship"
MATCHING = "residency-matching"
PROVIDER = "residency-provider"
SENT = "residency-sent"
"""Purposes: each has a key of its own."""


def seal(ring: KeyRing, purpose: str, row: UUID, value: Any) -> bytes:
    """A JSON value sealed for a row."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return ring.seal(purpose, plain, bound_to=f"{purpose}|{row}")


def unseal(ring: KeyRing, purpose: str, row: UUID, sealed: bytes) -> Any:
    """What `seal` sealed; raises ValueError when the key, the row or the bytes differ."""
    return json.loads(ring.unseal(purpose, sealed, bound_to=f"{purpose}|{row}"))
