"""Deeds on proposals: the author's, the office's words and decisions, the draw, the implementation."""

from civic_budget.proposals.service.archive import PastProposal, add_past_proposals
from civic_budget.proposals.service.ballot import (
    draw_ballot_numbers,
    publish_ballot_list,
    set_ballot_numbers,
)
from civic_budget.proposals.service.deciding import ActName, decide_proposal
from civic_budget.proposals.service.drafting import (
    gaps_of,
    save_costs,
    save_details,
    save_texts,
    start_proposal,
)
from civic_budget.proposals.service.excluding import (
    clear_pair,
    confirm_exclusive,
    dissolve_exclusive,
)
from civic_budget.proposals.service.files import (
    add_attachment,
    add_picture,
    add_step_photo,
    attachment_store,
    change_alt,
    pdf_of_pages,
    picture_store,
    remove_attachment,
    remove_picture,
    remove_step_photo,
    sweep_files,
)
from civic_budget.proposals.service.forgetting import forget_author
from civic_budget.proposals.service.implementing import (
    add_step,
    correct_step,
    put_price,
    record_step,
)
from civic_budget.proposals.service.merging import (
    answer_merge,
    cancel_merge,
    lapse_merges,
    propose_merge,
)
from civic_budget.proposals.service.paper import enter_on_paper
from civic_budget.proposals.service.people import (
    accept_invitation,
    end_co_author,
    find_invitation,
    invite_co_author,
    show_name,
)
from civic_budget.proposals.service.placing import save_places
from civic_budget.proposals.service.pricing import change_price, drop_price
from civic_budget.proposals.service.rows import lock_proposal
from civic_budget.proposals.service.submitting import (
    Incomplete,
    appeal_rejection,
    submit_proposal,
    withdraw_proposal,
)
from civic_budget.proposals.service.supporting import (
    SupportDeed,
    add_support_list,
    authorise_list_view,
    claim_list,
    count_list,
    delete_due_lists,
    enter_paper_list,
    list_vault_names,
    support_proposal,
    supporter_ties,
    take_support_back,
)
from civic_budget.proposals.service.training import fill_training
from civic_budget.proposals.service.translating import agree_with_translation, put_translation

__all__ = [
    "ActName",
    "Incomplete",
    "PastProposal",
    "SupportDeed",
    "accept_invitation",
    "add_attachment",
    "add_past_proposals",
    "add_picture",
    "add_step",
    "add_step_photo",
    "add_support_list",
    "agree_with_translation",
    "answer_merge",
    "appeal_rejection",
    "attachment_store",
    "authorise_list_view",
    "cancel_merge",
    "change_alt",
    "change_price",
    "claim_list",
    "clear_pair",
    "confirm_exclusive",
    "correct_step",
    "count_list",
    "decide_proposal",
    "delete_due_lists",
    "dissolve_exclusive",
    "draw_ballot_numbers",
    "drop_price",
    "end_co_author",
    "enter_on_paper",
    "enter_paper_list",
    "fill_training",
    "find_invitation",
    "forget_author",
    "gaps_of",
    "invite_co_author",
    "lapse_merges",
    "list_vault_names",
    "lock_proposal",
    "pdf_of_pages",
    "picture_store",
    "propose_merge",
    "publish_ballot_list",
    "put_price",
    "put_translation",
    "record_step",
    "remove_attachment",
    "remove_picture",
    "remove_step_photo",
    "save_costs",
    "save_details",
    "save_places",
    "save_texts",
    "set_ballot_numbers",
    "show_name",
    "start_proposal",
    "submit_proposal",
    "support_proposal",
    "supporter_ties",
    "sweep_files",
    "take_support_back",
    "withdraw_proposal",
]
