"""Deeds of voting: prepare a round, cast, close, void, open."""

from civic_budget.voting.service.casting import CastReceipt, cast_vote, claim_slip, participation_of
from civic_budget.voting.service.counting import (
    close_round,
    confirm_void,
    open_round,
    propose_void,
    publish_nightly_count,
)
from civic_budget.voting.service.preparing import (
    PreparedRound,
    prepare_round,
    secrets_of,
    test_round,
)

__all__ = [
    "CastReceipt",
    "PreparedRound",
    "cast_vote",
    "claim_slip",
    "close_round",
    "confirm_void",
    "open_round",
    "participation_of",
    "prepare_round",
    "propose_void",
    "publish_nightly_count",
    "secrets_of",
    "test_round",
]
