"""One human = one person, without a national number: plain Python, no Flask, no database.

Names in any spelling are folded to one alphabet, reduced to skeletons, hashed under a key for
look-up, and compared in the clear with reasons that an officer can read. Tables, weights and
measured figures are in docs/matching.md.
"""

from civic_budget.residency.matching.keys import BlindKeys, blind_keys, run_keys
from civic_budget.residency.matching.records import Address, Document, IdentityRecord
from civic_budget.residency.matching.score import (
    SUSPECT_AT,
    Comparison,
    Reason,
    ReasonCode,
    compare,
)

__all__ = [
    "SUSPECT_AT",
    "Address",
    "BlindKeys",
    "Comparison",
    "Document",
    "IdentityRecord",
    "Reason",
    "ReasonCode",
    "blind_keys",
    "compare",
    "run_keys",
]
