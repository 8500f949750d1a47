"""Pages of the assessment: the office's queue, cards and decisions; appeals for authors and office."""

from flask_babel import lazy_gettext

from civic_budget.assessment.views import (
    act_scans,
    acts,
    appeals,
    bulletin,
    cards,
    case,
    checklists,
    decisions,
    office,
    units,
)
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.kernel.actor import Role
from civic_budget.web.pages import NavItem

blueprints = (assessment,)
navigation = (
    NavItem(
        lazy_gettext("Assessment"),
        "assessment.queue",
        roles=frozenset({Role.ASSESSOR, Role.COORDINATOR}),
        waiting=office.waiting_assessments,
    ),
)

__all__ = [
    "act_scans",
    "acts",
    "appeals",
    "blueprints",
    "bulletin",
    "cards",
    "case",
    "checklists",
    "decisions",
    "navigation",
    "office",
    "units",
]
