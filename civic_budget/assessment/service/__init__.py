"""Deeds of the assessment: load checklists, assign, fill in cards, decide with public words, hear appeals."""

from civic_budget.assessment.service.act_scans import (
    add_act_scan,
    scan_store,
    sweep_act_scans,
)
from civic_budget.assessment.service.acts import ActItem, enter_act
from civic_budget.assessment.service.appeals import (
    close_appeal,
    decide_appeal,
    lodge_appeal,
    record_opinion,
    set_hearing,
)
from civic_budget.assessment.service.cards import (
    BadAnswers,
    add_note,
    assign,
    declare_interest,
    fill_card,
    save_card,
)
from civic_budget.assessment.service.checklists import copy_checklist, put_criterion
from civic_budget.assessment.service.deciding import (
    admit_proposal,
    reject_proposal,
    return_proposal,
)
from civic_budget.assessment.service.loading import load_criteria, load_reasons, put_department
from civic_budget.assessment.service.publishing import (
    decide_finding,
    discard_package,
    prepare_package,
    release_package,
)
from civic_budget.assessment.service.units import (
    answer_opinion,
    ask_opinion,
    hand_back,
    put_members,
    remind_of_deadlines,
)

__all__ = [
    "ActItem",
    "BadAnswers",
    "add_act_scan",
    "add_note",
    "admit_proposal",
    "answer_opinion",
    "ask_opinion",
    "assign",
    "close_appeal",
    "copy_checklist",
    "decide_appeal",
    "decide_finding",
    "declare_interest",
    "discard_package",
    "enter_act",
    "fill_card",
    "hand_back",
    "load_criteria",
    "load_reasons",
    "lodge_appeal",
    "prepare_package",
    "put_criterion",
    "put_department",
    "put_members",
    "record_opinion",
    "reject_proposal",
    "release_package",
    "remind_of_deadlines",
    "return_proposal",
    "save_card",
    "scan_store",
    "set_hearing",
    "sweep_act_scans",
]
