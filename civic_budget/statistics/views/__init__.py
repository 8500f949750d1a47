"""Pages of the statistics: the public ones, their files, and the analysts' desk."""

from flask_babel import lazy_gettext

from civic_budget.kernel.actor import Role
from civic_budget.statistics.views import desk, files, outreach, reading, registers, sheets
from civic_budget.statistics.views.blueprint import open_data, statistics
from civic_budget.web.pages import NavItem

__all__ = [
    "blueprints",
    "desk",
    "files",
    "navigation",
    "open_data_blueprints",
    "outreach",
    "reading",
    "registers",
    "sheets",
]

blueprints = (statistics,)
open_data_blueprints = (open_data,)
navigation = (
    NavItem(lazy_gettext("Participation"), "statistics.index"),
    NavItem(lazy_gettext("Statistics"), "statistics.office", frozenset({Role.ANALYST})),
)
