"""Deeds on persons and residence cases: residents', officers', the desk's and time's own."""

from civic_budget.residency.service.deciding import (
    ask_for_more,
    claim_case,
    confirm_case,
    declare_interest,
    dismiss_appeal,
    refuse_case,
    release_case,
    revoke_confirmation,
)
from civic_budget.residency.service.drafts import (
    add_evidence,
    choose_road,
    condemn_evidence,
    note_clause,
    require_editable,
    sign_statement,
    start_case,
    tell_address,
    tell_birth_date,
    tell_name,
    tell_sex,
)
from civic_budget.residency.service.merging import say_different, say_same
from civic_budget.residency.service.registration import register_person, set_limits
from civic_budget.residency.service.retention import (
    delete_due_evidence,
    delete_strays,
    destroy,
    lapse_cases,
)
from civic_budget.residency.service.rights import (
    clear_tombstones,
    erase_person,
    export_person,
)
from civic_budget.residency.service.sending import (
    answer_request,
    appeal,
    submit_case,
    withdraw_case,
)

__all__ = [
    "add_evidence",
    "answer_request",
    "appeal",
    "ask_for_more",
    "choose_road",
    "claim_case",
    "clear_tombstones",
    "condemn_evidence",
    "confirm_case",
    "declare_interest",
    "delete_due_evidence",
    "delete_strays",
    "destroy",
    "dismiss_appeal",
    "erase_person",
    "export_person",
    "lapse_cases",
    "note_clause",
    "refuse_case",
    "register_person",
    "release_case",
    "require_editable",
    "revoke_confirmation",
    "say_different",
    "say_same",
    "set_limits",
    "sign_statement",
    "start_case",
    "submit_case",
    "tell_address",
    "tell_birth_date",
    "tell_name",
    "tell_sex",
    "withdraw_case",
]
