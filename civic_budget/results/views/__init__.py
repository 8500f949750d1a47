"""Pages of results: for everybody after publication, for the commission before it."""

from __future__ import annotations

from flask_babel import lazy_gettext

from civic_budget.kernel.actor import Role
from civic_budget.results.views import (
    acts,
    building,
    building_office,
    draws,
    files,
    office,
    public,
    rules,
)
from civic_budget.results.views.blueprint import results
from civic_budget.web.pages import NavItem

__all__ = [
    "acts",
    "blueprints",
    "building",
    "building_office",
    "draws",
    "files",
    "navigation",
    "office",
    "public",
    "results",
    "rules",
]

blueprints = (results,)
navigation = (
    NavItem(lazy_gettext("Results"), "results.index", shown=public.has_published_results),
    NavItem(lazy_gettext("Results"), "results.office", roles=frozenset({Role.COMMISSION})),
    NavItem(
        lazy_gettext("Carrying out"),
        "results.building_index",
        roles=frozenset({Role.COORDINATOR, Role.ASSESSOR}),
    ),
)
