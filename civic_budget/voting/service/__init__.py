"""Deeds of voting: prepare a round, cast, count paper, close, void, open, end; each one function."""

from civic_budget.voting.choice import InvalidChoice
from civic_budget.voting.nightly import read_sealed_list as read_list
from civic_budget.voting.rules import JointKind
from civic_budget.voting.service.annulling import (
    annul_round,
    annul_scope,
)
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
    returned_until,
)
from civic_budget.voting.service.claiming import (
    LineClaim,
    answer_claim,
    file_line_claim,
    file_vote_claim,
    take_dispute_over,
)
from civic_budget.voting.service.counting import (
    close_paper,
    close_round,
    find_blockers,
    open_round,
)
from civic_budget.voting.service.ending import (
    destroy_remains,
    finish_round,
    hold_round,
    lift_hold,
    shred_round,
)
from civic_budget.voting.service.findings import (
    Finding,
    FindingKind,
    list_findings,
    people_behind,
)
from civic_budget.voting.service.following import (
    follow_calendar,
    keep_frozen_list,
    question_correction,
)
from civic_budget.voting.service.jointly import (
    drop_proposal,
)
from civic_budget.voting.service.members import (
    PENDING,
    confirm_members,
    propose_members,
)
from civic_budget.voting.service.nights import (
    publish_last_night,
    publish_nightly_count,
)
from civic_budget.voting.service.noticing import (
    VoidTold,
    provisional_voters,
    take_notice_batch,
    take_void_notices,
)
from civic_budget.voting.service.outages import (
    extend_round,
    resume_round,
    suspend_round,
)
from civic_budget.voting.service.paper import (
    Control,
    close_point,
    join_batches,
    key_again,
    key_card,
    open_batch,
    open_point,
    print_cards,
    read_serial,
    register_card,
    resolve_card,
    spoil_card,
)
from civic_budget.voting.service.preparing import (
    PreparedRound,
    Replaced,
    VoteTimes,
    discard_round,
    find_replaced,
    prepare_round,
    secrets_of,
    test_round,
)
from civic_budget.voting.service.reconciling import (
    close_batch,
    count_invalid,
)
from civic_budget.voting.service.restoring import (
    Comparison,
    compare_with_lists,
    confirm_missing,
    propose_missing,
)
from civic_budget.voting.service.returning import (
    RETURNABLE,
    confirm_return,
    propose_return,
    returned_hashes,
    seal_returned,
    waits_for_returned,
)
from civic_budget.voting.service.sampling import (
    Draw,
    Sampled,
    count_sampled,
    draw_sample,
    find_draw,
    list_sample,
    note_sampled,
)
from civic_budget.voting.service.signals import (
    Signal,
    SignalKind,
    list_signals,
)
from civic_budget.voting.service.slips import (
    SlipOutcome,
    register_slip,
)
from civic_budget.voting.service.voiding import (
    confirm_answer,
    confirm_void,
    drop_void_proposal,
    object_to_void,
    propose_answer,
    propose_void,
    tags_ever,
)

__all__ = [
    "PENDING",
    "RETURNABLE",
    "CastReceipt",
    "Comparison",
    "Control",
    "Draw",
    "Finding",
    "FindingKind",
    "InvalidChoice",
    "JointKind",
    "LineClaim",
    "PreparedRound",
    "Replaced",
    "Right",
    "Sampled",
    "Signal",
    "SignalKind",
    "SlipOutcome",
    "Traces",
    "VoidTold",
    "VoteTimes",
    "annul_round",
    "annul_scope",
    "answer_claim",
    "cast_by_right",
    "cast_vote",
    "claim_by_right",
    "claim_slip",
    "close_batch",
    "close_paper",
    "close_point",
    "close_round",
    "compare_with_lists",
    "confirm_answer",
    "confirm_members",
    "confirm_missing",
    "confirm_return",
    "confirm_void",
    "count_invalid",
    "count_sampled",
    "destroy_remains",
    "discard_round",
    "draw_sample",
    "drop_proposal",
    "drop_void_proposal",
    "entitlement",
    "extend_round",
    "file_line_claim",
    "file_vote_claim",
    "find_blockers",
    "find_draw",
    "find_replaced",
    "finish_round",
    "follow_calendar",
    "has_voted",
    "hold_round",
    "join_batches",
    "keep_frozen_list",
    "key_again",
    "key_card",
    "lift_hold",
    "list_findings",
    "list_sample",
    "list_signals",
    "note_sampled",
    "object_to_void",
    "open_batch",
    "open_point",
    "open_round",
    "participation_of",
    "people_behind",
    "prepare_round",
    "print_cards",
    "propose_answer",
    "propose_members",
    "propose_missing",
    "propose_return",
    "propose_void",
    "provisional_voters",
    "publish_last_night",
    "publish_nightly_count",
    "question_correction",
    "read_list",
    "read_serial",
    "recall_vote",
    "register_card",
    "register_slip",
    "resolve_card",
    "resume_round",
    "returned_hashes",
    "returned_until",
    "seal_returned",
    "secrets_of",
    "shred_round",
    "spoil_card",
    "suspend_round",
    "tags_ever",
    "take_dispute_over",
    "take_notice_batch",
    "take_void_notices",
    "test_round",
    "waits_for_returned",
]
