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
from civic_budget.residency.service.desk import (
    close_visit,
    confirm_at_desk,
    confirm_contact_at_desk,
    note_seen_proof,
    open_visit,
    print_card,
    reset_access_at_desk,
    search_by_name,
    search_by_number,
    send_contact_code,
)
from civic_budget.residency.service.desk_applications import apply_at_desk, register_at_desk
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
from civic_budget.residency.service.registration import register_person
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
from civic_budget.residency.service.settings import change_settings, set_limits

__all__ = [
    "add_evidence",
    "answer_request",
    "appeal",
    "apply_at_desk",
    "ask_for_more",
    "change_settings",
    "choose_road",
    "claim_case",
    "clear_tombstones",
    "close_visit",
    "condemn_evidence",
    "confirm_at_desk",
    "confirm_case",
    "confirm_contact_at_desk",
    "declare_interest",
    "delete_due_evidence",
    "delete_strays",
    "destroy",
    "dismiss_appeal",
    "erase_person",
    "export_person",
    "lapse_cases",
    "note_clause",
    "note_seen_proof",
    "open_visit",
    "print_card",
    "refuse_case",
    "register_at_desk",
    "register_person",
    "release_case",
    "require_editable",
    "reset_access_at_desk",
    "revoke_confirmation",
    "say_different",
    "say_same",
    "search_by_name",
    "search_by_number",
    "send_contact_code",
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
