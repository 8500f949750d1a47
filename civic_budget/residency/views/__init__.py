"""Pages of residence: the resident's questions and matters, the officers' queue and cases."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_login import current_user

from civic_budget.kernel.actor import Role
from civic_budget.residency.views import (
    appointments,
    city_account,
    clauses,
    complaint_office,
    complaint_status,
    complaints,
    decisions,
    desk,
    desk_place,
    documents,
    duplicates,
    erasing,
    evidence,
    figures,
    guardians,
    handing,
    helpdesk,
    homes,
    letters,
    mine,
    office,
    pairs,
    people_office,
    questions,
    queue,
    rights,
    sampling,
    settings,
    signing,
    visits,
)
from civic_budget.residency.views.blueprint import residency
from civic_budget.web.pages import NavItem

__all__ = [
    "appointments",
    "blueprints",
    "city_account",
    "clauses",
    "complaint_office",
    "complaint_status",
    "complaints",
    "decisions",
    "desk",
    "desk_place",
    "documents",
    "duplicates",
    "erasing",
    "evidence",
    "figures",
    "guardians",
    "handing",
    "helpdesk",
    "homes",
    "letters",
    "mine",
    "navigation",
    "office",
    "pairs",
    "people_office",
    "questions",
    "queue",
    "rights",
    "sampling",
    "settings",
    "signing",
    "visits",
]


def _is_resident() -> bool:
    return bool(current_user and current_user.is_authenticated and not current_user.roles)


blueprints = (residency,)
navigation = (
    NavItem(lazy_gettext("My residence"), "residency.mine", shown=_is_resident),
    NavItem(
        lazy_gettext("Desk"),
        "residency.desk",
        roles=frozenset({Role.DESK, Role.OFFICER}),
    ),
    NavItem(
        lazy_gettext("Helpdesk"),
        "residency.helpdesk",
        roles=frozenset({Role.HELPDESK, Role.DESK}),
    ),
    NavItem(
        lazy_gettext("Letters with codes"),
        "residency.office_letters",
        roles=frozenset({Role.OFFICER}),
        waiting=letters.waiting_letters,
    ),
    NavItem(
        lazy_gettext("Complaints"),
        "residency.office_complaints",
        roles=frozenset({Role.OFFICER}),
        waiting=complaint_office.waiting_complaints,
    ),
    NavItem(lazy_gettext("Children"), "residency.children", shown=_is_resident),
    NavItem(
        lazy_gettext("Residence cases"),
        "residency.queue",
        roles=frozenset({Role.OFFICER}),
        waiting=queue.waiting_cases,
    ),
    NavItem(
        lazy_gettext("Work at the desks"),
        "residency.appointments",
        roles=frozenset({Role.ADMINISTRATOR}),
    ),
    NavItem(
        lazy_gettext("Settings of residence"),
        "residency.settings_overview",
        roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    ),
)
footer = (NavItem(lazy_gettext("Not my registration or vote"), "residency.complaints"),)
