"""Looking assessments up: checklists, one proposal's cards, notes and appeal, the office's queue."""

from civic_budget.assessment.queries.facts import (
    AppealFacts,
    AssessmentFacts,
    Colleague,
    NoteFacts,
)
from civic_budget.assessment.queries.lookups import (
    department_names,
    find_appeal,
    get_answers,
    get_assessment,
    get_reason,
    has_interest,
    is_own,
    list_assessors,
    list_criteria,
    list_notes,
    list_reasons,
    ties_of,
)
from civic_budget.assessment.queries.queue import (
    QueueFilter,
    QueuePage,
    QueueRow,
    Tab,
    list_queue,
    tab_of,
)

__all__ = [
    "AppealFacts",
    "AssessmentFacts",
    "Colleague",
    "NoteFacts",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "Tab",
    "department_names",
    "find_appeal",
    "get_answers",
    "get_assessment",
    "get_reason",
    "has_interest",
    "is_own",
    "list_assessors",
    "list_criteria",
    "list_notes",
    "list_queue",
    "list_reasons",
    "tab_of",
    "ties_of",
]
