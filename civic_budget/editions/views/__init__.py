"""Pages of editions: the front page, each edition for the public, its preparation in the office."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from civic_budget.editions.views import corrections, office, public, settings
from civic_budget.editions.views.blueprint import editions
from civic_budget.kernel.actor import Role
from civic_budget.web.pages import NavItem

__all__ = ["blueprints", "corrections", "navigation", "office", "public", "settings"]

blueprints = (editions,)
navigation: tuple[NavItem, ...] = (
    NavItem(_("Editions"), "editions.browse"),
    NavItem(
        _("Prepare editions"),
        "editions.office_list",
        frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    ),
)
