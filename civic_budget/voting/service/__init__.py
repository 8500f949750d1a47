"""Deeds of voting: prepare a round, cast, close, void, open."""

from civic_budget.voting.choice import InvalidChoice
from civic_budget.voting.service.casting import (
    CastReceipt,
    Right,
    Traces,
    cast_by_right,
    cast_vote,
    claim_by_right,
    claim_slip,
    entitlement,
    has_voted,
    participation_of,
    recall_vote,
)
from civic_budget.voting.service.claiming import (
    LineClaim,
    answer_claim,
    file_line_claim,
    file_vote_claim,
)
from civic_budget.voting.service.counting import (
    close_round,
    confirm_void,
    open_round,
    propose_void,
    resume_round,
    suspend_round,
)
from civic_budget.voting.service.findings import Finding, FindingKind, list_findings
from civic_budget.voting.service.following import (
    follow_calendar,
    keep_frozen_list,
    question_correction,
)
from civic_budget.voting.service.nights import publish_last_night, publish_nightly_count
from civic_budget.voting.service.noticing import provisional_voters, take_notice_batch
from civic_budget.voting.service.paper import key_card, open_batch, register_card
from civic_budget.voting.service.preparing import (
    PreparedRound,
    discard_round,
    prepare_round,
    secrets_of,
    test_round,
)

__all__ = [
    "CastReceipt",
    "Finding",
    "FindingKind",
    "InvalidChoice",
    "LineClaim",
    "PreparedRound",
    "Right",
    "Traces",
    "answer_claim",
    "cast_by_right",
    "cast_vote",
    "claim_by_right",
    "claim_slip",
    "close_round",
    "confirm_void",
    "discard_round",
    "entitlement",
    "file_line_claim",
    "file_vote_claim",
    "follow_calendar",
    "has_voted",
    "keep_frozen_list",
    "key_card",
    "list_findings",
    "open_batch",
    "open_round",
    "participation_of",
    "prepare_round",
    "propose_void",
    "provisional_voters",
    "publish_last_night",
    "publish_nightly_count",
    "question_correction",
    "recall_vote",
    "register_card",
    "resume_round",
    "secrets_of",
    "suspend_round",
    "take_notice_batch",
    "test_round",
]
