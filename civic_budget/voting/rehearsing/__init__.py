"""A whole round with the ballots of published elections: real services, invented voters, no city."""

from civic_budget.voting.rehearsing.election import (
    Election,
    Randomness,
    RehearsalRefusedError,
    election_from,
    read_randomness,
)
from civic_budget.voting.rehearsing.running import Rehearsed, rehearse

__all__ = [
    "Election",
    "Randomness",
    "RehearsalRefusedError",
    "Rehearsed",
    "election_from",
    "read_randomness",
    "rehearse",
]
