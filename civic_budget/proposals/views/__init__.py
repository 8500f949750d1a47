"""Pages of proposals: the public catalogue, the author's own, translations and the draw of numbers."""

from flask_babel import lazy_gettext

from civic_budget.kernel.actor import Role
from civic_budget.proposals.views import (
    ballot,
    catalogue,
    costs,
    editor,
    exclusive,
    files,
    merge_office,
    merging,
    mine,
    paper,
    people,
    places,
    prices,
    printed,
    sections,
    side_by_side,
    supporting,
)
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.web.pages import NavItem

blueprints = (proposals,)
navigation = (
    NavItem(lazy_gettext("Proposals"), "proposals.catalogue"),
    NavItem(
        lazy_gettext("Translations"),
        "proposals.translations",
        roles=frozenset({Role.EDITOR, Role.COORDINATOR}),
        waiting=editor.waiting_translations,
    ),
    NavItem(
        lazy_gettext("Lists of supporters"),
        "proposals.office_lists",
        roles=frozenset({Role.OFFICER}),
        waiting=supporting.waiting_lists,
    ),
    NavItem(
        lazy_gettext("Ballot numbers"),
        "proposals.ballot_numbers",
        roles=frozenset({Role.COORDINATOR}),
    ),
)

__all__ = [
    "ballot",
    "blueprints",
    "catalogue",
    "costs",
    "editor",
    "exclusive",
    "files",
    "merge_office",
    "merging",
    "mine",
    "navigation",
    "paper",
    "people",
    "places",
    "prices",
    "printed",
    "sections",
    "side_by_side",
    "supporting",
]
