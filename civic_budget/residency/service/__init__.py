"""Deeds on persons and residence cases: residents', officers', the desk's and time's own."""

from civic_budget.residency.service.appointments import appoint, end_appointment
from civic_budget.residency.service.checking import uphold_confirmation
from civic_budget.residency.service.complaints import (
    answer_at_desk,
    answer_complaint,
    file_at_desk,
    file_complaint,
    forget_complaints,
    release_complaint,
    take_complaint,
    withdraw_complaint,
)
from civic_budget.residency.service.contests import (
    CONTESTABLE,
    contest_district,
    decide_contest,
    withdraw_contest,
)
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
    look_complaint_up,
    look_status_up,
    note_seen_proof,
    open_visit,
    print_card,
    reset_access_at_desk,
    search_by_name,
    search_by_number,
    send_contact_code,
)
from civic_budget.residency.service.desk_applications import apply_at_desk, register_at_desk
from civic_budget.residency.service.documents import (
    tell_document_lines,
)
from civic_budget.residency.service.drafts import (
    add_evidence,
    choose_road,
    condemn_evidence,
    describe_home,
    note_clause,
    require_editable,
    start_case,
    tell_address,
    tell_birth_date,
    tell_name,
    tell_sex,
)
from civic_budget.residency.service.erasing import (
    clear_tombstones,
    erase_child,
    erase_person,
    forget_unaccepted_children,
)
from civic_budget.residency.service.guardian_ends import (
    end_outgrown_ties,
    end_vain_claims,
    give_up,
    hand_over,
)
from civic_budget.residency.service.guardianship import (
    accept_guardian,
    claim_child,
    dispute_guardian,
    refuse_guardian,
    settle_dispute,
    withdraw_claim,
)
from civic_budget.residency.service.letters import (
    PrintedLetter,
    ask_letter,
    count_letter_try,
    end_letters,
    mark_posted,
    print_letters,
    reprint_letter,
    type_letter_code,
)
from civic_budget.residency.service.merging import fix_merges, open_pair, say_different, say_same
from civic_budget.residency.service.register_runs import compare_register, compare_when_due
from civic_budget.residency.service.registers import ask_register
from civic_budget.residency.service.registration import register_person
from civic_budget.residency.service.renewing import (
    is_renewal_time,
    remind_of_renewal,
    renew_residence,
)
from civic_budget.residency.service.retention import (
    delete_due_evidence,
    delete_strays,
    destroy,
    lapse_cases,
)
from civic_budget.residency.service.rights import export_person
from civic_budget.residency.service.sampling import (
    announce_draw,
    enter_seed,
)
from civic_budget.residency.service.sending import (
    answer_request,
    appeal,
    submit_case,
    withdraw_case,
)
from civic_budget.residency.service.settings import change_settings, put_option, set_limits
from civic_budget.residency.service.signatures import (
    check_signature,
    sign_statement,
)

__all__ = [
    "CONTESTABLE",
    "PrintedLetter",
    "accept_guardian",
    "add_evidence",
    "announce_draw",
    "answer_at_desk",
    "answer_complaint",
    "answer_request",
    "appeal",
    "apply_at_desk",
    "appoint",
    "ask_for_more",
    "ask_letter",
    "ask_register",
    "change_settings",
    "check_signature",
    "choose_road",
    "claim_case",
    "claim_child",
    "clear_tombstones",
    "close_visit",
    "compare_register",
    "compare_when_due",
    "condemn_evidence",
    "confirm_at_desk",
    "confirm_case",
    "confirm_contact_at_desk",
    "contest_district",
    "count_letter_try",
    "decide_contest",
    "declare_interest",
    "delete_due_evidence",
    "delete_strays",
    "describe_home",
    "destroy",
    "dismiss_appeal",
    "dispute_guardian",
    "end_appointment",
    "end_letters",
    "end_outgrown_ties",
    "end_vain_claims",
    "enter_seed",
    "erase_child",
    "erase_person",
    "export_person",
    "file_at_desk",
    "file_complaint",
    "fix_merges",
    "forget_complaints",
    "forget_unaccepted_children",
    "give_up",
    "hand_over",
    "is_renewal_time",
    "lapse_cases",
    "look_complaint_up",
    "look_status_up",
    "mark_posted",
    "note_clause",
    "note_seen_proof",
    "open_pair",
    "open_visit",
    "print_card",
    "print_letters",
    "put_option",
    "refuse_case",
    "refuse_guardian",
    "register_at_desk",
    "register_person",
    "release_case",
    "release_complaint",
    "remind_of_renewal",
    "renew_residence",
    "reprint_letter",
    "require_editable",
    "reset_access_at_desk",
    "revoke_confirmation",
    "say_different",
    "say_same",
    "search_by_name",
    "search_by_number",
    "send_contact_code",
    "set_limits",
    "settle_dispute",
    "sign_statement",
    "start_case",
    "submit_case",
    "take_complaint",
    "tell_address",
    "tell_birth_date",
    "tell_document_lines",
    "tell_name",
    "tell_sex",
    "type_letter_code",
    "uphold_confirmation",
    "withdraw_case",
    "withdraw_claim",
    "withdraw_complaint",
    "withdraw_contest",
]
