"""Deeds of voting: prepare a round, cast, close, void, open."""

from civic_budget.voting.service.casting import (
    CastReceipt,
    InvalidChoice,
    cast_vote,
    claim_slip,
    entitlement,
    has_voted,
    participation_of,
    recall_vote,
)
from civic_budget.voting.service.counting import (
    close_round,
    confirm_void,
    open_round,
    propose_void,
    publish_nightly_count,
)
from civic_budget.voting.service.noticing import take_notice_batch
from civic_budget.voting.service.preparing import (
    PreparedRound,
    prepare_round,
    secrets_of,
    test_round,
)

__all__ = [
    "CastReceipt",
    "InvalidChoice",
    "PreparedRound",
    "cast_vote",
    "claim_slip",
    "close_round",
    "confirm_void",
    "entitlement",
    "has_voted",
    "open_round",
    "participation_of",
    "prepare_round",
    "propose_void",
    "publish_nightly_count",
    "recall_vote",
    "secrets_of",
    "take_notice_batch",
    "test_round",
]
