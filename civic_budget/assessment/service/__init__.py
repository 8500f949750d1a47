"""Deeds of the assessment: load checklists, assign, fill in cards, decide with public words, hear appeals."""

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
from civic_budget.assessment.service.deciding import (
    admit_proposal,
    reject_proposal,
    return_proposal,
)
from civic_budget.assessment.service.loading import load_criteria, load_reasons, put_department

__all__ = [
    "BadAnswers",
    "add_note",
    "admit_proposal",
    "assign",
    "close_appeal",
    "decide_appeal",
    "declare_interest",
    "fill_card",
    "load_criteria",
    "load_reasons",
    "lodge_appeal",
    "put_department",
    "record_opinion",
    "reject_proposal",
    "return_proposal",
    "save_card",
    "set_hearing",
]
